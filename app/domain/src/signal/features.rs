//! Feature metrics of an account: `feature.<key>` counts uses a day, `feature.<key>.denied` attempts outside the plan
//! (DATA_FORMATS). The first part of a key names its cluster: `feature.reports.export` belongs to `reports`.

use std::ops::Bound;

use crate::account::{AccountSnapshot, Series};

/// What the metric of a feature begins with.
pub const PREFIX: &str = "feature.";
/// What the metric of attempts ends with.
pub const DENIED: &str = ".denied";

/// The series of features by key, without attempts.
pub fn used(account: &AccountSnapshot) -> impl Iterator<Item = (&str, &Series)> {
    all(account).filter(|(key, _)| !key.ends_with(DENIED))
}

/// The series of attempts outside the plan, by key of the feature.
pub fn denied(account: &AccountSnapshot) -> impl Iterator<Item = (&str, &Series)> {
    all(account).filter_map(|(key, series)| Some((key.strip_suffix(DENIED)?, series)))
}

fn all(account: &AccountSnapshot) -> impl Iterator<Item = (&str, &Series)> {
    account
        .usage
        .range::<str, _>((Bound::Included(PREFIX), Bound::Unbounded))
        .map_while(|(metric, series)| Some((metric.strip_prefix(PREFIX)?, series)))
}

/// The cluster of a key.
#[must_use]
pub fn cluster(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::acme;

    #[test]
    fn features_attempts_and_other_metrics_are_told_apart() {
        let mut account = acme();
        for metric in ["active_users", "feature.sso", "feature.sso.denied", "feature.a.b", "featured", "zone"] {
            account = account.with_points(metric, &[("2026-02-01", 1.0)]);
        }
        assert_eq!(used(&account).map(|(key, _)| key).collect::<Vec<_>>(), ["a.b", "sso"]);
        assert_eq!(denied(&account).map(|(key, _)| key).collect::<Vec<_>>(), ["sso"]);
        assert_eq!((cluster("a.b"), cluster("sso")), ("a", "sso"));
    }
}
