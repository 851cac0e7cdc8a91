//! API tokens. Only the hash is kept; the token itself is shown once.

use domain::{
    access::TokenScope,
    id::{TokenId, UserId},
    time::At,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    db::Tx,
    entity::api_tokens::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    sql::Sql,
};

/// A token without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Id.
    pub id: TokenId,
    /// Whose it is.
    pub user: UserId,
    /// Name given by its owner.
    pub name: String,
    /// First characters, to recognise it.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// When it ends.
    pub expires_at: Option<At>,
    /// Made.
    pub created_at: At,
    /// Last use, to the minute.
    pub last_used_at: Option<At>,
    /// Taken back.
    pub revoked_at: Option<At>,
}

impl Token {
    /// Neither revoked nor expired.
    #[must_use]
    pub fn is_live(&self, now: At) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

impl TryFrom<Model> for Token {
    type Error = Error;
    fn try_from(row: Model) -> Result<Token> {
        let scopes = row.scopes.split(',').filter(|scope| !scope.is_empty()).map(str::parse).collect::<Result<_, _>>();
        Ok(Token {
            id: TokenId(row.id),
            user: UserId(row.user_id),
            name: row.name,
            prefix: row.prefix,
            scopes: scopes.map_err(|e: String| Error::inconsistent("api_tokens", format!("{}: {e}", row.id)))?,
            expires_at: row.expires_at.map(At),
            created_at: At(row.created_at),
            last_used_at: row.last_used_at.map(At),
            revoked_at: row.revoked_at.map(At),
        })
    }
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose.
    pub user: UserId,
    /// Name.
    pub name: String,
    /// Hash of the secret.
    pub hash: String,
    /// First characters of the secret.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<TokenScope>,
    /// When it ends.
    pub expires_at: Option<At>,
}

/// Makes a token.
pub async fn create(tx: &Tx, new: NewToken, now: At) -> Result<TokenId> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.key()).collect();
    let row = ActiveModel {
        user_id: Set(new.user.0),
        name: Set(new.name),
        hash: Set(new.hash),
        prefix: Set(new.prefix),
        scopes: Set(scopes.join(",")),
        expires_at: Set(new.expires_at.map(|at| at.0)),
        created_at: Set(now.0),
        ..Default::default()
    };
    Ok(TokenId(row.insert(tx).await?.id))
}

/// The token with a hash, also when it is revoked or expired.
pub async fn by_hash(conn: &impl ConnectionTrait, hash: &str) -> Result<Option<Token>> {
    Entity::find().filter(Column::Hash.eq(hash)).one(conn).await?.map(Token::try_from).transpose()
}

/// A person's tokens, newest first.
pub async fn of_user(conn: &impl ConnectionTrait, user: UserId) -> Result<Vec<Token>> {
    let rows = Entity::find().filter(Column::UserId.eq(user.0)).order_by_desc(Column::Id).all(conn).await?;
    rows.into_iter().map(Token::try_from).collect()
}

/// Takes a person's token back; false when it is not theirs or already revoked.
pub async fn revoke(tx: &Tx, user: UserId, id: TokenId, now: At) -> Result<bool> {
    let sql = Sql::new(tx, "UPDATE api_tokens SET").with(
        "revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL",
        [now.0.into(), id.0.into(), user.0.into()],
    );
    Ok(sql.run(tx).await? > 0)
}

/// Remembers a use. Call it only when the last one is a minute ago, so that reading stays reading.
pub async fn record_use(tx: &Tx, id: TokenId, now: At) -> Result<()> {
    let sql = Sql::new(tx, "UPDATE api_tokens SET").with("last_used_at = ? WHERE id = ?", [now.0.into(), id.0.into()]);
    sql.run(tx).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{ANA, BO, fill},
        invitations, on_each_database,
    };

    on_each_database! {
        async fn a_token_lives_until_it_ends_or_is_revoked_by_its_owner(db: &Db) {
            fill(db).await;
            let id = db.write(|tx| async move {
                let new = NewToken {
                    user: ANA, name: "ci".into(), hash: "h".into(), prefix: "hr_ab".into(),
                    scopes: vec![TokenScope::Read, TokenScope::Import], expires_at: Some(At(100)),
                };
                create(&tx, new, At(1)).await
            }).await.unwrap();
            let token = by_hash(db.read(), "h").await.unwrap().unwrap();
            assert_eq!((token.user, token.scopes.as_slice()), (ANA, [TokenScope::Read, TokenScope::Import].as_slice()));
            assert!(token.is_live(At(99)) && !token.is_live(At(100)));
            let revoked = db.write(|tx| async move {
                record_use(&tx, id, At(5)).await?;
                Ok::<_, Error>([revoke(&tx, BO, id, At(6)).await?, revoke(&tx, ANA, id, At(6)).await?, revoke(&tx, ANA, id, At(7)).await?])
            }).await.unwrap();
            assert_eq!(revoked, [false, true, false]);
            let token = &of_user(db.read(), ANA).await.unwrap()[0];
            assert_eq!((token.last_used_at, token.is_live(At(9))), (Some(At(5)), false));
        }

        async fn an_invitation_is_used_once_and_a_new_one_ends_the_old(db: &Db) {
            fill(db).await;
            let write = |hash: &'static str| async move {
                db.write(|tx| async move { invitations::create(&tx, ANA, hash, At(100), At(1)).await }).await.unwrap();
            };
            write("old").await;
            write("new").await;
            assert!(invitations::by_hash(db.read(), "old", At(2)).await.unwrap().is_none());
            assert!(invitations::by_hash(db.read(), "new", At(100)).await.unwrap().is_none(), "expired");
            let id = invitations::by_hash(db.read(), "new", At(2)).await.unwrap().unwrap().id;
            let taken = db.write(|tx| async move {
                Ok::<_, Error>([invitations::take(&tx, id, At(3)).await?, invitations::take(&tx, id, At(4)).await?])
            }).await.unwrap();
            assert_eq!(taken, [true, false]);
        }
    }
}
