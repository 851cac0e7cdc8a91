//! Requests: seats, a higher plan, a product, more of a limit.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Ask, NotCounted, Topic,
    cues::cues,
    modality,
    plain::pattern,
    topics::{Found, Part, TOKEN},
};

/// Without one of these letters none of the patterns of its kind can match.
const SEATS: [&str; 14] = [
    "seat",
    "licen",
    "login",
    "user",
    "people",
    "colleagues",
    "analysts",
    "agents",
    "reps",
    "employees",
    "engineers",
    "members",
    "staff",
    "managers",
];
const TEAMS: [&str; 8] = ["D_", "department", "team", "group", "office", "unit", "subsidiary", "division"];
const WAITS: [&str; 7] = ["seat", "licen", "login", " us", "footprint", "deploy", "rollout"];
const LIMITS: [&str; 8] = ["api", "limit", "quota", "storage", "credits", "bandwidth", "calls", "cap"];
const PLANS: [&str; 7] = ["L_", "plan", "tier", "upgrad", "edition", "package", "subscription"];

impl Part<'_> {
    /// The place of the asking words nearest before an object, to its end: what a negation must not touch.
    fn asking_span(&self, object: &Range<usize>) -> Range<usize> {
        let c = cues();
        let before = [&c.need, &c.ask, &c.send_offer, &c.price]
            .into_iter()
            .flat_map(|cue| cue.find_iter(self.text))
            .map(|found| found.start())
            .filter(|start| *start < object.start)
            .max();
        before.unwrap_or(object.start)..object.end
    }

    /// Whether the part asks for an offer: a price with a question, a wish or "send us".
    fn asks_for_offer(&self, wants: bool) -> bool {
        let c = cues();
        c.send_offer.is_match(self.text) || (c.price.is_match(self.text) && (self.is_question || wants))
    }

    /// Seats, a higher limit, a plan or a product, asked for outright.
    pub(super) fn requests(&self, found: &mut Vec<Found>) {
        let c = cues();
        let seats = self.has(&SEATS).then(|| self.seats_named()).flatten();
        let teams = self.has(&TEAMS).then(|| c.teams_ask.find(self.text)).flatten();
        let waits =
            self.has(&WAITS).then(|| c.shortage.find(self.text).or_else(|| c.expand_use.find(self.text))).flatten();
        let limit = self.has(&LIMITS).then(|| c.limit.find(self.text)).flatten();
        let tier = self.has(&PLANS).then(|| c.tier.find(self.text)).flatten();
        let names_product = self.has(&["P_"]);
        let anything =
            [seats.is_some(), teams.is_some(), waits.is_some(), limit.is_some(), tier.is_some(), names_product];
        if !anything.contains(&true) || c.less.is_match(self.text) {
            return;
        }
        let asks = c.ask.is_match(self.text);
        let wants = asks || c.need.is_match(self.text);
        let offer = self.asks_for_offer(wants);
        if !c.request_unless.is_match(self.text) {
            // "Do we need more seats?" asks a colleague.
            let doubt =
                (!asks && self.is_question && DOUBTS_THEMSELVES.is_match(self.text)).then_some(NotCounted::Question);
            match seats {
                Some(object) if (wants || offer) && !NOT_SEATS.is_match(self.text) => found.push(Found {
                    ask: Some(Ask::Seats),
                    quantity: quantity(self.text, object.clone()),
                    departments: self.departments_in(self.text),
                    ..Found::about(Topic::Request, self.judge(self.asking_span(&object)).or(doubt))
                }),
                _ => self.seats_of_teams(teams.map(|teams| teams.range()), waits.map(|waits| waits.range()), found),
            }
        }
        if let Some(object) = limit.filter(|_| wants || offer) {
            let kind = if object.as_str().contains("storage") { "storage" } else { "api" };
            found.push(Found {
                ask: Some(Ask::AddOn),
                feature: Some(kind.to_owned()),
                ..Found::about(Topic::Request, self.judge(self.asking_span(&object.range())))
            });
        }
        self.tier_or_product(tier.map(|tier| tier.range()), wants, offer, found);
    }

    fn seats_named(&self) -> Option<Range<usize>> {
        let c = cues();
        let object = [&c.more_seats, &c.seats_by_verb, &c.add_people].into_iter().find_map(|cue| cue.find(self.text));
        object.map(|object| object.range())
    }

    fn seats_of_teams(&self, teams: Option<Range<usize>>, waits: Option<Range<usize>>, found: &mut Vec<Found>) {
        if let Some(range) = teams {
            let words = self.text.get(range.clone()).unwrap_or_default();
            let departments = self.departments_in(words);
            let asks_for_seats = words.contains("seat") || words.contains("licen");
            // One named team that wants access is a department mentioned, not yet a request.
            let outright = departments.len() != 1 || asks_for_seats;
            if outright && !cues().dept_unless.is_match(self.text) && !self.starts_as_doubt() {
                let judged = self.judge(range);
                found.push(Found { ask: Some(Ask::Seats), departments, ..Found::about(Topic::Request, judged) });
                return;
            }
        }
        if let Some(short) = waits {
            let not_counted = modality::not_counted(self.text, short.start..short.start, self.year);
            found.push(Found {
                ask: Some(Ask::Seats),
                if_asked_next: true,
                ..Found::about(Topic::Request, not_counted)
            });
        }
    }

    fn tier_or_product(&self, tier: Option<Range<usize>>, wants: bool, offer: bool, found: &mut Vec<Found>) {
        let c = cues();
        let priced = offer && c.price.find_iter(self.text).any(|word| word.as_str() != "look like");
        if let Some(object) = tier.filter(|object| priced || (wants && self.acquires(object))) {
            let words = self.text.get(object.clone()).unwrap_or_default();
            let product = TOKEN.find_iter(words).filter_map(|t| self.product(t.as_str())).last();
            let judged = self.judge(self.asking_span(&object));
            found.push(Found { ask: Some(Ask::Tier), product, ..Found::about(Topic::Request, judged) });
        }
        for token in TOKEN.find_iter(self.text).filter(|token| token.as_str().starts_with('P')) {
            let wanted = priced || (wants && self.acquires(&token.range())) || self.wants_directly(&token.range());
            if wanted && !c.interest_unless.is_match(self.text) {
                let judged = self.judge(self.asking_span(&token.range()));
                let product = self.product(token.as_str());
                found.push(Found { ask: Some(Ask::Product), product, ..Found::about(Topic::Request, judged) });
            }
        }
    }

    /// Whether a verb of getting leads to the object without "a demo of" or "more about" between.
    fn acquires(&self, object: &Range<usize>) -> bool {
        cues().acquire.find_iter(self.text).filter(|verb| verb.start() < object.end).any(|verb| {
            let between = self.text.get(verb.end()..object.start).unwrap_or_default();
            between.split_whitespace().count() <= 5 && !ABOUT_IT.is_match(between)
        })
    }

    fn wants_directly(&self, object: &Range<usize>) -> bool {
        let before = self.text.get(..object.start).unwrap_or_default();
        WANTS_RIGHT_BEFORE.is_match(before)
    }
}

