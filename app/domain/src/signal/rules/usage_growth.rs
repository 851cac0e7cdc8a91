//! Active users grow: the mean of the last 30 days against the same window a quarter (91 days) earlier.
//!
//! PRODUCT 4's table says "> 1.3 ×" and its text `10·new ≥ 13·old`: an exact tie fires. Both windows end with the newest
//! row, and the rows have to reach back over both: a customer's first weeks are no growth. The minimum is asked of the
//! last 30 days, so that 1 → 2 users is nothing. General: it supports the account's leading opportunity before it makes
//! a tier upgrade of its own.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo,
        measure, seats::ACTIVE_USERS, settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct UsageGrowth;

const WINDOW_DAYS: i32 = 30;
const QUARTER_DAYS: i32 = 91;
const GROWS_TO: SettingInfo = SettingInfo::ratio("grows_to", "Fires at or above, times the base", 1300, 1010, 10_000);
const MIN_USERS: SettingInfo = SettingInfo::whole("min_users", "Minimum active users now", "users", 10, 1, 100_000);
const STRENGTH: SettingInfo = SettingInfo::strength(700);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::UsageGrowth,
    sentence: "Fires when the mean of active users over 30 days reaches the threshold times that of a quarter earlier.",
    leads_to: OpportunityType::TierUpgrade,
    settings: &[GROWS_TO, MIN_USERS, STRENGTH],
};

