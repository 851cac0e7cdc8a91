//! One account as a scan sees it: everything known at `now`, nothing dated later.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use serde::{Deserialize, Serialize};

use crate::{
    conversation::{Analysis, Listener},
    id::{ContractId, CustomerId, MeetingId, OpportunityId, ProductId, StakeholderId, TicketId, UserId},
    money::Money,
    opportunity::{OpportunityType, Stage},
    time::{At, Day},
};

/// Something worked out once from the rest of its owner. Never compared, empty in a copy: a changed copy works it out anew.
pub struct Cached<T>(OnceLock<T>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Cached(OnceLock::new())
    }
}

impl<T> Cached<T> {
    /// The value, worked out at the first call.
    pub fn get_or(&self, work: impl FnOnce() -> T) -> &T {
        self.0.get_or_init(work)
    }
}

impl<T> Clone for Cached<T> {
    fn clone(&self) -> Self {
        Cached(OnceLock::new())
    }
}

impl<T> PartialEq for Cached<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<T> fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "Cached(known)" } else { "Cached(not yet)" })
    }
}

/// State of a customer relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStatus {
    /// Pays.
    Active,
    /// Has left.
    Churned,
    /// Not yet a customer.
    Prospect,
}

/// The account itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    /// Id.
    pub id: CustomerId,
    /// Id in the source system.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// State.
    pub status: CustomerStatus,
    /// Industry.
    pub industry: Option<String>,
    /// `smb`, `mid_market`, `enterprise`.
    pub segment: Option<String>,
    /// Annual recurring revenue; may be absent (then contracts tell).
    pub arr: Option<Money>,
    /// Health score given on the customer row; dated scores win.
    pub health_score: Option<f64>,
    /// The department that bought first.
    pub primary_department: Option<String>,
    /// CSM.
    pub csm: Option<UserId>,
    /// Sales rep.
    pub sales_rep: Option<UserId>,
    /// Customer since.
    pub created_on: Option<Day>,
    /// Left on; a day after today is not known yet.
    pub churned_on: Option<Day>,
}

/// State of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractStatus {
    /// In force.
    Active,
    /// Ran out.
    Expired,
    /// Ended early.
    Cancelled,
}

/// A contract with its entitlements.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Id.
    pub id: ContractId,
    /// Id in the source system.
    pub external_id: String,
    /// The plan, as a product.
    pub plan: Option<ProductId>,
    /// State.
    pub status: ContractStatus,
    /// First day.
    pub starts_on: Day,
    /// Last day; none means open-ended.
    pub ends_on: Option<Day>,
    /// Length in months.
    pub term_months: Option<i64>,
    /// Seats paid for.
    pub licensed_seats: Option<i64>,
    /// Price of one seat for a year.
    pub price_per_seat_annual: Option<Money>,
    /// Value of a year.
    pub annual_value: Option<Money>,
    /// Name of the price book.
    pub price_book: Option<String>,
    /// Limits of the contract.
    pub entitlements: Vec<Entitlement>,
}

impl Contract {
    /// Whether the contract is in force on a day (no `ends_on` is active, CONTRACT 5).
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        self.status == ContractStatus::Active && self.starts_on <= day && self.ends_on.is_none_or(|end| end >= day)
    }
}

/// What period a limit counts over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitPeriod {
    /// Per calendar month.
    Month,
    /// In total.
    Total,
}

/// A limit on a metric, or a product that the contract includes.
#[derive(Debug, Clone, PartialEq)]
pub struct Entitlement {
    /// `seats`, `api_calls`, `storage_gb`, `feature.<key>`, …
    pub metric: String,
    /// The limit.
    pub limit: f64,
    /// The product that grants it.
    pub product: Option<ProductId>,
    /// What the limit counts over; absent: `api_calls` per month, gauges in total, counts per month.
    pub period: Option<LimitPeriod>,
    /// First day.
    pub starts_on: Option<Day>,
    /// Last day.
    pub ends_on: Option<Day>,
}

