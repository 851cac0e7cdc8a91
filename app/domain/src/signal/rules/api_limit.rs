//! API calls near their limit: above 80 % of it in the period, or projected to pass it before the period ends.
//!
//! The period is the calendar month of the organisation's day unless the entitlement says otherwise. The projection is
//! what was used so far, plus the mean of the last 28 days for each day that is left ([`limits`]). Strength is 0.80, and
//! 0.90 when the limit is passed within 14 days.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, EvidenceSource, Firing, Reach, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo,
        limits::{self, Limit, Projection, Used},
        measure,
        settings::milli_text,
    },
    time::Day,
};

/// See the module.
#[derive(Debug)]
pub struct ApiLimit;

/// The metric of API calls (DATA_FORMATS).
pub const API_CALLS: &str = "api_calls";

const FIRES_ABOVE: SettingInfo = SettingInfo::ratio("fires_above", "Fires above", 800, 100, 1000);
const SOON_DAYS: SettingInfo = SettingInfo::whole("soon_days", "Strong when passed within", "days", 14, 1, 31);
const MIN_LIMIT: SettingInfo = SettingInfo::whole("min_limit", "Minimum limit", "calls", 1000, 1, 1_000_000_000);
const STRENGTH: SettingInfo = SettingInfo::strength(800);
const STRENGTH_SOON: SettingInfo = SettingInfo::ratio("strength_soon", "Strength when passed soon", 900, 0, 1000);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::ApiLimit,
    sentence: "Fires when API calls are above the threshold of their limit, or projected to pass it before the period \
               ends.",
    leads_to: OpportunityType::AddOn,
    settings: &[FIRES_ABOVE, SOON_DAYS, MIN_LIMIT, STRENGTH, STRENGTH_SOON],
};

impl Rule for ApiLimit {
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
        let limits = limits::in_force(account, context, |metric| metric == API_CALLS);
        if limits.is_empty() {
            let mut list = ClauseList::new(clauses);
            list.unknown(|| (LABEL, "no API limit in a contract in force", needs(settings)));
            return vec![list.silent("")];
        }
        limits.iter().map(|limit| one(limit, account, context, settings, clauses)).collect()
    }
}

const LABEL: &str = "Used ÷ limit";

fn needs(settings: &RuleSettings) -> String {
    format!("> {}, or projected above 1", milli_text(settings.milli(&FIRES_ABOVE)))
}

fn one(
    limit: &Limit<'_>,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
    clauses: Clauses,
) -> Evaluation {
    let mut list = ClauseList::new(clauses);
    let today = context.today;
    let min_limit = settings.milli(&MIN_LIMIT);
    let large = list.check(limit.limit >= min_limit, || {
        let calls = format::quantity(measure::from_milli(limit.limit));
        ("API limit", format!("{calls}{}", limit.period_words()), format!("≥ {}", milli_text(min_limit)))
    });
    let used = match limit.used(account, today) {
        Ok(used) if large => used,
        Ok(_) => return list.silent(""),
        Err(missing) => {
            list.unknown(|| (LABEL, missing.reason(API_CALLS, today), needs(settings)));
            return list.silent("");
        }
    };
    let projection = limit.projection(&used, today);
    let fires_above = settings.milli(&FIRES_ABOVE);
    let high = measure::above(used.used, limit.limit, fires_above);
    list.check(high || projection.passes.is_some(), || {
        let value = format!("{} used", measure::ratio(used.used, limit.limit, fires_above));
        let projected = projection.at_end.zip(limit.period_end(today)).map(|(at_end, end)| {
            format!(", {} projected by {}", measure::ratio(at_end, limit.limit, 1000), format::day(end, today))
        });
        (LABEL, value + projected.as_deref().unwrap_or_default(), needs(settings))
    });
    list.conclude("", || Some(fire(limit, &used, &projection, account, context, settings)))
}

fn fire(
    limit: &Limit<'_>,
    used: &Used<'_>,
    projection: &Projection,
    account: &AccountSnapshot,
    context: &Context<'_>,
    settings: &RuleSettings,
) -> Firing {
    let today = context.today;
    let soon = projection.passes.is_some_and(|day| i64::from(day - today) <= settings.whole(&SOON_DAYS));
    let (calls, full) = (measure::from_milli(used.used), measure::from_milli(limit.limit));
    let share = format::share(calls, full);
    let title = match projection.passes {
        Some(day) if !measure::above(used.used, limit.limit, settings.milli(&FIRES_ABOVE)) => {
            format!("API calls are projected to pass the limit on {}", format::day(day, today))
        }
        _ => format!("API calls at {share} of the limit"),
    };
    let text = format!(
        "{} of {} API calls{} ({share}){}",
        format::short_quantity(calls),
        format::short_quantity(full),
        limit.period_words(),
        outlook(used, projection, today),
    );
    let series = used.sparkline(limit.counted);
    let evidence = measure::evidence(EvidenceSource::Usage, API_CALLS, text, calls, Some(full), used.window, series);
    Firing {
        strength: settings.value(if soon { &STRENGTH_SOON } else { &STRENGTH }),
        product: limits::product_for(context.market, account, API_CALLS, today).map(|product| product.id),
        reach: projection.passes.map(|on| Reach { on }),
        evidence: vec![evidence],
        ..INFO.level(title, context.now)
    }
}

