//! `/admin/imports/{id}`: one run with its ledger; it follows a run that is still going on.

use std::time::Duration;

use domain::{
    format,
    id::ImportId,
    view::admin::{ImportFileRow, ImportPage},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::imports::state_tone;
use crate::{
    components::{Glyph, Hidden, PageAlert, PageHead, Panel, ScrollBox, Weight, chip, errors_of, icon, load, note},
    error::WireError,
    server_fns::admin::{UndoImport, load_import},
};

/// How often a running import is asked for.
const EVERY: Duration = Duration::from_millis(1500);

/// The run.
#[component]
pub fn ImportRun() -> impl IntoView {
    let params = use_params_map();
    let import = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<ImportId>().ok()));
    let undo = ServerAction::<UndoImport>::new();
    let page = Resource::new_blocking(
        move || (import.get(), undo.version().get()),
        |(import, _)| async move {
            match import {
                Some(import) => load_import(import).await,
                None => Err(WireError::NotFound),
            }
        },
    );
    Effect::new(move |_| {
        if let Some(Ok(run)) = page.get()
            && run.run.state == "running"
        {
            set_timeout(move || page.refetch(), EVERY);
        }
    });
    view! {
        <PageAlert errors=errors_of(undo)/>
        {load(page, move |page| run(page, undo).into_any())}
    }
    .into_any()
}

fn count(n: u64) -> String {
    format::number(i64::try_from(n).unwrap_or(i64::MAX))
}

fn run(page: ImportPage, undo: ServerAction<UndoImport>) -> AnyView {
    let run = page.run;
    let id = run.id;
    let rejected: u64 = run.files.iter().map(|file| file.rejected).sum();
    let running = run.state == "running";
    let tone = state_tone(&run.state);
    let progress = running.then(|| {
        view! {
            <div role="status" class="chip-info mb-4 flex flex-wrap items-center gap-2 rounded-box px-4 py-3 text-13">
                {icon(Glyph::Sync, "size-4")}
                {format!("Running: {} rows so far.", count(page.progress))}
                <a class="act" href=format!("/admin/imports/{id}") rel="external">"Refresh"</a>
            </div>
        }
    });
    let kept = (!page.kept.is_empty()).then(|| {
        let lines = page.kept.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        view! {
            <Panel title="Kept by the undo" note="Edited since the import">
                <ul class="list-disc px-8 pb-4 text-13">{lines}</ul>
            </Panel>
        }
    });
    let undo = page.may_undo.then(|| {
        view! {
            <details>
                <summary class="bare btn btn-sm btn-line gap-1.5 text-13">{icon(Glyph::Undo, "size-3.5")} "Undo the import"</summary>
                <div class="absolute right-4 z-10 mt-2 w-72 rounded-box border border-line bg-base-100 p-3 shadow-xl">
                    <p class="mb-3 text-13">"What it created goes, what it changed goes back. Rows that were edited since stay and are listed."</p>
                    <ActionForm action=undo>
                        <Hidden name="import" value=id.to_string()/>
                        <button type="submit" class="btn btn-sm btn-error text-13">"Undo the import"</button>
                    </ActionForm>
                </div>
            </details>
        }
    });
    let ledger = ledger(&run.files);
    let files = run.files.into_iter().map(file).collect_view();
    view! {
        <PageHead title=format!("Import {id}") sub=format!("{}, by {}, {}", run.when, run.by, run.source)>
            {chip(run.state, tone)}
            {(rejected > 0)
                .then(|| {
                    view! {
                        <a class="btn btn-sm btn-line gap-1.5 text-13" href=format!("/admin/imports/{id}/rejected.csv") rel="external" download="">
                            {icon(Glyph::Save, "size-3.5")}
                            "Rejected rows"
                        </a>
                    }
                })}
            {undo}
        </PageHead>
        {progress}
        {page.error.map(|error| note(Weight::Warn, "It failed; nothing was kept.", error))}
        <div class="space-y-4">{ledger} {kept} {files}</div>
    }
    .into_any()
}

fn ledger(files: &[ImportFileRow]) -> AnyView {
    let sums: [fn(&ImportFileRow) -> u64; 5] =
        [|file| file.rows, |file| file.created, |file| file.updated, |file| file.unchanged, |file| file.rejected];
    let sums = sums.map(|of| view! { <td class="r">{count(files.iter().map(of).sum())}</td> }).collect_view();
    let lines = files.iter().map(|file| {
        let dates = match file.date_styles.as_slice() {
            [] => String::new(),
            styles => format!("; dates read as {}", styles.join(", ")),
        };
        view! {
            <tr>
                <td class="min-w-40"><span class="font-medium">{file.file.clone()}</span> <span class="block text-xs text-ink-3">{file.dataset.clone()} {dates}</span></td>
                <td class="r">{count(file.rows)}</td>
                <td class="r">{count(file.created)}</td>
                <td class="r">{count(file.updated)}</td>
                <td class="r">{count(file.unchanged)}</td>
                <td class="r">{count(file.rejected)}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <Panel title="Ledger" note="Each row ended in exactly one of four">
            <ScrollBox label="Ledger">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col">"File"</th>
                            <th scope="col" class="r">"Rows"</th>
                            <th scope="col" class="r">"Created"</th>
                            <th scope="col" class="r">"Updated"</th>
                            <th scope="col" class="r">"Unchanged"</th>
                            <th scope="col" class="r">"Rejected"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"Sum"</th>
                            {sums}
                        </tr>
                    </tfoot>
                </table>
            </ScrollBox>
        </Panel>
    }
    .into_any()
}

/// Warnings and rejections of a file; nothing when there are none.
fn file(file: ImportFileRow) -> AnyView {
    if file.warnings.is_empty() && file.rejections.is_empty() {
        return ().into_any();
    }
    let more = file.rejected.saturating_sub(file.rejections.len() as u64);
    let warnings =
        file.warnings.into_iter().map(|warning| view! { <li class="text-warning">{warning}</li> }).collect_view();
    let rejections = file.rejections.into_iter().map(|(line, field, reason)| {
        view! {
            <tr>
                <td class="r">{count(line)}</td>
                <td class="font-mono text-xs">{field}</td>
                <td>{reason}</td>
            </tr>
        }
    });
    let rejections = rejections.collect_view();
    let table = (file.rejected > 0).then(|| {
        view! {
            <ScrollBox label="Rejections">
                <table class="grid-table edge">
                    <thead>
                        <tr>
                            <th scope="col" class="r w-16">"Line"</th>
                            <th scope="col">"Field"</th>
                            <th scope="col">"Reason"</th>
                        </tr>
                    </thead>
                    <tbody>{rejections}</tbody>
                </table>
            </ScrollBox>
        }
    });
    let more = (more > 0).then(
        || view! { <p class="px-4 py-3 text-xs text-ink-3">{format!("{} more in the download.", count(more))}</p> },
    );
    view! {
        <Panel title=file.file note=file.dataset>
            <ul class="space-y-1 px-4 pb-3 text-13">{warnings}</ul> {table} {more}
        </Panel>
    }
    .into_any()
}
