//! `/inbox`: notifications and tasks of a person.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::{
    id::{NotificationId, TaskId},
    view::inbox::InboxPage,
};

/// The inbox, a page from 1.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, page: u32) -> Result<InboxPage> {
    Err(Error::Internal("not built".into()))
}

/// Marks one as read.
///
/// # Errors
/// See [`crate::Error`].
pub async fn mark_read(services: &Services, actor: &Actor, notification: NotificationId) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Marks all as read.
///
/// # Errors
/// See [`crate::Error`].
pub async fn mark_all_read(services: &Services, actor: &Actor) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Ticks a task off.
///
/// # Errors
/// See [`crate::Error`].
pub async fn complete_task(services: &Services, actor: &Actor, task: TaskId) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
