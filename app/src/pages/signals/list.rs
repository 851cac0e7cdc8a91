//! `/signals`: what the rules saw, with evidence; acknowledge, not now, dismiss.

use domain::{
    format,
    id::SignalId,
    signal::{RuleKey, StrengthClass},
    view::signals::{SignalRow, SignalsPage, SignalsQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        EvidenceBlock, FilterForm, FilterPick, Glyph, Hidden, PageAlert, PageHead, Pagination, Panel, ScrollBox, Tone,
        chip, empty, errors_of, icon, list_link, load, no_errors, strength,
    },
    pages::finder::{dismiss_fields, quiet_fields},
    server_fns::signals::{AcknowledgeSignal, DismissSignal, QuietSignal, load_signals},
    show,
    url::{Here, encode},
};

#[derive(Clone, Copy)]
struct Actions {
    acknowledge: ServerAction<AcknowledgeSignal>,
    dismiss: ServerAction<DismissSignal>,
    quiet: ServerAction<QuietSignal>,
}

/// The list.
#[component]
pub fn SignalList() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        let get = |key: &str| params.get(key).unwrap_or_default();
        SignalsQuery {
            rule: get("rule"),
            state: get("state"),
            class: get("class"),
            csm: get("csm"),
            q: get("q"),
            page: get("page"),
        }
    });
    let actions =
        Actions { acknowledge: ServerAction::new(), dismiss: ServerAction::new(), quiet: ServerAction::new() };
    let version =
        move || actions.acknowledge.version().get() + actions.dismiss.version().get() + actions.quiet.version().get();
    let page = Resource::new_blocking(move || (query.get(), version()), |(query, _)| load_signals(query));
    view! {
        <PageAlert errors=errors_of(actions.acknowledge)/>
        <PageAlert errors=errors_of(actions.dismiss)/>
        <PageAlert errors=errors_of(actions.quiet)/>
        {load(page, move |page| list(page, query.get_untracked(), actions).into_any())}
    }
    .into_any()
}

fn list(page: SignalsPage, query: SignalsQuery, actions: Actions) -> AnyView {
    let here = Here::now();
    let live: u32 = page.by_rule.iter().map(|(_, _, number)| number).sum();
    let filters = filters(&page, query);
    let may_decide = page.may_decide;
    let by_rule = by_rule(page.by_rule, &here);
    let rows = if page.rows.is_empty() {
        empty(
            "No signals match",
            "A signal appears when a rule sees what it looks for, with evidence.",
            Some(("Show all live signals".into(), "/signals".into())),
        )
        .into_any()
    } else {
        table(page.rows, may_decide, actions).into_any()
    };
    view! {
        <PageHead title="Signals" sub=format!("{} live, newest first. Each carries its evidence.", show::count(live, "signal is", "signals are"))>
            {may_decide.then(|| view! {
            <a class="btn btn-sm btn-line gap-1.5 text-13" href="/admin/detection-rules">
                {icon(Glyph::Sliders, "size-3.5")}
                "Rules"
            </a>
            })}
            {page
                .may_log
                .then(|| {
                    view! {
                        <a class="btn btn-sm btn-primary gap-1.5 text-13" href="/signals/new">
                            {icon(Glyph::Plus, "size-3.5")}
                            "Log a signal"
                        </a>
                    }
                })}
        </PageHead>
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_18rem]">
            <div class="min-w-0">
                {filters} <section class="panel overflow-hidden" aria-label="Signals">{rows} <Pagination page=page.page here=here.clone()/></section>
            </div>
            <aside class="min-w-0" aria-label="Breakdown">{by_rule}</aside>
        </div>
    }
    .into_any()
}

fn filters(page: &SignalsPage, query: SignalsQuery) -> AnyView {
    let rules = RuleKey::ALL.iter().map(|rule| (rule.key().to_owned(), rule.label().to_owned())).collect();
    let states = [("closed", "Closed"), ("dismissed", "Dismissed"), ("all", "All")];
    let states = states.map(|(key, words)| (key.to_owned(), words.to_owned())).to_vec();
    let classes = [
        (StrengthClass::Strong, "Strong"),
        (StrengthClass::Moderate, "Moderate"),
        (StrengthClass::Exploratory, "Exploratory"),
    ];
    let classes = classes.map(|(class, words)| (class.key().to_owned(), words.to_owned())).to_vec();
    let csms = page.csms.iter().map(|person| (person.email.clone(), person.name.clone())).collect();
    view! {
        <FilterForm path="/signals">
            <FilterPick name="rule" label="Type" options=rules value=query.rule/>
            <FilterPick name="state" label="State" all="Live" options=states value=query.state/>
            <FilterPick name="class" label="Strength" options=classes value=query.class/>
            <FilterPick name="csm" label="CSM" options=csms value=query.csm/>
            <label class="input input-sm w-44 gap-1">
                {icon(Glyph::Search, "size-3.5 text-ink-3")}
                <input name="q" placeholder="Account" aria-label="Account" class="min-w-0" value=query.q/>
            </label>
        </FilterForm>
    }
    .into_any()
}

