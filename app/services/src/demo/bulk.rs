//! Accounts beyond the named ones, for large portfolios: each depends on the seed and its own number alone.

use super::{
    catalog::staff_name,
    prng::Prng,
    spec::{ApiLimit, Person, Spec, grown, person_name, rising},
    talk::{Side, Talk},
};

/// What happens on an account of a large portfolio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happens {
    Nothing,
    Seats,
    Overage,
    Growth,
    ApiLimit,
    Storage,
    Term,
    Request,
}

/// Of 1,000 accounts so many: about one in eight has a signal.
fn happens(dice: &mut Prng) -> Happens {
    match dice.between(0, 999) {
        0..40 => Happens::Seats,
        40..55 => Happens::Overage,
        55..75 => Happens::Growth,
        75..87 => Happens::ApiLimit,
        87..97 => Happens::Storage,
        97..110 => Happens::Term,
        110..120 => Happens::Request,
        _ => Happens::Nothing,
    }
}

const FIRST: [&str; 16] = [
    "Cedar", "Summit", "Harbor", "Silver", "Maple", "Northern", "Crystal", "Golden", "Prairie", "Coastal", "Granite",
    "Willow", "Falcon", "Aspen", "Lakeside", "Copper",
];
const SECOND: [&str; 16] = [
    "Analytics",
    "Foods",
    "Logistics",
    "Health",
    "Media",
    "Robotics",
    "Retail",
    "Energy",
    "Systems",
    "Textiles",
    "Insurance",
    "Motors",
    "Studios",
    "Pharma",
    "Hotels",
    "Partners",
];

/// Usage of a large portfolio's accounts in days: 10,000 accounts with three metrics make 10.8 M rows.
const USAGE_DAYS: i32 = 360;

/// The account of a number.
pub(super) fn account(seed: u64, number: u32) -> Spec {
    let id = format!("acc-{number:05}");
    let mut dice = Prng::keyed(seed, &id, "bulk");
    let name = format!("{} {} {number}", dice.pick(&FIRST), dice.pick(&SECOND));
    let segment = dice.pick(&["smb", "smb", "mid_market", "mid_market", "enterprise"]);
    let industry = dice.pick(&["Software", "Retail", "Healthcare", "Manufacturing", "Logistics", "Media"]);
    let quiet = Spec::quiet(seed, &id, &name, industry, segment);
    let quiet = Spec { usage_days: USAGE_DAYS, lean: true, ..quiet };
    let seats = quiet.seats as f64;
    match happens(&mut dice) {
        Happens::Nothing => Spec { misleading: true, ..quiet },
        Happens::Seats => {
            let used = (seats * (0.86 + 0.12 * dice.unit())).ceil();
            Spec { active: rising(used, 40), exact: true, ..quiet }
        }
        Happens::Overage => {
            let used = (seats * (1.02 + 0.1 * dice.unit())).ceil();
            Spec { active: rising(used, 20), exact: true, ..quiet }
        }
        Happens::Growth => {
            let used = (seats * 0.72).floor().max(14.0);
            Spec { active: grown((used / 1.4).floor(), used), exact: true, ..quiet }
        }
        Happens::ApiLimit => Spec { api_limit: ApiLimit::Months(0.75), ..quiet },
        Happens::Storage => Spec { storage_used: 0.82 + 0.15 * dice.unit(), ..quiet },
        Happens::Term => Spec { term_months: 12, ends_in: dice.days(40, 170), ..quiet },
        Happens::Request => request(&mut dice, quiet),
    }
}

fn request(dice: &mut Prng, quiet: Spec) -> Spec {
    let name = person_name(dice);
    let person = Person { name: name.clone(), title: "Head of Systems", role: "champion", engagement: 74, contact: 6 };
    let lines: [(&str, Side, &str); 2] = [
        (staff_name(quiet.csm), Side::V, "What do you need for the next months?"),
        (&name, Side::C, "Can you send me a price for ten more seats?"),
    ];
    let talk = Talk::new(dice.days(2, 20), (10, 0), "call", "Check-in call", &lines);
    Spec { people: vec![person], talks: vec![talk], ..quiet }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_account_in_eight_has_something() {
        let some = (0..2000)
            .filter(|number| happens(&mut Prng::keyed(1, &number.to_string(), "bulk")) != Happens::Nothing)
            .count();
        assert!((180..=300).contains(&some), "{some} of 2000");
    }

    #[test]
    fn an_account_can_be_made_alone() {
        assert_eq!(format!("{:?}", account(5, 777)), format!("{:?}", account(5, 777)));
        assert_ne!(account(5, 777).name, account(5, 778).name);
        assert_eq!(account(5, 777).id, "acc-00777");
    }
}
