//! Not now: what holds an alert back, with a visible reason and an end (PRODUCT 1.7, PRODUCT 2 on health).
//!
//! To add a guard: a function that answers `Option<Guard>` and a line in [`guards`].

use super::{composite::ten_thousandths, found::Guard, health, input::Input};
use crate::{
    account::{CustomerStatus, Priority, Ticket},
    format,
    signal::episode::Episode,
    time::Day,
};

/// A customer is not written to again within this many days (PRODUCT 1.7).
pub const OUTREACH_DAYS: i32 = 14;

/// Everything that holds alerts on this account back, in the order in which it is shown. `signals` are those that make
/// the opportunity; only when all of them are quiet is it quiet.
#[must_use]
pub fn guards(input: &Input<'_>, signals: &[&Episode]) -> Vec<Guard> {
    account_guards(input).into_iter().chain(quiet(input, signals)).collect()
}

/// The guards that hold for every opportunity of the account.
#[must_use]
pub fn account_guards(input: &Input<'_>) -> Vec<Guard> {
    let all = [
        churned(input),
        no_contract(input),
        unhealthy(input),
        falling_health(input),
        critical_ticket(input),
        outreach(input),
    ];
    all.into_iter().flatten().collect()
}

fn guard(key: &str, text: impl Into<String>, detail: String, until: impl Into<String>) -> Guard {
    Guard { key: key.to_owned(), text: text.into(), detail, until: until.into() }
}

fn churned(input: &Input<'_>) -> Option<Guard> {
    let customer = &input.account.customer;
    let gone = match customer.churned_on {
        Some(left) => left <= input.today(),
        None => customer.status == CustomerStatus::Churned,
    };
    gone.then(|| {
        let detail = match customer.churned_on {
            Some(on) => format!("Left on {}", input.day(on)),
            None => "The account's status is churned".to_owned(),
        };
        guard("churned", "Churned", detail, "when they are a customer again")
    })
}

fn no_contract(input: &Input<'_>) -> Option<Guard> {
    let today = input.today();
    let contracts = &input.account.contracts;
    if contracts.iter().any(|contract| contract.in_force(today)) {
        return None;
    }
    let ended = contracts.iter().filter_map(|c| c.ends_on).filter(|on| *on < today).max();
    let starts = contracts.iter().map(|c| c.starts_on).filter(|on| *on > today).min();
    let until = "when a contract is in force";
    Some(match (starts, ended) {
        (Some(on), _) => guard(
            "no_contract",
            "No active contract",
            format!("The next one begins on {}", input.day(on)),
            input.day(on),
        ),
        (None, Some(on)) => {
            guard("no_contract", "No active contract", format!("The last one ended on {}", input.day(on)), until)
        }
        (None, None) if contracts.is_empty() => {
            guard("no_contract", "No active contract", "No contract is known".to_owned(), until)
        }
        (None, None) => guard("no_contract", "No active contract", "The last one was ended early".to_owned(), until),
    })
}

fn unhealthy(input: &Input<'_>) -> Option<Guard> {
    let bar = input.context.market.healthy_at;
    let trend = health::trend(input).filter(|trend| ten_thousandths(trend.latest) < ten_thousandths(bar))?;
    let bar = format::quantity(bar);
    let level = format::quantity(trend.latest);
    let detail = match trend.on {
        Some(on) => format!("{level} on {}", input.day(on)),
        None => format!("{level} on the account's row"),
    };
    Some(guard("unhealthy", format!("Health below {bar}"), detail, format!("when health is {bar} or more")))
}

/// Health fell by ten points or more in 30 days.
pub(super) fn falling_health(input: &Input<'_>) -> Option<Guard> {
    let trend = health::trend(input).filter(health::HealthTrend::is_falling)?;
    Some(guard("falling_health", "Falling health", trend.fall_sentence(), "when health recovers"))
}

