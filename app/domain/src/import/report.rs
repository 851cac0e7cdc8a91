//! The answer of an import: the JSON of CONTRACT 1.

use serde::{Deserialize, Serialize};

use crate::id::ImportId;

/// Warnings and rejections listed per file in the answer. All rejections stay in the ledger for download.
pub const LISTED_AT_MOST: usize = 1_000;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Number of the run.
    pub import_id: ImportId,
    /// One entry per file and dataset, in import order.
    pub datasets: Vec<DatasetReport>,
}

/// What one file did: `rows = created + updated + unchanged + rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetReport {
    /// Dataset.
    pub dataset: String,
    /// File name.
    pub file: String,
    /// Rows read.
    pub rows: u64,
    /// Rows that were new.
    pub created: u64,
    /// Rows that changed something.
    pub updated: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// What was odd, at most [`LISTED_AT_MOST`].
    pub warnings: Vec<Warning>,
    /// What was refused and why, at most [`LISTED_AT_MOST`].
    pub rejections: Vec<Rejection>,
    /// How the dates of each column were read: `closed_on: DD.MM.YYYY`. For pages, not part of the answer.
    #[serde(skip)]
    pub date_styles: Vec<String>,
}

/// Something odd that did not stop a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Line of the file; the header is line 1.
    pub line: u64,
    /// Column.
    pub field: String,
    /// A sentence.
    pub message: String,
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Line of the file; the header is line 1.
    pub line: u64,
    /// Column, or empty when it is the whole line.
    pub field: String,
    /// A sentence that says what would be right.
    pub reason: String,
}

impl DatasetReport {
    /// Whether every row ended in exactly one of the four.
    #[must_use]
    pub const fn adds_up(&self) -> bool {
        self.rows == self.created + self.updated + self.unchanged + self.rejected
    }
}

impl ImportReport {
    /// Rows that were refused, over all files.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.datasets.iter().map(|dataset| dataset.rejected).sum()
    }
}
