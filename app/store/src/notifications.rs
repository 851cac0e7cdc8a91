//! The inbox.

use domain::{
    id::{NotificationId, UserId},
    time::At,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    db::Tx,
    error::Result,
    sql::{Listed, Page, Sql},
};

/// An item of somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Id.
    pub id: NotificationId,
    /// `signal`, `opportunity`, `sales`, `import`, `system`.
    pub kind: String,
    /// Headline.
    pub title: String,
    /// What it says.
    pub body: String,
    /// Where it leads.
    pub href: String,
    /// Made.
    pub created_at: At,
    /// Read.
    pub read_at: Option<At>,
}

/// An item to be put into an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// Whose inbox.
    pub user: UserId,
    /// Kind.
    pub kind: String,
    /// Headline.
    pub title: String,
    /// What it says.
    pub body: String,
    /// Where it leads.
    pub href: String,
    /// The same key is told once.
    pub dedupe_key: Option<String>,
}

/// Puts an item into an inbox; false when it was told before.
pub async fn insert(tx: &Tx, new: NewNotification, now: At) -> Result<bool> {
    let columns = "INSERT INTO notifications (user_id, kind, title, body, href, dedupe_key, created_at)";
    let sql = Sql::new(tx, columns).with(
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING",
        [
            new.user.0.into(),
            new.kind.into(),
            new.title.into(),
            new.body.into(),
            new.href.into(),
            new.dedupe_key.into(),
            now.0.into(),
        ],
    );
    Ok(sql.run(tx).await? > 0)
}

/// A person's items, newest first.
pub async fn list(conn: &impl ConnectionTrait, user: UserId, page: Page) -> Result<Listed<Notification>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        kind: String,
        title: String,
        body: String,
        href: String,
        created_at: i64,
        read_at: Option<i64>,
    }
    let count = Sql::new(conn, "SELECT COUNT(*) FROM notifications WHERE").with("user_id = ?", [user.0.into()]);
    let total = count.number(conn).await?;
    let sql = Sql::new(conn, "SELECT id, kind, title, body, href, created_at, read_at FROM notifications WHERE")
        .with("user_id = ? ORDER BY id DESC", [user.0.into()])
        .page(page);
    let read = |row: Row| Notification {
        id: NotificationId(row.id),
        kind: row.kind,
        title: row.title,
        body: row.body,
        href: row.href,
        created_at: At(row.created_at),
        read_at: row.read_at.map(At),
    };
    Ok(Listed { rows: sql.all::<Row>(conn).await?.into_iter().map(read).collect(), total })
}

/// Number of a person's unread items.
pub async fn unread(conn: &impl ConnectionTrait, user: UserId) -> Result<u32> {
    let sql = Sql::new(conn, "SELECT COUNT(*) FROM notifications WHERE");
    sql.with("user_id = ? AND read_at IS NULL", [user.0.into()]).number(conn).await
}

