//! What stands in the way, in the customer's words: no money, no sponsor, another vendor, a threat to leave.
//!
//! Blockers carry their own negation ("no budget"), so only a negation before the whole cue, an "if", a past time or a
//! question takes them away.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    cues::cues,
    modality,
    names::Named,
    plain::{Plain, as_said, pattern},
};
use crate::account::Stakeholder;

/// A blocker found in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundBlocker {
    pub(super) key: &'static str,
    pub(super) text: String,
}

/// Keys that make a risk conversation: in it growth talk does not count.
pub(super) const RISK_KEYS: [&str; 2] = ["churn_threat", "executive_review"];

/// Keys that take back what was said about budget before.
pub(super) const BUDGET_KEYS: [&str; 2] = ["no_budget", "budget_cut"];

/// Keys that count from a speaker whose side is unknown, in a meeting without any known customer, when two different
/// ones are said: only a customer talks of leaving, of reviewing the platform and of other vendors in one call.
pub(super) const PLAIN_KEYS: [&str; 3] = ["churn_threat", "executive_review", "evaluating_competitor"];

struct Kind {
    key: &'static str,
    text: &'static str,
    /// Without one of these letters the cue can't match.
    stems: &'static [&'static str],
    cue: Regex,
    unless: Option<Regex>,
    /// A threat is conditional by nature: "if this goes on, we will cancel".
    counts_with_if: bool,
    /// "Could we drop 20 seats?" says it as much as a statement.
    counts_as_question: bool,
}

/// What stands in the way according to one sentence.
pub(super) fn find(plain: &Plain, original: &str, stakeholders: &[Stakeholder], year: i32) -> Vec<FoundBlocker> {
    let mut found: Vec<FoundBlocker> = Vec::new();
    for range in modality::parts(&plain.text) {
        let Some(part) = plain.text.get(range) else { continue };
        for kind in KINDS.iter() {
            if !kind.stems.iter().any(|stem| part.contains(stem)) {
                continue;
            }
            let Some(cue) = kind.cue.find(part) else { continue };
            let excused = kind.unless.as_ref().is_some_and(|unless| unless.is_match(part));
            if excused || found.iter().any(|known| known.key == kind.key) || !counts(part, &cue.range(), kind, year) {
                continue;
            }
            // A competitor that goes is not one that is chosen.
            if matches!(kind.key, "evaluating_competitor" | "churn_threat") && cues().displaces.is_match(part) {
                continue;
            }
            found.push(FoundBlocker { key: kind.key, text: sentence(kind, cue.as_str(), plain) });
        }
        if !found.iter().any(|known| known.key == "champion_left")
            && let Some(left) = somebody_left(part, original, stakeholders, year)
        {
            found.push(left);
        }
    }
    found
}

/// Whether a part says that there is no money, so that its "budget" is not money that is there.
pub(super) fn denies_budget(part: &str) -> bool {
    KINDS
        .iter()
        .filter(|kind| BUDGET_KEYS.contains(&kind.key))
        .any(|kind| kind.cue.is_match(part) && !kind.unless.as_ref().is_some_and(|unless| unless.is_match(part)))
}

fn counts(part: &str, cue: &Range<usize>, kind: &Kind, year: i32) -> bool {
    let negated = modality::is_negated(part, cue.start..cue.start);
    let hypothetical = !kind.counts_with_if && modality::is_hypothetical(part);
    let asked = !kind.counts_as_question && modality::is_asked(part, cue);
    !(negated || hypothetical || modality::is_past(part, year) || asked)
}

fn sentence(kind: &Kind, cue: &str, plain: &Plain) -> String {
    if kind.key != "evaluating_competitor" {
        return kind.text.to_owned();
    }
    let name = COMPETITOR.find_iter(cue).find_map(|token| match plain.name_of(token.as_str()) {
        Some(Named::Competitor(name)) => Some(name.as_str()),
        _ => None,
    });
    name.map_or_else(|| kind.text.to_owned(), |name| format!("Looks at {name}"))
}

