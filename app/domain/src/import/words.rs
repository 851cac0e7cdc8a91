//! Words of other systems that mean one of ours (DATA_FORMATS: "stage names map without regard to case, space, `_`, `-`").

use crate::opportunity::{OpportunityType, Stage};

/// Small letters and digits only: `Closed - Won` and `closed_won` become `closedwon`.
pub(super) fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A cell as it is quoted in a message: bounded, without control characters.
pub(super) fn shown(text: &str) -> String {
    const QUOTED_AT_MOST: usize = 60;
    let mut out: String = text.chars().take(QUOTED_AT_MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(QUOTED_AT_MOST).is_some() {
        out.push('…');
    }
    format!("\"{out}\"")
}

/// Stages of Salesforce, HubSpot and the like, squashed.
const STAGES: &[(Stage, &[&str])] = &[
    (
        Stage::Identified,
        &[
            "identified",
            "prospecting",
            "prospect",
            "new",
            "open",
            "lead",
            "created",
            "interest",
            "interested",
            "appointmentscheduled",
            "contacted",
            "outreach",
            "target",
            "backlog",
        ],
    ),
    (
        Stage::Qualified,
        &[
            "qualified",
            "qualification",
            "qualify",
            "qualifying",
            "engaging",
            "engaged",
            "discovery",
            "needsanalysis",
            "valueproposition",
            "qualifiedtobuy",
            "presentationscheduled",
            "demo",
            "demoscheduled",
            "evaluation",
            "iddecisionmakers",
            "identifydecisionmakers",
            "solutiondesign",
            "poc",
            "trial",
        ],
    ),
    (
        Stage::Proposal,
        &[
            "proposal",
            "proposalpricequote",
            "proposalsent",
            "proposalquote",
            "quote",
            "quotesent",
            "pricequote",
            "offer",
            "offered",
            "perceptionanalysis",
            "decisionmakerboughtin",
            "presentation",
        ],
    ),
    (
        Stage::Negotiation,
        &[
            "negotiation",
            "negotiationreview",
            "negotiating",
            "contractsent",
            "contracting",
            "contract",
            "legal",
            "procurement",
            "verbal",
            "verbalcommit",
            "commit",
            "closing",
            "inreview",
            "review",
        ],
    ),
    (Stage::ClosedWon, &["closedwon", "won", "win", "closewon", "wonclosed", "signed", "booked"]),
    (
        Stage::ClosedLost,
        &["closedlost", "lost", "loss", "closelost", "lostclosed", "disqualified", "abandoned", "nodecision"],
    ),
];

/// Types as other systems call them, squashed.
const TYPES: &[(OpportunityType, &[&str])] = &[
    (OpportunityType::SeatExpansion, &["seats", "seat", "moreseats", "licenses", "licenseexpansion", "seatupsell"]),
    (
        OpportunityType::TierUpgrade,
        &["tier", "upgrade", "planupgrade", "tierupsell", "existingcustomerupgrade", "editionupgrade"],
    ),
    (OpportunityType::CrossSell, &["crosssale", "crosssells", "newproduct", "additionalproduct"]),
    (OpportunityType::MultiYear, &["multiyearrenewal", "multiyearconversion", "longerterm"]),
    (OpportunityType::AddOn, &["addons", "package", "overage"]),
    (OpportunityType::Upsell, &["expansion", "upsale", "growth", "existingbusiness", "existingcustomer"]),
    (OpportunityType::LandAndExpand, &["landexpand", "newdepartment", "newteam"]),
    (OpportunityType::PricingUpdate, &["priceupdate", "priceincrease", "uplift", "repricing"]),
];

/// Reads a stage, ours or one of another system.
///
/// # Errors
/// The known stages, when it is none.
pub fn read_stage(text: &str) -> Result<Stage, String> {
    let wanted = squash(text);
    STAGES.iter().find(|(_, words)| words.contains(&wanted.as_str())).map(|(stage, _)| *stage).ok_or_else(|| {
        let known: Vec<&str> = Stage::ALL.iter().map(|stage| stage.key()).collect();
        format!(
            "{} is not a known stage; the stages are {} (or map it: stage = {{ column = \"…\", values = {{ {} = \"qualified\" }} }})",
            shown(text),
            known.join(", "),
            shown(text)
        )
    })
}

/// Reads a type, ours or one of another system.
///
/// # Errors
/// The known types, when it is none.
pub fn read_type(text: &str) -> Result<OpportunityType, String> {
    let wanted = squash(text);
    OpportunityType::ALL
        .iter()
        .copied()
        .find(|kind| squash(kind.key()) == wanted)
        .or_else(|| TYPES.iter().find(|(_, words)| words.contains(&wanted.as_str())).map(|(kind, _)| *kind))
        .ok_or_else(|| {
            let known: Vec<&str> = OpportunityType::ALL.iter().map(|kind| kind.key()).collect();
            format!("{} is not a known type; the types are {}", shown(text), known.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_of_other_systems_are_known() {
        for (text, stage) in [
            ("Prospecting", Stage::Identified),
            ("Engaging", Stage::Qualified),
            ("Qualification", Stage::Qualified),
            ("Id. Decision Makers", Stage::Qualified),
            ("Proposal/Price Quote", Stage::Proposal),
            ("Perception Analysis", Stage::Proposal),
            ("Negotiation/Review", Stage::Negotiation),
            ("Closed Won", Stage::ClosedWon),
            ("closed-won", Stage::ClosedWon),
            ("closedwon", Stage::ClosedWon),
            ("Won", Stage::ClosedWon),
            ("LOST", Stage::ClosedLost),
            ("closed_lost", Stage::ClosedLost),
        ] {
            assert_eq!(read_stage(text), Ok(stage), "{text}");
        }
        for stage in Stage::ALL {
            assert_eq!(read_stage(stage.key()), Ok(*stage));
        }
        let message = read_stage("Someday").unwrap_err();
        assert!(message.contains("Someday") && message.contains("negotiation"), "{message}");
    }

    #[test]
    fn types_of_other_systems_are_known() {
        for (text, kind) in [
            ("seats", OpportunityType::SeatExpansion),
            ("Cross-Sell", OpportunityType::CrossSell),
            ("cross_sell", OpportunityType::CrossSell),
            ("expansion", OpportunityType::Upsell),
            ("Existing Customer - Upgrade", OpportunityType::TierUpgrade),
        ] {
            assert_eq!(read_type(text), Ok(kind), "{text}");
        }
        assert!(read_type("new_business").unwrap_err().contains("land_and_expand"));
    }
}