impl Rule for UsageGrowth {
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
        const LABEL: &str = "Mean active users, 30 days";
        let mut list = ClauseList::new(clauses);
        let today = context.today;
        let (grows_to, min_users) = (settings.milli(&GROWS_TO), settings.milli(&MIN_USERS));
        let needs = || format!("≥ {} × a quarter earlier", milli_text(grows_to));
        let (series, through) = match measure::newest(account, ACTIVE_USERS, today) {
            Ok((series, through, _)) => (series, through),
            Err(missing) => {
                list.unknown(|| (LABEL, missing.reason(ACTIVE_USERS, today), needs()));
                return vec![list.silent("")];
            }
        };
        let recent = (through - (WINDOW_DAYS - 1), through);
        let base = (recent.0 - QUARTER_DAYS, recent.1 - QUARTER_DAYS);
        let window = |(from, to): (Day, Day)| Mean::of(series.between(from, to));
        let (new, Some(old)) = (window(recent), window(base)) else {
            list.unknown(|| {
                let reason = format!("no rows from {} to {}", format::day(base.0, today), format::day(base.1, today));
                (LABEL, reason, needs())
            });
            return vec![list.silent("")];
        };
        // The window ends with a row, so it has one.
        let new = new.unwrap_or(old);
        list.check(old.sum > 0 && new.at_least_times(old, grows_to), || {
            (LABEL, format!("{} against {}", format::quantity(new.value()), format::quantity(old.value())), needs())
        });
        list.check(new.at_least(min_users), || {
            let users = format::quantity(new.value());
            ("Active users now", users, format!("≥ {}", milli_text(min_users)))
        });
        list.check(measure::covers(series, base.0, through), || {
            let first = series.points.first().map(|(first, _)| format!("rows since {}", format::day(*first, today)));
            let needs = format!("rows since {}", format::day(base.0, today));
            ("Earlier window covered", first.unwrap_or_default(), needs)
        });
        vec![list.conclude("", || {
            let (new, old) = (new.value(), old.value());
            let title = format!("Active users up {} on the quarter before", format::percent((new - old) / old));
            let text = format!("{title} ({} → {}, 30-day mean)", format::quantity(old), format::quantity(new));
            let needed = Some(old * settings.value(&GROWS_TO));
            let series = measure::weekly_means(series, through);
            let evidence = measure::evidence(EvidenceSource::Usage, ACTIVE_USERS, text, new, needed, recent, series);
            Some(Firing {
                strength: settings.value(&STRENGTH),
                general: true,
                evidence: vec![evidence],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

/// A mean that is kept as sum in thousandths and number, so that two of them compare exactly.
#[derive(Debug, Clone, Copy)]
struct Mean {
    sum: i64,
    count: i64,
}

impl Mean {
    fn of(points: &[(Day, f64)]) -> Option<Mean> {
        let count = i64::try_from(points.len()).ok().filter(|count| *count > 0)?;
        Some(Mean { sum: measure::sum_milli(points), count })
    }

    fn value(self) -> f64 {
        measure::from_milli(self.sum) / self.count as f64
    }

    /// `self ≥ times × other`, `times` in thousandths.
    fn at_least_times(self, other: Mean, times: i64) -> bool {
        i128::from(self.sum) * i128::from(other.count) * 1000
            >= i128::from(other.sum) * i128::from(self.count) * i128::from(times)
    }

    /// `self ≥ minimum`, in thousandths.
    fn at_least(self, minimum: i64) -> bool {
        i128::from(self.sum) >= i128::from(minimum) * i128::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::{acme, day, evaluate, firing, lines};

    /// The base window is 4 October to 2 November, the recent one 3 January to 1 February.
    fn with(old: f64, new: f64) -> AccountSnapshot {
        let before = acme().with_daily("active_users", "2025-10-04", "2025-12-31", old);
        before.with_daily("active_users", "2026-01-01", "2026-02-01", new)
    }

    #[test]
    fn an_exact_tie_fires_and_small_numbers_do_not() {
        for (old, new, fires) in [
            (30.0, 38.9, false),
            (30.0, 39.0, true),
            (36.0, 48.0, true),
            (1.0, 2.0, false),
            (5.0, 9.9, false),
            (5.0, 10.0, true),
            (0.0, 20.0, false),
            (48.0, 36.0, false),
        ] {
            assert_eq!(firing(&UsageGrowth, &with(old, new)).is_some(), fires, "{old} → {new}");
        }
    }

    #[test]
    fn weekly_and_daily_rows_compare_by_their_means() {
        // Daily rows a quarter ago, weekly ones now: 30 of 10 against 4 of 13.
        let account = acme().with_daily("active_users", "2025-10-04", "2025-11-02", 10.0).with_points(
            "active_users",
            &[("2026-01-11", 13.0), ("2026-01-18", 13.0), ("2026-01-25", 13.0), ("2026-02-01", 13.0)],
        );
        assert!(firing(&UsageGrowth, &account).is_some());
    }

    #[test]
    fn evidence_shows_both_means() {
        let found = firing(&UsageGrowth, &with(36.0, 48.0)).unwrap();
        assert_eq!((found.strength, found.leads_to, found.general), (0.70, OpportunityType::TierUpgrade, true));
        assert_eq!(found.title, "Active users up 33\u{202f}% on the quarter before");
        let evidence = &found.evidence[0];
        assert_eq!(evidence.text, "Active users up 33\u{202f}% on the quarter before (36 → 48, 30-day mean)");
        assert_eq!((evidence.value, evidence.limit), (Some(48.0), Some(46.8)));
        assert_eq!(evidence.window, Some((day("2026-01-03"), day("2026-02-01"))));
    }

    #[test]
    fn a_young_customer_does_not_grow() {
        let young = acme().with_daily("active_users", "2025-10-20", "2025-12-31", 5.0).with_daily(
            "active_users",
            "2026-01-01",
            "2026-02-01",
            20.0,
        );
        assert_eq!(
            lines(&evaluate(&UsageGrowth, &young)),
            [
                "Mean active users, 30 days: 20 against 5 (≥ 1.3 × a quarter earlier) met",
                "Active users now: 20 (≥ 10) met",
                "Earlier window covered: rows since 20\u{a0}Oct 2025 (rows since 4\u{a0}Oct 2025) not met",
            ]
        );
        let younger = acme().with_daily("active_users", "2026-01-01", "2026-02-01", 20.0);
        assert_eq!(
            lines(&evaluate(&UsageGrowth, &younger)),
            ["Mean active users, 30 days: — no rows from 4\u{a0}Oct 2025 to 2\u{a0}Nov 2025 (≥ 1.3 × a quarter \
              earlier) unknown"]
        );
    }
}
