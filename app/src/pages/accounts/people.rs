//! People, health, departments and tickets of an account.

use domain::{
    format,
    view::account::{HealthView, PersonView},
};
use leptos::prelude::*;

use crate::{
    components::{Panel, avatar, sparkline},
    show,
};

/// Health with its history.
pub(super) fn health(health: Option<HealthView>) -> AnyView {
    let Some(health) = health else {
        return view! {
            <Panel title="Health">
                <p class="px-4 pb-4 text-13 text-ink-3">"Unknown: no score was imported. Unknown health holds nothing back."</p>
            </Panel>
        }
        .into_any();
    };
    let change = match health.change_30d {
        Some(change) if change > 0.0 => format!("+{} in 30 days", format::quantity(change)),
        Some(change) if change < 0.0 => format!("{} in 30 days", format::quantity(change)),
        Some(_) => "no change in 30 days".to_owned(),
        None => "no score 30 days ago".to_owned(),
    };
    let series: Vec<f64> = health.series.iter().map(|(_, score)| *score).collect();
    let last = health.series.last().map(|(day, _)| format!("scored {}", show::day(*day)));
    view! {
        <Panel title="Health">
            <div class="flex items-end justify-between gap-3 px-4 pb-4">
                <p>
                    <span class="text-lg font-semibold tabular-nums">{format::confidence(health.score)}</span>
                    <span class="block text-xs text-ink-3">{change} {last.map(|last| format!(", {last}"))}</span>
                </p>
                {sparkline(&series, 140.0, 36.0)}
            </div>
        </Panel>
    }
    .into_any()
}

/// Stakeholders, and who looks after the account.
pub(super) fn people(people: Vec<PersonView>, csm: Option<String>, sales_rep: Option<String>) -> AnyView {
    let none = people.is_empty();
    let lines = people.into_iter().map(|person| {
        let contact = person.last_contact_on.map(|day| format!("last contact {}", show::day(day)));
        view! {
            <li class="flex items-start gap-2.5 px-4 py-2.5 text-13">
                {avatar(&person.name, "size-7")} <span class="min-w-0 flex-1">
                    <span class="font-medium">{person.name}</span>
                    <span class="block text-xs text-ink-3">{person.title}</span>
                    {person.email.map(|email| view! { <a class="act block truncate text-xs" rel="external" href=format!("mailto:{email}")>{email.clone()}</a> })}
                </span> <span class="text-right text-xs text-ink-3">
                    <span class="block text-ink-2">{person.role}</span>
                    {person.engagement.map(|engagement| format!("engagement {}", format::confidence(engagement)))}
                    {contact.map(|contact| view! { <span class="block">{contact}</span> })}
                </span>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="People">
            <ul class="divide-y divide-line border-t border-line">{lines}</ul>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"No stakeholders are known."</p> })}
            <dl class="hair grid grid-cols-2 gap-4 px-4 py-3 text-13">
                <div>
                    <dt class="eyebrow">"CSM"</dt>
                    <dd>{csm.unwrap_or_else(|| "Nobody".into())}</dd>
                </div>
                <div>
                    <dt class="eyebrow">"Sales rep"</dt>
                    <dd>{sales_rep.unwrap_or_else(|| "Nobody".into())}</dd>
                </div>
            </dl>
        </Panel>
    }
    .into_any()
}

/// Users by department.
pub(super) fn departments(rows: Vec<(String, u32, u32)>) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let lines = rows.into_iter().map(|(name, users, new)| {
        view! {
            <tr>
                <td>{name}</td>
                <td class="r">{format::number(i64::from(users))}</td>
                <td class="r">{format::number(i64::from(new))}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Users by department">
            <table class="grid-table edge">
                <thead>
                    <tr>
                        <th scope="col">"Department"</th>
                        <th scope="col" class="r">"Users"</th>
                        <th scope="col" class="r">"New, 30 d"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </Panel>
    }
    .into_any()
}

/// Open tickets: reference, topic, priority, since.
pub(super) fn tickets(rows: Vec<(String, String, String, String)>) -> AnyView {
    let none = rows.is_empty();
    let lines = rows.into_iter().map(|(reference, topic, priority, since)| {
        view! {
            <li class="px-4 py-2.5 text-13">
                <span class="font-medium">{reference}</span>
                " "
                {topic}
                <span class="block text-xs text-ink-3">{format!("{priority}, open since {since}")}</span>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Open tickets">
            <ul class="divide-y divide-line border-t border-line">{lines}</ul>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"None."</p> })}
        </Panel>
    }
    .into_any()
}
