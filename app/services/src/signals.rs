//! `/signals`, `/signals/new` and the signals of the API.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Capability},
    id::{CustomerId, SignalId},
    opportunity::{
        OpportunityType, composite,
        found::{BlockerNote, Guard},
    },
    signal::{
        Evidence, EvidenceSource, Firing, RuleKey, StrengthClass,
        episode::{Detection, Episode, SignalStatus, merge},
    },
    time::{At, Day},
    view::{
        PageInfo,
        finder::SignalLine,
        signals::{NewSignal, NewSignalForm, SignalRow, SignalsPage, SignalsQuery},
    },
};
use store::{
    Page, Tx,
    activities::Activity,
    signals::{Filter, ListedSignal, Signal, State},
};

use crate::{Error, Result, Services, audit, auth, org::Org};

const PER_PAGE: u32 = 50;
/// Accounts offered in the form; beyond that the account page's own button is the way.
const MOST_CHOICES: u32 = 2_000;
/// Longest statement of a logged signal.
const MOST_TEXT_CHARS: usize = 2_000;
/// Reasons of a dismissal (PRODUCT 4).
pub const DISMISS_REASONS: [(&str, &str); 5] = [
    ("not_a_fit", "Not a fit"),
    ("bad_timing", "Bad timing"),
    ("in_progress", "Already in progress"),
    ("bad_data", "Bad data"),
    ("other", "Other"),
];

/// A signal for the API.
#[derive(Debug, Clone)]
pub struct SignalItem {
    /// The account.
    pub customer: CustomerId,
    /// The episode.
    pub episode: Episode,
    /// What enters the composite.
    pub decayed_strength: f64,
}

/// The signals of one account with what stands in the way.
#[derive(Debug, Clone)]
pub struct CustomerSignals {
    /// Newest first.
    pub signals: Vec<SignalItem>,
    /// Blockers said or seen.
    pub blockers: Vec<BlockerNote>,
    /// What holds alerts back.
    pub guards: Vec<Guard>,
}

/// A signal that a person or a program logs.
#[derive(Debug, Clone, Default)]
pub struct LogInput {
    /// Account: id or external id.
    pub customer: String,
    /// A rule or a type of opportunity, or `manual`.
    pub signal_type: String,
    /// Product SKU.
    pub product: Option<String>,
    /// Class word.
    pub strength_class: Option<String>,
    /// 0–1; wins over the class.
    pub strength: Option<f64>,
    /// Where it comes from.
    pub source: String,
    /// Place in the source.
    pub source_reference: String,
    /// When it was seen; now when absent.
    pub detected_at: Option<At>,
    /// The statement.
    pub text: String,
    /// The customer's words.
    pub quote: Option<String>,
    /// Who said it.
    pub speaker: Option<String>,
    /// `manual` for the form, `api` for programs.
    pub channel: &'static str,
}

/// Strength after decay at an instant.
pub(crate) fn decayed(org: &Org, episode: &Episode, now: At) -> f64 {
    let age = (org.calendar.day_of(now) - org.calendar.day_of(episode.observed_at)).max(0);
    composite::decayed(episode.strength, age)
}

/// Takes quotes and speakers out for roles without contact details.
pub(crate) fn redact(actor: &Actor, evidence: &mut [Evidence]) {
    if actor.can(Capability::SeeContactDetails) {
        return;
    }
    for piece in evidence {
        if piece.quote.take().is_some() || piece.speaker.is_some() {
            piece.text = "Quote hidden for your role".into();
        }
        piece.speaker = None;
    }
}

/// The status word of a signal on screens.
fn status_word(status: SignalStatus) -> &'static str {
    match status {
        SignalStatus::Detected => "Detected",
        SignalStatus::Acknowledged => "Acknowledged",
        SignalStatus::Routed => "Routed",
        SignalStatus::Won => "Won",
        SignalStatus::Lost => "Lost",
        SignalStatus::Dismissed => "Dismissed",
    }
}

/// A signal as pages show it.
pub(crate) fn line(org: &Org, actor: &Actor, signal: Signal, now: At) -> SignalLine {
    let episode = signal.episode;
    let today = org.calendar.day_of(now);
    let day = |at: At| domain::format::day(org.calendar.day_of(at), today);
    let when = match episode.closed_at {
        Some(closed) => format!("{} to {}", day(episode.opened_at), day(closed)),
        None if org.calendar.day_of(episode.observed_at) == today => format!("Live since {}", day(episode.opened_at)),
        None => day(episode.observed_at),
    };
    let decayed_strength = decayed(org, &episode, now);
    let mut evidence = episode.evidence;
    redact(actor, &mut evidence);
    let hidden =
        !actor.can(Capability::SeeContactDetails) && evidence.iter().any(|e| e.text.starts_with("Quote hidden"));
    SignalLine {
        id: episode.id,
        rule: episode.rule,
        rule_version: episode.rule_version,
        title: if hidden { episode.rule.label().into() } else { episode.title },
        strength: episode.strength,
        decayed_strength,
        when,
        status: status_word(episode.status).into(),
        evidence,
    }
}

