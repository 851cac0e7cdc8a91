//! `/api/customers` and `/api/contracts`.

use axum::{extract::State, response::Response};
use domain::{
    account::{ContractStatus, CustomerStatus},
    id::ContractId,
    time::Day,
};
use serde::{Deserialize, Serialize};
use store::customers::{AccountLine, Filter};
use utoipa::{IntoParams, ToSchema};

use super::{
    extract::{Caller, Path, Query, json},
    page,
    types::{Amount, ContractOut, CustomerOut, day},
};
use crate::{problem::Problem, state::AppState};

/// Parameters of the list of accounts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CustomersQuery {
    /// Part of a name or external id.
    #[serde(default)]
    q: Option<String>,
    /// Segment.
    #[serde(default)]
    segment: Option<String>,
    /// E-mail address of the CSM.
    #[serde(default, alias = "csmId")]
    csm_id: Option<String>,
    /// `active`, `churned`, `prospect` or `all` (default).
    #[serde(default)]
    status: Option<String>,
    /// Rows on a page, at most 200.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Totals of all accounts that match.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerTotals {
    /// Number.
    count: u32,
    /// ARR.
    arr: Amount,
    /// Currency.
    currency: String,
    /// Counted without ARR.
    no_arr: u32,
}

/// The list of accounts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomersPage {
    /// By name.
    data: Vec<CustomerOut>,
    /// Cursor of the page after.
    next_cursor: Option<String>,
    /// Rows on a page, after the cut to 200.
    limit: u32,
    /// Totals of all that match.
    totals: CustomerTotals,
}

fn status_word(status: CustomerStatus) -> String {
    match status {
        CustomerStatus::Active => "active",
        CustomerStatus::Churned => "churned",
        CustomerStatus::Prospect => "prospect",
    }
    .into()
}

fn customer(line: &AccountLine, currency: &str, people: bool) -> CustomerOut {
    let account = &line.account;
    CustomerOut {
        id: account.customer.id.to_string(),
        external_id: account.customer.external_id.clone(),
        name: account.customer.name.clone(),
        status: status_word(account.customer.status),
        industry: account.customer.industry.clone(),
        segment: account.customer.segment.clone(),
        region: account.region.clone(),
        country: account.country.clone(),
        arr: line.arr.map(|arr| arr.to_string()),
        currency: account.currency.clone().unwrap_or_else(|| currency.to_owned()),
        health_score: line.health,
        csm_email: account.csm.as_ref().filter(|_| people).map(|csm| csm.email.clone()),
        sales_rep_email: account.sales_rep.as_ref().filter(|_| people).map(|rep| rep.email.clone()),
        live_signals: line.signals,
        created_on: day(account.customer.created_on),
    }
}

/// Accounts of your scope, by name.
#[utoipa::path(get, path = "/customers", tag = "Accounts", params(CustomersQuery), responses(
    (status = 200, description = "The list", body = CustomersPage),
    (status = 400, description = "A parameter that can't be read", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The token does not allow it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Query(query): Query<CustomersQuery>,
) -> Result<Response, Problem> {
    let status = match query.status.as_deref().unwrap_or("all") {
        "" | "all" => None,
        "active" => Some(CustomerStatus::Active),
        "churned" => Some(CustomerStatus::Churned),
        "prospect" => Some(CustomerStatus::Prospect),
        other => {
            return Err(Problem::bad_request(format!("status = {other:?}: write active, churned, prospect or all.")));
        }
    };
    let filter = Filter { text: query.q.clone(), segment: query.segment.clone(), csm: query.csm_id.clone(), status };
    let name = format!("customers {filter:?}");
    let window = page::window(&state.secret, &name, query.limit.as_deref(), query.cursor.as_deref())?;
    let rows = store::Page { offset: u32::try_from(window.offset).unwrap_or(u32::MAX), limit: window.limit };
    let (listed, currency) = services::accounts::list(&state.services, &actor, &filter, rows).await?;
    let people = actor.can(domain::access::Capability::SeeContactDetails);
    Ok(json(CustomersPage {
        data: listed.rows.iter().map(|line| customer(line, &currency, people)).collect(),
        next_cursor: page::next(&state.secret, &name, window, listed.total.into()),
        limit: window.limit,
        totals: CustomerTotals {
            count: listed.total,
            arr: listed.total_arr.to_string(),
            no_arr: listed.no_arr,
            currency,
        },
    }))
}

