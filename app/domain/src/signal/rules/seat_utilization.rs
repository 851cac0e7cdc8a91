//! Seats nearly full: active ÷ licensed ≥ 0.85, up to and including exactly full; above that it is
//! [`seat_overage`](super::seat_overage).
//!
//! Strength rises in straight lines: 0.60 at the threshold, 0.80 at 0.90, 0.85 at 1.0.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo, measure,
        seats::Seats, settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct SeatUtilization;

const FIRES_AT: SettingInfo = SettingInfo::ratio("fires_at", "Fires at or above", 850, 500, 1000);
const STRONG_AT: SettingInfo = SettingInfo::ratio("strong_at", "Strong at or above", 900, 500, 1000);
const MIN_SEATS: SettingInfo = SettingInfo::whole("min_seats", "Minimum licensed seats", "seats", 5, 1, 10_000);
const STRENGTH_AT_THRESHOLD: SettingInfo =
    SettingInfo::ratio("strength_at_threshold", "Strength at the threshold", 600, 0, 1000);
const STRENGTH_STRONG: SettingInfo = SettingInfo::ratio("strength_strong", "Strength when strong", 800, 0, 1000);
const STRENGTH_FULL: SettingInfo = SettingInfo::ratio("strength_full", "Strength when full", 850, 0, 1000);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::SeatUtilization,
    sentence: "Fires when active ÷ licensed seats is at or above the threshold, up to exactly full.",
    leads_to: OpportunityType::SeatExpansion,
    settings: &[FIRES_AT, STRONG_AT, MIN_SEATS, STRENGTH_AT_THRESHOLD, STRENGTH_STRONG, STRENGTH_FULL],
};