/// A critical ticket is open.
pub(super) fn critical_ticket(input: &Input<'_>) -> Option<Guard> {
    let now = input.context.now;
    let open = |t: &&Ticket| {
        t.priority == Priority::Critical && t.opened_at <= now && t.closed_at.is_none_or(|closed| closed > now)
    };
    let mut tickets: Vec<&Ticket> = input.account.tickets.iter().filter(open).collect();
    tickets.sort_by_key(|ticket| (ticket.opened_at, ticket.id));
    let first = tickets.first()?;
    let topic = first.topic.as_deref().map(|topic| format!(" “{topic}”")).unwrap_or_default();
    let since = input.day(input.day_of(first.opened_at));
    let others = match tickets.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let detail = format!("{}{topic}, open since {since}{others}", ticket_number(&first.external_id));
    let until = if tickets.len() == 1 { "when the ticket closes" } else { "when the tickets close" };
    Some(guard("critical_ticket", "Open critical ticket", detail, until))
}

/// Somebody wrote or spoke to the customer in the last 14 days.
pub(super) fn outreach(input: &Input<'_>) -> Option<Guard> {
    let last = input.account.last_outreach.as_ref()?;
    let on = input.day_of(last.at);
    if !(0..OUTREACH_DAYS).contains(&(input.today() - on)) {
        return None;
    }
    let text = format!("Outreach in the last {OUTREACH_DAYS} days");
    let detail = format!("{} by {}, {}", last.what, last.by, input.day(on));
    Some(guard("outreach", text, detail, input.day(on + OUTREACH_DAYS)))
}

fn quiet(input: &Input<'_>, signals: &[&Episode]) -> Option<Guard> {
    let until: Vec<Day> = signals.iter().filter_map(|s| s.quiet_until).filter(|until| *until > input.today()).collect();
    if until.is_empty() || until.len() < signals.len() {
        return None;
    }
    let ends = until.into_iter().min()?;
    let detail = match signals {
        [only] => format!("“{}” is set quiet", only.title),
        all => format!("All {} signals are set quiet", all.len()),
    };
    Some(guard("quiet", "Set quiet", detail, input.day(ends)))
}

