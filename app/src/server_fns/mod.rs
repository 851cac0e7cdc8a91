//! Server functions: extract, call the service, map the error; at most 15 lines each (ARCHITECTURE 1). Endpoints have
//! fixed names below `/fn`. Reads are GET; forms are POST and send to their page when they worked, so that they do
//! without scripts too.

#![expect(missing_docs, reason = "the macro makes public fields of the arguments")]

pub mod accounts;
pub mod admin;
pub mod finder;
pub mod inbox;
pub mod me;
pub mod shell;
pub mod signals;
pub mod steps;
