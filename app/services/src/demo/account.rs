//! From what an account is to its rows in each dataset.

use domain::time::Day;

use super::{
    catalog::{price_book, staff_name},
    prng::Prng,
    spec::{ApiLimit, Spec, person_name, value_at},
    table::Row,
    talk::{among_chatter, chatter},
    usage::WEEKEND,
};

/// A number of days before the as-of day.
pub(super) fn back(as_of: Day, ago: i32) -> Day {
    Day(as_of.0 - ago)
}

fn opt_day(as_of: Day, ago: Option<i32>) -> String {
    ago.map_or_else(String::new, |ago| back(as_of, ago).to_string())
}

pub(super) const CUSTOMER_COLUMNS: &[&str] = &[
    "external_id",
    "name",
    "status",
    "industry",
    "segment",
    "region",
    "country",
    "arr",
    "primary_department",
    "csm_email",
    "sales_rep_email",
    "original_ae_email",
    "created_on",
    "churned_on",
];

pub(super) fn customer_rows(spec: &Spec, as_of: Day) -> Vec<Row> {
    let arr = if spec.status == "active" { spec.annual.to_string() } else { String::new() };
    vec![vec![
        spec.id.clone(),
        spec.name.clone(),
        spec.status.to_owned(),
        spec.industry.to_owned(),
        spec.segment.to_owned(),
        spec.region.to_owned(),
        spec.country.to_owned(),
        arr,
        spec.department.to_owned(),
        spec.csm.to_owned(),
        spec.rep.to_owned(),
        spec.original_ae.to_owned(),
        back(as_of, spec.customer_for).to_string(),
        opt_day(as_of, spec.left),
    ]]
}

/// First and last day of the contract in force. Beyond half a year it ends with its month, as contracts do.
fn contract_days(spec: &Spec, as_of: Day) -> (Day, Day) {
    let mut ends = back(as_of, spec.left.unwrap_or(-spec.ends_in));
    if spec.left.is_none() && spec.ends_in > 180 {
        ends = back(ends.next_month_start(), 1);
    }
    let starts = Day(ends.0 + 1).plus_months(-spec.term_months);
    (starts, ends)
}

fn contract_id(spec: &Spec) -> String {
    format!("{}-c2", spec.id)
}

pub(super) const CONTRACT_COLUMNS: &[&str] = &[
    "external_id",
    "customer_external_id",
    "plan_sku",
    "status",
    "starts_on",
    "ends_on",
    "term_months",
    "licensed_seats",
    "price_per_seat_annual",
    "annual_value",
    "price_book",
    "auto_renew",
];

pub(super) fn contract_rows(spec: &Spec, as_of: Day) -> Vec<Row> {
    if spec.status == "prospect" {
        return Vec::new();
    }
    let (starts, ends) = contract_days(spec, as_of);
    let status = if spec.left.is_some() { "cancelled" } else { "active" };
    let row =
        |id: String, plan: &str, status: &str, from: Day, to: Day, seats: i64, annual: i64, book: String| -> Row {
            vec![
                id,
                spec.id.clone(),
                plan.to_owned(),
                status.to_owned(),
                from.to_string(),
                to.to_string(),
                spec.term_months.to_string(),
                seats.to_string(),
                spec.price.to_string(),
                annual.to_string(),
                book,
                (spec.term_months == 12).to_string(),
            ]
        };
    let mut rows = Vec::new();
    let before = starts.plus_months(-12);
    if !spec.lean && back(as_of, spec.customer_for) <= before {
        let seats = (spec.seats * 4 / 5).max(5);
        let (id, until) = (format!("{}-c1", spec.id), back(starts, 1));
        let annual = spec.annual * seats / spec.seats.max(1);
        rows.push(row(id, spec.plan, "expired", before, until, seats, annual, price_book(before)));
    }
    rows.push(row(contract_id(spec), spec.plan, status, starts, ends, spec.seats, spec.annual, price_book(as_of)));
    rows
}

pub(super) const ENTITLEMENT_COLUMNS: &[&str] =
    &["contract_external_id", "metric", "limit", "product_sku", "period", "starts_on", "ends_on"];

/// Calls of a usual month: 30 days of which two in seven are weekends.
fn usual_month(spec: &Spec) -> f64 {
    spec.api_daily * 30.0 * (5.0 + 2.0 * WEEKEND) / 7.0
}

/// A limit as it stands in a price list: two digits and zeros.
fn round_limit(value: f64) -> f64 {
    let step = 10_f64.powf(value.max(1.0).log10().floor() - 1.0);
    (value / step).ceil() * step
}

