//! Words of enumerations as they stand in the database.

use std::fmt::Display;

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// The word of a value: the one it has in JSON.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // An enumeration without fields is always a word.
        _ => String::new(),
    }
}

/// The value of a word in a row of `table`.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, row: impl Display, word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|_| Error::inconsistent(table, format!("{row}: {word:?}")))
}

/// The value of a word that may be absent, and the one that absence means.
pub(crate) fn read_or<T: DeserializeOwned>(
    table: &'static str,
    row: impl Display,
    word: Option<&str>,
    absent: T,
) -> Result<T> {
    word.filter(|word| !word.is_empty()).map_or(Ok(absent), |word| read(table, row, word))
}

/// JSON text of a column.
pub(crate) fn json<T: DeserializeOwned>(table: &'static str, row: impl Display, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::inconsistent(table, format!("{row}: {error}")))
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::inconsistent(table, error))
}

/// Reads the number of a wire id (`cus_12`) or nothing; then the text is an external id.
pub(crate) fn number_of(reference: &str, prefix: &str) -> Option<i64> {
    reference.strip_prefix(prefix)?.strip_prefix('_')?.parse().ok().filter(|id| *id > 0)
}