impl Rule for SeatUtilization {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation> {
        let mut list = ClauseList::new(clauses);
        let (fires_at, min_seats) = (settings.milli(&FIRES_AT), settings.milli(&MIN_SEATS));
        let needs = || format!("≥ {}", milli_text(fires_at));
        let Some(seats) = Seats::of(account, context, needs, &mut list) else {
            return vec![list.silent("")];
        };
        list.check(measure::at_least(seats.active, seats.licensed, fires_at), || {
            ("Active ÷ licensed", seats.ratio(fires_at), needs())
        });
        list.check(seats.active <= seats.licensed, || {
            ("Within the seats paid for", seats.ratio(1000), "≤ 1; above it is seat overage")
        });
        list.check(seats.licensed >= min_seats, || {
            ("Licensed seats", format::quantity(seats.counts().1), format!("≥ {}", milli_text(min_seats)))
        });
        vec![list.conclude("", || {
            let (active, licensed) = seats.counts();
            let share = format::share(active, licensed);
            let title =
                format!("{} of {} seats active ({share})", format::quantity(active), format::quantity(licensed));
            Some(Firing {
                strength: strength(active / licensed, settings),
                reach: seats.reach(context.today),
                evidence: vec![seats.evidence(title.clone())],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

/// The strength at a ratio between the threshold and 1.
fn strength(ratio: f64, settings: &RuleSettings) -> f64 {
    let (fires_at, strong_at) = (settings.value(&FIRES_AT), settings.value(&STRONG_AT));
    let points = [
        (fires_at, settings.value(&STRENGTH_AT_THRESHOLD)),
        (strong_at.max(fires_at), settings.value(&STRENGTH_STRONG)),
        (1.0, settings.value(&STRENGTH_FULL)),
    ];
    let [low, strong, full] = points;
    let (from, to) = if ratio >= strong.0 { (strong, full) } else { (low, strong) };
    let width = to.0 - from.0;
    let part = if width > 0.0 { ((ratio - from.0) / width).clamp(0.0, 1.0) } else { 1.0 };
    let value = from.1 + (to.1 - from.1) * part;
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::PeerGroup,
        signal::{
            Reach,
            fixture::{acme, day, evaluate, evaluate_with, firing, lines, market, setting},
        },
    };

    fn with(active: f64, licensed: i64) -> AccountSnapshot {
        let mut account = acme().with_daily("active_users", "2025-10-01", "2026-02-01", active);
        account.contracts[0].licensed_seats = Some(licensed);
        account
    }

    #[test]
    fn strength_rises_with_use_up_to_exactly_full() {
        for (active, licensed, strength) in [
            (84.0, 100, None),
            (85.0, 100, Some(0.60)),
            (87.5, 100, Some(0.70)),
            (90.0, 100, Some(0.80)),
            (48.0, 50, Some(0.83)),
            (100.0, 100, Some(0.85)),
            (101.0, 100, None),
            (17.0, 20, Some(0.60)),
            (4.0, 4, None),
            (5.0, 5, Some(0.85)),
        ] {
            let found = firing(&SeatUtilization, &with(active, licensed)).map(|firing| firing.strength);
            assert_eq!(found, strength, "{active} of {licensed}");
        }
    }

    #[test]
    fn evidence_carries_value_limit_window_and_series() {
        let account = with(48.0, 50);
        let firing = firing(&SeatUtilization, &account).unwrap();
        assert_eq!(firing.title, "48 of 50 seats active (96\u{202f}%)");
        assert_eq!(firing.leads_to, OpportunityType::SeatExpansion);
        let evidence = &firing.evidence[0];
        assert_eq!((evidence.value, evidence.limit), (Some(48.0), Some(50.0)));
        assert_eq!(evidence.window, Some((day("2026-01-03"), day("2026-02-01"))));
        assert_eq!((evidence.source_reference.as_str(), evidence.series.len()), ("active_users", 18));
        assert_eq!(firing.reach, None, "a flat line reaches nothing");
    }

    #[test]
    fn a_rising_line_says_when_the_seats_are_full() {
        let mut account = with(0.0, 50);
        for (n, point) in account.usage.get_mut("active_users").unwrap().points.iter_mut().enumerate() {
            point.1 = 48.0 - (123.0 - n as f64) / 7.0;
        }
        let reach = firing(&SeatUtilization, &account).unwrap().reach;
        assert_eq!(reach, Some(Reach { on: day("2026-02-15") }), "48 on 1 February, one more a week");
    }

    #[test]
    fn why_not_shows_each_clause() {
        assert_eq!(
            lines(&evaluate(&SeatUtilization, &with(31.0, 40))),
            [
                "Active ÷ licensed: 31 / 40 = 0.78 (≥ 0.85) not met",
                "Within the seats paid for: 31 / 40 = 0.78 (≤ 1; above it is seat overage) met",
                "Licensed seats: 40 (≥ 5) met",
            ]
        );
        assert_eq!(
            lines(&evaluate(&SeatUtilization, &acme())),
            ["Active ÷ licensed: — no usage of active_users (≥ 0.85) unknown"]
        );
        let mut ended = with(48.0, 50);
        ended.contracts[0].ends_on = Some(day("2026-02-01"));
        assert_eq!(
            lines(&evaluate(&SeatUtilization, &ended)),
            ["Active ÷ licensed: — no contract in force (≥ 0.85) unknown"]
        );
        let stale = acme().with_daily("active_users", "2025-10-01", "2025-12-28", 48.0);
        assert_eq!(
            lines(&evaluate(&SeatUtilization, &stale)),
            ["Active ÷ licensed: — newest active_users 28\u{a0}Dec 2025 (≥ 0.85) unknown"]
        );
    }

    #[test]
    fn nothing_dated_later_counts_and_settings_move_the_threshold() {
        let later = with(10.0, 50).with_points("active_users", &[("2026-02-03", 50.0)]);
        assert!(firing(&SeatUtilization, &later).is_none());
        for (key, milli, fires) in [("fires_at", 800, true), ("fires_at", 801, false)] {
            let account = with(40.0, 50);
            let found =
                evaluate_with(&SeatUtilization, &account, &market(), &PeerGroup::default(), &setting(key, milli));
            assert_eq!(found[0].firing.is_some(), fires, "{milli}");
        }
    }

    #[test]
    fn settings_that_meet_or_cross_give_no_nonsense() {
        let strong_first = setting("strong_at", 600);
        assert_eq!((strength(0.85, &strong_first), strength(1.0, &strong_first)), (0.8, 0.85));
        assert_eq!(strength(1.0, &setting("strong_at", 1000)), 0.85);
    }
}
