//! The way back (PRODUCT 3): what an import created and nobody touched since goes, what it changed comes back as it was,
//! and the rest stays and is listed.

use std::collections::{HashMap, HashSet};

use domain::{
    access::Actor,
    id::ImportId,
    import::{Dataset, LISTED_AT_MOST},
    time::At,
};
use serde::{Deserialize, Serialize};
use store::{
    Db, Tx,
    audit::AuditEntry,
    import::{Change, Stored},
};

use super::{
    authorise,
    rows::{digest, restored},
};
use crate::{Error, Result};

/// Changes per step.
const STEP: u64 = 1_000;

/// What an undo did, as the API answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The run that was undone.
    pub import_id: ImportId,
    /// One entry per file, in the order in which they were undone.
    pub datasets: Vec<UndoneFile>,
    /// What stayed and why, at most 1,000 sentences.
    pub kept: Vec<String>,
}

/// What the undo of one file did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoneFile {
    /// Dataset.
    pub dataset: String,
    /// File.
    pub file: String,
    /// Rows deleted, because the import had created them.
    pub deleted: u64,
    /// Rows as they were before the import.
    pub restored: u64,
    /// Rows left as they are: edited since, or referred to.
    pub kept: u64,
}

/// Undoes a run; `None` is the command line.
///
/// # Errors
/// [`Error::NotFound`] for a run that is not there, [`Error::Conflict`] for one that is not done or is undone already.
pub async fn undo(db: &Db, now: At, actor: Option<&Actor>, import: ImportId) -> Result<Undone> {
    if let Some(actor) = actor {
        authorise(actor)?;
    }
    db.write(async |tx: Tx| undo_run(&tx, now, actor, import).await).await
}

async fn undo_run(tx: &Tx, now: At, actor: Option<&Actor>, import: ImportId) -> Result<Undone> {
    let Some(run) = store::imports::one(tx, import).await? else { return Err(Error::NotFound) };
    if !store::import::claim_undo(tx, import, now, actor.map(|actor| actor.user)).await? {
        return Err(Error::Conflict(match run.state.as_str() {
            "undone" => format!("{import} is undone already"),
            "running" => format!("{import} is still running; undo it when it is done"),
            _ => format!("{import} failed and has written nothing; there is nothing to undo"),
        }));
    }
    let mut undone = Undone { import_id: import, datasets: Vec::new(), kept: Vec::new() };
    let mut touched = HashSet::new();
    let mut usage_done = false;
    for file in run.files.into_iter().rev() {
        let dataset: Dataset = file.dataset.parse().map_err(Error::Internal)?;
        let (deleted, restored, kept) = if dataset == Dataset::UsageMetrics {
            // Usage is told apart by run, not by file.
            let done = if usage_done { Default::default() } else { store::import::undo_usage(tx, import, now).await? };
            usage_done = true;
            if done.kept > 0 {
                undone.kept.push(format!("usage_metrics: {} values were written over by a later import", done.kept));
            }
            (done.deleted, done.restored, done.kept)
        } else {
            let mut of_file =
                FileUndo { tx, dataset, run_at: run.created_at, now, kept: Vec::new(), touched: &mut touched };
            let (deleted, restored) = of_file.undo(file.id).await?;
            let kept = of_file.kept;
            let count = kept.len() as u64;
            store::import::add_kept(tx, import, &kept).await?;
            undone.kept.extend(kept);
            (deleted, restored, count)
        };
        undone.datasets.push(UndoneFile { dataset: file.dataset, file: file.file, deleted, restored, kept });
    }
    undone.kept.truncate(LISTED_AT_MOST);
    let touched: Vec<i64> = touched.into_iter().collect();
    let touched: Vec<i64> = store::import::customers_of(tx, Dataset::Customers, &touched).await?.into_iter().collect();
    store::import::touch(tx, now, &touched).await?;
    let sum = |count: fn(&UndoneFile) -> u64| undone.datasets.iter().map(count).sum::<u64>();
    let entry = AuditEntry {
        at: now,
        actor_id: actor.map(|actor| actor.user),
        actor: actor.map_or_else(|| "command line".to_owned(), |actor| actor.email.clone()),
        action: "import.undone".into(),
        subject: import.to_string(),
        detail: format!(
            "{} deleted, {} restored, {} kept",
            sum(|file| file.deleted),
            sum(|file| file.restored),
            sum(|file| file.kept)
        ),
    };
    store::audit::record(tx, entry).await?;
    Ok(undone)
}

