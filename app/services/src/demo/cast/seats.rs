//! Accounts that run out of seats.
//!
//! Seats short are active users × 1.2, rounded up, less the seats paid for, in packs of 5 (PRODUCT 5); the numbers here
//! give the packs that stand in the demo's pipeline.

use super::{
    super::{
        catalog::{ANA, GRACE, JONAS, LEO, MAYA, OMAR, PRIYA, TOM},
        spec::{Spec, USAGE_DAYS, bundle, grown, rising},
        talk::{Side::*, Talk},
    },
    contact_person, contract, health,
    live::LUMEN_CEILING,
    named, person, without,
};

pub(super) fn accounts(seed: u64) -> Vec<Spec> {
    vec![
        acme(seed),
        techstart(seed),
        orchid(seed),
        zephyr(seed),
        bluepeak(seed),
        lumen(seed),
        summit(seed),
        umbra(seed),
        kestrel(seed),
        vertex(seed),
    ]
}

/// PRD-060: 48 of 50 seats, three departments that ask, budget, a quarter of growth.
fn acme(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Acme Corp", "Manufacturing", "mid_market", (MAYA, ANA)),
        "PLAN-BUSINESS",
        50,
        1_000,
        50_000,
    );
    Spec {
        customer_for: 950,
        department: "Operations",
        other_departments: vec!["Engineering", "Product"],
        term_months: 12,
        ends_in: 240,
        active: grown(36.0, 48.0),
        exact: true,
        health: health(90.0, 86.0),
        people: vec![
            person("Sarah Chen", "VP Operations", "champion", 88, 5),
            person("Paul Ruiz", "CFO", "economic_buyer", 54, 33),
            person("Ines Falk", "Head of Support", "influencer", 61, 26),
        ],
        talks: vec![
            Talk::new(
                5,
                (14, 12),
                "call",
                "Check-in call",
                &[
                    ("Maya Ortiz", V, "You are close to your seats, I see."),
                    (
                        "Sarah Chen",
                        C,
                        "Finance, Legal and Support all want in. Can you tell me what thirty more seats would look like?",
                    ),
                    ("Maya Ortiz", V, "I will send you numbers this week."),
                ],
            ),
            Talk::new(
                12,
                (10, 40),
                "qbr",
                "Quarterly business review",
                &[
                    ("Maya Ortiz", V, "The last quarter was your strongest so far."),
                    ("Sarah Chen", C, "We have set aside budget for this in Q1."),
                ],
            ),
        ],
        wins: 2,
        ..spec
    }
}

fn techstart(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "TechStart", "Software", "mid_market", (TOM, GRACE)), "PLAN-BUSINESS", 200, 900, 180_000);
    Spec {
        customer_for: 500,
        term_months: 24,
        ends_in: 300,
        active: rising(208.0, 12),
        exact: true,
        health: health(87.0, 86.0),
        people: vec![person("Noah Lindgren", "CTO", "champion", 80, 7)],
        wins: 1,
        ..spec
    }
}

/// Nearly full, and without the Audit module that the others have.
fn orchid(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Orchid Health", "Healthcare", "mid_market", (LEO, OMAR)),
        "PLAN-BUSINESS",
        140,
        1_000,
        140_000,
    );
    Spec {
        customer_for: 880,
        term_months: 24,
        ends_in: 350,
        products: without(bundle("mid_market"), "AUDIT"),
        active: vec![(USAGE_DAYS, 84.0), (130, 98.0), (90, 101.0), (56, 107.0), (0, 129.0)],
        exact: true,
        health: health(85.0, 84.0),
        people: vec![contact_person(seed, "orchid-health", "Head of Patient Services", "champion", 67, 8)],
        wins: 1,
        ..spec
    }
}

/// Nearly full, and without the Forecast module that the others have.
fn zephyr(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "Zephyr Air", "Aviation", "enterprise", (PRIYA, OMAR)),
        "PLAN-BUSINESS",
        200,
        700,
        140_000,
    );
    Spec {
        customer_for: 1_050,
        term_months: 24,
        ends_in: 660,
        products: without(bundle("enterprise"), "FORECAST"),
        active: rising(183.0, 40),
        exact: true,
        health: health(68.0, 69.0),
        people: vec![person("Dario Melis", "Planning lead", "influencer", 50, 20)],
        talks: vec![Talk::new(
            3,
            (9, 30),
            "call",
            "Check-in call",
            &[
                ("Priya Nair", V, "How do you plan the summer schedule today?"),
                ("Dario Melis", C, "In spreadsheets. Could you show us how the Forecast module works?"),
            ],
        )],
        ..spec
    }
}

