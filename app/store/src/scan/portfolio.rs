//! What a full scan knows of all accounts together: what each owns, pays and uses, for comparisons with peers, and the
//! departments that users belong to.
//!
//! A full scan works it out and keeps it; an incremental scan reads what was kept and refreshes its own accounts, so that
//! it need not go through everybody's usage.

use std::collections::{BTreeMap, HashMap};

use domain::{
    id::{CustomerId, ProductId},
    money::Money,
    peers::PeerFacts,
    time::At,
};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};

use super::{
    Accounts, AsOf, Loader,
    reader::{Reader, known},
};
use crate::{Db, Error, Result, Tx};

/// Days in which a feature counts as used (CONTRACT 5).
const FEATURE_DAYS: i32 = 90;
/// Departments of users that are listened for, most people first. More would be noise of a badly filled column.
const MAX_DEPARTMENTS: usize = 300;

/// What is known of all accounts together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Portfolio {
    /// What each live account brings to its peers, ascending by id.
    pub facts: Vec<PeerFacts>,
    /// Departments of users.
    pub departments: Vec<String>,
}

impl Portfolio {
    /// Whether newer facts of accounts say the same as these.
    #[must_use]
    pub fn agrees(&self, accounts: &[CustomerId], newer: &[PeerFacts]) -> bool {
        let known = |customer: CustomerId| {
            let place = self.facts.binary_search_by_key(&customer, |facts| facts.customer).ok()?;
            self.facts.get(place)
        };
        accounts.iter().all(|customer| known(*customer) == newer.iter().find(|facts| facts.customer == *customer))
    }

    /// Replaces the facts of accounts by newer ones.
    pub fn refresh(&mut self, accounts: &[CustomerId], newer: Vec<PeerFacts>) {
        let replaced: std::collections::HashSet<CustomerId> = accounts.iter().copied().collect();
        self.facts.retain(|facts| !replaced.contains(&facts.customer));
        self.facts.extend(newer);
        self.facts.sort_by_key(|facts| facts.customer);
    }
}

impl Loader {
    /// Works out the portfolio from all accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn portfolio(&mut self, as_of: AsOf) -> Result<Portfolio> {
        self.blocking(move |reader| {
            reader.begin()?;
            let portfolio = Portfolio { facts: facts(reader, None, as_of)?, departments: departments(reader)? };
            reader.end()?;
            Ok(portfolio)
        })
        .await
    }

    /// Works out the facts of some accounts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn peer_facts(&mut self, accounts: Accounts, as_of: AsOf) -> Result<Vec<PeerFacts>> {
        self.blocking(move |reader| {
            reader.begin()?;
            let found = facts(reader, Some(&accounts), as_of)?;
            reader.end()?;
            Ok(found)
        })
        .await
    }
}

fn departments(reader: &Reader) -> Result<Vec<String>> {
    let sql = format!(
        "SELECT department FROM customer_users WHERE department IS NOT NULL AND department <> '' \
         GROUP BY department ORDER BY COUNT(*) DESC, department LIMIT {MAX_DEPARTMENTS}"
    );
    let mut names = Vec::new();
    reader.each(&sql, |row| {
        names.extend(row.text(0)?);
        Ok(())
    })?;
    names.sort();
    Ok(names)
}

/// The facts of accounts, by id; `None` is all.
fn facts(reader: &Reader, accounts: Option<&Accounts>, as_of: AsOf) -> Result<Vec<PeerFacts>> {
    let today = as_of.today.0;
    let only = |column: &str| accounts.map_or_else(|| "1 = 1".to_owned(), |accounts| accounts.filter(column));
    let mut by_customer: BTreeMap<i64, PeerFacts> = BTreeMap::new();
    // As `domain::signal::is_live_customer` says.
    let sql = format!(
        "SELECT id, segment FROM customers WHERE {} AND (created_on IS NULL OR created_on <= {today}) \
         AND ((churned_on IS NULL AND COALESCE(status, 'active') = 'active') \
         OR (churned_on > {today} AND COALESCE(status, 'active') <> 'prospect'))",
        only("id")
    );
    reader.each(&sql, |row| {
        let id = known(row.big(0)?)?;
        let customer = CustomerId(id);
        let facts = PeerFacts { customer, segment: row.text(1)?, plan: None, owned: Vec::new(), features: Vec::new() };
        by_customer.insert(id, facts);
        Ok(())
    })?;
    let prices = prices(reader, &only, today)?;
    contracts(reader, &only, today, &prices, &mut by_customer)?;
    features(reader, &only, today, &mut by_customer)?;
    Ok(by_customer.into_values().collect())
}

