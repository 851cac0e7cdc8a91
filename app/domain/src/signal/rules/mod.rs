//! The rules, one file each.

pub mod api_growth;
pub mod api_limit;
pub mod budget_discussion;
pub mod comparison_shopping;
pub mod entitlement_limit;
pub mod explicit_request;
pub mod feature_adoption_gap;
pub mod feature_ceiling;
pub mod feature_interest;
pub mod growth_goals;
pub mod health_threshold;
pub mod legacy_pricing;
pub mod missing_products;
pub mod multi_year_available;
pub mod new_department_mentioned;
pub mod new_team_onboarding;
pub mod new_use_case;
pub mod seat_overage;
pub mod seat_utilization;
pub mod usage_growth;

use super::{Rule, RuleKey};

/// Every rule that detects by itself, in the order of PRODUCT 4 (`manual` is logged by people and has no detector).
#[must_use]
pub fn all() -> &'static [&'static dyn Rule] {
    &[
        &seat_utilization::SeatUtilization,
        &seat_overage::SeatOverage,
        &api_limit::ApiLimit,
        &api_growth::ApiGrowth,
        &entitlement_limit::EntitlementLimit,
        &feature_ceiling::FeatureCeiling,
        &usage_growth::UsageGrowth,
        &new_use_case::NewUseCase,
        &feature_adoption_gap::FeatureAdoptionGap,
        &multi_year_available::MultiYearAvailable,
        &legacy_pricing::LegacyPricing,
        &missing_products::MissingProducts,
        &new_team_onboarding::NewTeamOnboarding,
        &new_department_mentioned::NewDepartmentMentioned,
        &budget_discussion::BudgetDiscussion,
        &feature_interest::FeatureInterest,
        &comparison_shopping::ComparisonShopping,
        &growth_goals::GrowthGoals,
        &explicit_request::ExplicitRequest,
        &health_threshold::HealthThreshold,
    ]
}

/// A rule by key; none for `manual`.
#[must_use]
pub fn find(key: RuleKey) -> Option<&'static dyn Rule> {
    all().iter().copied().find(|rule| rule.info().key == key)
}
