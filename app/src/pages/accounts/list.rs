//! `/accounts`: the portfolio as a table; heads sort it.

use domain::{
    format,
    view::account::{AccountRow, AccountsPage, AccountsQuery},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        FilterForm, FilterPick, Glyph, PageHead, Pagination, ScrollBox, empty, icon, list_link, load, number,
    },
    server_fns::accounts::load_accounts,
    show,
    url::{Here, encode},
};

/// The list.
#[component]
pub fn AccountList() -> impl IntoView {
    let params = use_query_map();
    let query = Memo::new(move |_| {
        let params = params.read();
        let get = |key: &str| params.get(key).unwrap_or_default();
        AccountsQuery {
            q: get("q"),
            segment: get("segment"),
            csm: get("csm"),
            status: get("status"),
            sort: get("sort"),
            page: get("page"),
        }
    });
    let page = Resource::new_blocking(move || query.get(), load_accounts);
    load(page, move |page| list(page, &query.get_untracked()).into_any())
}

fn list(page: AccountsPage, query: &AccountsQuery) -> AnyView {
    let here = Here::now();
    let filters = filters(&page, query.clone());
    let sub = format!(
        "{}, {} ARR{}.",
        show::count(page.page.total, "account", "accounts"),
        show::money(page.total_arr),
        if page.no_arr > 0 { format!("; {} without ARR", page.no_arr) } else { String::new() },
    );
    let total = show::money(page.total_arr);
    let body = if page.rows.is_empty() {
        empty(
            "No accounts match",
            "Accounts come from imported data.",
            Some(("Show all accounts".into(), "/accounts?status=all".into())),
        )
        .into_any()
    } else {
        table(page.rows, &query.sort, total, page.page.total, &here).into_any()
    };
    view! {
        <PageHead title="Accounts" sub=sub/>
        {filters}
        <section class="panel overflow-hidden" aria-label="Accounts">{body} <Pagination page=page.page here=here.clone()/></section>
    }
    .into_any()
}

fn filters(page: &AccountsPage, query: AccountsQuery) -> AnyView {
    let segments = page.segments.iter().map(|segment| (segment.clone(), segment.replace('_', " "))).collect();
    let csms = page.csms.iter().map(|person| (person.email.clone(), person.name.clone())).collect();
    let statuses = [("churned", "Churned"), ("prospect", "Prospect"), ("all", "All")];
    let statuses = statuses.map(|(key, words)| (key.to_owned(), words.to_owned())).to_vec();
    view! {
        <FilterForm path="/accounts">
            <label class="input input-sm w-52 gap-1">
                {icon(Glyph::Search, "size-3.5 text-ink-3")}
                <input name="q" placeholder="Name or id" aria-label="Name or id" class="min-w-0" value=query.q.clone()/>
            </label>
            <FilterPick name="segment" label="Segment" options=segments value=query.segment.clone()/>
            <FilterPick name="csm" label="CSM" options=csms value=query.csm.clone()/>
            <FilterPick name="status" label="Status" all="Active" options=statuses value=query.status.clone()/>
            {(!query.sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=query.sort.clone()/> })}
        </FilterForm>
    }
    .into_any()
}

/// Sortable heads: key, words, class, direction in which it sorts.
const HEADS: [(&str, &str, &str, &str); 6] = [
    ("name", "Account", "", "ascending"),
    ("arr", "ARR", "r", "descending"),
    ("health", "Health", "r", "descending"),
    ("renewal", "Renewal", "r max-md:hidden", "ascending"),
    ("signals", "Signals", "r", "descending"),
    ("found", "Found", "r", "descending"),
];

fn head(key: &str, sort: &str, here: &Here) -> AnyView {
    let (key, words, class, direction) = HEADS.into_iter().find(|head| head.0 == key).unwrap_or(HEADS[0]);
    let current = sort == key || (sort.is_empty() && key == "name");
    view! {
        <th scope="col" class=class aria-sort=current.then_some(direction)>
            <a class="th-sort" href=here.with(&[("sort", key), ("page", "")])>
                {words}
                {current.then(|| icon(if direction == "ascending" { Glyph::Up } else { Glyph::Down }, "size-3"))}
            </a>
        </th>
    }
    .into_any()
}

fn table(rows: Vec<AccountRow>, sort: &str, total_arr: String, total: u32, here: &Here) -> AnyView {
    let lines = rows.into_iter().map(line).collect_view();
    let heads = ["name", "arr", "health", "renewal", "signals", "found"];
    let [name, arr, health, renewal, signals, found] = heads.map(|key| head(key, sort, here));
    view! {
        <ScrollBox label="Accounts">
            <table class="grid-table edge roomy">
                <thead>
                    <tr>
                        {name}
                        <th scope="col" class="max-lg:hidden">"Plan"</th>
                        {arr}
                        {health}
                        <th scope="col" class="r max-md:hidden">"Active / seats"</th>
                        {renewal}
                        {signals}
                        {found}
                        <th scope="col" class="max-lg:hidden">"CSM"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{format!("All {total}")}</th>
                        <td class="max-lg:hidden"></td>
                        <td class="r">{total_arr}</td>
                        <td></td>
                        <td class="max-md:hidden"></td>
                        <td class="max-md:hidden"></td>
                        <td></td>
                        <td></td>
                        <td class="max-lg:hidden"></td>
                    </tr>
                </tfoot>
            </table>
        </ScrollBox>
    }
    .into_any()
}

fn line(row: AccountRow) -> AnyView {
    let href = format!("/accounts/{}", encode(&row.account_ref));
    let seats = row.seats.map_or_else(
        || format::MISSING.to_owned(),
        |(active, seats)| format!("{} / {}", format::number(active), format::number(seats)),
    );
    let signals = match row.signals {
        0 => view! { <span class="text-ink-3">"0"</span> }.into_any(),
        n => {
            list_link(format::number(i64::from(n)), &format!("live signals of {}", row.name), format!("{href}#signals"))
        }
    };
    let found = if row.found_value.0 == 0 {
        view! { <span class="text-ink-3">{format::MISSING}</span> }.into_any()
    } else {
        list_link(show::money(row.found_value), &format!("found at {}", row.name), format!("{href}#found"))
    };
    let arr = match row.arr {
        Some(arr) => {
            number(show::money(arr), &format!("ARR of {}", row.name), format!("{href}?open=arr"), "").into_any()
        }
        None => format::MISSING.into_any(),
    };
    view! {
        <tr>
            <td class="min-w-40">
                <a class="font-medium underline-offset-4 hover:underline" href=href>{row.name}</a>
                <span class="block text-xs text-ink-3">{row.segment.map(|segment| segment.replace('_', " "))}</span>
            </td>
            <td class="max-lg:hidden">{show::or_dash(row.plan)}</td>
            <td class="r">{arr}</td>
            <td class="r">{row.health.map_or_else(|| format::MISSING.to_owned(), format::confidence)}</td>
            <td class="r max-md:hidden">{seats}</td>
            <td class="r whitespace-nowrap max-md:hidden">{show::day_or_dash(row.renews_on)}</td>
            <td class="r">{signals}</td>
            <td class="r">{found}</td>
            <td class="whitespace-nowrap max-lg:hidden">{show::or_dash(row.csm)}</td>
        </tr>
    }
    .into_any()
}
