//! Live events to browsers: a nudge that something of a person's changed, on every replica.

use serde::{Deserialize, Serialize};

/// A nudge. It carries no content: what changed is read again with the person's own scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    /// Whose inbox changed.
    pub users: Vec<domain::id::UserId>,
    /// `inbox`, `scan`, `import`.
    pub kind: String,
}

/// Hands nudges to whoever listens.
#[derive(Clone)]
pub struct Live {
    db: store::Db,
}

impl Nudge {
    /// Sends it when, and only when, the transaction is committed. A lost nudge loses nothing: pages read the database.
    pub fn send_with(&self, tx: &store::Tx) {
        if let Ok(text) = serde_json::to_string(self) {
            tx.notify(text);
        }
    }
}

impl Live {
    pub(crate) fn new(db: &store::Db) -> Live {
        Live { db: db.clone() }
    }

    /// Nudges from now on, of every replica.
    pub fn subscribe(&self) -> impl futures::Stream<Item = Nudge> + Send + use<> {
        use futures::StreamExt;
        self.db.subscribe().filter_map(|text| async move { serde_json::from_str(&text).ok() })
    }
}