/// How many are asked for: the first number of the object that is no percentage and no new total.
fn quantity(text: &str, object: Range<usize>) -> Option<i64> {
    if let Some(steps) = FROM_TO.captures(text) {
        let number = |i: usize| steps.get(i).and_then(|m| m.as_str().parse::<i64>().ok());
        return number(2)?.checked_sub(number(1)?).filter(|more| *more > 0);
    }
    // "thirty seats more" keeps its number before the object's first word.
    let words = text.get(object)?;
    let number = NUMBER.captures(words)?;
    let (whole, digits) = (number.get(0)?, number.get(2)?);
    let is_share = words
        .get(whole.end()..)
        .is_some_and(|rest| rest.trim_start().starts_with(['%', '$']) || rest.trim_start().starts_with("percent"));
    let is_total = number.get(1).is_some_and(|word| word.as_str() == "to ");
    if is_share || is_total { None } else { digits.as_str().parse().ok().filter(|n| (1..=1_000_000).contains(n)) }
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\w+ )?\b(\d+)\b"));
static FROM_TO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bfrom (\d+)(?: \w+)? to (\d+)\b"));
/// Seats that are no licences.
static NOT_SEATS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:seats? (?:at|in|on) the (?:table|meeting|room|call|event|board|conference|workshop)|(?:event|conference|webinar|training|workshop|driving|driver) (?:seats?|licen[cs]es?)|users? to (?:log ?in|adopt|use|try|engage|complete|finish))\b",
    )
});
static ABOUT_IT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:about|info|information|demo|details|documentation|docs|trial|walkthrough|overview|difference|look|feedback|help|training|started|idea|sense|preview|session)\b",
    )
});
static WANTS_RIGHT_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:we|they|i|D_\d+|team) (?:\w+ )?(?:need|needs|want|wants|like|love) (?:to have )?(?:the |your |a |an |your new )?$",
    )
});
/// A question to themselves.
static DOUBTS_THEMSELVES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:so |and |well )?(?:do|does|did|should|are|is|will) (?:we|they|i|D_\d+|our|the team)\b")
});
