//! What an account of the demo is made of, and the quiet account: one on which no rule fires.

use super::{
    catalog::{CSMS, REPS},
    prng::Prng,
    talk::Talk,
};

/// How a level went: (days before the as-of day, value), oldest first, straight lines between.
pub(super) type Shape = Vec<(i32, f64)>;

/// The value of a shape some days before the as-of day.
pub(super) fn value_at(shape: &[(i32, f64)], ago: i32) -> f64 {
    let mut older: Option<(i32, f64)> = None;
    for &(at, value) in shape {
        if at <= ago {
            let Some((from, start)) = older else { return value };
            if from <= at {
                return value;
            }
            let passed = f64::from(from - ago) / f64::from(from - at);
            return start + (value - start) * passed;
        }
        older = Some((at, value));
    }
    older.map_or(0.0, |(_, value)| value)
}

/// Somebody at the customer who matters for a purchase.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) title: &'static str,
    pub(super) role: &'static str,
    pub(super) engagement: i64,
    /// Days since the last contact.
    pub(super) contact: i32,
}

/// A limit on API calls.
#[derive(Debug, Clone, Copy)]
pub(super) enum ApiLimit {
    /// Per calendar month, as a multiple of a usual month.
    Months(f64),
    /// A package of this many calls for a period that began and ends so many days before and after the as-of day, of
    /// which a part is used.
    Package { calls: f64, began: i32, ends_in: i32, used: f64 },
}

/// A metered feature whose limit for a running period is used up on the as-of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ceiling {
    pub(super) feature: &'static str,
    pub(super) limit: i64,
    pub(super) began: i32,
    pub(super) ends_in: i32,
}

/// Users of another department, first seen between so many days before the as-of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewTeam {
    pub(super) department: &'static str,
    pub(super) users: i32,
    pub(super) from: i32,
    pub(super) to: i32,
}

/// A support ticket.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) id: String,
    pub(super) opened: i32,
    pub(super) closed: Option<i32>,
    pub(super) priority: &'static str,
    pub(super) topic: &'static str,
}

/// Everything that makes an account.
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) status: &'static str,
    pub(super) industry: &'static str,
    pub(super) segment: &'static str,
    pub(super) region: &'static str,
    pub(super) country: &'static str,
    pub(super) csm: &'static str,
    pub(super) rep: &'static str,
    pub(super) original_ae: &'static str,
    /// Days since the account was won, and since it left.
    pub(super) customer_for: i32,
    pub(super) left: Option<i32>,
    pub(super) department: &'static str,
    pub(super) other_departments: Vec<&'static str>,
    pub(super) plan: &'static str,
    pub(super) seats: i64,
    /// Whole units a year.
    pub(super) price: i64,
    pub(super) annual: i64,
    pub(super) term_months: i32,
    /// Days until the contract ends.
    pub(super) ends_in: i32,
    /// Products besides the plan.
    pub(super) products: Vec<&'static str>,
    pub(super) active: Shape,
    /// Whether the last quarters of `active` are exactly as drawn.
    pub(super) exact: bool,
    /// API calls on a working day, and how much they grow in a quarter.
    pub(super) api_daily: f64,
    pub(super) api_growth: f64,
    pub(super) api_limit: ApiLimit,
    pub(super) storage_limit: i64,
    /// Part of the storage that is used.
    pub(super) storage_used: f64,
    /// Exports in the last 28 days, when planted.
    pub(super) exports_28_days: Option<i64>,
    pub(super) ceiling: Option<Ceiling>,
    pub(super) new_team: Option<NewTeam>,
    pub(super) health: Shape,
    pub(super) people: Vec<Person>,
    pub(super) talks: Vec<Talk>,
    /// Whether the other talks have something that only sounds like a signal.
    pub(super) misleading: bool,
    pub(super) problems: Vec<Problem>,
    /// Expansions won in the last 24 months besides those of the last month, and whether one was lost in the last
    /// quarter.
    pub(super) wins: u8,
    pub(super) lost_lately: bool,
    /// Days of usage, and whether only the metrics and people of a large portfolio's accounts are made.
    pub(super) usage_days: i32,
    pub(super) lean: bool,
}

/// 15 months of usage for accounts that people look at.
pub(super) const USAGE_DAYS: i32 = 456;

const FIRST_NAMES: [&str; 24] = [
    "Alma", "Boris", "Carla", "Dev", "Edith", "Farid", "Gina", "Hugo", "Imani", "Joel", "Kira", "Luis", "Mina", "Noel",
    "Olga", "Petra", "Quinn", "Rosa", "Stefan", "Tara", "Umut", "Vera", "Wen", "Yusuf",
];
const LAST_NAMES: [&str; 24] = [
    "Adeyemi", "Bauer", "Costa", "Dahl", "Eriksen", "Fischer", "Gupta", "Horvat", "Ito", "Jensen", "Kovac", "Lopez",
    "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Ricci", "Schmidt", "Tanaka", "Ueda", "Varga", "Weiss", "Zhou",
];

/// A full name.
pub(super) fn person_name(dice: &mut Prng) -> String {
    format!("{} {}", dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES))
}

