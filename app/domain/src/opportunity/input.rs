//! What the finder looks at: one account, its live signals and what was said against buying.

use crate::{
    account::{AccountSnapshot, Context},
    calendar::Calendar,
    format,
    money::Money,
    signal::{Blocker, episode::Episode},
    time::{At, Day},
};

/// One account as the finder sees it. Everything that a found opportunity says is computed from this alone.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The account.
    pub account: &'a AccountSnapshot,
    /// Catalogue, peers and the instant.
    pub context: Context<'a>,
    /// The organisation's calendar, for days of instants.
    pub calendar: Calendar,
    /// Code of the organisation's currency, for sentences.
    pub currency: &'a str,
    /// The account's episodes. Closed and decided ones are passed over.
    pub live: &'a [Episode],
    /// What was said against buying ("no budget this year").
    pub conversation_blockers: &'a [Blocker],
}

impl Input<'_> {
    /// The organisation's day now.
    #[must_use]
    pub fn today(&self) -> Day {
        self.context.today
    }

    /// The organisation's day of an instant.
    #[must_use]
    pub fn day_of(&self, at: At) -> Day {
        self.calendar.day_of(at)
    }

    /// A day as text.
    #[must_use]
    pub fn day(&self, day: Day) -> String {
        format::day(day, self.today())
    }

    /// An amount as text.
    #[must_use]
    pub fn money(&self, amount: Money) -> String {
        format::money(amount, self.currency)
    }

    /// Active users by the newest measurement, as a whole number.
    #[must_use]
    pub fn active_users(&self) -> Option<i64> {
        let (_, value) = self.account.series("active_users")?.last(self.today())?;
        (value > 0.0).then(|| value.round() as i64)
    }

    /// Seats paid for today.
    #[must_use]
    pub fn licensed_seats(&self) -> Option<i64> {
        self.account.licensed_seats(self.today()).filter(|seats| *seats > 0)
    }

    /// The last day of the contract in force.
    #[must_use]
    pub fn renewal(&self) -> Option<Day> {
        self.account.contract_on(self.today())?.ends_on
    }
}

/// "today", "yesterday", "5 days ago", as counted in calendar days.
#[must_use]
pub fn days_ago(days: i32) -> String {
    match days {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => format!("{} days ago", format::number(i64::from(days))),
    }
}

/// "today", "tomorrow", "in 14 days".
#[must_use]
pub fn in_days(days: i32) -> String {
    match days {
        ..=0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("in {} days", format::number(i64::from(days))),
    }
}
