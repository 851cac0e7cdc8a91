//! Episodes: one continuous firing of (account, rule, subject), and the plan that brings what is stored to what is seen.

use serde::{Deserialize, Serialize};

use super::{Evidence, Firing, Reach, RuleKey};
use crate::{
    id::{ProductId, SignalId},
    opportunity::OpportunityType,
    time::{At, Day},
};

/// Where an episode stands (PRODUCT 4, lifecycle).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalStatus {
    /// Found, nobody has looked.
    Detected,
    /// Somebody has seen it.
    Acknowledged,
    /// Handed to sales.
    Routed,
    /// Its opportunity was won.
    Won,
    /// Its opportunity was lost.
    Lost,
    /// Put away with a reason.
    Dismissed,
}

/// A stored episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// Id.
    pub id: SignalId,
    /// Rule.
    pub rule: RuleKey,
    /// Subject within the account.
    pub subject: String,
    /// Version of the rule's settings that opened it.
    pub rule_version: i64,
    /// Where it stands.
    pub status: SignalStatus,
    /// Strength before decay.
    pub strength: f64,
    /// What it leads to.
    pub leads_to: OpportunityType,
    /// Product, when it names one.
    pub product: Option<ProductId>,
    /// Supports before it makes.
    pub general: bool,
    /// Never makes an opportunity by itself.
    pub supports_only: bool,
    /// Headline.
    pub title: String,
    /// First firing.
    pub opened_at: At,
    /// When the evidence was last seen; decay counts from here.
    pub observed_at: At,
    /// The last day on which the condition held.
    pub last_held_on: Day,
    /// When it ended; an open one has none.
    pub closed_at: Option<At>,
    /// Silent until this day.
    pub quiet_until: Option<Day>,
    /// When a limit is reached.
    pub reach: Option<Reach>,
    /// Quantity asked for.
    pub asked_quantity: Option<i64>,
    /// All evidence, of all sources that were merged.
    pub evidence: Vec<Evidence>,
}

/// What a scan saw: a rule's firing on a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// Rule.
    pub rule: RuleKey,
    /// Version of its settings.
    pub rule_version: i64,
    /// Subject.
    pub subject: String,
    /// What it says.
    pub firing: Firing,
}
