//! `/finder` and `/api/intelligence/expansion-opportunities`: what was found, within a scope.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Capability},
    id::{CustomerId, FoundId, UserId},
    opportunity::{
        ConfidenceLevel, FoundStatus, Timeline,
        found::{Found, Guard},
        totals::{self, Measure, Totals},
    },
    signal::RuleKey,
    time::At,
    view::{
        PageInfo,
        finder::{Drawer, DrawerRow, FinderDetail, FinderPage, FinderQuery, FinderRow, SignalLine},
    },
};
use store::{Tx, activities::Activity, customers::Person, found::FoundRow, opportunities::NewOpportunity};

use crate::{
    Error, Result, Services, audit, auth,
    org::Org,
    signals::{self, SignalItem},
};

const PER_PAGE: u32 = 20;
/// Rows listed beside the table.
const MOST_ASIDE: usize = 12;

/// What the finder is asked for. `None` asks for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// By what the row itself says.
    pub row: totals::Filter,
    /// A CSM, by e-mail address or id.
    pub csm: Option<String>,
}

impl Filter {
    fn takes(&self, row: &FoundRow) -> bool {
        self.row.lets_through(&light(row))
            && self.csm.as_ref().is_none_or(|wanted| {
                csm_of(row).is_some_and(|csm| csm.email.eq_ignore_ascii_case(wanted) || csm.id.to_string() == *wanted)
            })
    }
}

/// The record's CSM, else the account's.
fn csm_of(row: &FoundRow) -> Option<&Person> {
    row.record.as_ref().and_then(|record| record.csm.as_ref()).or(row.csm.as_ref())
}

/// The row as figures see it.
fn light(row: &FoundRow) -> totals::Row {
    totals::Row {
        id: row.id,
        kind: row.kind,
        status: row.status,
        timeline: row.timeline,
        confidence: row.confidence,
        value: totals::shown_value(row.record.as_ref().and_then(|record| record.estimated_value), row.value_expected),
    }
}

/// A found opportunity with everything the API tells of it.
#[derive(Debug, Clone)]
pub struct FoundItem {
    /// The row of the page.
    pub row: FinderRow,
    /// Texts and parts.
    pub found: Found,
    /// The account.
    pub customer: CustomerId,
    /// External id of the record.
    pub external_id: Option<String>,
    /// SKU of the product.
    pub product_sku: Option<String>,
    /// CSM.
    pub csm: Option<UserId>,
    /// CSM's address.
    pub csm_email: Option<String>,
    /// Signals with evidence.
    pub signals: Vec<SignalItem>,
    /// The scan that computed it.
    pub scored_at: At,
}

/// A page of found opportunities with the totals of all that match.
#[derive(Debug, Clone)]
pub struct FoundList {
    /// Rows, ranked by value × confidence.
    pub items: Vec<FoundItem>,
    /// Number of all that match.
    pub matching: u64,
    /// Of all that match and count: held back and exploratory ones are listed, not added.
    pub totals: Totals,
    /// Currency of every amount.
    pub currency: String,
}

/// Everything of the scope that matches, best first.
async fn matching(services: &Services, actor: &Actor, filter: &Filter) -> Result<Vec<FoundRow>> {
    auth::require(actor, Capability::UseFinder)?;
    let mut rows = store::found::all(services.db.read(), &actor.scope).await?;
    rows.retain(|row| filter.takes(row));
    rows.sort_by_cached_key(|row| light(row).rank());
    Ok(rows)
}

fn finder_row(rank: usize, row: &FoundRow, guards: Vec<Guard>) -> FinderRow {
    let record = row.record.as_ref();
    let strongest = row.strongest_rule.as_deref().and_then(|rule| rule.parse::<RuleKey>().ok()).map(RuleKey::label);
    FinderRow {
        id: row.id,
        rank: u32::try_from(rank).unwrap_or(u32::MAX),
        account: row.customer_name.clone(),
        account_ref: row.customer_external_id.clone(),
        name: row.name.clone(),
        kind: row.kind,
        status: row.status,
        stage: record.map(|record| record.stage),
        opportunity_ref: record.map(|record| record.external_id.clone().unwrap_or_else(|| record.id.to_string())),
        source: record.and_then(|record| record.source.clone()).or(strongest.map(str::to_owned)).unwrap_or_default(),
        confidence: row.confidence,
        level: ConfidenceLevel::of(row.confidence),
        composite: row.composite,
        timeline: row.timeline,
        value: light(row).value,
        csm: csm_of(row).map(|csm| csm.name.clone()),
        guards,
        detail: None,
    }
}

