//! The frame around every page.

use domain::{
    access::{Actor, Capability},
    view::shell::Shell,
};

use crate::{Error, Result, Services, finder::data_through, org::Org};

/// Counts, sync health and the person's own facts.
///
/// # Errors
/// When the database can't be read.
pub async fn shell(services: &Services, actor: &Actor) -> Result<Shell> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let user = store::users::by_id(conn, actor.user).await?.ok_or(Error::NotFound)?;
    let finder =
        if actor.can(Capability::UseFinder) { store::found::count_listed(conn, &actor.scope).await? } else { 0 };
    Ok(Shell {
        name: user.name,
        email: user.email,
        role: actor.role,
        theme: user.theme,
        inbox: store::notifications::unread(conn, actor.user).await?,
        finder,
        signals: store::signals::count_live(conn, &actor.scope).await?,
        accounts: store::customers::count(conn, &actor.scope, org.calendar.day_of(now)).await?,
        tasks: store::tasks::count_open(conn, actor.user).await?,
        troubles: store::jobs::troubles(conn).await? + store::imports::failed_since(conn, now.plus_days(-7)).await?,
        data_through: data_through(services, &org, now).await?,
        today: org.calendar.day_of(now),
        currency: org.currency,
        demo: user.demo,
    })
}
