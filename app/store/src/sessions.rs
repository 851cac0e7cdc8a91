//! Browser sessions, as the store behind `tower-sessions` (ARCHITECTURE 3).

use std::fmt;

use domain::{id::UserId, time::At};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use tower_sessions::{
    SessionStore,
    cookie::time::OffsetDateTime,
    session::{Id, Record},
    session_store,
};

use crate::{
    db::{Db, Tx},
    entity::sessions::{ActiveModel, Column, Entity},
    error::{Error, Result},
    sql::Sql,
};

/// Key of the session data that holds the signed-in person's [`UserId`] in its wire form.
pub const USER_KEY: &str = "user";

/// Sessions in the database. Their time is the wall clock, as the browser's cookie is, whatever `--now` says.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: fn() -> At,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    /// Sessions in `db`; `clock` tells when one has expired.
    #[must_use]
    pub fn new(db: Db, clock: fn() -> At) -> Sessions {
        Sessions { db, clock }
    }

    /// Writes a record; with `replace` over one of the same id. False when another one was there.
    async fn put(&self, record: &Record, replace: bool) -> session_store::Result<bool> {
        let row = &ActiveModel {
            id: Set(record.id.to_string()),
            user_id: Set(user_of(record).map(|id| id.0)),
            data: Set(serde_json::to_string(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))?),
            expires_at: Set(millis(record.expiry_date)),
        };
        let taken = if replace {
            OnConflict::column(Column::Id).update_columns([Column::UserId, Column::Data, Column::ExpiresAt]).to_owned()
        } else {
            OnConflict::column(Column::Id).do_nothing().to_owned()
        };
        let taken = &taken;
        let write = |tx: Tx| async move {
            let insert = Entity::insert(row.clone()).on_conflict(taken.clone());
            insert.exec_without_returning(&tx).await.map_err(Error::from)
        };
        Ok(self.db.write(write).await.map_err(backend)? > 0)
    }
}

#[sea_orm_migration::async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !self.put(record, false).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.put(record, true).await.map(|_| ())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = Entity::find_by_id(id.to_string()).one(self.db.read()).await;
        let Some(row) = found.map_err(|error| backend(error.into()))? else { return Ok(None) };
        if row.expires_at <= (self.clock)().0 {
            return Ok(None);
        }
        let decode = |error: &dyn fmt::Display| session_store::Error::Decode(error.to_string());
        let nanos = i128::from(row.expires_at) * 1_000_000;
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&row.data).map_err(|e| decode(&e))?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|e| decode(&e))?,
        }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let id = &id.to_string();
        let write =
            |tx: Tx| async move { Entity::delete_by_id(id.clone()).exec(&tx).await.map(|_| ()).map_err(Error::from) };
        self.db.write(write).await.map_err(backend)
    }
}

fn user_of(record: &Record) -> Option<UserId> {
    record.data.get(USER_KEY)?.as_str()?.parse().ok()
}

fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The whole chain of causes: the session layer logs only the text.
fn backend(error: Error) -> session_store::Error {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    session_store::Error::Backend(text)
}

/// Ends all sessions of a person, but for one that may stay.
pub async fn end_all_of(tx: &Tx, user: UserId, but: Option<&str>) -> Result<u64> {
    let sql = Sql::new(tx, "DELETE FROM sessions WHERE")
        .with("user_id = ? AND id <> ?", [user.0.into(), but.unwrap_or_default().into()]);
    sql.run(tx).await
}

/// Removes expired sessions.
pub async fn prune(tx: &Tx, now: At) -> Result<u64> {
    Sql::new(tx, "DELETE FROM sessions WHERE").with("expires_at <= ?", [now.0.into()]).run(tx).await
}

/// Number of sessions that have not expired.
pub async fn count(conn: &impl ConnectionTrait, now: At) -> Result<u32> {
    Sql::new(conn, "SELECT COUNT(*) FROM sessions WHERE").with("expires_at > ?", [now.0.into()]).number(conn).await
}

#[cfg(test)]
mod tests {
    use domain::access::Role;

    use super::*;
    use crate::{on_each_database, users};

    fn clock() -> At {
        At(10_000)
    }

    fn record(id: i128, expires: i64) -> Record {
        Record {
            id: Id(id),
            data: Default::default(),
            expiry_date: OffsetDateTime::from_unix_timestamp(expires).unwrap(),
        }
    }

    on_each_database! {
        async fn a_session_is_kept_until_it_expires_or_ends(db: &Db) {
            let user = db.write(|tx| async move {
                let new = users::NewUser {
                    email: "a@x.io".into(), name: "A".into(), role: Role::Csm, team: None, manager: None,
                    password_hash: None, demo: false,
                };
                users::create(&tx, new, At(0)).await
            }).await.unwrap();
            let store = Sessions::new(db.clone(), clock);
            let mut first = record(7, 11);
            first.data.insert(USER_KEY.into(), serde_json::json!(user));
            store.create(&mut first).await.unwrap();
            let mut second = record(7, 12);
            store.create(&mut second).await.unwrap();
            assert_ne!(second.id, Id(7), "an id that is taken is drawn again");
            assert_eq!(store.load(&Id(7)).await.unwrap().unwrap(), first);
            first.data.insert("theme".into(), serde_json::json!("dark"));
            store.save(&first).await.unwrap();
            assert_eq!(store.load(&Id(7)).await.unwrap().unwrap().data.len(), 2);
            let old = record(9, 10);
            store.save(&old).await.unwrap();
            assert!(store.load(&Id(9)).await.unwrap().is_none(), "expired");
            assert_eq!(db.write(|tx| async move { prune(&tx, clock()).await }).await.unwrap(), 1);
            store.delete(&second.id).await.unwrap();
            assert_eq!(count(db.read(), clock()).await.unwrap(), 1);
            assert_eq!(db.write(|tx| async move { end_all_of(&tx, user, None).await }).await.unwrap(), 1);
            assert!(store.load(&Id(7)).await.unwrap().is_none());
        }
    }
}
