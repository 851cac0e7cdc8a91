//! Objects of the API as they stand on the wire (CONTRACT 3). Written by hand: what the database or the pages change does
//! not change them.

use domain::{
    opportunity::found::{BlockerNote, Found, Guard, NextStep, Objection, Step},
    signal::{Evidence, StrengthClass},
    time::{At, Day},
};
use serde::{Deserialize, Serialize};
use services::{finder::FoundItem, signals::SignalItem};
use utoipa::ToSchema;

/// An amount on the wire: a decimal string.
pub type Amount = String;

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EvidenceOut {
    /// The statement.
    pub text: String,
    /// The words, for text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quote: Option<String>,
    /// Who said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub speaker: Option<String>,
    /// `usage`, `contract`, `meeting`, `email`, `support`, `peers`, `health`, `people`, `manual`.
    pub source: String,
    /// Place in the source.
    pub source_reference: String,
    /// When it was said or measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub at: Option<String>,
    /// Metric, for numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub metric: Option<String>,
    /// Value, for numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<f64>,
    /// Limit, for numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<f64>,
    /// First and last day of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub window: Option<WindowOut>,
}

/// Days of a window, both included.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WindowOut {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

impl From<&Evidence> for EvidenceOut {
    fn from(evidence: &Evidence) -> EvidenceOut {
        let source = serde_json::to_value(evidence.source).ok().and_then(|value| value.as_str().map(str::to_owned));
        EvidenceOut {
            text: evidence.text.clone(),
            quote: evidence.quote.clone(),
            speaker: evidence.speaker.clone(),
            source: source.unwrap_or_default(),
            source_reference: evidence.source_reference.clone(),
            at: evidence.at.map(|at| at.to_string()),
            metric: evidence.metric.clone(),
            value: evidence.value,
            limit: evidence.limit,
            window: evidence.window.map(|(from, to)| WindowOut { from: from.to_string(), to: to.to_string() }),
        }
    }
}

/// A signal: one episode of a rule on an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalOut {
    /// Id.
    pub id: String,
    /// The account's id.
    pub customer_id: String,
    /// Rule.
    pub rule: String,
    /// The same, by the name of the requirement documents.
    pub signal_type: String,
    /// Version of the rule's settings.
    pub rule_version: i64,
    /// What it is about within the account; empty when there is only one.
    pub subject: String,
    /// Headline.
    pub title: String,
    /// The rule's strength, 0–1.
    pub strength: f64,
    /// `strong`, `moderate`, `exploratory`.
    pub strength_class: String,
    /// What enters the composite after decay, 0–1.
    pub decayed_strength: f64,
    /// First firing.
    pub detected_at: String,
    /// When the evidence was last seen.
    pub observed_at: String,
    /// When the episode ended.
    pub closed_at: Option<String>,
    /// `detected`, `acknowledged`, `routed`, `won`, `lost`, `dismissed`.
    pub status: String,
    /// Type of opportunity that it leads to.
    pub leads_to: String,
    /// The main evidence.
    pub evidence: EvidenceOut,
    /// All evidence, of all sources that were merged.
    pub all_evidence: Vec<EvidenceOut>,
}

impl From<&SignalItem> for SignalOut {
    fn from(item: &SignalItem) -> SignalOut {
        let episode = &item.episode;
        let all: Vec<EvidenceOut> = episode.evidence.iter().map(EvidenceOut::from).collect();
        let status = serde_json::to_value(episode.status).ok().and_then(|value| value.as_str().map(str::to_owned));
        SignalOut {
            id: episode.id.to_string(),
            customer_id: item.customer.to_string(),
            rule: episode.rule.key().into(),
            signal_type: episode.rule.key().into(),
            rule_version: episode.rule_version,
            subject: episode.subject.clone(),
            title: episode.title.clone(),
            strength: episode.strength,
            strength_class: StrengthClass::of(episode.strength).key().into(),
            decayed_strength: item.decayed_strength,
            detected_at: episode.opened_at.to_string(),
            observed_at: episode.observed_at.to_string(),
            closed_at: episode.closed_at.map(|at| at.to_string()),
            status: status.unwrap_or_default(),
            leads_to: episode.leads_to.key().into(),
            evidence: all.first().cloned().unwrap_or_else(|| EvidenceOut {
                text: episode.title.clone(),
                quote: None,
                speaker: None,
                source: "manual".into(),
                source_reference: String::new(),
                at: None,
                metric: None,
                value: None,
                limit: None,
                window: None,
            }),
            all_evidence: all,
        }
    }
}