pub(crate) fn item(org: &Org, actor: &Actor, signal: Signal, now: At) -> SignalItem {
    let mut episode = signal.episode;
    redact(actor, &mut episode.evidence);
    SignalItem { customer: signal.customer, decayed_strength: decayed(org, &episode, now), episode }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The list.
///
/// # Errors
/// When the database can't be read.
pub async fn page(services: &Services, actor: &Actor, query: &SignalsQuery) -> Result<SignalsPage> {
    auth::require(actor, Capability::SeeAccounts)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let filter = Filter {
        rule: given(&query.rule).and_then(|rule| rule.parse().ok()),
        state: match query.state.as_str() {
            "closed" => State::Closed,
            "dismissed" => State::Dismissed,
            "all" => State::All,
            _ => State::Live,
        },
        class: match query.class.as_str() {
            "strong" => Some(StrengthClass::Strong),
            "moderate" => Some(StrengthClass::Moderate),
            "exploratory" => Some(StrengthClass::Exploratory),
            _ => None,
        },
        csm: given(&query.csm).map(str::to_owned),
        text: given(&query.q).map(str::to_owned),
        customer: None,
    };
    let page = query.page.parse().unwrap_or(1).max(1);
    let listed = store::signals::list(conn, &actor.scope, &filter, Page::number(page, PER_PAGE)).await?;
    let by_rule = store::signals::by_rule(conn, &actor.scope).await?;
    Ok(SignalsPage {
        rows: listed.rows.into_iter().map(|signal| row(&org, actor, signal, now)).collect(),
        page: PageInfo { page, per_page: PER_PAGE, total: listed.total },
        by_rule: by_rule.into_iter().map(|(rule, n)| (rule.key().into(), rule.label().into(), n)).collect(),
        csms: store::users::csms(conn, &actor.scope).await?,
        may_decide: actor.can(Capability::DecideSignal),
        may_log: actor.can(Capability::LogSignal),
    })
}

fn row(org: &Org, actor: &Actor, listed: ListedSignal, now: At) -> SignalRow {
    let signal = listed.signal;
    let dismissed = signal.dismissed.as_ref().map(|dismissed| {
        let reason = DISMISS_REASONS.iter().find(|(key, _)| *key == dismissed.reason);
        let reason = reason.map_or(dismissed.reason.as_str(), |(_, label)| label);
        let by = dismissed.by.as_deref().unwrap_or("someone who has left");
        let note = if dismissed.note.is_empty() { String::new() } else { format!(": {}", dismissed.note) };
        format!("{reason}{note} ({by}, {})", org.moment(dismissed.at, now))
    });
    SignalRow {
        account: listed.customer_name,
        account_ref: listed.customer_external_id,
        csm: listed.csm.map(|csm| csm.name),
        leads_to: signal.episode.leads_to.label().into(),
        standing: listed.found_status.map_or_else(String::new, |status| status.label().into()),
        dismissed,
        line: line(org, actor, signal, now),
    }
}

/// What the form needs.
///
/// # Errors
/// [`Error::Denied`] for roles that may not log.
pub async fn new_form(services: &Services, actor: &Actor) -> Result<NewSignalForm> {
    auth::require(actor, Capability::LogSignal)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let conn = services.db.read();
    let products = store::products::all(conn).await?;
    Ok(NewSignalForm {
        accounts: store::customers::choices(conn, &actor.scope, today, MOST_CHOICES).await?,
        products: products.into_iter().map(|product| (product.sku, product.name)).collect(),
        today: today.to_string(),
    })
}

/// Logs a signal from the form; answers its id and whether it joined a running episode.
///
/// # Errors
/// [`Error::Invalid`] beside each wrong field.
pub async fn log(services: &Services, actor: &Actor, input: &NewSignal) -> Result<(SignalId, bool)> {
    let org = Org::load(services, services.now()).await?;
    let seen_on: Option<Day> = match given(&input.seen_on) {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Error::field("seen_on", "Write a day like 2026-02-27."))?),
    };
    let today = org.calendar.day_of(services.now());
    let (item, merged) = log_signal(
        services,
        actor,
        LogInput {
            customer: input.customer.clone(),
            signal_type: input.leads_to.clone(),
            product: given(&input.product).map(str::to_owned),
            strength_class: given(&input.strength).map(str::to_owned),
            strength: None,
            source: input.source.clone(),
            source_reference: input.source_reference.clone(),
            detected_at: seen_on.filter(|day| *day != today).map(|day| org.calendar.start_of(day)),
            text: input.text.clone(),
            quote: given(&input.quote).map(str::to_owned),
            speaker: given(&input.speaker).map(str::to_owned),
            channel: "manual",
        },
    )
    .await
    .map_err(|error| rename(error, "signal_type", "leads_to"))?;
    Ok((item.episode.id, merged))
}

