//! Accounts: one by reference, and the list with its figures. A page of the list is found first, by one query that sorts
//! and cuts; the figures of its rows are then read with one query per table.

use std::collections::{BTreeMap, HashMap};

use domain::{
    access::Scope,
    account::{Customer, CustomerStatus},
    id::{CustomerId, StakeholderId, UserId},
    money::Money,
    time::Day,
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{
    contracts::{self, ContractRow, IN_FORCE},
    error::Result,
    found::LISTED_VALUE,
    signals::LIVE,
    sql::{Page, Sql},
    words,
};

/// Somebody on our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

impl Person {
    pub(crate) fn of(id: Option<i64>, name: Option<String>, email: Option<String>) -> Option<Person> {
        Some(Person { id: UserId(id?), name: name?, email: email? })
    }
}

/// An account as it is stored, with names.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// What rules see of it.
    pub customer: Customer,
    /// Region.
    pub region: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Currency of its ARR, when it is not the organisation's.
    pub currency: Option<String>,
    /// The parent account.
    pub parent: Option<CustomerId>,
    /// The account executive of the first sale.
    pub original_ae: Option<UserId>,
    /// CSM.
    pub csm: Option<Person>,
    /// Sales rep.
    pub sales_rep: Option<Person>,
}

/// An account in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountLine {
    /// The account.
    pub account: Account,
    /// Name of the plan of the contract in force with the most value.
    pub plan: Option<String>,
    /// The customer row's ARR, else the value of the contracts in force.
    pub arr: Option<Money>,
    /// The newest dated score, else the customer row's.
    pub health: Option<f64>,
    /// The newest value of `active_users`.
    pub active_users: Option<f64>,
    /// Seats of the contracts in force.
    pub licensed_seats: Option<i64>,
    /// The earliest end of a contract in force.
    pub renews_on: Option<Day>,
    /// Live signals.
    pub signals: u32,
    /// Value of what was found, open and candidate.
    pub found_value: Money,
}

/// What the list is asked for. `None` asks for all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Part of a name or external id.
    pub text: Option<String>,
    /// Segment.
    pub segment: Option<String>,
    /// E-mail address of the CSM.
    pub csm: Option<String>,
    /// Status.
    pub status: Option<CustomerStatus>,
}

/// The order of the list. Unknown values come last, equal ones by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// Largest ARR first.
    Arr,
    /// Lowest health first.
    Health,
    /// Most live signals first.
    Signals,
    /// Largest value found first.
    Found,
    /// Soonest renewal first.
    Renewal,
}

/// A page of the list with totals of all that match.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountList {
    /// The rows of the page.
    pub rows: Vec<AccountLine>,
    /// Accounts that match.
    pub total: u32,
    /// Their ARR.
    pub total_arr: Money,
    /// How many of them have none.
    pub no_arr: u32,
}

/// ARR of the account `c`; the day is bound twice.
fn arr() -> String {
    format!("COALESCE(c.arr, (SELECT SUM(k.annual_value) FROM contracts k WHERE k.customer_id = c.id AND {IN_FORCE}))")
}

/// Adds the scope of accounts `c`, and that they are known on a day (a later `created_on` is not).
fn known(sql: Sql, scope: &Scope, today: Day) -> Sql {
    sql.with("(c.created_on IS NULL OR c.created_on <= ?) AND", [today.0.into()]).scoped("c.id", scope)
}

/// Adds the filter; with [`Filter::default`] nothing.
fn filtered(sql: Sql, filter: &Filter) -> Sql {
    let sql = match filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => sql.add("AND").contains(&["c.name", "c.external_id"], text),
        None => sql,
    };
    sql.when(filter.segment.as_deref(), "AND c.segment = ?", |segment| [segment.into()])
        .when(filter.csm.as_deref(), "AND c.csm_id IN (SELECT id FROM users WHERE email = ?)", |email| {
            [email.trim().to_lowercase().into()]
        })
        .when(filter.status, "AND COALESCE(c.status, 'active') = ?", |status| [words::word(status).into()])
}

