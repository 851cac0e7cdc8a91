//! Found opportunities, as the last scan left them. Pages rank and count over all of a scope, so the list is light: one
//! query, without the texts; the texts of the rows that stand open are read by id.

use std::collections::BTreeMap;

use domain::{
    access::Scope,
    id::{CustomerId, FoundId, OpportunityId, ProductId},
    money::Money,
    opportunity::{FoundStatus, OpportunityType, Stage, Timeline, found::Found},
    time::{At, Day},
};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::{
    customers::Person,
    db::Tx,
    error::{Error, Result},
    sql::Sql,
};

/// Amount of the found opportunity `f` with its record `o`: the record's, else the expected value.
pub(crate) const LISTED_VALUE: &str = "COALESCE(o.estimated_value, f.value_expected)";

/// A found opportunity without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRow {
    /// Id.
    pub id: FoundId,
    /// The account.
    pub customer: CustomerId,
    /// The account's id in the source system.
    pub customer_external_id: String,
    /// The account's name.
    pub customer_name: String,
    /// The account's CSM.
    pub csm: Option<Person>,
    /// Type.
    pub kind: OpportunityType,
    /// Product.
    pub product: Option<ProductId>,
    /// Where it stands.
    pub status: FoundStatus,
    /// "45 additional seats".
    pub name: String,
    /// 0–1.
    pub composite: f64,
    /// 0–100.
    pub confidence: f64,
    /// Cautious value.
    pub value_low: Option<Money>,
    /// Expected value.
    pub value_expected: Option<Money>,
    /// Optimistic value.
    pub value_high: Option<Money>,
    /// When it is due.
    pub timeline: Timeline,
    /// The record.
    pub record: Option<Record>,
    /// The scan that gave these figures.
    pub scored_at: At,
    /// Found first at.
    pub first_found_at: At,
    /// Silent until this day.
    pub quiet_until: Option<Day>,
    /// Why somebody dismissed it, until a scan finds it afresh.
    pub dismissed_reason: Option<String>,
    /// Rule of its strongest live signal.
    pub strongest_rule: Option<String>,
}

/// The record of a found opportunity, as far as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Id.
    pub id: OpportunityId,
    /// Id in the source system.
    pub external_id: Option<String>,
    /// Stage.
    pub stage: Stage,
    /// Amount.
    pub estimated_value: Option<Money>,
    /// "QBR", "Seat utilization", …
    pub source: Option<String>,
    /// The record's CSM.
    pub csm: Option<Person>,
}

impl FoundRow {
    /// The record's amount, else the expected value.
    #[must_use]
    pub fn value(&self) -> Option<Money> {
        self.record.as_ref().and_then(|record| record.estimated_value).or(self.value_expected)
    }
}

const COLUMNS: &str = "SELECT f.id, f.customer_id, c.external_id, c.name, c.csm_id, u.name, u.email, f.kind, \
    f.product_id, f.status, f.name, f.composite, f.confidence, f.value_low, f.value_expected, f.value_high, f.timeline, \
    o.id, o.external_id, o.stage, o.estimated_value, o.source, o.csm_id, w.name, w.email, f.scored_at, f.first_found_at, \
    f.quiet_until, f.dismissed_reason, \
    (SELECT s.rule FROM signals s WHERE s.customer_id = f.customer_id AND s.closed_at IS NULL AND s.found_id = f.id \
     AND s.status <> 'dismissed' ORDER BY s.strength DESC, s.id LIMIT 1) \
    FROM found_opportunities f JOIN customers c ON c.id = f.customer_id LEFT JOIN users u ON u.id = c.csm_id \
    LEFT JOIN opportunities o ON o.id = f.opportunity_id LEFT JOIN users w ON w.id = o.csm_id WHERE";

