//! The rules, one file each.

use super::{Rule, RuleKey};

/// Every rule that detects by itself, in the order of PRODUCT 4 (`manual` is logged by people and has no detector).
#[must_use]
pub fn all() -> &'static [&'static dyn Rule] {
    &[]
}

/// A rule by key; none for `manual`.
#[must_use]
pub fn find(key: RuleKey) -> Option<&'static dyn Rule> {
    all().iter().copied().find(|rule| rule.info().key == key)
}