pub(super) fn entitlement_rows(spec: &Spec, as_of: Day) -> Vec<Row> {
    if spec.status == "prospect" {
        return Vec::new();
    }
    let row = |metric: &str, limit: String, sku: &str, period: &str, days: Option<(i32, i32)>| -> Row {
        let (from, to) = days.map_or_else(Default::default, |(began, ends_in)| {
            (back(as_of, began).to_string(), back(as_of, -ends_in).to_string())
        });
        vec![contract_id(spec), metric.to_owned(), limit, sku.to_owned(), period.to_owned(), from, to]
    };
    let mut rows = vec![
        row("seats", spec.seats.to_string(), "", "total", None),
        row("storage_gb", spec.storage_limit.to_string(), "", "total", None),
    ];
    rows.push(match spec.api_limit {
        ApiLimit::Months(multiple) => {
            row("api_calls", format!("{:.0}", round_limit(usual_month(spec) * multiple)), "", "month", None)
        }
        ApiLimit::Package { calls, began, ends_in, .. } => {
            row("api_calls", format!("{calls:.0}"), "", "total", Some((began, ends_in)))
        }
    });
    if let Some(ceiling) = spec.ceiling {
        let days = Some((ceiling.began, ceiling.ends_in));
        rows.push(row(&format!("feature.{}", ceiling.feature), ceiling.limit.to_string(), "", "total", days));
    }
    rows.extend(spec.products.iter().map(|sku| {
        row(&format!("module.{}", sku.to_ascii_lowercase().replace('-', "_")), "1".to_owned(), sku, "total", None)
    }));
    rows
}

pub(super) const CUSTOMER_USER_COLUMNS: &[&str] =
    &["external_id", "customer_external_id", "email", "name", "department", "title", "first_seen_on", "last_seen_on"];

pub(super) fn customer_user_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    if spec.status == "prospect" {
        return Vec::new();
    }
    let mut dice = Prng::keyed(seed, &spec.id, "people");
    let newcomers = spec.new_team.map_or(0, |team| team.users);
    let now = value_at(&spec.active, 0).round() as i32;
    // Nobody comes after the account has left.
    let gone = spec.left.unwrap_or(-1);
    let (count, newcomers) = if spec.lean { (4, newcomers) } else { ((now - newcomers).max(0), newcomers) };
    let mut rows = Vec::new();
    for number in 0..count + newcomers {
        let newcomer = spec.new_team.filter(|_| number >= count);
        // The n-th person was first seen when the level first reached n.
        let reached =
            (0..=spec.usage_days).rev().step_by(3).find(|ago| value_at(&spec.active, *ago) >= f64::from(number + 1));
        let first_seen = match newcomer {
            Some(team) => team.from - (team.from - team.to) * (number - count) / (team.users - 1).max(1),
            None => match reached {
                Some(ago) if ago < spec.usage_days - 3 && !spec.lean => ago,
                _ => dice.days(spec.usage_days.min(spec.customer_for - 1), spec.customer_for),
            },
        };
        let first_seen = first_seen.max(gone + 1);
        // Somebody new outside the first department is a signal of its own: only planted ones are.
        let department = match newcomer {
            Some(team) => team.department,
            None if first_seen < 60 || dice.percent(60) => spec.department,
            None => Some(dice.pick(&spec.other_departments)).filter(|d| !d.is_empty()).unwrap_or(spec.department),
        };
        let name = person_name(&mut dice);
        let email = format!("{}{number}@{}.example", name.to_lowercase().replace(' ', "."), spec.id);
        let last_seen = (gone.max(0) + dice.days(0, 6)).min(first_seen);
        rows.push(vec![
            format!("{}-u{number}", spec.id),
            spec.id.clone(),
            email,
            name,
            department.to_owned(),
            String::new(),
            back(as_of, first_seen).to_string(),
            back(as_of, last_seen).to_string(),
        ]);
    }
    rows
}

pub(super) const STAKEHOLDER_COLUMNS: &[&str] =
    &["external_id", "customer_external_id", "name", "email", "title", "role", "engagement", "last_contact_on"];

pub(super) fn stakeholder_rows(spec: &Spec, as_of: Day) -> Vec<Row> {
    let cells = |(number, person): (usize, &super::spec::Person)| {
        vec![
            format!("{}-s{number}", spec.id),
            spec.id.clone(),
            person.name.clone(),
            format!("{}@{}.example", person.name.to_lowercase().replace(' ', "."), spec.id),
            person.title.to_owned(),
            person.role.to_owned(),
            person.engagement.to_string(),
            back(as_of, person.contact).to_string(),
        ]
    };
    spec.people.iter().enumerate().map(cells).collect()
}

