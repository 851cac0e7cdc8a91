//! The catalogue.

use domain::{account::Product, id::ProductId, money::Money};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use crate::{
    entity::products::{Column, Entity, Model},
    error::Result,
};

/// All products and plans, in the order of their ids.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Product>> {
    let read = |row: Model| Product {
        id: ProductId(row.id),
        sku: row.sku,
        name: row.name,
        family: row.family,
        plan_tier: row.plan_tier,
        list_price_annual: row.list_price_annual.map(Money),
        price_unit: row.price_unit,
        metric: row.metric,
        aliases: row.aliases.as_deref().map(list).unwrap_or_default(),
    };
    Ok(Entity::find().order_by_asc(Column::Id).all(conn).await?.into_iter().map(read).collect())
}

/// The entries of a list, which is stored as it stands in files, separated by `;`.
fn list(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}