/// The form's field has another name than the API's.
fn rename(error: Error, from: &str, to: &str) -> Error {
    match error {
        Error::Invalid(mut messages) => {
            for message in messages.iter_mut().filter(|message| message.field == from) {
                message.field = to.into();
            }
            Error::Invalid(messages)
        }
        other => other,
    }
}

/// Which rule and type a word of the form or the API means: a rule's key, a type's key, or `manual`.
fn kind_of(word: &str) -> Result<(RuleKey, OpportunityType)> {
    if let Ok(rule) = word.trim().parse::<RuleKey>() {
        let leads_to = domain::signal::rules::find(rule).map_or(OpportunityType::Upsell, |rule| rule.info().leads_to);
        return Ok((rule, leads_to));
    }
    match word.parse::<OpportunityType>() {
        Ok(kind) => Ok((RuleKey::Manual, kind)),
        Err(message) => Err(Error::field("signal_type", format!("{message}; or the name of a rule, or manual."))),
    }
}

/// Logs a signal; it joins the running episode of the same (account, rule, subject) when there is one, and the account is
/// scanned again.
///
/// # Errors
/// [`Error::Invalid`] beside each wrong field; an account outside the scope is an unknown one.
pub async fn log_signal(services: &Services, actor: &Actor, input: LogInput) -> Result<(SignalItem, bool)> {
    auth::require(actor, Capability::LogSignal)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let conn = services.db.read();
    let mut messages = Vec::new();
    let mut wrong = |field: &str, message: String| {
        messages.push(domain::view::FieldMessage { field: field.into(), message });
    };

    let account = store::customers::by_ref(conn, &actor.scope, input.customer.trim(), today).await?;
    if account.is_none() {
        wrong("customer_id", format!("There is no account {:?} among those you may see.", input.customer.trim()));
    }
    let kind = kind_of(&input.signal_type);
    let product = match &input.product {
        None => None,
        Some(sku) => {
            let found = store::products::all(conn).await?.into_iter().find(|product| product.sku == *sku);
            if found.is_none() {
                wrong("product", format!("There is no product {sku:?}."));
            }
            found.map(|product| product.id)
        }
    };
    let strength = match (input.strength, input.strength_class.as_deref()) {
        (Some(strength), _) if (0.0..=1.0).contains(&strength) => strength,
        (Some(_), _) => {
            wrong("strength", "Write a strength from 0 to 1.".into());
            0.0
        }
        (None, Some("strong")) => 0.85,
        (None, None | Some("moderate")) => 0.7,
        (None, Some("exploratory")) => 0.5,
        (None, Some(_)) => {
            wrong("signal_strength", "Choose strong, moderate or exploratory.".into());
            0.0
        }
    };
    let text = input.text.trim();
    if text.is_empty() || text.chars().count() > MOST_TEXT_CHARS {
        wrong("evidence.text", format!("Write what was seen or said, in 1 to {MOST_TEXT_CHARS} characters."));
    }
    if input.quote.as_ref().is_some_and(|quote| quote.chars().count() > MOST_TEXT_CHARS) {
        wrong("evidence.quote", format!("Write at most {MOST_TEXT_CHARS} characters."));
    }
    if input.source.trim().is_empty() || input.source.chars().count() > 100 {
        wrong("source", "Say where it comes from: meeting, email, support, usage or other.".into());
    }
    if input.source_reference.chars().count() > 500 {
        wrong("source_reference", "Write at most 500 characters.".into());
    }
    let seen_at = input.detected_at.unwrap_or(now);
    if seen_at > now || seen_at < now.plus_days(-366) {
        wrong("detected_at", "Give a time within the last year, not in the future.".into());
    }
    let (account, (rule, leads_to)) = match (account, kind, messages.is_empty()) {
        (Some(account), Ok(kind), true) => (account, kind),
        (_, Err(Error::Invalid(more)), _) => {
            messages.extend(more);
            return Err(Error::Invalid(messages));
        }
        _ => return Err(Error::Invalid(messages)),
    };

    let source = match input.source.trim() {
        "meeting" | "call" | "qbr" => EvidenceSource::Meeting,
        "email" => EvidenceSource::Email,
        "support" | "ticket" => EvidenceSource::Support,
        "usage" => EvidenceSource::Usage,
        "contract" => EvidenceSource::Contract,
        _ => EvidenceSource::Manual,
    };
    let reference = given(&input.source_reference).map_or_else(|| input.source.trim().to_owned(), str::to_owned);
    let evidence = Evidence {
        quote: input.quote.clone(),
        speaker: input.speaker.clone(),
        at: Some(seen_at),
        ..Evidence::new(source, reference, text)
    };
    let title: String = text.chars().take(160).collect();
    let rule_version = store::settings::rules(conn).await?.get(&rule).map_or(1, |settings| settings.version);
    // What people log is kept apart by type and product, so that two of one kind join.
    let subject = match (rule, &input.product) {
        (RuleKey::Manual, Some(sku)) => format!("{}/{sku}", leads_to.key()),
        (RuleKey::Manual, None) => leads_to.key().to_owned(),
        (_, Some(sku)) => sku.clone(),
        (_, None) => String::new(),
    };
    let detection = Detection {
        rule,
        rule_version,
        subject,
        firing: Firing {
            strength,
            leads_to,
            product,
            general: false,
            supports_only: false,
            title,
            observed_at: seen_at,
            reach: None,
            asked_quantity: None,
            evidence: vec![evidence],
        },
    };
    let running = store::signals::running(conn, account.customer.id, rule, &detection.subject).await?;
    let running = running.filter(|signal| signal.episode.is_live());
    let merged = running.is_some();
    let mut episode = match running {
        Some(signal) => merge(&signal.episode, &detection, today),
        None => Episode::open(SignalId(0), detection, seen_at, today),
    };
    let customer = account.customer.id;
    let hash = store::scan::episode_hash(&episode)?;
    let (episode_in, hash, channel) = (&episode, &hash, input.channel);
    let name = &account.customer.name;
    let write = |tx: Tx| async move {
        let id = if merged {
            store::signals::save(&tx, episode_in, hash, now).await?;
            episode_in.id
        } else {
            store::signals::insert(&tx, customer, episode_in, channel, Some(actor.user), hash, now).await?
        };
        store::touched::touch(&tx, [customer], now).await?;
        let detail = format!("{} on {name}: {}", rule.label(), episode_in.title);
        store::audit::record(&tx, audit::by(actor, now, "signal.logged", id.to_string(), detail)).await?;
        let activity = Activity {
            customer,
            opportunity: None,
            at: now,
            actor: actor.name.clone(),
            kind: "signal".into(),
            text: format!("Logged a signal: {}", episode_in.title),
            user: Some(actor.user),
        };
        store::activities::record(&tx, activity).await?;
        Ok::<_, store::Error>(id)
    };
    episode.id = services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[customer]).await?;
    let decayed_strength = decayed(&org, &episode, now);
    redact(actor, &mut episode.evidence);
    Ok((SignalItem { customer, episode, decayed_strength }, merged))
}