pub(super) const HEALTH_COLUMNS: &[&str] = &["customer_external_id", "scored_on", "score"];

/// Days before the as-of day on which health is scored: weekly of late, monthly before.
fn scored(spec: &Spec) -> Vec<i32> {
    if spec.lean {
        return vec![151, 121, 91, 61, 31, 1];
    }
    let monthly = (3..15).rev().map(|month| 31 * month);
    let weekly = [66, 59, 52, 45, 38, 31, 22, 15, 8, 1];
    monthly.chain(weekly).collect()
}

pub(super) fn health_rows(spec: &Spec, as_of: Day) -> Vec<Row> {
    let known = |ago: &i32| *ago <= spec.customer_for && spec.left.is_none_or(|left| *ago >= left);
    if spec.status == "prospect" {
        return Vec::new();
    }
    let row = |ago: i32| {
        let score = format!("{:.0}", value_at(&spec.health, ago).clamp(0.0, 100.0));
        vec![spec.id.clone(), back(as_of, ago).to_string(), score]
    };
    scored(spec).into_iter().filter(known).map(row).collect()
}

pub(super) const MEETING_COLUMNS: &[&str] =
    &["external_id", "customer_external_id", "held_at", "kind", "title", "transcript", "attendees"];

pub(super) fn meeting_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    let mut dice = Prng::keyed(seed, &spec.id, "meetings");
    let customer = spec.people.first().map_or_else(|| person_name(&mut dice), |person| person.name.clone());
    let vendor = staff_name(spec.csm);
    let mut talks: Vec<_> =
        spec.talks.iter().map(|talk| among_chatter(&mut dice, talk.clone(), &customer, vendor)).collect();
    let quiet = if spec.lean { i64::from(dice.percent(10)) } else { dice.between(2, 4) };
    for number in 0..quiet {
        let ago = dice.days(4, 50) + 55 * number as i32;
        if spec.left.is_none_or(|left| ago > left) {
            talks.push(chatter(&mut dice, ago, &customer, vendor, spec.misleading));
        }
    }
    talks.sort_by_key(|talk| std::cmp::Reverse((talk.ago, talk.title.clone())));
    let row = |(number, talk): (usize, &super::talk::Talk)| {
        let (hour, minute) = talk.at;
        vec![
            format!("{}-m{number}", spec.id),
            spec.id.clone(),
            format!("{}T{hour:02}:{minute:02}:00Z", back(as_of, talk.ago)),
            talk.kind.to_owned(),
            talk.title.clone(),
            talk.transcript(),
            talk.attendees(),
        ]
    };
    talks.iter().enumerate().map(row).collect()
}

pub(super) const TICKET_COLUMNS: &[&str] =
    &["external_id", "customer_external_id", "opened_at", "closed_at", "priority", "topic"];

pub(super) fn ticket_rows(seed: u64, spec: &Spec, as_of: Day) -> Vec<Row> {
    let instant = |ago: i32, time: &str| format!("{}T{time}Z", back(as_of, ago));
    let row = |problem: &super::spec::Problem| {
        vec![
            problem.id.clone(),
            spec.id.clone(),
            instant(problem.opened, "09:20:00"),
            problem.closed.map_or_else(String::new, |ago| instant(ago, "16:40:00")),
            problem.priority.to_owned(),
            problem.topic.to_owned(),
        ]
    };
    let mut rows: Vec<Row> = spec.problems.iter().map(row).collect();
    if spec.lean {
        return rows;
    }
    const TOPICS: [&str; 6] =
        ["Slow export", "Login on mobile", "Chart colours", "Question on roles", "Import of dates", "Wrong time zone"];
    let mut dice = Prng::keyed(seed, &spec.id, "tickets");
    for number in 0..dice.between(0, 3) {
        let opened = spec.left.unwrap_or(0) + dice.days(6, 300);
        let open = number == 0 && opened < 40;
        rows.push(row(&super::spec::Problem {
            id: format!("{}-t{number}", spec.id),
            opened,
            closed: (!open).then(|| opened - dice.days(1, 5)),
            priority: if open { "low" } else { dice.pick(&["low", "medium", "medium", "high"]) },
            topic: dice.pick(&TOPICS),
        }));
    }
    rows
}
