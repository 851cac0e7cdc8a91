//! What is planted: every signal that a scan on the as-of day has to find, and what it has to make of it.

use domain::{
    money::Money,
    opportunity::{FoundStatus, OpportunityType},
    signal::RuleKey,
    time::Day,
};

/// One planted signal with the found opportunity that it stands behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Planted {
    /// Name of the account.
    pub account: &'static str,
    /// The rule that fires.
    pub rule: RuleKey,
    /// Type of the found opportunity.
    pub kind: OpportunityType,
    /// What it is worth: the amount of its record, else the expected value.
    pub value: Money,
    /// Where it stands.
    pub status: FoundStatus,
    /// External id of the record that it attaches to.
    pub record: Option<&'static str>,
}

use FoundStatus::{Candidate, HeldBack, Open};
use OpportunityType::{CrossSell, MultiYear, SeatExpansion, TierUpgrade};
use RuleKey as R;

/// Account, signals (the one that stands as the source first), type, amount in thousands, record.
type Case = (&'static str, &'static [RuleKey], OpportunityType, i64, &'static str);

/// In the pipeline: live evidence attaches to a record.
const IN_PIPELINE: [Case; 22] = [
    ("TechStart", &[R::SeatOverage], SeatExpansion, 45, "OPP-1001"),
    ("Delta Co", &[R::MultiYearAvailable], MultiYear, 28, "OPP-1002"),
    ("Orchid Health", &[R::SeatUtilization], SeatExpansion, 15, "OPP-1003"),
    ("CloudFirst", &[R::NewTeamOnboarding, R::UsageGrowth], TierUpgrade, 45, "OPP-1010"),
    ("Epsilon", &[R::UsageGrowth, R::ExplicitRequest], TierUpgrade, 32, "OPP-1011"),
    ("Willow Insurance", &[R::MultiYearAvailable], MultiYear, 22, "OPP-1012"),
    ("Zephyr Air", &[R::SeatUtilization], SeatExpansion, 14, "OPP-1013"),
    ("Bluepeak", &[R::SeatUtilization], SeatExpansion, 12, "OPP-1014"),
    (
        "Acme Corp",
        &[R::SeatUtilization, R::ExplicitRequest, R::NewDepartmentMentioned, R::UsageGrowth, R::BudgetDiscussion],
        SeatExpansion,
        45,
        "OPP-1016",
    ),
    ("InnovateCorp", &[R::ApiLimit, R::NewTeamOnboarding, R::FeatureInterest], CrossSell, 45, "OPP-1017"),
    ("Beta Inc", &[R::FeatureInterest, R::ComparisonShopping, R::MissingProducts], CrossSell, 35, "OPP-1018"),
    ("Redwood Media", &[R::UsageGrowth], TierUpgrade, 12, "OPP-1019"),
    ("Lumen Foods", &[R::SeatUtilization], SeatExpansion, 10, "OPP-1020"),
    ("Summit Retail", &[R::SeatUtilization], SeatExpansion, 9, "OPP-1021"),
    ("Nexus Corp", &[R::FeatureInterest], TierUpgrade, 20, "OPP-1024"),
    ("Tidewater Bank", &[R::MultiYearAvailable], MultiYear, 15, "OPP-1025"),
    ("Marlow Foods", &[R::UsageGrowth], TierUpgrade, 14, "OPP-1027"),
    ("Ironclad Tools", &[R::UsageGrowth], TierUpgrade, 10, "OPP-1028"),
    ("Umbra Labs", &[R::SeatUtilization], SeatExpansion, 8, "OPP-1030"),
    ("Orchid Health", &[R::MissingProducts], CrossSell, 7, "OPP-1032"),
    ("Redwood Media", &[R::SeatUtilization], SeatExpansion, 7, "OPP-1033"),
    ("Kestrel Energy", &[R::SeatOverage], SeatExpansion, 6, "OPP-1034"),
];

/// Found, and waiting for a CSM.
const CANDIDATES: [Case; 6] = [
    ("Lumen Foods", &[R::FeatureCeiling], TierUpgrade, 7, ""),
    ("Zephyr Air", &[R::MissingProducts, R::FeatureInterest], CrossSell, 5, ""),
    ("Summit Retail", &[R::UsageGrowth, R::FeatureInterest], TierUpgrade, 5, ""),
    ("Vertex Freight", &[R::SeatOverage], SeatExpansion, 5, ""),
    ("Marlow Foods", &[R::SeatOverage], SeatExpansion, 4, ""),
    ("Umbra Labs", &[R::MissingProducts, R::FeatureInterest], CrossSell, 3, ""),
];

/// Found, and held back.
const HELD_BACK: [Case; 3] = [
    ("DataDrive Co", &[R::ExplicitRequest, R::UsageGrowth], TierUpgrade, 120, ""),
    ("TechFlow Inc", &[R::SeatUtilization], SeatExpansion, 85, ""),
    ("Pinegrove", &[R::SeatUtilization, R::ExplicitRequest], SeatExpansion, 18, ""),
];

/// Every planted signal. It is the same on each as-of day, because all days are relative to it.
#[must_use]
pub fn planted(_as_of: Day) -> Vec<Planted> {
    let cases = [(IN_PIPELINE.as_slice(), Open), (CANDIDATES.as_slice(), Candidate), (HELD_BACK.as_slice(), HeldBack)];
    let mut all = Vec::new();
    for (cases, status) in cases {
        for (account, rules, kind, thousands, record) in cases {
            let record = Some(*record).filter(|record| !record.is_empty());
            let value = Money::units(thousands * 1000);
            all.extend(rules.iter().map(|rule| Planted { account, rule: *rule, kind: *kind, value, status, record }));
        }
    }
    all
}