/// A person who has left: on their side a champion, on ours their contact.
fn somebody_left(part: &str, original: &str, stakeholders: &[Stakeholder], year: i32) -> Option<FoundBlocker> {
    const STEMS: [&str; 10] =
        ["left", "leav", "quit", "resign", "depart", "no longer", "last day", "moved on", "let go", "retir"];
    if !STEMS.iter().any(|stem| part.contains(stem)) {
        return None;
    }
    let role = ROLE_LEFT.find(part);
    let anybody = LEFT_COMPANY.find(part);
    let cue = role.or(anybody)?;
    let named = stakeholders.iter().any(|s| original.contains(s.name.trim()) && !s.name.trim().is_empty())
        || NAME_LEFT.is_match(original);
    if (role.is_none() && !named && !PRONOUN_LEFT.is_match(part))
        || modality::is_negated(part, cue.start()..cue.start())
        || modality::is_hypothetical(part)
        || modality::is_past(part, year)
        || modality::is_asked(part, &cue.range())
    {
        return None;
    }
    Some(if OUR_PERSON.is_match(part) {
        FoundBlocker { key: "contact_left", text: "Their contact on our side has left".to_owned() }
    } else {
        FoundBlocker { key: "champion_left", text: "A person who carried it has left".to_owned() }
    })
}

