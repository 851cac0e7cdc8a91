//! Contracts: of accounts, and as a list with totals (`GET /api/contracts`).

use std::collections::BTreeMap;

use domain::{
    access::Scope,
    account::{Contract, ContractStatus, Entitlement},
    id::{ContractId, CustomerId, ProductId},
    money::Money,
    time::Day,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{error::Result, sql::Sql, words};

/// Condition that the contract `k` is in force on the day that is bound twice: started, not cancelled, not run out. No
/// `ends_on` is active (CONTRACT 5); what is called expired but ends later was active on that day.
pub(crate) const IN_FORCE: &str = "(k.status IS NULL OR k.status <> 'cancelled') AND k.starts_on <= ? \
    AND (k.ends_on >= ? OR (k.ends_on IS NULL AND (k.status IS NULL OR k.status = 'active')))";

/// What the list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// As known at the end of this day: contracts that start later are unknown.
    pub as_of: Day,
    /// Only those with this status on that day.
    pub status: Option<ContractStatus>,
    /// Only those of this account.
    pub customer: Option<CustomerId>,
    /// Only those after this one; the list is in the order of ids.
    pub after: Option<ContractId>,
    /// Rows to give.
    pub limit: u32,
}

/// One contract of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractRow {
    /// The contract without its entitlements; the status is that of the day.
    pub contract: Contract,
    /// Whether it renews by itself.
    pub auto_renew: Option<bool>,
    /// The account.
    pub customer: CustomerId,
    /// The account's id in the source system.
    pub customer_external_id: String,
    /// The account's name.
    pub customer_name: String,
    /// SKU and name of the plan.
    pub plan: Option<(String, String)>,
}

/// The list with totals of all that match, whatever the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractList {
    /// The rows of the page.
    pub rows: Vec<ContractRow>,
    /// Whether there are more.
    pub more: bool,
    /// Contracts.
    pub count: u32,
    /// Sum of annual values.
    pub arr: Money,
    /// Sum of licensed seats.
    pub licensed_seats: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    external_id: String,
    customer_id: i64,
    plan_id: Option<i64>,
    status: Option<String>,
    starts_on: i32,
    ends_on: Option<i32>,
    term_months: Option<i64>,
    licensed_seats: Option<i64>,
    price_per_seat_annual: Option<i64>,
    annual_value: Option<i64>,
    price_book: Option<String>,
    auto_renew: Option<bool>,
    customer_external_id: String,
    customer_name: String,
    sku: Option<String>,
    plan: Option<String>,
}

const COLUMNS: &str = "SELECT k.id, k.external_id, k.customer_id, k.plan_id, k.status, k.starts_on, k.ends_on, \
    k.term_months, k.licensed_seats, k.price_per_seat_annual, k.annual_value, k.price_book, k.auto_renew, \
    c.external_id AS customer_external_id, c.name AS customer_name, p.sku, p.name AS plan \
    FROM contracts k JOIN customers c ON c.id = k.customer_id LEFT JOIN products p ON p.id = k.plan_id WHERE";

impl Row {
    fn read(self, as_of: Day) -> Result<ContractRow> {
        let stored = words::read_or("contracts", self.id, self.status.as_deref(), ContractStatus::Active)?;
        Ok(ContractRow {
            contract: Contract {
                id: ContractId(self.id),
                external_id: self.external_id,
                plan: self.plan_id.map(ProductId),
                status: status_on(stored, self.ends_on.map(Day), as_of),
                starts_on: Day(self.starts_on),
                ends_on: self.ends_on.map(Day),
                term_months: self.term_months,
                licensed_seats: self.licensed_seats,
                price_per_seat_annual: self.price_per_seat_annual.map(Money),
                annual_value: self.annual_value.map(Money),
                price_book: self.price_book,
                entitlements: Vec::new(),
            },
            auto_renew: self.auto_renew,
            customer: CustomerId(self.customer_id),
            customer_external_id: self.customer_external_id,
            customer_name: self.customer_name,
            plan: self.sku.zip(self.plan),
        })
    }
}

