//! When an opportunity is due, and why (PRODUCT 5).

use super::{
    Timeline,
    composite::{STRONG_AT, ten_thousandths},
    input::{Input, in_days},
};
use crate::{
    format,
    signal::{RuleKey, episode::Episode},
};

/// A limit within this many days is immediate.
const SOON_DAYS: i32 = 30;
/// A limit within this many days is due in 30 days.
const LATER_DAYS: i32 = 60;
/// A renewal further away than this waits for it, when only contract terms speak.
const RENEWAL_DAYS: i32 = 90;

/// The timeline with its reason as a sentence. `signals` are those that make the opportunity, without general support.
///
/// When only contract terms speak, the renewal decides: more than 90 days away it is the next renewal; nearer it is due
/// before the renewal, so 30 days or fewer are immediate, 60 or fewer 30 days.
#[must_use]
pub fn timeline(input: &Input<'_>, signals: &[&Episode], composite: f64) -> (Timeline, String) {
    if signals.iter().any(|s| s.rule == RuleKey::SeatOverage) {
        return (Timeline::Immediate, "More users are active than seats are paid for.".to_owned());
    }
    if let Some(request) = signals.iter().filter(|s| s.rule == RuleKey::ExplicitRequest).max_by_key(|s| s.observed_at) {
        let on = input.day(input.day_of(request.observed_at));
        return (Timeline::Immediate, format!("They asked for it on {on}."));
    }
    let reach = signals.iter().filter_map(|s| s.reach).map(|reach| reach.on).min();
    if let Some((on, days)) = reach.map(|on| (on, on - input.today())) {
        if days <= 0 {
            return (Timeline::Immediate, format!("The limit was reached on {}.", input.day(on)));
        }
        let sentence = format!("The limit is reached on {} at the present pace, {}.", input.day(on), in_days(days));
        if days <= SOON_DAYS {
            return (Timeline::Immediate, sentence);
        }
        if days <= LATER_DAYS {
            return (Timeline::Days30, sentence);
        }
    }
    let contract_only = !signals.is_empty() && signals.iter().all(|s| is_contract_based(s.rule));
    if contract_only && let Some(renewal) = input.renewal() {
        let days = renewal - input.today();
        let sentence =
            format!("Only contract terms speak for it; the renewal is on {}, {}.", input.day(renewal), in_days(days));
        let timeline = if days <= SOON_DAYS {
            Timeline::Immediate
        } else if days <= LATER_DAYS {
            Timeline::Days30
        } else if days <= RENEWAL_DAYS {
            Timeline::Days60
        } else {
            Timeline::NextRenewal
        };
        return (timeline, sentence);
    }
    if ten_thousandths(composite) >= ten_thousandths(STRONG_AT) {
        return (Timeline::Days30, format!("The composite score of {} is strong.", format::score(composite)));
    }
    let sentence = format!(
        "No limit within {LATER_DAYS} days, no request, and the composite score of {} is not strong.",
        format::score(composite)
    );
    (Timeline::Days60, sentence)
}

/// Signals that come from contract terms alone.
#[must_use]
pub const fn is_contract_based(rule: RuleKey) -> bool {
    matches!(rule, RuleKey::MultiYearAvailable | RuleKey::LegacyPricing | RuleKey::MissingProducts)
}

#[cfg(test)]
mod tests {
    use super::{super::sample::Sample, *};
    use crate::{opportunity::OpportunityType, signal::Reach};

    #[test]
    fn what_is_due_when() {
        use RuleKey::{
            ApiLimit, ExplicitRequest, LegacyPricing, MissingProducts, MultiYearAvailable, SeatOverage, UsageGrowth,
        };
        use Timeline::{Days30, Days60, Immediate, NextRenewal};
        // rules, limit in days, contract ends in days, composite → timeline, reason
        type Row = (&'static [RuleKey], Option<i32>, Option<i32>, f64, Timeline, &'static str);
        let rows: [Row; 16] = [
            (&[UsageGrowth, SeatOverage], None, Some(240), 0.6, Immediate, "More users are active"),
            (&[ExplicitRequest], None, Some(240), 0.6, Immediate, "They asked for it on 2\u{a0}Feb."),
            (&[ApiLimit], Some(30), Some(240), 0.6, Immediate, "reached on 4\u{a0}Mar at the present pace, in 30 days"),
            (&[ApiLimit], Some(-1), Some(240), 0.6, Immediate, "The limit was reached on 1\u{a0}Feb."),
            (&[ApiLimit], Some(31), Some(240), 0.6, Days30, "in 31 days"),
            (&[ApiLimit], Some(60), Some(240), 0.6, Days30, "in 60 days"),
            (&[ApiLimit], Some(61), Some(240), 0.6, Days60, "No limit within 60 days"),
            (&[UsageGrowth], None, Some(240), 0.8, Days30, "The composite score of 0.80 is strong."),
            (&[UsageGrowth], None, Some(240), 0.7999, Days60, "is not strong"),
            (&[MultiYearAvailable], None, Some(91), 0.6, NextRenewal, "the renewal is on 4\u{a0}May, in 91 days"),
            (&[LegacyPricing, MissingProducts], None, Some(90), 0.6, Days60, "Only contract terms"),
            (&[LegacyPricing], None, Some(60), 0.6, Days30, "in 60 days"),
            (&[LegacyPricing], None, Some(30), 0.6, Immediate, "in 30 days"),
            (&[LegacyPricing], None, None, 0.6, Days60, "No limit"),
            (&[LegacyPricing, UsageGrowth], None, Some(240), 0.6, Days60, "No limit"),
            (&[], None, Some(240), 0.6, Days60, "No limit"),
        ];
        for (rules, limit, end, composite, timeline_wanted, reason) in rows {
            let mut sample = Sample::new();
            let today = sample.today();
            sample.contract().ends_on = end.map(|days| today + days);
            for rule in rules {
                let reach = limit.map(|days| Reach { on: today + days });
                sample.signal(*rule, OpportunityType::AddOn, 0.6, 0).reach = reach;
            }
            let signals: Vec<_> = sample.live.iter().collect();
            let (found, why) = timeline(&sample.input(), &signals, composite);
            assert_eq!(found, timeline_wanted, "{rules:?} {limit:?} {end:?} {composite}: {why}");
            assert!(why.contains(reason), "{why}");
        }
    }
}
