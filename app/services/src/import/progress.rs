//! How far a running import is. On SQLite the import holds the one write connection, so this lives in memory: pages of
//! the same process see it, and the ledger's row has the final count.

use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::id::ImportId;
use tokio::sync::watch;

/// A shared handle on the progress of one run.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    done: AtomicU64,
    total: AtomicU64,
    step: Mutex<String>,
    begun: watch::Sender<Option<ImportId>>,
}

static RUNNING: LazyLock<Mutex<HashMap<ImportId, Progress>>> = LazyLock::new(Mutex::default);

/// The progress of a run of this process, while it runs.
#[must_use]
pub fn progress_of(import: ImportId) -> Option<Progress> {
    RUNNING.lock().ok()?.get(&import).cloned()
}

impl Progress {
    /// Records read so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.inner.done.load(Ordering::Relaxed)
    }

    /// Records of all files; 0 until they are counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.inner.total.load(Ordering::Relaxed)
    }

    /// The number of the run, as soon as it has one. A run that ends before never answers: wait for its end beside it.
    pub async fn begun(&self) -> Option<ImportId> {
        let mut begun = self.inner.begun.subscribe();
        begun.wait_for(Option::is_some).await.ok().and_then(|id| *id)
    }

    /// What is being done: `reading customers.csv`, `importing customers.csv`.
    #[must_use]
    pub fn step(&self) -> String {
        self.inner.step.lock().map(|step| step.clone()).unwrap_or_default()
    }

    pub(super) fn at(&self, step: String) {
        if let Ok(mut current) = self.inner.step.lock() {
            *current = step;
        }
    }

    pub(super) fn expect(&self, total: u64) {
        self.inner.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn restart(&self) {
        self.inner.done.store(0, Ordering::Relaxed);
    }

    pub(super) fn add(&self, records: u64) {
        self.inner.done.fetch_add(records, Ordering::Relaxed);
    }

    /// Makes the run known to [`progress_of`] until the answer is dropped.
    pub(super) fn publish(&self, import: ImportId) -> Published {
        if let Ok(mut running) = RUNNING.lock() {
            running.insert(import, self.clone());
        }
        self.inner.begun.send_replace(Some(import));
        Published { import }
    }
}

/// Takes the run off the list when it ends, however it ends.
pub(super) struct Published {
    import: ImportId,
}

impl Drop for Published {
    fn drop(&mut self) {
        if let Ok(mut running) = RUNNING.lock() {
            running.remove(&self.import);
        }
    }
}