/// ", passes the limit on 4 Feb at 340,000 a day".
fn outlook(used: &Used<'_>, projection: &Projection, today: Day) -> String {
    match (projection.passes, projection.per_day) {
        (Some(day), _) if day <= used.through => format!(", above the limit since {}", format::day(day, today)),
        (Some(day), Some(per_day)) => {
            let pace = format::short_quantity(per_day.round());
            format!(", passes the limit on {} at {pace} a day", format::day(day, today))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{LimitPeriod, PeerGroup},
        id::ProductId,
        signal::fixture::{acme, day, evaluate, evaluate_with, firing, lines, market, setting, today},
    };

    /// A limit of 28,000 a month, and calls each day up to 22 February.
    fn february(per_day: f64) -> Vec<Evaluation> {
        let account =
            acme().with_limit("api_calls", 28_000.0, None).with_daily("api_calls", "2025-12-01", "2026-02-22", per_day);
        let peers = PeerGroup::default();
        let market = market();
        let today = day("2026-02-23");
        let context = Context { now: today.start_utc(), today, market: &market, peers: &peers };
        ApiLimit.evaluate(&account, &context, &RuleSettings::default(), Clauses::Write)
    }

    #[test]
    fn it_fires_above_four_fifths_or_when_it_will_pass() {
        // 22 days used, 6 left: at 1,000 a day the month ends exactly full.
        for (per_day, strength) in [
            (1000.0, None),
            (1001.0, Some(0.90)),
            (1018.0, Some(0.90)),
            (1019.0, Some(0.90)),
            (1300.0, Some(0.90)),
            (10.0, None),
        ] {
            let found = february(per_day).remove(0).firing.map(|firing| firing.strength);
            assert_eq!(found, strength, "{per_day}");
        }
    }

    #[test]
    fn exactly_four_fifths_is_not_above() {
        // All on the 1st, nothing since: no pace, only the share counts.
        for (calls, strength) in [(800.0, None), (800.5, Some(0.80)), (1000.0, Some(0.80)), (1001.0, Some(0.90))] {
            let quiet = acme().with_limit("api_calls", 1000.0, None);
            let account = quiet.with_points("api_calls", &[("2026-02-01", calls)]);
            assert_eq!(firing(&ApiLimit, &account).map(|firing| firing.strength), strength, "{calls}");
        }
    }

    #[test]
    fn late_in_the_month_is_strong_and_early_with_time_left_is_not() {
        // 2 February: 10,000 a day against 200,000 passes on the 21st, 19 days ahead.
        let account = |limit: f64| {
            acme().with_limit("api_calls", limit, None).with_daily("api_calls", "2025-12-01", "2026-02-01", 10_000.0)
        };
        let later = firing(&ApiLimit, &account(200_000.0)).unwrap();
        assert_eq!((later.strength, later.reach), (0.80, Some(Reach { on: day("2026-02-21") })));
        assert_eq!(later.title, "API calls are projected to pass the limit on 21\u{a0}Feb");
        let soon = firing(&ApiLimit, &account(155_000.0)).unwrap();
        assert_eq!((soon.strength, soon.reach), (0.90, Some(Reach { on: day("2026-02-16") })));
        assert!(firing(&ApiLimit, &account(280_000.0)).is_none(), "28 days at 10,000 are exactly full");
    }

    #[test]
    fn evidence_shows_use_limit_and_outlook() {
        let account = acme().with_limit("api_calls", 10_000_000.0, None).with_daily(
            "api_calls",
            "2025-12-01",
            "2026-02-01",
            400_000.0,
        );
        let firing = firing(&ApiLimit, &account).unwrap();
        assert_eq!(firing.product, Some(ProductId(4)), "API Plus");
        assert_eq!(firing.leads_to, OpportunityType::AddOn);
        let evidence = &firing.evidence[0];
        assert_eq!(
            evidence.text,
            "400,000 of 10.0\u{a0}M API calls this month (4\u{202f}%), passes the limit on 26\u{a0}Feb at 400,000 a day"
        );
        assert_eq!((evidence.value, evidence.limit), (Some(400_000.0), Some(10_000_000.0)));
        assert_eq!(evidence.window, Some((day("2026-02-01"), today())));
        assert_eq!(evidence.series.last(), Some(&2_800_000.0));
    }

    #[test]
    fn a_limit_in_total_counts_from_its_beginning() {
        let account = acme().with_limit("api_calls", 10_000.0, Some(LimitPeriod::Total)).with_daily(
            "api_calls",
            "2025-09-01",
            "2026-02-01",
            68.0,
        );
        let firing = firing(&ApiLimit, &account).unwrap();
        // 124 days since 1 October are 8,432; 24 more days pass 10,000.
        assert_eq!((firing.strength, firing.reach), (0.80, Some(Reach { on: day("2026-02-25") })));
    }

    #[test]
    fn why_not_shows_limit_use_and_projection() {
        assert_eq!(
            lines(&evaluate(&ApiLimit, &acme())),
            ["Used ÷ limit: — no API limit in a contract in force (> 0.8, or projected above 1) unknown"]
        );
        let account = acme().with_limit("api_calls", 20_000.0, None);
        assert_eq!(
            lines(&evaluate(&ApiLimit, &account)),
            [
                "API limit: 20,000 this month (≥ 1000) met",
                "Used ÷ limit: — no usage of api_calls (> 0.8, or projected above 1) unknown",
            ]
        );
        let used = account.with_daily("api_calls", "2025-12-01", "2026-02-01", 500.0);
        assert_eq!(
            lines(&evaluate(&ApiLimit, &used))[1],
            "Used ÷ limit: 0.03 used, 0.70 projected by 28\u{a0}Feb (> 0.8, or projected above 1) not met"
        );
        let tiny =
            acme().with_limit("api_calls", 100.0, None).with_daily("api_calls", "2025-12-01", "2026-02-01", 99.0);
        assert!(firing(&ApiLimit, &tiny).is_none(), "a limit below the minimum");
        let none = PeerGroup::default();
        let lowered = evaluate_with(&ApiLimit, &tiny, &market(), &none, &setting("min_limit", 100_000));
        assert!(lowered[0].firing.is_some());
    }
}
