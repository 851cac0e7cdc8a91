//! `/finder`: opportunities found (PRD-060), with why, approach and next steps.

mod aside;
mod decide;
mod detail;
mod row;

use domain::{
    format,
    opportunity::{ConfidenceLevel, FoundStatus, OpportunityType, Timeline},
    view::finder::{FinderPage, FinderQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        FilterForm, FilterPick, Glyph, NumberDrawer, PageAlert, PageHead, Pagination, StatStrip, StatTile, Weight,
        empty, errors_of, icon, load, note,
    },
    context,
    server_fns::{
        finder::{ConfirmFound, DismissFound, QuietFound, load_finder},
        steps::AddTask,
    },
    show,
    url::Here,
};

pub(crate) use decide::{dismiss_fields, quiet_fields};
pub(crate) use detail::signal_lines;
pub(crate) use row::{RowKind, rows};

/// What can be done to a row.
#[derive(Clone, Copy)]
pub(crate) struct Actions {
    pub confirm: ServerAction<ConfirmFound>,
    pub dismiss: ServerAction<DismissFound>,
    pub quiet: ServerAction<QuietFound>,
    pub task: ServerAction<AddTask>,
}

impl Actions {
    pub(crate) fn new() -> Actions {
        Actions {
            confirm: ServerAction::new(),
            dismiss: ServerAction::new(),
            quiet: ServerAction::new(),
            task: ServerAction::new(),
        }
    }

    /// What went wrong with one of them, on top of the page.
    pub(crate) fn alerts(self) -> impl IntoView {
        view! {
            <PageAlert errors=errors_of(self.confirm)/>
            <PageAlert errors=errors_of(self.dismiss)/>
            <PageAlert errors=errors_of(self.quiet)/>
            <PageAlert errors=errors_of(self.task)/>
        }
    }

    /// Changes when one of them has run, so that the page is read again.
    pub(crate) fn version(self) -> usize {
        self.confirm.version().get()
            + self.dismiss.version().get()
            + self.quiet.version().get()
            + self.task.version().get()
    }
}

/// The finder.
#[component]
pub fn Finder() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        let get = |key: &str| params.get(key).unwrap_or_default();
        FinderQuery {
            r#type: get("type"),
            confidence: get("confidence"),
            timeline: get("timeline"),
            csm: get("csm"),
            min_value: get("min_value"),
            status: get("status"),
            open: get("open"),
            why: get("why"),
            page: get("page"),
        }
    });
    let actions = Actions::new();
    let page = Resource::new_blocking(move || (query.get(), actions.version()), |(query, _)| load_finder(query));
    view! {
        {actions.alerts()}
        {load(page, move |page| finder(page, query.get_untracked(), actions).into_any())}
    }
    .into_any()
}

fn finder(page: FinderPage, query: FinderQuery, actions: Actions) -> AnyView {
    let here = Here::now();
    let sub = format!(
        "{} with live evidence. {} Data through {}, {}.",
        show::count(page.found.count, "opportunity", "opportunities"),
        page.scan_note,
        page.data_through,
        context::shell().map(|shell| shell.currency).unwrap_or_default(),
    );
    let drawer =
        page.drawer.clone().map(|drawer| view! { <NumberDrawer drawer=drawer close=here.with(&[("open", "")])/> });
    let main = list(&page, &here, actions);
    let filters = filters(&page, query);
    view! {
        {drawer}
        <PageHead title="Finder" sub=sub>
            {page
                .may_decide
                .then(|| {
                    view! {
                        <a class="btn btn-sm btn-line gap-1.5 text-13" href="/signals/new">
                            {icon(Glyph::Plus, "size-3.5")}
                            "Log a signal"
                        </a>
                    }
                })}
        </PageHead>
        {tiles(&page, &here)}
        {(page.no_amount > 0)
            .then(|| {
                note(
                    Weight::Info,
                    format!("{} without an amount.", show::count(page.no_amount, "opportunity is", "opportunities are")),
                    "Counted, but not in the values: a price is missing. The row says which one.",
                )
            })}
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <div class="min-w-0">{filters} {main}</div>
            {aside::aside(page, &here)}
        </div>
    }
    .into_any()
}

