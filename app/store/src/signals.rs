//! Signals: episodes with their account, and what people decide about them. Scans write theirs in bulk (`scan`).

use std::collections::BTreeMap;

use domain::{
    access::Scope,
    id::{CustomerId, FoundId, OpportunityId, ProductId, SignalId, UserId},
    opportunity::FoundStatus,
    signal::{Evidence, Reach, RuleKey, StrengthClass, episode::Episode},
    time::{At, Day},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
};

use crate::{
    customers::Person,
    db::Tx,
    entity::{
        signal_evidence,
        signals::{ActiveModel, Column, Entity},
    },
    error::Result,
    sql::{Listed, Page, Sql},
    words,
};

/// Condition that the signal `s` is live: neither closed nor dismissed, as `Episode::is_live`.
pub(crate) const LIVE: &str = "s.closed_at IS NULL AND s.status <> 'dismissed'";

/// A stored signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The episode with its evidence.
    pub episode: Episode,
    /// The account.
    pub customer: CustomerId,
    /// `scan`, `manual`, `api`.
    pub source: String,
    /// Name of the person who logged it.
    pub logged_by: Option<String>,
    /// Why it was dismissed.
    pub dismissed: Option<Dismissed>,
    /// When it was acknowledged, and by whom.
    pub acknowledged: Option<(At, Option<String>)>,
    /// What it counts for.
    pub found: Option<FoundId>,
    /// The record behind that.
    pub opportunity: Option<OpportunityId>,
}

/// A dismissal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissed {
    /// When.
    pub at: At,
    /// Name of the person.
    pub by: Option<String>,
    /// `not_a_fit`, `bad_timing`, `in_progress`, `bad_data`, `other`.
    pub reason: String,
    /// In the person's words.
    pub note: String,
}

/// A signal with its account.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedSignal {
    /// The signal.
    pub signal: Signal,
    /// The account's name.
    pub customer_name: String,
    /// The account's id in the source system.
    pub customer_external_id: String,
    /// The account's CSM.
    pub csm: Option<Person>,
    /// Where the opportunity that it counts for stands.
    pub found_status: Option<FoundStatus>,
}

/// Which signals by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Neither closed nor dismissed.
    #[default]
    Live,
    /// Ended, not dismissed.
    Closed,
    /// Dismissed.
    Dismissed,
    /// All of them.
    All,
}

/// What the list is asked for. `None` asks for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Rule.
    pub rule: Option<RuleKey>,
    /// Where they stand.
    pub state: State,
    /// Strength class.
    pub class: Option<StrengthClass>,
    /// E-mail address of the account's CSM.
    pub csm: Option<String>,
    /// Part of an account's name or external id.
    pub text: Option<String>,
    /// One account.
    pub customer: Option<CustomerId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    customer_id: i64,
    rule: String,
    subject: String,
    rule_version: i64,
    status: String,
    strength: f64,
    leads_to: String,
    product_id: Option<i64>,
    general: bool,
    supports_only: bool,
    title: String,
    opened_at: i64,
    observed_at: i64,
    last_held_on: i32,
    closed_at: Option<i64>,
    quiet_until: Option<i32>,
    reach_on: Option<i32>,
    asked_quantity: Option<i64>,
    source: String,
    logged_by: Option<String>,
    dismissed_at: Option<i64>,
    dismissed_by: Option<String>,
    dismissed_reason: Option<String>,
    dismissed_note: Option<String>,
    acknowledged_at: Option<i64>,
    acknowledged_by: Option<String>,
    found_id: Option<i64>,
    opportunity_id: Option<i64>,
    customer_name: String,
    customer_external_id: String,
    csm_id: Option<i64>,
    csm_name: Option<String>,
    csm_email: Option<String>,
    found_status: Option<String>,
}