/// One account.
#[utoipa::path(get, path = "/customers/{id}", tag = "Accounts", params(("id" = String, Path, description = "Id or external id")), responses(
    (status = 200, description = "The account", body = CustomerOut),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The token does not allow it", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such account, or not yours", body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (line, currency) = services::accounts::one(&state.services, &actor, &id).await?;
    Ok(json(customer(&line, &currency, actor.can(domain::access::Capability::SeeContactDetails))))
}

/// Parameters of the list of contracts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContractsQuery {
    /// `active` (in force on `as_of`), `expired`, `cancelled` or `all` (default).
    #[serde(default)]
    status: Option<String>,
    /// The day on which it is asked; today when absent.
    #[serde(default)]
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<String>,
    /// Rows on a page, at most 200.
    #[serde(default)]
    limit: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// Totals of all contracts that match.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractTotals {
    /// Number.
    count: u32,
    /// Sum of the annual values.
    arr: Amount,
    /// Currency.
    currency: String,
    /// Sum of the seats.
    licensed_seats: i64,
}

/// The list of contracts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractsPage {
    /// By id.
    data: Vec<ContractOut>,
    /// Cursor of the page after.
    next_cursor: Option<String>,
    /// Rows on a page, after the cut to 200.
    limit: u32,
    /// Totals of all that match.
    totals: ContractTotals,
}

/// Contracts of your scope.
#[utoipa::path(get, path = "/contracts", tag = "Accounts", params(ContractsQuery), responses(
    (status = 200, description = "The list", body = ContractsPage),
    (status = 400, description = "A parameter that can't be read", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The token does not allow it", body = Problem, content_type = "application/problem+json"),
))]
pub async fn contracts(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Query(query): Query<ContractsQuery>,
) -> Result<Response, Problem> {
    let status = match query.status.as_deref().unwrap_or("all") {
        "" | "all" => None,
        "active" => Some(ContractStatus::Active),
        "expired" => Some(ContractStatus::Expired),
        "cancelled" => Some(ContractStatus::Cancelled),
        other => {
            return Err(Problem::bad_request(format!("status = {other:?}: write active, expired, cancelled or all.")));
        }
    };
    let as_of: Option<Day> = match query.as_of.as_deref() {
        None => None,
        Some(text) => Some(
            text.parse()
                .map_err(|_| Problem::bad_request(format!("as_of = {text:?}: write a day like 2026-02-27.")))?,
        ),
    };
    let name = format!("contracts {:?} {:?}", query.status, query.as_of);
    let window = page::window(&state.secret, &name, query.limit.as_deref(), query.cursor.as_deref())?;
    let (list, currency) = services::accounts::contracts(&state.services, &actor, as_of, |as_of| {
        // The place of this list's cursor is the id after which it goes on.
        let after = i64::try_from(window.offset).ok().filter(|id| *id > 0).map(ContractId);
        store::contracts::Filter { as_of, status, customer: None, after, limit: window.limit }
    })
    .await?;
    Ok(json(ContractsPage {
        next_cursor: list
            .rows
            .last()
            .filter(|_| list.more)
            .map(|last| page::cursor(&state.secret, &name, last.contract.id.0.unsigned_abs())),
        limit: window.limit,
        totals: ContractTotals {
            count: list.count,
            arr: list.arr.to_string(),
            currency: currency.clone(),
            licensed_seats: list.licensed_seats,
        },
        data: list
            .rows
            .iter()
            .map(|row| ContractOut {
                id: row.contract.id.to_string(),
                external_id: row.contract.external_id.clone(),
                customer_id: row.customer.to_string(),
                customer_external_id: row.customer_external_id.clone(),
                plan_sku: row.plan.as_ref().map(|(sku, _)| sku.clone()),
                status: serde_json::to_value(row.contract.status)
                    .ok()
                    .and_then(|value| value.as_str().map(str::to_owned))
                    .unwrap_or_default(),
                starts_on: row.contract.starts_on.to_string(),
                ends_on: day(row.contract.ends_on),
                term_months: row.contract.term_months,
                licensed_seats: row.contract.licensed_seats,
                price_per_seat_annual: row.contract.price_per_seat_annual.map(|price| price.to_string()),
                annual_value: row.contract.annual_value.map(|value| value.to_string()),
                currency: currency.clone(),
            })
            .collect(),
    }))
}
