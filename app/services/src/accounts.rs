//! `/accounts`, `/accounts/{id}`, `/api/customers`, `/api/contracts`.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Capability},
    account::{AccountSnapshot, ContractStatus, CustomerStatus, LimitPeriod, Market, StakeholderRole},
    format,
    signal::{Evaluation, RuleKey},
    time::{At, Day},
    view::{
        PageInfo,
        account::{
            AccountPage, AccountRow, AccountsPage, AccountsQuery, ActivityLine, ContractView, EntitlementUse,
            HealthView, PersonView, UsageChart, WhyNot,
        },
        finder::{Drawer, DrawerRow},
    },
};
use store::{
    Page,
    contracts::{ContractList, ContractRow},
    customers::{Account, AccountLine, Filter, Sort},
};

use crate::{Error, Result, Services, auth, charts, finder, org::Org, signals};

const PER_PAGE: u32 = 50;
const MOST_ACTIVITIES: u32 = 50;
const MOST_CHARTS: usize = 8;
const MOST_SCORES: usize = 24;

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The list.
///
/// # Errors
/// When the database can't be read.
pub async fn page(services: &Services, actor: &Actor, query: &AccountsQuery) -> Result<AccountsPage> {
    auth::require(actor, Capability::SeeAccounts)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let filter = Filter {
        text: given(&query.q).map(str::to_owned),
        segment: given(&query.segment).map(str::to_owned),
        csm: given(&query.csm).map(str::to_owned),
        status: match query.status.as_str() {
            "churned" => Some(CustomerStatus::Churned),
            "prospect" => Some(CustomerStatus::Prospect),
            "all" => None,
            _ => Some(CustomerStatus::Active),
        },
    };
    let sort = match query.sort.as_str() {
        "arr" => Sort::Arr,
        "health" => Sort::Health,
        "signals" => Sort::Signals,
        "found" => Sort::Found,
        "renewal" => Sort::Renewal,
        _ => Sort::Name,
    };
    let page = query.page.parse().unwrap_or(1).max(1);
    let today = org.calendar.day_of(now);
    let listed = store::customers::list(conn, &actor.scope, &filter, sort, today, Page::number(page, PER_PAGE)).await?;
    Ok(AccountsPage {
        rows: listed.rows.into_iter().map(row).collect(),
        page: PageInfo { page, per_page: PER_PAGE, total: listed.total },
        total_arr: listed.total_arr,
        no_arr: listed.no_arr,
        segments: store::customers::segments(conn, &actor.scope).await?,
        csms: store::users::csms(conn, &actor.scope).await?,
    })
}

fn row(line: AccountLine) -> AccountRow {
    let active = line.active_users.map(|users| users.round() as i64);
    AccountRow {
        account_ref: line.account.customer.external_id,
        name: line.account.customer.name,
        segment: line.account.customer.segment,
        plan: line.plan,
        arr: line.arr,
        health: line.health,
        seats: active.zip(line.licensed_seats),
        renews_on: line.renews_on,
        signals: line.signals,
        found_value: line.found_value,
        csm: line.account.csm.map(|csm| csm.name),
    }
}

