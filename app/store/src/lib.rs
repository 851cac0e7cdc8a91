//! Headroom's database: private entities, public queries.
//!
//! Only this crate names a table or a column; rows become domain types inside it. One file is one noun. A function that
//! reads takes any connection ([`Db::read`] or a [`Tx`]); a function that writes takes a [`Tx`], so that a write can't
//! happen outside [`Db::write`]. Every read of accounts and of what hangs on them starts from a
//! [`domain::access::Scope`].

pub mod attempts;
pub mod audit;
mod db;
mod entity;
mod error;
pub mod import;
pub mod invitations;
pub mod jobs;
pub mod scan;
pub mod sessions;
pub mod settings;
mod sql;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tokens;
pub mod users;

pub use db::{Db, Options, Tx, sqlite_file};
pub use error::{Error, Result};
pub use sql::{Listed, Page};
