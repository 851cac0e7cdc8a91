//! Peers: which accounts an account is compared with, and what they own and use (CONTRACT 5).
//!
//! Peers are the accounts of the same segment, else of the same plan, else all. A group counts as large enough with
//! [`MIN_PEERS`] accounts besides the one that is compared. Groups are summed up once per segment and plan, so that a
//! portfolio of 100,000 accounts costs one pass.

use std::collections::{BTreeMap, HashMap};

use crate::{
    account::{Market, PeerGroup},
    id::{CustomerId, ProductId},
    money::Money,
};

/// Peers that a comparison needs, the account itself not counted; also the owners that a median price needs (PRODUCT 5).
pub const MIN_PEERS: usize = 5;

/// What one live account brings to its peer groups.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerFacts {
    /// The account.
    pub customer: CustomerId,
    /// `smb`, `mid_market`, `enterprise`.
    pub segment: Option<String>,
    /// The plan of the contract in force.
    pub plan: Option<ProductId>,
    /// Products in force, each once, with the price paid for a year when it is known.
    pub owned: Vec<(ProductId, Option<Money>)>,
    /// `feature.<key>` metrics used in the last 90 days, each once, without `.denied`.
    pub features: Vec<String>,
}

/// The peer groups of a portfolio.
#[derive(Debug, Clone, Default)]
pub struct PeerIndex {
    groups: Vec<PeerGroup>,
    group_of: HashMap<CustomerId, usize>,
    all: PeerGroup,
}

/// A group while it is being summed up.
#[derive(Default)]
struct Sums {
    label: String,
    accounts: usize,
    owners: HashMap<ProductId, usize>,
    prices: HashMap<ProductId, Vec<Money>>,
    /// By number of the feature in the order of first mention.
    feature_users: Vec<usize>,
}

impl PeerIndex {
    /// Sums up the groups. Each account is to come once; `market` names the plans.
    #[must_use]
    pub fn build(accounts: impl IntoIterator<Item = PeerFacts>, market: &Market) -> PeerIndex {
        let mut features: HashMap<String, usize> = HashMap::new();
        let mut by_segment: HashMap<String, usize> = HashMap::new();
        let mut by_plan: HashMap<ProductId, usize> = HashMap::new();
        // The first group holds everybody.
        let mut sums = vec![Sums { label: "all accounts".to_owned(), ..Sums::default() }];
        let mut memberships: Vec<(CustomerId, [Option<usize>; 3])> = Vec::new();
        for facts in accounts {
            let segment = facts.segment.as_deref().map(str::trim).filter(|segment| !segment.is_empty());
            let segment = segment.map(|segment| match by_segment.get(segment) {
                Some(group) => *group,
                None => {
                    by_segment.insert(segment.to_owned(), sums.len());
                    new_group(&mut sums, format!("segment {segment}"))
                }
            });
            let plan = facts.plan.map(|plan| {
                *by_plan.entry(plan).or_insert_with(|| {
                    let name = market.product(plan).map_or_else(|| plan.to_string(), |product| product.name.clone());
                    new_group(&mut sums, format!("plan {name}"))
                })
            });
            let number_of = |feature: String| {
                let next = features.len();
                *features.entry(feature).or_insert(next)
            };
            let used: Vec<usize> = facts.features.into_iter().map(number_of).collect();
            let groups = [segment, plan, Some(0)];
            for sum in groups.into_iter().flatten() {
                if let Some(sum) = sums.get_mut(sum) {
                    sum.add(&facts.owned, &used);
                }
            }
            memberships.push((facts.customer, groups));
        }
        let mut names: Vec<String> = vec![String::new(); features.len()];
        for (name, number) in features {
            if let Some(place) = names.get_mut(number) {
                *place = name;
            }
        }
        let groups: Vec<PeerGroup> = sums.into_iter().map(|sum| sum.finish(&names)).collect();
        let large = |group: &usize| *group == 0 || groups.get(*group).is_some_and(|g| g.accounts > MIN_PEERS);
        let group_of = memberships
            .into_iter()
            .filter_map(|(customer, choice)| Some((customer, choice.into_iter().flatten().find(large)?)))
            .collect();
        let all = groups.first().cloned().unwrap_or_default();
        PeerIndex { groups, group_of, all }
    }

    /// The peers of an account; one that is not in the portfolio is compared with all.
    #[must_use]
    pub fn group_for(&self, customer: CustomerId) -> &PeerGroup {
        self.group_of.get(&customer).and_then(|group| self.groups.get(*group)).unwrap_or(&self.all)
    }
}

