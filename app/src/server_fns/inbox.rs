//! The inbox.

use domain::{
    id::{NotificationId, TaskId},
    view::inbox::InboxPage,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// The page.
#[server(name = LoadInbox, prefix = "/fn", endpoint = "inbox", input = GetUrl)]
pub async fn load_inbox(page: u32) -> Result<InboxPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::inbox::page(&services, &visit.actor, page).await.map_err(crate::error::wire)
}

/// Marks one as read.
#[server(name = MarkRead, prefix = "/fn", endpoint = "mark_read")]
pub async fn mark_read(item: NotificationId, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::inbox::mark_read(&services, &visit.actor, item).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "read");
    Ok(())
}

/// Marks all as read.
#[server(name = MarkAllRead, prefix = "/fn", endpoint = "mark_all_read")]
pub async fn mark_all_read(back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::inbox::mark_all_read(&services, &visit.actor).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "read");
    Ok(())
}

/// Ticks a task off.
#[server(name = CompleteTask, prefix = "/fn", endpoint = "complete_task")]
pub async fn complete_task(task: TaskId, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::inbox::complete_task(&services, &visit.actor, task).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "task-done");
    Ok(())
}