/// The texts of a found opportunity, without contact details for roles that may not see them.
fn detail(org: &Org, actor: &Actor, found: Found, signals: Vec<SignalLine>, scored_at: At, now: At) -> FinderDetail {
    let mut found = found;
    hide_contacts(actor, &mut found);
    FinderDetail {
        signals,
        parts: found.parts,
        value: found.value,
        timeline_reason: found.timeline_reason,
        approach: found.approach,
        talking_points: found.talking_points,
        objections: found.objections,
        champion: found.champion,
        blockers: found.blockers,
        next_steps: found.next_steps,
        scored_at: org.moment(scored_at, now),
    }
}

/// Viewers see figures, not people (PRODUCT 12).
fn hide_contacts(actor: &Actor, found: &mut Found) {
    if actor.can(Capability::SeeContactDetails) {
        return;
    }
    found.champion = None;
    found.approach.clear();
    found.talking_points.clear();
    found.objections.clear();
    for part in found.parts.iter_mut().filter(|part| part.key == "champion") {
        part.evidence = "Hidden for your role".into();
    }
    for blocker in &mut found.blockers {
        blocker.detail = "Hidden for your role".into();
    }
    for signal in &mut found.signals {
        signal.title = signal.rule.label().into();
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty() && *text != "all")
}

fn filter_of(query: &FinderQuery) -> Filter {
    Filter {
        row: totals::Filter {
            kinds: given(&query.r#type).and_then(|kind| kind.parse().ok()).into_iter().collect(),
            level: given(&query.confidence).and_then(ConfidenceLevel::from_key),
            min_confidence: None,
            timeline: given(&query.timeline).and_then(Timeline::from_key),
            min_value: given(&query.min_value).and_then(|value| value.parse().ok()),
            status: given(&query.status).and_then(FoundStatus::from_key),
        },
        csm: given(&query.csm).map(str::to_owned),
    }
}

/// The finder page.
///
/// # Errors
/// [`Error::Denied`] for roles without the finder.
pub async fn page(services: &Services, actor: &Actor, query: &FinderQuery) -> Result<FinderPage> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let filter = filter_of(query);
    let all = matching(services, actor, &filter).await?;
    let light_rows: Vec<totals::Row> = all.iter().map(light).collect();
    let totals = totals::totals(&light_rows, org.quick_win_min);
    let behind = |measure: Measure| -> Vec<&FoundRow> {
        all.iter()
            .zip(&light_rows)
            .filter(|(_, row)| measure.includes(row, org.quick_win_min))
            .map(|(row, _)| row)
            .collect()
    };
    let listed = if filter.row.status.is_none() { behind(Measure::Found) } else { all.iter().collect() };
    let held = behind(Measure::Held);

    let page = query.page.parse().unwrap_or(1).max(1);
    let start = ((page - 1) as usize).saturating_mul(PER_PAGE as usize);
    let shown: Vec<&FoundRow> = listed.iter().copied().skip(start).take(PER_PAGE as usize).collect();
    let open: Vec<FoundId> = query.why.split(',').filter_map(|id| id.parse().ok()).collect();
    let open: Vec<FoundId> = shown.iter().map(|row| row.id).filter(|id| open.contains(id)).collect();
    let held_ids: Vec<FoundId> = held.iter().take(MOST_ASIDE).map(|row| row.id).collect();
    let wanted: Vec<FoundId> = open.iter().chain(&held_ids).copied().collect();
    let mut details = store::found::details(conn, &wanted).await?;
    let mut lines = signals::lines_of_found(services, actor, &org, &open).await?;

    let rows = shown.iter().enumerate().map(|(place, row)| {
        let mut out = finder_row(start + place + 1, row, Vec::new());
        if open.contains(&row.id)
            && let Some(found) = details.remove(&row.id)
        {
            let signals = lines.remove(&row.id).unwrap_or_default();
            out.detail = Some(detail(&org, actor, found, signals, row.scored_at, now));
        }
        out
    });
    let rows: Vec<FinderRow> = rows.collect();
    let aside = |rows: &[&FoundRow]| -> Vec<FinderRow> {
        rows.iter().take(MOST_ASIDE).enumerate().map(|(i, row)| finder_row(i + 1, row, Vec::new())).collect()
    };
    let held_rows = held.iter().take(MOST_ASIDE).enumerate().map(|(i, row)| {
        let guards = details.get(&row.id).map(|found| found.guards.clone()).unwrap_or_default();
        finder_row(i + 1, row, guards)
    });
    let held_rows: Vec<FinderRow> = held_rows.collect();
    let measure: Option<Measure> = query.open.parse().ok();
    let drawer = match (measure, query.open.strip_prefix("row:")) {
        (Some(measure), _) => Some(drawer(&org, measure, &behind(measure), data_through(services, &org, now).await?)),
        (None, Some(id)) => match all.iter().find(|row| row.id.to_string() == id) {
            Some(row) => Some(value_drawer(services, &org, row, now).await?),
            None => None,
        },
        (None, None) => None,
    };
    let unfiltered = FinderQuery {
        open: query.open.clone(),
        why: query.why.clone(),
        page: query.page.clone(),
        ..FinderQuery::default()
    };
    Ok(FinderPage {
        scan_note: scan_note(services, &org, now).await?,
        data_through: data_through(services, &org, now).await?,
        found: totals.found,
        in_pipeline: totals.in_pipeline,
        candidates: totals.candidates,
        high: totals.high,
        immediate: totals.immediate,
        held: totals.held,
        no_amount: totals.no_amount,
        rows_value: rows.iter().filter_map(|row| row.value).sum(),
        rows,
        page: PageInfo { page, per_page: PER_PAGE, total: u32::try_from(listed.len()).unwrap_or(u32::MAX) },
        by_type: totals.by_type,
        by_timeline: totals.by_timeline,
        quick_wins: aside(&behind(Measure::QuickWins)),
        held_rows,
        exploratory: aside(&behind(Measure::Exploratory)),
        csms: store::users::csms(conn, &actor.scope).await?,
        filtered: *query != unfiltered,
        drawer,
        may_decide: actor.can(Capability::DecideSignal),
    })
}

