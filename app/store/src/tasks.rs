//! Tasks of people.

use domain::{
    id::{CustomerId, OpportunityId, TaskId, UserId},
    time::{At, Day},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    db::Tx,
    error::Result,
    sql::{Page, Sql},
};

/// An open task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Id.
    pub id: TaskId,
    /// The account.
    pub customer: CustomerId,
    /// The account's id in the source system.
    pub customer_external_id: String,
    /// The account's name.
    pub customer_name: String,
    /// The record.
    pub opportunity: Option<OpportunityId>,
    /// What to do.
    pub title: String,
    /// Due on.
    pub due_on: Day,
}

/// A task to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// Whose.
    pub user: UserId,
    /// The account.
    pub customer: CustomerId,
    /// The record.
    pub opportunity: Option<OpportunityId>,
    /// What to do.
    pub title: String,
    /// Due on.
    pub due_on: Day,
    /// The same key is made once.
    pub dedupe_key: Option<String>,
}

/// Makes a task; false when it was made before.
pub async fn insert(tx: &Tx, new: NewTask, now: At) -> Result<bool> {
    let columns = "INSERT INTO tasks (user_id, customer_id, opportunity_id, title, due_on, dedupe_key, created_at)";
    let sql = Sql::new(tx, columns).with(
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dedupe_key) DO NOTHING",
        [
            new.user.0.into(),
            new.customer.0.into(),
            new.opportunity.map(|id| id.0).into(),
            new.title.into(),
            new.due_on.0.into(),
            new.dedupe_key.into(),
            now.0.into(),
        ],
    );
    Ok(sql.run(tx).await? > 0)
}

/// A person's open tasks, soonest first.
pub async fn open(conn: &impl ConnectionTrait, user: UserId, page: Page) -> Result<Vec<Task>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
        customer_id: i64,
        external_id: String,
        name: String,
        opportunity_id: Option<i64>,
        title: String,
        due_on: i32,
    }
    let sql = Sql::new(
        conn,
        "SELECT t.id, t.customer_id, c.external_id, c.name, t.opportunity_id, t.title, t.due_on \
         FROM tasks t JOIN customers c ON c.id = t.customer_id WHERE",
    )
    .with("t.user_id = ? AND t.done_at IS NULL ORDER BY t.due_on, t.id", [user.0.into()])
    .page(page);
    let read = |row: Row| Task {
        id: TaskId(row.id),
        customer: CustomerId(row.customer_id),
        customer_external_id: row.external_id,
        customer_name: row.name,
        opportunity: row.opportunity_id.map(OpportunityId),
        title: row.title,
        due_on: Day(row.due_on),
    };
    Ok(sql.all::<Row>(conn).await?.into_iter().map(read).collect())
}

/// Number of a person's open tasks.
pub async fn count_open(conn: &impl ConnectionTrait, user: UserId) -> Result<u32> {
    let sql = Sql::new(conn, "SELECT COUNT(*) FROM tasks WHERE");
    sql.with("user_id = ? AND done_at IS NULL", [user.0.into()]).number(conn).await
}

/// Marks one of a person's tasks as done; false when it is not theirs or done already.
pub async fn done(tx: &Tx, user: UserId, id: TaskId, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE tasks SET").with(
        "done_at = ? WHERE id = ? AND user_id = ? AND done_at IS NULL",
        [now.0.into(), id.0.into(), user.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}
