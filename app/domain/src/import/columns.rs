//! The datasets in import order and what their columns hold (DATA_FORMATS).

use std::{fmt, str::FromStr};

/// A kind of file, in the order in which a folder is imported: what is referred to comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dataset {
    /// People of the vendor.
    Users,
    /// Products and plans.
    Products,
    /// Accounts.
    Customers,
    /// Contracts of accounts.
    Contracts,
    /// Limits of contracts.
    Entitlements,
    /// Use per account, metric and day.
    UsageMetrics,
    /// People who use the product.
    CustomerUsers,
    /// People who decide.
    Stakeholders,
    /// Health per account and day.
    HealthScores,
    /// Meetings and mails.
    Meetings,
    /// Support tickets.
    Tickets,
    /// Opportunity records.
    Opportunities,
    /// Stage changes of opportunities.
    OpportunityHistory,
    /// Expansions that were booked.
    Expansions,
    /// Targets of a period.
    Targets,
}

/// What a column holds, and so how its cells are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// An id in the source system.
    Key,
    /// A short text.
    Text,
    /// A text of up to a megabyte.
    LongText,
    /// An e-mail address; stored in small letters.
    Email,
    /// An amount of zero or more.
    Money,
    /// An amount that may be negative.
    SignedMoney,
    /// A currency code of three letters.
    Currency,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number within bounds.
    Number(f64, f64),
    /// 0–1, or 0–100 when any value of the file is above 1; stored 0–1.
    Ratio,
    /// true/false/1/0/yes/no.
    Bool,
    /// A calendar day.
    Day,
    /// An instant.
    Instant,
    /// One of these words; each with other spellings of it.
    Word(&'static [(&'static str, &'static [&'static str])]),
    /// A stage of an opportunity.
    Stage,
    /// A type of an opportunity.
    OpportunityType,
    /// The name of a metric.
    Metric,
    /// `;`-separated words.
    List,
    /// `2026-Q1` or `2026-01`.
    Period,
    /// A time zone of the IANA list.
    Zone,
    /// The key of a row of another dataset; a person by e-mail.
    Reference(Dataset),
}

/// One column of a dataset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Name in the file.
    pub name: &'static str,
    /// Name in the database.
    pub stored: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A row without it is rejected.
    pub required: bool,
    /// Part of the upsert key.
    pub key: bool,
    /// What it holds, for the mapping page.
    pub holds: &'static str,
}

