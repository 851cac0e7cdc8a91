//! `/admin/imports`: runs, an upload's preview, undo.

use std::{collections::BTreeMap, path::Path};

use domain::{
    access::{Actor, Capability},
    id::ImportId,
    import::{Dataset, Mapping},
    view::{
        PageInfo,
        admin::{ImportFileRow, ImportPage, ImportRow, ImportsPage, PreviewPage},
    },
};
use store::{
    Page, Tx,
    imports::{ImportFile, ImportRun},
    uploads::Upload,
};

use crate::{
    Error, Result, Services, auth,
    import::{self, By, Progress, Request, Source},
    org::Org,
};

const PER_PAGE: u32 = 20;
/// Rejections shown on the page; the download has them all.
const MOST_REJECTIONS: u32 = 50;
/// Rejections read at once for the download.
const STEP: u32 = 5_000;

fn file_row(file: ImportFile, rejections: Vec<(u64, String, String)>) -> ImportFileRow {
    ImportFileRow {
        id: file.id,
        file: file.file,
        dataset: file.dataset,
        rows: file.rows,
        created: file.created,
        updated: file.updated,
        unchanged: file.unchanged,
        rejected: file.rejected,
        warnings: file
            .warnings
            .iter()
            .map(|warning| format!("line {}, {}: {}", warning.line, warning.field, warning.message))
            .collect(),
        rejections,
        date_styles: file.date_styles,
    }
}

fn import_row(org: &Org, run: ImportRun, now: domain::time::At, files: Vec<ImportFileRow>) -> ImportRow {
    ImportRow {
        id: run.id,
        when: org.moment(run.created_at, now),
        by: run.created_by.unwrap_or_else(|| run.source.clone()),
        source: run.source,
        state: run.state,
        files,
    }
}

/// Runs, newest first.
///
/// # Errors
/// [`Error::Denied`] for everybody but admins.
pub async fn page(services: &Services, actor: &Actor, page: u32) -> Result<ImportsPage> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let page = page.max(1);
    let listed = store::imports::list(services.db.read(), Page::number(page, PER_PAGE)).await?;
    let rows = listed.rows.into_iter().map(|mut run| {
        let files = std::mem::take(&mut run.files).into_iter().map(|file| file_row(file, Vec::new())).collect();
        import_row(&org, run, now, files)
    });
    Ok(ImportsPage {
        rows: rows.collect(),
        page: PageInfo { page, per_page: PER_PAGE, total: listed.total },
        datasets: Dataset::ALL.iter().map(|dataset| (dataset.key().to_owned(), columns_text(*dataset))).collect(),
    })
}

/// "external_id*, name*, status, …"
fn columns_text(dataset: Dataset) -> String {
    let names =
        dataset.columns().iter().map(|column| format!("{}{}", column.name, if column.required { "*" } else { "" }));
    names.collect::<Vec<_>>().join(", ")
}

/// One run.
///
/// # Errors
/// [`Error::NotFound`] for an unknown one.
pub async fn run(services: &Services, actor: &Actor, import: ImportId) -> Result<ImportPage> {
    auth::require(actor, Capability::Administer)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let conn = services.db.read();
    let mut known = store::imports::one(conn, import).await?.ok_or(Error::NotFound)?;
    let mut files = Vec::with_capacity(known.files.len());
    for file in std::mem::take(&mut known.files) {
        let rejections = store::imports::rejections(conn, file.id, Page::first(MOST_REJECTIONS)).await?;
        let rows = rejections.into_iter().map(|row| (row.line.max(0) as u64, row.field, row.reason)).collect();
        files.push(file_row(file, rows));
    }
    Ok(ImportPage {
        error: known.error.clone(),
        progress: import::progress_of(import).map_or(known.progress, |progress| progress.done()),
        may_undo: known.state == "done",
        kept: store::imports::kept(conn, import).await?,
        run: import_row(&org, known, now, files),
    })
}

/// Keeps an uploaded file for preview; answers the upload's id.
///
/// # Errors
/// When the database can't be written.
pub async fn keep_upload(services: &Services, actor: &Actor, file_name: &str, path: &Path) -> Result<String> {
    auth::require(actor, Capability::Administer)?;
    let id = hex::encode(auth::random_bytes::<12>());
    let upload = &Upload {
        id: id.clone(),
        file: file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        path: path.to_string_lossy().into_owned(),
        dataset: import::dataset_of(file_name).map(|dataset| dataset.key().to_owned()),
        created_at: services.now(),
        created_by: Some(actor.user),
    };
    services.db.write(|tx: Tx| async move { store::uploads::put(&tx, upload.clone()).await }).await?;
    Ok(id)
}

async fn upload_of(services: &Services, actor: &Actor, upload: &str) -> Result<Upload> {
    auth::require(actor, Capability::Administer)?;
    store::uploads::one(services.db.read(), upload).await?.ok_or(Error::NotFound)
}

/// The dataset of an upload: the chosen one, the one its name says, else customers to begin with.
fn dataset_of(upload: &Upload, chosen: &str) -> Result<Dataset> {
    let word = Some(chosen.trim()).filter(|word| !word.is_empty()).or(upload.dataset.as_deref());
    match word {
        None => Ok(Dataset::Customers),
        Some(word) => word
            .parse()
            .map_err(|_| Error::field("dataset", format!("{word:?} is not a dataset; choose one of the list."))),
    }
}