impl Entitlement {
    /// Whether it holds on a day.
    #[must_use]
    pub fn in_force(&self, day: Day) -> bool {
        self.starts_on.is_none_or(|from| from <= day) && self.ends_on.is_none_or(|to| to >= day)
    }
}

/// One metric's values, ascending by day, one per day at most.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Days and values.
    pub points: Vec<(Day, f64)>,
}

impl Series {
    /// The points of `[from, to]`, both ends included.
    #[must_use]
    pub fn between(&self, from: Day, to: Day) -> &[(Day, f64)] {
        let start = self.points.partition_point(|(day, _)| *day < from);
        let end = self.points.partition_point(|(day, _)| *day <= to);
        self.points.get(start..end.max(start)).unwrap_or(&[])
    }

    /// Sum over `[from, to]`.
    #[must_use]
    pub fn sum(&self, from: Day, to: Day) -> f64 {
        self.between(from, to).iter().map(|(_, value)| value).sum()
    }

    /// Mean over the points of `[from, to]`, with their number; `None` without points.
    #[must_use]
    pub fn mean(&self, from: Day, to: Day) -> Option<(f64, usize)> {
        let points = self.between(from, to);
        (!points.is_empty()).then(|| (points.iter().map(|(_, v)| v).sum::<f64>() / points.len() as f64, points.len()))
    }

    /// The newest point on or before a day.
    #[must_use]
    pub fn last(&self, on_or_before: Day) -> Option<(Day, f64)> {
        let end = self.points.partition_point(|(day, _)| *day <= on_or_before);
        end.checked_sub(1).and_then(|i| self.points.get(i)).copied()
    }
}

/// A person who uses the product at the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerUser {
    /// Department, as the source says.
    pub department: Option<String>,
    /// First seen.
    pub first_seen_on: Option<Day>,
    /// Last seen.
    pub last_seen_on: Option<Day>,
}

/// A stakeholder's part in a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StakeholderRole {
    /// Wants it and says so.
    Champion,
    /// Holds the money.
    EconomicBuyer,
    /// Sponsors from the top.
    ExecSponsor,
    /// Decides.
    DecisionMaker,
    /// Is listened to.
    Influencer,
    /// Is against it.
    Detractor,
}

/// A stakeholder.
#[derive(Debug, Clone, PartialEq)]
pub struct Stakeholder {
    /// Id.
    pub id: StakeholderId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Role; absent is unknown.
    pub role: Option<StakeholderRole>,
    /// 0–100.
    pub engagement: Option<f64>,
    /// Last contact.
    pub last_contact_on: Option<Day>,
}

/// What a meeting was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// A call.
    Call,
    /// A quarterly business review.
    Qbr,
    /// A mail.
    Email,
    /// A support conversation.
    Support,
}

/// A meeting or mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// Id.
    pub id: MeetingId,
    /// Id in the source system.
    pub external_id: String,
    /// When it was held.
    pub held_at: At,
    /// What it was.
    pub kind: MeetingKind,
    /// Title.
    pub title: Option<String>,
    /// Lines `Speaker (customer|vendor): text`; the side may be missing.
    pub transcript: String,
    /// Attendees as the source gives them.
    pub attendees: Option<String>,
}

/// Priority of a ticket; `urgent` is critical (CONTRACT 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Stops the customer.
    Critical,
    /// Hurts.
    High,
    /// Normal.
    Medium,
    /// Small.
    Low,
}

/// A support ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Id.
    pub id: TicketId,
    /// Id in the source system.
    pub external_id: String,
    /// Opened.
    pub opened_at: At,
    /// Closed, when it is.
    pub closed_at: Option<At>,
    /// Priority.
    pub priority: Priority,
    /// Topic.
    pub topic: Option<String>,
}

/// An expansion that really happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    /// Booked on.
    pub booked_on: Day,
    /// Change of ARR.
    pub arr_delta: Money,
    /// Type, when known.
    pub kind: Option<OpportunityType>,
    /// Product, when known.
    pub product: Option<ProductId>,
}

