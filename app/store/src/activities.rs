//! The activity log of accounts. Kind [`OUTREACH`] holds alerts back for 14 days (PRODUCT 1.7).

use domain::{
    access::Scope,
    id::{CustomerId, OpportunityId, UserId},
    time::At,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    db::Tx,
    entity::activities::{ActiveModel, Model},
    error::Result,
    sql::{Page, Sql},
};

/// Kind of an activity in which somebody reached out to the customer.
pub const OUTREACH: &str = "outreach";

/// Something that happened on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The account.
    pub customer: CustomerId,
    /// The record.
    pub opportunity: Option<OpportunityId>,
    /// When.
    pub at: At,
    /// "Monitor", "Maya Ortiz".
    pub actor: String,
    /// `outreach`, `signal`, `opportunity`, …
    pub kind: String,
    /// What happened, as a sentence.
    pub text: String,
    /// The person, when it was one.
    pub user: Option<UserId>,
}

/// Writes a line.
pub async fn record(tx: &Tx, activity: Activity) -> Result<()> {
    let row = ActiveModel {
        customer_id: Set(activity.customer.0),
        opportunity_id: Set(activity.opportunity.map(|id| id.0)),
        at: Set(activity.at.0),
        actor: Set(activity.actor),
        kind: Set(activity.kind),
        text: Set(activity.text),
        user_id: Set(activity.user.map(|id| id.0)),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(())
}

/// An account's lines within a scope that are known at `now`, newest first.
pub async fn of_customer(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    customer: CustomerId,
    now: At,
    limit: u32,
) -> Result<Vec<Activity>> {
    let sql = Sql::new(
        conn,
        "SELECT a.id, a.customer_id, a.opportunity_id, a.at, a.actor, a.kind, a.text, a.user_id FROM activities a WHERE",
    )
    .scoped_one("a.customer_id", scope)
    .with("AND a.customer_id = ? AND a.at <= ? ORDER BY a.at DESC, a.id DESC", [customer.0.into(), now.0.into()])
    .page(Page::first(limit));
    let read = |row: Model| Activity {
        customer: CustomerId(row.customer_id),
        opportunity: row.opportunity_id.map(OpportunityId),
        at: At(row.at),
        actor: row.actor,
        kind: row.kind,
        text: row.text,
        user: row.user_id.map(UserId),
    };
    Ok(sql.all::<Model>(conn).await?.into_iter().map(read).collect())
}
