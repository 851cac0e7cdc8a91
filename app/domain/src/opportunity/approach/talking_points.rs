//! What to say: the evidence itself, strongest signal first, in the customer's words where there are any.

use super::{Facts, cite};
use crate::opportunity::found::Step;

/// No more than this; a call has no time for more.
const MOST: usize = 5;
/// A signal with many pieces of evidence gives at most this many.
const MOST_PER_SIGNAL: usize = 2;

/// Up to five points, each once.
#[must_use]
pub fn talking_points(facts: &Facts<'_>) -> Vec<Step> {
    let mut points: Vec<Step> = Vec::new();
    let evidence = facts.signals.iter().flat_map(|signal| signal.episode.evidence.iter().take(MOST_PER_SIGNAL));
    for item in evidence {
        let text = match &item.quote {
            Some(quote) => format!("They said: “{quote}”"),
            None => item.text.clone(),
        };
        if !text.is_empty() && points.len() < MOST && points.iter().all(|point| point.text != text) {
            points.push(Step { text, evidence: cite(facts.input, item) });
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        opportunity::{OpportunityType, champion, group::groups, sample::Sample},
        signal::{Evidence, EvidenceSource, RuleKey},
    };

    #[test]
    fn the_customers_words_come_as_words_and_nothing_comes_twice() {
        let mut sample = Sample::new();
        let at = sample.at(-5);
        let said = Evidence {
            quote: Some("Finance, Legal and Support all want in".to_owned()),
            at: Some(at),
            ..Evidence::new(EvidenceSource::Email, "m-1", "Asked for seats")
        };
        let counted = Evidence::new(EvidenceSource::Usage, "active_users", "48 of 50 seats active");
        sample.signal(RuleKey::ExplicitRequest, OpportunityType::SeatExpansion, 0.9, 0).evidence =
            vec![said.clone(), counted.clone(), Evidence { text: "a third piece".to_owned(), ..counted.clone() }];
        sample.signal(RuleKey::SeatUtilization, OpportunityType::SeatExpansion, 0.8, 0).evidence = vec![counted];
        let input = sample.input();
        let group = &groups(&input)[0];
        let (signals, path, value) = (group.signals(), champion::path(&input), group.estimate(&input).value);
        let facts = Facts { input: &input, group, signals: &signals, champion: path.champion(), value: &value };
        let points: Vec<_> = talking_points(&facts).into_iter().map(|point| (point.text, point.evidence)).collect();
        assert_eq!(
            points,
            [
                ("They said: “Finance, Legal and Support all want in”".to_owned(), "mail, 28\u{a0}Jan".to_owned()),
                ("48 of 50 seats active".to_owned(), "usage".to_owned())
            ]
        );
    }
}
