//! The demo's rows as a scan would see them, without a database: for the truth test.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    account::{
        AccountSnapshot, Cached, Contract, ContractStatus, Customer, CustomerStatus, CustomerUser, Entitlement,
        Expansion, KnownOpportunity, LimitPeriod, Market, Meeting, MeetingKind, Outreach, Priority, Product, Series,
        Stakeholder, StakeholderRole, Ticket,
    },
    conversation::defaults,
    id::{ContractId, CustomerId, MeetingId, OpportunityId, ProductId, StakeholderId, TicketId},
    money::Money,
    opportunity::Stage,
    peers::{PeerFacts, PeerIndex},
    time::{At, Day},
};
use serde::de::DeserializeOwned;

use super::{extras, generate};

/// A row by column name.
struct Fields(HashMap<&'static str, String>);

impl Fields {
    fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|cell| !cell.is_empty()).cloned()
    }

    fn parse<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name).map(|cell| cell.parse().unwrap_or_else(|_| panic!("{name} = {cell}")))
    }

    fn word<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.text(name).map(|cell| serde_json::from_value(cell.into()).unwrap())
    }
}

/// Accounts, catalogue and peers.
pub(super) struct World {
    pub(super) accounts: Vec<AccountSnapshot>,
    pub(super) market: Market,
    pub(super) peers: PeerIndex,
}

pub(super) fn world(seed: u64, as_of: Day, accounts: u32) -> World {
    let mut tables: BTreeMap<&str, Vec<Fields>> = BTreeMap::new();
    for table in generate(seed, as_of, accounts) {
        let rows = table.rows.map(|row| Fields(table.header.iter().copied().zip(row).collect())).collect();
        tables.insert(table.dataset, rows);
    }
    let mut take = |dataset: &str| tables.remove(dataset).unwrap();
    let products: Vec<Product> = take("products").iter().zip(1..).map(|(row, id)| product(row, id)).collect();
    let sku: HashMap<String, ProductId> = products.iter().map(|p| (p.sku.clone(), p.id)).collect();
    let product_of = |row: &Fields, name: &str| row.text(name).map(|cell| sku[&cell]);
    let mut all: Vec<AccountSnapshot> = take("customers").iter().zip(1..).map(|(row, id)| account(row, id)).collect();
    let place: HashMap<String, usize> =
        all.iter().enumerate().map(|(i, a)| (a.customer.external_id.clone(), i)).collect();
    let of = |row: &Fields| place[&row.text("customer_external_id").unwrap()];

    let mut contract_place = HashMap::new();
    for (row, id) in take("contracts").iter().zip(1..) {
        let account = &mut all[of(row)];
        contract_place.insert(row.text("external_id").unwrap(), (of(row), account.contracts.len()));
        account.contracts.push(contract(row, id, product_of(row, "plan_sku")));
    }
    for row in take("entitlements") {
        let (account, at) = contract_place[&row.text("contract_external_id").unwrap()];
        let entitlement = Entitlement {
            metric: row.text("metric").unwrap(),
            limit: row.parse("limit").unwrap(),
            product: product_of(&row, "product_sku"),
            period: row.word::<LimitPeriod>("period"),
            starts_on: row.parse("starts_on"),
            ends_on: row.parse("ends_on"),
        };
        all[account].contracts[at].entitlements.push(entitlement);
    }
    for row in take("usage_metrics") {
        let series: &mut Series = all[of(&row)].usage.entry(row.text("metric").unwrap()).or_default();
        series.points.push((row.parse("observed_on").unwrap(), row.parse("value").unwrap()));
    }
    for row in take("customer_users") {
        all[of(&row)].users.push(CustomerUser {
            department: row.text("department"),
            first_seen_on: row.parse("first_seen_on"),
            last_seen_on: row.parse("last_seen_on"),
        });
    }
    for (row, id) in take("stakeholders").iter().zip(1..) {
        all[of(row)].stakeholders.push(Stakeholder {
            id: StakeholderId(id),
            name: row.text("name").unwrap(),
            email: row.text("email"),
            title: row.text("title"),
            role: row.word::<StakeholderRole>("role"),
            engagement: row.parse("engagement"),
            last_contact_on: row.parse("last_contact_on"),
        });
    }
    for row in take("health_scores") {
        all[of(&row)].health.push((row.parse("scored_on").unwrap(), row.parse("score").unwrap()));
    }
    for (row, id) in take("meetings").iter().zip(1..) {
        all[of(row)].meetings.push(Meeting {
            id: MeetingId(id),
            external_id: row.text("external_id").unwrap(),
            held_at: row.parse("held_at").unwrap(),
            kind: row.word::<MeetingKind>("kind").unwrap(),
            title: row.text("title"),
            transcript: row.text("transcript").unwrap(),
            attendees: row.text("attendees"),
        });
    }
    for (row, id) in take("tickets").iter().zip(1..) {
        all[of(row)].tickets.push(Ticket {
            id: TicketId(id),
            external_id: row.text("external_id").unwrap(),
            opened_at: row.parse("opened_at").unwrap(),
            closed_at: row.parse("closed_at"),
            priority: row.word::<Priority>("priority").unwrap(),
            topic: row.text("topic"),
        });
    }
    for (row, id) in take("opportunities").iter().zip(1..) {
        all[of(row)].opportunities.push(KnownOpportunity {
            id: OpportunityId(id),
            external_id: row.text("external_id"),
            name: row.text("name").unwrap(),
            kind: row.parse("type").unwrap(),
            stage: Stage::from_key(&row.text("stage").unwrap()).unwrap(),
            estimated_value: row.parse("estimated_value"),
            product: product_of(row, "product_sku"),
            closed_on: row.parse("closed_on"),
            source: row.text("source"),
        });
    }
    for row in take("expansions") {
        all[of(&row)].expansions.push(Expansion {
            booked_on: row.parse("booked_on").unwrap(),
            arr_delta: row.parse("arr_delta").unwrap(),
            kind: row.parse("type"),
            product: product_of(&row, "product_sku"),
        });
    }
    let extras = extras(as_of);
    for note in extras.outreach {
        if let Some(at) = place.get(&note.customer) {
            let by = super::catalog::staff_name(note.by).to_owned();
            all[*at].last_outreach = Some(Outreach { at: note.at, by, what: note.what });
        }
    }
    let market = market(products, &all, extras.settings);
    let facts = all.iter().filter(|a| domain::signal::is_live_customer(a, as_of)).map(|a| peer_facts(a, as_of));
    let peers = PeerIndex::build(facts.collect::<Vec<_>>(), &market);
    World { accounts: all, market, peers }
}