struct FileUndo<'a> {
    tx: &'a Tx,
    dataset: Dataset,
    /// When the run was: the stage changes it recorded carry this time.
    run_at: At,
    now: At,
    kept: Vec<String>,
    touched: &'a mut HashSet<i64>,
}

impl FileUndo<'_> {
    /// Takes back one file; answers rows deleted and restored.
    async fn undo(&mut self, file: i64) -> Result<(u64, u64)> {
        let mut restored = 0;
        let mut created: HashMap<i64, String> = HashMap::new();
        let mut before = i64::MAX;
        loop {
            let changes = store::import::changes(self.tx, file, before, STEP).await?;
            let Some((last, _)) = changes.last() else { break };
            before = *last;
            let ids: Vec<i64> = changes.iter().map(|(_, change)| change.entity).collect();
            self.touched.extend(store::import::customers_of(self.tx, self.dataset, &ids).await?);
            let rows = store::import::by_ids(self.tx, self.dataset, &ids).await?;
            restored += self.step(&changes, &rows, &mut created).await?;
        }
        if self.dataset == Dataset::Opportunities {
            let ids: Vec<i64> = created.keys().copied().collect();
            store::import::delete_recorded_stage_changes(self.tx, self.run_at, &ids).await?;
        }
        let deletable = self.deletable(created).await?;
        let deleted = store::import::delete(self.tx, self.dataset, &deletable).await?;
        Ok((deleted, restored))
    }

    /// Restores changed rows and collects created ones that nobody edited.
    async fn step(
        &mut self,
        changes: &[(i64, Change)],
        rows: &HashMap<i64, Stored>,
        created: &mut HashMap<i64, String>,
    ) -> Result<u64> {
        let mut back: Vec<Stored> = Vec::new();
        for (_, change) in changes {
            let Some(row) = rows.get(&change.entity) else { continue };
            if digest(&row.cells) != change.after {
                self.kept.push(format!("{} {}: edited since", self.dataset, name_of(self.dataset, row)));
                continue;
            }
            match &change.before {
                Some(before) => back.push(restored(self.dataset, row, before)),
                None => {
                    created.insert(row.id, name_of(self.dataset, row));
                }
            }
        }
        if self.dataset == Dataset::Opportunities {
            let ids: Vec<i64> = back.iter().map(|row| row.id).collect();
            store::import::delete_recorded_stage_changes(self.tx, self.run_at, &ids).await?;
        }
        store::import::update(self.tx, self.dataset, self.now, &back).await?;
        Ok(back.len() as u64)
    }

    /// Created rows that nothing refers to any more; rows of the same file may refer to each other.
    async fn deletable(&mut self, created: HashMap<i64, String>) -> Result<Vec<i64>> {
        let ids: Vec<i64> = created.keys().copied().collect();
        let mut staying: HashMap<i64, String> = store::import::referred(self.tx, self.dataset, &ids)
            .await?
            .into_iter()
            .map(|(id, table)| (id, format!("referred to by {table}")))
            .collect();
        let pairs = store::import::self_referrers(self.tx, self.dataset, &ids).await?;
        loop {
            let more: Vec<i64> = pairs
                .iter()
                .filter(|(row, target)| {
                    !staying.contains_key(target) && (!created.contains_key(row) || staying.contains_key(row))
                })
                .map(|(_, target)| *target)
                .collect();
            if more.is_empty() {
                break;
            }
            for id in more {
                staying.insert(id, format!("referred to by other {}", self.dataset));
            }
        }
        let mut sentences: Vec<String> = staying
            .iter()
            .filter_map(|(id, why)| Some(format!("{} {}: {why}", self.dataset, created.get(id)?)))
            .collect();
        sentences.sort();
        self.kept.extend(sentences);
        let mut deletable: Vec<i64> = ids.into_iter().filter(|id| !staying.contains_key(id)).collect();
        deletable.sort_unstable();
        Ok(deletable)
    }
}

/// What a person calls a row: its external id, else its number.
fn name_of(dataset: Dataset, row: &Stored) -> String {
    let first_is_text = dataset.columns().first().is_some_and(|column| column.key);
    let text = row.cells.first().and_then(|cell| cell.text()).filter(|_| first_is_text);
    text.map_or_else(|| format!("number {}", row.id), str::to_owned)
}