/// What accounts last paid for a product when they bought it: the booking, else the won deal.
fn prices(reader: &Reader, only: &dyn Fn(&str) -> String, today: i32) -> Result<HashMap<(i64, i64), Money>> {
    let mut prices = HashMap::new();
    let mut read = |sql: String| {
        reader.each(&sql, |row| {
            // Ascending by day: the last one stays.
            prices.insert((known(row.big(0)?)?, known(row.big(1)?)?), Money(known(row.big(2)?)?));
            Ok(())
        })
    };
    read(format!(
        "SELECT customer_id, product_id, COALESCE(closed_value, estimated_value) FROM opportunities \
         WHERE {} AND product_id IS NOT NULL AND stage = 'closed_won' AND closed_on <= {today} \
         AND COALESCE(closed_value, estimated_value) > 0 ORDER BY closed_on, id",
        only("customer_id")
    ))?;
    read(format!(
        "SELECT customer_id, product_id, arr_delta FROM expansions \
         WHERE {} AND product_id <> 0 AND arr_delta > 0 AND booked_on <= {today} ORDER BY booked_on, id",
        only("customer_id")
    ))?;
    Ok(prices)
}

/// Plans and products of contracts in force. A contract on a product that is no plan says what the product costs.
fn contracts(
    reader: &Reader,
    only: &dyn Fn(&str) -> String,
    today: i32,
    prices: &HashMap<(i64, i64), Money>,
    by_customer: &mut BTreeMap<i64, PeerFacts>,
) -> Result<()> {
    let in_force = format!(
        "c.starts_on <= {today} AND (c.ends_on IS NULL OR c.ends_on >= {today}) \
         AND (COALESCE(c.status, 'active') = 'active' OR (c.status = 'expired' AND c.ends_on >= {today}))"
    );
    let mut own = |customer: i64, product: i64, paid: Option<Money>| -> Option<()> {
        let facts = by_customer.get_mut(&customer)?;
        let paid = prices.get(&(customer, product)).copied().or(paid);
        match facts.owned.iter_mut().find(|(owned, _)| owned.0 == product) {
            Some((_, price)) => *price = price.or(paid),
            None => facts.owned.push((ProductId(product), paid)),
        }
        Some(())
    };
    let mut plans: Vec<(i64, i64)> = Vec::new();
    let sql = format!(
        "SELECT c.customer_id, c.plan_id, c.annual_value, p.plan_tier FROM contracts c \
         JOIN products p ON p.id = c.plan_id WHERE {} AND {in_force} \
         ORDER BY c.customer_id, COALESCE(c.annual_value, -1), c.starts_on, c.id",
        only("c.customer_id")
    );
    reader.each(&sql, |row| {
        let (customer, product) = (known(row.big(0)?)?, known(row.big(1)?)?);
        let is_plan = row.big(3)?.is_some();
        own(customer, product, row.big(2)?.filter(|_| !is_plan).map(Money));
        // Ascending by value: the contract with the most value names the plan, as `contract_on` does.
        plans.push((customer, product));
        Ok(())
    })?;
    let sql = format!(
        "SELECT DISTINCT c.customer_id, e.product_id FROM contracts c JOIN entitlements e ON e.contract_id = c.id \
         WHERE {} AND {in_force} AND e.product_id IS NOT NULL AND e.starts_on <= {today} \
         AND (e.ends_on IS NULL OR e.ends_on >= {today}) ORDER BY c.customer_id, e.product_id",
        only("c.customer_id")
    );
    reader.each(&sql, |row| {
        own(known(row.big(0)?)?, known(row.big(1)?)?, None);
        Ok(())
    })?;
    for (customer, plan) in plans {
        if let Some(facts) = by_customer.get_mut(&customer) {
            facts.plan = Some(ProductId(plan));
        }
    }
    Ok(())
}

