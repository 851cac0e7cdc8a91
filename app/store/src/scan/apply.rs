//! Writing: what is new of a batch of accounts, in one transaction.
//!
//! The order is that of the references: episodes close, change and open; records are made; found opportunities point to
//! them; episodes point to both; people are told. Everything is a statement over many rows.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::{CustomerId, FoundId, OpportunityId, ProductId, SignalId, UserId},
    money::Money,
    opportunity::{OpportunityType, found::Found},
    signal::episode::Episode,
    time::{At, Day},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use super::{EpisodeKey, FoundKey};
use crate::{Error, Result, Tx};

/// Rows of one INSERT. With 30 columns that is a fifth of SQLite's limit of 32,766 bound values.
const ROWS_AT_ONCE: usize = 200;

/// What a scan writes for one account. Nothing in it: nothing is written.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountChanges {
    /// The account.
    pub customer: CustomerId,
    /// Episodes that end now.
    pub closes: Vec<SignalId>,
    /// New states of running episodes.
    pub updates: Vec<EpisodeWrite>,
    /// Episodes that begin now.
    pub opens: Vec<EpisodeWrite>,
    /// Opportunity records to be made.
    pub records: Vec<NewRecord>,
    /// Found opportunities that are new or changed.
    pub found: Vec<FoundWrite>,
    /// Found opportunities that are there no more.
    pub gone: Vec<FoundId>,
    /// What each live episode counts for, where that is to change.
    pub links: Vec<Link>,
    /// Blockers and guards, when they changed.
    pub state: Option<StateWrite>,
    /// Whom to tell.
    pub notifications: Vec<NewNotification>,
    /// Tasks to be made.
    pub tasks: Vec<NewTask>,
    /// Lines of the activity log.
    pub activities: Vec<NewActivity>,
}

impl AccountChanges {
    /// Nothing to write yet.
    #[must_use]
    pub fn none(customer: CustomerId) -> AccountChanges {
        AccountChanges {
            customer,
            closes: Vec::new(),
            updates: Vec::new(),
            opens: Vec::new(),
            records: Vec::new(),
            found: Vec::new(),
            gone: Vec::new(),
            links: Vec::new(),
            state: None,
            notifications: Vec::new(),
            tasks: Vec::new(),
            activities: Vec::new(),
        }
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == AccountChanges::none(self.customer)
    }
}

/// An episode as it is to be; its id counts only for an update.
#[derive(Debug, Clone, PartialEq)]
pub struct EpisodeWrite {
    /// The episode.
    pub episode: Episode,
    /// Hash of what the scan writes of it.
    pub content_hash: String,
}

/// An opportunity record to be made: stage identified, owned by the account's CSM.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecord {
    /// An id that stands for it until it is made; wherever what was found mentions it, the real one is put in.
    pub provisional: OpportunityId,
    /// What it is made from.
    pub found: FoundKey,
    /// Name.
    pub name: String,
    /// Amount, when it is known.
    pub estimated_value: Option<Money>,
    /// The rule's label.
    pub source: String,
    /// CSM of the account.
    pub csm: Option<UserId>,
    /// Day of identification.
    pub identified_on: Day,
}

/// A found opportunity as it is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundWrite {
    /// What was found.
    pub found: Found,
    /// When it was found first; newly found again after it was gone counts as first.
    pub first_found_at: At,
    /// Whether an earlier dismissal or silence is over.
    pub afresh: bool,
}

/// What an episode counts for from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The episode.
    pub signal: EpisodeKey,
    /// Its id; none while it is only being opened.
    pub id: Option<SignalId>,
    /// The found opportunity, if any.
    pub found: Option<FoundKey>,
}

/// Blockers and guards of an account, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateWrite {
    /// `Vec<BlockerNote>`.
    pub blockers: String,
    /// `Vec<Guard>`.
    pub guards: String,
    /// Hash of both.
    pub content_hash: String,
}

