//! Headroom's database: private entities, public queries.
//!
//! Only this crate names a table or a column; rows become domain types inside it. One file is one noun. A function that
//! reads takes any connection ([`Db::read`] or a [`Tx`]); a function that writes takes a [`Tx`], so that a write can't
//! happen outside [`Db::write`]. Every read of accounts and of what hangs on them starts from a
//! [`domain::access::Scope`].

mod db;
mod error;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use db::{Db, Options, Tx, sqlite_file};
pub use error::{Error, Result};