/// Reads a row of [`COLUMNS`] by place, which is faster than by name when there are a hundred thousand.
fn read(row: &QueryResult) -> Result<FoundRow> {
    let id: i64 = row.try_get_by_index(0)?;
    let wrong = |what: &str| Error::inconsistent("found_opportunities", format!("{id}: {what}"));
    let money = |place: usize| Ok::<_, Error>(row.try_get_by_index::<Option<i64>>(place)?.map(Money));
    let text = |place: usize| Ok::<_, Error>(row.try_get_by_index::<String>(place)?);
    let record = match row.try_get_by_index::<Option<i64>>(17)? {
        None => None,
        Some(record) => Some(Record {
            id: OpportunityId(record),
            external_id: row.try_get_by_index(18)?,
            stage: Stage::from_key(&text(19)?).ok_or_else(|| Error::inconsistent("opportunities", record))?,
            estimated_value: money(20)?,
            source: row.try_get_by_index(21)?,
            csm: Person::of(row.try_get_by_index(22)?, row.try_get_by_index(23)?, row.try_get_by_index(24)?),
        }),
    };
    Ok(FoundRow {
        id: FoundId(id),
        customer: CustomerId(row.try_get_by_index(1)?),
        customer_external_id: text(2)?,
        customer_name: text(3)?,
        csm: Person::of(row.try_get_by_index(4)?, row.try_get_by_index(5)?, row.try_get_by_index(6)?),
        kind: OpportunityType::from_key(&text(7)?).ok_or_else(|| wrong("kind"))?,
        product: Some(row.try_get_by_index::<i64>(8)?).filter(|id| *id != 0).map(ProductId),
        status: FoundStatus::from_key(&text(9)?).ok_or_else(|| wrong("status"))?,
        name: text(10)?,
        composite: row.try_get_by_index(11)?,
        confidence: row.try_get_by_index(12)?,
        value_low: money(13)?,
        value_expected: money(14)?,
        value_high: money(15)?,
        timeline: Timeline::from_key(&text(16)?).ok_or_else(|| wrong("timeline"))?,
        record,
        scored_at: At(row.try_get_by_index(25)?),
        first_found_at: At(row.try_get_by_index(26)?),
        quiet_until: row.try_get_by_index::<Option<i32>>(27)?.map(Day),
        dismissed_reason: row.try_get_by_index(28)?,
        strongest_rule: row.try_get_by_index(29)?,
    })
}

