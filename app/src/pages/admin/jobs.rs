//! `/admin/jobs`: the reconcilers, when they ran and what they did.

use domain::view::admin::{JobRow, JobRunRow, JobsPage};
use leptos::prelude::*;

use crate::{
    components::{Glyph, Hidden, PageAlert, PageHead, Panel, ScrollBox, Tone, chip, errors_of, icon, load},
    server_fns::admin::{RunJob, load_jobs},
    show,
};

/// The jobs.
#[component]
pub fn Jobs() -> impl IntoView {
    let action = ServerAction::<RunJob>::new();
    let page = Resource::new_blocking(move || action.version().get(), |_| load_jobs());
    view! {
        <PageAlert errors=errors_of(action)/>
        {load(page, move |page| jobs(page, action).into_any())}
    }
    .into_any()
}

fn result(ok: bool) -> AnyView {
    if ok { chip("Good", Tone::Good).into_any() } else { chip("Failed", Tone::Bad).into_any() }
}

fn jobs(page: JobsPage, action: ServerAction<RunJob>) -> AnyView {
    let waiting = match page.waiting {
        0 => "No account waits for a scan.".to_owned(),
        n => format!("{} for an incremental scan.", show::count(n, "account waits", "accounts wait")),
    };
    let none = page.runs.is_empty();
    let rows = page.rows.into_iter().map(|row| job(row, action)).collect_view();
    let runs = page.runs.into_iter().map(run).collect_view();
    view! {
        <PageHead title="Jobs" sub=waiting/>
        <div class="space-y-4">
            <Panel title="Jobs" note="A second run in a row writes nothing">
                <ScrollBox label="Jobs">
                    <table class="grid-table edge roomy">
                        <thead>
                            <tr>
                                <th scope="col">"Job"</th>
                                <th scope="col">"Last run"</th>
                                <th scope="col">"Result"</th>
                                <th scope="col">"Next run"</th>
                                <th scope="col"><span class="sr-only">"Actions"</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </ScrollBox>
            </Panel>
            <Panel title="Runs" note="Newest first">
                <ScrollBox label="Runs">
                    <table class="grid-table edge">
                        <thead>
                            <tr>
                                <th scope="col">"Job"</th>
                                <th scope="col">"Started"</th>
                                <th scope="col" class="r">"Took"</th>
                                <th scope="col">"What it did"</th>
                                <th scope="col">"Result"</th>
                            </tr>
                        </thead>
                        <tbody>{runs}</tbody>
                    </table>
                </ScrollBox>
                {none.then(|| view! { <p class="px-4 py-3 text-13 text-ink-3">"No job has run yet."</p> })}
            </Panel>
        </div>
    }
    .into_any()
}

fn job(row: JobRow, action: ServerAction<RunJob>) -> AnyView {
    let mark = if row.last == "never" { chip("Not yet", Tone::Quiet) } else { result(row.ok) };
    view! {
        <tr>
            <td class="min-w-48"><span class="font-medium">{row.label.clone()}</span> <span class="block text-xs text-ink-3">{row.schedule}</span></td>
            <td class="whitespace-nowrap">{row.last}</td>
            <td>{mark} <span class="block text-xs text-ink-3">{row.result}</span></td>
            <td class="whitespace-nowrap">{row.next}</td>
            <td class="r">
                <ActionForm action=action>
                    <Hidden name="job" value=row.key/>
                    <button type="submit" class="btn btn-xs btn-line gap-1" aria-label=format!("Run now: {}", row.label)>{icon(Glyph::Sync, "size-3")} "Run now"</button>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}

fn run(row: JobRunRow) -> AnyView {
    view! {
        <tr>
            <td class="font-mono text-xs">{row.job}</td>
            <td class="whitespace-nowrap">{row.when}</td>
            <td class="r whitespace-nowrap">{row.took}</td>
            <td class="min-w-64">{row.detail}</td>
            <td>{result(row.ok)}</td>
        </tr>
    }
    .into_any()
}