/// One part of confidence: value × weight × 100 = points.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartOut {
    /// 0–1; 0.5 when unknown.
    pub value: f64,
    /// Weight.
    pub weight: f64,
    /// Points; the four add up to the confidence score.
    pub points: f64,
    /// Whether there was data.
    pub known: bool,
    /// What it rests on.
    pub evidence: String,
}

/// The four parts of confidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartsOut {
    /// Composite score.
    pub signal_strength: PartOut,
    /// Health.
    pub health: PartOut,
    /// Champion engagement.
    pub champion: PartOut,
    /// Historical expansion.
    pub history: PartOut,
}

/// Low, expected and high value, with how they are made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValueOut {
    /// Cautious.
    pub low: Option<Amount>,
    /// Expected.
    pub expected: Option<Amount>,
    /// Optimistic.
    pub high: Option<Amount>,
    /// How.
    pub method: String,
    /// Inputs in the order of the calculation.
    pub inputs: Vec<InputOut>,
}

/// An input of the value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InputOut {
    /// What.
    pub label: String,
    /// As it stands in the calculation.
    pub value: String,
}

/// The best path to a decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChampionOut {
    /// Id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Job title.
    pub title: Option<String>,
    /// Role.
    pub role: String,
    /// 0–100; absent when unknown.
    pub engagement: Option<f64>,
    /// Last contact.
    pub last_contact_on: Option<String>,
}

/// A step or talking point with what it rests on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepOut {
    /// What to do or say.
    pub text: String,
    /// What it rests on.
    pub evidence: String,
}

impl From<&Step> for StepOut {
    fn from(step: &Step) -> StepOut {
        StepOut { text: step.text.clone(), evidence: step.evidence.clone() }
    }
}

/// A likely objection with its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ObjectionOut {
    /// The objection.
    pub says: String,
    /// The answer.
    pub answer: String,
}

impl From<&Objection> for ObjectionOut {
    fn from(objection: &Objection) -> ObjectionOut {
        ObjectionOut { says: objection.says.clone(), answer: objection.answer.clone() }
    }
}

/// Something in the way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BlockerOut {
    /// `no_champion`, `no_budget`, …
    pub key: String,
    /// The statement.
    pub text: String,
    /// What it rests on.
    pub detail: String,
}

impl From<&BlockerNote> for BlockerOut {
    fn from(blocker: &BlockerNote) -> BlockerOut {
        BlockerOut { key: blocker.key.clone(), text: blocker.text.clone(), detail: blocker.detail.clone() }
    }
}

/// Why an alert is held back, and until when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GuardOut {
    /// `critical_ticket`, `falling_health`, `outreach`, …
    pub key: String,
    /// The statement.
    pub text: String,
    /// What it rests on.
    pub detail: String,
    /// When it ends.
    pub until: String,
}

impl From<&Guard> for GuardOut {
    fn from(guard: &Guard) -> GuardOut {
        GuardOut {
            key: guard.key.clone(),
            text: guard.text.clone(),
            detail: guard.detail.clone(),
            until: guard.until.clone(),
        }
    }
}