/// Everything found within a scope that is not gone, in the order of ids.
pub async fn all(conn: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<FoundRow>> {
    let sql = Sql::new(conn, COLUMNS).add("f.gone_at IS NULL AND").scoped("f.customer_id", scope).add("ORDER BY f.id");
    sql.rows(conn).await?.iter().map(read).collect()
}

/// What was found on one account within a scope and is not gone, best first.
pub async fn of_customer(conn: &impl ConnectionTrait, scope: &Scope, customer: CustomerId) -> Result<Vec<FoundRow>> {
    let sql = Sql::new(conn, COLUMNS)
        .add("f.gone_at IS NULL AND")
        .scoped_one("f.customer_id", scope)
        .with("AND f.customer_id = ? ORDER BY f.composite DESC, f.id", [customer.0.into()]);
    sql.rows(conn).await?.iter().map(read).collect()
}

/// One found opportunity within a scope, unless it is gone.
pub async fn one(conn: &impl ConnectionTrait, scope: &Scope, id: FoundId) -> Result<Option<FoundRow>> {
    let sql = Sql::new(conn, COLUMNS)
        .add("f.gone_at IS NULL AND")
        .scoped_one("f.customer_id", scope)
        .with("AND f.id = ?", [id.0.into()]);
    sql.rows(conn).await?.first().map(read).transpose()
}

/// The texts and parts of found opportunities; the ids come from a scoped read.
pub async fn details(conn: &impl ConnectionTrait, ids: &[FoundId]) -> Result<BTreeMap<FoundId, Found>> {
    let sql =
        Sql::new(conn, "SELECT id, detail FROM found_opportunities WHERE").within("id", ids.iter().map(|id| id.0));
    let mut found = BTreeMap::new();
    for row in sql.rows(conn).await? {
        let id: i64 = row.try_get_by_index(0)?;
        let detail: String = row.try_get_by_index(1)?;
        found.insert(FoundId(id), crate::words::json("found_opportunities", id, &detail)?);
    }
    Ok(found)
}

/// Number of opportunities within a scope that stand in the finder: open and candidate.
pub async fn count_listed(conn: &impl ConnectionTrait, scope: &Scope) -> Result<u32> {
    let begin =
        "SELECT COUNT(*) FROM found_opportunities f WHERE f.gone_at IS NULL AND f.status IN ('open', 'candidate') AND";
    Sql::new(conn, begin).scoped("f.customer_id", scope).number(conn).await
}

/// Gives a found opportunity its record; false when it has one already or is gone.
pub async fn set_record(tx: &Tx, id: FoundId, record: OpportunityId) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE found_opportunities SET").with(
        "opportunity_id = ?, status = 'open' WHERE id = ? AND opportunity_id IS NULL AND gone_at IS NULL",
        [record.0.into(), id.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}

/// Takes a found opportunity off the list with a reason, silently until a day when one is given. Its signals are
/// dismissed beside it, so the next scan agrees. False when it is gone already.
pub async fn dismiss(tx: &Tx, id: FoundId, reason: &str, quiet_until: Option<Day>, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE found_opportunities SET").with(
        "gone_at = ?, dismissed_reason = ?, quiet_until = ? WHERE id = ? AND gone_at IS NULL",
        [now.0.into(), reason.into(), quiet_until.map(|day| day.0).into(), id.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}

/// Keeps a found opportunity silent until a day; the next scan of the account holds it back. `None` ends the silence.
pub async fn set_quiet(tx: &Tx, id: FoundId, until: Option<Day>) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE found_opportunities SET")
        .with("quiet_until = ? WHERE id = ? AND gone_at IS NULL", [until.map(|day| day.0).into(), id.0.into()]);
    Ok(sql.run(tx).await? > 0)
}

/// What the last scan of an account left besides opportunities: when it was, blockers and guards as JSON lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// Last scan.
    pub scanned_at: At,
    /// Blockers, JSON.
    pub blockers: String,
    /// Guards, JSON.
    pub guards: String,
}

/// The state that the last scan left of an account; the id comes from a scoped read.
pub async fn account_state(conn: &impl ConnectionTrait, customer: CustomerId) -> Result<Option<AccountState>> {
    let sql = Sql::new(conn, "SELECT scanned_at, blockers, guards FROM account_state WHERE")
        .with("customer_id = ?", [customer.0.into()]);
    let rows = sql.rows(conn).await?;
    rows.first()
        .map(|row| {
            Ok(AccountState {
                scanned_at: At(row.try_get_by_index(0)?),
                blockers: row.try_get_by_index(1)?,
                guards: row.try_get_by_index(2)?,
            })
        })
        .transpose()
}

