//! What admins run: people, imports, rules, settings, jobs, the audit log.

pub mod audit;
pub mod import;
pub mod imports;
pub mod jobs;
pub mod preview;
pub mod rules;
pub mod settings;
pub mod users;
