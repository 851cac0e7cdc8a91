//! Accounts whose growth is more than seats: other plans, products, terms, departments.

use super::{
    super::{
        catalog::{ANA, GRACE, JONAS, LEO, MAYA, OMAR, PRIYA, TOM},
        spec::{ApiLimit, Ceiling, NewTeam, Spec, bundle, grown, rising},
        talk::{Side::*, Talk},
    },
    also, contact_person, contract, health, named, person, without,
};

pub(super) fn accounts(seed: u64) -> Vec<Spec> {
    vec![
        innovate(seed),
        beta(seed),
        delta(seed),
        epsilon(seed),
        cloudfirst(seed),
        nexus(seed),
        redwood(seed),
        marlow(seed),
        ironclad(seed),
        willow(seed),
        tidewater(seed),
    ]
}

/// PRD-103: API calls at 92 % of the limit, eight new users from Marketing, a question about Advanced Analytics.
fn innovate(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "InnovateCorp", "Software", "mid_market", (MAYA, JONAS)), "PLAN-PRO", 100, 750, 75_000);
    Spec {
        original_ae: ANA,
        customer_for: 900,
        department: "Sales",
        other_departments: Vec::new(),
        term_months: 12,
        ends_in: 240,
        active: rising(72.0, 40),
        exact: true,
        api_limit: ApiLimit::Package { calls: 10_000_000.0, began: 27, ends_in: 3, used: 0.92 },
        api_growth: 1.30,
        new_team: Some(NewTeam { department: "Marketing", users: 8, from: 24, to: 3 }),
        health: health(89.0, 89.0),
        people: vec![
            person("Dana Whitlock", "VP Revenue Operations", "champion", 81, 5),
            person("Kofi Mensah", "CFO", "economic_buyer", 46, 80),
            person("Lena Brandt", "Head of Marketing", "influencer", 63, 12),
            person("Raj Patel", "Platform lead", "influencer", 58, 44),
        ],
        talks: vec![
            Talk::new(
                5,
                (15, 30),
                "call",
                "Check-in call",
                &[
                    ("Maya Ortiz", V, "How is Marketing doing with the campaign pages?"),
                    (
                        "Dana Whitlock",
                        C,
                        "Could you show us what Advanced Analytics would do for our campaign reporting?",
                    ),
                    ("Maya Ortiz", V, "With pleasure, I will bring an example."),
                    ("Dana Whitlock", C, "Please start with the technical part and not with the price."),
                ],
            ),
            Talk::new(
                44,
                (9, 15),
                "email",
                "Rate limits",
                &[(
                    "Raj Patel",
                    C,
                    "Do the responses carry rate-limit headers? Our client should slow down by itself.",
                )],
            ),
        ],
        wins: 1,
        ..spec
    }
}

/// PRD-060: heavy exports, a competitor's analytics in the last review, a CFO who wants reports.
fn beta(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Beta Inc", "Financial services", "mid_market", (PRIYA, JONAS)),
        "PLAN-BUSINESS",
        120,
        900,
        108_000,
    );
    Spec {
        customer_for: 820,
        department: "Operations",
        term_months: 24,
        ends_in: 410,
        products: without(bundle("mid_market"), "ANALYTICS"),
        exports_28_days: Some(214),
        health: health(88.0, 87.0),
        people: vec![
            person("Martin Hale", "CFO", "exec_sponsor", 72, 4),
            contact_person(seed, "beta-inc", "Head of Controlling", "influencer", 55, 21),
        ],
        talks: vec![Talk::new(
            4,
            (10, 0),
            "qbr",
            "Quarterly business review",
            &[
                ("Priya Nair", V, "You exported two hundred reports in the last weeks."),
                ("Martin Hale", C, "My people rebuild them by hand for the board every month."),
                ("Martin Hale", C, "Could you show us what the Analytics Module would do for the board report?"),
                ("Martin Hale", C, "A friend of mine uses Tableau. How does your reporting compare to Tableau?"),
                ("Priya Nair", V, "I will bring a comparison and an example from a company like yours."),
            ],
        )],
        wins: 1,
        ..spec
    }
}

/// PRD-060: a healthy account whose single year ends soon.
fn delta(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Delta Co", "Manufacturing", "mid_market", (PRIYA, ANA)),
        "PLAN-BUSINESS",
        180,
        1_000,
        186_667,
    );
    Spec {
        customer_for: 1_100,
        term_months: 12,
        ends_in: 30,
        health: health(95.0, 94.0),
        people: vec![
            person("Hanna Lindqvist", "COO", "champion", 96, 2),
            person("Peter Voss", "Head of Procurement", "decision_maker", 61, 9),
        ],
        wins: 2,
        ..spec
    }
}

