//! What pages are given: plain data, made by services, shown by the app. Money, days and numbers are raw (the app
//! formats them with [`crate::format`]); instants come as text, because only the server knows the organisation's zone.

pub mod account;
pub mod admin;
pub mod finder;
pub mod inbox;
pub mod shell;
pub mod signals;

use serde::{Deserialize, Serialize};

/// A person's name behind an e-mail address, for filters and owners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// E-mail address; the value in filters.
    pub email: String,
    /// Full name.
    pub name: String,
}

/// Where a list stands: what is shown of what matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageInfo {
    /// Page, from 1.
    pub page: u32,
    /// Rows on a page.
    pub per_page: u32,
    /// Rows that match.
    pub total: u32,
}

impl PageInfo {
    /// Number of pages, at least 1.
    #[must_use]
    pub fn pages(self) -> u32 {
        self.total.div_ceil(self.per_page.max(1)).max(1)
    }
}

/// A message beside a field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldMessage {
    /// Name of the field; empty for the whole form.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}
