//! Imports (PRODUCT 3, CONTRACT 1 and 5): files in, a ledger out, and the way back.
//!
//! A file is read twice: `survey` finds out how it is written (and whether it can be read to its end) before anything is
//! locked, then a blocking thread turns it into checked rows, in batches over a bounded channel, and the writer puts
//! them into the database. All files of a run share one transaction: a run that fails, or whose process dies, has
//! written nothing but its own line in the ledger. Memory does not grow with the file, but for the keys of the smaller
//! datasets.
//!
//! `rows` writes every dataset but usage, by its descriptor; `usage` is the hot path. What is special about a dataset
//! stands in `rows::Writer::decide`.

mod preview;
mod progress;
mod records;
mod rows;
mod run;
mod source;
mod survey;
mod undo;
mod usage;

#[cfg(test)]
mod tests;

pub use preview::{Preview, preview};
pub use progress::{Progress, progress_of};
pub use run::{By, Request, fail_orphans, import_file, import_paths, import_stream, read_mapping};
pub use source::{BODY_MAX, FileError, Source};
pub use undo::{Undone, UndoneFile, undo};

use domain::{
    access::{Actor, Capability, TokenScope},
    import::{Dataset, Mapping, Rejection},
    view::FieldMessage,
};

use crate::{Error, Result};

impl From<FileError> for Error {
    fn from(error: FileError) -> Error {
        let field = error.field.clone().unwrap_or_else(|| "file".to_owned());
        Error::Invalid(vec![FieldMessage { field, message: error.to_string() }])
    }
}

/// Imports are an admin's; a token needs the scope `import` besides (PRODUCT 12).
fn authorise(actor: &Actor) -> Result<()> {
    let token = actor.has_scope(TokenScope::Import) || actor.has_scope(TokenScope::Admin);
    if actor.can(Capability::Administer) && token { Ok(()) } else { Err(Error::Denied) }
}

/// The dataset that a file is named after: `customers.csv`, `usage_metrics.jsonl.gz`.
#[must_use]
pub fn dataset_of(file: &str) -> Option<Dataset> {
    let name = file.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = [".csv", ".jsonl", ".ndjson", ".tsv", ".json"].iter().find_map(|end| name.strip_suffix(end))?;
    stem.parse().ok()
}

/// Reads a mapping in TOML.
fn mapping_of(text: &str) -> Result<Mapping> {
    let json: serde_json::Value =
        toml::from_str(text).map_err(|error| Error::field("map", format!("the mapping is not valid TOML: {error}")))?;
    Mapping::from_json(&json).map_err(|error| Error::field("map", error.to_string()))
}

fn refused(line: u64, field: &str, reason: impl Into<String>) -> Rejection {
    Rejection { line, field: field.to_owned(), reason: reason.into() }
}