/// An item for somebody's inbox. `{found}` in the address becomes the id of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// Whose.
    pub user: UserId,
    /// `signal`, `opportunity`, `sales`.
    pub kind: &'static str,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Address.
    pub href: &'static str,
    /// What it is about.
    pub found: FoundKey,
    /// Only one with this key is ever made.
    pub dedupe_key: String,
}

/// A task. It hangs on the record of what was found, when there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Whose.
    pub user: UserId,
    /// Title.
    pub title: String,
    /// Due day.
    pub due_on: Day,
    /// What it is about.
    pub found: FoundKey,
    /// Only one with this key is ever made.
    pub dedupe_key: String,
}

/// A line of the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewActivity {
    /// "Monitor", "Expansion".
    pub actor: &'static str,
    /// `signal`, `opportunity`.
    pub kind: &'static str,
    /// Sentence.
    pub text: String,
    /// What it is about; the record of that is named.
    pub found: Option<FoundKey>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Episodes opened.
    pub opened: u64,
    /// Episodes changed.
    pub updated: u64,
    /// Episodes closed.
    pub closed: u64,
    /// Records made.
    pub records: u64,
    /// Notifications made.
    pub notifications: u64,
}

/// Writes what is new of a batch; answers who has something new in the inbox.
///
/// # Errors
/// [`Error::Conflict`] when somebody changed the same thing since the batch was read: read it again.
pub async fn apply(tx: &Tx, changes: &[AccountChanges], now: At) -> Result<(Applied, BTreeSet<UserId>)> {
    let batch = Batch { tx, changes, now };
    let closed = batch.close().await?;
    let updated = batch.update().await?;
    let opened = batch.open().await?;
    batch.check_records().await?;
    let records = batch.make_records().await?;
    let found = batch.write_found(&records).await?;
    batch.point_records(&records, &found).await?;
    batch.link(&opened, &found).await?;
    batch.mark_gone().await?;
    batch.write_states().await?;
    let told = batch.notify(&found).await?;
    batch.add_tasks(&found).await?;
    batch.log(&records, &found).await?;
    let applied = Applied {
        opened: opened.len() as u64,
        updated,
        closed,
        records: records.len() as u64,
        notifications: told.len() as u64,
    };
    Ok((applied, told.into_iter().collect()))
}

/// Ids of new rows by account and key.
type SignalIds = BTreeMap<(CustomerId, EpisodeKey), SignalId>;
type RecordIds = BTreeMap<(CustomerId, FoundKey), OpportunityId>;

/// A found opportunity of the batch after it was written.
#[derive(Debug, Clone, Copy)]
struct FoundIds {
    id: FoundId,
    opportunity: Option<OpportunityId>,
}
type Found2Ids = BTreeMap<(CustomerId, FoundKey), FoundIds>;

struct Batch<'a> {
    tx: &'a Tx,
    changes: &'a [AccountChanges],
    now: At,
}