/// "Last full scan 2 Feb, 09:00; 11 accounts rescanned since."
async fn scan_note(services: &Services, org: &Org, now: At) -> Result<String> {
    Ok(match store::scan::portfolio::kept_at(&services.db).await? {
        None => "No scan has run yet; the daily one makes the first list.".into(),
        Some(at) => {
            let rescanned = store::found::scanned_after(services.db.read(), at).await?;
            let since = if rescanned == 1 { "1 account".into() } else { format!("{rescanned} accounts") };
            format!("Last full scan {}; {since} rescanned since.", org.moment(at, now))
        }
    })
}

/// When the newest data came in: "2 Feb, 09:02".
pub(crate) async fn data_through(services: &Services, org: &Org, now: At) -> Result<String> {
    let newest = store::imports::data_through(services.db.read()).await?;
    Ok(newest.map_or_else(|| "no data yet".into(), |at| org.moment(at, now)))
}

/// The rows behind a number; they are the very rows that the number adds up.
fn drawer(org: &Org, measure: Measure, rows: &[&FoundRow], data_through: String) -> Drawer {
    let without = rows.iter().filter(|row| light(row).value.is_none()).count();
    Drawer {
        title: measure.title().into(),
        formula: measure.formula(org.quick_win_min, &org.currency),
        sum: rows.iter().filter_map(|row| light(row).value).sum(),
        not_covered: (without > 0).then(|| format!("{without} without an amount are counted, not added.")),
        rows: rows
            .iter()
            .map(|row| DrawerRow {
                label: format!("{}, {}", row.customer_name, row.name),
                href: format!("/accounts/{}", row.customer_external_id),
                note: format!(
                    "{}, confidence {}, {}",
                    row.status.label(),
                    domain::format::confidence(row.confidence),
                    row.timeline.label().to_lowercase()
                ),
                value: light(row).value,
            })
            .collect(),
        data_through,
    }
}

