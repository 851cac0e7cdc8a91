//! Next steps that work (PRODUCT 5): a call invitation, an outreach draft, a proposal, a task.

use domain::{
    access::{Actor, Capability},
    format,
    id::FoundId,
    opportunity::found::Found,
    time::{At, Day},
    view::finder::{OutreachDraft, Proposal},
};
use icalendar::{Calendar, Component, Event, EventLike};
use store::{Tx, activities::Activity, found::FoundRow, tasks::NewTask};

use crate::{Error, Result, Services, audit, auth, org::Org};

/// A call is offered so many working days ahead, at this hour of the organisation's clock.
const CALL_IN_WORKING_DAYS: u32 = 3;
const CALL_HOUR: u32 = 10;
const CALL_MINUTES: i64 = 30;
/// A proposal is valid for so long.
const VALID_DAYS: i32 = 30;
const MOST_TITLE_CHARS: usize = 200;

/// A found opportunity that this person may work on, with its texts.
async fn workable(services: &Services, actor: &Actor, found: FoundId) -> Result<(FoundRow, Found)> {
    auth::require(actor, Capability::LogSignal)?;
    let row = store::found::one(services.db.read(), &actor.scope, found).await?.ok_or(Error::NotFound)?;
    let detail = store::found::details(services.db.read(), &[found]).await?.remove(&found).ok_or(Error::NotFound)?;
    Ok((row, detail))
}

fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// The working day that lies `count` working days after `day`.
fn working_days_after(day: Day, count: u32) -> Day {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        day = day + 1;
        // 1970-01-01 was a Thursday: 2 and 3 days later were the weekend.
        if !matches!(day.0.rem_euclid(7), 2 | 3) {
            left -= 1;
        }
    }
    day
}

/// A calendar invitation (RFC 5545) for a call with the champion, in three working days at 10:00.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn invitation(services: &Services, actor: &Actor, found: FoundId) -> Result<String> {
    let (row, detail) = workable(services, actor, found).await?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let day = working_days_after(org.calendar.day_of(now), CALL_IN_WORKING_DAYS);
    let time = chrono::NaiveTime::from_hms_opt(CALL_HOUR, 0, 0).unwrap_or_default();
    let start = org.calendar.instant(day, time);
    let agenda: Vec<String> = detail.talking_points.iter().map(|point| format!("- {}", point.text)).collect();
    let event = Event::new()
        .uid(&format!("{found}-{day}@headroom"))
        .timestamp(now.utc())
        .summary(&format!("{}: {}", row.customer_name, row.name))
        .description(&format!("Agenda\n{}", agenda.join("\n")))
        .starts(start.utc())
        .ends(At(start.0 + CALL_MINUTES * 60_000).utc())
        .done();
    Ok(Calendar::new().push(event).done().to_string())
}

