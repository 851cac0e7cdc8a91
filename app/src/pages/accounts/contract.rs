//! Contracts, limits against use, and charts of usage.

use domain::{
    format,
    view::account::{ContractView, EntitlementUse, UsageChart},
};
use leptos::prelude::*;

use crate::{
    components::{ChartBox, Panel, ScrollBox, Tone, chip},
    show,
};

/// Contracts, newest first.
pub(super) fn contracts(contracts: Vec<ContractView>) -> AnyView {
    let none = contracts.is_empty();
    let lines = contracts.into_iter().map(contract).collect_view();
    view! {
        <Panel title="Contracts">
            <ul class="divide-y divide-line border-t border-line">{lines}</ul>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"No contract is known."</p> })}
        </Panel>
    }
    .into_any()
}

fn contract(contract: ContractView) -> AnyView {
    let until = contract.ends_on.map_or_else(|| "open end".to_owned(), show::day);
    let seats = contract.licensed_seats.map(|seats| match contract.price_per_seat {
        Some(price) => format!("{} at {}", format::number(seats), show::money(price)),
        None => format::number(seats),
    });
    let renew = contract.auto_renew.map(|auto| if auto { "renews by itself" } else { "ends without renewal" });
    let term = contract.term_months.map(|months| format!("{months} months"));
    let term: Vec<_> = term.into_iter().chain(renew.map(str::to_owned)).collect();
    let facts = [
        ("Annual value", contract.annual_value.map(show::money)),
        ("Seats", seats),
        ("Price book", contract.price_book),
        ("Term", Some(term.join(", ")).filter(|text| !text.is_empty())),
    ];
    let facts = facts.into_iter().map(|(label, text)| view! { <div class="min-w-0"><dt class="eyebrow">{label}</dt><dd>{show::or_dash(text)}</dd></div> });
    let tone = if contract.status.eq_ignore_ascii_case("active") { Tone::Good } else { Tone::Quiet };
    view! {
        <li class="px-4 py-3">
            <p class="flex flex-wrap items-center gap-2 text-13">
                <span class="font-medium">{contract.plan.unwrap_or_else(|| contract.reference.clone())}</span>
                {chip(contract.status, tone)}
            </p>
            <p class="text-xs text-ink-3">{format!("{}, {} to {until}", contract.reference, show::day(contract.starts_on))}</p>
            <dl class="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 text-13">{facts.collect_view()}</dl>
        </li>
    }
    .into_any()
}

/// Limits against use.
pub(super) fn entitlements(rows: Vec<EntitlementUse>) -> AnyView {
    if rows.is_empty() {
        return view! {
            <Panel title="Entitlements against use">
                <p class="px-4 pb-4 text-13 text-ink-3">"No limits are known for the contracts in force."</p>
            </Panel>
        }
        .into_any();
    }
    let lines = rows.into_iter().map(|row| {
        let ratio = row.ratio;
        let tone = match ratio {
            Some(ratio) if ratio > 1.0 => "bg-lost",
            Some(ratio) if ratio >= 0.85 => "bg-chart-3",
            _ => "bg-chart-1",
        };
        view! {
            <tr>
                <th scope="row" class="!text-13 !font-normal !text-base-content">
                    {row.label} <span class="block text-xs text-ink-3">{row.note}</span>
                </th>
                <td class="w-[30%] max-sm:hidden">
                    <div class="track" aria-hidden="true"><span class=tone style=show::bar(ratio.unwrap_or(0.0))></span></div>
                </td>
                <td class="r whitespace-nowrap">{row.used.map_or_else(|| format::MISSING.to_owned(), format::quantity)}</td>
                <td class="r whitespace-nowrap">{format::quantity(row.limit)}</td>
                <td class="r whitespace-nowrap font-medium">{ratio.map_or_else(|| format::MISSING.to_owned(), format::percent)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Entitlements against use" note="Of the contracts in force">
            <ScrollBox label="Entitlements against use">
                <table class="grid-table edge roomy">
                    <thead>
                        <tr>
                            <th scope="col">"Limit"</th>
                            <th scope="col" class="max-sm:hidden"><span class="sr-only">"Share used"</span></th>
                            <th scope="col" class="r">"Used"</th>
                            <th scope="col" class="r">"Limit"</th>
                            <th scope="col" class="r">"Share"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </ScrollBox>
        </Panel>
    }
    .into_any()
}

/// Charts of usage, one per metric, each with its table.
pub(super) fn usage(charts: Vec<UsageChart>) -> AnyView {
    let none = charts.is_empty();
    let charts = charts.into_iter().map(|chart| {
        let rows = chart.points.iter().rev().map(|(day, value)| {
            view! {
                <tr>
                    <td>{show::day(*day)}</td>
                    <td class="r">{format::quantity(*value)}</td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let option = if chart.points.len() < 3 { String::new() } else { chart.option_json };
        view! {
            <ChartBox id=chart.metric title=chart.title summary=chart.summary option=option>
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col">"Week to"</th>
                            <th scope="col" class="r">"Value"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </ChartBox>
        }
    });
    let charts = charts.collect_view();
    view! {
        <Panel title="Usage">
            <div class="grid divide-line max-lg:divide-y lg:grid-cols-2">{charts}</div>
            {none.then(|| view! { <p class="px-4 pb-4 text-13 text-ink-3">"No usage has been imported for this account."</p> })}
        </Panel>
    }
    .into_any()
}