const COLUMNS: &str = "SELECT s.id, s.customer_id, s.rule, s.subject, s.rule_version, s.status, s.strength, s.leads_to, \
    s.product_id, s.general, s.supports_only, s.title, s.opened_at, s.observed_at, s.last_held_on, s.closed_at, \
    s.quiet_until, s.reach_on, s.asked_quantity, s.source, l.name AS logged_by, s.dismissed_at, d.name AS dismissed_by, \
    s.dismissed_reason, s.dismissed_note, s.acknowledged_at, a.name AS acknowledged_by, s.found_id, s.opportunity_id, \
    c.name AS customer_name, c.external_id AS customer_external_id, c.csm_id, u.name AS csm_name, u.email AS csm_email, \
    f.status AS found_status FROM signals s JOIN customers c ON c.id = s.customer_id \
    LEFT JOIN users u ON u.id = c.csm_id LEFT JOIN users l ON l.id = s.logged_by \
    LEFT JOIN users d ON d.id = s.dismissed_by LEFT JOIN users a ON a.id = s.acknowledged_by \
    LEFT JOIN found_opportunities f ON f.id = s.found_id WHERE";

impl Row {
    fn read(self, evidence: Vec<Evidence>) -> Result<ListedSignal> {
        let Row { id, .. } = self;
        let dismissed = self.dismissed_at.map(|at| Dismissed {
            at: At(at),
            by: self.dismissed_by,
            reason: self.dismissed_reason.unwrap_or_default(),
            note: self.dismissed_note.unwrap_or_default(),
        });
        let episode = Episode {
            id: SignalId(id),
            rule: words::read("signals", id, &self.rule)?,
            subject: self.subject,
            rule_version: self.rule_version,
            status: words::read("signals", id, &self.status)?,
            strength: self.strength,
            leads_to: words::read("signals", id, &self.leads_to)?,
            product: self.product_id.map(ProductId),
            general: self.general,
            supports_only: self.supports_only,
            title: self.title,
            opened_at: At(self.opened_at),
            observed_at: At(self.observed_at),
            last_held_on: Day(self.last_held_on),
            closed_at: self.closed_at.map(At),
            quiet_until: self.quiet_until.map(Day),
            reach: self.reach_on.map(|day| Reach { on: Day(day) }),
            asked_quantity: self.asked_quantity,
            evidence,
        };
        Ok(ListedSignal {
            signal: Signal {
                episode,
                customer: CustomerId(self.customer_id),
                source: self.source,
                logged_by: self.logged_by,
                dismissed,
                acknowledged: self.acknowledged_at.map(|at| (At(at), self.acknowledged_by)),
                found: self.found_id.map(FoundId),
                opportunity: self.opportunity_id.map(OpportunityId),
            },
            customer_name: self.customer_name,
            customer_external_id: self.customer_external_id,
            csm: Person::of(self.csm_id, self.csm_name, self.csm_email),
            found_status: self.found_status.map(|word| words::read("found_opportunities", id, &word)).transpose()?,
        })
    }
}

/// Runs a query of [`COLUMNS`] and reads the evidence of all its rows with a second one.
async fn with_evidence(conn: &impl ConnectionTrait, sql: Sql) -> Result<Vec<ListedSignal>> {
    let rows = sql.all::<Row>(conn).await?;
    let mut evidence = evidence(conn, rows.iter().map(|row| row.id)).await?;
    rows.into_iter()
        .map(|row| {
            let evidence = evidence.remove(&row.id).unwrap_or_default();
            row.read(evidence)
        })
        .collect()
}

async fn evidence(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Vec<Evidence>>> {
    let sql = Sql::new(conn, "SELECT id, signal_id, position, json FROM signal_evidence WHERE")
        .within("signal_id", ids)
        .add("ORDER BY signal_id, position");
    let mut found: BTreeMap<i64, Vec<Evidence>> = BTreeMap::new();
    for row in sql.all::<signal_evidence::Model>(conn).await? {
        found.entry(row.signal_id).or_default().push(words::json("signal_evidence", row.id, &row.json)?);
    }
    Ok(found)
}

/// Adds the filter to a condition on signals `s`, with a CSM or a text of accounts `c` beside them.
fn filtered(sql: Sql, filter: &Filter) -> Sql {
    let sql = match filter.state {
        State::Live => sql.add("AND").add(LIVE),
        State::Closed => sql.add("AND s.closed_at IS NOT NULL AND s.status <> 'dismissed'"),
        State::Dismissed => sql.add("AND s.status = 'dismissed'"),
        State::All => sql,
    };
    // At four decimals, as `StrengthClass::of`.
    let sql = match filter.class {
        None => sql,
        Some(StrengthClass::Strong) => sql.add("AND ROUND(s.strength * 10000) >= 8000"),
        Some(StrengthClass::Moderate) => {
            sql.add("AND ROUND(s.strength * 10000) >= 6000 AND ROUND(s.strength * 10000) < 8000")
        }
        Some(StrengthClass::Exploratory) => sql.add("AND ROUND(s.strength * 10000) < 6000"),
    };
    let sql = sql
        .when(filter.rule, "AND s.rule = ?", |rule| [rule.key().into()])
        .when(filter.customer, "AND s.customer_id = ?", |id| [id.0.into()])
        .when(filter.csm.as_deref(), "AND c.csm_id IN (SELECT id FROM users WHERE email = ?)", |email| {
            [email.trim().to_lowercase().into()]
        });
    match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => sql.add("AND").contains(&["c.name", "c.external_id"], text),
        None => sql,
    }
}