/// The signals of one account, with its blockers and guards.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn of_customer(services: &Services, actor: &Actor, reference: &str, state: State) -> Result<CustomerSignals> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let account = store::customers::by_ref(conn, &actor.scope, reference, org.calendar.day_of(now)).await?;
    let customer = account.ok_or(Error::NotFound)?.customer.id;
    let filter = Filter { state, customer: Some(customer), ..Filter::default() };
    let listed = store::signals::list(conn, &actor.scope, &filter, Page::first(1_000)).await?;
    let (blockers, guards) = state_of(services, customer, actor).await?;
    let signals = listed.rows.into_iter().map(|row| item(&org, actor, row.signal, now)).collect();
    Ok(CustomerSignals { signals, blockers, guards })
}

/// Blockers and guards that the last scan left on an account.
pub(crate) async fn state_of(
    services: &Services,
    customer: CustomerId,
    actor: &Actor,
) -> Result<(Vec<BlockerNote>, Vec<Guard>)> {
    let Some(state) = store::found::account_state(services.db.read(), customer).await? else {
        return Ok((Vec::new(), Vec::new()));
    };
    let broken = |error: serde_json::Error| Error::Internal(format!("account state of {customer}: {error}"));
    let mut blockers: Vec<BlockerNote> = serde_json::from_str(&state.blockers).map_err(broken)?;
    let guards = serde_json::from_str(&state.guards).map_err(broken)?;
    if !actor.can(Capability::SeeContactDetails) {
        for blocker in &mut blockers {
            blocker.detail = "Hidden for your role".into();
        }
    }
    Ok((blockers, guards))
}

