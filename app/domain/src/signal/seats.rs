//! Active users against seats paid for, as both seat rules see them.

use super::{
    ClauseList, Evidence, EvidenceSource, Reach,
    measure::{self, Missing},
};
use crate::{
    account::{AccountSnapshot, Context, Series},
    format,
    time::Day,
};

/// The gauge of active users (DATA_FORMATS): distinct users active in the 30 days up to the day.
pub const ACTIVE_USERS: &str = "active_users";
/// Days that one value of the gauge covers.
const GAUGE_DAYS: i32 = 30;

/// Seats in use.
#[derive(Debug, Clone, Copy)]
pub struct Seats<'a> {
    /// Active users in thousandths.
    pub active: i64,
    /// Seats paid for in thousandths.
    pub licensed: i64,
    /// The day of the newest value.
    pub on: Day,
    series: &'a Series,
}

impl<'a> Seats<'a> {
    /// Seats of an account today; what is missing becomes a clause. `needs` is what the rule asks of the ratio.
    pub fn of(
        account: &'a AccountSnapshot,
        context: &Context<'_>,
        needs: impl FnOnce() -> String,
        clauses: &mut ClauseList,
    ) -> Option<Seats<'a>> {
        const LABEL: &str = "Active ÷ licensed";
        let today = context.today;
        let Some(licensed) = account.licensed_seats(today) else {
            let reason = if account.contract_on(today).is_none() {
                "no contract in force"
            } else {
                "the contract in force has no seats"
            };
            clauses.unknown(|| (LABEL, reason, needs()));
            return None;
        };
        let newest: Result<_, Missing> = measure::newest(account, ACTIVE_USERS, today);
        match newest {
            Ok((series, on, active)) if licensed > 0 => {
                Some(Seats { active: measure::milli(active), licensed: licensed.saturating_mul(1000), on, series })
            }
            Ok(_) => {
                clauses.unknown(|| (LABEL, "no seats paid for", needs()));
                None
            }
            Err(missing) => {
                clauses.unknown(|| (LABEL, missing.reason(ACTIVE_USERS, today), needs()));
                None
            }
        }
    }

    /// "48 / 50 = 0.96".
    #[must_use]
    pub fn ratio(&self, threshold: i64) -> String {
        let (active, licensed) = self.counts();
        let ratio = measure::ratio(self.active, self.licensed, threshold);
        format!("{} / {} = {ratio}", format::quantity(active), format::quantity(licensed))
    }

    /// Active users and seats.
    #[must_use]
    pub fn counts(&self) -> (f64, f64) {
        (measure::from_milli(self.active), measure::from_milli(self.licensed))
    }

    /// When the seats are (or were) full.
    #[must_use]
    pub fn reach(&self, today: Day) -> Option<Reach> {
        measure::reach_of_level(self.series, self.on, self.counts().1, today)
    }

    /// When active users went above the seats.
    #[must_use]
    pub fn passed(&self) -> Option<Reach> {
        let points = self.series.between(Day(i32::MIN), self.on).iter().rev();
        let run = points.take_while(|(_, active)| measure::milli(*active) > self.licensed);
        run.last().map(|(on, _)| Reach { on: *on })
    }

    /// The evidence of both rules.
    #[must_use]
    pub fn evidence(&self, text: String) -> Evidence {
        let (active, licensed) = self.counts();
        let window = (self.on - (GAUGE_DAYS - 1), self.on);
        let series = measure::weekly_means(self.series, self.on);
        measure::evidence(EvidenceSource::Usage, ACTIVE_USERS, text, active, Some(licensed), window, series)
    }
}
