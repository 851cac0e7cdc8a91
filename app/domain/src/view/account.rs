//! `/accounts` and `/accounts/{id}`.

use serde::{Deserialize, Serialize};

use super::{
    PageInfo, PersonRef,
    finder::{Drawer, FinderRow, SignalLine},
};
use crate::{money::Money, opportunity::found::BlockerNote, signal::Clause, time::Day};

/// What the list is asked for; lives in the URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountsQuery {
    /// Part of a name or external id.
    pub q: String,
    /// Segment, or empty.
    pub segment: String,
    /// E-mail of a CSM, or empty.
    pub csm: String,
    /// `active` (default), `churned`, `prospect`, `all`.
    pub status: String,
    /// `name` (default), `arr`, `health`, `signals`, `found`, `renewal`.
    pub sort: String,
    /// Page, from 1.
    pub page: String,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountsPage {
    /// Rows.
    pub rows: Vec<AccountRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// ARR of all that match.
    pub total_arr: Money,
    /// Matching accounts without ARR.
    pub no_arr: u32,
    /// Segments for the filter.
    pub segments: Vec<String>,
    /// CSMs for the filter.
    pub csms: Vec<PersonRef>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Address of the account page.
    pub account_ref: String,
    /// Name.
    pub name: String,
    /// Segment.
    pub segment: Option<String>,
    /// Plan's name.
    pub plan: Option<String>,
    /// ARR.
    pub arr: Option<Money>,
    /// Health 0–100.
    pub health: Option<f64>,
    /// Active users and seats.
    pub seats: Option<(i64, i64)>,
    /// Renewal.
    pub renews_on: Option<Day>,
    /// Live signals.
    pub signals: u32,
    /// Value of what was found (open and candidate).
    pub found_value: Money,
    /// CSM's name.
    pub csm: Option<String>,
}

/// The account page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountPage {
    /// Address of this page.
    pub account_ref: String,
    /// Name.
    pub name: String,
    /// Status word.
    pub status: String,
    /// Industry, segment, region: what is known, in that order.
    pub facts: Vec<(String, String)>,
    /// ARR.
    pub arr: Option<Money>,
    /// CSM's name.
    pub csm: Option<String>,
    /// Sales rep's name.
    pub sales_rep: Option<String>,
    /// Contracts, newest first.
    pub contracts: Vec<ContractView>,
    /// Limits against use.
    pub entitlements: Vec<EntitlementUse>,
    /// Charts of usage, one per metric.
    pub charts: Vec<UsageChart>,
    /// Health, when known.
    pub health: Option<HealthView>,
    /// Stakeholders.
    pub people: Vec<PersonView>,
    /// Users by department: name, number, first seen in the last 30 days.
    pub departments: Vec<(String, u32, u32)>,
    /// Live signals.
    pub signals: Vec<SignalLine>,
    /// Found opportunities, opened.
    pub found: Vec<FinderRow>,
    /// Blockers said or seen.
    pub blockers: Vec<BlockerNote>,
    /// "Why not?" per rule, in the order of PRODUCT 4.
    pub why_not: Vec<WhyNot>,
    /// Open tickets: reference, topic, priority, since.
    pub tickets: Vec<(String, String, String, String)>,
    /// What happened, newest first.
    pub activity: Vec<ActivityLine>,
    /// "2 Feb, 09:02".
    pub data_through: String,
    /// Whether this person may decide.
    pub may_decide: bool,
    /// Whether this person may log a signal.
    pub may_log: bool,
    /// The drawer of the measure in `open`.
    pub drawer: Option<Drawer>,
}

/// A contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContractView {
    /// External id.
    pub reference: String,
    /// Plan's name.
    pub plan: Option<String>,
    /// Status word.
    pub status: String,
    /// First day.
    pub starts_on: Day,
    /// Last day.
    pub ends_on: Option<Day>,
    /// Term in months.
    pub term_months: Option<i64>,
    /// Seats.
    pub licensed_seats: Option<i64>,
    /// Price of a seat.
    pub price_per_seat: Option<Money>,
    /// Value of a year.
    pub annual_value: Option<Money>,
    /// Price book.
    pub price_book: Option<String>,
    /// Renews by itself.
    pub auto_renew: Option<bool>,
}

/// A limit against use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntitlementUse {
    /// "Seats", "API calls, this month".
    pub label: String,
    /// Metric.
    pub metric: String,
    /// Used.
    pub used: Option<f64>,
    /// Limit.
    pub limit: f64,
    /// Used ÷ limit.
    pub ratio: Option<f64>,
    /// "projected to pass on 14 Feb", or empty.
    pub note: String,
}

/// A chart of a metric: the option for ECharts and the same as a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageChart {
    /// Metric.
    pub metric: String,
    /// "Active users, last 12 months".
    pub title: String,
    /// The finding in words.
    pub summary: String,
    /// ECharts option, JSON.
    pub option_json: String,
    /// Week (its last day) and value.
    pub points: Vec<(Day, f64)>,
}

/// Health with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HealthView {
    /// Newest score.
    pub score: f64,
    /// Change in 30 days.
    pub change_30d: Option<f64>,
    /// Newest at most 24 scores.
    pub series: Vec<(Day, f64)>,
}

/// A stakeholder; contact details are absent for roles without them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Role word.
    pub role: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Engagement.
    pub engagement: Option<f64>,
    /// Last contact.
    pub last_contact_on: Option<Day>,
}

/// One rule's answer for this account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WhyNot {
    /// Rule key.
    pub rule: String,
    /// Label.
    pub label: String,
    /// Subject, or empty.
    pub subject: String,
    /// Whether it fires now.
    pub fires: bool,
    /// Clauses.
    pub clauses: Vec<Clause>,
}

/// A line of the activity log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// "Monitor", "Maya Ortiz".
    pub actor: String,
    /// What happened.
    pub text: String,
    /// "28 Jan, 15:05".
    pub when: String,
}
