//! Episodes: one continuous firing of (account, rule, subject), and the plan that brings what is stored to what is seen
//! (PRODUCT 4).
//!
//! How an episode goes: it opens with the first detection; each day on which the condition holds moves `last_held_on`;
//! it closes when the condition has been gone for the cool-down. What fires after that is a new episode. A dismissed one
//! is kept silently while its condition holds, so that the same thing is not found again the next day; with a quiet day
//! it speaks again, as a new episode, from that day on. Words that a person logged have no condition to look at: they
//! count as holding for [`LOGGED_HOLDS_DAYS`].

mod reconcile;

use serde::{Deserialize, Serialize};

use super::{Evidence, Firing, Reach, RuleKey};
use crate::{
    id::{ProductId, SignalId},
    opportunity::OpportunityType,
    time::{At, Day},
};

pub use reconcile::{Plan, merge, plan, plan_report};

/// How long a logged piece of evidence counts as holding, before the cool-down begins.
pub const LOGGED_HOLDS_DAYS: i32 = 60;

/// Pieces of evidence that one episode keeps: the rule's newest ones and what people logged.
pub const MAX_EVIDENCE: usize = 24;

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

impl Episode {
    /// The episode that a detection opens.
    #[must_use]
    pub fn open(id: SignalId, detection: Detection, now: At, today: Day) -> Episode {
        let Detection { rule, rule_version, subject, firing } = detection;
        Episode {
            id,
            rule,
            subject,
            rule_version,
            status: SignalStatus::Detected,
            strength: firing.strength,
            leads_to: firing.leads_to,
            product: firing.product,
            general: firing.general,
            supports_only: firing.supports_only,
            title: firing.title,
            opened_at: now,
            observed_at: firing.observed_at,
            last_held_on: today,
            closed_at: None,
            quiet_until: None,
            reach: firing.reach,
            asked_quantity: firing.asked_quantity,
            evidence: firing.evidence,
        }
    }

    /// Whether it is neither closed nor dismissed: what counts in scores and lists.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.closed_at.is_none() && self.status != SignalStatus::Dismissed
    }

    /// The last day on which it counts as holding: seen by the rule, or logged at most [`LOGGED_HOLDS_DAYS`] ago.
    #[must_use]
    pub fn held_through(&self) -> Day {
        let logged = self.evidence.iter().filter(|evidence| evidence.logged);
        let logged = logged.map(|evidence| evidence.at.unwrap_or(self.opened_at).day_utc() + LOGGED_HOLDS_DAYS);
        logged.max().map_or(self.last_held_on, |day| day.max(self.last_held_on))
    }
}
