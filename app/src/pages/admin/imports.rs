//! `/admin/imports`: runs, and the upload of a file. The upload is a plain multipart form that the server answers.

use domain::{
    format,
    view::admin::{ImportRow, ImportsPage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{PageHead, Pagination, Panel, ScrollBox, Tone, chip, empty, load},
    pages::page_number,
    server_fns::admin::load_imports,
    url::Here,
};

/// The page.
#[component]
pub fn Imports() -> impl IntoView {
    let params = use_query_map();
    let number = Memo::new(move |_| params.with(|params| page_number(params.get_str("page"))));
    let refused = params.with_untracked(|params| params.get_str("error").is_some());
    let page = Resource::new_blocking(move || number.get(), load_imports);
    view! {
        {refused
            .then(|| {
                view! { <p role="alert" class="chip-bad mb-3 rounded-field px-3 py-2 text-13">"Nothing was uploaded. Choose a CSV or JSON Lines file first; it may be gzipped."</p> }
            })}
        {load(page, |page| imports(page).into_any())}
    }
    .into_any()
}

/// The tone of a run's state.
pub(super) fn state_tone(state: &str) -> Tone {
    match state {
        "done" => Tone::Good,
        "running" => Tone::Info,
        "failed" => Tone::Bad,
        _ => Tone::Quiet,
    }
}

fn imports(page: ImportsPage) -> AnyView {
    let here = Here::now();
    let none = page.rows.is_empty();
    let rows = page.rows.into_iter().map(run).collect_view();
    let datasets = page.datasets.into_iter().map(|(key, columns)| {
        view! {
            <details class="px-4 py-2">
                <summary class="text-13 font-medium">{key}</summary>
                <p class="mt-1 break-words font-mono text-xs text-ink-3">{columns}</p>
            </details>
        }
    });
    let datasets = datasets.collect_view();
    view! {
        <PageHead title="Imports" sub="Each row of a file ends as created, updated, unchanged or rejected with a reason. An import can be undone."/>
        <div class="grid gap-4 xl:grid-cols-[minmax(0,1fr)_21.5rem]">
            <section class="panel min-w-0 overflow-hidden" aria-label="Imports">
                {none.then(|| empty("No imports yet", "Upload a file, or use the command line or the API.", None))}
                <ScrollBox label="Imports">
                    <table class="grid-table edge roomy">
                        <thead>
                            <tr>
                                <th scope="col">"Import"</th>
                                <th scope="col">"State"</th>
                                <th scope="col" class="r">"Rows"</th>
                                <th scope="col" class="r max-md:hidden">"Created"</th>
                                <th scope="col" class="r max-md:hidden">"Updated"</th>
                                <th scope="col" class="r max-md:hidden">"Unchanged"</th>
                                <th scope="col" class="r">"Rejected"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </ScrollBox>
                <Pagination page=page.page here=here/>
            </section>
            <aside class="min-w-0 space-y-4">
                <Panel title="Upload a file" note="CSV or JSON Lines, gzip allowed">
                    <form method="post" action="/admin/imports/upload" enctype="multipart/form-data" class="space-y-3 px-4 pb-4">
                        <div>
                            <label class="field-label" for="upload-file">"File"</label>
                            <input id="upload-file" type="file" name="file" required accept=".csv,.jsonl,.json,.gz,.txt" class="file-input file-input-sm w-full"/>
                        </div>
                        <button type="submit" class="btn btn-sm btn-primary text-13">"Upload and preview"</button>
                        <p class="text-xs text-ink-3">"Nothing is imported before you have seen the preview."</p>
                    </form>
                </Panel>
                <Panel title="Datasets" note="A star marks what is needed">
                    <div class="divide-y divide-line border-t border-line">{datasets}</div>
                </Panel>
            </aside>
        </div>
    }
    .into_any()
}

fn run(run: ImportRow) -> AnyView {
    let sum = |of: fn(&domain::view::admin::ImportFileRow) -> u64| {
        let total: u64 = run.files.iter().map(of).sum();
        format::number(i64::try_from(total).unwrap_or(i64::MAX))
    };
    let title = match run.files.as_slice() {
        [] => run.id.to_string(),
        [file] => file.file.clone(),
        [first, rest @ ..] => format!("{} and {} more", first.file, rest.len()),
    };
    let rejected: u64 = run.files.iter().map(|file| file.rejected).sum();
    let rejected_class = if rejected > 0 { "r font-medium text-warning" } else { "r" };
    let tone = state_tone(&run.state);
    view! {
        <tr>
            <td class="min-w-48">
                <a class="font-medium underline-offset-4 hover:underline" href=format!("/admin/imports/{}", run.id)>
                    {title}
                </a>
                <span class="block text-xs text-ink-3">{format!("{}, {}, {}", run.when, run.by, run.source)}</span>
            </td>
            <td>{chip(run.state.clone(), tone)}</td>
            <td class="r">{sum(|file| file.rows)}</td>
            <td class="r max-md:hidden">{sum(|file| file.created)}</td>
            <td class="r max-md:hidden">{sum(|file| file.updated)}</td>
            <td class="r max-md:hidden">{sum(|file| file.unchanged)}</td>
            <td class=rejected_class>{sum(|file| file.rejected)}</td>
        </tr>
    }
    .into_any()
}
