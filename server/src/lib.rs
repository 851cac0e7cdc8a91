//! The Headroom process: command line, configuration, router, HTTP API, sessions, worker, telemetry.

pub mod api;
pub mod bench;
pub mod cli;
pub mod commands;
pub mod config;
pub mod problem;
pub mod state;
pub mod telemetry;
pub mod web;
