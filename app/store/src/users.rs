//! People: who they are, what they may sign in with, and who reports to whom.

use std::collections::BTreeMap;

use domain::{
    access::{Role, Scope},
    id::UserId,
    time::At,
    view::PersonRef,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder,
};

use crate::{
    db::Tx,
    entity::users::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    sql::{Listed, Page, Sql},
};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// E-mail address, lower case.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Team.
    pub team: Option<String>,
    /// Manager.
    pub manager: Option<UserId>,
    /// Own time zone.
    pub time_zone: Option<String>,
    /// May sign in.
    pub active: bool,
    /// Has a password.
    pub has_password: bool,
    /// `light`, `dark`, `system`.
    pub theme: String,
    /// Last sign-in.
    pub last_sign_in_at: Option<At>,
    /// A demo login (CONTRACT 4).
    pub demo: bool,
}

impl TryFrom<Model> for User {
    type Error = Error;
    fn try_from(row: Model) -> Result<User> {
        let role = row.role.parse().map_err(|e| Error::inconsistent("users", format!("{}: {e}", row.id)))?;
        Ok(User {
            id: UserId(row.id),
            email: row.email,
            name: row.name,
            role,
            team: row.team,
            manager: row.manager_id.map(UserId),
            time_zone: row.time_zone,
            active: row.active.unwrap_or(true),
            has_password: row.password_hash.is_some(),
            theme: row.theme,
            last_sign_in_at: row.last_sign_in_at.map(At),
            demo: row.demo,
        })
    }
}

/// A person to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// E-mail address; stored in lower case.
    pub email: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Team.
    pub team: Option<String>,
    /// Manager.
    pub manager: Option<UserId>,
    /// Hash of a password, when there is one.
    pub password_hash: Option<String>,
    /// A demo login.
    pub demo: bool,
}

/// What an admin may change; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserPatch {
    /// Full name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Team; `Some(None)` takes it away.
    pub team: Option<Option<String>>,
    /// Manager; `Some(None)` takes it away.
    pub manager: Option<Option<UserId>>,
    /// May sign in.
    pub active: Option<bool>,
}

/// One person.
pub async fn by_id(conn: &impl ConnectionTrait, id: UserId) -> Result<Option<User>> {
    Entity::find_by_id(id.0).one(conn).await?.map(User::try_from).transpose()
}

/// One person by e-mail address, without regard to case.
pub async fn by_email(conn: &impl ConnectionTrait, email: &str) -> Result<Option<User>> {
    Ok(credentials(conn, email).await?.map(|(user, _)| user))
}

/// One person with the hash of the password, for sign-in.
pub async fn credentials(conn: &impl ConnectionTrait, email: &str) -> Result<Option<(User, Option<String>)>> {
    let found = Entity::find().filter(Column::Email.eq(email.trim().to_lowercase())).one(conn).await?;
    let Some(mut row) = found else { return Ok(None) };
    let hash = row.password_hash.take();
    let mut user = User::try_from(row)?;
    user.has_password = hash.is_some();
    Ok(Some((user, hash)))
}

/// The hash of one person's password.
pub async fn password_hash(conn: &impl ConnectionTrait, id: UserId) -> Result<Option<String>> {
    Ok(Entity::find_by_id(id.0).one(conn).await?.and_then(|row| row.password_hash))
}

/// People by name, with a text only those whose name, address or team contains it.
pub async fn list(conn: &impl ConnectionTrait, text: Option<&str>, page: Page) -> Result<Listed<User>> {
    let matching = |begin: &str| match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Sql::new(conn, begin).contains(&["name", "email", "COALESCE(team, '')"], text),
        None => Sql::new(conn, begin).add("TRUE"),
    };
    let total = matching("SELECT COUNT(*) FROM users WHERE").number(conn).await?;
    let rows = matching("SELECT * FROM users WHERE").add("ORDER BY name, id").page(page).all::<Model>(conn).await?;
    Ok(Listed { rows: rows.into_iter().map(User::try_from).collect::<Result<_>>()?, total })
}

/// Active people of a role, by id.
pub async fn with_role(conn: &impl ConnectionTrait, role: Role) -> Result<Vec<User>> {
    let rows = Entity::find().filter(Column::Role.eq(role.key())).order_by_asc(Column::Id).all(conn).await?;
    let users: Vec<User> = rows.into_iter().map(User::try_from).collect::<Result<_>>()?;
    Ok(users.into_iter().filter(|user| user.active).collect())
}