/// A mail text from the evidence.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn draft(services: &Services, actor: &Actor, found: FoundId) -> Result<OutreachDraft> {
    let (row, detail) = workable(services, actor, found).await?;
    let champion = detail.champion.as_ref();
    let stakeholder = match champion {
        Some(champion) => store::customers::stakeholder_email(services.db.read(), champion.stakeholder).await?,
        None => None,
    };
    let greeting =
        champion.map_or_else(|| "Hello,".to_owned(), |champion| format!("Hello {},", first_name(&champion.name)));
    let points: Vec<String> = detail.talking_points.iter().map(|point| format!("- {}", point.text)).collect();
    let ask = detail.approach.first().map(|step| format!("What I would suggest first: {}.", lower_first(&step.text)));
    let body = [
        greeting,
        String::new(),
        format!("looking at how {} works with us, a few things stood out:", row.customer_name),
        String::new(),
        points.join("\n"),
        String::new(),
        ask.unwrap_or_default(),
        "Do you have half an hour this week or next to talk it through?".into(),
        String::new(),
        format!("Best regards\n{}", actor.name),
    ]
    .join("\n");
    Ok(OutreachDraft {
        account: row.customer_name.clone(),
        to: stakeholder.unwrap_or_default(),
        subject: format!("{}: {}", row.customer_name, row.name),
        name: row.name,
        body,
    })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Records that somebody reached out; the 14-day guard starts.
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Invalid`] without a word of what was sent.
pub async fn record_outreach(services: &Services, actor: &Actor, found: FoundId, what: &str) -> Result<()> {
    let (row, _) = workable(services, actor, found).await?;
    let what = what.trim();
    if what.is_empty() || what.chars().count() > MOST_TITLE_CHARS {
        return Err(Error::field("what", format!("Say what you sent, in 1 to {MOST_TITLE_CHARS} characters.")));
    }
    let now = services.now();
    let activity = &Activity {
        customer: row.customer,
        opportunity: row.record.as_ref().map(|record| record.id),
        at: now,
        actor: actor.name.clone(),
        kind: "outreach".into(),
        text: what.to_owned(),
        user: Some(actor.user),
    };
    let label = &format!("{}: {what}", row.customer_name);
    let write = |tx: Tx| async move {
        store::activities::record(&tx, activity.clone()).await?;
        store::touched::touch(&tx, [row.customer], now).await?;
        store::audit::record(&tx, audit::by(actor, now, "outreach.recorded", found.to_string(), label.as_str())).await
    };
    services.db.write(write).await?;
    crate::scan::scan_accounts(services, now, &[row.customer]).await?;
    Ok(())
}

/// What a printable proposal holds: need, evidence, offer, price, terms.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn proposal(services: &Services, actor: &Actor, found: FoundId) -> Result<Proposal> {
    let (row, detail) = workable(services, actor, found).await?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let champion = detail.champion.as_ref();
    let lines = store::customers::lines(services.db.read(), &[row.customer], today).await?;
    let renews_on = lines.first().and_then(|line| line.renews_on);
    let mut terms = vec![format!("This offer is valid until {}.", format::day(today + VALID_DAYS, Day(0)))];
    if let Some(renewal) = renews_on {
        terms.push(format!("Co-terms with the present contract, which renews on {}.", format::day(renewal, Day(0))));
    }
    terms.push(format!("Prices are in {} for one year, before taxes.", org.currency));
    // The approach is ours alone; what the customer reads is what is offered.
    let mut offer = vec![row.name.clone()];
    offer.extend(detail.value.expected.map(|value| format!("{} a year", format::money(value, &org.currency))));
    Ok(Proposal {
        account: row.customer_name,
        name: row.name,
        to: champion.map(|champion| match &champion.title {
            Some(title) => format!("{}, {title}", champion.name),
            None => champion.name.clone(),
        }),
        from: format!("{}, {}", actor.name, org.name),
        dated: format::day(today, Day(0)),
        need: detail.talking_points.into_iter().map(|point| point.text).collect(),
        evidence: detail.signals.into_iter().map(|signal| signal.title).collect(),
        offer,
        price: detail.value,
        terms,
    })
}

/// Makes a task for this person, due on a day (`YYYY-MM-DD`).
///
/// # Errors
/// [`Error::NotFound`] outside the scope; [`Error::Invalid`] beside `title` or `due_on`.
pub async fn add_task(services: &Services, actor: &Actor, found: FoundId, title: &str, due_on: &str) -> Result<()> {
    let (row, _) = workable(services, actor, found).await?;
    let title = title.trim();
    if title.is_empty() || title.chars().count() > MOST_TITLE_CHARS {
        return Err(Error::field("title", format!("Write a title of 1 to {MOST_TITLE_CHARS} characters.")));
    }
    let now = services.now();
    let org = Org::load(services, now).await?;
    let today = org.calendar.day_of(now);
    let due_on: Day = due_on.trim().parse().map_err(|_| Error::field("due_on", "Write a day like 2026-02-27."))?;
    if due_on < today {
        return Err(Error::field("due_on", "Choose today or a later day."));
    }
    let task = &NewTask {
        user: actor.user,
        customer: row.customer,
        opportunity: row.record.as_ref().map(|record| record.id),
        title: title.to_owned(),
        due_on,
        dedupe_key: None,
    };
    let write = |tx: Tx| async move {
        store::tasks::insert(&tx, task.clone(), now).await?;
        store::audit::record(&tx, audit::by(actor, now, "task.created", found.to_string(), title)).await
    };
    services.db.write(write).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_fall_on_working_days() {
        // Monday → Thursday, Wednesday → Monday, Friday → Wednesday.
        for (from, to) in [("2026-02-02", "2026-02-05"), ("2026-02-04", "2026-02-09"), ("2026-02-06", "2026-02-11")] {
            assert_eq!(working_days_after(from.parse().unwrap(), 3).to_string(), to, "{from}");
        }
    }
}