/// A page of accounts within a scope, with totals of all that match.
pub async fn list(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    today: Day,
    page: Page,
) -> Result<AccountList> {
    #[derive(FromQueryResult)]
    struct Totals {
        n: i64,
        known: i64,
        arr: Option<i64>,
    }
    let day = || today.0.into();
    let totals =
        Sql::new(conn, "SELECT COUNT(*) AS n, COUNT(a.arr) AS known, CAST(SUM(a.arr) AS BIGINT) AS arr FROM (SELECT")
            .with(&arr(), [day(), day()])
            .add("AS arr FROM customers c WHERE");
    let totals = filtered(known(totals, scope, today), filter).add(") a").one::<Totals>(conn).await?;

    let ids = filtered(known(sorted(conn, sort, today), scope, today), filter);
    let ids = match sort {
        Sort::Name => ids.add("ORDER BY c.name, c.id"),
        // The key is an expression of the row itself.
        Sort::Arr => ids.with(&format!("ORDER BY {} DESC NULLS LAST, c.name, c.id", arr()), [day(), day()]),
        Sort::Health | Sort::Renewal => ids.add("ORDER BY s.key NULLS LAST, c.name, c.id"),
        Sort::Signals | Sort::Found => ids.add("ORDER BY s.key DESC NULLS LAST, c.name, c.id"),
    };
    let rows = ids.page(page).rows(conn).await?;
    let ids: Vec<CustomerId> =
        rows.iter().map(|row| Ok(CustomerId(row.try_get_by_index(0)?))).collect::<Result<_>>()?;
    let totals = totals.unwrap_or(Totals { n: 0, known: 0, arr: None });
    Ok(AccountList {
        rows: lines(conn, &ids, today).await?,
        total: u32::try_from(totals.n).unwrap_or(u32::MAX),
        total_arr: Money(totals.arr.unwrap_or(0)),
        no_arr: u32::try_from(totals.n - totals.known).unwrap_or(u32::MAX),
    })
}

/// The beginning of the query that gives ids in the wanted order: accounts `c` with the sort key `s.key`.
fn sorted(conn: &impl ConnectionTrait, sort: Sort, today: Day) -> Sql {
    let day = || today.0.into();
    let sql = Sql::new(conn, "SELECT c.id FROM customers c");
    let sql = match sort {
        Sort::Name | Sort::Arr => sql,
        Sort::Health => sql.with(
            "LEFT JOIN (SELECT c.id AS id, COALESCE((SELECT h.score FROM health_scores h WHERE h.customer_id = c.id \
             AND h.scored_on <= ? ORDER BY h.scored_on DESC LIMIT 1), c.health_score) AS key FROM customers c) s ON s.id = c.id",
            [day()],
        ),
        Sort::Renewal => sql.with(
            &format!(
                "LEFT JOIN (SELECT k.customer_id AS id, MIN(k.ends_on) AS key FROM contracts k WHERE {IN_FORCE} \
                 GROUP BY k.customer_id) s ON s.id = c.id"
            ),
            [day(), day()],
        ),
        Sort::Signals => sql.add(&format!(
            "LEFT JOIN (SELECT s.customer_id AS id, COUNT(*) AS key FROM signals s WHERE {LIVE} GROUP BY s.customer_id) s \
             ON s.id = c.id"
        )),
        Sort::Found => sql.add(&format!(
            "LEFT JOIN (SELECT f.customer_id AS id, SUM({LISTED_VALUE}) AS key FROM found_opportunities f \
             LEFT JOIN opportunities o ON o.id = f.opportunity_id \
             WHERE f.gone_at IS NULL AND f.status IN ('open', 'candidate') GROUP BY f.customer_id) s ON s.id = c.id"
        )),
    };
    sql.add("WHERE")
}

/// The rows of a list in the order of `ids`, which come from a scoped read.
pub async fn lines(conn: &impl ConnectionTrait, ids: &[CustomerId], today: Day) -> Result<Vec<AccountLine>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut accounts: HashMap<CustomerId, Account> =
        by_ids(conn, ids).await?.into_iter().map(|account| (account.customer.id, account)).collect();
    let contracts = contracts::of_customers(conn, ids, today).await?;
    let health = newest_health(conn, ids, today).await?;
    let active = newest_active_users(conn, ids, today).await?;
    let signals = live_signals(conn, ids).await?;
    let found = found_value(conn, ids).await?;
    let line = |id: &CustomerId| {
        let account = accounts.remove(id)?;
        let in_force: Vec<&ContractRow> = contracts
            .get(id)
            .map(|rows| rows.iter().filter(|row| row.contract.in_force(today)).collect())
            .unwrap_or_default();
        let main =
            in_force.iter().max_by_key(|row| (row.contract.annual_value, row.contract.starts_on, row.contract.id));
        let values: Vec<Money> = in_force.iter().filter_map(|row| row.contract.annual_value).collect();
        let of_contracts = (!values.is_empty()).then(|| values.into_iter().sum());
        Some(AccountLine {
            plan: main.and_then(|row| row.plan.as_ref()).map(|(_, name)| name.clone()),
            arr: account.customer.arr.or(of_contracts),
            health: health.get(id).copied().or(account.customer.health_score),
            active_users: active.get(id).copied(),
            licensed_seats: licensed_seats(&in_force, today),
            renews_on: in_force.iter().filter_map(|row| row.contract.ends_on).min(),
            signals: signals.get(id).copied().unwrap_or(0),
            found_value: found.get(id).copied().unwrap_or_default(),
            account,
        })
    };
    Ok(ids.iter().filter_map(line).collect())
}

