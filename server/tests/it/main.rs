//! The whole application through its real router, with a fixed clock and a database of its own.

mod access;
mod api;
mod app;
mod pages;