/// One account by id or external id; `open` names a measure whose rows are shown.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn account(services: &Services, actor: &Actor, reference: &str, open: &str) -> Result<AccountPage> {
    auth::require(actor, Capability::SeeAccounts)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let conn = services.db.read();
    let known = store::customers::by_ref(conn, &actor.scope, reference, today).await?.ok_or(Error::NotFound)?;
    let customer = known.customer.id;
    let explained = crate::scan::explain(services, now, customer).await?;
    // Which metrics are gauges is all that this page needs of the market.
    let (snapshot, market) = (&explained.account, &org.market(Vec::new()));
    let filter = store::signals::Filter { customer: Some(customer), ..store::signals::Filter::default() };
    let live = store::signals::list(conn, &actor.scope, &filter, Page::first(200)).await?;
    let (blockers, _) = signals::state_of(services, customer, actor).await?;
    let contracts =
        store::contracts::of_customers(conn, &[customer], today).await?.remove(&customer).unwrap_or_default();
    let lines = store::customers::lines(conn, &[customer], today).await?;
    let arr = lines.first().and_then(|line| line.arr);
    let data_through = finder::data_through(services, &org, now).await?;
    let entitlements = entitlements(snapshot, market, today);
    let may_see_people = actor.can(Capability::SeeContactDetails);
    let activities = store::activities::of_customer(conn, &actor.scope, customer, now, MOST_ACTIVITIES).await?;
    let drawer = match open {
        "arr" => Some(arr_drawer(&known, &contracts, today, &org, &data_through)),
        _ => None,
    };
    Ok(AccountPage {
        account_ref: known.customer.external_id.clone(),
        name: known.customer.name.clone(),
        status: status_word(known.customer.status).into(),
        facts: facts(&known, today),
        arr,
        csm: known.csm.as_ref().map(|csm| csm.name.clone()),
        sales_rep: known.sales_rep.as_ref().map(|rep| rep.name.clone()),
        contracts: contracts.iter().map(|contract| contract_view(contract, today)).collect(),
        charts: usage_charts(snapshot, market, &entitlements, today),
        entitlements,
        health: health(snapshot, today),
        people: snapshot.stakeholders.iter().map(|person| person_view(person, may_see_people)).collect(),
        departments: departments(snapshot, today),
        signals: live.rows.into_iter().map(|listed| signals::line(&org, actor, listed.signal, now)).collect(),
        found: if actor.can(Capability::UseFinder) {
            finder::of_account(services, actor, &org, customer).await?
        } else {
            Vec::new()
        },
        blockers,
        why_not: why_not(explained.rules, may_see_people),
        tickets: tickets(snapshot, &org, now),
        activity: activities
            .into_iter()
            .map(|activity| ActivityLine {
                actor: activity.actor,
                text: activity.text,
                when: org.moment(activity.at, now),
            })
            .collect(),
        data_through,
        may_decide: actor.can(Capability::DecideSignal),
        may_log: actor.can(Capability::LogSignal),
        drawer,
    })
}

fn status_word(status: CustomerStatus) -> &'static str {
    match status {
        CustomerStatus::Active => "Active",
        CustomerStatus::Churned => "Churned",
        CustomerStatus::Prospect => "Prospect",
    }
}

fn facts(known: &Account, today: Day) -> Vec<(String, String)> {
    let customer = &known.customer;
    let since = customer.created_on.map(|day| format::day(day, today));
    let all = [
        ("Industry", customer.industry.clone()),
        ("Segment", customer.segment.as_ref().map(|segment| segment.replace('_', " "))),
        ("Region", known.region.clone()),
        ("Country", known.country.clone()),
        ("Primary department", customer.primary_department.clone()),
        ("Customer since", since),
        ("External id", Some(customer.external_id.clone())),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?))).collect()
}

fn contract_view(row: &ContractRow, today: Day) -> ContractView {
    let contract = &row.contract;
    let status = match contract.status {
        ContractStatus::Cancelled => "Cancelled",
        ContractStatus::Expired => "Expired",
        ContractStatus::Active if contract.starts_on > today => "Starts later",
        ContractStatus::Active if contract.ends_on.is_some_and(|end| end < today) => "Ended",
        ContractStatus::Active => "Active",
    };
    ContractView {
        reference: contract.external_id.clone(),
        plan: row.plan.as_ref().map(|(_, name)| name.clone()),
        status: status.into(),
        starts_on: contract.starts_on,
        ends_on: contract.ends_on,
        term_months: contract.term_months,
        licensed_seats: contract.licensed_seats,
        price_per_seat: contract.price_per_seat_annual,
        annual_value: contract.annual_value,
        price_book: contract.price_book.clone(),
        auto_renew: row.auto_renew,
    }
}

/// The contracts behind the ARR: those in force, else the figure on the account's own row.
fn arr_drawer(known: &Account, contracts: &[ContractRow], today: Day, org: &Org, data_through: &str) -> Drawer {
    let in_force: Vec<&ContractRow> =
        contracts.iter().filter(|row| row.contract.in_force(today) && row.contract.annual_value.is_some()).collect();
    let href = format!("/accounts/{}", known.customer.external_id);
    let (formula, rows) = if in_force.is_empty() {
        let row = DrawerRow {
            label: known.customer.name.clone(),
            href,
            note: "as imported with the account".into(),
            value: known.customer.arr,
        };
        ("No contract in force has an annual value, so this is the ARR given with the account", vec![row])
    } else {
        let rows = in_force.iter().map(|row| DrawerRow {
            label: row.contract.external_id.clone(),
            href: href.clone(),
            note: row.plan.as_ref().map(|(_, name)| name.clone()).unwrap_or_default(),
            value: row.contract.annual_value,
        });
        ("Sum of the annual values of the contracts in force", rows.collect())
    };
    Drawer {
        title: format!("ARR of {}", known.customer.name),
        formula: format!("{formula}, in {}.", org.currency),
        sum: rows.iter().filter_map(|row| row.value).sum(),
        rows,
        not_covered: None,
        data_through: data_through.to_owned(),
    }
}

