//! Every dataset but usage, by its descriptor: look up what is there, compare, insert, update, note what changed.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    access::Role,
    import::{Column, Dataset, DatasetReport, Kind, LISTED_AT_MOST, Rejection, Value, Warning},
    time::{At, Day},
};
use sha2::{Digest, Sha256};
use store::{
    Tx,
    import::{Change, RejectedRow, Stored, key_text, stored_form},
};

use super::{
    refused,
    survey::{Batch, Parsed, Surveyed, key_hash, reference_key, rejected},
};
use crate::Result;

/// References that are remembered per dataset; beyond it they are looked up again.
const REMEMBERED_MAX: usize = 300_000;

/// Ids of what files refer to, shared by all files of a run.
#[derive(Debug, Default)]
pub(super) struct References {
    known: HashMap<(Dataset, Option<Dataset>), HashMap<String, i64>>,
}

impl References {
    /// Looks up texts that are not known yet.
    pub async fn load<'a>(
        &mut self,
        tx: &Tx,
        dataset: Dataset,
        via: Option<Dataset>,
        texts: impl Iterator<Item = &'a str>,
    ) -> Result<()> {
        let known = self.known.entry((dataset, via)).or_default();
        let mut wanted: HashSet<String> = HashSet::new();
        let mut all: Option<HashSet<String>> = (known.len() > REMEMBERED_MAX).then(HashSet::new);
        for text in texts {
            let key = reference_key(dataset, text);
            if let Some(all) = &mut all {
                all.insert(key);
            } else if !known.contains_key(&key) {
                wanted.insert(key);
            }
        }
        if let Some(all) = all {
            known.clear();
            wanted = all;
        }
        let wanted: Vec<String> = wanted.into_iter().collect();
        if !wanted.is_empty() {
            known.extend(match via {
                Some(via) => store::import::customers_via(tx, via, &wanted).await?,
                None => store::import::ids(tx, dataset, &wanted).await?,
            });
        }
        Ok(())
    }

    /// The id of a loaded text.
    pub fn id(&self, dataset: Dataset, via: Option<Dataset>, text: &str) -> Option<i64> {
        let known = self.known.get(&(dataset, via))?;
        if dataset == Dataset::Users { known.get(&text.to_lowercase()).copied() } else { known.get(text).copied() }
    }
}

/// The sentence for an unknown reference.
pub(super) fn unknown(dataset: Dataset, via: Option<Dataset>, text: &str) -> String {
    let shown: String = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let dataset = via.unwrap_or(dataset);
    match dataset {
        Dataset::Users => format!("\"{shown}\" is unknown: no person has this e-mail address; import users first"),
        Dataset::Products => format!("\"{shown}\" is unknown: no product has this sku; import products first"),
        _ => format!("\"{shown}\" is unknown: no row of {dataset} has this external_id; import {dataset} first"),
    }
}

/// What the writer is told besides the rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub now: At,
    pub today: Day,
    /// The role admin may be given.
    pub may_grant_admin: bool,
}

/// A row with its references resolved, on its way into the table.
struct Ready {
    line: u64,
    raw: Arc<str>,
    cells: Vec<Option<Value>>,
    /// A reference to a row of the same file that is not there yet.
    waits_for: Option<String>,
    /// How often its key stood in the batch.
    times: u64,
    /// Its key stood in an earlier batch of the file.
    again: bool,
}

/// A reference to another row of the same file, set when all rows are there.
struct Waiting {
    entity: i64,
    text: String,
    line: u64,
    counted_unchanged: bool,
}

/// Writes batches of one file.
pub(super) struct Writer<'a> {
    tx: &'a Tx,
    surveyed: &'a Surveyed,
    dataset: Dataset,
    columns: &'static [Column],
    rules: Rules,
    file: i64,
    /// Hash of a key → line of the file.
    seen: HashMap<u64, u64>,
    waiting: Vec<Waiting>,
    /// Opportunities whose stage changed: id, old, new.
    pub stages: Vec<(i64, String, String)>,
    pub report: DatasetReport,
}