/// Products that every account of a segment has; an account without one of them is noticed (PRODUCT 4,
/// `missing_products`).
pub(super) fn bundle(segment: &str) -> &'static [&'static str] {
    match segment {
        "mid_market" => &["ANALYTICS", "AUDIT"],
        "enterprise" => &["FORECAST"],
        _ => &[],
    }
}

const DEPARTMENTS: [&str; 6] = ["Operations", "Sales", "Marketing", "Engineering", "Support", "Product"];
const PLACES: [(&str, &str); 6] =
    [("AMER", "US"), ("AMER", "CA"), ("EMEA", "DE"), ("EMEA", "GB"), ("EMEA", "FR"), ("APAC", "AU")];
const TITLES: [&str; 6] =
    ["Head of Operations", "Director of Systems", "VP Operations", "Head of Data", "Programme lead", "COO"];

impl Spec {
    /// An account on which nothing happens: seats to spare, limits far away, a long contract, steady health.
    pub(super) fn quiet(seed: u64, id: &str, name: &str, industry: &'static str, segment: &'static str) -> Spec {
        let mut dice = Prng::keyed(seed, id, "account");
        let seats = match segment {
            "enterprise" => 10 * dice.between(16, 60),
            "mid_market" => 10 * dice.between(6, 22),
            _ => 5 * dice.between(5, 16),
        };
        let price = 50 * dice.between(14, 26);
        let (region, country) = dice.pick(&PLACES);
        let department = dice.pick(&DEPARTMENTS);
        let other_departments = DEPARTMENTS.into_iter().filter(|d| *d != department && dice.percent(35)).collect();
        let plan = match segment {
            "enterprise" => dice.pick(&["PLAN-PREMIUM", "PLAN-ENTERPRISE"]),
            "mid_market" => dice.pick(&["PLAN-PRO", "PLAN-BUSINESS", "PLAN-BUSINESS"]),
            _ => dice.pick(&["PLAN-STARTER", "PLAN-PRO"]),
        };
        let used = seats as f64 * (0.46 + 0.28 * dice.unit());
        let active = vec![(USAGE_DAYS, used * (0.74 + 0.2 * dice.unit())), (0, used)];
        // Away from 80, so that a step of a point or two never crosses the expansion threshold.
        let steady = if dice.percent(60) { 84.0 + 8.0 * dice.unit() } else { 66.0 + 9.0 * dice.unit() };
        let health = vec![(USAGE_DAYS, steady - 2.0), (120, steady), (0, steady)];
        let (term_months, ends_in) =
            if dice.percent(55) { (12, dice.days(195, 345)) } else { (24 + 12 * dice.days(0, 1), dice.days(60, 700)) };
        Spec {
            id: id.to_owned(),
            name: name.to_owned(),
            status: "active",
            industry,
            segment,
            region,
            country,
            csm: dice.pick(&CSMS),
            rep: dice.pick(&REPS),
            original_ae: dice.pick(&REPS),
            customer_for: dice.days(500, 1500),
            left: None,
            department,
            other_departments,
            plan,
            seats,
            price,
            annual: seats * price,
            term_months,
            ends_in,
            products: bundle(segment).to_vec(),
            active,
            exact: false,
            api_daily: used * (40.0 + 160.0 * dice.unit()),
            api_growth: 1.01 + 0.08 * dice.unit(),
            api_limit: ApiLimit::Months(2.0 + 1.5 * dice.unit()),
            storage_limit: seats * 4,
            storage_used: 0.34 + 0.32 * dice.unit(),
            exports_28_days: None,
            ceiling: None,
            new_team: None,
            health,
            people: vec![Person {
                name: person_name(&mut dice),
                title: dice.pick(&TITLES),
                role: dice.pick(&["champion", "decision_maker", "influencer"]),
                engagement: dice.between(45, 80),
                contact: dice.days(4, 45),
            }],
            talks: Vec::new(),
            misleading: false,
            problems: Vec::new(),
            wins: 0,
            lost_lately: false,
            usage_days: USAGE_DAYS,
            lean: false,
        }
    }
}

/// A level that stood for the quarter before, rose, and has stood for more than 30 days: its means of both windows are
/// exactly the two numbers.
pub(super) fn grown(before: f64, now: f64) -> Shape {
    vec![(USAGE_DAYS, before * 0.8), (150, before), (75, before), (36, now), (0, now)]
}

/// A level that grows gently (a tenth in a quarter) to exactly this number, where it has stood since so many days.
pub(super) fn rising(now: f64, since: i32) -> Shape {
    vec![(USAGE_DAYS, now * 0.7), (130, now * 0.9), (since, now), (0, now)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_straight_between_its_points_and_level_outside() {
        let shape = vec![(100, 10.0), (50, 20.0), (0, 20.0)];
        for (ago, value) in [(500, 10.0), (100, 10.0), (75, 15.0), (50, 20.0), (10, 20.0), (0, 20.0)] {
            assert!((value_at(&shape, ago) - value).abs() < 1e-9, "{ago}");
        }
        assert!((value_at(&grown(36.0, 48.0), 29) - 48.0).abs() < 1e-9);
        assert!((value_at(&grown(36.0, 48.0), 125) - 36.0).abs() < 1e-9);
    }

    #[test]
    fn a_quiet_account_is_the_same_each_time() {
        let make = |seed| format!("{:?}", Spec::quiet(seed, "acc-00077", "Seventy-seven", "Retail", "smb"));
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }
}
