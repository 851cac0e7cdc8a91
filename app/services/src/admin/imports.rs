//! `/admin/imports`: runs, an upload's preview, undo.

#![expect(unused_variables, reason = "signatures first")]
use domain::access::Actor;
use std::collections::BTreeMap;

use crate::{Error, Result, Services};
use domain::{
    id::ImportId,
    view::admin::{ImportPage, ImportsPage, PreviewPage},
};

/// Runs.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, page: u32) -> Result<ImportsPage> {
    Err(Error::Internal("not built".into()))
}

/// One run.
///
/// # Errors
/// See [`crate::Error`].
pub async fn run(services: &Services, actor: &Actor, import: ImportId) -> Result<ImportPage> {
    Err(Error::Internal("not built".into()))
}

/// Keeps an uploaded file for preview; answers the upload's id.
///
/// # Errors
/// See [`crate::Error`].
pub async fn keep_upload(
    services: &Services,
    actor: &Actor,
    file_name: &str,
    path: &std::path::Path,
) -> Result<String> {
    Err(Error::Internal("not built".into()))
}

/// First rows and mapping; `mapping` is column → header, empty for the guess.
///
/// # Errors
/// See [`crate::Error`].
pub async fn preview(
    services: &Services,
    actor: &Actor,
    upload: &str,
    dataset: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<PreviewPage> {
    Err(Error::Internal("not built".into()))
}

/// Starts the import of an upload; it runs on, the answer is its id.
///
/// # Errors
/// See [`crate::Error`].
pub async fn start(
    services: &Services,
    actor: &Actor,
    upload: &str,
    dataset: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<ImportId> {
    Err(Error::Internal("not built".into()))
}

/// Undoes a run.
///
/// # Errors
/// See [`crate::Error`].
pub async fn undo(services: &Services, actor: &Actor, import: ImportId) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Rejected rows with their reasons, as CSV.
///
/// # Errors
/// See [`crate::Error`].
pub async fn rejected_csv(services: &Services, actor: &Actor, import: ImportId) -> Result<String> {
    Err(Error::Internal("not built".into()))
}
