//! Lines of the audit log, written in the same transaction as the change.

use domain::{access::Actor, time::At};
use store::audit::AuditEntry;

/// A line about what a person did.
#[must_use]
pub fn by(actor: &Actor, at: At, action: &str, subject: impl Into<String>, detail: impl Into<String>) -> AuditEntry {
    AuditEntry { actor_id: Some(actor.user), ..by_name(&actor.email, at, action, subject, detail) }
}

/// A line about what a job, the command line or a stranger did.
#[must_use]
pub fn by_name(name: &str, at: At, action: &str, subject: impl Into<String>, detail: impl Into<String>) -> AuditEntry {
    AuditEntry {
        at,
        actor_id: None,
        actor: name.to_owned(),
        action: action.to_owned(),
        subject: subject.into(),
        detail: detail.into(),
    }
}