fn tiles(page: &FinderPage, here: &Here) -> AnyView {
    let open = |measure: &str| here.with(&[("open", measure)]);
    let opps = |count: u32| show::count(count, "opp", "opps");
    let share = if page.found.value.0 > 0 {
        format!("{} of the value; above 70", format::percent(page.high.value.as_f64() / page.found.value.as_f64()))
    } else {
        "Confidence above 70".to_owned()
    };
    let standing = format!(
        "{} in the pipeline, {} to confirm",
        page.in_pipeline.count,
        show::count(page.candidates.count, "candidate", "candidates")
    );
    let (found, high, immediate, held) = (page.found, page.high, page.immediate, page.held);
    let hrefs = ["found", "high", "immediate", "held"].map(open);
    let [found_href, high_href, immediate_href, held_href] = hrefs;
    view! {
        <StatStrip label="Portfolio summary">
            <StatTile label="Found" figure=show::money(found.value) href=found_href side=opps(found.count) note=standing/>
            <StatTile label="High confidence" figure=show::money(high.value) href=high_href side=opps(high.count) note=share/>
            <StatTile
                label="Immediate"
                figure=show::money(immediate.value)
                href=immediate_href
                side=opps(immediate.count)
                note="Overage, limit within 30 days, or asked for"
            />
            <StatTile
                label="Held back"
                figure=show::money(held.value)
                href=held_href
                side=opps(held.count)
                note="Not in the totals; reasons below"
            />
        </StatStrip>
    }
    .into_any()
}

fn filters(page: &FinderPage, query: FinderQuery) -> AnyView {
    let words = |items: &[(&'static str, &'static str)]| -> Vec<(String, String)> {
        items.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect()
    };
    let types: Vec<_> = OpportunityType::ALL.iter().map(|kind| (kind.key(), kind.label())).collect();
    let levels: Vec<_> = ConfidenceLevel::ALL.iter().map(|level| (level.key(), level.label())).collect();
    let timelines: Vec<_> = Timeline::ALL.iter().map(|timeline| (timeline.key(), timeline.label())).collect();
    let statuses: Vec<_> = FoundStatus::ALL.iter().map(|status| (status.key(), status.label())).collect();
    let csms: Vec<_> = page.csms.iter().map(|person| (person.email.clone(), person.name.clone())).collect();
    let clear = page.filtered.then(|| view! { <a class="act text-xs" href="/finder">"Clear"</a> });
    view! {
        <FilterForm path="/finder">
            <FilterPick name="type" label="Type" options=words(&types) value=query.r#type/>
            <FilterPick name="confidence" label="Confidence" options=words(&levels) value=query.confidence/>
            <FilterPick name="timeline" label="Timeline" options=words(&timelines) value=query.timeline/>
            <FilterPick name="csm" label="CSM" options=csms value=query.csm/>
            <FilterPick name="status" label="Status" all="Live" options=words(&statuses) value=query.status/>
            <label class="input input-sm w-32 gap-1">
                <span class="text-xs text-ink-3">"Min."</span>
                <input
                    name="min_value"
                    inputmode="numeric"
                    placeholder="0"
                    class="min-w-0 tabular-nums"
                    aria-label="Minimum value"
                    value=query.min_value
                />
            </label>
            {clear}
            <span class="ml-auto text-xs text-ink-3">"Ranked by value × confidence"</span>
        </FilterForm>
    }
    .into_any()
}

fn list(page: &FinderPage, here: &Here, actions: Actions) -> AnyView {
    let note = format!(", {} of {}", show::money(page.rows_value), show::money(page.found.value));
    let body = if page.rows.is_empty() {
        let (title, fact, action) = if page.filtered {
            (
                "Nothing matches these filters",
                "Other filters may.",
                Some(("Clear the filters".into(), "/finder".into())),
            )
        } else {
            (
                "Nothing found yet",
                "Opportunities appear when a scan sees a signal that is strong enough. Import data, then run a scan.",
                None,
            )
        };
        empty(title, fact, action).into_any()
    } else {
        rows(page.rows.clone(), here, RowKind::Found { may_decide: page.may_decide }, actions).into_any()
    };
    let exploratory = (!page.exploratory.is_empty()).then(|| {
        view! {
            <section class="panel mt-4 divide-y divide-line overflow-hidden" aria-labelledby="exploratory">
                <div class="panel-head">
                    <h2 id="exploratory" class="panel-title">"Exploratory"</h2>
                    <span class="panel-note">"Composite below 0.60: waits for a CSM’s confirmation; not in the totals"</span>
                </div>
                {rows(page.exploratory.clone(), here, RowKind::Found { may_decide: page.may_decide }, actions)}
            </section>
        }
    });
    view! {
        <section class="panel divide-y divide-line overflow-hidden" aria-label="Opportunities found">
            {body}
            <Pagination page=page.page here=here.clone() note=note/>
        </section>
        {exploratory}
    }
    .into_any()
}