const fn stored_name(name: &'static str) -> &'static str {
    // `const` comparison of strings byte by byte: `==` on str is not const.
    const RENAMED: [(&str, &str); 13] = [
        ("customer_external_id", "customer_id"),
        ("contract_external_id", "contract_id"),
        ("opportunity_external_id", "opportunity_id"),
        ("parent_external_id", "parent_id"),
        ("csm_email", "csm_id"),
        ("sales_rep_email", "sales_rep_id"),
        ("original_ae_email", "original_ae_id"),
        ("manager_email", "manager_id"),
        ("changed_by_email", "changed_by_id"),
        ("user_email", "user_id"),
        ("plan_sku", "plan_id"),
        ("product_sku", "product_id"),
        ("limit", "limit_value"),
    ];
    let mut at = 0;
    while at < RENAMED.len() {
        if same(RENAMED[at].0, name) {
            return RENAMED[at].1;
        }
        at += 1;
    }
    name
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// May be left out.
const fn opt(name: &'static str, kind: Kind, holds: &'static str) -> Column {
    Column { name, stored: stored_name(name), kind, required: false, key: false, holds }
}

/// Has to be there.
const fn req(name: &'static str, kind: Kind, holds: &'static str) -> Column {
    Column { required: true, ..opt(name, kind, holds) }
}

/// Has to be there and is part of the key.
const fn key(name: &'static str, kind: Kind, holds: &'static str) -> Column {
    Column { key: true, ..req(name, kind, holds) }
}

/// May be left out and is part of the key.
const fn opt_key(name: &'static str, kind: Kind, holds: &'static str) -> Column {
    Column { key: true, ..opt(name, kind, holds) }
}

use Kind::{
    Bool, Currency, Day, Email, Instant, Integer, Key, List, LongText, Metric, Money, Number, OpportunityType, Period,
    Ratio, Reference, SignedMoney, Stage, Text, Word, Zone,
};

/// No count of a business is larger than this, and sums of many of them still fit into 64 bits.
const COUNT_MAX: i64 = 1_000_000_000_000;
/// Above any use of one day; below it a double still counts exactly.
const NUMBER_MAX: f64 = 9_000_000_000_000_000.0;
const COUNT: Kind = Integer(0, COUNT_MAX);
const AMOUNT: Kind = Number(0.0, NUMBER_MAX);
const SCORE: Kind = Number(0.0, 100.0);
const CUSTOMER: Kind = Reference(Dataset::Customers);
const PERSON: Kind = Reference(Dataset::Users);
const PRODUCT: Kind = Reference(Dataset::Products);

const ROLE: Kind = Word(&[
    ("admin", &["administrator"]),
    ("cs_leader", &["csleader", "leader", "cslead", "csmanager"]),
    ("csm", &["customersuccessmanager"]),
    ("sales_rep", &["salesrep", "sales", "rep", "ae", "accountexecutive"]),
    ("viewer", &["finance", "executive", "readonly"]),
]);
const CUSTOMER_STATUS: Kind = Word(&[
    ("active", &["customer", "live"]),
    ("churned", &["cancelled", "canceled", "lost", "former"]),
    ("prospect", &["lead", "trial"]),
]);
const SEGMENT: Kind = Word(&[
    ("smb", &["small", "smallbusiness", "smallandmediumbusiness"]),
    ("mid_market", &["midmarket", "mid", "medium", "mm"]),
    ("enterprise", &["ent", "large"]),
]);
const CONTRACT_STATUS: Kind = Word(&[
    ("active", &["activated", "inforce", "live"]),
    ("expired", &["ended"]),
    ("cancelled", &["canceled", "terminated"]),
]);
const PRICE_UNIT: Kind = Word(&[
    ("flat", &["fixed"]),
    ("seat", &["perseat", "user", "peruser", "license"]),
    ("unit", &["perunit", "usage"]),
]);
const LIMIT_PERIOD: Kind = Word(&[("month", &["monthly", "permonth"]), ("total", &["overall"])]);
const PART: Kind = Word(&[
    ("champion", &[]),
    ("economic_buyer", &["economicbuyer", "buyer", "budgetowner"]),
    ("exec_sponsor", &["execsponsor", "executivesponsor", "sponsor"]),
    ("decision_maker", &["decisionmaker"]),
    ("influencer", &["user", "enduser", "evaluator", "technicalbuyer"]),
    ("detractor", &["blocker"]),
]);
const MEETING_KIND: Kind = Word(&[
    ("call", &["meeting", "phone", "video", "videocall"]),
    ("qbr", &["businessreview", "quarterlybusinessreview", "ebr"]),
    ("email", &["mail"]),
    ("support", &["ticket", "chat"]),
]);
const PRIORITY: Kind = Word(&[
    ("critical", &["urgent", "p1", "blocker"]),
    ("high", &["p2", "major"]),
    ("medium", &["normal", "p3"]),
    ("low", &["p4", "minor"]),
]);

static USERS: [Column; 8] = [
    key("email", Email, "e-mail address; the key of a person"),
    req("name", Text, "full name"),
    req("role", ROLE, "admin, cs_leader, csm, sales_rep, viewer"),
    opt("team", Text, "team"),
    opt("manager_email", PERSON, "e-mail of the manager"),
    opt("time_zone", Zone, "time zone, like Europe/Berlin"),
    opt("slack_user_id", Text, "member id in Slack"),
    opt("active", Bool, "whether the person may sign in"),
];
static PRODUCTS: [Column; 8] = [
    key("sku", Key, "the product's own id"),
    req("name", Text, "name"),
    opt("family", Text, "family"),
    opt("plan_tier", Integer(-1_000, 1_000), "order among plans; only plans have one"),
    opt("list_price_annual", Money, "list price of a year"),
    opt("price_unit", PRICE_UNIT, "flat, seat, unit"),
    opt("metric", Metric, "what the price counts"),
    opt("aliases", List, "other names, separated by ;"),
];
static CUSTOMERS: [Column; 17] = [
    key("external_id", Key, "the account's id in the source system"),
    req("name", Text, "name"),
    opt("status", CUSTOMER_STATUS, "active, churned, prospect"),
    opt("industry", Text, "industry"),
    opt("segment", SEGMENT, "smb, mid_market, enterprise"),
    opt("region", Text, "region"),
    opt("country", Text, "country"),
    opt("arr", Money, "annual recurring revenue"),
    opt("currency", Currency, "currency of the amounts"),
    opt("health_score", SCORE, "health, 0 to 100"),
    opt("primary_department", Text, "the department that bought first"),
    opt("csm_email", PERSON, "e-mail of the CSM"),
    opt("sales_rep_email", PERSON, "e-mail of the sales rep"),
    opt("original_ae_email", PERSON, "e-mail of the first account executive"),
    opt("parent_external_id", CUSTOMER, "id of the parent account"),
    opt("created_on", Day, "customer since"),
    opt("churned_on", Day, "left on"),
];
static CONTRACTS: [Column; 12] = [
    key("external_id", Key, "the contract's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    opt("plan_sku", PRODUCT, "sku of the plan"),
    opt("status", CONTRACT_STATUS, "active, expired, cancelled"),
    req("starts_on", Day, "first day"),
    opt("ends_on", Day, "last day; empty is open-ended"),
    opt("term_months", Integer(0, 1_200), "length in months"),
    opt("licensed_seats", COUNT, "seats paid for"),
    opt("price_per_seat_annual", Money, "price of a seat for a year"),
    opt("annual_value", Money, "value of a year"),
    opt("price_book", Text, "name of the price book"),
    opt("auto_renew", Bool, "whether it renews by itself"),
];
static ENTITLEMENTS: [Column; 7] = [
    key("contract_external_id", Reference(Dataset::Contracts), "id of the contract"),
    key("metric", Metric, "seats, api_calls, storage_gb, feature.<key>, …"),
    req("limit", AMOUNT, "the limit"),
    opt("product_sku", PRODUCT, "sku of the product that grants it"),
    opt("period", LIMIT_PERIOD, "month or total"),
    opt_key("starts_on", Day, "first day"),
    opt("ends_on", Day, "last day"),
];
static USAGE_METRICS: [Column; 4] = [
    key("customer_external_id", CUSTOMER, "id of the account"),
    key("metric", Metric, "active_users, api_calls, storage_gb, feature.<key>, …"),
    key("observed_on", Day, "the day"),
    req("value", AMOUNT, "how much"),
];
static CUSTOMER_USERS: [Column; 8] = [
    key("external_id", Key, "the person's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    opt("email", Email, "e-mail address"),
    opt("name", Text, "full name"),
    opt("department", Text, "department"),
    opt("title", Text, "job title"),
    opt("first_seen_on", Day, "first seen"),
    opt("last_seen_on", Day, "last seen"),
];
static STAKEHOLDERS: [Column; 8] = [
    key("external_id", Key, "the person's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    req("name", Text, "full name"),
    opt("email", Email, "e-mail address"),
    opt("title", Text, "job title"),
    opt("role", PART, "champion, economic_buyer, exec_sponsor, decision_maker, influencer, detractor"),
    opt("engagement", SCORE, "engagement, 0 to 100"),
    opt("last_contact_on", Day, "last contact"),
];
static HEALTH_SCORES: [Column; 3] = [
    key("customer_external_id", CUSTOMER, "id of the account"),
    key("scored_on", Day, "the day"),
    req("score", SCORE, "health, 0 to 100"),
];
static MEETINGS: [Column; 7] = [
    key("external_id", Key, "the meeting's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    req("held_at", Instant, "when it was held"),
    opt("kind", MEETING_KIND, "call, qbr, email, support"),
    opt("title", Text, "title"),
    opt("transcript", LongText, "lines \"Speaker (customer|vendor): text\""),
    opt("attendees", LongText, "who was there"),
];
static TICKETS: [Column; 6] = [
    key("external_id", Key, "the ticket's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    req("opened_at", Instant, "opened"),
    opt("closed_at", Instant, "closed"),
    opt("priority", PRIORITY, "critical, high, medium, low"),
    opt("topic", Text, "topic"),
];
static OPPORTUNITIES: [Column; 17] = [
    key("external_id", Key, "the opportunity's id in the source system"),
    req("customer_external_id", CUSTOMER, "id of the account"),
    req("name", Text, "name"),
    req("type", OpportunityType, "seat_expansion, tier_upgrade, cross_sell, multi_year, add_on, upsell, …"),
    req("stage", Stage, "identified, qualified, proposal, negotiation, closed_won, closed_lost"),
    opt("estimated_value", Money, "amount as estimated"),
    opt("closed_value", Money, "amount as closed"),
    opt("probability", Ratio, "0 to 1 or 0 to 100"),
    opt("identified_on", Day, "found on"),
    opt("expected_close_on", Day, "expected to close on"),
    opt("closed_on", Day, "closed on"),
    opt("csm_email", PERSON, "e-mail of the CSM"),
    opt("sales_rep_email", PERSON, "e-mail of the sales rep; counts as routed to that person"),
    opt("source", Text, "where it came from"),
    opt("product_sku", PRODUCT, "sku of the product"),
    opt("lost_reason", Text, "why it was lost"),
    opt("currency", Currency, "currency of the amounts"),
];
static OPPORTUNITY_HISTORY: [Column; 5] = [
    key("opportunity_external_id", Reference(Dataset::Opportunities), "id of the opportunity"),
    key("to_stage", Stage, "the new stage"),
    key("changed_at", Instant, "when it changed"),
    opt("from_stage", Stage, "the stage before"),
    opt("changed_by_email", PERSON, "e-mail of who changed it"),
];
static EXPANSIONS: [Column; 6] = [
    key("customer_external_id", CUSTOMER, "id of the account"),
    key("booked_on", Day, "booked on"),
    req("arr_delta", SignedMoney, "change of annual recurring revenue"),
    opt_key("type", OpportunityType, "seat_expansion, tier_upgrade, cross_sell, …"),
    opt_key("product_sku", PRODUCT, "sku of the product"),
    opt("opportunity_external_id", Reference(Dataset::Opportunities), "id of the opportunity it came from"),
];
static TARGETS: [Column; 4] = [
    key("period", Period, "2026-Q1 or 2026-01"),
    req("amount", Money, "amount"),
    opt_key("team", Text, "team; empty is the organisation"),
    opt_key("user_email", PERSON, "e-mail of the person"),
];

impl Dataset {
    /// All, in import order.
    pub const ALL: [Dataset; 15] = [
        Dataset::Users,
        Dataset::Products,
        Dataset::Customers,
        Dataset::Contracts,
        Dataset::Entitlements,
        Dataset::UsageMetrics,
        Dataset::CustomerUsers,
        Dataset::Stakeholders,
        Dataset::HealthScores,
        Dataset::Meetings,
        Dataset::Tickets,
        Dataset::Opportunities,
        Dataset::OpportunityHistory,
        Dataset::Expansions,
        Dataset::Targets,
    ];

    /// The name of the file, the path segment and the table.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Dataset::Users => "users",
            Dataset::Products => "products",
            Dataset::Customers => "customers",
            Dataset::Contracts => "contracts",
            Dataset::Entitlements => "entitlements",
            Dataset::UsageMetrics => "usage_metrics",
            Dataset::CustomerUsers => "customer_users",
            Dataset::Stakeholders => "stakeholders",
            Dataset::HealthScores => "health_scores",
            Dataset::Meetings => "meetings",
            Dataset::Tickets => "tickets",
            Dataset::Opportunities => "opportunities",
            Dataset::OpportunityHistory => "opportunity_history",
            Dataset::Expansions => "expansions",
            Dataset::Targets => "targets",
        }
    }

    /// The columns, in the order of DATA_FORMATS.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Dataset::Users => &USERS,
            Dataset::Products => &PRODUCTS,
            Dataset::Customers => &CUSTOMERS,
            Dataset::Contracts => &CONTRACTS,
            Dataset::Entitlements => &ENTITLEMENTS,
            Dataset::UsageMetrics => &USAGE_METRICS,
            Dataset::CustomerUsers => &CUSTOMER_USERS,
            Dataset::Stakeholders => &STAKEHOLDERS,
            Dataset::HealthScores => &HEALTH_SCORES,
            Dataset::Meetings => &MEETINGS,
            Dataset::Tickets => &TICKETS,
            Dataset::Opportunities => &OPPORTUNITIES,
            Dataset::OpportunityHistory => &OPPORTUNITY_HISTORY,
            Dataset::Expansions => &EXPANSIONS,
            Dataset::Targets => &TARGETS,
        }
    }

    /// Where a column stands in [`Dataset::columns`].
    #[must_use]
    pub fn position(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }

    /// A key twice in one file: the last wins (CONTRACT 5). Elsewhere the second is rejected.
    #[must_use]
    pub const fn last_wins(self) -> bool {
        matches!(self, Dataset::UsageMetrics | Dataset::HealthScores | Dataset::OpportunityHistory)
    }

    /// The column of another row of the same dataset (`parent_external_id`, `manager_email`), if there is one.
    #[must_use]
    pub fn self_reference(self) -> Option<usize> {
        self.columns().iter().position(|column| column.kind == Kind::Reference(self))
    }

    /// The columns as one line, required ones with `*`, for help and messages.
    #[must_use]
    pub fn columns_text(self) -> String {
        let names: Vec<String> =
            self.columns().iter().map(|c| format!("{}{}", c.name, if c.required { "*" } else { "" })).collect();
        names.join(", ")
    }

    /// All names as one line, for messages.
    #[must_use]
    pub fn known() -> String {
        Dataset::ALL.map(Dataset::key).join(", ")
    }
}

impl fmt::Display for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Dataset {
    type Err = String;
    fn from_str(text: &str) -> Result<Dataset, String> {
        let wanted = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Dataset::ALL.into_iter().find(|dataset| dataset.key() == wanted).ok_or_else(|| {
            let shown: String = text.chars().take(80).collect();
            format!("{shown:?} is not a dataset; the datasets are {}", Dataset::known())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_point_backwards_in_import_order() {
        for dataset in Dataset::ALL {
            for column in dataset.columns() {
                if let Kind::Reference(target) = column.kind {
                    assert!(target <= dataset, "{dataset}.{} refers to {target}, imported later", column.name);
                }
            }
            assert!(dataset.columns().iter().any(|c| c.key), "{dataset} has a key");
            assert_eq!(dataset.key().parse(), Ok(dataset));
        }
        assert_eq!(Dataset::Customers.columns()[14].stored, "parent_id");
        assert_eq!(Dataset::Entitlements.columns()[2].stored, "limit_value");
        assert!("accounts".parse::<Dataset>().unwrap_err().contains("customers"));
    }
}
