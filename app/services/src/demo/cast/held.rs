//! Accounts whose alerts are held back: the reason is visible, the opportunity is not lost (PRODUCT 1.7).

use super::{
    super::{
        catalog::{GRACE, JONAS, LEO, MAYA, OMAR, TOM},
        spec::{Problem, Spec, bundle, grown, rising},
        talk::{Side::*, Talk},
    },
    also, contact_person, contract, health, named, person,
};

pub(super) fn accounts(seed: u64) -> Vec<Spec> {
    vec![techflow(seed), datadrive(seed), pinegrove(seed)]
}

/// PRD-238: 323 of 340 seats, seats asked about twice. Somebody called six days ago.
fn techflow(seed: u64) -> Spec {
    let spec =
        contract(named(seed, "TechFlow Inc", "Software", "enterprise", (TOM, JONAS)), "PLAN-PRO", 340, 1_700, 578_000);
    Spec {
        customer_for: 1_000,
        department: "Engineering",
        term_months: 12,
        ends_in: 244,
        products: also(bundle("enterprise"), &["ADV-ANALYTICS"]),
        active: rising(323.0, 40),
        exact: true,
        health: health(92.0, 89.0),
        people: vec![
            person("Elena Rossi", "VP Engineering", "champion", 91, 6),
            person("Mark Dunn", "CIO", "exec_sponsor", 70, 19),
        ],
        wins: 1,
        ..spec
    }
}

/// PRD-238: asks about the Enterprise tier while a critical ticket is open.
fn datadrive(seed: u64) -> Spec {
    let spec = contract(
        named(seed, "DataDrive Co", "Automotive", "enterprise", (MAYA, GRACE)),
        "PLAN-PREMIUM",
        150,
        800,
        120_000,
    );
    Spec {
        customer_for: 860,
        term_months: 24,
        ends_in: 340,
        active: grown(78.0, 108.0),
        exact: true,
        health: health(86.0, 87.0),
        people: vec![
            person("Tessa Okonkwo", "Head of Data", "champion", 79, 8),
            person("Bill Harmon", "CTO", "decision_maker", 52, 27),
        ],
        talks: vec![Talk::new(
            8,
            (16, 0),
            "call",
            "Check-in call",
            &[
                ("Maya Ortiz", V, "Your team has grown fast."),
                ("Tessa Okonkwo", C, "It has. Please send a proposal for the Enterprise tier."),
            ],
        )],
        problems: vec![Problem {
            id: "4471".to_owned(),
            opened: 3,
            closed: None,
            priority: "critical",
            topic: "SSO outage",
        }],
        wins: 1,
        ..spec
    }
}

/// 31 of 34 seats and a request for more, but health fell by twelve points.
fn pinegrove(seed: u64) -> Spec {
    let spec = contract(named(seed, "Pinegrove", "Hospitality", "smb", (LEO, OMAR)), "PLAN-PRO", 34, 1_800, 61_200);
    let contact = contact_person(seed, "pinegrove", "General manager", "decision_maker", 58, 9);
    let asks = contact.name.clone();
    Spec {
        customer_for: 640,
        term_months: 24,
        ends_in: 310,
        active: rising(31.0, 40),
        exact: true,
        health: health(62.0, 74.0),
        people: vec![contact],
        talks: vec![Talk::new(
            9,
            (11, 20),
            "call",
            "Check-in call",
            &[
                ("Leo Hughes", V, "How many people will work in the spring season?"),
                (&asks, C, "More than now. Can you send me a price for five more seats?"),
            ],
        )],
        ..spec
    }
}
