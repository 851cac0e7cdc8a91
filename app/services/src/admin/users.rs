//! `/admin/users`: people, their roles, teams and invitations.

use domain::{
    access::{Actor, Capability, Role},
    id::UserId,
    view::{
        PageInfo,
        admin::{UserRow, UsersPage},
    },
};
use store::{Page, Tx, users::UserPatch};

use crate::{Error, Result, Services, audit, auth, org::Org};

const PER_PAGE: u32 = 50;

/// People by name; `q` is part of a name or address.
///
/// # Errors
/// [`Error::Denied`] for everybody but admins.
pub async fn page(services: &Services, actor: &Actor, q: &str, page: u32) -> Result<UsersPage> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let listed = store::users::list(conn, Some(q), Page::number(page.max(1), PER_PAGE)).await?;
    let managers = store::users::names(conn, listed.rows.iter().filter_map(|user| user.manager)).await?;
    let rows = listed.rows.into_iter().map(|user| UserRow {
        id: user.id,
        manager: user.manager.and_then(|id| managers.get(&id).cloned()),
        name: user.name,
        email: user.email,
        role: user.role,
        team: user.team,
        active: user.active,
        has_password: user.has_password,
        last_seen: user.last_sign_in_at.map_or_else(|| "never".into(), |at| org.moment(at, now)),
    });
    Ok(UsersPage {
        rows: rows.collect(),
        page: PageInfo { page: page.max(1), per_page: PER_PAGE, total: listed.total },
        teams: store::users::teams(conn).await?,
    })
}

fn parse_role(role: &str) -> Result<Role> {
    role.parse().map_err(|message: String| Error::field("role", message))
}

fn parse_team(team: &str) -> Option<String> {
    Some(team.trim().to_owned()).filter(|team| !team.is_empty())
}

/// Makes a person without a password.
///
/// # Errors
/// [`Error::Invalid`] beside a field, [`Error::Conflict`] when the address is taken.
pub async fn create(
    services: &Services,
    actor: &Actor,
    email: &str,
    name: &str,
    role: &str,
    team: &str,
) -> Result<UserId> {
    auth::require(actor, Capability::Administer)?;
    auth::create_user(services, &actor.email, email, name, parse_role(role)?, parse_team(team).as_deref(), None).await
}

/// Changes role, team and whether they may sign in. The last active admin stays one.
///
/// # Errors
/// [`Error::Conflict`] for the last admin.
pub async fn update(
    services: &Services,
    actor: &Actor,
    user: UserId,
    role: &str,
    team: &str,
    active: bool,
) -> Result<()> {
    auth::require(actor, Capability::Administer)?;
    let role = parse_role(role)?;
    let patch =
        &UserPatch { role: Some(role), team: Some(parse_team(team)), active: Some(active), ..UserPatch::default() };
    let now = services.now();
    let write = |tx: Tx| async move {
        let before = store::users::by_id(&tx, user).await?.ok_or(Error::NotFound)?;
        let stays_admin = role == Role::Admin && active;
        if before.role == Role::Admin && before.active && !stays_admin {
            let admins = store::users::with_role(&tx, Role::Admin).await?;
            if !admins.iter().any(|admin| admin.id != user && admin.has_password) {
                return Err(Error::Conflict("This is the last admin who can sign in; make another one first.".into()));
            }
        }
        store::users::update(&tx, user, patch.clone(), now).await?;
        if !active {
            store::sessions::end_all_of(&tx, user, None).await?;
        }
        let detail = format!("role {}, team {}, {}", role.key(), team, if active { "active" } else { "inactive" });
        store::audit::record(&tx, audit::by(actor, now, "user.changed", &before.email, detail)).await?;
        Ok(())
    };
    services.db.write(write).await
}

/// Makes an invitation; answers its path `/invite/<token>`, shown once, valid for 7 days.
///
/// # Errors
/// [`Error::NotFound`] for an unknown person.
pub async fn invite(services: &Services, actor: &Actor, user: UserId) -> Result<String> {
    auth::require(actor, Capability::Administer)?;
    let user = store::users::by_id(services.db.read(), user).await?.ok_or(Error::NotFound)?;
    auth::create_invitation(services, actor, &user).await
}