/// An opportunity record of the account, open or closed.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownOpportunity {
    /// Id.
    pub id: OpportunityId,
    /// Id in the source system.
    pub external_id: Option<String>,
    /// Name.
    pub name: String,
    /// Type.
    pub kind: OpportunityType,
    /// Stage.
    pub stage: Stage,
    /// Amount, when there is one.
    pub estimated_value: Option<Money>,
    /// Product.
    pub product: Option<ProductId>,
    /// Closed on.
    pub closed_on: Option<Day>,
    /// Source, as given ("QBR", "Seat utilization", …).
    pub source: Option<String>,
}

/// A signal that a person logged, as long as it is live.
#[derive(Debug, Clone, PartialEq)]
pub struct Outreach {
    /// When.
    pub at: At,
    /// Who.
    pub by: String,
    /// What, as a sentence: "Call about 50 additional seats".
    pub what: String,
}

/// Everything a scan knows of one account at `now`.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountSnapshot {
    /// The account.
    pub customer: Customer,
    /// All contracts, with entitlements.
    pub contracts: Vec<Contract>,
    /// Usage by metric name.
    pub usage: BTreeMap<String, Series>,
    /// People who use the product.
    pub users: Vec<CustomerUser>,
    /// Stakeholders.
    pub stakeholders: Vec<Stakeholder>,
    /// Health scores, ascending by day.
    pub health: Vec<(Day, f64)>,
    /// Meetings and mails, ascending by time.
    pub meetings: Vec<Meeting>,
    /// Tickets.
    pub tickets: Vec<Ticket>,
    /// What was booked before.
    pub expansions: Vec<Expansion>,
    /// Opportunity records.
    pub opportunities: Vec<KnownOpportunity>,
    /// The newest outreach recorded in Headroom.
    pub last_outreach: Option<Outreach>,
    /// What was heard in each meeting, worked out once though several rules ask; start with `Cached::default()`.
    pub heard: Cached<Vec<Cached<Analysis>>>,
}

impl AccountSnapshot {
    /// The contract in force on a day; of several the one with the most value, then the newest.
    #[must_use]
    pub fn contract_on(&self, day: Day) -> Option<&Contract> {
        self.contracts
            .iter()
            .filter(|contract| contract.in_force(day))
            .max_by_key(|contract| (contract.annual_value, contract.starts_on, contract.id))
    }

    /// Entitlements of all contracts in force on a day.
    pub fn entitlements_on(&self, day: Day) -> impl Iterator<Item = (&Contract, &Entitlement)> {
        self.contracts.iter().filter(move |contract| contract.in_force(day)).flat_map(move |contract| {
            contract.entitlements.iter().filter(move |e| e.in_force(day)).map(move |e| (contract, e))
        })
    }

    /// Seats paid for on a day: the sum over contracts in force of `seats` entitlements, else of `licensed_seats`
    /// (MEASURES 6: the entitlement of the contract in force that day).
    #[must_use]
    pub fn licensed_seats(&self, day: Day) -> Option<i64> {
        let seats: Vec<i64> = self
            .contracts
            .iter()
            .filter(|contract| contract.in_force(day))
            .filter_map(|contract| {
                let entitled: Vec<f64> = contract
                    .entitlements
                    .iter()
                    .filter(|e| e.metric == "seats" && e.in_force(day))
                    .map(|e| e.limit)
                    .collect();
                if entitled.is_empty() { contract.licensed_seats } else { Some(entitled.iter().sum::<f64>() as i64) }
            })
            .collect();
        (!seats.is_empty()).then(|| seats.iter().sum())
    }

    /// The newest health on or before a day: dated scores first, else the one on the customer row.
    #[must_use]
    pub fn health_on(&self, day: Day) -> Option<f64> {
        let end = self.health.partition_point(|(scored_on, _)| *scored_on <= day);
        end.checked_sub(1).and_then(|i| self.health.get(i)).map(|(_, score)| *score).or(self.customer.health_score)
    }