fn new_group(sums: &mut Vec<Sums>, label: String) -> usize {
    sums.push(Sums { label, ..Sums::default() });
    sums.len() - 1
}

impl Sums {
    fn add(&mut self, owned: &[(ProductId, Option<Money>)], used: &[usize]) {
        self.accounts += 1;
        for (product, price) in owned {
            *self.owners.entry(*product).or_default() += 1;
            if let Some(price) = price {
                self.prices.entry(*product).or_default().push(*price);
            }
        }
        for feature in used {
            if self.feature_users.len() <= *feature {
                self.feature_users.resize(feature + 1, 0);
            }
            if let Some(users) = self.feature_users.get_mut(*feature) {
                *users += 1;
            }
        }
    }

    fn finish(self, names: &[String]) -> PeerGroup {
        let median_price = self
            .prices
            .into_iter()
            .filter(|(_, prices)| prices.len() >= MIN_PEERS)
            .filter_map(|(product, prices)| Some((product, median(prices)?)))
            .collect();
        let feature_users = names
            .iter()
            .zip(&self.feature_users)
            .filter(|(_, users)| **users > 0)
            .map(|(name, users)| (name.clone(), *users))
            .collect();
        let owners: BTreeMap<ProductId, usize> = self.owners.into_iter().collect();
        PeerGroup { label: self.label, accounts: self.accounts, owners, median_price, feature_users }
    }
}

/// The middle price; of two middle ones their mean, rounded half away from zero (CONTRACT 5).
fn median(mut prices: Vec<Money>) -> Option<Money> {
    prices.sort_unstable();
    let middle = prices.len() / 2;
    let upper = *prices.get(middle)?;
    if prices.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *prices.get(middle.checked_sub(1)?)?;
    let sum = i128::from(lower.0) + i128::from(upper.0);
    Some(Money(((sum + sum.signum()) / 2) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::fixture::market;

    fn facts(customer: i64, segment: Option<&str>, plan: Option<i64>) -> PeerFacts {
        PeerFacts {
            customer: CustomerId(customer),
            segment: segment.map(str::to_owned),
            plan: plan.map(ProductId),
            owned: Vec::new(),
            features: Vec::new(),
        }
    }

    #[test]
    fn the_segment_comes_first_then_the_plan_then_everybody() {
        // Six of smb have five peers each; five of enterprise have four, so their plan is asked; the last has neither.
        let mut portfolio: Vec<PeerFacts> = (1..=6).map(|n| facts(n, Some("smb"), Some(1))).collect();
        portfolio.extend((11..=15).map(|n| facts(n, Some("enterprise"), Some(1))));
        portfolio.push(facts(21, Some(" "), None));
        let index = PeerIndex::build(portfolio, &market());
        for (customer, label, accounts) in
            [(1, "segment smb", 6), (11, "plan Business", 11), (21, "all accounts", 12), (99, "all accounts", 12)]
        {
            let group = index.group_for(CustomerId(customer));
            assert_eq!((group.label.as_str(), group.accounts), (label, accounts), "{customer}");
        }
        assert_eq!(PeerIndex::default().group_for(CustomerId(1)).accounts, 0);
    }

    #[test]
    fn owners_users_and_median_prices_are_counted_per_group() {
        let portfolio = (1..=7).map(|n| PeerFacts {
            owned: if n <= 6 { vec![(ProductId(9), (n <= 5).then(|| Money::units(n * 1000)))] } else { Vec::new() },
            features: if n % 2 == 0 { vec!["feature.sso".to_owned()] } else { vec!["feature.export".to_owned()] },
            ..facts(n, Some("smb"), None)
        });
        let index = PeerIndex::build(portfolio, &market());
        let group = index.group_for(CustomerId(1));
        assert_eq!(group.owners, [(ProductId(9), 6)].into());
        assert_eq!(group.median_price, [(ProductId(9), Money::units(3000))].into());
        assert_eq!(group.feature_users, [("feature.export".to_owned(), 4), ("feature.sso".to_owned(), 3)].into());
    }

    #[test]
    fn a_median_needs_five_prices_and_rounds_half_away_from_zero() {
        assert_eq!(median(vec![Money(5), Money(1), Money(2), Money(4)]), Some(Money(3)));
        assert_eq!(median(vec![Money(1), Money(2)]), Some(Money(2)));
        assert_eq!(median(Vec::new()), None);
        let four =
            (1..=4).map(|n| PeerFacts { owned: vec![(ProductId(9), Some(Money::units(n)))], ..facts(n, None, None) });
        assert!(PeerIndex::build(four, &market()).group_for(CustomerId(1)).median_price.is_empty());
    }
}