/// An opportunity found (PRD-060, PRODUCT 5).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FoundOut {
    /// Id of what was found.
    pub id: String,
    /// Id of the pipeline's record, when there is one.
    pub opportunity_id: Option<String>,
    /// External id of the record.
    pub external_id: Option<String>,
    /// The account.
    pub customer_id: String,
    /// Its external id.
    pub customer_external_id: String,
    /// Its name.
    pub customer_name: String,
    /// "45 additional seats".
    pub name: String,
    /// Type.
    pub opportunity_type: String,
    /// SKU, when it names a product.
    pub product_sku: Option<String>,
    /// `open`, `candidate`, `held_back`, `exploratory`.
    pub status: String,
    /// Stage of the record.
    pub stage: Option<String>,
    /// The record's amount, else the expected value.
    pub estimated_value: Option<Amount>,
    /// Currency of every amount.
    pub currency: String,
    /// Low, expected and high.
    pub value: ValueOut,
    /// 0–100.
    pub confidence_score: f64,
    /// `high`, `medium`, `low`.
    pub confidence_level: String,
    /// The four parts.
    pub confidence_parts: PartsOut,
    /// 0–1.
    pub composite_score: f64,
    /// `strong`, `moderate`, `exploratory`.
    pub strength_class: String,
    /// The signals that count, strongest first.
    pub signals: Vec<SignalOut>,
    /// The approach as one text.
    pub suggested_approach: String,
    /// The approach, step by step.
    pub approach: Vec<StepOut>,
    /// What to say.
    pub talking_points: Vec<StepOut>,
    /// Likely objections.
    pub objections: Vec<ObjectionOut>,
    /// The best path to a decision.
    pub champion: Option<ChampionOut>,
    /// `immediate`, `30_days`, `60_days`, `next_renewal`.
    pub timeline: String,
    /// Why this timeline.
    pub timeline_reason: String,
    /// What stands in the way.
    pub blockers: Vec<BlockerOut>,
    /// What holds it back.
    pub guards: Vec<GuardOut>,
    /// Actions offered.
    pub next_steps: Vec<String>,
    /// CSM's id.
    pub csm_id: Option<String>,
    /// CSM's e-mail address.
    pub csm_email: Option<String>,
    /// When the scan computed it.
    pub scored_at: String,
}

fn part(found: &Found, key: &str) -> PartOut {
    match found.parts.iter().find(|part| part.key == key) {
        Some(part) => PartOut {
            value: part.value,
            weight: part.weight,
            points: part.points,
            known: part.known,
            evidence: part.evidence.clone(),
        },
        None => PartOut { value: 0.5, weight: 0.0, points: 0.0, known: false, evidence: String::new() },
    }
}

fn step_key(step: NextStep) -> String {
    serde_json::to_value(step).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl FoundOut {
    /// The object of one found opportunity.
    #[must_use]
    pub fn of(item: &FoundItem, currency: &str) -> FoundOut {
        let found = &item.found;
        FoundOut {
            id: item.row.id.to_string(),
            opportunity_id: found.opportunity.map(|id| id.to_string()),
            external_id: item.external_id.clone(),
            customer_id: item.customer.to_string(),
            customer_external_id: item.row.account_ref.clone(),
            customer_name: item.row.account.clone(),
            name: item.row.name.clone(),
            opportunity_type: item.row.kind.key().into(),
            product_sku: item.product_sku.clone(),
            status: item.row.status.key().into(),
            stage: item.row.stage.map(|stage| stage.key().into()),
            estimated_value: item.row.value.map(|value| value.to_string()),
            currency: currency.to_owned(),
            value: ValueOut {
                low: found.value.low.map(|value| value.to_string()),
                expected: found.value.expected.map(|value| value.to_string()),
                high: found.value.high.map(|value| value.to_string()),
                method: found.value.method.clone(),
                inputs: found
                    .value
                    .inputs
                    .iter()
                    .map(|(label, value)| InputOut { label: label.clone(), value: value.clone() })
                    .collect(),
            },
            confidence_score: item.row.confidence,
            confidence_level: item.row.level.key().into(),
            confidence_parts: PartsOut {
                signal_strength: part(found, "signal_strength"),
                health: part(found, "health"),
                champion: part(found, "champion"),
                history: part(found, "history"),
            },
            composite_score: item.row.composite,
            strength_class: StrengthClass::of(item.row.composite).key().into(),
            signals: item.signals.iter().map(SignalOut::from).collect(),
            suggested_approach: found.approach.iter().map(|step| step.text.as_str()).collect::<Vec<_>>().join(". "),
            approach: found.approach.iter().map(StepOut::from).collect(),
            talking_points: found.talking_points.iter().map(StepOut::from).collect(),
            objections: found.objections.iter().map(ObjectionOut::from).collect(),
            champion: found.champion.as_ref().map(|champion| ChampionOut {
                id: champion.stakeholder.to_string(),
                name: champion.name.clone(),
                title: champion.title.clone(),
                role: champion.role.clone(),
                engagement: champion.engagement,
                last_contact_on: champion.last_contact_on.map(|day| day.to_string()),
            }),
            timeline: item.row.timeline.key().into(),
            timeline_reason: found.timeline_reason.clone(),
            blockers: found.blockers.iter().map(BlockerOut::from).collect(),
            guards: found.guards.iter().map(GuardOut::from).collect(),
            next_steps: found.next_steps.iter().copied().map(step_key).collect(),
            csm_id: item.csm.map(|id| id.to_string()),
            csm_email: item.csm_email.clone(),
            scored_at: item.scored_at.to_string(),
        }
    }
}

/// Evidence of a logged signal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct EvidenceIn {
    /// The statement.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// The customer's words.
    #[serde(default)]
    pub quote: Option<String>,
    /// Who said it.
    #[serde(default)]
    pub speaker: Option<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

/// A signal to be logged (PRD-119, CONTRACT 6).
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct SignalIn {
    /// The account: id or external id.
    #[schema(min_length = 1)]
    pub customer_id: String,
    /// A rule (`seat_overage`, …), a type of opportunity (`upsell`, …) or `manual`.
    #[schema(min_length = 1)]
    pub signal_type: String,
    /// `strong`, `moderate`, `exploratory`.
    #[serde(default)]
    pub signal_strength: Option<String>,
    /// 0–1; wins over `signal_strength`.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    pub strength: Option<f64>,
    /// `meeting`, `email`, `support`, `usage`, …
    #[schema(min_length = 1)]
    pub source: String,
    /// Place in the source.
    #[serde(default)]
    pub source_reference: Option<String>,
    /// When it was seen; now when absent.
    #[serde(default)]
    #[schema(format = DateTime)]
    pub detected_at: Option<String>,
    /// The evidence.
    pub evidence: EvidenceIn,
    /// Anything else, kept as given.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub details: Option<serde_json::Value>,
}

/// A signal that was logged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LoggedOut {
    /// The signal.
    #[serde(flatten)]
    pub signal: SignalOut,
    /// Whether it joined a running episode.
    pub merged: bool,
}

