//! Opportunity records: the open ones of an account, and a new one from what a scan found.

use domain::{
    access::Scope,
    account::KnownOpportunity,
    id::{CustomerId, FoundId, OpportunityId, ProductId, UserId},
    money::Money,
    opportunity::{OpportunityType, Stage},
    time::{At, Day},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::{
    db::Tx,
    entity::{
        opportunities::{ActiveModel, Model},
        opportunity_history,
    },
    error::{Error, Result},
    sql::Sql,
    words,
};

/// A record with its account and people.
#[derive(Debug, Clone, PartialEq)]
pub struct Opportunity {
    /// What a scan knows of it.
    pub known: KnownOpportunity,
    /// The account.
    pub customer: CustomerId,
    /// CSM.
    pub csm: Option<UserId>,
    /// Sales rep.
    pub sales_rep: Option<UserId>,
    /// What it was made from.
    pub found: Option<FoundId>,
    /// Identified on.
    pub identified_on: Option<Day>,
}

const COLUMNS: &str = "SELECT o.id, o.external_id, o.customer_id, o.name, o.type, o.stage, o.estimated_value, \
    o.closed_value, o.probability, o.identified_on, o.expected_close_on, o.closed_on, o.csm_id, o.sales_rep_id, o.source, \
    o.product_id, o.lost_reason, o.currency, o.imported, o.found_id, o.created_at, o.updated_at FROM opportunities o WHERE";

fn read(row: Model) -> Result<Opportunity> {
    let wrong = |what: &str| Error::inconsistent("opportunities", format!("{}: {what}", row.id));
    let kind = OpportunityType::from_key(&row.r#type).ok_or_else(|| wrong("type"))?;
    let stage = Stage::from_key(&row.stage).ok_or_else(|| wrong("stage"))?;
    Ok(Opportunity {
        known: KnownOpportunity {
            id: OpportunityId(row.id),
            external_id: row.external_id,
            name: row.name,
            kind,
            stage,
            estimated_value: row.estimated_value.map(Money),
            product: row.product_id.map(ProductId),
            closed_on: row.closed_on.map(Day),
            source: row.source,
        },
        customer: CustomerId(row.customer_id),
        csm: row.csm_id.map(UserId),
        sales_rep: row.sales_rep_id.map(UserId),
        found: row.found_id.map(FoundId),
        identified_on: row.identified_on.map(Day),
    })
}

/// Records of an account within a scope, open ones first, then by id. A record that begins later than the day is unknown.
pub async fn of_customer(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    customer: CustomerId,
    today: Day,
) -> Result<Vec<Opportunity>> {
    let sql = Sql::new(conn, COLUMNS)
        .scoped_one("o.customer_id", scope)
        .with(
            "AND o.customer_id = ? AND (o.identified_on IS NULL OR o.identified_on <= ?)",
            [customer.0.into(), today.0.into()],
        )
        .add("ORDER BY CASE WHEN o.stage IN ('closed_won', 'closed_lost') THEN 1 ELSE 0 END, o.id");
    sql.all::<Model>(conn).await?.into_iter().map(read).collect()
}

/// One record by `opp_12` or its external id, when its account is within the scope.
pub async fn by_ref(conn: &impl ConnectionTrait, scope: &Scope, reference: &str) -> Result<Option<Opportunity>> {
    let number = words::number_of(reference, OpportunityId::PREFIX).unwrap_or(0);
    let sql = Sql::new(conn, COLUMNS)
        .scoped_one("o.customer_id", scope)
        .with("AND (o.external_id = ? OR o.id = ?)", [reference.into(), number.into()])
        .with("ORDER BY CASE WHEN o.external_id = ? THEN 0 ELSE 1 END LIMIT 1", [reference.into()]);
    sql.one::<Model>(conn).await?.map(read).transpose()
}

/// A record to be made from what a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOpportunity {
    /// The account.
    pub customer: CustomerId,
    /// What it is made from.
    pub found: FoundId,
    /// Name.
    pub name: String,
    /// Type.
    pub kind: OpportunityType,
    /// Product.
    pub product: Option<ProductId>,
    /// Amount of a year.
    pub estimated_value: Option<Money>,
    /// "Seat utilization": where it comes from.
    pub source: String,
    /// CSM.
    pub csm: Option<UserId>,
    /// Today.
    pub identified_on: Day,
}

/// Makes the record of a found opportunity, stage identified, with its history row; its signals are attached to it.
/// [`Error::Conflict`] when it has a record already or is gone.
pub async fn create_from_found(tx: &Tx, new: NewOpportunity, by: Option<UserId>, now: At) -> Result<OpportunityId> {
    let found = new.found;
    let row = ActiveModel {
        customer_id: Set(new.customer.0),
        name: Set(new.name),
        r#type: Set(new.kind.key().to_owned()),
        stage: Set(Stage::Identified.key().to_owned()),
        estimated_value: Set(new.estimated_value.map(|value| value.0)),
        identified_on: Set(Some(new.identified_on.0)),
        csm_id: Set(new.csm.map(|id| id.0)),
        source: Set(Some(new.source)),
        product_id: Set(new.product.map(|id| id.0)),
        imported: Set(false),
        found_id: Set(Some(found.0)),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        ..Default::default()
    };
    let id = OpportunityId(row.insert(tx).await?.id);
    let history = opportunity_history::ActiveModel {
        opportunity_id: Set(id.0),
        to_stage: Set(Stage::Identified.key().to_owned()),
        changed_at: Set(now.0),
        changed_by_id: Set(by.map(|id| id.0)),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        ..Default::default()
    };
    history.insert(tx).await?;
    if !crate::found::set_record(tx, found, id).await? {
        return Err(Error::Conflict(format!("{found} has a record already")));
    }
    crate::signals::attach(tx, found, id, now).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{BETA, BETA_DEAL, TODAY, fill, scopes},
        on_each_database,
    };

    on_each_database! {
        async fn nobody_sees_a_record_outside_the_scope(db: &Db) {
            fill(db).await;
            for (scope, seen) in scopes() {
                let found = by_ref(db.read(), &scope, "O-1").await.unwrap();
                assert_eq!(found.map(|record| record.known.id), seen.contains(&BETA).then_some(BETA_DEAL), "{scope:?}");
                let of = of_customer(db.read(), &scope, BETA, TODAY).await.unwrap();
                assert_eq!(of.len(), usize::from(seen.contains(&BETA)));
            }
            assert!(of_customer(db.read(), &Scope::All, BETA, Day(20_449)).await.unwrap().is_empty(), "not known yet");
        }
    }
}