/// Features used lately: for each account and feature one look into the key, not a walk through the usage.
fn features(
    reader: &Reader,
    only: &dyn Fn(&str) -> String,
    today: i32,
    by_customer: &mut BTreeMap<i64, PeerFacts>,
) -> Result<()> {
    let sql = format!(
        "SELECT c.id, m.name FROM customers c CROSS JOIN metrics m \
         WHERE {} AND m.name LIKE 'feature.%' AND m.name NOT LIKE '%.denied' \
         AND EXISTS (SELECT 1 FROM usage_metrics u WHERE u.customer_id = c.id AND u.metric_id = m.id \
         AND u.day BETWEEN {} AND {today} AND u.value > 0) ORDER BY c.id, m.name",
        only("c.id"),
        today - FEATURE_DAYS + 1
    );
    reader.each(&sql, |row| {
        if let Some(facts) = by_customer.get_mut(&known(row.big(0)?)?) {
            facts.features.push(known(row.text(1)?)?);
        }
        Ok(())
    })
}

/// The portfolio as it is kept: names of features once, then a row per account.
#[derive(Serialize, Deserialize)]
struct Kept {
    departments: Vec<String>,
    features: Vec<String>,
    accounts: Vec<KeptAccount>,
}

/// Account, segment, plan, owned products with prices, features by place.
type KeptAccount = (i64, Option<String>, Option<i64>, Vec<(i64, Option<i64>)>, Vec<u32>);

impl From<&Portfolio> for Kept {
    fn from(portfolio: &Portfolio) -> Kept {
        let mut features: Vec<String> = portfolio.facts.iter().flat_map(|facts| facts.features.clone()).collect();
        features.sort();
        features.dedup();
        let place = |name: &String| features.binary_search(name).map_or(u32::MAX, |place| place as u32);
        let accounts = portfolio
            .facts
            .iter()
            .map(|facts| {
                let owned = facts.owned.iter().map(|(product, price)| (product.0, price.map(|price| price.0)));
                let used = facts.features.iter().map(place).collect();
                (facts.customer.0, facts.segment.clone(), facts.plan.map(|plan| plan.0), owned.collect(), used)
            })
            .collect();
        Kept { departments: portfolio.departments.clone(), features, accounts }
    }
}

impl From<Kept> for Portfolio {
    fn from(kept: Kept) -> Portfolio {
        let name = |place: u32| kept.features.get(place as usize).cloned();
        let facts = kept.accounts.into_iter().map(|(customer, segment, plan, owned, used)| PeerFacts {
            customer: CustomerId(customer),
            segment,
            plan: plan.map(ProductId),
            owned: owned.into_iter().map(|(product, price)| (ProductId(product), price.map(Money))).collect(),
            features: used.into_iter().filter_map(name).collect(),
        });
        Portfolio { facts: facts.collect(), departments: kept.departments }
    }
}

/// When the portfolio that is kept was worked out; none before the first full scan.
///
/// # Errors
/// When the database fails.
pub async fn kept_at(db: &Db) -> Result<Option<At>> {
    let statement = Statement::from_string(db.backend(), "SELECT worked_out_at FROM portfolio WHERE id = 1");
    let row = db.read().query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.map(At))
}

/// The portfolio of the last full scan; none before the first.
///
/// # Errors
/// When the database fails.
pub async fn kept(db: &Db) -> Result<Option<Portfolio>> {
    let statement = Statement::from_string(db.backend(), "SELECT facts FROM portfolio WHERE id = 1");
    let Some(row) = db.read().query_one_raw(statement).await? else { return Ok(None) };
    let text: String = row.try_get_by_index(0)?;
    let kept: Kept =
        serde_json::from_str(&text).map_err(|error| Error::inconsistent("portfolio", format!("row 1: {error}")))?;
    Ok(Some(kept.into()))
}

/// Keeps a portfolio; writes nothing when it is the one that is kept already.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &Tx, portfolio: &Portfolio, now: At) -> Result<()> {
    let facts = serde_json::to_string(&Kept::from(portfolio))
        .map_err(|error| Error::Unfit(format!("the portfolio can't be written: {error}")))?;
    let backend = tx.get_database_backend();
    let same = Statement::from_sql_and_values(
        backend,
        "SELECT 1 FROM portfolio WHERE id = 1 AND facts = $1",
        [facts.as_str().into()],
    );
    if tx.query_one_raw(same).await?.is_some() {
        return Ok(());
    }
    let write = Statement::from_sql_and_values(
        backend,
        "INSERT INTO portfolio (id, worked_out_at, facts) VALUES (1, $1, $2) \
         ON CONFLICT (id) DO UPDATE SET worked_out_at = excluded.worked_out_at, facts = excluded.facts",
        [now.0.into(), facts.into()],
    );
    tx.execute_raw(write).await?;
    Ok(())
}
