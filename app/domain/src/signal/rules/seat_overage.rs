//! More active users than seats paid for. Each seat above the contract is a fact and no rate, so one is enough.

use crate::{
    account::{AccountSnapshot, Context},
    format,
    opportunity::OpportunityType,
    signal::{
        ClauseList, Clauses, Evaluation, Firing, Rule, RuleInfo, RuleKey, RuleSettings, SettingInfo, measure,
        seats::Seats, settings::milli_text,
    },
};

/// See the module.
#[derive(Debug)]
pub struct SeatOverage;

const MIN_OVER: SettingInfo = SettingInfo::whole("min_over", "Minimum users above the seats", "users", 1, 1, 10_000);
const MIN_SEATS: SettingInfo = SettingInfo::whole("min_seats", "Minimum licensed seats", "seats", 1, 1, 10_000);
const STRENGTH: SettingInfo = SettingInfo::strength(900);

static INFO: RuleInfo = RuleInfo {
    key: RuleKey::SeatOverage,
    sentence: "Fires when there are more active users than licensed seats.",
    leads_to: OpportunityType::SeatExpansion,
    settings: &[MIN_OVER, MIN_SEATS, STRENGTH],
};

impl Rule for SeatOverage {
    fn info(&self) -> &'static RuleInfo {
        &INFO
    }

    fn evaluate(
        &self,
        account: &AccountSnapshot,
        context: &Context<'_>,
        settings: &RuleSettings,
        clauses: Clauses,
    ) -> Vec<Evaluation> {
        let mut list = ClauseList::new(clauses);
        let (min_over, min_seats) = (settings.milli(&MIN_OVER), settings.milli(&MIN_SEATS));
        let Some(seats) = Seats::of(account, context, || "> 1".to_owned(), &mut list) else {
            return vec![list.silent("")];
        };
        list.check(seats.active > seats.licensed, || ("Active ÷ licensed", seats.ratio(1000), "> 1"));
        let over = seats.active.saturating_sub(seats.licensed);
        list.check(over >= min_over, || {
            let over = format::quantity(measure::from_milli(over.max(0)));
            ("Users above the seats", over, format!("≥ {}", milli_text(min_over)))
        });
        list.check(seats.licensed >= min_seats, || {
            ("Licensed seats", format::quantity(seats.counts().1), format!("≥ {}", milli_text(min_seats)))
        });
        vec![list.conclude("", || {
            let (active, licensed) = seats.counts();
            let share = format::share(active, licensed);
            let title =
                format!("{} active users on {} seats ({share})", format::quantity(active), format::quantity(licensed));
            Some(Firing {
                strength: settings.value(&STRENGTH),
                reach: seats.passed(),
                evidence: vec![seats.evidence(title.clone())],
                ..INFO.level(title, context.now)
            })
        })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{
        Reach,
        fixture::{acme, day, evaluate, firing, lines},
    };

    #[test]
    fn one_user_above_the_seats_is_enough() {
        for (active, licensed, fires) in
            [(50.0, 50, false), (51.0, 50, true), (250.5, 250, false), (3.0, 2, true), (3.0, 0, false)]
        {
            let mut account = acme().with_daily("active_users", "2026-01-01", "2026-02-01", active);
            account.contracts[0].licensed_seats = Some(licensed);
            let found = firing(&SeatOverage, &account);
            assert_eq!(found.as_ref().map(|f| f.strength), fires.then_some(0.90), "{active} of {licensed}");
        }
    }

    #[test]
    fn it_says_since_when_and_how_much() {
        let account = acme().with_daily("active_users", "2026-01-01", "2026-01-19", 49.0).with_daily(
            "active_users",
            "2026-01-20",
            "2026-02-01",
            53.0,
        );
        let firing = firing(&SeatOverage, &account).unwrap();
        assert_eq!(firing.title, "53 active users on 50 seats (106\u{202f}%)");
        assert_eq!(firing.reach, Some(Reach { on: day("2026-01-20") }));
        assert_eq!(
            lines(&evaluate(&SeatOverage, &account)),
            [
                "Active ÷ licensed: 53 / 50 = 1.06 (> 1) met",
                "Users above the seats: 3 (≥ 1) met",
                "Licensed seats: 50 (≥ 1) met",
            ]
        );
    }

    #[test]
    fn the_entitlement_of_the_day_counts_before_the_seats_of_the_contract() {
        let account = acme().with_daily("active_users", "2026-01-01", "2026-02-01", 55.0);
        assert!(firing(&SeatOverage, &account).is_some());
        assert!(firing(&SeatOverage, &account.with_limit("seats", 60.0, None)).is_none());
    }
}
