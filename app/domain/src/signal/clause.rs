//! Clauses: the conditions of a rule with the account's values, what "why not?" shows (PRODUCT 4).

use serde::{Deserialize, Serialize};

use super::{Evaluation, Firing};

/// One condition of a rule with the account's value: what "why not?" shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// What is compared: "Active ÷ licensed".
    pub label: String,
    /// The account's value: "31 / 34 = 0.91", or "—" with the reason.
    pub value: String,
    /// What the rule needs: "≥ 0.85".
    pub needs: String,
    /// Whether it is met; `None` when it can't be known.
    pub met: Option<bool>,
}

impl Clause {
    /// A clause that is known.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>, needs: impl Into<String>, met: bool) -> Clause {
        Clause { label: label.into(), value: value.into(), needs: needs.into(), met: Some(met) }
    }

    /// A clause whose value is missing, with the reason: "no usage of active_users".
    #[must_use]
    pub fn unknown(label: impl Into<String>, reason: impl Into<String>, needs: impl Into<String>) -> Clause {
        Clause { label: label.into(), value: format!("— {}", reason.into()), needs: needs.into(), met: None }
    }
}

/// Whether an evaluation writes its clauses: "why not?" shows them, a scan goes without their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clauses {
    /// With every clause.
    Write,
    /// Only what fires.
    Skip,
}

/// The clauses of one evaluation while a rule goes through them: counts what is met, keeps the texts only when asked.
#[derive(Debug)]
pub struct ClauseList {
    clauses: Clauses,
    list: Vec<Clause>,
    all_met: bool,
}

impl ClauseList {
    /// An empty list; nothing has failed yet.
    #[must_use]
    pub fn new(clauses: Clauses) -> ClauseList {
        ClauseList { clauses, list: Vec::new(), all_met: true }
    }

    /// A clause whose value is known; `text` gives label, value and needs.
    pub fn check<L, V, N>(&mut self, met: bool, text: impl FnOnce() -> (L, V, N)) -> bool
    where
        L: Into<String>,
        V: Into<String>,
        N: Into<String>,
    {
        self.all_met &= met;
        if self.clauses == Clauses::Write {
            let (label, value, needs) = text();
            self.list.push(Clause::new(label, value, needs, met));
        }
        met
    }

    /// A clause whose value is missing, so that the rule can't fire; `text` gives label, reason and needs.
    pub fn unknown<L, R, N>(&mut self, text: impl FnOnce() -> (L, R, N))
    where
        L: Into<String>,
        R: Into<String>,
        N: Into<String>,
    {
        self.all_met = false;
        if self.clauses == Clauses::Write {
            let (label, reason, needs) = text();
            self.list.push(Clause::unknown(label, reason, needs));
        }
    }

    /// A clause whose value is missing and that does not hold the rule back (unknown health, CONTRACT 5).
    pub fn note<L, R, N>(&mut self, text: impl FnOnce() -> (L, R, N))
    where
        L: Into<String>,
        R: Into<String>,
        N: Into<String>,
    {
        let all_met = self.all_met;
        self.unknown(text);
        self.all_met = all_met;
    }

    /// The evaluation; it fires when every clause is met.
    #[must_use]
    pub fn conclude(self, subject: impl Into<String>, firing: impl FnOnce() -> Option<Firing>) -> Evaluation {
        let firing = if self.all_met { firing() } else { None };
        Evaluation { subject: subject.into(), clauses: self.list, firing }
    }

    /// The evaluation of what can't fire.
    #[must_use]
    pub fn silent(self, subject: impl Into<String>) -> Evaluation {
        Evaluation { subject: subject.into(), clauses: self.list, firing: None }
    }
}
