//! Products that at least 40 % of the peers own and this account does not.
//!
//! Plans are left out: a higher plan is a tier upgrade. One subject per product, named by its SKU; at most three, the
//! most owned first. It needs 5 peers besides the account.

use crate::{
    account::{AccountSnapshot, Context, Product},
    opportunity::OpportunityType,
    peers::MIN_PEERS,
    signal::{
        ClauseList, Clauses, Evaluation, Evidence, EvidenceSource, Firing, Rule, RuleInfo, RuleKey, RuleSettings,
        SettingInfo, measure, settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct MissingProducts;

/// Products that are looked at, the most owned first.
const MAX_PRODUCTS: usize = 3;
const PEER_SHARE: SettingInfo = SettingInfo::ratio("peer_share", "Share of peers that own it", 400, 50, 1000);
const STRENGTH: SettingInfo = SettingInfo::strength(550);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::MissingProducts,
    sentence: "Fires when enough peers own a product that this account does not.",
    leads_to: OpportunityType::CrossSell,
    settings: &[PEER_SHARE, STRENGTH],
};

impl Rule for MissingProducts {
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
        let others = context.peers.accounts.saturating_sub(1);
        let share = settings.milli(&PEER_SHARE);
        let needs = || format!("≥ {} of the peers own it", milli_text(share));
        let missing = not_owned(account, context);
        if account.contract_on(context.today).is_none() || missing.is_empty() {
            let mut list = ClauseList::new(clauses);
            list.unknown(|| {
                let none = account.contract_on(context.today).is_none();
                let reason = if none { "no contract in force" } else { "every product is owned" };
                ("Products that are not owned", reason, needs())
            });
            return vec![list.silent("")];
        }
        missing
            .into_iter()
            .map(|(product, owners)| {
                let mut list = ClauseList::new(clauses);
                let label = &context.peers.label;
                list.check(others >= MIN_PEERS, || {
                    let value = if label.is_empty() { others.to_string() } else { format!("{others}, {label}") };
                    ("Peers", value, format!("≥ {MIN_PEERS}"))
                });
                list.check(others > 0 && measure::at_least(owners as i64, others as i64, share), || {
                    (format!("Peers that own {}", product.name), format!("{owners} of {others}"), needs())
                });
                list.conclude(&product.sku, || {
                    let title = format!("{owners} of {others} peers own {}", product.name);
                    let text = format!("{title} ({label}), this account does not");
                    let evidence = Evidence {
                        value: Some(owners as f64),
                        limit: Some((settings.value(&PEER_SHARE) * others as f64 * 1000.0).round() / 1000.0),
                        ..Evidence::new(EvidenceSource::Peers, &product.sku, text)
                    };
                    Some(Firing {
                        strength: settings.value(&STRENGTH),
                        product: Some(product.id),
                        evidence: vec![evidence],
                        ..INFO.level(title, context.now)
                    })
                })
            })
            .collect()
    }
}

/// Products on top of plans that the account does not own, with the number of peers that do; the most owned first.
fn not_owned<'a>(account: &AccountSnapshot, context: &Context<'a>) -> Vec<(&'a Product, usize)> {
    let owned = account.owned_products(context.today);
    let owners = |product: &Product| context.peers.owners.get(&product.id).copied().unwrap_or(0);
    let products = context.market.products.iter();
    let mut missing: Vec<(&Product, usize)> = products
        .filter(|product| product.plan_tier.is_none() && !owned.contains(&product.id))
        .map(|product| (product, owners(product)))
        .collect();
    missing.sort_by(|(a, a_owners), (b, b_owners)| b_owners.cmp(a_owners).then_with(|| a.id.cmp(&b.id)));
    missing.truncate(MAX_PRODUCTS);
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::PeerGroup,
        id::ProductId,
        signal::fixture::{acme, evaluate_with, lines, market, peers, product, setting},
    };

    fn found(account: &AccountSnapshot, peers: &PeerGroup) -> Vec<Evaluation> {
        evaluate_with(&MissingProducts, account, &market(), peers, &RuleSettings::default())
    }

    fn fired(evaluations: &[Evaluation]) -> Vec<&str> {
        let fired = evaluations.iter().filter(|evaluation| evaluation.firing.is_some());
        fired.map(|evaluation| evaluation.subject.as_str()).collect()
    }

    #[test]
    fn two_fifths_of_the_peers_own_it() {
        // 12 peers: 4.8 are two fifths; plan 2 is owned by all and no product.
        for (owners, fires) in [(4, false), (5, true), (12, true), (0, false)] {
            let evaluations = found(&acme(), &peers(&[(3, owners), (2, 12)], &[]));
            assert_eq!(fired(&evaluations) == ["ANALYTICS"], fires, "{owners}");
        }
        // 10 peers: exactly two fifths.
        let ten = PeerGroup { accounts: 11, ..peers(&[(3, 4)], &[]) };
        assert_eq!(fired(&found(&acme(), &ten)), ["ANALYTICS"]);
        let strict = evaluate_with(&MissingProducts, &acme(), &market(), &ten, &setting("peer_share", 401));
        assert!(fired(&strict).is_empty());
        let few = PeerGroup { accounts: 5, ..peers(&[(3, 4)], &[]) };
        assert!(fired(&found(&acme(), &few)).is_empty(), "four peers are too few");
    }

    #[test]
    fn evidence_counts_the_owners() {
        let evaluations = found(&acme(), &peers(&[(3, 7)], &[]));
        let firing = evaluations[0].firing.as_ref().unwrap();
        assert_eq!((firing.strength, firing.product), (0.55, Some(ProductId(3))));
        assert_eq!(firing.leads_to, OpportunityType::CrossSell);
        assert_eq!(firing.title, "7 of 12 peers own Analytics Module");
        assert_eq!(
            firing.evidence[0].text,
            "7 of 12 peers own Analytics Module (segment mid_market), this account does not"
        );
        assert_eq!((firing.evidence[0].value, firing.evidence[0].limit), (Some(7.0), Some(4.8)));
        assert_eq!(
            lines(&evaluations),
            [
                "Peers: 12, segment mid_market (≥ 5) met",
                "Peers that own Analytics Module: 7 of 12 (≥ 0.4 of the peers own it) met",
                "Peers: 12, segment mid_market (≥ 5) met",
                "Peers that own API Plus: 0 of 12 (≥ 0.4 of the peers own it) not met",
            ]
        );
    }

    #[test]
    fn at_most_three_the_most_owned_first_and_nothing_that_is_owned() {
        let mut catalogue = market();
        catalogue.products.extend((5..=8).map(|n| product(n, &format!("P{n}"), &format!("Product {n}"), None, None)));
        let group = peers(&[(3, 12), (5, 8), (6, 11), (7, 8), (8, 9)], &[]);
        let mut account = acme().with_limit("dashboards", 10.0, None);
        account.contracts[0].entitlements[0].product = Some(ProductId(3));
        let evaluations = evaluate_with(&MissingProducts, &account, &catalogue, &group, &RuleSettings::default());
        assert_eq!(fired(&evaluations), ["P6", "P8", "P5"]);
        account.contracts.clear();
        assert_eq!(
            lines(&evaluate_with(&MissingProducts, &account, &catalogue, &group, &RuleSettings::default())),
            ["Products that are not owned: — no contract in force (≥ 0.4 of the peers own it) unknown"]
        );
    }
}