/// Limits of the contracts in force against use; limits of one metric are added up.
fn entitlements(account: &AccountSnapshot, market: &Market, today: Day) -> Vec<EntitlementUse> {
    let mut limits: BTreeMap<String, (f64, Option<LimitPeriod>)> = BTreeMap::new();
    for (_, entitlement) in account.entitlements_on(today) {
        let entry = limits.entry(entitlement.metric.clone()).or_insert((0.0, entitlement.period));
        entry.0 += entitlement.limit;
    }
    if let Some(seats) = account.licensed_seats(today) {
        limits.insert("seats".into(), (seats as f64, None));
    }
    let mut all: Vec<EntitlementUse> = limits
        .into_iter()
        .map(|(metric, (limit, period))| {
            let seats = metric == "seats";
            let series = account.series(if seats { "active_users" } else { &metric });
            let gauge = seats || market.is_gauge(&metric);
            let total = period == Some(LimitPeriod::Total);
            let used = series.and_then(|series| match (gauge, total) {
                (true, _) => series.last(today).map(|(_, value)| value),
                (false, true) => Some(series.sum(Day(i32::MIN), today)),
                (false, false) => Some(series.sum(today.month_start(), today)),
            });
            let label = if seats { "Seats".into() } else { charts::label(&metric) };
            EntitlementUse {
                label: if gauge || total { label } else { format!("{label}, this month") },
                ratio: used.filter(|_| limit > 0.0).map(|used| used / limit),
                note: match used {
                    None => "no usage of this metric yet".into(),
                    Some(used) if limit > 0.0 && used > limit => format!("{} over", format::quantity(used - limit)),
                    Some(_) => String::new(),
                },
                metric,
                used,
                limit,
            }
        })
        .collect();
    all.sort_by(|a, b| b.ratio.unwrap_or(-1.0).total_cmp(&a.ratio.unwrap_or(-1.0)).then(a.metric.cmp(&b.metric)));
    all
}

/// Charts: users, calls and storage first, then the most used features.
fn usage_charts(account: &AccountSnapshot, market: &Market, limits: &[EntitlementUse], today: Day) -> Vec<UsageChart> {
    let rank = |metric: &str| match metric {
        "active_users" => 0,
        "api_calls" => 1,
        "storage_gb" => 2,
        other if other.ends_with(".denied") => 4,
        _ => 3,
    };
    let mut metrics: Vec<&String> = account.usage.keys().collect();
    metrics.sort_by_key(|metric| (rank(metric), (*metric).clone()));
    metrics
        .into_iter()
        .filter_map(|metric| {
            let gauge = market.is_gauge(metric);
            let limit_of = if metric == "active_users" { "seats" } else { metric.as_str() };
            let limit = limits.iter().find(|limit| gauge && limit.metric == limit_of).map(|limit| limit.limit);
            charts::usage(metric, account.usage.get(metric)?, gauge, limit, today)
        })
        .take(MOST_CHARTS)
        .collect()
}

fn health(account: &AccountSnapshot, today: Day) -> Option<HealthView> {
    let score = account.health_on(today)?;
    let known: Vec<(Day, f64)> = account.health.iter().copied().filter(|(day, _)| *day <= today).collect();
    let before = known.iter().rev().find(|(day, _)| *day <= today - 30).map(|(_, score)| *score);
    let first = known.len().saturating_sub(MOST_SCORES);
    Some(HealthView {
        score,
        change_30d: before.map(|before| score - before),
        series: known.get(first..).unwrap_or_default().to_vec(),
    })
}

