//! `/accounts/{id}`: contract and entitlements against use, usage, people, health, signals, what was found, why not.

use domain::view::account::AccountPage;
use leptos::prelude::*;
use leptos_meta::Script;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{
    contract::{contracts, entitlements, usage},
    people::{departments, health, people, tickets},
    why_not::why_not,
};
use crate::{
    components::{Glyph, NumberDrawer, PageHead, Panel, Tone, chip, icon, load, log, number},
    pages::finder::{Actions, RowKind, rows, signal_lines},
    server_fns::accounts::load_account,
    show,
    url::{Here, encode},
};

/// The account.
#[component]
pub fn AccountDetail() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let key = Memo::new(move |_| {
        let reference = params.with(|params| params.get("id")).unwrap_or_default();
        (reference, query.with(|query| query.get("open")).unwrap_or_default())
    });
    let actions = Actions::new();
    let page = Resource::new_blocking(
        move || (key.get(), actions.version()),
        |((reference, open), _)| load_account(reference, open),
    );
    view! {
        <Script type_="module" src="/echarts.js"/>
        {actions.alerts()}
        {load(page, move |page| account(page, actions).into_any())}
    }
    .into_any()
}

fn account(page: AccountPage, actions: Actions) -> AnyView {
    let here = Here::now();
    let drawer =
        page.drawer.clone().map(|drawer| view! { <NumberDrawer drawer=drawer close=here.with(&[("open", "")])/> });
    let head = head(&page, &here);
    let found = found(&page, &here, actions);
    let signals = signals(&page);
    let blockers = blockers(&page);
    let activity = activity(&page);
    view! {
        {drawer}
        {head}
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <div class="min-w-0 space-y-4">
                {found} {signals} {entitlements(page.entitlements)} {usage(page.charts)} {why_not(page.why_not, &page.name)}
            </div>
            <aside class="min-w-0 space-y-4" aria-label="About the account">
                {blockers} {health(page.health)} {people(page.people, page.csm, page.sales_rep)} {contracts(page.contracts)}
                {departments(page.departments)} {tickets(page.tickets)} {activity}
            </aside>
        </div>
    }
    .into_any()
}

fn head(page: &AccountPage, here: &Here) -> AnyView {
    let facts = page.facts.iter().map(|(label, text)| format!("{label} {}", text.replace('_', " ")));
    let facts = facts.chain([format!("data through {}", page.data_through)]).collect::<Vec<_>>().join(" · ");
    let arr = match page.arr {
        Some(arr) => number(show::money(arr), "ARR", here.with(&[("open", "arr")]), "font-semibold").into_any(),
        None => "no ARR known".into_any(),
    };
    let tone = if page.status.eq_ignore_ascii_case("active") { Tone::Good } else { Tone::Quiet };
    let name = page.name.clone();
    let status = page.status.clone();
    let log = page.may_log.then(|| {
        view! {
            <a class="btn btn-sm btn-primary gap-1.5 text-13" href=format!("/signals/new?customer={}", encode(&page.account_ref))>
                {icon(Glyph::Plus, "size-3.5")}
                "Log a signal"
            </a>
        }
    });
    view! {
        <nav aria-label="Breadcrumb" class="no-print mb-2 text-xs text-ink-3">
            <ol class="flex flex-wrap items-center gap-1.5">
                <li class="flex items-center gap-1.5"><a href="/accounts" class="underline-offset-4 hover:text-base-content hover:underline">"Accounts"</a></li>
                <li class="flex items-center gap-1.5">{icon(Glyph::Right, "size-3")} <span aria-current="page" class="text-ink-2">{name.clone()}</span></li>
            </ol>
        </nav>
        <PageHead title=name sub=facts>
            <span class="flex items-center gap-2 text-13">{chip(status, tone)} <span class="text-ink-3">"ARR"</span> {arr}</span>
            {log}
        </PageHead>
    }
    .into_any()
}

fn found(page: &AccountPage, here: &Here, actions: Actions) -> AnyView {
    let body = if page.found.is_empty() {
        view! { <p class="px-4 pb-4 text-13 text-ink-3">"Nothing found: no live signal is strong enough. “Why not?” below says what is missing."</p> }.into_any()
    } else {
        let kind = RowKind::OfAccount { may_decide: page.may_decide };
        view! { <div class="divide-y divide-line border-t border-line">{rows(page.found.clone(), here, kind, actions)}</div> }.into_any()
    };
    view! { <div id="found"><Panel title="Found" note="Opportunities with live evidence">{body}</Panel></div> }
        .into_any()
}

fn signals(page: &AccountPage) -> AnyView {
    let note = show::count(u32::try_from(page.signals.len()).unwrap_or(u32::MAX), "live signal", "live signals");
    let lines = page.signals.clone();
    view! {
        <div id="signals">
            <Panel title="Signals" note=note>
                <div class="px-4 pb-4">{signal_lines(lines)}</div>
            </Panel>
        </div>
    }
    .into_any()
}

fn blockers(page: &AccountPage) -> AnyView {
    let none = page.blockers.is_empty();
    let lines = page.blockers.iter().map(|blocker| {
        view! {
            <li class="flex items-start gap-2 px-4 py-2.5 text-13">
                <span class="mt-0.5 text-warning">{icon(Glyph::Warn, "size-4")}</span>
                <span class="min-w-0">{blocker.text.clone()} <span class="block text-xs text-ink-3">{blocker.detail.clone()}</span></span>
            </li>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Blockers">
            <ul class="divide-y divide-line border-t border-line">{lines}</ul>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"None said or seen."</p> })}
        </Panel>
    }
    .into_any()
}

fn activity(page: &AccountPage) -> AnyView {
    let lines: Vec<_> = page.activity.iter().cloned().map(Into::into).collect();
    let none = lines.is_empty();
    view! {
        <Panel title="Activity">
            <div class="px-4 pb-4">
                {log(lines)} {none.then(|| view! { <p class="text-13 text-ink-3">"Nothing has happened yet."</p> })}
            </div>
        </Panel>
    }
    .into_any()
}