/// What is written, collected over a batch.
#[derive(Default)]
struct Plan {
    insert: Vec<(Ready, Vec<Value>)>,
    update: Vec<(Stored, Stored)>,
}

impl<'a> Writer<'a> {
    pub fn new(tx: &'a Tx, surveyed: &'a Surveyed, file: i64, rules: Rules, report: DatasetReport) -> Writer<'a> {
        let dataset = surveyed.job.dataset;
        Writer {
            tx,
            surveyed,
            dataset,
            columns: dataset.columns(),
            rules,
            file,
            seen: HashMap::new(),
            waiting: Vec::new(),
            stages: Vec::new(),
            report,
        }
    }

    fn via(&self, column: usize) -> Option<Dataset> {
        self.surveyed.plan.as_ref().and_then(|(plan, _)| plan.via(column))
    }

    fn references(&self) -> impl Iterator<Item = (usize, &'static Column, Dataset)> + use<> {
        self.columns.iter().enumerate().filter_map(|(at, column)| match column.kind {
            Kind::Reference(target) => Some((at, column, target)),
            _ => None,
        })
    }

    fn warn(&mut self, line: u64, field: &str, message: &str) {
        if self.report.warnings.len() < LISTED_AT_MOST {
            self.report.warnings.push(Warning { line, field: field.to_owned(), message: message.to_owned() });
        }
    }

    /// Writes one batch; what can't be written is added to `batch.refused`.
    pub async fn write(
        &mut self,
        references: &mut References,
        batch: &mut Batch,
        touched: &mut HashSet<i64>,
    ) -> Result<()> {
        let rows = std::mem::take(&mut batch.rows);
        for (at, _, target) in self.references() {
            let texts = rows.iter().filter_map(|parsed| parsed.row.cells.get(at)?.as_ref()?.text());
            references.load(self.tx, target, self.via(at), texts).await?;
        }
        let ready = self.place_all(rows, references, &mut batch.refused);
        let mut keyed: Vec<Vec<Value>> = Vec::with_capacity(ready.len());
        for row in &ready {
            keyed.push(self.complete(&row.cells));
        }
        let lookups: Vec<&[Value]> = keyed.iter().map(Vec::as_slice).collect();
        let existing = store::import::existing(self.tx, self.dataset, &lookups).await?;
        let mut plan = Plan::default();
        for (row, cells) in ready.into_iter().zip(keyed) {
            let stored = existing.get(&key_text(self.dataset, &cells));
            if let Err((rejection, raw)) = self.decide(row, cells, stored, &mut plan).await? {
                batch.refused.push(rejected(rejection, &raw));
            }
        }
        self.apply(plan, touched).await
    }

    /// All cells in stored form; what is not given is absent.
    fn complete(&self, cells: &[Option<Value>]) -> Vec<Value> {
        self.columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| stored_form(column, cell.clone().unwrap_or(Value::Null)))
            .collect()
    }

    /// Resolves references and settles keys that stand twice.
    fn place_all(&mut self, rows: Vec<Parsed>, references: &References, refusals: &mut Vec<RejectedRow>) -> Vec<Ready> {
        let mut ready: Vec<Ready> = Vec::with_capacity(rows.len());
        let mut places: HashMap<u64, usize> = HashMap::new();
        for parsed in rows {
            let raw = parsed.raw.clone();
            let row = match self.place(parsed, references) {
                Ok(row) => row,
                Err(rejection) => {
                    refusals.push(rejected(rejection, &raw));
                    continue;
                }
            };
            let hash = key_hash(&key_text(self.dataset, &self.complete(&row.cells)));
            if let Some(place) = places.get(&hash).copied().filter(|_| self.dataset.last_wins()) {
                if let Some(earlier) = ready.get_mut(place) {
                    *earlier = Ready { times: earlier.times + 1, again: earlier.again, ..row };
                }
                continue;
            }
            if let Some(first) = self.seen.get(&hash).filter(|_| !self.dataset.last_wins()) {
                let keys: Vec<&str> = self.columns.iter().filter(|c| c.key).map(|c| c.name).collect();
                let field = keys.first().copied().unwrap_or_default();
                let reason = format!(
                    "the same {} stands on line {first} already; one row per key is imported",
                    keys.join(" + ")
                );
                refusals.push(rejected(refused(row.line, field, reason), &raw));
                continue;
            }
            places.insert(hash, ready.len());
            let again = self.seen.insert(hash, row.line).is_some();
            ready.push(Ready { again, ..row });
        }
        ready
    }

    fn place(&self, parsed: Parsed, references: &References) -> Result<Ready, Rejection> {
        let line = parsed.row.line;
        let mut cells = parsed.row.cells;
        let mut waits_for = None;
        let own_key = cells.first().and_then(|cell| cell.as_ref()?.text().map(str::to_owned));
        for (at, column, target) in self.references() {
            let via = self.via(at);
            let Some(cell) = cells.get_mut(at) else { continue };
            let Some(Value::Text(text)) = cell else { continue };
            if let Some(id) = references.id(target, via, text) {
                *cell = Some(Value::Int(id));
                continue;
            }
            let key = reference_key(target, text);
            if target == self.dataset && own_key.as_ref() == Some(&key) {
                return Err(refused(line, column.name, "the row refers to itself"));
            }
            if target == self.dataset && self.surveyed.own_keys.contains(&key_hash(&key)) {
                waits_for = Some(key);
                *cell = None;
                continue;
            }
            return Err(refused(line, column.name, unknown(target, via, text)));
        }
        Ok(Ready { line, raw: parsed.raw, cells, waits_for, times: 1, again: false })
    }

    /// What happens to one row. The rules that are special to a dataset stand here.
    async fn decide(
        &mut self,
        mut row: Ready,
        mut cells: Vec<Value>,
        stored: Option<&Stored>,
        plan: &mut Plan,
    ) -> Result<Result<(), (Rejection, Arc<str>)>> {
        if self.dataset == Dataset::Users
            && let Err(rejection) = self.check_role(&row, &cells, stored)
        {
            return Ok(Err((rejection, row.raw)));
        }
        if self.dataset == Dataset::Opportunities
            && let Some(at) = self.dataset.position("identified_on")
            && cells.get(at).is_some_and(Value::is_null)
        {
            if stored.is_none() {
                if let Some(cell) = cells.get_mut(at) {
                    *cell = Value::Int(i64::from(self.rules.today.0));
                }
                self.warn(
                    row.line,
                    "identified_on",
                    "empty: the opportunity counts as identified on the day of this import",
                );
            } else if let Some(cell) = row.cells.get_mut(at) {
                // The day of the first import stays.
                *cell = None;
            }
        }
        let Some(stored) = stored else {
            plan.insert.push((row, cells));
            return Ok(Ok(()));
        };
        let merged = Stored {
            id: stored.id,
            cells: stored
                .cells
                .iter()
                .zip(&row.cells)
                .zip(&cells)
                .map(|((old, given), new)| if given.is_some() { new.clone() } else { old.clone() })
                .collect(),
        };
        let unchanged = merged == *stored;
        if let Some(text) = row.waits_for.take() {
            self.waiting.push(Waiting { entity: stored.id, text, line: row.line, counted_unchanged: unchanged });
        }
        if row.again {
            self.amend(stored, &merged, row.times).await?;
        } else if unchanged {
            self.report.unchanged += row.times;
        } else {
            self.report.updated += row.times;
            plan.update.push((stored.clone(), merged));
        }
        Ok(Ok(()))
    }

    fn check_role(&self, row: &Ready, cells: &[Value], stored: Option<&Stored>) -> Result<(), Rejection> {
        let role = |cells: &[Value]| -> Option<String> {
            cells.get(self.dataset.position("role")?)?.text().map(str::to_owned)
        };
        let admin = Some(Role::Admin.key().to_owned());
        let is_admin_already = stored.is_some_and(|stored| role(&stored.cells) == admin);
        if role(cells) == admin && !is_admin_already && !self.rules.may_grant_admin {
            return Err(refused(row.line, "role", "the role admin is given by an admin or on the command line only"));
        }
        Ok(())
    }

    async fn apply(&mut self, plan: Plan, touched: &mut HashSet<i64>) -> Result<()> {
        let mut changes = Vec::with_capacity(plan.insert.len() + plan.update.len());
        let (rows, cells): (Vec<Ready>, Vec<Vec<Value>>) = plan.insert.into_iter().unzip();
        let ids = store::import::insert(self.tx, self.dataset, self.rules.now, &cells).await?;
        for (row, cells) in rows.into_iter().zip(cells) {
            let id = ids
                .get(&key_text(self.dataset, &cells))
                .copied()
                .ok_or_else(|| crate::Error::Internal(format!("a row inserted into {} has no id", self.dataset)))?;
            self.report.created += 1;
            self.report.updated += row.times - 1;
            changes.push(Change { entity: id, before: None, after: digest(&cells) });
            if let Some(text) = row.waits_for {
                self.waiting.push(Waiting { entity: id, text, line: row.line, counted_unchanged: false });
            }
        }
        for (old, new) in &plan.update {
            changes.push(Change { entity: new.id, before: Some(self.before(old, new)), after: digest(&new.cells) });
            self.note_stage(old, new);
            if let Some(customer) = self.customer_of(&old.cells) {
                touched.insert(customer);
            }
        }
        let new: Vec<Stored> = plan.update.into_iter().map(|(_, new)| new).collect();
        store::import::update(self.tx, self.dataset, self.rules.now, &new).await?;
        store::import::add_changes(self.tx, self.file, &changes).await?;
        let changed: Vec<i64> = changes.iter().map(|change| change.entity).collect();
        touched.extend(store::import::customers_of(self.tx, self.dataset, &changed).await?);
        Ok(())
    }

    fn customer_of(&self, cells: &[Value]) -> Option<i64> {
        cells.get(self.dataset.position("customer_external_id")?)?.int()
    }

    fn note_stage(&mut self, old: &Stored, new: &Stored) {
        if self.dataset != Dataset::Opportunities {
            return;
        }
        let stage = |row: &Stored| -> Option<String> {
            row.cells.get(self.dataset.position("stage")?)?.text().map(str::to_owned)
        };
        if let (Some(from), Some(to)) = (stage(old), stage(new))
            && from != to
        {
            self.stages.push((new.id, from, to));
        }
    }

    /// The changed cells as they were, as JSON: name and text. Texts read back exactly, JSON numbers might not.
    fn before(&self, old: &Stored, new: &Stored) -> String {
        let changed = self.columns.iter().zip(old.cells.iter().zip(&new.cells)).filter(|(_, (old, new))| old != new);
        let cells: Vec<(&str, Option<String>)> =
            changed.map(|(column, (old, _))| (column.name, cell_text(old))).collect();
        serde_json::to_string(&cells).unwrap_or_default()
    }

    /// A later line of the file writes over what an earlier batch of it wrote. When that brings back what was stored
    /// before the import, nothing has changed after all.
    async fn amend(&mut self, stored: &Stored, merged: &Stored, times: u64) -> Result<()> {
        let noted = store::import::change_of(self.tx, self.file, stored.id).await?;
        if stored == merged {
            if noted.is_some() {
                self.report.updated += times;
            } else {
                self.report.unchanged += times;
            }
            return Ok(());
        }
        store::import::update(self.tx, self.dataset, self.rules.now, std::slice::from_ref(merged)).await?;
        let Some((id, change)) = noted else {
            let change =
                Change { entity: merged.id, before: Some(self.before(stored, merged)), after: digest(&merged.cells) };
            self.report.updated += times;
            return Ok(store::import::add_changes(self.tx, self.file, &[change]).await?);
        };
        let Some(before) = change.before.as_deref() else {
            self.report.updated += times;
            let change = Change { after: digest(&merged.cells), ..change };
            return Ok(store::import::amend_change(self.tx, id, Some(&change)).await?);
        };
        let original = restored(self.dataset, stored, before);
        if original.cells == merged.cells {
            self.report.updated = self.report.updated.saturating_sub(1);
            self.report.unchanged += times + 1;
            return Ok(store::import::amend_change(self.tx, id, None).await?);
        }
        self.report.updated += times;
        let change =
            Change { entity: merged.id, before: Some(self.before(&original, merged)), after: digest(&merged.cells) };
        Ok(store::import::amend_change(self.tx, id, Some(&change)).await?)
    }

    /// Sets references to rows of the same file, now that all of them are there.
    pub async fn finish(&mut self, references: &mut References, touched: &mut HashSet<i64>) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(at) = self.dataset.self_reference() else { return Ok(()) };
        for chunk in waiting.chunks(500) {
            references.load(self.tx, self.dataset, None, chunk.iter().map(|row| row.text.as_str())).await?;
            let ids: Vec<i64> = chunk.iter().map(|row| row.entity).collect();
            let stored = store::import::by_ids(self.tx, self.dataset, &ids).await?;
            let mut update = Vec::new();
            for row in chunk {
                let (Some(target), Some(old)) = (references.id(self.dataset, None, &row.text), stored.get(&row.entity))
                else {
                    let name = self.columns.get(at).map_or("", |column| column.name);
                    self.warn(row.line, name, "names a row of this file that was rejected; left empty");
                    continue;
                };
                let mut new = old.clone();
                if let Some(cell) = new.cells.get_mut(at) {
                    *cell = Value::Int(target);
                }
                if new == *old {
                    continue;
                }
                match store::import::change_of(self.tx, self.file, row.entity).await? {
                    Some((id, change)) => {
                        let before = match &change.before {
                            Some(before) => Some(self.before(&restored(self.dataset, old, before), &new)),
                            None => None,
                        };
                        let change = Change { entity: row.entity, before, after: digest(&new.cells) };
                        store::import::amend_change(self.tx, id, Some(&change)).await?;
                    }
                    None => {
                        let change = Change {
                            entity: row.entity,
                            before: Some(self.before(old, &new)),
                            after: digest(&new.cells),
                        };
                        store::import::add_changes(self.tx, self.file, &[change]).await?;
                    }
                }
                if row.counted_unchanged {
                    self.report.unchanged -= 1;
                    self.report.updated += 1;
                }
                update.push(new);
            }
            store::import::update(self.tx, self.dataset, self.rules.now, &update).await?;
            let changed: Vec<i64> = update.iter().map(|row| row.id).collect();
            touched.extend(store::import::customers_of(self.tx, self.dataset, &changed).await?);
        }
        Ok(())
    }
}

