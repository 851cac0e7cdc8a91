//! The breakdown beside the list: quick wins, by type, by timeline, not now.

use domain::{
    format,
    money::Money,
    view::finder::{FinderPage, FinderRow, GroupRow},
};
use leptos::prelude::*;

use crate::{
    components::{Glyph, Panel, ScrollBox, icon, number},
    show,
    url::{Here, encode},
};

/// The aside.
pub(super) fn aside(page: FinderPage, here: &Here) -> AnyView {
    let open = |measure: &str| here.with(&[("open", measure)]);
    let quick = quick_wins(page.quick_wins, open("quick"), here);
    let types = groups("By type", "Type", "type", page.by_type, (page.found.count, page.found.value), here);
    let timelines =
        groups("By timeline", "Timeline", "timeline", page.by_timeline, (page.found.count, page.found.value), here);
    let held_note = format!("{} held back, {}", page.held.count, show::money(page.held.value));
    let held = (!page.held_rows.is_empty()).then(|| held(page.held_rows, held_note, here));
    view! { <aside class="min-w-0 space-y-4" aria-label="Breakdown">{quick} {types} {timelines} {held}</aside> }
        .into_any()
}

fn account_link(row: &FinderRow) -> AnyView {
    let href = format!("/accounts/{}", encode(&row.account_ref));
    view! { <a class="font-medium underline-offset-4 hover:underline" href=href>{row.account.clone()}</a> }.into_any()
}

fn quick_wins(rows: Vec<FinderRow>, sum_href: String, here: &Here) -> AnyView {
    if rows.is_empty() {
        return view! {
            <Panel title="Quick wins" note="High value, high confidence, immediate">
                <p class="px-4 pb-4 text-13 text-ink-3">"None now: no opportunity is all three at once."</p>
            </Panel>
        }
        .into_any();
    }
    let sum: Money = rows.iter().filter_map(|row| row.value).sum();
    let count = show::count(u32::try_from(rows.len()).unwrap_or(u32::MAX), "opportunity", "opportunities");
    let lines = rows.iter().map(|row| {
        let opens = here.with(&[("open", &format!("row:{}", row.id))]);
        let value = row.value.map(|value| number(show::money(value), &row.account, opens, ""));
        view! {
            <tr>
                <td class="py-2">{account_link(row)} <span class="block text-xs text-ink-3">{row.kind.label()}</span></td>
                <td class="r">{format::confidence(row.confidence)}</td>
                <td class="r">{value}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Quick wins" note="High value, high confidence, immediate">
            <table class="grid-table edge">
                <thead>
                    <tr>
                        <th scope="col">"Account"</th>
                        <th scope="col" class="r">"Confid."</th>
                        <th scope="col" class="r">"Value"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{count}</th>
                        <td class="r"></td>
                        <td class="r">{number(show::money(sum), "quick wins", sum_href, "")}</td>
                    </tr>
                </tfoot>
            </table>
        </Panel>
    }
    .into_any()
}

fn groups(
    title: &'static str,
    head: &'static str,
    measure: &'static str,
    rows: Vec<GroupRow>,
    all: (u32, Money),
    here: &Here,
) -> AnyView {
    let lines = rows.into_iter().map(|row| {
        let href = here.with(&[("open", &format!("{measure}:{}", row.key))]);
        view! {
            <tr>
                <th scope="row" class="!text-13 !font-normal !text-base-content">{row.label.clone()}</th>
                <td class="r">{format::number(i64::from(row.figure.count))}</td>
                <td class="r">{row.average_confidence.map_or_else(|| format::MISSING.to_owned(), format::confidence)}</td>
                <td class="r">{number(show::money(row.figure.value), &row.label, href, "")}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    let all_href = here.with(&[("open", "found")]);
    view! {
        <Panel title=title>
            <ScrollBox label=title>
                <table class="grid-table tight edge">
                    <thead>
                        <tr>
                            <th scope="col">{head}</th>
                            <th scope="col" class="r">"Opps"</th>
                            <th scope="col" class="r">"Avg conf."</th>
                            <th scope="col" class="r">"Value"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"All"</th>
                            <td class="r">{format::number(i64::from(all.0))}</td>
                            <td class="r"></td>
                            <td class="r">{number(show::money(all.1), "all", all_href, "")}</td>
                        </tr>
                    </tfoot>
                </table>
            </ScrollBox>
        </Panel>
    }
    .into_any()
}

fn held(rows: Vec<FinderRow>, note: String, here: &Here) -> AnyView {
    let lines = rows.iter().map(|row| {
        let href = here.with(&[("open", &format!("row:{}", row.id))]);
        let why = here.with(&[("why", &row.id.to_string()), ("status", "held_back"), ("page", "")]);
        let guards = row.guards.iter().map(|guard| {
            view! {
                <p class="mt-0.5 flex items-center gap-1.5 text-xs text-warning">
                    {icon(Glyph::Pause, "size-3")}
                    {guard.text.clone()}
                </p>
                <p class="text-xs text-ink-3">{format!("{}; until {}", guard.detail, guard.until)}</p>
            }
        });
        let value = row.value.map(|value| number(show::money(value), &format!("{} held back", row.account), href, ""));
        view! {
            <li class="px-4 py-2.5">
                <p class="flex items-baseline justify-between gap-2 text-13">
                    <span class="min-w-0">{account_link(row)} " " <a class="text-ink-2 underline-offset-4 hover:underline" href=why>{row.name.clone()}</a></span>
                    {value}
                </p>
                {guards.collect_view()}
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Not now" note=note>
            <ul class="divide-y divide-line border-t border-line">{lines}</ul>
        </Panel>
    }
    .into_any()
}
