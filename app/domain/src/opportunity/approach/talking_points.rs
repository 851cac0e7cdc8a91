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
