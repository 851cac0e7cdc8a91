//! `/inbox`: notifications and tasks of a person; what arrives is announced, never pushed into the list.

use domain::view::inbox::{InboxPage, InboxRow, TaskRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::page_number;
use crate::{
    components::{Glyph, Hidden, PageAlert, PageHead, Pagination, Panel, Tone, chip, empty, errors_of, icon, load},
    context::Arrivals,
    server_fns::inbox::{CompleteTask, MarkAllRead, MarkRead, load_inbox},
    show,
    url::Here,
};

#[derive(Clone, Copy)]
struct Actions {
    read: ServerAction<MarkRead>,
    read_all: ServerAction<MarkAllRead>,
    task: ServerAction<CompleteTask>,
}

/// The inbox.
#[component]
pub fn Inbox() -> impl IntoView {
    let query = use_query_map();
    let number = Memo::new(move |_| query.with(|query| page_number(query.get_str("page"))));
    let actions = Actions { read: ServerAction::new(), read_all: ServerAction::new(), task: ServerAction::new() };
    let arrivals = use_context::<Arrivals>().map_or_else(|| RwSignal::new(0), |arrivals| arrivals.0);
    let shown = RwSignal::new(0_u32);
    arrivals.set(0);
    let version =
        move || actions.read.version().get() + actions.read_all.version().get() + actions.task.version().get();
    let page =
        Resource::new_blocking(move || (number.get(), version(), shown.get()), |(number, ..)| load_inbox(number));
    let show_new = move |_| {
        arrivals.set(0);
        shown.update(|shown| *shown += 1);
    };
    view! {
        <div role="status">
            {move || {
                Some(arrivals.get())
                    .filter(|count| *count > 0)
                    .map(|count| {
                        view! {
                            <button type="button" class="chip-info mb-3 w-full rounded-field px-3 py-2 text-13 font-medium" on:click=show_new>
                                {format!("{count} new, show")}
                            </button>
                        }
                    })
            }}
        </div>
        <PageAlert errors=errors_of(actions.read)/>
        <PageAlert errors=errors_of(actions.read_all)/>
        <PageAlert errors=errors_of(actions.task)/>
        {load(page, move |page| inbox(page, actions).into_any())}
    }
    .into_any()
}

fn inbox(page: InboxPage, actions: Actions) -> AnyView {
    let here = Here::now();
    let back = here.back();
    let none = page.rows.is_empty();
    let rows = page.rows.into_iter().map(|row| item(row, back.clone(), actions.read)).collect_view();
    let tasks_note = show::count(u32::try_from(page.tasks.len()).unwrap_or(u32::MAX), "open task", "open tasks");
    let no_tasks = page.tasks.is_empty();
    let tasks = page.tasks.into_iter().map(|row| task(row, back.clone(), actions.task)).collect_view();
    view! {
        <PageHead title="Inbox" sub=format!("{} unread. It updates by itself.", page.unread)>
            {(page.unread > 0)
                .then(|| {
                    view! {
                        <ActionForm action=actions.read_all>
                            <Hidden name="back" value=back.clone()/>
                            <button type="submit" class="btn btn-sm btn-line gap-1.5 text-13">{icon(Glyph::Check, "size-3.5")} "Mark all as read"</button>
                        </ActionForm>
                    }
                })}
        </PageHead>
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <section class="panel min-w-0 overflow-hidden" aria-label="Notifications">
                {none.then(|| empty("Nothing has arrived", "Alerts of scans and imports arrive here.", None))}
                <ul class="divide-y divide-line">{rows}</ul>
                <Pagination page=page.page here=here/>
            </section>
            <aside class="min-w-0" aria-label="Tasks">
                <Panel title="Tasks" note=tasks_note>
                    <ul class="divide-y divide-line border-t border-line">{tasks}</ul>
                    {no_tasks.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"No open tasks."</p> })}
                </Panel>
            </aside>
        </div>
    }
    .into_any()
}

fn item(row: InboxRow, back: String, read: ServerAction<MarkRead>) -> AnyView {
    let class = if row.read { "flex items-start gap-3 px-4 py-3" } else { "flex items-start gap-3 bg-wash px-4 py-3" };
    let label = format!("Mark as read: {}", row.title);
    let mark = (!row.read).then(|| {
        view! {
            <ActionForm action=read>
                <Hidden name="item" value=row.id.to_string()/>
                <Hidden name="back" value=back/>
                <button type="submit" class="btn btn-xs btn-quiet" aria-label=label>"Mark as read"</button>
            </ActionForm>
        }
    });
    view! {
        <li class=class>
            <div class="min-w-0 flex-1 text-13">
                <p class="flex flex-wrap items-center gap-2">
                    {chip(row.kind, Tone::Quiet)}
                    <a class="font-medium underline-offset-4 hover:underline" href=row.href>{row.title}</a>
                    {(!row.read).then(|| view! { <span class="sr-only">"unread"</span> })}
                </p>
                <p class="mt-0.5 text-ink-2">{row.body}</p>
                <p class="mt-0.5 text-xs text-ink-3">{row.when}</p>
            </div>
            {mark}
        </li>
    }
    .into_any()
}

fn task(row: TaskRow, back: String, complete: ServerAction<CompleteTask>) -> AnyView {
    let due_class = if row.overdue { "block text-xs text-warning" } else { "block text-xs text-ink-3" };
    let due = if row.overdue { format!("Was due {}", row.due) } else { format!("Due {}", row.due) };
    view! {
        <li class="flex items-start gap-3 px-4 py-2.5 text-13">
            <span class="min-w-0 flex-1">
                <a class="underline-offset-4 hover:underline" href=row.href>{row.title.clone()}</a>
                <span class=due_class>{due}</span>
            </span>
            <ActionForm action=complete>
                <Hidden name="task" value=row.id.to_string()/>
                <Hidden name="back" value=back/>
                <button type="submit" class="btn btn-xs btn-line" aria-label=format!("Done: {}", row.title)>"Done"</button>
            </ActionForm>
        </li>
    }
    .into_any()
}