/// A mapping from the page's choices: column → header. No choices: the file's own headers.
fn mapping_of(dataset: Dataset, choices: &BTreeMap<String, String>) -> Result<Option<Mapping>> {
    let chosen: serde_json::Map<String, serde_json::Value> = choices
        .iter()
        .filter(|(_, header)| !header.trim().is_empty())
        .map(|(column, header)| (column.clone(), header.clone().into()))
        .collect();
    if chosen.is_empty() {
        return Ok(None);
    }
    let json = serde_json::json!({ dataset.key(): chosen });
    Mapping::from_json(&json).map(Some).map_err(|error| Error::field("mapping", error.to_string()))
}

fn source_of(upload: &Upload) -> Source {
    Source { name: upload.file.clone(), path: upload.path.clone().into() }
}

/// First rows and mapping; `mapping` is column → header, empty for the guess.
///
/// # Errors
/// [`Error::NotFound`] for an unknown upload; [`Error::Invalid`] for a file that can't be read.
pub async fn preview(
    services: &Services,
    actor: &Actor,
    upload: &str,
    dataset: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<PreviewPage> {
    let kept = upload_of(services, actor, upload).await?;
    let dataset = dataset_of(&kept, dataset)?;
    let org = Org::load(services, services.now()).await?;
    let chosen = mapping_of(dataset, mapping)?;
    let seen = import::preview(actor, org.calendar, source_of(&kept), dataset, chosen).await?;
    Ok(PreviewPage {
        upload: kept.id,
        file: kept.file,
        dataset: dataset.key().into(),
        datasets: Dataset::ALL.iter().map(|dataset| dataset.key().to_owned()).collect(),
        headers: seen.headers,
        sample: seen.sample,
        columns: seen.columns,
        messages: seen.messages,
        trial: seen.trial,
    })
}

/// Starts the import of an upload; it runs on, the answer is its id.
///
/// # Errors
/// As [`preview`]; also what is wrong with the file before the run begins.
pub async fn start(
    services: &Services,
    actor: &Actor,
    upload: &str,
    dataset: &str,
    mapping: &BTreeMap<String, String>,
) -> Result<ImportId> {
    let kept = upload_of(services, actor, upload).await?;
    let dataset = dataset_of(&kept, dataset)?;
    let mapping = mapping_of(dataset, mapping)?;
    let now = services.now();
    let org = Org::load(services, now).await?;
    let request = Request { now, calendar: org.calendar, by: By::Upload(actor.clone()), mapping };
    let progress = Progress::default();
    let mut running = {
        let (services, progress, source) = (services.clone(), progress.clone(), source_of(&kept));
        tokio::spawn(async move {
            let outcome = import::import_file(&services.db, request, dataset, source, &progress).await;
            if outcome.is_ok() {
                // The file was a means; the ledger has its hash.
                let id = kept.id.clone();
                drop(tokio::fs::remove_file(&kept.path).await);
                let id = &id;
                drop(services.db.write(|tx: Tx| async move { store::uploads::remove(&tx, id).await }).await);
            }
            outcome
        })
    };
    let ended = tokio::select! {
        Some(id) = progress.begun() => return Ok(id),
        ended = &mut running => ended,
    };
    // It ended before it began: the reason is the answer.
    match ended {
        Ok(Ok(report)) => Ok(report.import_id),
        Ok(Err(error)) => Err(error),
        Err(error) => Err(Error::Internal(format!("the import's task ended: {error}"))),
    }
}

/// Undoes a run.
///
/// # Errors
/// [`Error::Conflict`] for one that is not done or is undone already.
pub async fn undo(services: &Services, actor: &Actor, import: ImportId) -> Result<()> {
    import::undo(&services.db, services.now(), Some(actor), import).await?;
    Ok(())
}

/// Rejected rows with their reasons, as CSV.
///
/// # Errors
/// [`Error::NotFound`] for an unknown run.
pub async fn rejected_csv(services: &Services, actor: &Actor, import: ImportId) -> Result<String> {
    auth::require(actor, Capability::Administer)?;
    let conn = services.db.read();
    let run = store::imports::one(conn, import).await?.ok_or(Error::NotFound)?;
    let mut out = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Internal(format!("writing CSV: {error}"));
    out.write_record(["file", "line", "field", "reason", "row"]).map_err(failed)?;
    let mut after = 0;
    loop {
        let rows = store::imports::rejections_after(conn, import, after, STEP).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let file =
                run.files.iter().find(|file| file.id == row.import_file_id).map_or("", |file| file.file.as_str());
            let line = row.line.to_string();
            let cells = [file, &line, &row.field, &row.reason, &row.raw].map(harmless);
            out.write_record(&cells).map_err(failed)?;
        }
    }
    let bytes = out.into_inner().map_err(|error| Error::Internal(format!("writing CSV: {error}")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that a spreadsheet does not run as a formula (CONTRACT 2).
fn harmless(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if risky { format!("'{text}") } else { text.to_owned() }
}