/// PRD-060: many more users than a quarter ago, and a request for the next tier.
fn epsilon(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "Epsilon", "Logistics", "enterprise", (MAYA, GRACE)), "PLAN-PREMIUM", 160, 1_300, 208_000);
    Spec {
        customer_for: 760,
        term_months: 24,
        ends_in: 300,
        active: grown(88.0, 118.0),
        exact: true,
        health: health(88.0, 87.0),
        people: vec![
            person("Yara Osman", "Director of Platforms", "champion", 92, 6),
            person("Greg Nolan", "CIO", "decision_maker", 57, 30),
        ],
        talks: vec![Talk::new(
            6,
            (13, 0),
            "call",
            "Check-in call",
            &[
                ("Maya Ortiz", V, "You have grown a lot since the autumn."),
                ("Yara Osman", C, "We have. What would moving to Enterprise cost us?"),
            ],
        )],
        wins: 1,
        ..spec
    }
}

/// A new team has moved in (source of OPP-1010), and use has grown.
fn cloudfirst(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "CloudFirst", "Software", "mid_market", (PRIYA, GRACE)), "PLAN-PRO", 70, 900, 63_000);
    Spec {
        customer_for: 700,
        department: "Engineering",
        other_departments: vec!["Product"],
        term_months: 12,
        ends_in: 260,
        active: grown(38.0, 54.0),
        exact: true,
        new_team: Some(NewTeam { department: "Operations", users: 7, from: 26, to: 6 }),
        health: health(88.0, 87.0),
        people: vec![
            person("Sofia Marsh", "VP Engineering", "champion", 66, 11),
            person("Ikram Aziz", "Head of Operations", "influencer", 58, 19),
        ],
        wins: 0,
        ..spec
    }
}

/// A question about the Business plan (source of OPP-1024).
fn nexus(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Nexus Corp", "Telecommunications", "mid_market", (TOM, JONAS)),
        "PLAN-PRO",
        110,
        800,
        88_000,
    );
    Spec {
        customer_for: 640,
        term_months: 24,
        ends_in: 420,
        health: health(87.0, 86.0),
        people: vec![person("Priscilla Okoro", "Director of IT", "champion", 66, 8)],
        talks: vec![Talk::new(
            8,
            (11, 0),
            "call",
            "Check-in call",
            &[
                ("Tom Becker", V, "What else is on your list for this quarter?"),
                ("Priscilla Okoro", C, "What is included in the Business plan?"),
                ("Tom Becker", V, "I will prepare a page with both plans."),
            ],
        )],
        ..spec
    }
}

fn redwood(seed: u64) -> Spec {
    let spec = contract(named(seed, "Redwood Media", "Media", "smb", (LEO, OMAR)), "PLAN-PRO", 50, 1_400, 96_000);
    Spec {
        customer_for: 600,
        term_months: 24,
        ends_in: 330,
        active: grown(32.0, 44.0),
        exact: true,
        health: health(84.0, 85.0),
        people: vec![contact_person(seed, "redwood-media", "Head of Production", "champion", 38, 14)],
        wins: 1,
        ..spec
    }
}

/// Use has grown past the seats: a tier, and a few seats at once.
fn marlow(seed: u64) -> Spec {
    let spec = contract(named(seed, "Marlow Foods", "Food", "smb", (LEO, GRACE)), "PLAN-PRO", 16, 800, 94_000);
    Spec {
        customer_for: 800,
        term_months: 24,
        ends_in: 280,
        products: vec!["API-PLUS"],
        active: grown(12.0, 17.0),
        exact: true,
        health: health(63.0, 64.0),
        people: vec![contact_person(seed, "marlow-foods", "Plant manager", "influencer", 30, 60)],
        lost_lately: true,
        ..spec
    }
}

fn ironclad(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "Ironclad Tools", "Manufacturing", "smb", (MAYA, ANA)), "PLAN-PRO", 98, 1_000, 98_000);
    Spec {
        customer_for: 560,
        term_months: 24,
        ends_in: 390,
        active: grown(50.0, 68.0),
        exact: true,
        health: health(76.0, 77.0),
        people: vec![contact_person(seed, "ironclad-tools", "Operations manager", "champion", 37, 25)],
        wins: 1,
        ..spec
    }
}

fn willow(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Willow Insurance", "Insurance", "mid_market", (LEO, ANA)),
        "PLAN-BUSINESS",
        140,
        1_000,
        146_667,
    );
    Spec {
        customer_for: 1_000,
        term_months: 12,
        ends_in: 128,
        health: health(88.0, 88.0),
        people: vec![contact_person(seed, "willow-insurance", "Director of Claims", "champion", 78, 9)],
        wins: 2,
        ..spec
    }
}

fn tidewater(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Tidewater Bank", "Banking", "enterprise", (LEO, OMAR)),
        "PLAN-PREMIUM",
        100,
        1_000,
        100_000,
    );
    Spec {
        customer_for: 900,
        term_months: 12,
        ends_in: 165,
        health: health(85.0, 84.0),
        people: vec![contact_person(seed, "tidewater-bank", "Head of Digital", "champion", 66, 16)],
        wins: 1,
        ..spec
    }
}

/// The metered feature of Lumen Foods' plan, used up two days ago.
pub(super) const LUMEN_CEILING: Ceiling = Ceiling { feature: "automations", limit: 5_000, began: 26, ends_in: 4 };

/// Products that a few accounts have: enough for a median price, too few to be missed elsewhere.
pub(super) fn with_advanced_analytics(segment: &str) -> Vec<&'static str> {
    also(bundle(segment), &["ADV-ANALYTICS"])
}