/// How one row's value is made: the record's amount, or the method with its inputs.
async fn value_drawer(services: &Services, org: &Org, row: &FoundRow, now: At) -> Result<Drawer> {
    let found = store::found::details(services.db.read(), &[row.id]).await?.remove(&row.id).ok_or(Error::NotFound)?;
    let typed = row.record.as_ref().and_then(|record| record.estimated_value);
    let (formula, note) = match typed {
        Some(_) => ("The amount of the record".to_owned(), "entered on the record".to_owned()),
        None => {
            let inputs: Vec<String> =
                found.value.inputs.iter().map(|(label, value)| format!("{label} {value}")).collect();
            (found.value.method.clone(), inputs.join("; "))
        }
    };
    Ok(Drawer {
        title: format!("{}, {}", row.customer_name, row.name),
        formula: format!("{formula}."),
        rows: vec![DrawerRow {
            label: row.name.clone(),
            href: format!("/accounts/{}", row.customer_external_id),
            note,
            value: light(row).value,
        }],
        sum: light(row).value.unwrap_or_default(),
        not_covered: light(row).value.is_none().then(|| found.value.method.clone()),
        data_through: data_through(services, org, now).await?,
    })
}

/// Found opportunities of one account with everything opened, for the account page.
///
/// # Errors
/// When the database can't be read.
pub(crate) async fn of_account(
    services: &Services,
    actor: &Actor,
    org: &Org,
    customer: CustomerId,
) -> Result<Vec<FinderRow>> {
    let now = services.now();
    let rows = store::found::of_customer(services.db.read(), &actor.scope, customer).await?;
    let ids: Vec<FoundId> = rows.iter().map(|row| row.id).collect();
    let mut details = store::found::details(services.db.read(), &ids).await?;
    let mut lines = signals::lines_of_found(services, actor, org, &ids).await?;
    Ok(rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let found = details.remove(&row.id);
            let guards = found.as_ref().map(|found| found.guards.clone()).unwrap_or_default();
            let mut out = finder_row(place + 1, row, guards);
            let signals = lines.remove(&row.id).unwrap_or_default();
            out.detail = found.map(|found| detail(org, actor, found, signals, row.scored_at, now));
            out
        })
        .collect())
}

/// A window of what matches, for the API.
///
/// # Errors
/// [`Error::Denied`] for roles without the finder.
pub async fn list(services: &Services, actor: &Actor, filter: &Filter, offset: u64, limit: u32) -> Result<FoundList> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let rows = matching(services, actor, filter).await?;
    let light_rows: Vec<totals::Row> = rows.iter().map(light).collect();
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let shown: Vec<&FoundRow> = rows.iter().skip(start).take(limit as usize).collect();
    let ids: Vec<FoundId> = shown.iter().map(|row| row.id).collect();
    let mut details = store::found::details(conn, &ids).await?;
    let mut grouped = store::signals::of_found(conn, &ids).await?;
    let skus: BTreeMap<_, _> =
        store::products::all(conn).await?.into_iter().map(|product| (product.id, product.sku)).collect();
    let mut items = Vec::with_capacity(shown.len());
    for (place, row) in shown.into_iter().enumerate() {
        let Some(mut found) = details.remove(&row.id) else { continue };
        hide_contacts(actor, &mut found);
        let csm = csm_of(row);
        let signals = grouped.remove(&row.id).unwrap_or_default();
        items.push(FoundItem {
            row: finder_row(start + place + 1, row, found.guards.clone()),
            customer: row.customer,
            external_id: row.record.as_ref().and_then(|record| record.external_id.clone()),
            product_sku: row.product.and_then(|id| skus.get(&id).cloned()),
            csm: csm.map(|csm| csm.id),
            csm_email: csm.map(|csm| csm.email.clone()),
            signals: signals.into_iter().map(|signal| signals::item(&org, actor, signal, now)).collect(),
            scored_at: row.scored_at,
            found,
        });
    }
    Ok(FoundList {
        items,
        matching: rows.len() as u64,
        totals: totals::totals(&light_rows, org.quick_win_min),
        currency: org.currency,
    })
}