fn person_view(person: &domain::account::Stakeholder, may_see: bool) -> PersonView {
    let role = match person.role {
        Some(StakeholderRole::Champion) => "Champion",
        Some(StakeholderRole::EconomicBuyer) => "Economic buyer",
        Some(StakeholderRole::ExecSponsor) => "Executive sponsor",
        Some(StakeholderRole::DecisionMaker) => "Decision maker",
        Some(StakeholderRole::Influencer) => "Influencer",
        Some(StakeholderRole::Detractor) => "Detractor",
        None => "Role unknown",
    };
    PersonView {
        name: if may_see { person.name.clone() } else { "Name hidden for your role".into() },
        title: person.title.clone(),
        role: role.into(),
        email: person.email.clone().filter(|_| may_see),
        engagement: person.engagement,
        last_contact_on: person.last_contact_on,
    }
}

fn departments(account: &AccountSnapshot, today: Day) -> Vec<(String, u32, u32)> {
    let mut counts: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    for user in &account.users {
        let name = user.department.clone().unwrap_or_else(|| "No department".into());
        let entry = counts.entry(name).or_default();
        entry.0 += 1;
        entry.1 += u32::from(user.first_seen_on.is_some_and(|day| day > today - 30));
    }
    let mut all: Vec<(String, u32, u32)> = counts.into_iter().map(|(name, (n, new))| (name, n, new)).collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    all
}

fn why_not(rules: Vec<(RuleKey, Vec<Evaluation>)>, may_see_people: bool) -> Vec<WhyNot> {
    let mut all = Vec::new();
    for (rule, evaluations) in rules {
        for mut evaluation in evaluations {
            if !may_see_people && evaluation.clauses.iter().any(|clause| clause.value.contains('“')) {
                for clause in &mut evaluation.clauses {
                    clause.value = "Hidden for your role".into();
                }
            }
            all.push(WhyNot {
                rule: rule.key().into(),
                label: rule.label().into(),
                subject: evaluation.subject,
                fires: evaluation.firing.is_some(),
                clauses: evaluation.clauses,
            });
        }
    }
    all
}

fn tickets(account: &AccountSnapshot, org: &Org, now: At) -> Vec<(String, String, String, String)> {
    let mut open: Vec<&domain::account::Ticket> =
        account.tickets.iter().filter(|ticket| ticket.closed_at.is_none()).collect();
    open.sort_by_key(|ticket| (ticket.priority as u8, ticket.opened_at));
    open.into_iter()
        .map(|ticket| {
            let priority = match ticket.priority {
                domain::account::Priority::Critical => "Critical",
                domain::account::Priority::High => "High",
                domain::account::Priority::Medium => "Medium",
                domain::account::Priority::Low => "Low",
            };
            let topic = ticket.topic.clone().unwrap_or_default();
            (ticket.external_id.clone(), topic, priority.to_owned(), org.moment(ticket.opened_at, now))
        })
        .collect()
}

/// Accounts for the API: a window of the list.
///
/// # Errors
/// When the database can't be read.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: &Filter,
    page: Page,
) -> Result<(store::customers::AccountList, String)> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let listed = store::customers::list(services.db.read(), &actor.scope, filter, Sort::Name, today, page).await?;
    Ok((listed, org.currency))
}

/// One account for the API.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn one(services: &Services, actor: &Actor, reference: &str) -> Result<(AccountLine, String)> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let conn = services.db.read();
    let known = store::customers::by_ref(conn, &actor.scope, reference, today).await?.ok_or(Error::NotFound)?;
    let line = store::customers::lines(conn, &[known.customer.id], today).await?.pop().ok_or(Error::NotFound)?;
    Ok((line, org.currency))
}

/// Contracts for the API: a window, with the totals of all that match. Absent `as_of` is today.
///
/// # Errors
/// When the database can't be read.
pub async fn contracts(
    services: &Services,
    actor: &Actor,
    as_of: Option<Day>,
    filter: impl FnOnce(Day) -> store::contracts::Filter,
) -> Result<(ContractList, String)> {
    let now = services.now();
    let org = Org::load(services, now).await?;
    let as_of = as_of.unwrap_or_else(|| org.calendar.day_of(now));
    let list = store::contracts::list(services.db.read(), &actor.scope, &filter(as_of)).await?;
    Ok((list, org.currency))
}
