//! `/signals` and `/signals/new`.

mod list;
mod new;

pub use list::SignalList;
pub use new::NewSignalPage;