const MONEY: &str = r"(?:budgets?|funding|funds|money)";

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let kind = |key, text, stems, cue: String, unless: Option<&str>, counts_with_if| Kind {
        key,
        text,
        stems,
        cue: pattern(cue),
        unless: unless.map(pattern),
        counts_with_if,
        counts_as_question: key == "wants_less",
    };
    vec![
        kind(
            "no_budget",
            "No budget",
            &["budget", "fund", "money", "afford", "justify", "spend"],
            format!(
                r"\b(?:(?:no|zero|without|little|limited|insufficient|lack(?:s|ing)?(?: of)?|out of|short (?:on|of)|never (?:had|got)) (?:(?:more|extra|additional|spare|real|new|any|remaining|the|our|available|left|allocated|approved|dedicated|\w+ed) )*{MONEY}|(?:ran|run|running) out of (?:\w+ )?{MONEY}|not (?:think|believe) (?:that )?(?:we|they|there is) (?:\S+ ){{0,3}}{MONEY}|not (?:\w+ )?(?:have|having|got|get|find|see|secured?|allocated?|any|enough|had)(?: \S+){{0,4}}? {MONEY}|{MONEY}(?: \S+){{0,3}}? not (?:\w+ )?(?:have|allow|permit|cover|stretch|include)|not (?:in|within|part of|budgeted)(?: \S+){{0,3}}? budget|not budgeted|{MONEY}(?: \S+){{0,4}}? (?:is|are|was|were|has|have|got|been)(?: \S+){{0,2}}? (?:not (?:\w+ )?(?:been )?(?:approved|available|there|in place|confirmed|allocated|signed off|released)|frozen|gone|exhausted|spent|used up|tight|maxed|locked|denied|rejected|declined|blown|zero|on hold|closed|limited|constrained|stretched|slim|nonexistent|pulled|withdrawn|cancell?ed|revoked|reallocated|taken away)|(?:blown|blew|exceeded|overran|spent|used up|exhausted|maxed out|burned through|over spent|overspent)(?: \S+){{0,3}}? budget|over budget|budget (?:freeze|constraints?|pressure)|budget (?:frozen|is frozen)|can not (?:\w+ )?(?:afford|justify the (?:cost|spend|price|expense))|tight(?:er)? budgets?|spending freeze|freeze on (?:all )?spend(?:ing)?)\b"
            ),
            Some(
                r"\b(?:(?:no|not a|not an|not the) (?:budget|money|funding) (?:issues?|problems?|concerns?|constraints?|questions?)|your (?:budget|money)|freeze (?:is|was|has been) (?:over|lifted)|no longer|money we do not)\b",
            ),
            false,
        ),
        kind(
            "budget_cut",
            "Budget cut",
            &["budget", "spend", "cost", "expense"],
            r"\b(?:budgets?(?: \S+){0,4}? (?:is|are|was|were|has|have|got|gets|been|being)(?: \S+){0,2}? (?:cut|slashed|reduced|halved|trimmed|shrunk|lower|smaller|decreased)|budget cuts?|(?:cut|cuts|cutting|slash\w*|reduce|reduced|reducing|trim|trimming|trimmed|halv\w+)(?: (?:our|the|all|its|department|team|it|software|vendor|tool|tooling|saas|total|by|\d+|%))* (?:budgets?|spend|spending)|(?:we|i|they|(?:asked|told|ordered) (?:\w+ )?to|have to|need to|must|pressure to|mandate to) (?:\w+ )?(?:cut|reduce|lower) (?:our |the )?(?:costs?|expenses)|cost cutting|cost reduction)\b".to_owned(),
            Some(r"\b(?:help\w*|thanks to|because of (?:you|your|it)|(?:you|your \w+|it|this|the (?:product|platform|tool)) (?:\w+ )?(?:cut|cuts|reduce[sd]?|lets|allow\w*|enabl\w*)|restored)\b"),
            false,
        ),
        kind(
            "hiring_freeze",
            "Hiring freeze",
            &["hir", "headcount", "lay", "laid", "people go", "downsiz", "redundan", "force"],
            r"\b(?:hiring freeze|freeze on (?:\w+ )?hiring|headcount (?:freeze|reductions?|cuts?)|hiring (?:is|has been|was) (?:\w+ )?(?:frozen|on hold|paused|stopped)|froze hiring|frozen hiring|stopped hiring|not hiring|layoffs?|laid off|laying off|lay off|letting (?:\S+ ){0,3}?people go|let (?:\S+ ){0,4}?people go|downsiz\w+|redundanc(?:y|ies)|reduction in force|workforce reduction)\b".to_owned(),
            Some(r"\b(?:lifted|over|ended|no (?:hiring freeze|layoffs?))\b"),
            false,
        ),
        kind(
            "evaluating_competitor",
            "Looks at other vendors",
            &["C_", "competitor", "alternative", "vendor", "solution", "tool", "platform", "provider", "supplier", "rfp", "tender"],
            r"\b(?:(?:look(?:ing|ed)? (?:at|into|around|for)|evaluat(?:e|ing)|consider(?:ing)?|explor(?:e|ing)|(?:talking|speaking) (?:to|with)|(?:meeting|met) with|in talks with|test(?:ing)?|pilot(?:ing)?|trial(?:l)?ing|demo(?:ing|ed)?|shortlist(?:ed|ing)?|assess(?:ing)?|got an? (?:quote|proposal|demo|offer) from|an? (?:quote|proposal|demo|offer) from|(?:pitched|approached|courted) by)(?: \S+){0,5}? (?:C_\d+|(?:your )?competitors?|alternatives?|other (?:\w+ )?(?:vendors?|solutions?|tools|platforms?|providers?|suppliers?)|another (?:vendor|tool|platform|provider|solution|supplier)|a different (?:vendor|tool|platform|provider|solution))|(?:run|running|issue|issuing|issued|putting out|sending out|preparing)(?: \S+){0,2} (?:rfp|tender))\b".to_owned(),
            Some(r"C_\d+(?: 's)? (?:integration|connector|sync|data|export|import|instance|plugin|users?|account)|\b(?:integration|connector|sync|export|import)(?: \S+){0,2} (?:with|to|from|for) C_\d+|\bour competitors?\b|replac(?:e|ing) C_\d+"),
            false,
        ),
        kind(
            "executive_review",
            "An executive questions whether to go on",
            &["question", "reconsider", "evaluat", "assess", "scrutin", "challeng", "convinced", "doubt", "ask", "want", "wonder", "review", "audit", "going through", "looking"],
            r"\b(?:cfo|ceo|cio|cto|coo|cpo|ciso|board|management|leadership|executives?|exec team|executive team|vp|vice president|procurement|boss|director|owners?|investors?|D_\d+)(?: \S+){0,4}? (?:(?:question(?:ing|s|ed)|reconsider\w*|re ?evaluat\w*|re ?assess\w*|scrutini[sz]\w*|challeng(?:ing|es|ed)|not convinced|doubts?|ask(?:ing|s|ed)? (?:us )?(?:whether|why|to justify)|wants? (?:us )?to (?:know why|justify)|wondering (?:whether|why|if))(?: \S+){0,9}? (?:whether|continue|continuing|renew\w*|platform|tools?|vendors?|spend\w*|contracts?|subscriptions?|value|roi|worth|costs?|need (?:it|this|you)|software|why we|paying|pay|justify|product)|(?:reviewing|auditing|going through|looking (?:hard|closely) at|looking at)(?: \S+){0,2}? (?:whether|all (?:\w+ )?(?:vendors|tools|subscriptions|contracts|software|spend)|every (?:\w+ )?(?:vendor|tool|subscription|contract|expense)|(?:our|the|software|vendor|tool) (?:\w+ )?(?:spend|spending|subscriptions|vendors|tool stack)))\b".to_owned(),
            Some(r"\bquestions? (?:about|on|for) (?:the )?(?:pricing|integration|setup|security|rollout)\b"),
            false,
        ),
        kind(
            "churn_threat",
            "May leave",
            &["switch", "cancel", "leav", "mov", "renew", "replac", "walk", "terminat", "elsewhere", "go with", "going with", "churn", "end the", "end our", "ending", "cancellation", "want out"],
            r"\b(?:(?:might|may|will|would|could|are|is|am|considering|consider|thinking (?:about|of)|concerned|plan(?:ning)? (?:to|on)|going to|want to|decided to|have to|need to|about to|likely to|ready to|forced to|discussing|option is to)(?: \S+){0,6}? (?:switch(?:ing)? (?:platforms?|vendors?|providers?|tools|away(?: from (?:you|your|the platform)| [.,!]|$)|over to C_\d+|to (?:C_\d+|another|a competitor|someone|somebody|a different))|cancel(?:l?ing)?(?: \S+){0,3}? (?:contract|subscription|account|service|renewal|agreement|with you)|leav(?:e|ing) (?:you|your platform|the platform|for C_\d+|for a)|mov(?:e|ing) (?:\S+ ){0,3}?(?:away from (?:you|your|the platform|this)|off (?:of )?(?:your|the|this) (?:platform|product|tool)|to C_\d+|to (?:a |another )(?:competitor|vendor|platform|provider|tool|different))|not (?:be )?renew(?:ing)?|replac(?:e|ing) (?:you|your|the platform|this platform|this tool)|walk(?:ing)? away|terminat(?:e|ing)|look(?:ing)? elsewhere|go(?:ing)? (?:elsewhere|with (?:C_\d+|a competitor|another vendor))|cancel(?:l?ing)? (?:at|when|before|by|after|[.,!]|$)|churn|end(?:ing)? (?:the|our) (?:contract|relationship|subscription|agreement))|not (?:going to |planning to |able to |be |being )*renew(?:ing)?|non renewal|notice of (?:termination|cancellation)|want out of (?:the|our) contract)\b".to_owned(),
            Some(r"\b(?:not (?:\w+ ){0,3}?(?:switch|cancel|leav|mov|replac|look|walk|terminat|churn)\w*|not renew(?:ing)?(?: \S+){0,3} C_\d+|C_\d+(?: \S+){0,8}? not (?:\w+ )?renew (?:it|that|them)|cancel\w*(?: \S+){0,3} C_\d+|our (?:customers?|clients?|users?|members?|subscribers?) (?:\S+ ){0,4}(?:cancel|churn|leav|switch)\w*|churn (?:rate|report|data|prediction|score|dashboard|model|analysis)|reduce churn)\b"),
            true,
        ),
        kind(
            "wants_less",
            "Wants fewer seats or a lower plan",
            &["seat", "licen", "login", "plan", "tier", "package", "edition", "downgrad", "L_", "move down"],
            cues().less.as_str().to_owned(),
            Some(r"\b(?:C_\d+|less than|no less|fewer than|more or less)\b"),
            false,
        ),
        kind(
            "not_now",
            "Not planned now",
            &["no ", "not ", "hold", " ice", "paus", "postpon", "defer", "shelv", "push", "delay", "frozen"],
            r"\b(?:(?:no|not)(?: \S+){0,2}? (?:plans?|planning|looking|intend|intention|intending|going|ready) (?:to |for |of |on )?(?:\S+ ){0,3}?(?:add|adding|expand|expanding|expansion|buy|buying|upgrade|upgrading|grow|growing|purchase|increase|increasing|invest|investing|seats|licen[cs]es)|(?:no need for|not (?:\w+ )?(?:need|needing|want|interested in))(?: \S+){0,5}? (?:more|additional|extra|upgrade|another|P_\d+|L_\d+|seats|licen[cs]es)|not a priority|put(?:ting)? (?:\S+ ){0,4}?(?:purchases?|projects?|rollout|expansion|everything|upgrades?|decisions?|initiatives?)(?: \S+){0,2}? on (?:hold|ice)|(?:project|rollout|expansion|purchase|decision|initiative|upgrade|everything|projects|purchases|procurement)(?: \S+){0,4}? (?:is|are|was|were|has been|have been|got|put)(?: \S+){0,2}? (?:on hold|on ice|paused|postponed|deferred|shelved|pushed back|pushed out|delayed|frozen)|not (?:this|until next) (?:year|quarter|fiscal year))\b".to_owned(),
            Some(r"\b(?:enough (?:seats|licen[cs]es)|not (?:need|want) to wait)\b"),
            false,
        ),
    ]
});

static COMPETITOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bC_\d+"));
/// A person in a role that carries a purchase, who is gone.
static ROLE_LEFT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:champion|sponsor|person who|point of contact|main contact|primary contact|key contact|contact person|our contact|administrator|admin|product owner|budget owner|owner|buyer|decision maker|cfo|ceo|cto|coo|cio|cmo|cro|vp|vice president|director|head of (?:\w+|D_\d+)|(?:D_\d+|\w+) lead|manager|boss)(?: \S+){0,12}? (?:left (?:the |our |your )?(?:company|team|organi[sz]ation|business|firm|us\b|last|in|at the|this|three|earlier|recently|two|\d|[.,!;]|and|$)|has left(?: [.,!;]|$| the (?:company|firm|business)| us| our)|(?:is|are|will be) leaving(?: (?:the company|us|the firm|the business|our company|at|in|next|this|soon)| [.,!;]|$)|resigned|has quit|quit (?:last|the|this)|departed|is retiring|retired|was let go|got let go|has moved on|moved on to|no longer (?:with us|works|working|at|here|in the role|with the company)|last day (?:is|was))",
    )
});
/// Anybody who is gone from a company.
static LEFT_COMPANY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:left|leaving|quit|departed|leaves) (?:the |our |your )(?:company|organi[sz]ation|business|firm)\b|\b(?:is|are) no longer (?:with (?:us|the company)|at the company|working here|employed)\b|\bhas resigned\b|\bwas let go\b",
    )
});
/// A name, then leaving.
static NAME_LEFT: LazyLock<Regex> = LazyLock::new(|| {
    as_said(
        r"\b[A-Z][a-zà-ÿ]+(?: [A-Z][\w'’-]+)?,?(?: who [^.]{0,80},| our [^.,]{0,60},| the [^.,]{0,60},)?(?: has| had| is| was| just| recently| also| already)* (?:left|leaving|quit|departed|leaves|no longer|resigned|let go)\b",
    )
});
static PRONOUN_LEFT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:he|she)(?: has| had| recently| then)* (?:left|leaving|quit|departed|resigned|is leaving|is no longer)\b",
    )
});
/// Somebody of ours: "on your technical team".
static OUR_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:on|from|at|in|with) your|your (?:\w+ ){0,3}(?:team|csm|rep|manager|contact|side|company|engineer|consultant|organi[sz]ation))\b",
    )
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(KINDS.len(), 8);
        assert!(!NAME_LEFT.is_match("nobody here") && NAME_LEFT.is_match("Dana Reyes has left"));
    }
}
