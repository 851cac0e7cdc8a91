//! Headroom's database: private entities, public queries.
//!
//! Only this crate names a table or a column; rows become domain types inside it. One file is one noun. A function that
//! reads takes any connection ([`Db::read`] or a [`Tx`]); a function that writes takes a [`Tx`], so that a write can't
//! happen outside [`Db::write`]. Every read of accounts and of what hangs on them starts from a
//! [`domain::access::Scope`].

pub mod activities;
pub mod attempts;
pub mod audit;
pub mod bench;
pub mod contracts;
pub mod customers;
mod db;
mod entity;
mod error;
#[cfg(test)]
mod fixture;
pub mod found;
pub mod idempotency;
pub mod import;
pub mod imports;
pub mod invitations;
pub mod jobs;
pub mod notifications;
pub mod opportunities;
pub mod products;
pub mod scan;
pub mod sessions;
pub mod settings;
pub mod signals;
mod sql;
pub mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tokens;
pub mod touched;
pub mod uploads;
pub mod users;
mod words;

pub use db::{Db, Options, Tx, sqlite_file};
pub use error::{Error, Result};
pub use sql::{Listed, Page};