/// The status on a day: what has run out since was active, what is still called active past its end has run out. When a
/// cancelled one ended is not known.
fn status_on(stored: ContractStatus, ends_on: Option<Day>, day: Day) -> ContractStatus {
    match (stored, ends_on) {
        (ContractStatus::Cancelled, _) => ContractStatus::Cancelled,
        (_, Some(end)) if end < day => ContractStatus::Expired,
        (ContractStatus::Expired, None) => ContractStatus::Expired,
        _ => ContractStatus::Active,
    }
}

/// The condition of [`status_on`] in SQL.
fn with_status(sql: Sql, status: Option<ContractStatus>, day: Day) -> Sql {
    match status {
        None => sql,
        Some(ContractStatus::Cancelled) => sql.add("AND k.status = 'cancelled'"),
        Some(ContractStatus::Active) => sql.add("AND").with(IN_FORCE, [day.0.into(), day.0.into()]),
        Some(ContractStatus::Expired) => sql.with(
            "AND (k.status IS NULL OR k.status <> 'cancelled') \
             AND (k.ends_on < ? OR (k.ends_on IS NULL AND k.status = 'expired'))",
            [day.0.into()],
        ),
    }
}

/// Contracts within a scope in the order of their ids, with totals.
pub async fn list(conn: &impl ConnectionTrait, scope: &Scope, filter: &Filter) -> Result<ContractList> {
    #[derive(FromQueryResult)]
    struct Totals {
        n: i64,
        arr: Option<i64>,
        seats: Option<i64>,
    }
    let matching = |begin: &str| {
        let sql = Sql::new(conn, begin)
            .scoped("k.customer_id", scope)
            .with("AND k.starts_on <= ?", [filter.as_of.0.into()])
            .when(filter.customer, "AND k.customer_id = ?", |id| [id.0.into()]);
        with_status(sql, filter.status, filter.as_of)
    };
    let totals = matching(
        "SELECT COUNT(*) AS n, CAST(SUM(k.annual_value) AS BIGINT) AS arr, CAST(SUM(k.licensed_seats) AS BIGINT) AS seats \
         FROM contracts k WHERE",
    )
    .one::<Totals>(conn)
    .await?;
    let page = matching(COLUMNS)
        .when(filter.after, "AND k.id > ?", |id| [id.0.into()])
        .with("ORDER BY k.id LIMIT ?", [(i64::from(filter.limit) + 1).into()]);
    let mut rows: Vec<ContractRow> =
        page.all::<Row>(conn).await?.into_iter().map(|row| row.read(filter.as_of)).collect::<Result<_>>()?;
    let more = rows.len() > filter.limit as usize;
    rows.truncate(filter.limit as usize);
    let totals = totals.unwrap_or(Totals { n: 0, arr: None, seats: None });
    Ok(ContractList {
        rows,
        more,
        count: u32::try_from(totals.n).unwrap_or(u32::MAX),
        arr: Money(totals.arr.unwrap_or(0)),
        licensed_seats: totals.seats.unwrap_or(0),
    })
}

/// All contracts of accounts that are known on a day, newest first, with their entitlements. The caller has the accounts
/// from a scoped read.
pub async fn of_customers(
    conn: &impl ConnectionTrait,
    customers: &[CustomerId],
    today: Day,
) -> Result<BTreeMap<CustomerId, Vec<ContractRow>>> {
    let rows = Sql::new(conn, COLUMNS)
        .within("k.customer_id", customers.iter().map(|id| id.0))
        .with("AND k.starts_on <= ? ORDER BY k.starts_on DESC, k.id DESC", [today.0.into()]);
    let mut limits = entitlements(conn, customers).await?;
    let mut found: BTreeMap<CustomerId, Vec<ContractRow>> = BTreeMap::new();
    for row in rows.all::<Row>(conn).await? {
        let mut row = row.read(today)?;
        row.contract.entitlements = limits.remove(&row.contract.id).unwrap_or_default();
        found.entry(row.customer).or_default().push(row);
    }
    Ok(found)
}