/// Number of accounts that were scanned after an instant.
pub async fn scanned_after(conn: &impl ConnectionTrait, at: At) -> Result<u32> {
    Sql::new(conn, "SELECT COUNT(*) FROM account_state WHERE").with("scanned_at > ?", [at.0.into()]).number(conn).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{ACME, ACME_SEATS, ANA, TODAY, fill, scopes},
        on_each_database,
        opportunities::{self, NewOpportunity},
    };

    on_each_database! {
        async fn nobody_sees_a_found_one_outside_the_scope(db: &Db) {
            fill(db).await;
            let everything = all(db.read(), &Scope::All).await.unwrap();
            assert_eq!(everything.iter().map(|row| row.id.0).collect::<Vec<_>>(), [1, 2, 3], "the gone one is not listed");
            for (scope, seen) in scopes() {
                let listed = all(db.read(), &scope).await.unwrap();
                let wanted: Vec<_> = everything.iter().filter(|row| seen.contains(&row.customer)).cloned().collect();
                assert_eq!(listed, wanted, "{scope:?}");
                let counted = wanted.iter().filter(|row| row.status != FoundStatus::HeldBack).count();
                assert_eq!(count_listed(db.read(), &scope).await.unwrap() as usize, counted);
                for row in &everything {
                    assert_eq!(one(db.read(), &scope, row.id).await.unwrap().is_some(), seen.contains(&row.customer));
                    assert_eq!(of_customer(db.read(), &scope, row.customer).await.unwrap().len(), usize::from(seen.contains(&row.customer)));
                }
            }
        }

        async fn a_row_has_its_record_and_its_people(db: &Db) {
            fill(db).await;
            let rows = all(db.read(), &Scope::All).await.unwrap();
            assert_eq!((rows[0].value(), rows[0].strongest_rule.as_deref()), (Some(Money(200)), Some("seat_utilization")));
            assert_eq!(rows[0].csm.as_ref().map(|csm| csm.name.as_str()), Some("Ana"));
            let record = rows[1].record.as_ref().unwrap();
            assert_eq!((record.stage, record.external_id.as_deref(), record.source.as_deref()), (Stage::Proposal, Some("O-1"), Some("QBR")));
            assert_eq!(record.csm.as_ref().map(|csm| csm.id), Some(ANA));
            assert_eq!((rows[1].value(), rows[1].product), (Some(Money(700)), Some(ProductId(2))));
        }

        async fn a_record_is_made_once_with_its_history(db: &Db) {
            fill(db).await;
            let make = |tx: Tx| async move {
                let new = NewOpportunity {
                    customer: ACME, found: ACME_SEATS, name: "45 additional seats".into(), kind: OpportunityType::SeatExpansion,
                    product: None, estimated_value: Some(Money(200)), source: "Seat utilization".into(), csm: Some(ANA), identified_on: TODAY,
                };
                opportunities::create_from_found(&tx, new, Some(ANA), At(77)).await
            };
            let id = db.write(make).await.unwrap();
            assert!(matches!(db.write(make).await, Err(Error::Conflict(_))));
            let row = one(db.read(), &Scope::All, ACME_SEATS).await.unwrap().unwrap();
            assert_eq!((row.status, row.record.map(|record| record.id)), (FoundStatus::Open, Some(id)));
            let records = opportunities::of_customer(db.read(), &Scope::Csms(vec![ANA]), ACME, TODAY).await.unwrap();
            assert_eq!((records.len(), records[0].known.stage, records[0].found), (1, Stage::Identified, Some(ACME_SEATS)));
            assert_eq!(opportunities::by_ref(db.read(), &Scope::All, &id.to_string()).await.unwrap(), Some(records[0].clone()));
            let signals = crate::signals::of_found(db.read(), &[ACME_SEATS]).await.unwrap();
            assert!(signals[&ACME_SEATS].iter().all(|signal| signal.opportunity == Some(id)) && signals[&ACME_SEATS].len() == 2);
            let history = Sql::new(db.read(), "SELECT COUNT(*) FROM opportunity_history").number(db.read()).await.unwrap();
            assert_eq!(history, 1, "the refused attempt left nothing");
            let counted = Sql::new(db.read(), "SELECT COUNT(*) FROM opportunities WHERE imported = FALSE").number(db.read()).await.unwrap();
            assert_eq!(counted, 2);
        }

        async fn a_dismissed_one_leaves_the_list(db: &Db) {
            fill(db).await;
            let (quiet, first, again) = db.write(|tx| async move {
                Ok::<_, Error>((
                    set_quiet(&tx, ACME_SEATS, Some(TODAY + 1)).await?,
                    dismiss(&tx, ACME_SEATS, "not_a_fit", None, At(9)).await?,
                    dismiss(&tx, ACME_SEATS, "not_a_fit", None, At(9)).await?,
                ))
            }).await.unwrap();
            assert!(quiet && first && !again);
            assert!(one(db.read(), &Scope::All, ACME_SEATS).await.unwrap().is_none());
            assert!(account_state(db.read(), ACME).await.unwrap().is_none());
        }
    }
}
