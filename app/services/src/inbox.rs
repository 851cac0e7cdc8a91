//! `/inbox`: notifications and tasks of a person.

use domain::{
    access::Actor,
    id::{NotificationId, TaskId},
    view::{
        PageInfo,
        inbox::{InboxPage, InboxRow, TaskRow},
    },
};
use store::{Page, Tx};

use crate::{Error, Result, Services, org::Org};

const PER_PAGE: u32 = 50;
const MOST_TASKS: u32 = 100;

/// The inbox, a page from 1.
///
/// # Errors
/// When the database can't be read.
pub async fn page(services: &Services, actor: &Actor, page: u32) -> Result<InboxPage> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let conn = services.db.read();
    let page = page.max(1);
    let listed = store::notifications::list(conn, actor.user, Page::number(page, PER_PAGE)).await?;
    let tasks = store::tasks::open(conn, actor.user, Page::first(MOST_TASKS)).await?;
    Ok(InboxPage {
        rows: listed
            .rows
            .into_iter()
            .map(|notification| InboxRow {
                id: notification.id,
                kind: notification.kind,
                title: notification.title,
                body: notification.body,
                href: notification.href,
                when: org.moment(notification.created_at, now),
                read: notification.read_at.is_some(),
            })
            .collect(),
        page: PageInfo { page, per_page: PER_PAGE, total: listed.total },
        unread: store::notifications::unread(conn, actor.user).await?,
        tasks: tasks
            .into_iter()
            .map(|task| TaskRow {
                id: task.id,
                title: task.title,
                href: format!("/accounts/{}", task.customer_external_id),
                due: domain::format::day(task.due_on, today),
                overdue: task.due_on < today,
            })
            .collect(),
    })
}

/// Marks one of the person's own as read.
///
/// # Errors
/// [`Error::NotFound`] for another's.
pub async fn mark_read(services: &Services, actor: &Actor, notification: NotificationId) -> Result<()> {
    let now = services.now();
    let write = |tx: Tx| async move { store::notifications::mark_read(&tx, actor.user, notification, now).await };
    if services.db.write(write).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// Marks all as read.
///
/// # Errors
/// When the database can't be written.
pub async fn mark_all_read(services: &Services, actor: &Actor) -> Result<()> {
    let now = services.now();
    services.db.write(|tx| async move { store::notifications::mark_all_read(&tx, actor.user, now).await }).await?;
    Ok(())
}

/// Ticks one of the person's own tasks off.
///
/// # Errors
/// [`Error::NotFound`] for another's.
pub async fn complete_task(services: &Services, actor: &Actor, task: TaskId) -> Result<()> {
    let now = services.now();
    let write = |tx: Tx| async move { store::tasks::done(&tx, actor.user, task, now).await };
    if services.db.write(write).await? { Ok(()) } else { Err(Error::NotFound) }
}
