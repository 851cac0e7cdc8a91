//! `/accounts` and `/accounts/{id}`.

mod contract;
mod detail;
mod list;
mod people;
mod why_not;

pub use detail::AccountDetail;
pub use list::AccountList;
