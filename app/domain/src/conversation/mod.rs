//! What customers say in meetings and mails (PRODUCT 4, "Rules about signals").
//!
//! A transcript is split into turns ([`parse`]), each turn gets its side ([`people`]), each sentence of the customer is
//! brought to plain words with its names marked ([`plain`], [`names`]), and patterns of words (`cues.rs`) decide what it
//! is about (`topics.rs`). Negated, hypothetical and past talk does not count ([`modality`]); what stands in the way
//! becomes a blocker (`blockers.rs`). [`heard`] does this once per account.
//!
//! Decisions:
//! - Only the customer's words count. A speaker whose side can't be known counts for nothing positive.
//! - A conversation in which the customer says that they may leave, or that an executive reviews whether to go on, is a
//!   **risk conversation**: its growth talk is kept as "not counted".
//! - The last word holds: "no budget this year" takes back an earlier "we have budget", and the other way round.
//!
//! To add a cue: write it in `cues.rs`, and its sentences, those that count and those that don't, in the corpus table.

mod analyse;
mod blockers;

#[cfg(test)]
pub(crate) mod corpus;
#[cfg(test)]
mod corpus_second;
#[cfg(test)]
mod corpus_third;
mod cues;
pub mod defaults;
pub mod modality;
pub mod names;
#[cfg(test)]
mod outside;
pub mod parse;
pub mod people;
pub mod plain;
mod requests;
pub mod talk;
mod topics;

use crate::{
    account::{AccountSnapshot, Cached, Context, Market, Meeting},
    id::{MeetingId, ProductId, StakeholderId},
    signal::Blocker,
    time::At,
};

pub use analyse::{analyse, is_qbr, takes_back_budget};
pub use names::Listener;

/// Whose words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The customer's.
    Customer,
    /// Ours.
    Vendor,
    /// Can't be known.
    Unknown,
}

/// What a sentence is about: one per conversation rule of PRODUCT 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Seats, a tier, a product or a package asked for outright.
    Request,
    /// Money that is there.
    Budget,
    /// A team that wants to use it.
    Department,
    /// Interest in a feature or product.
    Interest,
    /// A comparison with a competitor, or one being displaced.
    Comparison,
    /// Goals of growth.
    Growth,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// More seats.
    Seats,
    /// A higher plan.
    Tier,
    /// A product.
    Product,
    /// More of a limit.
    AddOn,
}

/// Why a sentence about a topic does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotCounted {
    /// "We don't need more seats."
    Negated,
    /// "If we had budget …"
    Hypothetical,
    /// "We had budget last year."
    Past,
    /// "Do we have budget?"
    Question,
    /// In a conversation about leaving.
    Risk,
}

impl NotCounted {
    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            NotCounted::Negated => "negated",
            NotCounted::Hypothetical => "hypothetical",
            NotCounted::Past => "past",
            NotCounted::Question => "a question",
            NotCounted::Risk => "in a risk conversation",
        }
    }
}

/// Something that the customer said and that a rule can use.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// What it is about.
    pub topic: Topic,
    /// The words, at most [`QUOTE_CHARS`] characters.
    pub quote: String,
    /// Who said it: the stakeholder's full name when matched, else the name in the transcript.
    pub speaker: String,
    /// The stakeholder.
    pub stakeholder: Option<StakeholderId>,
    /// Job title, of the stakeholder or from the list of participants.
    pub title: Option<String>,
    /// Line of the transcript, from 1.
    pub line: u32,
    /// Product or plan that it names.
    pub product: Option<ProductId>,
    /// Feature that it names, when it is no product of the catalogue.
    pub feature: Option<String>,
    /// Departments that it names.
    pub departments: Vec<String>,
    /// Competitor that it names, or that is named close by.
    pub competitor: Option<String>,
    /// A competitor's product is being displaced.
    pub displaces: bool,
    /// What it asks for.
    pub ask: Option<Ask>,
    /// How many ("thirty more seats" → 30).
    pub quantity: Option<i64>,
    /// Set when it does not count.
    pub not_counted: Option<NotCounted>,
}

/// What was heard in one meeting or mail.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The meeting.
    pub meeting: MeetingId,
    /// When it was held.
    pub held_at: At,
    /// What the customer said, in order, also what does not count.
    pub mentions: Vec<Mention>,
    /// What stands in the way, in the customer's words.
    pub blockers: Vec<Blocker>,
}

/// Longest quote kept as evidence.
pub const QUOTE_CHARS: usize = 280;

/// Days back in which a blocker that was said stands in the way; the same as the rules' usual look-back.
pub const BLOCKER_DAYS: i64 = 90;

/// The meetings of `[from, to]` with what was heard in them, in their order; worked out once per meeting of a snapshot.
pub fn heard<'a>(
    account: &'a AccountSnapshot,
    market: &Market,
    from: At,
    to: At,
) -> impl Iterator<Item = (&'a Meeting, &'a Analysis)> {
    let cells = account.heard.get_or(|| account.meetings.iter().map(|_| Cached::default()).collect());
    let listener = market.listener.get_or(|| Listener::new(market));
    let in_time = account.meetings.iter().zip(cells).filter(move |(meeting, _)| (from..=to).contains(&meeting.held_at));
    in_time.map(move |(meeting, cell)| {
        let hear = || analyse(meeting, &account.stakeholders, &account.customer.name, listener);
        (meeting, cell.get_or(hear))
    })
}

/// What customers said in the last [`BLOCKER_DAYS`] days that stands in the way, the newest first, one per key. Budget
/// that was there after "no budget" takes it away.
#[must_use]
pub fn blockers(account: &AccountSnapshot, context: &Context<'_>) -> Vec<Blocker> {
    let from = context.now.plus_days(-BLOCKER_DAYS);
    let recent: Vec<&Analysis> =
        heard(account, context.market, from, context.now).map(|(_, analysis)| analysis).collect();
    let on_budget = |a: &&Analysis| {
        let counts = a.mentions.iter().filter(|m| m.topic == Topic::Budget && m.not_counted.is_none());
        counts.map(|m| m.line).max().map(|line| (a.held_at, line))
    };
    let budget_since = recent.iter().filter_map(on_budget).max();
    let mut found: Vec<Blocker> = recent.iter().flat_map(|a| a.blockers.iter().cloned()).collect();
    found.retain(|blocker| {
        let since = budget_since.filter(|_| takes_back_budget(blocker));
        let said = blocker.evidence.at.zip(blocker.evidence.line);
        since.is_none_or(|since| said.is_none_or(|said| said >= since))
    });
    found.sort_by_key(|blocker| std::cmp::Reverse(blocker.evidence.at));
    let mut keys: Vec<String> = Vec::new();
    found.retain(|blocker| {
        let new = !keys.contains(&blocker.key);
        keys.push(blocker.key.clone());
        new
    });
    found
}