impl Batch<'_> {
    fn all<'b, T>(
        &'b self,
        of: impl Fn(&'b AccountChanges) -> &'b [T] + 'b,
    ) -> impl Iterator<Item = (CustomerId, &'b T)> + 'b
    where
        T: 'b,
    {
        self.changes.iter().flat_map(move |change| of(change).iter().map(move |item| (change.customer, item)))
    }

    async fn close(&self) -> Result<u64> {
        let ids: Vec<i64> = self.all(|c| &c.closes).map(|(_, id)| id.0).collect();
        if ids.is_empty() {
            return Ok(0);
        }
        let text = format!(
            "UPDATE signals SET closed_at = {now}, live_key = NULL, updated_at = {now} \
             WHERE closed_at IS NULL AND id IN ({})",
            numbers(&ids),
            now = self.now.0
        );
        Ok(self.tx.execute_unprepared(&text).await?.rows_affected())
    }

    async fn update(&self) -> Result<u64> {
        const COLUMNS: [&str; 12] = [
            "strength",
            "leads_to",
            "product_id",
            "general",
            "supports_only",
            "title",
            "observed_at",
            "last_held_on",
            "reach_on",
            "asked_quantity",
            "content_hash",
            "updated_at",
        ];
        let updates: Vec<&EpisodeWrite> = self.all(|c| &c.updates).map(|(_, write)| write).collect();
        for chunk in updates.chunks(ROWS_AT_ONCE) {
            let rows = chunk.iter().map(|write| {
                let mut row: Vec<Value> = vec![write.episode.id.0.into()];
                row.extend(changing(write));
                row.push(self.now.0.into());
                row
            });
            let (values, bound) = placeholders(rows);
            let sets: Vec<String> =
                COLUMNS.iter().enumerate().map(|(i, column)| format!("{column} = v.column{}", i + 2)).collect();
            let text = format!(
                "UPDATE signals SET {} FROM (VALUES {values}) AS v WHERE signals.id = v.column1 AND signals.closed_at IS NULL",
                sets.join(", ")
            );
            self.execute(&text, bound).await?;
            let ids: Vec<i64> = chunk.iter().map(|write| write.episode.id.0).collect();
            let text = format!("DELETE FROM signal_evidence WHERE signal_id IN ({})", numbers(&ids));
            self.tx.execute_unprepared(&text).await?;
        }
        self.write_evidence(updates.iter().map(|write| (write.episode.id, &write.episode))).await?;
        Ok(updates.len() as u64)
    }

    async fn open(&self) -> Result<SignalIds> {
        const COLUMNS: &str = "customer_id, rule, subject, rule_version, status, opened_at, source, live_key, \
             created_at, strength, leads_to, product_id, general, supports_only, title, observed_at, last_held_on, \
             reach_on, asked_quantity, content_hash, updated_at";
        let rows = self.all(|c| &c.opens).map(|(customer, write)| {
            let episode = &write.episode;
            let live_key = format!("{}/{}/{}", customer.0, episode.rule, episode.subject);
            let mut row: Vec<Value> = vec![
                customer.0.into(),
                episode.rule.key().into(),
                episode.subject.as_str().into(),
                episode.rule_version.into(),
                "detected".into(),
                self.now.0.into(),
                "scan".into(),
                live_key.into(),
                self.now.0.into(),
            ];
            row.extend(changing(write));
            row.push(self.now.0.into());
            row
        });
        let made = self.insert("signals", COLUMNS, rows, " RETURNING id, customer_id, rule, subject").await?;
        let mut ids = SignalIds::new();
        for row in made {
            let rule: String = row.try_get_by_index(2)?;
            let rule = rule.parse().map_err(|_| Error::inconsistent("signals", &rule))?;
            let key = (CustomerId(row.try_get_by_index(1)?), (rule, row.try_get_by_index(3)?));
            ids.insert(key, SignalId(row.try_get_by_index(0)?));
        }
        let opened = self.all(|c| &c.opens).filter_map(|(customer, write)| {
            let key = (customer, (write.episode.rule, write.episode.subject.clone()));
            Some((*ids.get(&key)?, &write.episode))
        });
        self.write_evidence(opened).await?;
        Ok(ids)
    }

    async fn write_evidence<'b>(&self, episodes: impl Iterator<Item = (SignalId, &'b Episode)>) -> Result<()> {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for (id, episode) in episodes {
            for (position, piece) in episode.evidence.iter().enumerate() {
                rows.push(vec![id.0.into(), (position as i32).into(), json(piece)?.into()]);
            }
        }
        self.insert("signal_evidence", "signal_id, position, json", rows.into_iter(), "").await?;
        Ok(())
    }

    /// Nobody made a record for the same account, type and product since the batch was read (one open opportunity per
    /// account, type and product, PRODUCT 5).
    async fn check_records(&self) -> Result<()> {
        let wanted: BTreeSet<(i64, &str, i64)> = self
            .all(|c| &c.records)
            .map(|(customer, record)| (customer.0, record.found.0.key(), product_column(record.found.1)))
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let customers: BTreeSet<i64> = wanted.iter().map(|(customer, ..)| *customer).collect();
        let text = format!(
            "SELECT customer_id, type, COALESCE(product_id, 0) FROM opportunities \
             WHERE customer_id IN ({}) AND stage NOT IN ('closed_won', 'closed_lost')",
            numbers(&customers.into_iter().collect::<Vec<_>>())
        );
        for row in self.tx.query_all_raw(Statement::from_string(self.tx.get_database_backend(), text)).await? {
            let customer: i64 = row.try_get_by_index(0)?;
            let kind: String = row.try_get_by_index(1)?;
            if wanted.contains(&(customer, kind.as_str(), row.try_get_by_index(2)?)) {
                return Err(Error::Conflict(format!("an open opportunity of type {kind} for customer {customer}")));
            }
        }
        Ok(())
    }

    async fn make_records(&self) -> Result<RecordIds> {
        const COLUMNS: &str = "customer_id, type, product_id, name, stage, estimated_value, identified_on, csm_id, \
             source, imported, created_at, updated_at";
        let rows = self.all(|c| &c.records).map(|(customer, record)| {
            vec![
                customer.0.into(),
                record.found.0.key().into(),
                record.found.1.map(|product| product.0).into(),
                record.name.as_str().into(),
                "identified".into(),
                record.estimated_value.map(|value| value.0).into(),
                record.identified_on.0.into(),
                record.csm.map(|user| user.0).into(),
                record.source.as_str().into(),
                false.into(),
                self.now.0.into(),
                self.now.0.into(),
            ]
        });
        let made = self.insert("opportunities", COLUMNS, rows, " RETURNING id, customer_id, type, product_id").await?;
        let mut ids = RecordIds::new();
        for row in made {
            let product: Option<i64> = row.try_get_by_index(3)?;
            let key = (CustomerId(row.try_get_by_index(1)?), (kind(&row, 2)?, product.map(ProductId)));
            ids.insert(key, OpportunityId(row.try_get_by_index(0)?));
        }
        let history = ids
            .values()
            .map(|id| vec![id.0.into(), "identified".into(), self.now.0.into(), self.now.0.into(), self.now.0.into()]);
        let columns = "opportunity_id, to_stage, changed_at, created_at, updated_at";
        self.insert("opportunity_history", columns, history, "").await?;
        let audit = self.all(|c| &c.records).filter_map(|(customer, record)| {
            let id = ids.get(&(customer, record.found))?;
            let detail = format!("{customer}: {}, stage identified", record.name);
            Some(vec![
                self.now.0.into(),
                "Expansion".into(),
                "opportunity.created".into(),
                id.to_string().into(),
                detail.into(),
            ])
        });
        self.insert("audit_log", "at, actor, action, subject, detail", audit, "").await?;
        Ok(ids)
    }

    async fn write_found(&self, records: &RecordIds) -> Result<Found2Ids> {
        const COLUMNS: &str = "customer_id, kind, product_id, status, opportunity_id, name, composite, confidence, \
             value_low, value_expected, value_high, timeline, detail, content_hash, scored_at, first_found_at";
        let mut ids = Found2Ids::new();
        // Those that come afresh forget what was decided about them before.
        for afresh in [false, true] {
            let mut rows: Vec<Vec<Value>> = Vec::new();
            for (customer, write) in self.all(|c| &c.found).filter(|(_, write)| write.afresh == afresh) {
                let mut found = write.found.clone();
                let mut detail = json(&found)?;
                for record in self.made_for(customer) {
                    let Some(made) = records.get(&(customer, record.found)) else { continue };
                    detail = detail.replace(&record.provisional.to_string(), &made.to_string());
                    found.opportunity = found.opportunity.map(|id| if id == record.provisional { *made } else { id });
                }
                rows.push(vec![
                    customer.0.into(),
                    found.kind.key().into(),
                    product_column(found.product).into(),
                    found.status.key().into(),
                    found.opportunity.map(|id| id.0).into(),
                    found.name.as_str().into(),
                    found.composite.into(),
                    found.confidence.into(),
                    found.value.low.map(|value| value.0).into(),
                    found.value.expected.map(|value| value.0).into(),
                    found.value.high.map(|value| value.0).into(),
                    found.timeline.key().into(),
                    detail.as_str().into(),
                    content_hash(&[&detail]).into(),
                    self.now.0.into(),
                    write.first_found_at.0.into(),
                ]);
            }
            let forget = if afresh { ", dismissed_reason = NULL, quiet_until = NULL" } else { "" };
            let tail = format!(
                " ON CONFLICT (customer_id, kind, product_id) DO UPDATE SET status = excluded.status, \
                 opportunity_id = excluded.opportunity_id, name = excluded.name, composite = excluded.composite, \
                 confidence = excluded.confidence, value_low = excluded.value_low, \
                 value_expected = excluded.value_expected, value_high = excluded.value_high, \
                 timeline = excluded.timeline, detail = excluded.detail, content_hash = excluded.content_hash, \
                 scored_at = excluded.scored_at, first_found_at = excluded.first_found_at, gone_at = NULL{forget} \
                 RETURNING id, customer_id, kind, product_id, opportunity_id"
            );
            for row in self.insert("found_opportunities", COLUMNS, rows.into_iter(), &tail).await? {
                let (key, found) = found_ids(&row)?;
                ids.insert(key, found);
            }
        }
        self.unchanged_found(&mut ids).await?;
        Ok(ids)
    }

    fn made_for(&self, customer: CustomerId) -> impl Iterator<Item = &NewRecord> {
        self.all(|c| &c.records).filter(move |(of, _)| *of == customer).map(|(_, record)| record)
    }

    /// Ids of found opportunities that are only referred to.
    async fn unchanged_found(&self, ids: &mut Found2Ids) -> Result<()> {
        let links = self.all(|c| &c.links).filter_map(|(customer, link)| Some((customer, link.found?)));
        let told = self.all(|c| &c.notifications).map(|(customer, told)| (customer, told.found));
        let tasks = self.all(|c| &c.tasks).map(|(customer, task)| (customer, task.found));
        let logged = self.all(|c| &c.activities).filter_map(|(customer, activity)| Some((customer, activity.found?)));
        let missing: BTreeSet<i64> = links
            .chain(told)
            .chain(tasks)
            .chain(logged)
            .filter(|key| !ids.contains_key(key))
            .map(|(customer, _)| customer.0)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let text = format!(
            "SELECT id, customer_id, kind, product_id, opportunity_id FROM found_opportunities WHERE customer_id IN ({})",
            numbers(&missing.into_iter().collect::<Vec<_>>())
        );
        for row in self.tx.query_all_raw(Statement::from_string(self.tx.get_database_backend(), text)).await? {
            let (key, found) = found_ids(&row)?;
            ids.entry(key).or_insert(found);
        }
        Ok(())
    }

    /// New records know what they were made from.
    async fn point_records(&self, records: &RecordIds, found: &Found2Ids) -> Result<()> {
        let rows: Vec<Vec<Value>> = records
            .iter()
            .filter_map(|(key, record)| Some(vec![record.0.into(), found.get(key)?.id.0.into()]))
            .collect();
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            let (values, bound) = placeholders(chunk.iter().cloned());
            let text = format!(
                "UPDATE opportunities SET found_id = v.column2 FROM (VALUES {values}) AS v WHERE opportunities.id = v.column1"
            );
            self.execute(&text, bound).await?;
        }
        Ok(())
    }

    async fn link(&self, opened: &SignalIds, found: &Found2Ids) -> Result<()> {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for (customer, link) in self.all(|c| &c.links) {
            let id = link.id.or_else(|| opened.get(&(customer, link.signal.clone())).copied());
            let Some(id) = id else { continue };
            let target = link.found.and_then(|key| found.get(&(customer, key)));
            rows.push(vec![
                id.0.into(),
                target.map(|found| found.id.0).into(),
                target.and_then(|found| found.opportunity).map(|id| id.0).into(),
            ]);
        }
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            let (values, bound) = placeholders(chunk.iter().cloned());
            let text = format!(
                "UPDATE signals SET found_id = v.column2, opportunity_id = v.column3 FROM (VALUES {values}) AS v \
                 WHERE signals.id = v.column1"
            );
            self.execute(&text, bound).await?;
        }
        Ok(())
    }

    async fn mark_gone(&self) -> Result<()> {
        let ids: Vec<i64> = self.all(|c| &c.gone).map(|(_, id)| id.0).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let text = format!(
            "UPDATE found_opportunities SET gone_at = {} WHERE gone_at IS NULL AND id IN ({})",
            self.now.0,
            numbers(&ids)
        );
        self.tx.execute_unprepared(&text).await?;
        Ok(())
    }

    async fn write_states(&self) -> Result<()> {
        let rows = self.changes.iter().filter_map(|change| {
            let state = change.state.as_ref()?;
            Some(vec![
                change.customer.0.into(),
                self.now.0.into(),
                state.blockers.as_str().into(),
                state.guards.as_str().into(),
                state.content_hash.as_str().into(),
            ])
        });
        let tail = " ON CONFLICT (customer_id) DO UPDATE SET scanned_at = excluded.scanned_at, \
             blockers = excluded.blockers, guards = excluded.guards, content_hash = excluded.content_hash";
        self.insert("account_state", "customer_id, scanned_at, blockers, guards, content_hash", rows, tail).await?;
        Ok(())
    }

    async fn notify(&self, found: &Found2Ids) -> Result<Vec<UserId>> {
        let rows = self.all(|c| &c.notifications).filter_map(|(customer, told)| {
            let id = found.get(&(customer, told.found))?.id;
            Some(vec![
                told.user.0.into(),
                told.kind.into(),
                told.title.as_str().into(),
                told.body.as_str().into(),
                told.href.replace("{found}", &id.to_string()).into(),
                told.dedupe_key.as_str().into(),
                self.now.0.into(),
            ])
        });
        let columns = "user_id, kind, title, body, href, dedupe_key, created_at";
        let tail = " ON CONFLICT (dedupe_key) DO NOTHING RETURNING user_id";
        let made = self.insert("notifications", columns, rows, tail).await?;
        made.iter().map(|row| Ok(UserId(row.try_get_by_index(0)?))).collect()
    }

    async fn add_tasks(&self, found: &Found2Ids) -> Result<()> {
        let rows = self.all(|c| &c.tasks).map(|(customer, task)| {
            let record = found.get(&(customer, task.found)).and_then(|found| found.opportunity);
            vec![
                task.user.0.into(),
                customer.0.into(),
                record.map(|id| id.0).into(),
                task.title.as_str().into(),
                task.due_on.0.into(),
                task.dedupe_key.as_str().into(),
                self.now.0.into(),
            ]
        });
        let columns = "user_id, customer_id, opportunity_id, title, due_on, dedupe_key, created_at";
        self.insert("tasks", columns, rows, " ON CONFLICT (dedupe_key) DO NOTHING").await?;
        Ok(())
    }

    async fn log(&self, records: &RecordIds, found: &Found2Ids) -> Result<()> {
        let rows = self.all(|c| &c.activities).map(|(customer, activity)| {
            let record = activity.found.and_then(|key| {
                let key = (customer, key);
                records.get(&key).copied().or_else(|| found.get(&key).and_then(|found| found.opportunity))
            });
            vec![
                customer.0.into(),
                record.map(|id| id.0).into(),
                self.now.0.into(),
                activity.actor.into(),
                activity.kind.into(),
                activity.text.as_str().into(),
            ]
        });
        self.insert("activities", "customer_id, opportunity_id, at, actor, kind, text", rows, "").await?;
        Ok(())
    }

    /// Inserts rows in statements of many; answers what `tail` returns.
    async fn insert(
        &self,
        table: &str,
        columns: &str,
        rows: impl Iterator<Item = Vec<Value>>,
        tail: &str,
    ) -> Result<Vec<QueryResult>> {
        let rows: Vec<Vec<Value>> = rows.collect();
        let returns = tail.contains("RETURNING");
        let mut returned = Vec::new();
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            let (values, bound) = placeholders(chunk.iter().cloned());
            let text = format!("INSERT INTO {table} ({columns}) VALUES {values}{tail}");
            if returns {
                let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), text, bound);
                returned.extend(self.tx.query_all_raw(statement).await?);
            } else {
                self.execute(&text, bound).await?;
            }
        }
        Ok(returned)
    }

    async fn execute(&self, text: &str, bound: Vec<Value>) -> Result<()> {
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), text, bound);
        self.tx.execute_raw(statement).await?;
        Ok(())
    }
}

