//! Opportunities found: what live signals of an account add up to (PRODUCT 5).
//!
//! [`group`] says which signals speak for the same opportunity and [`records`] to which open record they belong;
//! [`assemble`] fills a [`found::Found`] from one file per part: [`name`], [`composite`], [`confidence`] with
//! [`champion`], [`health`] and [`history`], [`value`], [`timeline`], [`guards`], [`blockers`] and [`approach`].
//! [`decide`] says what follows from it, [`totals`] adds up many. To add a part: a file here with its table test, a
//! field in [`found`], a line in [`assemble`].

pub mod approach;
pub mod assemble;
pub mod blockers;
pub mod champion;
pub mod composite;
pub mod confidence;
pub mod decide;
pub mod found;
pub mod group;
pub mod guards;
pub mod health;
pub mod history;
pub mod input;
pub mod name;
pub mod records;
#[cfg(test)]
mod sample;
pub mod timeline;
pub mod totals;
pub mod value;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant,)+ }

        impl $name {
            /// All, in the order of screens.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word in files, the database and JSON.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $($name::$variant => $key,)+ }
            }

            /// The words on screens.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)+ }
            }

            /// Reads the exact key.
            #[must_use]
            pub fn from_key(key: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|item| item.key() == key)
            }
        }
    };
}

word_enum! {
    /// Type of an expansion opportunity (PRODUCT 2).
    OpportunityType, "type" {
        /// More seats.
        SeatExpansion = "seat_expansion", "Seat expansion";
        /// The next plan.
        TierUpgrade = "tier_upgrade", "Tier upgrade";
        /// Another product.
        CrossSell = "cross_sell", "Cross-sell";
        /// A longer term.
        MultiYear = "multi_year", "Multi-year";
        /// A package on top (API tier, storage).
        AddOn = "add_on", "Add-on";
        /// More of what they have.
        Upsell = "upsell", "Upsell";
        /// Another department.
        LandAndExpand = "land_and_expand", "Land and expand";
        /// The current price book.
        PricingUpdate = "pricing_update", "Pricing update";
    }
}

impl FromStr for OpportunityType {
    type Err = String;
    /// Reads a key without regard to case, space and `-`; `seats` is seat expansion, `tier` tier upgrade (CONTRACT 5).
    fn from_str(text: &str) -> Result<OpportunityType, String> {
        let wanted = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        let wanted = match wanted.as_str() {
            "seats" => "seat_expansion",
            "tier" => "tier_upgrade",
            "addon" => "add_on",
            "crosssell" => "cross_sell",
            other => other,
        };
        OpportunityType::from_key(wanted).ok_or_else(|| {
            let known: Vec<&str> = OpportunityType::ALL.iter().map(|kind| kind.key()).collect();
            format!("{text:?} is not an opportunity type; the types are {}", known.join(", "))
        })
    }
}

word_enum! {
    /// Stage of an opportunity record.
    Stage, "stage" {
        /// Found.
        Identified = "identified", "Identified";
        /// Checked with the customer.
        Qualified = "qualified", "Qualified";
        /// Offered.
        Proposal = "proposal", "Proposal";
        /// Terms are being agreed.
        Negotiation = "negotiation", "Negotiation";
        /// Won.
        ClosedWon = "closed_won", "Won";
        /// Lost.
        ClosedLost = "closed_lost", "Lost";
    }
}

impl Stage {
    /// Neither won nor lost.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Stage::ClosedWon | Stage::ClosedLost)
    }

    /// Default probability in thousandths (PRD-155 appendix A).
    #[must_use]
    pub const fn default_probability_milli(self) -> i64 {
        match self {
            Stage::Identified => 100,
            Stage::Qualified => 400,
            Stage::Proposal => 600,
            Stage::Negotiation => 800,
            Stage::ClosedWon => 1000,
            Stage::ClosedLost => 0,
        }
    }
}

word_enum! {
    /// When an opportunity is due (PRODUCT 5).
    Timeline, "timeline" {
        /// Overage, limit within 30 days, explicit request.
        Immediate = "immediate", "Immediate";
        /// Limit within 60 days, strong composite.
        Days30 = "30_days", "30 days";
        /// Later.
        Days60 = "60_days", "60 days";
        /// Contract-based, renewal more than 90 days away.
        NextRenewal = "next_renewal", "Next renewal";
    }
}

word_enum! {
    /// How confidence reads (PRODUCT 2): high > 70, medium 50–70, low below.
    ConfidenceLevel, "confidence" {
        /// > 70
        High = "high", "High";
        /// 50–70
        Medium = "medium", "Medium";
        /// < 50
        Low = "low", "Low";
    }
}

impl ConfidenceLevel {
    /// The level of a confidence 0–100.
    #[must_use]
    pub fn of(confidence: f64) -> ConfidenceLevel {
        if confidence > 70.0 {
            ConfidenceLevel::High
        } else if confidence >= 50.0 {
            ConfidenceLevel::Medium
        } else {
            ConfidenceLevel::Low
        }
    }
}

word_enum! {
    /// Where a found opportunity stands (CONTRACT 3).
    FoundStatus, "status" {
        /// Has a record.
        Open = "open", "In the pipeline";
        /// Composite ≥ 0.6, no record yet.
        Candidate = "candidate", "Candidate";
        /// A guard holds it back.
        HeldBack = "held_back", "Held back";
        /// Composite below 0.6: waits for a CSM's confirmation.
        Exploratory = "exploratory", "Exploratory";
    }
}