fn bluepeak(seed: u64) -> Spec {
    let spec = contract(named(seed, "Bluepeak", "Outdoor retail", "smb", (TOM, GRACE)), "PLAN-PRO", 80, 800, 64_000);
    Spec {
        customer_for: 700,
        term_months: 24,
        ends_in: 310,
        active: rising(76.0, 40),
        exact: true,
        health: health(84.0, 84.0),
        people: vec![contact_person(seed, "bluepeak", "Head of Stores", "champion", 47, 12)],
        wins: 1,
        ..spec
    }
}

/// Nearly full, and at the limit of a metered feature.
fn lumen(seed: u64) -> Spec {
    let spec = contract(named(seed, "Lumen Foods", "Food", "smb", (TOM, JONAS)), "PLAN-PRO", 100, 1_000, 101_000);
    Spec {
        customer_for: 620,
        term_months: 24,
        ends_in: 290,
        active: vec![(USAGE_DAYS, 60.0), (130, 69.0), (90, 71.0), (56, 73.0), (0, 91.0)],
        exact: true,
        ceiling: Some(LUMEN_CEILING),
        health: health(73.0, 72.0),
        people: vec![contact_person(seed, "lumen-foods", "Supply manager", "champion", 52, 14)],
        ..spec
    }
}

/// Full enough for a few seats, and grown enough for the next tier.
fn summit(seed: u64) -> Spec {
    let spec = contract(named(seed, "Summit Retail", "Retail", "smb", (PRIYA, ANA)), "PLAN-PRO", 90, 900, 103_000);
    let contact = contact_person(seed, "summit-retail", "Director of Stores", "champion", 62, 10);
    let asks = contact.name.clone();
    Spec {
        customer_for: 580,
        term_months: 24,
        ends_in: 360,
        active: grown(60.0, 80.0),
        exact: true,
        health: health(82.0, 82.0),
        people: vec![contact],
        talks: vec![Talk::new(
            7,
            (10, 30),
            "call",
            "Check-in call",
            &[
                ("Priya Nair", V, "You have opened two stores since the summer."),
                (&asks, C, "Three, in fact. Can you tell us more about the Business plan?"),
            ],
        )],
        ..spec
    }
}

/// Nearly full, and without the Audit module that the others have.
fn umbra(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "Umbra Labs", "Research", "mid_market", (MAYA, GRACE)), "PLAN-PRO", 60, 800, 48_000);
    Spec {
        customer_for: 540,
        term_months: 24,
        ends_in: 400,
        products: without(bundle("mid_market"), "AUDIT"),
        active: rising(56.0, 40),
        exact: true,
        health: health(69.0, 68.0),
        people: vec![person("Lior Katz", "Lab director", "influencer", 40, 25)],
        talks: vec![Talk::new(
            4,
            (15, 0),
            "call",
            "Check-in call",
            &[
                ("Maya Ortiz", V, "The auditors were with you in the autumn, I remember."),
                ("Lior Katz", C, "They were. Could you show us how the Audit module works?"),
            ],
        )],
        ..spec
    }
}

fn kestrel(seed: u64) -> Spec {
    let spec = contract(named(seed, "Kestrel Energy", "Energy", "smb", (LEO, OMAR)), "PLAN-STARTER", 18, 1_200, 21_600);
    Spec {
        customer_for: 500,
        term_months: 24,
        ends_in: 320,
        active: rising(19.0, 12),
        exact: true,
        health: health(84.0, 83.0),
        people: vec![contact_person(seed, "kestrel-energy", "Site manager", "champion", 74, 15)],
        ..spec
    }
}

/// One user more than seats.
fn vertex(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "Vertex Freight", "Logistics", "mid_market", (TOM, JONAS)), "PLAN-PRO", 18, 1_000, 58_000);
    Spec {
        customer_for: 720,
        term_months: 24,
        ends_in: 270,
        active: rising(19.0, 12),
        exact: true,
        health: health(67.0, 68.0),
        people: vec![contact_person(seed, "vertex-freight", "Fleet manager", "influencer", 55, 18)],
        ..spec
    }
}