/// The columns of an episode that a scan may change, in the order of both statements that write them.
fn changing(write: &EpisodeWrite) -> Vec<Value> {
    let episode = &write.episode;
    vec![
        episode.strength.into(),
        episode.leads_to.key().into(),
        episode.product.map(|product| product.0).into(),
        episode.general.into(),
        episode.supports_only.into(),
        episode.title.as_str().into(),
        episode.observed_at.0.into(),
        episode.last_held_on.0.into(),
        episode.reach.map(|reach| reach.on.0).into(),
        episode.asked_quantity.into(),
        write.content_hash.as_str().into(),
    ]
}

/// `($1, $2), ($3, $4)` with the values in order.
fn placeholders(rows: impl Iterator<Item = Vec<Value>>) -> (String, Vec<Value>) {
    use std::fmt::Write;
    let mut text = String::new();
    let mut bound: Vec<Value> = Vec::new();
    for row in rows {
        text.push_str(if text.is_empty() { "(" } else { ", (" });
        for (column, value) in row.into_iter().enumerate() {
            bound.push(value);
            // Writing into a string can't fail.
            let _ = write!(text, "{}${}", if column == 0 { "" } else { ", " }, bound.len());
        }
        text.push(')');
    }
    (text, bound)
}

fn numbers(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

fn product_column(product: Option<ProductId>) -> i64 {
    product.map_or(0, |product| product.0)
}

fn kind(row: &QueryResult, column: usize) -> Result<OpportunityType> {
    let key: String = row.try_get_by_index(column)?;
    OpportunityType::from_key(&key).ok_or_else(|| Error::inconsistent("found_opportunities", &key))
}

/// `id, customer_id, kind, product_id, opportunity_id`.
fn found_ids(row: &QueryResult) -> Result<((CustomerId, FoundKey), FoundIds)> {
    let product: i64 = row.try_get_by_index(3)?;
    let opportunity: Option<i64> = row.try_get_by_index(4)?;
    let key = (CustomerId(row.try_get_by_index(1)?), (kind(row, 2)?, (product != 0).then_some(ProductId(product))));
    Ok((key, FoundIds { id: FoundId(row.try_get_by_index(0)?), opportunity: opportunity.map(OpportunityId) }))
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Unfit(format!("a finding can't be written as JSON: {error}")))
}

/// Hash of a found opportunity: equal hashes, nothing to write.
///
/// # Errors
/// When it can't be written as JSON.
pub fn found_hash(found: &Found) -> Result<String> {
    Ok(content_hash(&[&json(found)?]))
}

/// Hash of what a scan writes of an episode. The hour at which a level was seen is left out: it alone is no change.
///
/// # Errors
/// When the evidence can't be written as JSON.
pub fn episode_hash(episode: &Episode) -> Result<String> {
    let fixed = format!(
        "{} {} {:?} {} {} {} {:?} {:?}",
        episode.strength,
        episode.leads_to.key(),
        episode.product,
        episode.general,
        episode.supports_only,
        episode.last_held_on,
        episode.reach,
        episode.asked_quantity
    );
    Ok(content_hash(&[&fixed, &episode.title, &json(&episode.evidence)?]))
}

/// FNV-1a of 128 bits over texts, the same on every machine and in every version of the program. It tells changed from
/// unchanged; nobody gains by forging it.
#[must_use]
pub fn content_hash(texts: &[&str]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for text in texts {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    format!("{hash:032x}")
}