/// Names of people.
pub async fn names(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        name: String,
    }
    let sql = Sql::new(conn, "SELECT id, name FROM users WHERE").within("id", ids.into_iter().map(|id| id.0));
    Ok(sql.all::<Row>(conn).await?.into_iter().map(|row| (UserId(row.id), row.name)).collect())
}

/// Number of people.
pub async fn count(conn: &impl ConnectionTrait) -> Result<u32> {
    Sql::new(conn, "SELECT COUNT(*) FROM users").number(conn).await
}

/// Whether a demo login is there.
pub async fn has_demo(conn: &impl ConnectionTrait) -> Result<bool> {
    Ok(Sql::new(conn, "SELECT COUNT(*) FROM users WHERE demo").number(conn).await? > 0)
}

/// Teams in use, by name.
pub async fn teams(conn: &impl ConnectionTrait) -> Result<Vec<String>> {
    let sql = Sql::new(conn, "SELECT DISTINCT team FROM users WHERE team IS NOT NULL AND team <> '' ORDER BY team");
    sql.rows(conn).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// CSMs of the accounts and opportunities in a scope, by name, for filters.
pub async fn csms(conn: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<PersonRef>> {
    #[derive(FromQueryResult)]
    struct Row {
        email: String,
        name: String,
    }
    let sql = Sql::new(
        conn,
        "SELECT u.email, u.name FROM users u WHERE u.id IN (SELECT c.csm_id FROM customers c WHERE c.csm_id IS NOT NULL AND",
    )
    .scoped("c.id", scope)
    .add(") ORDER BY u.name, u.email");
    Ok(sql.all::<Row>(conn).await?.into_iter().map(|row| PersonRef { email: row.email, name: row.name }).collect())
}

/// Everybody in a leader's teams, the leader included: the team's members and anyone below in the reporting line of
/// the leader or of a member (CONTRACT 5).
pub async fn team_of(conn: &impl ConnectionTrait, leader: UserId) -> Result<Vec<UserId>> {
    let sql = Sql::new(conn, "WITH RECURSIVE team (id) AS (").with(
        "SELECT u.id FROM users u WHERE u.id = ? OR u.team = (SELECT l.team FROM users l WHERE l.id = ? AND l.team <> '') \
         UNION SELECT u.id FROM users u JOIN team t ON u.manager_id = t.id) SELECT id FROM team ORDER BY id",
        [leader.0.into(), leader.0.into()],
    );
    sql.rows(conn).await?.iter().map(|row| Ok(UserId(row.try_get_by_index(0)?))).collect()
}

/// Makes a person; an address that is taken is [`Error::Conflict`].
pub async fn create(tx: &Tx, new: NewUser, now: At) -> Result<UserId> {
    let row = ActiveModel {
        email: Set(new.email.trim().to_lowercase()),
        name: Set(new.name),
        role: Set(new.role.key().to_owned()),
        team: Set(new.team),
        manager_id: Set(new.manager.map(|id| id.0)),
        active: Set(Some(true)),
        password_hash: Set(new.password_hash),
        theme: Set("system".to_owned()),
        demo: Set(new.demo),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        ..Default::default()
    };
    Ok(UserId(row.insert(tx).await?.id))
}

/// Changes a person; false when there is none.
pub async fn update(tx: &Tx, id: UserId, patch: UserPatch, now: At) -> Result<bool> {
    let Some(row) = Entity::find_by_id(id.0).one(tx).await? else { return Ok(false) };
    let mut row: ActiveModel = row.into();
    if let Some(name) = patch.name {
        row.name = Set(name);
    }
    if let Some(role) = patch.role {
        row.role = Set(role.key().to_owned());
    }
    if let Some(team) = patch.team {
        row.team = Set(team);
    }
    if let Some(manager) = patch.manager {
        row.manager_id = Set(manager.map(|id| id.0));
    }
    if let Some(active) = patch.active {
        row.active = Set(Some(active));
    }
    row.updated_at = Set(now.0);
    row.update(tx).await?;
    Ok(true)
}

/// Sets the hash of a password.
pub async fn set_password(tx: &Tx, id: UserId, hash: &str, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE users SET")
        .with("password_hash = ?, updated_at = ? WHERE id = ?", [hash.into(), now.0.into(), id.0.into()]);
    Ok(sql.run(tx).await? > 0)
}

/// Marks a person as a demo login, or not.
pub async fn set_demo(tx: &Tx, id: UserId, demo: bool) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE users SET").with("demo = ? WHERE id = ?", [demo.into(), id.0.into()]);
    Ok(sql.run(tx).await? > 0)
}

/// Sets the theme.
pub async fn set_theme(tx: &Tx, id: UserId, theme: &str) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE users SET").with("theme = ? WHERE id = ?", [theme.into(), id.0.into()]);
    Ok(sql.run(tx).await? > 0)
}

