//! Named accounts on which nothing may be found: those whose records came from reviews and people, and the rest of the
//! portfolio.

use super::{
    super::{
        catalog::{GRACE, JONAS, MAYA, OMAR, PRIYA, TOM},
        spec::Spec,
        talk::{Side::*, Talk},
    },
    contact_person, contract,
    live::with_advanced_analytics,
    named,
};

pub(super) fn accounts(seed: u64) -> Vec<Spec> {
    let mut specs = vec![
        contract(
            named(seed, "Harbor Logistics", "Logistics", "mid_market", (MAYA, OMAR)),
            "PLAN-PREMIUM",
            150,
            1_150,
            178_000,
        ),
        contract(
            named(seed, "Quarry Systems", "Mining", "mid_market", (TOM, GRACE)),
            "PLAN-BUSINESS",
            120,
            900,
            112_000,
        ),
        contract(
            named(seed, "MegaCorp", "Conglomerate", "enterprise", (PRIYA, JONAS)),
            "PLAN-ENTERPRISE",
            620,
            1_000,
            640_000,
        ),
        contract(named(seed, "DataFlow", "Software", "enterprise", (TOM, JONAS)), "PLAN-PREMIUM", 240, 950, 228_000),
        contract(
            named(seed, "CloudNine", "Hospitality", "enterprise", (PRIYA, JONAS)),
            "PLAN-PREMIUM",
            40,
            1_000,
            40_000,
        ),
    ];
    specs.extend(REST.iter().enumerate().map(|(number, (name, industry, segment))| {
        let spec = Spec::quiet(seed, &name.to_lowercase().replace(' ', "-"), name, industry, segment);
        rest(seed, number, spec)
    }));
    for spec in &mut specs {
        if spec.people.is_empty() {
            spec.people.push(contact_person(seed, &spec.id, "Head of Systems", "champion", 66, 17));
        }
    }
    specs
}

/// The rest of the portfolio.
const REST: [(&str, &str, &str); 31] = [
    ("Alder Clinics", "Healthcare", "mid_market"),
    ("Birchwood Partners", "Consulting", "mid_market"),
    ("Cobalt Mining", "Mining", "mid_market"),
    ("Dovetail Homes", "Construction", "mid_market"),
    ("Evergreen Parks", "Leisure", "mid_market"),
    ("Fernhill Dairy", "Food", "mid_market"),
    ("Granite Insurance", "Insurance", "mid_market"),
    ("Hollis Engineering", "Engineering", "mid_market"),
    ("Ivory Textiles", "Textiles", "mid_market"),
    ("Juniper Hotels", "Hospitality", "mid_market"),
    ("Kingsway Motors", "Automotive", "mid_market"),
    ("Larkspur Pharma", "Pharma", "mid_market"),
    ("Meridian Bank", "Banking", "enterprise"),
    ("Northgate Telecom", "Telecommunications", "enterprise"),
    ("Oakfield Energy", "Energy", "enterprise"),
    ("Pacific Shipping", "Logistics", "enterprise"),
    ("Quantum Foods", "Food", "enterprise"),
    ("Riverside Health", "Healthcare", "enterprise"),
    ("Sterling Assurance", "Insurance", "enterprise"),
    ("Thornton Group", "Conglomerate", "enterprise"),
    ("Upland Farms", "Agriculture", "smb"),
    ("Vale Ceramics", "Manufacturing", "smb"),
    ("Westbrook School", "Education", "smb"),
    ("Yarrow Studio", "Media", "smb"),
    ("Zinnia Florists", "Retail", "smb"),
    ("Amber Optics", "Manufacturing", "smb"),
    ("Brookside Brewery", "Food", "smb"),
    ("Cedar Legal", "Legal services", "smb"),
    ("Dune Travel", "Travel", "smb"),
    ("Ember Kitchens", "Retail", "smb"),
    ("Fathom Divers", "Leisure", "smb"),
];

/// What sets the rest apart: who has left, who has said no, who owns Advanced Analytics.
fn rest(seed: u64, number: usize, spec: Spec) -> Spec {
    let wins = [1, 2, 1, 0, 2, 1, 3, 1].get(number % 8).copied().unwrap_or(1);
    let spec = Spec { wins, misleading: true, ..spec };
    match number {
        0..6 => Spec { products: with_advanced_analytics(spec.segment), ..spec },
        6 => {
            let contact = contact_person(seed, &spec.id, "Head of Claims", "decision_maker", 57, 15);
            let says = contact.name.clone();
            let talk = Talk::new(
                15,
                (10, 0),
                "call",
                "Check-in call",
                &[
                    ("The team", V, "Would a larger plan help with the audit?"),
                    (&says, C, "Perhaps, but there is no budget for that this year."),
                ],
            );
            Spec { people: vec![contact], talks: vec![talk], ..spec }
        }
        26 => Spec { status: "churned", left: Some(70), ..spec },
        30 => Spec { status: "churned", left: Some(190), ..spec },
        29 => Spec { status: "prospect", customer_for: 20, wins: 0, ..spec },
        _ => spec,
    }
}
