//! `/inbox`, and the account menu's pages.

use serde::{Deserialize, Serialize};

use super::PageInfo;
use crate::id::{NotificationId, TaskId};

/// The inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxPage {
    /// Newest first.
    pub rows: Vec<InboxRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// Unread items.
    pub unread: u32,
    /// Open tasks, soonest first.
    pub tasks: Vec<TaskRow>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRow {
    /// Id.
    pub id: NotificationId,
    /// `signal`, `opportunity`, `sales`, `import`, `system`.
    pub kind: String,
    /// "Expansion signal: InnovateCorp".
    pub title: String,
    /// What it says.
    pub body: String,
    /// Where it leads.
    pub href: String,
    /// "2 Feb, 09:00".
    pub when: String,
    /// Read.
    pub read: bool,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Id.
    pub id: TaskId,
    /// "Explore expansion: Acme Corp - Seat utilization".
    pub title: String,
    /// Where it leads.
    pub href: String,
    /// "4 Feb".
    pub due: String,
    /// Past its day.
    pub overdue: bool,
}

/// `/me`: password, theme, tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MePage {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role label.
    pub role: String,
    /// Team.
    pub team: Option<String>,
    /// Theme.
    pub theme: String,
    /// API tokens.
    pub tokens: Vec<TokenRow>,
}

/// An API token; the secret itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Id, as text.
    pub id: String,
    /// Name.
    pub name: String,
    /// First characters.
    pub prefix: String,
    /// Scopes.
    pub scopes: String,
    /// When it ends.
    pub expires: String,
    /// Last use, or "never".
    pub last_used: String,
    /// `active`, `expired`, `revoked`.
    pub state: String,
}
