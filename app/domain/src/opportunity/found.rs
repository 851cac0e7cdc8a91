//! A found opportunity, as a scan leaves it for pages and the API.

use serde::{Deserialize, Serialize};

use super::{FoundStatus, OpportunityType, Timeline};
use crate::{
    id::{OpportunityId, ProductId, StakeholderId},
    money::Money,
    signal::RuleKey,
    time::Day,
};

/// What one account's live signals on one (type, product) add up to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Type.
    pub kind: OpportunityType,
    /// Product, when it names one.
    pub product: Option<ProductId>,
    /// Name: "45 additional seats", "Analytics Module", "Enterprise tier", "Three-year conversion".
    pub name: String,
    /// Where it stands.
    pub status: FoundStatus,
    /// The open record that the signals attach to.
    pub opportunity: Option<OpportunityId>,
    /// Composite score 0–1: Σs²/Σs after decay, four decimals (PRODUCT 2).
    pub composite: f64,
    /// Confidence 0–100, one decimal: the sum of the parts' points.
    pub confidence: f64,
    /// The four parts in the order signal strength, health, champion, history (PRODUCT 5).
    pub parts: Vec<ConfidencePart>,
    /// Low, expected and high value.
    pub value: ValueEstimate,
    /// When it is due.
    pub timeline: Timeline,
    /// Why this timeline, as a sentence.
    pub timeline_reason: String,
    /// The best path to a decision.
    pub champion: Option<Champion>,
    /// The signals that count, strongest first.
    pub signals: Vec<FoundSignal>,
    /// Three to five steps.
    pub approach: Vec<Step>,
    /// What to say, each with its evidence.
    pub talking_points: Vec<Step>,
    /// Likely objections with answers.
    pub objections: Vec<Objection>,
    /// What stands in the way.
    pub blockers: Vec<BlockerNote>,
    /// What holds alerts back now; without a record any guard makes it `held_back`.
    pub guards: Vec<Guard>,
    /// Actions offered.
    pub next_steps: Vec<NextStep>,
}

/// One part of confidence: value × weight × 100 = points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfidencePart {
    /// `signal_strength`, `health`, `champion`, `history`.
    pub key: String,
    /// 0–1, four decimals; 0.5 when unknown.
    pub value: f64,
    /// 0.35, 0.25, 0.20, 0.20.
    pub weight: f64,
    /// value × weight × 100.
    pub points: f64,
    /// Whether there was data.
    pub known: bool,
    /// "Sarah Chen, engagement 88, 5 days ago".
    pub evidence: String,
}

/// What it may bring a year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueEstimate {
    /// Cautious; absent when a price is missing.
    pub low: Option<Money>,
    /// Expected.
    pub expected: Option<Money>,
    /// Optimistic.
    pub high: Option<Money>,
    /// How: "Seats short × price per seat", or why there is no amount.
    pub method: String,
    /// The inputs in order, label and value, as they stand in the calculation.
    pub inputs: Vec<(String, String)>,
    /// What makes low and high: "Low with no growth room, high with 40 %."
    #[serde(default)]
    pub range: String,
}

/// The best stakeholder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Champion {
    /// Id.
    pub stakeholder: StakeholderId,
    /// Full name.
    pub name: String,
    /// Job title.
    pub title: Option<String>,
    /// Role key.
    pub role: String,
    /// 0–100; not known for everybody.
    pub engagement: Option<f64>,
    /// Last contact.
    pub last_contact_on: Option<Day>,
    /// role × engagement × recency, 0–1.
    pub score: f64,
}

/// A live signal inside a found opportunity; (rule, subject) is unique among an account's live episodes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundSignal {
    /// Rule.
    pub rule: RuleKey,
    /// Subject.
    pub subject: String,
    /// The rule's strength.
    pub strength: f64,
    /// What enters the composite: strength × 2^(−age/45 d), four decimals.
    pub decayed_strength: f64,
    /// Headline.
    pub title: String,
}

/// A step of the approach, or a talking point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What to do or say.
    pub text: String,
    /// What it rests on: "usage, 12 weeks", "call, 28 Jan".
    pub evidence: String,
}

/// A likely objection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Objection {
    /// "Can we wait until renewal?"
    pub says: String,
    /// The answer from the evidence.
    pub answer: String,
}

/// Something in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BlockerNote {
    /// `no_champion`, `falling_health`, `critical_ticket`, `renewal_unsettled`, `lost_recently`, `outreach`, `other_open`, `no_budget`, …
    pub key: String,
    /// "No champion known".
    pub text: String,
    /// The numbers or words behind it.
    pub detail: String,
}

/// Why an alert is held back (PRODUCT 1.7), with when it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// `unhealthy`, `critical_ticket`, `falling_health`, `outreach`, `quiet`, `no_contract`, `churned`.
    pub key: String,
    /// "Open critical ticket".
    pub text: String,
    /// "#4471 “SSO outage”, open since 30 Jan".
    pub detail: String,
    /// "when the ticket closes", "10 Feb".
    pub until: String,
}

/// An action that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextStep {
    /// Download a calendar invitation.
    ScheduleCall,
    /// Mail text from the evidence.
    DraftOutreach,
    /// Printable proposal.
    Proposal,
    /// Ask for a demo.
    RequestDemo,
    /// Create a task.
    CreateTask,
}
