//! `/admin/audit`.

use domain::{
    access::{Actor, Capability},
    view::{
        PageInfo,
        admin::{AuditPage, AuditRow},
    },
};
use store::Page;

use crate::{Result, Services, auth, org::Org};

const PER_PAGE: u32 = 100;

/// Newest first, filtered by action and by part of actor, subject or detail.
///
/// # Errors
/// [`crate::Error::Denied`] for everybody but admins.
pub async fn page(services: &Services, actor: &Actor, action: &str, q: &str, page: u32) -> Result<AuditPage> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let given = |text: &'_ str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (action, q) = (given(action), given(q));
    let conn = services.db.read();
    let listed = store::audit::list(conn, action.as_deref(), q.as_deref(), Page::number(page.max(1), PER_PAGE)).await?;
    let rows = listed.rows.into_iter().map(|entry| AuditRow {
        when: org.moment(entry.at, now),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail,
    });
    Ok(AuditPage {
        rows: rows.collect(),
        page: PageInfo { page: page.max(1), per_page: PER_PAGE, total: listed.total },
        actions: store::audit::actions(conn).await?,
    })
}
