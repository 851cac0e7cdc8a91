//! Headroom's pure types and rules.
//!
//! Nothing in here does I/O, reads a clock or draws a random number: `now` and seeds are parameters. The crate builds
//! for the browser too, so pages and server share one set of types.
//!
//! How a fact travels: [`import`] turns files into checked rows; the store keeps them; [`account::AccountSnapshot`] is
//! one account as a scan sees it; [`signal`] turns a snapshot into episodes with evidence; [`opportunity`] turns live
//! episodes into found opportunities; [`view`] holds what pages are given.

pub mod access;
pub mod account;
pub mod calendar;
pub mod conversation;
pub mod format;
pub mod id;
pub mod import;
pub mod money;
pub mod opportunity;
pub mod peers;
pub mod signal;
pub mod time;
pub mod view;
