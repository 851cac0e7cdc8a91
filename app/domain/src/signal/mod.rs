//! Signals: rules, what they see, and the episodes they open (PRODUCT 4).
//!
//! One rule is one file in [`rules`] with one struct that implements [`Rule`] and its table test beside it. To add one:
//! write the file, add its key to [`RuleKey`] and its struct to [`rules::all`]; a test fails until all three agree.

mod clause;
mod detect;
pub mod episode;
pub mod features;
#[cfg(test)]
pub(crate) mod fixture;
pub mod limits;
pub mod measure;
pub mod rules;
pub mod seats;
pub mod settings;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    account::{AccountSnapshot, Context},
    id::{MeetingId, ProductId},
    opportunity::OpportunityType,
    time::{At, Day},
};

pub use clause::{Clause, ClauseList, Clauses};
pub use detect::{detect, explain, is_live_customer};
pub use episode::Detection;
pub use settings::{RuleSettings, SettingInfo};

macro_rules! rule_keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $label:literal;)+) => {
        /// Which rule. The key stands in the database, in JSON and in addresses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RuleKey { $($(#[$doc])* $name,)+ }

        impl RuleKey {
            /// All rules in the order of PRODUCT 4.
            pub const ALL: &'static [RuleKey] = &[$(RuleKey::$name,)+];

            /// The word in the database and in JSON.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(RuleKey::$name => $key,)+ }
            }

            /// The words on screens.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(RuleKey::$name => $label,)+ }
            }
        }
    };
}

rule_keys! {
    /// Active ÷ licensed seats.
    SeatUtilization = "seat_utilization", "Seat utilization";
    /// More active users than seats.
    SeatOverage = "seat_overage", "Seat overage";
    /// API calls near their limit.
    ApiLimit = "api_limit", "API limit";
    /// API calls grow.
    ApiGrowth = "api_growth", "API growth";
    /// Any other entitlement near its limit.
    EntitlementLimit = "entitlement_limit", "Entitlement limit";
    /// A metered power feature at its plan limit.
    FeatureCeiling = "feature_ceiling", "Feature ceiling";
    /// Active users grow.
    UsageGrowth = "usage_growth", "Usage growth";
    /// A feature cluster adopted for the first time.
    NewUseCase = "new_use_case", "New use case";
    /// Features that peers use and this account does not, or attempts outside the plan.
    FeatureAdoptionGap = "feature_adoption_gap", "Feature adoption gap";
    /// A single-year contract that could run longer.
    MultiYearAvailable = "multi_year_available", "Multi-year available";
    /// Not on the current price book.
    LegacyPricing = "legacy_pricing", "Legacy pricing";
    /// Products that peers own.
    MissingProducts = "missing_products", "Missing products";
    /// New users outside the primary department.
    NewTeamOnboarding = "new_team_onboarding", "New team onboarding";
    /// A team without users is named.
    NewDepartmentMentioned = "new_department_mentioned", "New department mentioned";
    /// Budget mentioned positively.
    BudgetDiscussion = "budget_discussion", "Budget discussion";
    /// Asked about something they do not own.
    FeatureInterest = "feature_interest", "Feature interest";
    /// Compares with a competitor, or displaces one.
    ComparisonShopping = "comparison_shopping", "Comparison shopping";
    /// Growth goals of an executive sponsor in a QBR.
    GrowthGoals = "growth_goals", "Growth goals";
    /// Asks outright.
    ExplicitRequest = "explicit_request", "Explicit request";
    /// Health crossed the expansion threshold.
    HealthThreshold = "health_threshold", "Health threshold";
    /// Logged by a person.
    Manual = "manual", "Logged by hand";
}

impl fmt::Display for RuleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for RuleKey {
    type Err = String;
    fn from_str(text: &str) -> Result<RuleKey, String> {
        RuleKey::ALL
            .iter()
            .copied()
            .find(|rule| rule.key() == text)
            .ok_or_else(|| format!("{text:?} is not a signal type"))
    }
}

/// Strength class of a signal (PRODUCT 2): strong ≥ 0.8, moderate ≥ 0.6, exploratory below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrengthClass {
    /// ≥ 0.8
    Strong,
    /// ≥ 0.6
    Moderate,
    /// below
    Exploratory,
}

impl StrengthClass {
    /// The class of a strength or a composite score.
    #[must_use]
    pub fn of(strength: f64) -> StrengthClass {
        // Compared at four decimals, so that 0.7999999 of a sum is 0.8.
        let ten_thousandths = (strength * 10_000.0).round() as i64;
        if ten_thousandths >= 8_000 {
            StrengthClass::Strong
        } else if ten_thousandths >= 6_000 {
            StrengthClass::Moderate
        } else {
            StrengthClass::Exploratory
        }
    }

    /// The word in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            StrengthClass::Strong => "strong",
            StrengthClass::Moderate => "moderate",
            StrengthClass::Exploratory => "exploratory",
        }
    }
}

