//! `/admin/audit`: who did what, when.

use domain::view::admin::{AuditPage, AuditRow};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{FilterForm, FilterPick, Glyph, PageHead, Pagination, ScrollBox, empty, icon, load},
    pages::page_number,
    server_fns::admin::load_audit,
    show,
    url::Here,
};

/// The log.
#[component]
pub fn AuditLog() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        let get = |key: &str| params.get(key).unwrap_or_default();
        (get("action"), get("q"), page_number(params.get_str("page")))
    });
    let page = Resource::new_blocking(move || query.get(), |(action, q, page)| load_audit(action, q, page));
    load(page, move |page| {
        let (action, q, _) = query.get_untracked();
        audit(page, action, q).into_any()
    })
}

fn audit(page: AuditPage, action: String, q: String) -> AnyView {
    let here = Here::now();
    let none = page.rows.is_empty();
    let actions = page.actions.into_iter().map(|action| (action.clone(), action)).collect();
    let rows = page.rows.into_iter().map(line).collect_view();
    view! {
        <PageHead title="Audit log" sub=format!("{}, newest first.", show::count(page.page.total, "line", "lines"))/>
        <FilterForm path="/admin/audit">
            <FilterPick name="action" label="Action" options=actions value=action/>
            <label class="input input-sm w-60 gap-1">
                {icon(Glyph::Search, "size-3.5 text-ink-3")}
                <input name="q" placeholder="Who or what" aria-label="Who or what" class="min-w-0" value=q/>
            </label>
        </FilterForm>
        <section class="panel overflow-hidden" aria-label="Audit log">
            {none.then(|| empty("No lines match", "Sign-ins, changes and imports are kept here.", Some(("Show all".into(), "/admin/audit".into()))))}
            <ScrollBox label="Audit log">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col">"When"</th>
                            <th scope="col">"Who"</th>
                            <th scope="col">"Action"</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"Details"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </ScrollBox>
            <Pagination page=page.page here=here/>
        </section>
    }
    .into_any()
}

fn line(row: AuditRow) -> AnyView {
    view! {
        <tr>
            <td class="whitespace-nowrap">{row.when}</td>
            <td>{row.actor}</td>
            <td class="whitespace-nowrap font-mono text-xs">{row.action}</td>
            <td>{row.subject}</td>
            <td class="min-w-64 text-ink-2">{row.detail}</td>
        </tr>
    }
    .into_any()
}