/// Signals of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerSignalsOut {
    /// Signals, newest first.
    pub data: Vec<SignalOut>,
    /// Blockers said or seen.
    pub blockers: Vec<BlockerOut>,
    /// What holds alerts back.
    pub guards: Vec<GuardOut>,
}

/// An account.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerOut {
    /// Id.
    pub id: String,
    /// Id in the source system.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// `active`, `churned`, `prospect`.
    pub status: String,
    /// Industry.
    pub industry: Option<String>,
    /// Segment.
    pub segment: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Annual recurring revenue.
    pub arr: Option<Amount>,
    /// Currency of the amount.
    pub currency: String,
    /// Newest health, 0–100.
    pub health_score: Option<f64>,
    /// CSM's e-mail address.
    pub csm_email: Option<String>,
    /// Sales rep's e-mail address.
    pub sales_rep_email: Option<String>,
    /// Live signals.
    pub live_signals: u32,
    /// Customer since.
    pub created_on: Option<String>,
}

/// A contract.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractOut {
    /// Id.
    pub id: String,
    /// Id in the source system.
    pub external_id: String,
    /// The account.
    pub customer_id: String,
    /// Its external id.
    pub customer_external_id: String,
    /// SKU of the plan.
    pub plan_sku: Option<String>,
    /// `active`, `expired`, `cancelled`.
    pub status: String,
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: Option<String>,
    /// Months.
    pub term_months: Option<i64>,
    /// Seats.
    pub licensed_seats: Option<i64>,
    /// Price of a seat for a year.
    pub price_per_seat_annual: Option<Amount>,
    /// Value of a year.
    pub annual_value: Option<Amount>,
    /// Currency of the amounts.
    pub currency: String,
}

/// A day as text.
#[must_use]
pub fn day(day: Option<Day>) -> Option<String> {
    day.map(|day| day.to_string())
}

/// An instant as text.
#[must_use]
pub fn instant(at: Option<At>) -> Option<String> {
    at.map(|at| at.to_string())
}