/// Remembers a sign-in.
pub async fn record_sign_in(tx: &Tx, id: UserId, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE users SET").with("last_sign_in_at = ? WHERE id = ?", [now.0.into(), id.0.into()]);
    Ok(sql.run(tx).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::on_each_database;

    fn person(email: &str, role: Role, team: Option<&str>, manager: Option<UserId>) -> NewUser {
        NewUser {
            email: email.into(),
            name: email.split('@').next().unwrap().to_uppercase(),
            role,
            team: team.map(Into::into),
            manager,
            password_hash: None,
            demo: false,
        }
    }

    on_each_database! {
        async fn an_address_is_taken_once_and_found_in_any_case(db: &Db) {
            let id = db.write(|tx| async move {
                create(&tx, person(" Ana@Example.com", Role::Csm, None, None), At(5)).await
            }).await.unwrap();
            let found = by_email(db.read(), "ANA@example.COM ").await.unwrap().unwrap();
            assert_eq!((found.id, found.email.as_str(), found.active, found.has_password), (id, "ana@example.com", true, false));
            let again = db.write(|tx| async move {
                create(&tx, person("ana@example.com", Role::Viewer, None, None), At(6)).await
            }).await;
            assert!(matches!(again, Err(Error::Conflict(_))));
            db.write(|tx| async move {
                set_password(&tx, id, "hash", At(7)).await?;
                set_theme(&tx, id, "dark").await?;
                record_sign_in(&tx, id, At(8)).await?;
                let patch = UserPatch { role: Some(Role::Admin), active: Some(false), team: Some(Some("A".into())), ..Default::default() };
                assert!(update(&tx, id, patch, At(9)).await?);
                assert!(!update(&tx, UserId(999), UserPatch::default(), At(9)).await?);
                Ok::<_, Error>(())
            }).await.unwrap();
            let (user, hash) = credentials(db.read(), "ana@example.com").await.unwrap().unwrap();
            assert_eq!(hash.as_deref(), Some("hash"));
            assert_eq!((user.role, user.active, user.theme.as_str(), user.last_sign_in_at), (Role::Admin, false, "dark", Some(At(8))));
            assert!(with_role(db.read(), Role::Admin).await.unwrap().is_empty(), "inactive people are left out");
            assert_eq!(teams(db.read()).await.unwrap(), ["A"]);
        }

        async fn a_leader_has_the_team_and_everybody_below(db: &Db) {
            let ids = db.write(|tx| async move {
                let leader = create(&tx, person("lead@x.io", Role::CsLeader, Some("East"), None), At(0)).await?;
                let mate = create(&tx, person("mate@x.io", Role::Csm, Some("East"), None), At(0)).await?;
                let report = create(&tx, person("report@x.io", Role::Csm, Some("West"), Some(leader)), At(0)).await?;
                let below = create(&tx, person("below@x.io", Role::Csm, None, Some(report)), At(0)).await?;
                let other = create(&tx, person("other@x.io", Role::Csm, Some("West"), None), At(0)).await?;
                let alone = create(&tx, person("alone@x.io", Role::CsLeader, Some(""), None), At(0)).await?;
                // A circle in the reporting line must end.
                update(&tx, leader, UserPatch { manager: Some(Some(below)), ..Default::default() }, At(1)).await?;
                Ok::<_, Error>([leader, mate, report, below, other, alone])
            }).await.unwrap();
            assert_eq!(team_of(db.read(), ids[0]).await.unwrap(), ids[..4]);
            assert_eq!(team_of(db.read(), ids[5]).await.unwrap(), ids[5..]);
            assert_eq!(list(db.read(), Some("WEST"), Page::first(9)).await.unwrap().total, 2);
            let listed = list(db.read(), None, Page { offset: 1, limit: 2 }).await.unwrap();
            assert_eq!((listed.total, listed.rows.len()), (6, 2));
            assert_eq!(names(db.read(), [ids[1]]).await.unwrap()[&ids[1]], "MATE");
        }
    }
}