/// Seats of contracts in force: of `seats` entitlements, else of the contract, as `AccountSnapshot::licensed_seats`.
fn licensed_seats(in_force: &[&ContractRow], today: Day) -> Option<i64> {
    let seats: Vec<i64> = in_force
        .iter()
        .filter_map(|row| {
            let entitled = row.contract.entitlements.iter().filter(|e| e.metric == "seats" && e.in_force(today));
            let limits: Vec<f64> = entitled.map(|e| e.limit).collect();
            if limits.is_empty() { row.contract.licensed_seats } else { Some(limits.iter().sum::<f64>() as i64) }
        })
        .collect();
    (!seats.is_empty()).then(|| seats.iter().sum())
}

/// A number per account.
async fn per_account<T: sea_orm::TryGetable>(conn: &impl ConnectionTrait, sql: Sql) -> Result<BTreeMap<CustomerId, T>> {
    let rows = sql.rows(conn).await?;
    rows.iter().map(|row| Ok((CustomerId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

async fn newest_health(
    conn: &impl ConnectionTrait,
    ids: &[CustomerId],
    today: Day,
) -> Result<BTreeMap<CustomerId, f64>> {
    let sql = Sql::new(
        conn,
        "SELECT h.customer_id, h.score FROM health_scores h JOIN (SELECT customer_id, MAX(scored_on) AS day \
         FROM health_scores WHERE",
    )
    .within("customer_id", ids.iter().map(|id| id.0))
    .with(
        "AND scored_on <= ? GROUP BY customer_id) n ON n.customer_id = h.customer_id AND n.day = h.scored_on",
        [today.0.into()],
    );
    per_account(conn, sql).await
}

async fn newest_active_users(
    conn: &impl ConnectionTrait,
    ids: &[CustomerId],
    today: Day,
) -> Result<BTreeMap<CustomerId, f64>> {
    let metric = Sql::new(conn, "SELECT id FROM metrics WHERE name = 'active_users'").number(conn).await?;
    let sql = Sql::new(
        conn,
        "SELECT m.customer_id, m.value FROM usage_metrics m JOIN (SELECT customer_id, MAX(day) AS day \
         FROM usage_metrics WHERE",
    )
    .within("customer_id", ids.iter().map(|id| id.0))
    .with("AND metric_id = ? AND day <= ? GROUP BY customer_id) n", [i64::from(metric).into(), today.0.into()])
    .with("ON n.customer_id = m.customer_id AND n.day = m.day AND m.metric_id = ?", [i64::from(metric).into()]);
    per_account(conn, sql).await
}

async fn live_signals(conn: &impl ConnectionTrait, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, u32>> {
    let sql = Sql::new(conn, &format!("SELECT s.customer_id, COUNT(*) FROM signals s WHERE {LIVE} AND"))
        .within("s.customer_id", ids.iter().map(|id| id.0))
        .add("GROUP BY s.customer_id");
    let counts = per_account::<i64>(conn, sql).await?;
    Ok(counts.into_iter().map(|(id, n)| (id, u32::try_from(n).unwrap_or(u32::MAX))).collect())
}

async fn found_value(conn: &impl ConnectionTrait, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, Money>> {
    let sql = Sql::new(
        conn,
        &format!(
            "SELECT f.customer_id, CAST(COALESCE(SUM({LISTED_VALUE}), 0) AS BIGINT) FROM found_opportunities f \
             LEFT JOIN opportunities o ON o.id = f.opportunity_id \
             WHERE f.gone_at IS NULL AND f.status IN ('open', 'candidate') AND"
        ),
    )
    .within("f.customer_id", ids.iter().map(|id| id.0))
    .add("GROUP BY f.customer_id");
    let values = per_account::<i64>(conn, sql).await?;
    Ok(values.into_iter().map(|(id, value)| (id, Money(value))).collect())
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    external_id: String,
    name: String,
    status: Option<String>,
    industry: Option<String>,
    segment: Option<String>,
    region: Option<String>,
    country: Option<String>,
    arr: Option<i64>,
    currency: Option<String>,
    health_score: Option<f64>,
    primary_department: Option<String>,
    csm_id: Option<i64>,
    sales_rep_id: Option<i64>,
    original_ae_id: Option<i64>,
    parent_id: Option<i64>,
    created_on: Option<i32>,
    churned_on: Option<i32>,
    csm_name: Option<String>,
    csm_email: Option<String>,
    rep_name: Option<String>,
    rep_email: Option<String>,
}

const COLUMNS: &str = "SELECT c.id, c.external_id, c.name, c.status, c.industry, c.segment, c.region, c.country, c.arr, \
    c.currency, c.health_score, c.primary_department, c.csm_id, c.sales_rep_id, c.original_ae_id, c.parent_id, \
    c.created_on, c.churned_on, u.name AS csm_name, u.email AS csm_email, r.name AS rep_name, r.email AS rep_email \
    FROM customers c LEFT JOIN users u ON u.id = c.csm_id LEFT JOIN users r ON r.id = c.sales_rep_id WHERE";

impl Row {
    fn read(self) -> Result<Account> {
        Ok(Account {
            customer: Customer {
                id: CustomerId(self.id),
                external_id: self.external_id,
                name: self.name,
                status: words::read_or("customers", self.id, self.status.as_deref(), CustomerStatus::Active)?,
                industry: self.industry,
                segment: self.segment,
                arr: self.arr.map(Money),
                health_score: self.health_score,
                primary_department: self.primary_department,
                csm: self.csm_id.map(UserId),
                sales_rep: self.sales_rep_id.map(UserId),
                created_on: self.created_on.map(Day),
                churned_on: self.churned_on.map(Day),
            },
            region: self.region,
            country: self.country,
            currency: self.currency,
            parent: self.parent_id.map(CustomerId),
            original_ae: self.original_ae_id.map(UserId),
            csm: Person::of(self.csm_id, self.csm_name, self.csm_email),
            sales_rep: Person::of(self.sales_rep_id, self.rep_name, self.rep_email),
        })
    }
}

/// One account by `cus_12` or its external id, when it is within the scope and known on the day.
pub async fn by_ref(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    reference: &str,
    today: Day,
) -> Result<Option<Account>> {
    // An external id that looks like one of ours wins only when it is there.
    let number = words::number_of(reference, CustomerId::PREFIX).unwrap_or(0);
    let found = Sql::new(conn, COLUMNS)
        .with("(c.created_on IS NULL OR c.created_on <= ?) AND", [today.0.into()])
        .scoped_one("c.id", scope)
        .with("AND (c.external_id = ? OR c.id = ?)", [reference.into(), number.into()])
        .with("ORDER BY CASE WHEN c.external_id = ? THEN 0 ELSE 1 END LIMIT 1", [reference.into()])
        .one::<Row>(conn)
        .await?;
    found.map(Row::read).transpose()
}

/// Accounts by id, in no order; the ids come from a scoped read.
async fn by_ids(conn: &impl ConnectionTrait, ids: &[CustomerId]) -> Result<Vec<Account>> {
    let sql = Sql::new(conn, COLUMNS).within("c.id", ids.iter().map(|id| id.0));
    sql.all::<Row>(conn).await?.into_iter().map(Row::read).collect()
}

/// E-mail address of a stakeholder; the id comes from a scoped read.
pub async fn stakeholder_email(conn: &impl ConnectionTrait, id: StakeholderId) -> Result<Option<String>> {
    let rows = Sql::new(conn, "SELECT email FROM stakeholders WHERE").with("id = ?", [id.0.into()]).rows(conn).await?;
    Ok(match rows.first() {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    })
}

/// External ids and names of accounts within a scope, by name, for a form.
pub async fn choices(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    today: Day,
    limit: u32,
) -> Result<Vec<(String, String)>> {
    let sql = known(Sql::new(conn, "SELECT c.external_id, c.name FROM customers c WHERE"), scope, today)
        .add("AND COALESCE(c.status, 'active') = 'active' ORDER BY c.name, c.id")
        .page(Page::first(limit));
    let rows = sql.rows(conn).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Number of accounts within a scope.
pub async fn count(conn: &impl ConnectionTrait, scope: &Scope, today: Day) -> Result<u32> {
    known(Sql::new(conn, "SELECT COUNT(*) FROM customers c WHERE"), scope, today).number(conn).await
}

/// Segments in use within a scope.
pub async fn segments(conn: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<String>> {
    let sql = Sql::new(conn, "SELECT DISTINCT c.segment FROM customers c WHERE c.segment IS NOT NULL AND")
        .scoped("c.id", scope)
        .add("ORDER BY c.segment");
    sql.rows(conn).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Db,
        fixture::{ACME, BETA, CORE, DELTA, TODAY, fill, scopes},
        on_each_database,
    };

    async fn ids(db: &Db, scope: &Scope, filter: Filter, sort: Sort) -> Vec<CustomerId> {
        let listed = list(db.read(), scope, &filter, sort, TODAY, Page::first(50)).await.unwrap();
        assert_eq!(listed.total as usize, listed.rows.len());
        listed.rows.iter().map(|row| row.account.customer.id).collect()
    }

    on_each_database! {
        async fn nobody_sees_an_account_outside_the_scope(db: &Db) {
            fill(db).await;
            for (scope, seen) in scopes() {
                assert_eq!(ids(db, &scope, Filter::default(), Sort::Name).await, seen, "{scope:?}");
                assert_eq!(count(db.read(), &scope, TODAY).await.unwrap() as usize, seen.len());
                for id in [ACME, BETA, CORE, DELTA] {
                    let one = by_ref(db.read(), &scope, &id.to_string(), TODAY).await.unwrap();
                    // The external id `cus_1` of Delta wins over the id of Acme, where it is seen.
                    let wanted = if id == ACME && seen.contains(&DELTA) { DELTA } else { id };
                    assert_eq!(one.map(|account| account.customer.id), seen.contains(&id).then_some(wanted), "{scope:?}");
                }
            }
        }

        async fn a_row_has_the_figures_of_the_day(db: &Db) {
            fill(db).await;
            let listed = list(db.read(), &Scope::All, &Filter::default(), Sort::Name, TODAY, Page::first(2)).await.unwrap();
            assert_eq!((listed.total, listed.total_arr, listed.no_arr), (4, Money(5_000_000 + 500_000 + 100), 1));
            let [acme, beta] = listed.rows.as_slice() else { panic!("two rows") };
            assert_eq!(acme.plan.as_deref(), Some("Business"));
            assert_eq!((acme.arr, acme.health, acme.active_users), (Some(Money(5_000_000)), Some(80.0), Some(48.0)));
            assert_eq!((acme.licensed_seats, acme.renews_on), (Some(50), Some(Day(20_700))));
            assert_eq!((acme.signals, acme.found_value), (2, Money(200)));
            assert_eq!(acme.account.csm.as_ref().map(|csm| csm.email.as_str()), Some("ana@x.io"));
            assert_eq!(acme.account.sales_rep.as_ref().map(|rep| rep.name.as_str()), Some("Rita"));
            assert_eq!((beta.arr, beta.licensed_seats, beta.renews_on), (Some(Money(500_000)), Some(35), Some(Day(20_600))));
            assert_eq!((beta.found_value, beta.health), (Money(700), Some(70.0)));
            let later = by_ref(db.read(), &Scope::All, "C-5", TODAY).await.unwrap();
            assert!(later.is_none(), "dated after today");
        }

        async fn the_list_is_filtered_and_sorted(db: &Db) {
            fill(db).await;
            let all = |sort| ids(db, &Scope::All, Filter::default(), sort);
            assert_eq!(all(Sort::Arr).await, [ACME, BETA, CORE, DELTA]);
            assert_eq!(all(Sort::Health).await, [BETA, ACME, CORE, DELTA]);
            assert_eq!(all(Sort::Signals).await, [ACME, BETA, DELTA, CORE]);
            assert_eq!(all(Sort::Found).await, [BETA, ACME, CORE, DELTA]);
            assert_eq!(all(Sort::Renewal).await, [BETA, ACME, CORE, DELTA]);
            let only = |filter| ids(db, &Scope::All, filter, Sort::Name);
            assert_eq!(only(Filter { text: Some("acME".into()), ..Default::default() }).await, [ACME]);
            assert_eq!(only(Filter { text: Some("%".into()), ..Default::default() }).await, [BETA]);
            assert_eq!(only(Filter { text: Some("c-3".into()), ..Default::default() }).await, [CORE]);
            assert_eq!(only(Filter { segment: Some("smb".into()), ..Default::default() }).await, [ACME, CORE]);
            assert_eq!(only(Filter { csm: Some("BO@x.io".into()), ..Default::default() }).await, [BETA, CORE]);
            assert_eq!(only(Filter { status: Some(CustomerStatus::Churned), ..Default::default() }).await, [DELTA]);
            assert_eq!(only(Filter { status: Some(CustomerStatus::Active), ..Default::default() }).await, [ACME, BETA, CORE]);
            assert_eq!(segments(db.read(), &Scope::All).await.unwrap(), ["enterprise", "smb"]);
            assert_eq!(choices(db.read(), &Scope::Csms(vec![UserId(1)]), TODAY, 9).await.unwrap().len(), 2);
        }
    }
}
