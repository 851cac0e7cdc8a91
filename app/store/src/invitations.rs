//! Invitations: a link with which an imported person sets the first password (CONTRACT 5).

use domain::{id::UserId, time::At};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    db::Tx,
    entity::invitations::{ActiveModel, Column, Entity},
    error::Result,
    sql::Sql,
};

/// An invitation that can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// Id.
    pub id: i64,
    /// Who is invited.
    pub user: UserId,
    /// When it ends.
    pub expires_at: At,
}

/// Invites a person; earlier invitations of theirs end.
pub async fn create(tx: &Tx, user: UserId, hash: &str, expires_at: At, now: At) -> Result<()> {
    let end = Sql::new(tx, "UPDATE invitations SET")
        .with("used_at = ? WHERE user_id = ? AND used_at IS NULL", [now.0.into(), user.0.into()]);
    end.run(tx).await?;
    let row = ActiveModel {
        user_id: Set(user.0),
        hash: Set(hash.to_owned()),
        expires_at: Set(expires_at.0),
        created_at: Set(now.0),
        ..Default::default()
    };
    row.insert(tx).await?;
    Ok(())
}

/// The invitation with a hash, unless it was used or has expired.
pub async fn by_hash(conn: &impl ConnectionTrait, hash: &str, now: At) -> Result<Option<Invitation>> {
    let row = Entity::find()
        .filter(Column::Hash.eq(hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.0))
        .one(conn)
        .await?;
    Ok(row.map(|row| Invitation { id: row.id, user: UserId(row.user_id), expires_at: At(row.expires_at) }))
}

/// Uses an invitation up; false when somebody was faster.
pub async fn take(tx: &Tx, id: i64, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE invitations SET").with(
        "used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ?",
        [now.0.into(), id.into(), now.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}
