//! What the conversation rules share: the mentions of a topic in the look-back, as clauses and as evidence.

use super::{Analysis, Mention, Topic, analyse::spoken, defaults, heard, takes_back_budget};
use crate::{
    account::{AccountSnapshot, Context, Meeting, Product},
    signal::{ClauseList, Evidence, RuleSettings, SettingInfo, features},
    time::{At, Day},
};

/// How far back words count, in days.
pub const LOOK_BACK: SettingInfo = SettingInfo::whole("look_back", "Said within", "days", 90, 7, 365);

/// At most so many pieces of evidence for one signal, the newest.
const MOST_EVIDENCE: usize = 5;

/// A mention with its meeting.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Where.
    pub meeting: &'a Meeting,
    /// What.
    pub mention: &'a Mention,
}

impl Said<'_> {
    /// When: the meeting, and the line within it.
    #[must_use]
    pub fn moment(&self) -> (At, u32) {
        (self.meeting.held_at, self.mention.line)
    }

    /// The mention as evidence; `what` goes on after the speaker: "asked for 30 more seats".
    #[must_use]
    pub fn evidence(&self, what: &str) -> Evidence {
        let speaker = self.mention.speaker.as_str();
        let who = if speaker.is_empty() { "The customer" } else { speaker };
        spoken(self.meeting, self.mention.line, &self.mention.quote, speaker, &format!("{who} {what}"))
    }
}

/// What was said about one topic in the look-back, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Talk<'a> {
    /// Meetings and mails in the look-back.
    pub meetings: usize,
    /// Days of the look-back.
    pub days: i64,
    /// What counts.
    pub said: Vec<Said<'a>>,
    /// What does not.
    pub not_counted: Vec<Said<'a>>,
}

impl<'a> Talk<'a> {
    /// Reads a topic.
    #[must_use]
    pub fn of(topic: Topic, account: &'a AccountSnapshot, context: &Context<'_>, settings: &RuleSettings) -> Talk<'a> {
        let mut talk = Talk { days: settings.whole(&LOOK_BACK), ..Talk::default() };
        let from = context.now.plus_days(-talk.days);
        for (meeting, analysis) in heard(account, context.market, from, context.now) {
            talk.meetings += 1;
            for mention in analysis.mentions.iter().filter(|mention| mention.topic == topic) {
                let said = Said { meeting, mention };
                if mention.not_counted.is_none() { talk.said.push(said) } else { talk.not_counted.push(said) }
            }
        }
        talk.said.sort_by_key(|said| std::cmp::Reverse(said.moment()));
        talk.not_counted.sort_by_key(|said| std::cmp::Reverse(said.moment()));
        talk
    }

    /// The two clauses that every conversation rule begins with. `about` follows "Customer statements": "on budget".
    pub fn clauses(&self, about: &str, list: &mut ClauseList) {
        list.check(self.meetings > 0, || {
            (format!("Meetings and mails in the last {} days", self.days), self.meetings.to_string(), "≥ 1")
        });
        list.check(!self.said.is_empty(), || {
            let mut value = format!("{} that count", self.said.len());
            for said in self.not_counted.iter().take(3) {
                let why = said.mention.not_counted.map_or("", super::NotCounted::label);
                value.push_str(&format!("; not counted, {why}: “{}”", said.mention.quote));
            }
            (format!("Customer statements {about}"), value, "≥ 1")
        });
    }

    /// The mentions of each subject in the order in which the subjects were last said.
    #[must_use]
    pub fn by_subject(&self, subject: impl Fn(&Mention) -> String) -> Vec<(String, Vec<Said<'a>>)> {
        let mut subjects: Vec<(String, Vec<Said<'a>>)> = Vec::new();
        for said in &self.said {
            let key = subject(said.mention);
            match subjects.iter_mut().find(|(known, _)| *known == key) {
                Some((_, mentions)) => mentions.push(*said),
                None => subjects.push((key, vec![*said])),
            }
        }
        subjects
    }
}

/// The newest mentions as evidence.
#[must_use]
pub fn evidence(mentions: &[Said<'_>], what: impl Fn(&Mention) -> String) -> Vec<Evidence> {
    mentions.iter().take(MOST_EVIDENCE).map(|said| said.evidence(&what(said.mention))).collect()
}

/// When somebody last denied budget within some days, with the line; older talk of budget does not count.
#[must_use]
pub fn budget_denied_at(account: &AccountSnapshot, context: &Context<'_>, days: i64) -> Option<(At, u32)> {
    let denied = |(_, analysis): (&Meeting, &Analysis)| {
        let lines = analysis.blockers.iter().filter(|b| takes_back_budget(b)).filter_map(|b| b.evidence.line);
        lines.max().map(|line| (analysis.held_at, line))
    };
    heard(account, context.market, context.now.plus_days(-days), context.now).filter_map(denied).max()
}

/// Users of a department on a day; a department is the same under its other names.
#[must_use]
pub fn users_in(account: &AccountSnapshot, department: &str, today: Day) -> usize {
    let same = |name: &str| defaults::department_name(name).eq_ignore_ascii_case(department);
    let known = account.users.iter().filter(|user| user.first_seen_on.is_none_or(|day| day <= today));
    known.filter(|user| user.department.as_deref().is_some_and(same)).count()
}

/// Whether the account uses a feature or is entitled to it; `sso` and `single sign-on` are the same feature.
#[must_use]
pub fn has_feature(account: &AccountSnapshot, feature: &str, today: Day) -> bool {
    let words = |text: &str| text.to_lowercase().replace(['_', '-', '.'], " ");
    let wanted = words(feature);
    let group = defaults::FEATURES.iter().find(|names| names.iter().any(|name| words(name) == wanted));
    let is_it = |key: &str| {
        let key = words(key);
        key == wanted || group.is_some_and(|names| names.iter().any(|name| words(name) == key))
    };
    features::used(account)
        .any(|(key, series)| is_it(key) && series.points.iter().any(|(day, value)| *day <= today && *value > 0.0))
        || account
            .entitlements_on(today)
            .any(|(_, entitlement)| entitlement.metric.strip_prefix(features::PREFIX).is_some_and(is_it))
}

/// Whether a product is more than the account has: not owned, and a plan above the present one.
#[must_use]
pub fn lies_above(account: &AccountSnapshot, context: &Context<'_>, product: &Product) -> bool {
    let current = account.contract_on(context.today).and_then(|contract| contract.plan);
    let tier = current.and_then(|id| context.market.product(id)).and_then(|plan| plan.plan_tier);
    let is_lower_plan = product.plan_tier.zip(tier).is_some_and(|(asked, own)| asked <= own);
    !is_lower_plan && !account.owned_products(context.today).contains(&product.id)
}

/// "Finance, Legal and Support".
#[must_use]
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
