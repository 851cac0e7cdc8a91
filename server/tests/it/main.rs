//! The whole application through its real router, with a fixed clock and a database of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod access;
mod api;
mod app;
mod pages;