    /// A metric's series.
    #[must_use]
    pub fn series(&self, metric: &str) -> Option<&Series> {
        self.usage.get(metric)
    }

    /// Products in force on a day: plans of contracts and products of entitlements.
    #[must_use]
    pub fn owned_products(&self, day: Day) -> std::collections::BTreeSet<ProductId> {
        let plans = self.contracts.iter().filter(|c| c.in_force(day)).filter_map(|c| c.plan);
        plans.chain(self.entitlements_on(day).filter_map(|(_, e)| e.product)).collect()
    }

    /// Annual value on a day: of the contracts in force, else the ARR of the customer row.
    #[must_use]
    pub fn annual_value(&self, day: Day) -> Option<Money> {
        let values: Vec<Money> =
            self.contracts.iter().filter(|c| c.in_force(day)).filter_map(|c| c.annual_value).collect();
        if values.is_empty() { self.customer.arr } else { Some(values.into_iter().sum()) }
    }
}

/// A product or plan of the vendor's catalogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Id.
    pub id: ProductId,
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Family.
    pub family: Option<String>,
    /// Order among plans; only plans have one.
    pub plan_tier: Option<i64>,
    /// List price of a year.
    pub list_price_annual: Option<Money>,
    /// `flat`, `seat`, `unit`.
    pub price_unit: Option<String>,
    /// The metric that the price counts, or that the product raises the limit of.
    pub metric: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
}

/// What peers of an account own and use. Peers: same segment, else same plan, else all (CONTRACT 5).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeerGroup {
    /// How the group was chosen, as words: "segment mid_market", "plan Business", "all accounts".
    pub label: String,
    /// Number of accounts in the group, the account itself included.
    pub accounts: usize,
    /// Accounts that own a product.
    pub owners: BTreeMap<ProductId, usize>,
    /// Median annual price that owners pay for a product, when known.
    pub median_price: BTreeMap<ProductId, Money>,
    /// Accounts that used a `feature.<key>` metric in the last 90 days.
    pub feature_users: BTreeMap<String, usize>,
}

/// What every rule may look at besides the account: the catalogue, names to listen for, peers.
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    /// Products and plans.
    pub products: Vec<Product>,
    /// Name of the current price book.
    pub current_price_book: Option<String>,
    /// Competitors: name and aliases.
    pub competitors: Vec<Vec<String>>,
    /// Departments to listen for.
    pub departments: Vec<String>,
    /// Metrics that are gauges besides the built-in ones.
    pub gauges: Vec<String>,
    /// Planning rate of multi-year conversions, in thousandths (default 150).
    pub multi_year_rate_milli: i64,
    /// Health at or above which an account counts as healthy (default 60).
    pub healthy_at: f64,
    /// The names above, made ready for listening once per market; start with `Cached::default()`.
    pub listener: Cached<Listener>,
}

impl Market {
    /// A product by id.
    #[must_use]
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The plan after `plan` in tier order.
    #[must_use]
    pub fn next_plan(&self, plan: ProductId) -> Option<&Product> {
        let tier = self.product(plan)?.plan_tier?;
        self.products.iter().filter(|p| p.plan_tier.is_some_and(|t| t > tier)).min_by_key(|p| p.plan_tier)
    }

    /// Whether a metric is a gauge (a level) and not a count per day.
    #[must_use]
    pub fn is_gauge(&self, metric: &str) -> bool {
        matches!(metric, "active_users" | "storage_gb") || self.gauges.iter().any(|gauge| gauge == metric)
    }
}

/// What a rule is given besides its settings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The instant of the scan.
    pub now: At,
    /// The organisation's day at `now`; facts dated later are unknown.
    pub today: Day,
    /// Catalogue and names.
    pub market: &'a Market,
    /// The account's peers.
    pub peers: &'a PeerGroup,
}
