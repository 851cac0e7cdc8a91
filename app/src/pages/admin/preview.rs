//! `/admin/imports/preview/{upload}`: the first rows of an upload and its column mapping. The mapping lives in the
//! address: each change shows how the first rows would end; the import takes what is shown.

use std::collections::BTreeMap;

use domain::view::admin::{MappingRow, PreviewPage};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};

use crate::{
    components::{FilterForm, FormAlert, PageHead, Panel, ScrollBox, Weight, errors_of, load, note},
    server_fns::admin::{StartImport, load_preview},
    show,
    url::encode,
};

/// The preview.
#[component]
pub fn Preview() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let key = Memo::new(move |_| {
        let upload = params.with(|params| params.get("upload")).unwrap_or_default();
        query.with(|query| (upload, query.get("dataset").unwrap_or_default(), mapping_of(query)))
    });
    let action = ServerAction::<StartImport>::new();
    let page =
        Resource::new_blocking(move || key.get(), |(upload, dataset, mapping)| load_preview(upload, dataset, mapping));
    load(page, move |page| preview(page, action).into_any())
}

/// Column → header, from parameters like `mapping[external_id]=id`.
fn mapping_of(query: &ParamsMap) -> BTreeMap<String, String> {
    let pairs = query.clone().into_iter().filter_map(|(key, value)| {
        let key = key.replace("%5B", "[").replace("%5D", "]");
        let column = key.strip_prefix("mapping[")?.strip_suffix(']')?.to_owned();
        Some((column, value))
    });
    pairs.collect()
}

fn preview(page: PreviewPage, action: ServerAction<StartImport>) -> AnyView {
    let messages = page.messages.iter().map(|message| {
        let claim = if message.field.is_empty() { "Mapping:".to_owned() } else { format!("{}:", message.field) };
        note(Weight::Warn, claim, message.message.clone())
    });
    let messages = messages.collect_view();
    let sub = format!(
        "{}. Nothing is imported yet.",
        show::count(u32::try_from(page.headers.len()).unwrap_or(u32::MAX), "column", "columns")
    );
    let start = start(&page, action);
    let mapping = mapping(&page);
    view! {
        <PageHead title=format!("Preview of {}", page.file) sub=sub/>
        {messages}
        <div class="space-y-4">{mapping} {start} {trial(page.trial)} {sample(page.headers, page.sample)}</div>
    }
    .into_any()
}

fn mapping(page: &PreviewPage) -> AnyView {
    let datasets = page.datasets.iter().map(|dataset| {
        view! { <option value=dataset.clone() selected=*dataset == page.dataset>{dataset.clone()}</option> }
    });
    let datasets = datasets.collect_view();
    let path = format!("/admin/imports/preview/{}", encode(&page.upload));
    let columns = page.columns.iter().map(|row| column(row, &page.headers)).collect_view();
    view! {
        <Panel title="Mapping" note="Which column of the file feeds which column of the dataset">
            <div class="px-4 pb-4">
                <FilterForm path=path>
                    <div class="w-full max-w-xs">
                        <label class="field-label" for="dataset">"Dataset"</label>
                        <select id="dataset" name="dataset" class="select select-sm w-full">{datasets}</select>
                    </div>
                    <div class="grid w-full gap-3 sm:grid-cols-2 lg:grid-cols-3">{columns}</div>
                </FilterForm>
            </div>
        </Panel>
    }
    .into_any()
}

fn column(row: &MappingRow, headers: &[String]) -> AnyView {
    let id = format!("map-{}", row.column);
    let label = if row.required { format!("{} (needed)", row.column) } else { row.column.clone() };
    let options = headers.iter().map(|header| {
        view! { <option value=header.clone() selected=*header == row.header>{header.clone()}</option> }
    });
    let class = if row.required && row.header.is_empty() {
        "select select-sm select-error w-full"
    } else {
        "select select-sm w-full"
    };
    let help = format!("{id}-help");
    view! {
        <div class="min-w-0">
            <label class="field-label" for=id.clone()>{label}</label>
            <select id=id name=format!("mapping[{}]", row.column) class=class aria-describedby=help.clone()>
                <option value="">"Not in the file"</option>
                {options.collect_view()}
            </select>
            <p id=help class="field-hint">{row.holds.clone()}</p>
        </div>
    }
    .into_any()
}

fn start(page: &PreviewPage, action: ServerAction<StartImport>) -> AnyView {
    let errors = errors_of(action);
    let mapped = page.columns.iter().filter(|row| !row.header.is_empty()).map(|row| {
        view! { <input type="hidden" name=format!("mapping[{}]", row.column) value=row.header.clone()/> }
    });
    let mapped = mapped.collect_view();
    let (upload, dataset, wrong) = (page.upload.clone(), page.dataset.clone(), !page.messages.is_empty());
    view! {
        <ActionForm action=action>
            <FormAlert errors=errors/>
            <input type="hidden" name="upload" value=upload/>
            <input type="hidden" name="dataset" value=dataset.clone()/>
            {mapped}
            <div class="flex flex-wrap items-center gap-2">
                <button type="submit" class="btn btn-sm btn-primary text-13" disabled=wrong>
                    {format!("Import as {dataset}")}
                </button>
                <a class="btn btn-sm btn-quiet text-13" href="/admin/imports">"Cancel"</a>
            </div>
        </ActionForm>
    }
    .into_any()
}

fn trial(rows: Vec<(u64, String)>) -> AnyView {
    let none = rows.is_empty();
    let lines = rows.into_iter().map(|(line, result)| {
        view! {
            <tr>
                <td class="r w-16">{line.to_string()}</td>
                <td>{result}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="How the first rows would end">
            <ScrollBox label="How the first rows would end">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col" class="r">"Line"</th>
                            <th scope="col">"Result"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </ScrollBox>
            {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"The mapping must be complete first."</p> })}
        </Panel>
    }
    .into_any()
}

fn sample(headers: Vec<String>, rows: Vec<Vec<String>>) -> AnyView {
    let heads = headers.into_iter().map(|header| view! { <th scope="col">{header}</th> }).collect_view();
    let lines = rows.into_iter().map(|row| {
        let cells = row.into_iter().map(|cell| view! { <td class="max-w-64 truncate">{cell}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="First rows of the file">
            <ScrollBox label="First rows of the file">
                <table class="grid-table edge">
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </ScrollBox>
        </Panel>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mapping_is_read_from_the_address() {
        let query: ParamsMap =
            [("dataset", "customers"), ("mapping[external_id]", "id"), ("mapping%5Bname%5D", "Account")]
                .into_iter()
                .collect();
        let mapping = mapping_of(&query);
        assert_eq!(mapping.get("external_id").map(String::as_str), Some("id"));
        assert_eq!(mapping.get("name").map(String::as_str), Some("Account"));
        assert_eq!(mapping.len(), 2);
    }
}