fn by_rule(rows: Vec<(String, String, u32)>, here: &Here) -> AnyView {
    let total: u32 = rows.iter().map(|(_, _, number)| number).sum();
    let most = rows.iter().map(|(_, _, number)| *number).max().unwrap_or(1).max(1);
    let lines = rows.into_iter().filter(|(_, _, number)| *number > 0).map(|(key, label, number)| {
        let href = here.with(&[("rule", &key), ("page", ""), ("state", "")]);
        let share = f64::from(number) / f64::from(most);
        let opens = list_link(format::number(i64::from(number)), &format!("live signals of {label}"), href.clone());
        view! {
            <tr>
                <td>
                    <a class="underline-offset-4 hover:underline" href=href>{label}</a>
                    <div class="track mt-1 h-1" aria-hidden="true"><span class="bg-chart-8" style=show::bar(share)></span></div>
                </td>
                <td class="r">{opens}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Live by type">
            <table class="grid-table edge">
                <thead>
                    <tr>
                        <th scope="col">"Type"</th>
                        <th scope="col" class="r">"Live"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"All"</th>
                        <td class="r">{format::number(i64::from(total))}</td>
                    </tr>
                </tfoot>
            </table>
        </Panel>
    }
    .into_any()
}

fn table(rows: Vec<SignalRow>, may_decide: bool, actions: Actions) -> AnyView {
    let rows = rows.into_iter().map(|row| line(row, may_decide, actions)).collect_view();
    view! {
        <ScrollBox label="Signals">
            <table class="grid-table edge">
                <thead>
                    <tr>
                        <th scope="col">"Account and signal"</th>
                        <th scope="col">"Strength"</th>
                        <th scope="col" class="max-md:hidden">"Leads to"</th>
                        <th scope="col" class="max-sm:hidden">"When"</th>
                        <th scope="col">"Standing"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </ScrollBox>
    }
    .into_any()
}

fn line(row: SignalRow, may_decide: bool, actions: Actions) -> AnyView {
    let signal = row.line;
    let under = signal.title.clone();
    let evidence =
        signal.evidence.into_iter().map(|evidence| view! { <EvidenceBlock evidence=evidence under=under.clone()/> });
    let evidence = evidence.collect_view();
    let decide = (may_decide && row.dismissed.is_none()).then(|| decisions(signal.id, &signal.status, actions));
    let csm = row.csm.map(|csm| format!(", CSM {csm}"));
    let tone = match row.standing.as_str() {
        standing if standing.starts_with("Held") => Tone::Warn,
        "In the pipeline" => Tone::Brand,
        _ => Tone::Plain,
    };
    view! {
        <tr class="align-top">
            <td class="min-w-64 !py-2.5">
                <a class="font-medium underline-offset-4 hover:underline" href=format!("/accounts/{}", encode(&row.account_ref))>
                    {row.account}
                </a>
                <span class="block">{signal.title}</span>
                <span class="block text-xs text-ink-3">{signal.rule.label()} {csm}</span>
                <details class="mt-1">
                    <summary class="act text-xs">"Evidence"</summary>
                    <div class="mt-2 flex max-w-2xl flex-col gap-3">
                        <p class="text-xs text-ink-3">
                            {format!("Signal {}, settings v{}, strength {} before decay", signal.id, signal.rule_version, format::score(signal.strength))}
                        </p>
                        {evidence}
                        {decide}
                    </div>
                </details>
            </td>
            <td class="!py-2.5">{strength(signal.decayed_strength)}</td>
            <td class="!py-2.5 max-md:hidden">{row.leads_to}</td>
            <td class="whitespace-nowrap !py-2.5 max-sm:hidden">{signal.when}</td>
            <td class="!py-2.5">
                <span class="flex flex-wrap gap-1">
                    {(!row.standing.is_empty()).then(|| chip(row.standing.clone(), tone))} {chip(signal.status, Tone::Quiet)}
                </span>
                {row.dismissed.map(|why| view! { <span class="mt-1 block text-xs text-ink-3">{why}</span> })}
            </td>
        </tr>
    }
    .into_any()
}

fn decisions(id: SignalId, status: &str, actions: Actions) -> AnyView {
    let back = Here::now().back();
    let (quiet_back, dismiss_back) = (back.clone(), back.clone());
    let fresh = status == "Detected";
    let acknowledge = fresh.then(|| {
        view! {
            <ActionForm action=actions.acknowledge>
                <Hidden name="signal" value=id.to_string()/>
                <Hidden name="back" value=back/>
                <button type="submit" class="btn btn-sm btn-line gap-1.5 text-13">{icon(Glyph::Check, "size-3.5")} "Acknowledge"</button>
            </ActionForm>
        }
    });
    view! {
        <div class="flex flex-wrap items-start gap-2">
            {acknowledge}
            <details>
                <summary class="bare btn btn-sm btn-quiet gap-1.5 text-13">{icon(Glyph::Pause, "size-3.5")} "Not now"</summary>
                <div class="mt-2 w-72 max-w-full rounded-box border border-line bg-base-100 p-3">
                    <ActionForm action=actions.quiet>
                        <Hidden name="signal" value=id.to_string()/>
                        <Hidden name="back" value=quiet_back/>
                        {quiet_fields(format!("quiet-{id}"), no_errors())}
                    </ActionForm>
                </div>
            </details>
            <details>
                <summary class="bare btn btn-sm btn-quiet gap-1.5 text-13">{icon(Glyph::Cross, "size-3.5")} "Dismiss"</summary>
                <div class="mt-2 w-72 max-w-full rounded-box border border-line bg-base-100 p-3">
                    <ActionForm action=actions.dismiss>
                        <Hidden name="signal" value=id.to_string()/>
                        <Hidden name="back" value=dismiss_back/>
                        {dismiss_fields(format!("dismiss-{id}"), no_errors())}
                    </ActionForm>
                </div>
            </details>
        </div>
    }
    .into_any()
}