/// Where a piece of evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceSource {
    /// Usage series.
    Usage,
    /// Contract and entitlements.
    Contract,
    /// A call or QBR transcript.
    Meeting,
    /// A mail.
    Email,
    /// A support conversation or ticket.
    Support,
    /// What peers own or use.
    Peers,
    /// Health scores.
    Health,
    /// People who use the product.
    People,
    /// Somebody's word in the form or by the API.
    Manual,
}

/// One piece of evidence. Numbers carry value, limit, window and series; text carries quote, speaker, meeting and time
/// (PRODUCT 4: evidence or no signal).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The statement as a sentence without a final point: "48 of 50 seats active (96 %)".
    pub text: String,
    /// Where it comes from.
    pub source: EvidenceSource,
    /// Id or place in the source: meeting's external id and line, contract's external id, metric name.
    pub source_reference: String,
    /// The words, for text.
    pub quote: Option<String>,
    /// Who said it.
    pub speaker: Option<String>,
    /// The meeting, for text.
    pub meeting: Option<MeetingId>,
    /// Line of the transcript, from 1.
    pub line: Option<u32>,
    /// When it was said or measured.
    pub at: Option<At>,
    /// Metric, for numbers.
    pub metric: Option<String>,
    /// Value, for numbers.
    pub value: Option<f64>,
    /// Limit or threshold value, for numbers.
    pub limit: Option<f64>,
    /// First and last day of the window.
    pub window: Option<(Day, Day)>,
    /// A short series for a sparkline (at most 24 points).
    pub series: Vec<f64>,
    /// Given by a person or by the API, not found by the rule: scans keep it (PRODUCT 4, duplicates merge).
    #[serde(default)]
    pub logged: bool,
}

impl Evidence {
    /// Evidence with a statement and a source, everything else empty.
    #[must_use]
    pub fn new(source: EvidenceSource, source_reference: impl Into<String>, text: impl Into<String>) -> Evidence {
        Evidence {
            text: text.into(),
            source,
            source_reference: source_reference.into(),
            quote: None,
            speaker: None,
            meeting: None,
            line: None,
            at: None,
            metric: None,
            value: None,
            limit: None,
            window: None,
            series: Vec::new(),
            logged: false,
        }
    }
}

/// When a limit is expected to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The day on which the limit is (or was) passed at the present pace.
    pub on: Day,
}

/// What a firing rule says.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// Strength 0–1 before decay, at most four decimals.
    pub strength: f64,
    /// The type of opportunity that it leads to.
    pub leads_to: OpportunityType,
    /// The product that it leads to, when it names one.
    pub product: Option<ProductId>,
    /// A general signal (budget, growth goals, health, …): supports the account's leading opportunity before it makes
    /// one of its own.
    pub general: bool,
    /// Never makes an opportunity by itself (health_threshold).
    pub supports_only: bool,
    /// Headline: "48 of 50 seats active (96 %)".
    pub title: String,
    /// When the evidence was last seen: `now` for a level that holds, the meeting's time for words. Decay counts from here.
    pub observed_at: At,
    /// When a limit is reached, for the timeline.
    pub reach: Option<Reach>,
    /// Seats or units asked for by name ("thirty more seats" → 30), for the value.
    pub asked_quantity: Option<i64>,
    /// At least one.
    pub evidence: Vec<Evidence>,
}

/// A rule's answer for one subject of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What it is about within the account: a metric, a product, a department; empty when there is only one.
    pub subject: String,
    /// Every clause with its value; empty with [`Clauses::Skip`].
    pub clauses: Vec<Clause>,
    /// Set when all clauses are met.
    pub firing: Option<Firing>,
}

/// A blocker that was said in a conversation ("no budget this year") or found in the account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blocker {
    /// Short key: `no_budget`, `champion_left`, `evaluating_competitor`, `executive_review`, `no_champion`, …
    pub key: String,
    /// The statement.
    pub text: String,
    /// Where it comes from.
    pub evidence: Evidence,
}

/// What a rule is, for the admin page and the API.
#[derive(Debug, Clone, Copy)]
pub struct RuleInfo {
    /// Key.
    pub key: RuleKey,
    /// One sentence: "Fires when active ÷ licensed seats is at or above the threshold.".
    pub sentence: &'static str,
    /// Default type that it leads to.
    pub leads_to: OpportunityType,
    /// Its settings with defaults and bounds.
    pub settings: &'static [SettingInfo],
}

impl RuleInfo {
    /// A firing of a level that holds at `now`, with what the rule says by default; strength and evidence are to be set.
    #[must_use]
    pub fn level(&self, title: String, now: At) -> Firing {
        Firing {
            strength: 0.0,
            leads_to: self.leads_to,
            product: None,
            general: false,
            supports_only: false,
            title,
            observed_at: now,
            reach: None,
            asked_quantity: None,
            evidence: Vec::new(),
        }
    }
}

/// A detection rule: a pure function of an account, its settings and the context.
pub trait Rule: Sync {
    /// What the rule is.
    fn info(&self) -> &'static RuleInfo;

    /// The answer for each subject. With [`Clauses::Write`] never empty: an account without data gives one evaluation
    /// whose clauses say so. What fires is the same with both.
    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation>;
}
