//! `/signals` and `/signals/new`.

use serde::{Deserialize, Serialize};

use super::{PageInfo, PersonRef, finder::SignalLine};

/// What the list is asked for; lives in the URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SignalsQuery {
    /// Rule key, or empty.
    pub rule: String,
    /// `live` (default), `closed`, `dismissed`, `all`.
    pub state: String,
    /// `strong`, `moderate`, `exploratory`, or empty.
    pub class: String,
    /// E-mail of a CSM, or empty.
    pub csm: String,
    /// Part of an account's name, or empty.
    pub q: String,
    /// Page, from 1.
    pub page: String,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalsPage {
    /// Rows, newest first.
    pub rows: Vec<SignalRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// Live signals by rule: key, label, number.
    pub by_rule: Vec<(String, String, u32)>,
    /// CSMs for the filter.
    pub csms: Vec<PersonRef>,
    /// Whether this person may decide.
    pub may_decide: bool,
    /// Whether this person may log a signal.
    pub may_log: bool,
}

/// One signal with its account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalRow {
    /// Account's name.
    pub account: String,
    /// Address of the account page.
    pub account_ref: String,
    /// CSM's name.
    pub csm: Option<String>,
    /// The signal.
    pub line: SignalLine,
    /// Type that it leads to, label.
    pub leads_to: String,
    /// "In pipeline", "Candidate", "Held back: …", or empty.
    pub standing: String,
    /// Why it was dismissed, with who and when.
    pub dismissed: Option<String>,
}

/// What the form for a new signal needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSignalForm {
    /// Accounts of the scope: reference and name.
    pub accounts: Vec<(String, String)>,
    /// Products: SKU and name.
    pub products: Vec<(String, String)>,
    /// Today in the organisation's zone, `YYYY-MM-DD`.
    pub today: String,
}

/// What the form sends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewSignal {
    /// Account reference.
    pub customer: String,
    /// Opportunity type key.
    pub leads_to: String,
    /// Product SKU, or empty.
    pub product: String,
    /// `strong`, `moderate`, `exploratory`.
    pub strength: String,
    /// `meeting`, `email`, `support`, `usage`, `other`.
    pub source: String,
    /// Meeting title, ticket number, link.
    pub source_reference: String,
    /// Day on which it was seen.
    pub seen_on: String,
    /// The statement.
    pub text: String,
    /// The customer's words, or empty.
    pub quote: String,
    /// Who said it, or empty.
    pub speaker: String,
}
