//! Typed ids: an integer in the database, a prefixed string (`cus_12`) on the wire.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id like {prefix}_12")]
pub struct IdError {
    /// What was given.
    pub text: String,
    /// The prefix that was expected.
    pub prefix: &'static str,
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The prefix of this kind of id on the wire.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = || IdError { text: text.chars().take(80).collect(), prefix: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or_else(wrong)?;
                if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(wrong());
                }
                digits.parse().map($name).map_err(|_| wrong())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )+};
}

typed_id! {
    /// A person who signs in, or who was imported.
    UserId = "usr";
    /// An account.
    CustomerId = "cus";
    /// A contract of an account.
    ContractId = "con";
    /// A product or plan.
    ProductId = "prd";
    /// A signal: one episode of a rule on an account.
    SignalId = "sig";
    /// An opportunity record in the pipeline.
    OpportunityId = "opp";
    /// An opportunity as the last scan found it; it may or may not have a record.
    FoundId = "fnd";
    /// One run of an import.
    ImportId = "imp";
    /// An API token.
    TokenId = "tok";
    /// An item in somebody's inbox.
    NotificationId = "ntf";
    /// A task.
    TaskId = "tsk";
    /// A stakeholder of an account.
    StakeholderId = "stk";
    /// A meeting or mail with a transcript.
    MeetingId = "mtg";
    /// A support ticket.
    TicketId = "tkt";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire_and_another_kind_is_refused() {
        let id = CustomerId(12);
        assert_eq!(id.to_string(), "cus_12");
        assert_eq!("cus_12".parse(), Ok(id));
        for wrong in ["12", "opp_12", "cus_", "cus_-1", "cus_99999999999999999999", "cus_1x"] {
            assert!(wrong.parse::<CustomerId>().is_err(), "{wrong}");
        }
    }
}
