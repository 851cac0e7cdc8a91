//! `/finder`: PRD-060's output.

use serde::{Deserialize, Serialize};

use super::{PageInfo, PersonRef};
use crate::{
    id::{FoundId, SignalId},
    money::Money,
    opportunity::{
        ConfidenceLevel, FoundStatus, OpportunityType, Stage, Timeline,
        found::{BlockerNote, Champion, ConfidencePart, Guard, NextStep, Objection, Step, ValueEstimate},
    },
    signal::{Evidence, RuleKey},
};

/// What the page is asked for; lives in the URL. Every field is a word so that a form can send it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FinderQuery {
    /// Type key, or empty for all.
    pub r#type: String,
    /// `high`, `medium`, `low`, or empty.
    pub confidence: String,
    /// Timeline key, or empty.
    pub timeline: String,
    /// E-mail of a CSM, or empty.
    pub csm: String,
    /// Minimum value in whole units, or empty.
    pub min_value: String,
    /// Status key, or empty for open and candidate.
    pub status: String,
    /// A measure whose rows are shown: `found`, `high`, `immediate`, `held`, `type:<key>`, `timeline:<key>`, `quick`.
    pub open: String,
    /// Ids of rows that stand open ("fnd_3,fnd_9").
    pub why: String,
    /// Page, from 1; empty is 1.
    pub page: String,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinderPage {
    /// "Last full scan 2 Feb, 09:00; 11 accounts rescanned since." or that none has run.
    pub scan_note: String,
    /// "2 Feb, 09:02"
    pub data_through: String,
    /// What matches, without held back and exploratory: count and value.
    pub found: Figure,
    /// Of those, with a record.
    pub in_pipeline: Figure,
    /// Of those, waiting for confirmation.
    pub candidates: Figure,
    /// Confidence above 70.
    pub high: Figure,
    /// Immediate.
    pub immediate: Figure,
    /// Held back; not in the totals.
    pub held: Figure,
    /// Found ones without an amount; counted in `found.count`, not in its value.
    pub no_amount: u32,
    /// Ranked by value × confidence.
    pub rows: Vec<FinderRow>,
    /// Sum of the values of `rows`.
    pub rows_value: Money,
    /// Where the list stands.
    pub page: PageInfo,
    /// By type, in the order of the enum, only those with rows.
    pub by_type: Vec<GroupRow>,
    /// By timeline, all four.
    pub by_timeline: Vec<GroupRow>,
    /// High value, high confidence, immediate.
    pub quick_wins: Vec<FinderRow>,
    /// Held back, with guards.
    pub held_rows: Vec<FinderRow>,
    /// Exploratory ones that wait for confirmation.
    pub exploratory: Vec<FinderRow>,
    /// CSMs for the filter.
    pub csms: Vec<PersonRef>,
    /// Whether a filter is set.
    pub filtered: bool,
    /// The drawer of the measure in `open`.
    pub drawer: Option<Drawer>,
    /// Whether this person may confirm, dismiss, set quiet.
    pub may_decide: bool,
}

/// A count with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figure {
    /// Number of opportunities.
    pub count: u32,
    /// Their value.
    pub value: Money,
}

/// A row of "by type" or "by timeline".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Key.
    pub key: String,
    /// Label.
    pub label: String,
    /// Count and value.
    pub figure: Figure,
    /// Mean confidence.
    pub average_confidence: Option<f64>,
}

/// One found opportunity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinderRow {
    /// Id.
    pub id: FoundId,
    /// Place in the ranking, from 1.
    pub rank: u32,
    /// Account's name.
    pub account: String,
    /// Address of the account page: the external id.
    pub account_ref: String,
    /// "45 additional seats".
    pub name: String,
    /// Type.
    pub kind: OpportunityType,
    /// Where it stands.
    pub status: FoundStatus,
    /// Stage of the record.
    pub stage: Option<Stage>,
    /// External id or id of the record.
    pub opportunity_ref: Option<String>,
    /// "Seat utilization": the strongest signal's rule, or the record's own source.
    pub source: String,
    /// 0–100.
    pub confidence: f64,
    /// Level.
    pub level: ConfidenceLevel,
    /// 0–1.
    pub composite: f64,
    /// Timeline.
    pub timeline: Timeline,
    /// The record's amount, else the expected value.
    pub value: Option<Money>,
    /// CSM's name.
    pub csm: Option<String>,
    /// Guards, for held back ones.
    pub guards: Vec<Guard>,
    /// Set for rows that stand open.
    pub detail: Option<FinderDetail>,
}

/// What stands under an open row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FinderDetail {
    /// Signals with evidence.
    pub signals: Vec<SignalLine>,
    /// Confidence, part by part.
    pub parts: Vec<ConfidencePart>,
    /// Value.
    pub value: ValueEstimate,
    /// Why this timeline.
    pub timeline_reason: String,
    /// Approach.
    pub approach: Vec<Step>,
    /// Talking points.
    pub talking_points: Vec<Step>,
    /// Objections.
    pub objections: Vec<Objection>,
    /// Champion.
    pub champion: Option<Champion>,
    /// Blockers.
    pub blockers: Vec<BlockerNote>,
    /// Actions.
    pub next_steps: Vec<NextStep>,
    /// "2 Feb, 09:00".
    pub scored_at: String,
}

/// A signal with its evidence, in a row or on an account page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalLine {
    /// Id.
    pub id: SignalId,
    /// Rule.
    pub rule: RuleKey,
    /// Version of the rule's settings.
    pub rule_version: i64,
    /// Headline.
    pub title: String,
    /// The rule's strength.
    pub strength: f64,
    /// What enters the composite.
    pub decayed_strength: f64,
    /// "Live since 12 Jan" or "28 Jan".
    pub when: String,
    /// Status word.
    pub status: String,
    /// Evidence; quotes and speakers are taken out for roles without contact details.
    pub evidence: Vec<Evidence>,
}

/// How a number is made (DESIGN 6.14).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawer {
    /// "High confidence".
    pub title: String,
    /// Formula in words.
    pub formula: String,
    /// Rows: label, note, value; their sum is `sum`.
    pub rows: Vec<DrawerRow>,
    /// Sum of the rows.
    pub sum: Money,
    /// What is counted without an amount.
    pub not_covered: Option<String>,
    /// "2 Feb, 09:02".
    pub data_through: String,
}

/// A row behind a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawerRow {
    /// "Acme Corp, 45 additional seats".
    pub label: String,
    /// Address that it leads to.
    pub href: String,
    /// "confidence 85, immediate".
    pub note: String,
    /// Value; none is "no amount".
    pub value: Option<Money>,
}

/// A mail text made from the evidence, to be edited before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachDraft {
    /// Account's name.
    pub account: String,
    /// "45 additional seats".
    pub name: String,
    /// Champion's address, or empty.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// What a printable proposal holds: need, evidence, offer, price, terms (PRODUCT 5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Account's name.
    pub account: String,
    /// "45 additional seats".
    pub name: String,
    /// Whom it is for: "Sarah Chen, VP Operations".
    pub to: Option<String>,
    /// Who makes it.
    pub from: String,
    /// "2 Feb 2026".
    pub dated: String,
    /// Need, one statement each.
    pub need: Vec<String>,
    /// Evidence, one statement each.
    pub evidence: Vec<String>,
    /// Offer, one line each.
    pub offer: Vec<String>,
    /// How the price is made.
    pub price: ValueEstimate,
    /// Terms: contract dates, co-terming, validity.
    pub terms: Vec<String>,
}
