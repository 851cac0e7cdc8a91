//! Limits of the contracts in force against what was used (DATA_FORMATS, entitlements).
//!
//! A gauge is used as far as its newest value says. A count is used as far as its sum over the limit's period says: the
//! calendar month of the organisation's day, or everything since the entitlement began. Without a period `api_calls`
//! and other counts are per month, gauges in total. Limits of one metric and period add up over contracts.

use super::measure::{self, Missing};
use crate::{
    account::{AccountSnapshot, Context, Contract, LimitPeriod, Market, Product, Series},
    time::Day,
};

/// What a limit is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// The newest value of a gauge.
    Level,
    /// The sum of the calendar month.
    Month,
    /// The sum since the beginning.
    Total,
}

/// A limit in force.
#[derive(Debug, Clone, Copy)]
pub struct Limit<'a> {
    /// Metric.
    pub metric: &'a str,
    /// The limit in thousandths.
    pub limit: i64,
    /// What it is counted against.
    pub counted: Counted,
    /// First day of the entitlement.
    pub since: Day,
    /// Last day of the entitlement or contract.
    pub until: Option<Day>,
}

/// How much of a limit is used.
#[derive(Debug, Clone, Copy)]
pub struct Used<'a> {
    /// In thousandths.
    pub used: i64,
    /// The series behind it.
    pub series: &'a Series,
    /// The newest day with data.
    pub through: Day,
    /// What was counted: first and last day.
    pub window: (Day, Day),
}

impl Used<'_> {
    /// The sparkline.
    #[must_use]
    pub fn sparkline(&self, counted: Counted) -> Vec<f64> {
        match counted {
            Counted::Level => measure::weekly_means(self.series, self.through),
            Counted::Month | Counted::Total => measure::weekly_sums(self.series, self.through),
        }
    }
}

/// The limits in force today whose metric is wanted, in the order of the contracts.
#[must_use]
pub fn in_force<'a>(
    account: &'a AccountSnapshot,
    context: &Context<'_>,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Limit<'a>> {
    let mut limits: Vec<Limit<'a>> = Vec::new();
    for (contract, entitlement) in account.entitlements_on(context.today) {
        if !wanted(&entitlement.metric) {
            continue;
        }
        let counted = if context.market.is_gauge(&entitlement.metric) {
            Counted::Level
        } else if entitlement.period == Some(LimitPeriod::Total) {
            Counted::Total
        } else {
            Counted::Month
        };
        let limit = measure::milli(entitlement.limit);
        let since = entitlement.starts_on.unwrap_or(contract.starts_on);
        let until = earlier(entitlement.ends_on, contract);
        let same = |known: &&mut Limit<'a>| known.metric == entitlement.metric && known.counted == counted;
        if let Some(known) = limits.iter_mut().find(same) {
            known.limit = known.limit.saturating_add(limit);
            known.since = known.since.min(since);
            known.until = known.until.zip(until).map(|(one, other)| one.max(other));
        } else {
            limits.push(Limit { metric: &entitlement.metric, limit, counted, since, until });
        }
    }
    limits
}

fn earlier(ends_on: Option<Day>, contract: &Contract) -> Option<Day> {
    match (ends_on, contract.ends_on) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

impl<'a> Limit<'a> {
    /// How much of it is used today.
    ///
    /// # Errors
    /// Why that can't be known.
    pub fn used(&self, account: &'a AccountSnapshot, today: Day) -> Result<Used<'a>, Missing> {
        let (series, through, value) = measure::newest(account, self.metric, today)?;
        let (used, window) = match self.counted {
            Counted::Level => (measure::milli(value), (through, through)),
            Counted::Month => (sum(series, today.month_start(), today), (today.month_start(), today)),
            Counted::Total => (sum(series, self.since, today), (self.since, today)),
        };
        Ok(Used { used, series, through, window })
    }

    /// The last day on which use counts against it; none is open-ended.
    #[must_use]
    pub fn period_end(&self, today: Day) -> Option<Day> {
        match self.counted {
            Counted::Month => Some(today.next_month_start() - 1),
            Counted::Level | Counted::Total => self.until,
        }
    }

    /// "this month", "in total", or nothing for a level.
    #[must_use]
    pub fn period_words(&self) -> &'static str {
        match self.counted {
            Counted::Level => "",
            Counted::Month => " this month",
            Counted::Total => " in total",
        }
    }

    /// The day on which a count passes the limit, and its projected sum at the end of the period: what was used, plus
    /// the mean of the last 28 days for each day that is left. A passed day before today is when it happened.
    #[must_use]
    pub fn projection(&self, used: &Used<'_>, today: Day) -> Projection {
        let from = used.window.0;
        let end = self.period_end(today);
        // Rows may lag behind today; what is left begins after the newest one, but not before the period.
        let through = used.through.max(from - 1);
        let Some((sum, days)) = measure::pace(used.series, used.through) else {
            return Projection { at_end: None, per_day: None, passes: self.already(used) };
        };
        let at_end = end.map(|end| {
            let left = i128::from((end - through).max(0));
            let more = i128::from(sum) * left / i128::from(days);
            i64::try_from(i128::from(used.used) + more).unwrap_or(i64::MAX)
        });
        let passes = self.already(used).or_else(|| {
            let day = measure::passes_on(used.used, self.limit, (sum, days), through)?;
            end.is_none_or(|end| day <= end).then_some(day)
        });
        Projection { at_end, per_day: Some(measure::from_milli(sum) / f64::from(days)), passes }
    }

    fn already(&self, used: &Used<'_>) -> Option<Day> {
        measure::passed_on(used.series, used.window.0, used.window.1, self.limit)
    }
}

fn sum(series: &Series, from: Day, to: Day) -> i64 {
    measure::sum_milli(series.between(from, to))
}

/// Where a count leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Projection {
    /// The sum at the end of the period, in thousandths; none without pace or end.
    pub at_end: Option<i64>,
    /// A day, in units; none with less than a week of rows.
    pub per_day: Option<f64>,
    /// The day on which the limit is (or was) passed, within the period.
    pub passes: Option<Day>,
}