async fn entitlements(
    conn: &impl ConnectionTrait,
    customers: &[CustomerId],
) -> Result<BTreeMap<ContractId, Vec<Entitlement>>> {
    #[derive(FromQueryResult)]
    struct Row {
        contract_id: i64,
        metric: String,
        limit_value: f64,
        product_id: Option<i64>,
        period: Option<String>,
        starts_on: i32,
        ends_on: Option<i32>,
    }
    let sql = Sql::new(
        conn,
        "SELECT e.contract_id, e.metric, e.limit_value, e.product_id, e.period, e.starts_on, e.ends_on \
         FROM contracts k JOIN entitlements e ON e.contract_id = k.id WHERE",
    )
    .within("k.customer_id", customers.iter().map(|id| id.0))
    .add("ORDER BY e.contract_id, e.metric, e.starts_on");
    let mut found: BTreeMap<ContractId, Vec<Entitlement>> = BTreeMap::new();
    for row in sql.all::<Row>(conn).await? {
        let period = row.period.as_deref().filter(|period| !period.is_empty());
        found.entry(ContractId(row.contract_id)).or_default().push(Entitlement {
            metric: row.metric,
            limit: row.limit_value,
            product: row.product_id.map(ProductId),
            period: period.map(|period| words::read("entitlements", row.contract_id, period)).transpose()?,
            starts_on: Some(row.starts_on).filter(|day| *day != 0).map(Day),
            ends_on: row.ends_on.map(Day),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixture::{ACME, ANA, BETA, TODAY, fill, scopes},
        on_each_database,
    };

    fn filter(as_of: Day, status: Option<ContractStatus>) -> Filter {
        Filter { as_of, status, customer: None, after: None, limit: 50 }
    }

    fn ids(list: &ContractList) -> Vec<i64> {
        list.rows.iter().map(|row| row.contract.id.0).collect()
    }

    on_each_database! {
        async fn contracts_are_those_of_the_day_and_of_the_scope(db: &Db) {
            fill(db).await;
            let all = list(db.read(), &Scope::All, &filter(TODAY, None)).await.unwrap();
            assert_eq!(ids(&all), [1, 2, 3, 4, 5], "K-6 starts tomorrow");
            let by_status = |day, status| {
                let filter = filter(day, Some(status));
                async move { list(db.read(), &Scope::All, &filter).await.unwrap() }
            };
            let active = by_status(TODAY, ContractStatus::Active).await;
            assert_eq!((ids(&active), active.count, active.arr, active.licensed_seats), (vec![1, 2, 3], 3, Money(4_500_000), 60));
            assert_eq!(ids(&by_status(TODAY, ContractStatus::Expired).await), [4]);
            assert_eq!(ids(&by_status(TODAY, ContractStatus::Cancelled).await), [5]);
            let before = by_status(Day(20_200), ContractStatus::Active).await;
            assert_eq!(ids(&before), [2, 3, 4], "what ran out since was active then");
            assert!(before.rows.iter().all(|row| row.contract.status == ContractStatus::Active));
            for (scope, seen) in scopes() {
                let listed = list(db.read(), &scope, &filter(TODAY, None)).await.unwrap();
                assert!(listed.rows.iter().all(|row| seen.contains(&row.customer)), "{scope:?}");
                assert_eq!(listed.count as usize, listed.rows.len());
            }
        }

        async fn pages_follow_a_cursor_and_totals_are_of_all(db: &Db) {
            fill(db).await;
            let mut page = Filter { limit: 2, ..filter(TODAY, None) };
            let mut seen = Vec::new();
            loop {
                let listed = list(db.read(), &Scope::All, &page).await.unwrap();
                assert_eq!(listed.count, 5);
                seen.extend(ids(&listed));
                page.after = listed.rows.last().map(|row| row.contract.id);
                if !listed.more {
                    break;
                }
            }
            assert_eq!(seen, [1, 2, 3, 4, 5]);
            let own = Filter { customer: Some(ACME), ..filter(TODAY, None) };
            assert_eq!(ids(&list(db.read(), &Scope::Csms(vec![ANA]), &own).await.unwrap()), [1, 4]);
            let of = of_customers(db.read(), &[BETA], TODAY).await.unwrap();
            let [newest, _] = of[&BETA].as_slice() else { panic!("two contracts") };
            assert_eq!(newest.contract.entitlements.len(), 2);
            assert_eq!((newest.contract.entitlements[0].starts_on, newest.contract.entitlements[1].starts_on), (Some(Day(20_100)), None));
        }
    }
}