fn product(row: &Fields, id: i64) -> Product {
    Product {
        id: ProductId(id),
        sku: row.text("sku").unwrap(),
        name: row.text("name").unwrap(),
        family: row.text("family"),
        plan_tier: row.parse("plan_tier"),
        list_price_annual: row.parse("list_price_annual"),
        price_unit: row.text("price_unit"),
        metric: row.text("metric"),
        aliases: row.text("aliases").unwrap_or_default().split(';').map(str::to_owned).collect(),
    }
}

fn account(row: &Fields, id: i64) -> AccountSnapshot {
    AccountSnapshot {
        customer: Customer {
            id: CustomerId(id),
            external_id: row.text("external_id").unwrap(),
            name: row.text("name").unwrap(),
            status: row.word::<CustomerStatus>("status").unwrap(),
            industry: row.text("industry"),
            segment: row.text("segment"),
            arr: row.parse("arr"),
            health_score: None,
            primary_department: row.text("primary_department"),
            csm: None,
            sales_rep: None,
            created_on: row.parse("created_on"),
            churned_on: row.parse("churned_on"),
        },
        contracts: Vec::new(),
        usage: BTreeMap::new(),
        users: Vec::new(),
        stakeholders: Vec::new(),
        health: Vec::new(),
        meetings: Vec::new(),
        tickets: Vec::new(),
        expansions: Vec::new(),
        opportunities: Vec::new(),
        last_outreach: None,
        heard: Cached::default(),
    }
}

fn contract(row: &Fields, id: i64, plan: Option<ProductId>) -> Contract {
    Contract {
        id: ContractId(id),
        external_id: row.text("external_id").unwrap(),
        plan,
        status: row.word::<ContractStatus>("status").unwrap(),
        starts_on: row.parse("starts_on").unwrap(),
        ends_on: row.parse("ends_on"),
        term_months: row.parse("term_months"),
        licensed_seats: row.parse("licensed_seats"),
        price_per_seat_annual: row.parse("price_per_seat_annual"),
        annual_value: row.parse("annual_value"),
        price_book: row.text("price_book"),
        entitlements: Vec::new(),
    }
}

fn market(products: Vec<Product>, accounts: &[AccountSnapshot], settings: Vec<(&'static str, String)>) -> Market {
    let lists = |lists: &[&[&str]]| lists.iter().map(|names| names.iter().map(|n| (*n).to_owned()).collect()).collect();
    let used: BTreeSet<String> =
        accounts.iter().flat_map(|a| a.users.iter().filter_map(|user| user.department.clone())).collect();
    let usual = defaults::DEPARTMENTS.iter().map(|name| (*name).to_owned());
    Market {
        products,
        current_price_book: settings.into_iter().find(|(key, _)| *key == "price_book").map(|(_, value)| value),
        competitors: lists(defaults::COMPETITORS),
        departments: usual.chain(used).collect::<BTreeSet<_>>().into_iter().collect(),
        gauges: Vec::new(),
        multi_year_rate_milli: 150,
        healthy_at: 60.0,
        listener: Cached::default(),
    }
}

/// As the store works them out: what was last paid for a product, plans and products in force, features of 90 days.
fn peer_facts(account: &AccountSnapshot, today: Day) -> PeerFacts {
    let mut paid: BTreeMap<ProductId, (Day, Money)> = BTreeMap::new();
    for expansion in &account.expansions {
        if let Some(product) = expansion.product {
            let newest = paid.entry(product).or_insert((expansion.booked_on, expansion.arr_delta));
            *newest = (*newest).max((expansion.booked_on, expansion.arr_delta));
        }
    }
    let owned = account.owned_products(today).into_iter();
    let features = account.usage.iter().filter(|(metric, series)| {
        metric.starts_with("feature.") && !metric.ends_with(".denied") && series.sum(today - 89, today) > 0.0
    });
    PeerFacts {
        customer: account.customer.id,
        segment: account.customer.segment.clone(),
        plan: account.contract_on(today).and_then(|contract| contract.plan),
        owned: owned.map(|id| (id, paid.get(&id).map(|(_, amount)| *amount))).collect(),
        features: features.map(|(metric, _)| metric.clone()).collect(),
    }
}

/// 09:00 on a day, the time of the daily scan.
pub(super) fn at_nine(day: Day) -> At {
    At(day.start_utc().0 + 9 * 3_600_000)
}