/// Signals within a scope, newest first.
pub async fn list(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    page: Page,
) -> Result<Listed<ListedSignal>> {
    // Accounts are joined only where the filter asks about them.
    let of_accounts = filter.csm.is_some() || filter.text.is_some();
    let join = if of_accounts { "JOIN customers c ON c.id = s.customer_id" } else { "" };
    let matching = |sql: Sql| filtered(sql.add(join).add("WHERE").scoped("s.customer_id", scope), filter);
    let total = matching(Sql::new(conn, "SELECT COUNT(*) FROM signals s")).number(conn).await?;
    let ids = matching(Sql::new(conn, "SELECT s.id FROM signals s"))
        .add("ORDER BY s.opened_at DESC, s.id DESC")
        .page(page)
        .rows(conn)
        .await?;
    let ids: Vec<i64> = ids.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect::<Result<_>>()?;
    let mut rows = with_evidence(conn, Sql::new(conn, COLUMNS).within("s.id", ids)).await?;
    // Sorted here: with ORDER BY the database would walk all signals in that order to find these few.
    rows.sort_by_key(|row| std::cmp::Reverse((row.signal.episode.opened_at, row.signal.episode.id)));
    Ok(Listed { rows, total })
}

/// One signal within a scope.
pub async fn one(conn: &impl ConnectionTrait, scope: &Scope, id: SignalId) -> Result<Option<ListedSignal>> {
    let sql = Sql::new(conn, COLUMNS).scoped_one("s.customer_id", scope).with("AND s.id = ?", [id.0.into()]);
    Ok(with_evidence(conn, sql).await?.pop())
}

/// The running episode of (account, rule, subject), dismissed ones included; the account comes from a scoped read.
pub async fn running(
    conn: &impl ConnectionTrait,
    customer: CustomerId,
    rule: RuleKey,
    subject: &str,
) -> Result<Option<Signal>> {
    let sql = Sql::new(conn, COLUMNS).with("s.live_key = ?", [live_key(customer, rule, subject).into()]);
    Ok(with_evidence(conn, sql).await?.pop().map(|listed| listed.signal))
}

/// Live signals that count for found opportunities, strongest first; the ids come from a scoped read.
pub async fn of_found(conn: &impl ConnectionTrait, found: &[FoundId]) -> Result<BTreeMap<FoundId, Vec<Signal>>> {
    let sql = Sql::new(conn, COLUMNS)
        .add(LIVE)
        .add("AND")
        .within("s.found_id", found.iter().map(|id| id.0))
        .add("ORDER BY s.strength DESC, s.id");
    let mut grouped: BTreeMap<FoundId, Vec<Signal>> = BTreeMap::new();
    for listed in with_evidence(conn, sql).await? {
        if let Some(found) = listed.signal.found {
            grouped.entry(found).or_default().push(listed.signal);
        }
    }
    Ok(grouped)
}

/// Number of live signals within a scope.
pub async fn count_live(conn: &impl ConnectionTrait, scope: &Scope) -> Result<u32> {
    let begin = format!("SELECT COUNT(*) FROM signals s WHERE {LIVE} AND");
    Sql::new(conn, &begin).scoped("s.customer_id", scope).number(conn).await
}