/// A found opportunity that this person may decide on.
async fn decidable(services: &Services, actor: &Actor, found: FoundId) -> Result<FoundRow> {
    auth::require(actor, Capability::DecideSignal)?;
    store::found::one(services.db.read(), &actor.scope, found).await?.ok_or(Error::NotFound)
}

/// Confirms a candidate or an exploratory one: makes the record, stage identified. Answers the record's reference.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Conflict`] when there is a record already.
pub async fn confirm(services: &Services, actor: &Actor, found: FoundId) -> Result<String> {
    let row = decidable(services, actor, found).await?;
    if row.record.is_some() {
        return Err(Error::Conflict("This is in the pipeline already.".into()));
    }
    let now = services.now();
    let org = Org::load(services, now).await?;
    let source = row.strongest_rule.as_deref().and_then(|rule| rule.parse::<RuleKey>().ok()).map(RuleKey::label);
    let new = &NewOpportunity {
        customer: row.customer,
        found,
        name: row.name.clone(),
        kind: row.kind,
        product: row.product,
        estimated_value: row.value_expected,
        source: source.unwrap_or("CSM").to_owned(),
        csm: row.csm.as_ref().map(|csm| csm.id),
        identified_on: org.calendar.day_of(now),
    };
    let label = &format!("{}, {}", row.customer_name, row.name);
    let write = |tx: Tx| async move {
        let id = store::opportunities::create_from_found(&tx, new.clone(), Some(actor.user), now).await?;
        let activity = Activity {
            customer: new.customer,
            opportunity: Some(id),
            at: now,
            actor: actor.name.clone(),
            kind: "opportunity".into(),
            text: format!("Confirmed: {}", new.name),
            user: Some(actor.user),
        };
        store::activities::record(&tx, activity).await?;
        store::audit::record(&tx, audit::by(actor, now, "found.confirmed", id.to_string(), label.as_str())).await?;
        Ok::<_, store::Error>(id)
    };
    let id = services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[row.customer]).await?;
    Ok(id.to_string())
}

/// Dismisses what was found, with a reason (see [`signals::DISMISS_REASONS`]); its signals are dismissed with it.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Invalid`] for another reason.
pub async fn dismiss(services: &Services, actor: &Actor, found: FoundId, reason: &str, note: &str) -> Result<()> {
    let row = decidable(services, actor, found).await?;
    signals::check_reason(reason, note)?;
    let now = services.now();
    let live = store::signals::of_found(services.db.read(), &[found]).await?.remove(&found).unwrap_or_default();
    let ids = &live.iter().map(|signal| signal.episode.id).collect::<Vec<_>>();
    let label = &format!("{reason}: {}, {}", row.customer_name, row.name);
    let write = |tx: Tx| async move {
        store::found::dismiss(&tx, found, reason, None, now).await?;
        store::signals::dismiss(&tx, ids, actor.user, reason, note.trim(), None, now).await?;
        store::touched::touch(&tx, [row.customer], now).await?;
        store::audit::record(&tx, audit::by(actor, now, "found.dismissed", found.to_string(), label.as_str())).await
    };
    services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[row.customer]).await?;
    Ok(())
}

/// Not now: quiet until a day (`YYYY-MM-DD`) or `renewal`.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Invalid`] beside `until`.
pub async fn quiet(services: &Services, actor: &Actor, found: FoundId, until: &str) -> Result<()> {
    let row = decidable(services, actor, found).await?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let day = signals::quiet_day(services, &org, row.customer, until).await?;
    let live = store::signals::of_found(services.db.read(), &[found]).await?.remove(&found).unwrap_or_default();
    let ids = &live.iter().map(|signal| signal.episode.id).collect::<Vec<_>>();
    let label = &format!("until {day}: {}, {}", row.customer_name, row.name);
    let write = |tx: Tx| async move {
        store::found::set_quiet(&tx, found, Some(day)).await?;
        store::signals::set_quiet(&tx, ids, Some(day), now).await?;
        store::touched::touch(&tx, [row.customer], now).await?;
        store::audit::record(&tx, audit::by(actor, now, "found.quiet", found.to_string(), label.as_str())).await
    };
    services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[row.customer]).await?;
    Ok(())
}