/// A fingerprint of a row as it is stored, to tell later whether somebody edited it.
pub(super) fn digest(cells: &[Value]) -> String {
    let hash = Sha256::digest(format!("{cells:?}").as_bytes());
    format!("{{\"digest\":\"{}\"}}", hex::encode(hash.get(..16).unwrap_or_default()))
}

fn cell_text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
    }
}

/// A row with its changed cells as they were before.
pub(super) fn restored(dataset: Dataset, row: &Stored, before: &str) -> Stored {
    let mut old = row.clone();
    let cells: Vec<(String, Option<String>)> = serde_json::from_str(before).unwrap_or_default();
    for (name, text) in cells {
        let Some(at) = dataset.position(&name) else { continue };
        let (Some(cell), Some(column)) = (old.cells.get_mut(at), dataset.columns().get(at)) else { continue };
        *cell = match (text, column.kind) {
            (None, _) => Value::Null,
            (Some(text), Kind::Number(..) | Kind::Ratio) => text.parse().map_or(Value::Null, Value::Real),
            (Some(text), Kind::Bool) => Value::Bool(text == "true"),
            (
                Some(text),
                Kind::Money | Kind::SignedMoney | Kind::Integer(..) | Kind::Day | Kind::Instant | Kind::Reference(_),
            ) => text.parse().map_or(Value::Null, Value::Int),
            (Some(text), _) => Value::Text(text),
        };
    }
    old
}