/// Marks one of a person's items as read; false when it is not theirs or read already.
pub async fn mark_read(tx: &Tx, user: UserId, id: NotificationId, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE notifications SET").with(
        "read_at = ? WHERE id = ? AND user_id = ? AND read_at IS NULL",
        [now.0.into(), id.0.into(), user.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}

/// Marks all of a person's items as read.
pub async fn mark_all_read(tx: &Tx, user: UserId, now: At) -> Result<u64> {
    let sql = Sql::new(tx, "UPDATE notifications SET");
    sql.with("read_at = ? WHERE user_id = ? AND read_at IS NULL", [now.0.into(), user.0.into()]).run(tx).await
}

#[cfg(test)]
mod tests {
    use domain::time::Day;

    use super::*;
    use crate::{
        Error, activities,
        fixture::{ACME, ANA, BO, TODAY, fill, scopes},
        idempotency, jobs, on_each_database, products, tasks, touched,
    };

    on_each_database! {
        async fn a_thing_is_told_once_and_read_by_its_owner(db: &Db) {
            fill(db).await;
            let tell = |user: UserId, key: Option<&'static str>| async move {
                db.write(|tx| async move {
                    let new = NewNotification {
                        user, kind: "signal".into(), title: "T".into(), body: "B".into(), href: "/x".into(), dedupe_key: key.map(Into::into),
                    };
                    insert(&tx, new, At(1)).await
                }).await.unwrap()
            };
            assert_eq!([tell(ANA, Some("a")).await, tell(ANA, Some("a")).await, tell(ANA, None).await, tell(ANA, None).await], [true, false, true, true]);
            assert_eq!((unread(db.read(), ANA).await.unwrap(), unread(db.read(), BO).await.unwrap()), (3, 0));
            let id = list(db.read(), ANA, Page::first(1)).await.unwrap().rows[0].id;
            let marked = db.write(|tx| async move {
                Ok::<_, Error>((mark_read(&tx, BO, id, At(2)).await?, mark_read(&tx, ANA, id, At(2)).await?, mark_all_read(&tx, ANA, At(3)).await?))
            }).await.unwrap();
            assert_eq!(marked, (false, true, 2));
            assert!(list(db.read(), ANA, Page::first(9)).await.unwrap().rows.iter().all(|item| item.read_at.is_some()));
        }

        async fn tasks_are_made_once_and_done_by_their_owner(db: &Db) {
            fill(db).await;
            let make = |due: i32, key: &'static str| async move {
                db.write(|tx| async move {
                    let new = tasks::NewTask {
                        user: ANA, customer: ACME, opportunity: None, title: "Explore".into(), due_on: Day(due), dedupe_key: Some(key.into()),
                    };
                    tasks::insert(&tx, new, At(1)).await
                }).await.unwrap()
            };
            assert_eq!([make(9, "a").await, make(3, "b").await, make(1, "a").await], [true, true, false]);
            let open = tasks::open(db.read(), ANA, Page::first(9)).await.unwrap();
            assert_eq!((open[0].due_on, open[0].customer_name.as_str(), open.len()), (Day(3), "Acme Corp", 2));
            let (id, other) = (open[0].id, open[1].id);
            let done = db.write(|tx| async move {
                Ok::<_, Error>((tasks::done(&tx, BO, id, At(2)).await?, tasks::done(&tx, ANA, other, At(2)).await?))
            }).await.unwrap();
            assert_eq!((done, tasks::count_open(db.read(), ANA).await.unwrap()), ((false, true), 1));
        }

        async fn activities_keep_to_the_scope_and_to_now(db: &Db) {
            fill(db).await;
            db.write(|tx| async move {
                let activity = activities::Activity {
                    customer: ACME, opportunity: None, at: At(7), actor: "Ana".into(), kind: activities::OUTREACH.into(), text: "Called".into(), user: Some(ANA),
                };
                activities::record(&tx, activity).await
            }).await.unwrap();
            for (scope, seen) in scopes() {
                let found = activities::of_customer(db.read(), &scope, ACME, At(50), 9).await.unwrap();
                let texts: Vec<&str> = found.iter().map(|activity| activity.text.as_str()).collect();
                assert_eq!(texts, if seen.contains(&ACME) { vec!["Called", "Saw it"] } else { vec![] }, "{scope:?}");
            }
        }

        async fn touched_accounts_wait_once(db: &Db) {
            fill(db).await;
            db.write(|tx| async move {
                touched::touch(&tx, [ACME, ACME, domain::id::CustomerId(999)], At(5)).await?;
                touched::touch(&tx, [ACME], At(6)).await
            }).await.unwrap();
            assert_eq!(jobs::waiting_accounts(db.read()).await.unwrap(), 1);
            db.write(|tx| async move { touched::touch_all(&tx, At(7)).await }).await.unwrap();
            assert_eq!(jobs::waiting_accounts(db.read()).await.unwrap(), 5);
        }

        async fn an_answer_is_given_again_for_its_time(db: &Db) {
            fill(db).await;
            let answer = &idempotency::Answer { status: 201, body: "{}".into() };
            let put = |at: i64| async move {
                db.write(|tx| async move { idempotency::put(&tx, ANA, "k", "/api/x", answer, At(at)).await }).await.unwrap();
            };
            put(10).await;
            put(20).await;
            assert_eq!(idempotency::find(db.read(), ANA, "k", "/api/x", At(20)).await.unwrap().as_ref(), Some(answer));
            assert!(idempotency::find(db.read(), ANA, "k", "/api/x", At(21)).await.unwrap().is_none());
            assert!(idempotency::find(db.read(), BO, "k", "/api/x", At(0)).await.unwrap().is_none());
            assert_eq!(db.write(|tx| async move { idempotency::prune(&tx, At(21)).await }).await.unwrap(), 1);
            assert_eq!(products::all(db.read()).await.unwrap()[1].aliases, ["Insight", "Insights"]);
            assert!(TODAY > Day(0));
        }
    }
}