/// `4471` as `#4471`; an id that is not a number stands as it is.
fn ticket_number(external_id: &str) -> String {
    let is_number = !external_id.is_empty() && external_id.bytes().all(|b| b.is_ascii_digit());
    if is_number { format!("#{external_id}") } else { external_id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::Sample, *};
    use crate::{
        account::{ContractStatus, Outreach},
        id::TicketId,
        opportunity::OpportunityType,
        signal::RuleKey,
    };

    fn shown(sample: &Sample) -> Vec<[String; 4]> {
        let signals: Vec<_> = sample.live.iter().collect();
        guards(&sample.input(), &signals).into_iter().map(|g| [g.key, g.text, g.detail, g.until]).collect()
    }

    fn check(sample: &Sample, expected: &[[&str; 4]]) {
        let plain = |text: &String| text.replace('\u{a0}', " ");
        let found: Vec<_> = shown(sample).iter().map(|row| row.each_ref().map(plain)).collect();
        assert_eq!(found, expected);
    }

    fn ticket(sample: &Sample, id: i64, priority: Priority, opened: i32, closed: Option<i32>) -> Ticket {
        Ticket {
            id: TicketId(id),
            external_id: format!("447{id}"),
            opened_at: sample.at(opened),
            closed_at: closed.map(|days| sample.at(days)),
            priority,
            topic: Some("SSO outage".to_owned()),
        }
    }

    #[test]
    fn a_healthy_account_with_a_contract_is_free() {
        let mut sample = Sample::new();
        check(&sample, &[]);
        sample.account.health = vec![(sample.today() - 40, 60.0), (sample.today() - 1, 60.0)];
        check(&sample, &[]);
    }

    #[test]
    fn churn_and_contracts() {
        let mut sample = Sample::new();
        sample.account.customer.status = CustomerStatus::Churned;
        check(&sample, &[["churned", "Churned", "The account's status is churned", "when they are a customer again"]]);
        sample.account.customer.churned_on = Some(sample.today() - 1);
        check(&sample, &[["churned", "Churned", "Left on 1 Feb", "when they are a customer again"]]);
        sample.account.customer.churned_on = Some(sample.today() + 1);
        check(&sample, &[]);

        let mut sample = Sample::new();
        sample.contract().ends_on = Day::from_ymd(2026, 1, 31);
        check(
            &sample,
            &[["no_contract", "No active contract", "The last one ended on 31 Jan", "when a contract is in force"]],
        );
        sample.contract().starts_on = Day::from_ymd(2026, 3, 1).unwrap();
        sample.contract().ends_on = None;
        check(&sample, &[["no_contract", "No active contract", "The next one begins on 1 Mar", "1 Mar"]]);
        sample.contract().starts_on = Day::from_ymd(2025, 3, 1).unwrap();
        sample.contract().status = ContractStatus::Cancelled;
        check(
            &sample,
            &[["no_contract", "No active contract", "The last one was ended early", "when a contract is in force"]],
        );
        sample.account.contracts.clear();
        check(&sample, &[["no_contract", "No active contract", "No contract is known", "when a contract is in force"]]);
    }

    #[test]
    fn health_below_the_bar_and_falling() {
        let mut sample = Sample::new();
        sample.account.health = vec![(sample.today() - 31, 74.0), (sample.today() - 1, 62.0)];
        check(&sample, &[["falling_health", "Falling health", "74 → 62 in 30 days (−12)", "when health recovers"]]);
        sample.account.health = vec![(sample.today() - 1, 59.9)];
        check(&sample, &[["unhealthy", "Health below 60", "59.9 on 1 Feb", "when health is 60 or more"]]);
        sample.account.health.clear();
        sample.account.customer.health_score = Some(41.0);
        check(&sample, &[["unhealthy", "Health below 60", "41 on the account's row", "when health is 60 or more"]]);
    }

    #[test]
    fn open_critical_tickets() {
        let mut sample = Sample::new();
        sample.account.tickets = vec![
            ticket(&sample, 1, Priority::Critical, -3, None),
            ticket(&sample, 2, Priority::High, -9, None),
            ticket(&sample, 3, Priority::Critical, -9, Some(-1)),
            ticket(&sample, 4, Priority::Critical, 1, None),
        ];
        let open = "#4471 “SSO outage”, open since 30 Jan";
        check(&sample, &[["critical_ticket", "Open critical ticket", open, "when the ticket closes"]]);
        sample.account.tickets[2].closed_at = None;
        let both = "#4473 “SSO outage”, open since 24 Jan, and 1 more";
        check(&sample, &[["critical_ticket", "Open critical ticket", both, "when the tickets close"]]);
    }

    #[test]
    fn outreach_holds_for_fourteen_days() {
        for (ago, held) in [(0, true), (6, true), (13, true), (14, false), (-1, false)] {
            let mut sample = Sample::new();
            let at = sample.at(-ago);
            sample.account.last_outreach =
                Some(Outreach { at, by: "Tom Becker".to_owned(), what: "Call about 50 additional seats".to_owned() });
            assert_eq!(shown(&sample).len() == 1, held, "{ago} days ago");
            if ago == 6 {
                let detail = "Call about 50 additional seats by Tom Becker, 27 Jan";
                check(&sample, &[["outreach", "Outreach in the last 14 days", detail, "10 Feb"]]);
            }
        }
    }

    #[test]
    fn quiet_only_when_every_signal_is() {
        let mut sample = Sample::new();
        let today = sample.today();
        sample.signal(RuleKey::ApiLimit, OpportunityType::AddOn, 0.8, 0).quiet_until = Some(today + 20);
        check(&sample, &[["quiet", "Set quiet", "“API limit of the test” is set quiet", "22 Feb"]]);
        sample.signal(RuleKey::ApiGrowth, OpportunityType::AddOn, 0.65, 0).quiet_until = Some(today + 8);
        check(&sample, &[["quiet", "Set quiet", "All 2 signals are set quiet", "10 Feb"]]);
        sample.live[0].quiet_until = Some(today);
        check(&sample, &[]);
    }
}