/// The product on top of plans that raises a metric's limit or adds its feature: one that the account does not own,
/// else one that it owns; of several the cheapest.
#[must_use]
pub fn product_for<'m>(market: &'m Market, account: &AccountSnapshot, metric: &str, today: Day) -> Option<&'m Product> {
    let fits = |product: &&Product| product.plan_tier.is_none() && product.metric.as_deref() == Some(metric);
    let mut fitting = market.products.iter().filter(fits).peekable();
    fitting.peek()?;
    let owned = account.owned_products(today);
    fitting.min_by_key(|product| {
        let price = product.list_price_annual;
        (owned.contains(&product.id), price.is_none(), price, product.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Entitlement, PeerGroup},
        signal::fixture::{acme, day, market, product, today},
    };

    fn only<'a>(account: &'a AccountSnapshot, market: &Market) -> Limit<'a> {
        let peers = PeerGroup::default();
        let context = Context { now: today().start_utc(), today: today(), market, peers: &peers };
        let limits = in_force(account, &context, |_| true);
        assert_eq!(limits.len(), 1, "{limits:?}");
        limits[0]
    }

    #[test]
    fn a_period_decides_what_is_counted() {
        let daily = |account: AccountSnapshot| account.with_daily("exports", "2025-12-01", "2026-02-02", 10.0);
        let month = daily(acme().with_limit("exports", 100.0, None));
        assert_eq!(only(&month, &market()).used(&month, today()).unwrap().used, 20_000, "1 and 2 February");
        let total = daily(acme().with_limit("exports", 100.0, Some(LimitPeriod::Total)));
        let used = only(&total, &market()).used(&total, today()).unwrap();
        assert_eq!((used.used, used.window), (640_000, (day("2025-10-01"), today())));
        let gauge = daily(acme().with_limit("exports", 100.0, None));
        let declared = Market { gauges: vec!["exports".into()], ..market() };
        assert_eq!(only(&gauge, &declared).used(&gauge, today()).unwrap().used, 10_000);
    }

    #[test]
    fn limits_of_one_metric_add_up_and_only_those_in_force_count() {
        let mut account = acme().with_limit("exports", 100.0, None).with_limit("exports", 50.0, None);
        let later = Entitlement { starts_on: Some(day("2026-03-01")), ..account.contracts[0].entitlements[0].clone() };
        account.contracts[0].entitlements.push(later);
        assert_eq!(only(&account, &market()).limit, 150_000);
    }

    #[test]
    fn the_projection_is_what_was_used_plus_the_mean_of_28_days() {
        // Rows end yesterday: 1 February is used, 27 days are left at 10 a day.
        let account = acme().with_limit("exports", 150.0, None).with_daily("exports", "2025-12-01", "2026-02-01", 10.0);
        let limit = only(&account, &market());
        let used = limit.used(&account, today()).unwrap();
        let projection = limit.projection(&used, today());
        assert_eq!((used.used, projection.at_end), (10_000, Some(280_000)));
        assert_eq!(projection.passes, Some(day("2026-02-16")), "160 on the 16th is the first sum above 150");
        let wide = Limit { limit: 280_000, ..limit };
        assert_eq!(wide.projection(&used, today()).passes, None, "exactly full at the end is not passed");
        let tight = Limit { limit: 9_000, ..limit };
        assert_eq!(tight.projection(&used, today()).passes, Some(day("2026-02-01")), "passed already");
    }

    #[test]
    fn old_or_missing_rows_give_a_reason() {
        let none = acme().with_limit("exports", 150.0, None);
        assert_eq!(only(&none, &market()).used(&none, today()).unwrap_err(), Missing::Never);
        let stale = none.with_daily("exports", "2025-12-01", "2025-12-20", 1.0);
        let missing = only(&stale, &market()).used(&stale, today()).unwrap_err();
        assert_eq!(missing.reason("exports", today()), "newest exports 20\u{a0}Dec 2025");
    }

    #[test]
    fn the_cheapest_product_that_is_not_owned_comes_first() {
        let mut catalogue = market();
        catalogue.products.push(product(5, "API-MAX", "API Max", None, Some("api_calls")));
        catalogue.products[4].list_price_annual = Some(crate::money::Money::units(40_000));
        let mut account = acme();
        let id = |account: &AccountSnapshot| product_for(&catalogue, account, "api_calls", today()).map(|p| p.id.0);
        assert_eq!(id(&account), Some(4));
        account = account.with_limit("api_calls", 1.0, None);
        account.contracts[0].entitlements[0].product = Some(crate::id::ProductId(4));
        assert_eq!(id(&account), Some(5));
        assert_eq!(product_for(&catalogue, &account, "storage_gb", today()), None);
    }
}
