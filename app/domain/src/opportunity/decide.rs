//! What follows from a found opportunity (PRODUCT 2, PRD-103 4.3): records, alerts and tasks. The caller makes each of
//! them once.

use super::{
    FoundStatus,
    composite::{CANDIDATE_AT, STRONG_AT, ten_thousandths},
    found::Found,
};

/// Confidence above this makes a record (PRD-060).
pub const RECORD_ABOVE: f64 = 60.0;
/// The CSM's task is due after this many days (PRD-103).
pub const TASK_DAYS: i32 = 7;

/// What to do about a found opportunity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Action {
    /// Make a record in stage identified, not qualified by itself (`auto_qualify: false`).
    pub create_record: bool,
    /// Tell the CSM, and make a task due in [`TASK_DAYS`].
    pub alert_csm: bool,
    /// Tell the account's sales rep.
    pub notify_sales: bool,
    /// Wait for a CSM to confirm it before anything else happens.
    pub await_confirmation: bool,
}

/// Decides. A guard holds everything back; below 0.6 a CSM has to confirm; what has a record gets no second one.
#[must_use]
pub fn decide(found: &Found) -> Action {
    let composite = ten_thousandths(found.composite);
    if !found.guards.is_empty() || found.status == FoundStatus::HeldBack {
        return Action::default();
    }
    if found.status == FoundStatus::Exploratory || composite < ten_thousandths(CANDIDATE_AT) {
        return Action { await_confirmation: found.status == FoundStatus::Exploratory, ..Action::default() };
    }
    Action {
        create_record: found.status == FoundStatus::Candidate
            && ten_thousandths(found.confidence) > ten_thousandths(RECORD_ABOVE),
        alert_csm: true,
        notify_sales: composite >= ten_thousandths(STRONG_AT),
        await_confirmation: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            OpportunityType, Timeline,
            found::{Guard, ValueEstimate},
        },
        *,
    };

    fn found(status: FoundStatus, composite: f64, confidence: f64) -> Found {
        let value = ValueEstimate {
            low: None,
            expected: None,
            high: None,
            method: String::new(),
            inputs: Vec::new(),
            range: String::new(),
        };
        Found {
            kind: OpportunityType::SeatExpansion,
            product: None,
            name: String::new(),
            status,
            opportunity: None,
            composite,
            confidence,
            parts: Vec::new(),
            value,
            timeline: Timeline::Days60,
            timeline_reason: String::new(),
            champion: None,
            signals: Vec::new(),
            approach: Vec::new(),
            talking_points: Vec::new(),
            objections: Vec::new(),
            blockers: Vec::new(),
            guards: Vec::new(),
            next_steps: Vec::new(),
        }
    }

    #[test]
    fn what_follows_from_status_composite_and_confidence() {
        use FoundStatus::{Candidate, Exploratory, HeldBack, Open};
        // record, alert, sales, wait
        for (status, composite, confidence, expected) in [
            (Candidate, 0.79, 60.1, [true, true, false, false]),
            (Candidate, 0.60, 60.0, [false, true, false, false]),
            (Candidate, 0.80, 40.0, [false, true, true, false]),
            (Candidate, 0.80, 85.0, [true, true, true, false]),
            (Open, 0.80, 85.0, [false, true, true, false]),
            (Open, 0.59, 85.0, [false, false, false, false]),
            (Exploratory, 0.5999, 85.0, [false, false, false, true]),
            (HeldBack, 0.95, 95.0, [false, false, false, false]),
        ] {
            let action = decide(&found(status, composite, confidence));
            let shown = [action.create_record, action.alert_csm, action.notify_sales, action.await_confirmation];
            assert_eq!(shown, expected, "{status:?} {composite} {confidence}");
        }
    }

    #[test]
    fn a_guard_also_holds_the_alerts_of_an_open_record_back() {
        let mut open = found(FoundStatus::Open, 0.9, 90.0);
        let word = || "outreach".to_owned();
        open.guards.push(Guard { key: word(), text: word(), detail: word(), until: word() });
        assert_eq!(decide(&open), Action::default());
    }
}