/// A live signal that this person may decide on, with its account.
async fn decidable(services: &Services, actor: &Actor, signal: SignalId) -> Result<Signal> {
    auth::require(actor, Capability::DecideSignal)?;
    let found = store::signals::one(services.db.read(), &actor.scope, signal).await?;
    Ok(found.ok_or(Error::NotFound)?.signal)
}

/// Marks as seen.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn acknowledge(services: &Services, actor: &Actor, signal: SignalId) -> Result<()> {
    let known = decidable(services, actor, signal).await?;
    let now = services.now();
    let title = &known.episode.title;
    let write = |tx: Tx| async move {
        if store::signals::acknowledge(&tx, signal, actor.user, now).await? {
            let entry = audit::by(actor, now, "signal.acknowledged", signal.to_string(), title.as_str());
            store::audit::record(&tx, entry).await?;
        }
        Ok::<_, store::Error>(())
    };
    Ok(services.db.write(write).await?)
}

/// Checks a reason of a dismissal.
pub(crate) fn check_reason(reason: &str, note: &str) -> Result<()> {
    if !DISMISS_REASONS.iter().any(|(key, _)| *key == reason) {
        return Err(Error::field("reason", "Choose a reason."));
    }
    if note.chars().count() > MOST_TEXT_CHARS {
        return Err(Error::field("note", format!("Write at most {MOST_TEXT_CHARS} characters.")));
    }
    Ok(())
}

/// Dismisses with a reason.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, [`Error::Conflict`] when it is not live any more.
pub async fn dismiss(services: &Services, actor: &Actor, signal: SignalId, reason: &str, note: &str) -> Result<()> {
    let known = decidable(services, actor, signal).await?;
    check_reason(reason, note)?;
    let now = services.now();
    let title = &known.episode.title;
    let write = |tx: Tx| async move {
        if store::signals::dismiss(&tx, &[signal], actor.user, reason, note.trim(), None, now).await? == 0 {
            return Err(Error::Conflict("This signal is not live any more.".into()));
        }
        store::touched::touch(&tx, [known.customer], now).await?;
        let detail = format!("{reason}: {title}");
        store::audit::record(&tx, audit::by(actor, now, "signal.dismissed", signal.to_string(), detail)).await?;
        Ok(())
    };
    services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[known.customer]).await?;
    Ok(())
}

/// The day that "quiet until" means: a day, or the account's renewal.
pub(crate) async fn quiet_day(services: &Services, org: &Org, customer: CustomerId, until: &str) -> Result<Day> {
    let today = org.calendar.day_of(services.now());
    let day = if until.trim() == "renewal" {
        let lines = store::customers::lines(services.db.read(), &[customer], today).await?;
        let renewal = lines.first().and_then(|line| line.renews_on);
        renewal.ok_or_else(|| Error::field("until", "This account has no renewal day; choose a day."))?
    } else {
        until.trim().parse().map_err(|_| Error::field("until", "Write a day like 2026-02-27."))?
    };
    if day <= today || day > today + 3 * 366 {
        return Err(Error::field("until", "Choose a day after today, within three years."));
    }
    Ok(day)
}

/// Quiet until a day or `renewal`.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, [`Error::Invalid`] beside `until`.
pub async fn quiet(services: &Services, actor: &Actor, signal: SignalId, until: &str) -> Result<()> {
    let known = decidable(services, actor, signal).await?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let day = quiet_day(services, &org, known.customer, until).await?;
    let title = &known.episode.title;
    let write = |tx: Tx| async move {
        store::signals::set_quiet(&tx, &[signal], Some(day), now).await?;
        store::touched::touch(&tx, [known.customer], now).await?;
        let detail = format!("until {day}: {title}");
        store::audit::record(&tx, audit::by(actor, now, "signal.quiet", signal.to_string(), detail)).await
    };
    services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[known.customer]).await?;
    Ok(())
}

/// Groups signals by what they count for, as pages show them.
pub(crate) async fn lines_of_found(
    services: &Services,
    actor: &Actor,
    org: &Org,
    ids: &[domain::id::FoundId],
) -> Result<BTreeMap<domain::id::FoundId, Vec<SignalLine>>> {
    let now = services.now();
    let grouped = store::signals::of_found(services.db.read(), ids).await?;
    Ok(grouped
        .into_iter()
        .map(|(id, signals)| (id, signals.into_iter().map(|signal| line(org, actor, signal, now)).collect()))
        .collect())
}
