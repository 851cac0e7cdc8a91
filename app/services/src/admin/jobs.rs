//! `/admin/jobs`.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::view::admin::JobsPage;

/// Jobs and their runs.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor) -> Result<JobsPage> {
    Err(Error::Internal("not built".into()))
}

/// Runs a job now: makes it due.
///
/// # Errors
/// See [`crate::Error`].
pub async fn run_now(services: &Services, actor: &Actor, job: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
