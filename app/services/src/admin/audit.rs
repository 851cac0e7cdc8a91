//! `/admin/audit`.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::view::admin::AuditPage;

/// Newest first, filtered by action and part of actor or subject.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, action: &str, q: &str, page: u32) -> Result<AuditPage> {
    Err(Error::Internal("not built".into()))
}