/// Live signals within a scope by rule, in the order of PRODUCT 4, only rules that have some.
pub async fn by_rule(conn: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<(RuleKey, u32)>> {
    #[derive(FromQueryResult)]
    struct Row {
        rule: String,
        n: i64,
    }
    let sql = Sql::new(conn, &format!("SELECT s.rule, COUNT(*) AS n FROM signals s WHERE {LIVE} AND"))
        .scoped("s.customer_id", scope)
        .add("GROUP BY s.rule");
    let rows = sql.all::<Row>(conn).await?;
    let mut counts = rows
        .into_iter()
        .map(|row| Ok((words::read("signals", &row.rule, &row.rule)?, u32::try_from(row.n).unwrap_or(u32::MAX))))
        .collect::<Result<Vec<(RuleKey, u32)>>>()?;
    counts.sort();
    Ok(counts)
}

/// The key that one running episode of (account, rule, subject) holds.
fn live_key(customer: CustomerId, rule: RuleKey, subject: &str) -> String {
    format!("{}/{rule}/{subject}", customer.0)
}

/// Opens an episode that was logged (its id is given here); [`crate::Error::Conflict`] when one is running. `content_hash` is
/// [`crate::scan::episode_hash`], so that the next scan writes nothing.
pub async fn insert(
    tx: &Tx,
    customer: CustomerId,
    episode: &Episode,
    source: &str,
    logged_by: Option<UserId>,
    content_hash: &str,
    now: At,
) -> Result<SignalId> {
    let row = ActiveModel {
        customer_id: Set(customer.0),
        rule: Set(episode.rule.key().to_owned()),
        subject: Set(episode.subject.clone()),
        source: Set(source.to_owned()),
        logged_by: Set(logged_by.map(|id| id.0)),
        opened_at: Set(episode.opened_at.0),
        rule_version: Set(episode.rule_version),
        live_key: Set(Some(live_key(customer, episode.rule, &episode.subject))),
        created_at: Set(now.0),
        ..content(episode, content_hash, now)
    };
    let id = SignalId(row.insert(tx).await?.id);
    put_evidence(tx, id, &episode.evidence).await?;
    Ok(id)
}

/// Writes the new state of an episode with its evidence; false when there is none.
pub async fn save(tx: &Tx, episode: &Episode, content_hash: &str, now: At) -> Result<bool> {
    let row = content(episode, content_hash, now);
    if Entity::update_many().set(row).filter(Column::Id.eq(episode.id.0)).exec(tx).await?.rows_affected == 0 {
        return Ok(false);
    }
    Sql::new(tx, "DELETE FROM signal_evidence WHERE").with("signal_id = ?", [episode.id.0.into()]).run(tx).await?;
    put_evidence(tx, episode.id, &episode.evidence).await?;
    Ok(true)
}

/// The columns that a running episode may change.
fn content(episode: &Episode, content_hash: &str, now: At) -> ActiveModel {
    ActiveModel {
        status: Set(words::word(episode.status)),
        strength: Set(episode.strength),
        leads_to: Set(episode.leads_to.key().to_owned()),
        product_id: Set(episode.product.map(|id| id.0)),
        general: Set(episode.general),
        supports_only: Set(episode.supports_only),
        title: Set(episode.title.clone()),
        observed_at: Set(episode.observed_at.0),
        last_held_on: Set(episode.last_held_on.0),
        closed_at: Set(episode.closed_at.map(|at| at.0)),
        quiet_until: Set(episode.quiet_until.map(|day| day.0)),
        reach_on: Set(episode.reach.map(|reach| reach.on.0)),
        asked_quantity: Set(episode.asked_quantity),
        content_hash: Set(content_hash.to_owned()),
        updated_at: Set(now.0),
        ..Default::default()
    }
}

async fn put_evidence(tx: &Tx, signal: SignalId, evidence: &[Evidence]) -> Result<()> {
    let mut rows = Vec::with_capacity(evidence.len());
    for (position, piece) in (0..).zip(evidence) {
        rows.push(signal_evidence::ActiveModel {
            signal_id: Set(signal.0),
            position: Set(position),
            json: Set(words::to_json("signal_evidence", piece)?),
            ..Default::default()
        });
    }
    if !rows.is_empty() {
        signal_evidence::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Puts live signals away with a reason, silently until a day when one is given. Answers how many were live.
pub async fn dismiss(
    tx: &Tx,
    signals: &[SignalId],
    by: UserId,
    reason: &str,
    note: &str,
    quiet_until: Option<Day>,
    now: At,
) -> Result<u64> {
    let sql = Sql::new(tx, "UPDATE signals SET").with(
        "status = 'dismissed', dismissed_at = ?, dismissed_by = ?, dismissed_reason = ?, dismissed_note = ?, \
         quiet_until = ?, updated_at = ? WHERE closed_at IS NULL AND status <> 'dismissed' AND",
        [now.0.into(), by.0.into(), reason.into(), note.into(), quiet_until.map(|day| day.0).into(), now.0.into()],
    );
    sql.within("id", signals.iter().map(|id| id.0)).run(tx).await
}

/// Marks a live signal as seen; false when it was seen already or is not live.
pub async fn acknowledge(tx: &Tx, signal: SignalId, by: UserId, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE signals SET").with(
        "status = 'acknowledged', acknowledged_at = ?, acknowledged_by = ?, updated_at = ? \
         WHERE id = ? AND status = 'detected' AND closed_at IS NULL",
        [now.0.into(), by.0.into(), now.0.into(), signal.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}

/// Keeps live signals silent until a day without dismissing them; `None` lets them speak again.
pub async fn set_quiet(tx: &Tx, signals: &[SignalId], until: Option<Day>, now: At) -> Result<u64> {
    let sql = Sql::new(tx, "UPDATE signals SET").with(
        "quiet_until = ?, updated_at = ? WHERE closed_at IS NULL AND",
        [until.map(|day| day.0).into(), now.0.into()],
    );
    sql.within("id", signals.iter().map(|id| id.0)).run(tx).await
}

/// Attaches the live signals of a found opportunity to its record.
pub async fn attach(tx: &Tx, found: FoundId, opportunity: OpportunityId, now: At) -> Result<u64> {
    let sql = Sql::new(tx, "UPDATE signals SET").with(
        "opportunity_id = ?, updated_at = ? WHERE found_id = ? AND closed_at IS NULL AND status <> 'dismissed'",
        [opportunity.0.into(), now.0.into(), found.0.into()],
    );
    sql.run(tx).await
}

#[cfg(test)]
mod tests {
    use domain::signal::EvidenceSource;

    use super::*;
    use crate::{
        Db, Error,
        fixture::{ACME, ACME_SEATS, ACME_SIGNALS, ANA, BETA, BETA_DEAL, TODAY, fill, scopes},
        on_each_database,
    };

    async fn ids(db: &Db, filter: Filter) -> Vec<i64> {
        let listed = list(db.read(), &Scope::All, &filter, Page::first(50)).await.unwrap();
        assert_eq!(listed.total as usize, listed.rows.len());
        listed.rows.iter().map(|row| row.signal.episode.id.0).collect()
    }

    on_each_database! {
        async fn nobody_sees_a_signal_outside_the_scope(db: &Db) {
            fill(db).await;
            let everything = Filter { state: State::All, ..Default::default() };
            let all = list(db.read(), &Scope::All, &everything, Page::first(50)).await.unwrap();
            for (scope, seen) in scopes() {
                let listed = list(db.read(), &scope, &everything, Page::first(50)).await.unwrap();
                let wanted: Vec<_> = all.rows.iter().filter(|row| seen.contains(&row.signal.customer)).cloned().collect();
                assert_eq!(listed.rows, wanted, "{scope:?}");
                let live = wanted.iter().filter(|row| row.signal.episode.is_live()).count();
                assert_eq!(count_live(db.read(), &scope).await.unwrap() as usize, live);
                let by_rule = by_rule(db.read(), &scope).await.unwrap();
                assert_eq!(by_rule.iter().map(|(_, n)| *n as usize).sum::<usize>(), live);
                for row in &all.rows {
                    let one = one(db.read(), &scope, row.signal.episode.id).await.unwrap();
                    assert_eq!(one.is_some(), seen.contains(&row.signal.customer));
                }
            }
        }

        async fn the_list_is_filtered(db: &Db) {
            fill(db).await;
            assert_eq!(ids(db, Filter::default()).await, [6, 4, 2, 1], "newest first");
            assert_eq!(ids(db, Filter { state: State::Closed, ..Default::default() }).await, [3]);
            assert_eq!(ids(db, Filter { state: State::Dismissed, ..Default::default() }).await, [5]);
            let class = |class| Filter { class: Some(class), state: State::All, ..Default::default() };
            assert_eq!(ids(db, class(StrengthClass::Strong)).await, [4, 1]);
            assert_eq!(ids(db, class(StrengthClass::Moderate)).await, [2, 3]);
            assert_eq!(ids(db, class(StrengthClass::Exploratory)).await, [6, 5]);
            assert_eq!(ids(db, Filter { rule: Some(RuleKey::ApiLimit), ..Default::default() }).await, [4]);
            assert_eq!(ids(db, Filter { csm: Some("ana@x.io".into()), ..Default::default() }).await, [2, 1]);
            assert_eq!(ids(db, Filter { text: Some("beta".into()), ..Default::default() }).await, [4]);
            assert_eq!(ids(db, Filter { customer: Some(ACME), ..Default::default() }).await, [2, 1]);
        }

        async fn a_logged_signal_is_kept_with_its_evidence_and_only_once(db: &Db) {
            fill(db).await;
            let mut episode = one(db.read(), &Scope::All, SignalId(6)).await.unwrap().unwrap().signal.episode;
            episode.evidence = vec![Evidence::new(EvidenceSource::Manual, "call", "Wants more"), Evidence::new(EvidenceSource::Email, "", "Wrote")];
            let logged = &episode;
            let insert = |tx: Tx| async move { insert(&tx, BETA, logged, "manual", Some(ANA), "hash", At(50)).await };
            let id = db.write(insert).await.unwrap();
            assert!(matches!(db.write(insert).await, Err(Error::Conflict(_))));
            let stored = running(db.read(), BETA, RuleKey::Manual, "").await.unwrap().unwrap();
            assert_eq!((stored.episode.id, stored.logged_by.as_deref()), (id, Some("Ana")));
            assert_eq!(stored.episode.evidence, episode.evidence);
            let mut next = stored.episode;
            next.evidence.truncate(1);
            next.strength = 0.9;
            let next = &next;
            assert!(db.write(|tx| async move { save(&tx, next, "new", At(60)).await }).await.unwrap());
            assert_eq!(running(db.read(), BETA, RuleKey::Manual, "").await.unwrap().unwrap().episode, *next);
        }

        async fn people_decide_once(db: &Db) {
            fill(db).await;
            let [first, second] = ACME_SIGNALS;
            let done = db.write(|tx| async move {
                Ok::<_, Error>((
                    acknowledge(&tx, first, ANA, At(40)).await?,
                    acknowledge(&tx, first, ANA, At(41)).await?,
                    attach(&tx, ACME_SEATS, BETA_DEAL, At(42)).await?,
                    set_quiet(&tx, &[second], Some(TODAY + 9), At(43)).await?,
                    dismiss(&tx, &ACME_SIGNALS, ANA, "bad_timing", "in May", Some(TODAY + 9), At(44)).await?,
                    dismiss(&tx, &ACME_SIGNALS, ANA, "other", "", None, At(45)).await?,
                ))
            }).await.unwrap();
            assert_eq!(done, (true, false, 2, 1, 2, 0));
            let seen = one(db.read(), &Scope::All, first).await.unwrap().unwrap().signal;
            assert_eq!(seen.acknowledged, Some((At(40), Some("Ana".into()))));
            let why = seen.dismissed.unwrap();
            assert_eq!((why.at, why.reason.as_str(), why.note.as_str(), why.by.as_deref()), (At(44), "bad_timing", "in May", Some("Ana")));
            assert_eq!((seen.episode.quiet_until, seen.opportunity), (Some(TODAY + 9), Some(BETA_DEAL)));
            assert!(of_found(db.read(), &[ACME_SEATS]).await.unwrap().is_empty(), "none is live");
        }
    }
}
