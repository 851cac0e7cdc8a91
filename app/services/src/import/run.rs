//! One run: which files feed which datasets, the transaction, the ledger.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use domain::{
    access::Actor,
    calendar::Calendar,
    id::ImportId,
    import::{Dataset, DatasetReport, ImportReport, LISTED_AT_MOST, Mapping, Rejection},
    time::At,
};
use futures::{Stream, StreamExt};
use store::{Db, Tx, audit::AuditEntry, import::RejectedRow};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use super::{
    authorise, dataset_of, mapping_of,
    progress::Progress,
    rows::{References, Rules, Writer},
    source::{BODY_MAX, FileError, Source},
    survey::{self, Job, Surveyed},
    usage::UsageWriter,
};
use crate::{Error, Result, live::Nudge};

/// Batches that wait between the reading thread and the writer.
const BATCHES_WAITING: usize = 2;
/// A mapping file is written by hand.
const MAPPING_MAX: u64 = 1 << 20;

/// Who imports.
#[derive(Debug, Clone)]
pub enum By {
    /// Whoever may run the program on the server.
    CommandLine,
    /// The demo generator.
    Demo,
    /// A signed-in person on the upload page.
    Upload(Actor),
    /// A person through the API.
    Api(Actor),
}

impl By {
    const fn source(&self) -> &'static str {
        match self {
            By::CommandLine => "command line",
            By::Demo => "demo",
            By::Upload(_) => "upload",
            By::Api(_) => "API",
        }
    }

    pub(super) const fn actor(&self) -> Option<&Actor> {
        match self {
            By::CommandLine | By::Demo => None,
            By::Upload(actor) | By::Api(actor) => Some(actor),
        }
    }
}

/// How to import.
#[derive(Debug, Clone)]
pub struct Request {
    /// The time of the run.
    pub now: At,
    /// The organisation's calendar: wall-clock times of files are its.
    pub calendar: Calendar,
    /// Who imports.
    pub by: By,
    /// Foreign headers, when there are some.
    pub mapping: Option<Mapping>,
}

/// Reads a mapping file (`--map FILE`).
///
/// # Errors
/// A file that is not there or not valid, with the place.
pub fn read_mapping(path: &Path) -> Result<Mapping> {
    let about = |error: &dyn std::fmt::Display| Error::field("map", format!("{}: {error}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| about(&error))?.len();
    if size > MAPPING_MAX {
        return Err(about(&"is larger than 1 MB; is it the mapping file?"));
    }
    mapping_of(&std::fs::read_to_string(path).map_err(|error| about(&error))?)
}

/// Imports files and folders; a folder's files in the order in which they refer to each other.
///
/// The run goes on when the caller stops waiting.
///
/// # Errors
/// A file that can't be read at all, a header that does not fit, a database that can't be written. Nothing is written
/// then. Rows that are refused are no error: they stand in the report.
pub async fn import_paths(db: &Db, request: Request, paths: &[PathBuf], progress: &Progress) -> Result<ImportReport> {
    let mut jobs = Vec::new();
    for path in paths {
        jobs.extend(jobs_of(path, request.mapping.as_ref())?);
    }
    jobs.sort_by_key(|job: &Job| job.dataset);
    start(db, request, jobs, None, progress).await
}

/// Imports one file that is kept somewhere under another name (an upload).
///
/// # Errors
/// As [`import_paths`].
pub async fn import_file(
    db: &Db,
    request: Request,
    dataset: Dataset,
    source: Source,
    progress: &Progress,
) -> Result<ImportReport> {
    let jobs = jobs_for(dataset, &source, request.mapping.as_ref());
    start(db, request, jobs, None, progress).await
}

/// Imports a body that is just arriving (`POST /api/import/{dataset}`). It is kept in `folder` while the import runs,
/// because it is read twice.
///
/// # Errors
/// As [`import_paths`]; also a body above 2 GB or one that breaks off.
pub async fn import_stream<E: std::fmt::Display>(
    db: &Db,
    request: Request,
    dataset: Dataset,
    name: &str,
    body: impl Stream<Item = Result<Bytes, E>>,
    folder: &Path,
    progress: &Progress,
) -> Result<ImportReport> {
    if let Some(actor) = request.by.actor() {
        authorise(actor)?;
    }
    let kept = Kept::new(folder)?;
    kept.fill(body).await?;
    let source = Source { name: name.to_owned(), path: kept.path.clone() };
    let jobs = jobs_for(dataset, &source, request.mapping.as_ref());
    start(db, request, jobs, Some(kept), progress).await
}

/// Marks runs as failed that say `running` though their process has ended. Called once when the process starts.
///
/// # Errors
/// When the database fails.
pub async fn fail_orphans(db: &Db, now: At) -> Result<u64> {
    db.write(async |tx: Tx| Ok(store::import::fail_orphans(&tx, now, now).await?)).await
}

// --- which files ------------------------------------------------------------------------------------------------------

/// A dataset's file with the sections of the mapping that are for it.
fn jobs_for(dataset: Dataset, source: &Source, mapping: Option<&Mapping>) -> Vec<Job> {
    let job = |section| Job { source: source.clone(), dataset, section };
    let sections: Vec<Job> =
        mapping.iter().flat_map(|mapping| mapping.of(dataset)).map(|section| job(Some(section.clone()))).collect();
    if sections.is_empty() { vec![job(None)] } else { sections }
}

fn jobs_of(path: &Path, mapping: Option<&Mapping>) -> Result<Vec<Job>> {
    let source = Source::of(path);
    let failed = |error: std::io::Error| Error::from(FileError::new(&source, format!("can't be read ({error})")));
    if !path.is_dir() {
        if !path.exists() {
            return Err(FileError::new(&source, "is not there").into());
        }
        return jobs_of_file(&source, mapping);
    }
    let mut files: Vec<Source> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.path().is_file() {
            files.push(Source::of(&entry.path()));
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut jobs = Vec::new();
    for (dataset, section) in mapping.iter().flat_map(|mapping| mapping.sections()) {
        let source = match &section.file {
            Some(name) => {
                let found = files.iter().find(|file| file.name == *name || file.name == format!("{name}.gz"));
                found.ok_or_else(|| {
                    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
                    Error::field(
                        "map",
                        format!("[{dataset}] names {name}, which is not in the folder; it has {}", names.join(", ")),
                    )
                })?
            }
            None => match files.iter().find(|file| dataset_of(&file.name) == Some(*dataset)) {
                Some(found) => found,
                None => continue,
            },
        };
        jobs.push(Job { source: source.clone(), dataset: *dataset, section: Some(section.clone()) });
    }
    let mapped: HashSet<Dataset> = jobs.iter().map(|job| job.dataset).collect();
    let fed: HashSet<String> = jobs.iter().map(|job| job.source.name.clone()).collect();
    for file in files.iter().filter(|file| !fed.contains(&file.name)) {
        if let Some(dataset) = dataset_of(&file.name).filter(|dataset| !mapped.contains(dataset)) {
            if let Some(other) = jobs.iter().find(|job| job.dataset == dataset && job.section.is_none()) {
                let message = format!("holds {dataset}, and so does {}; keep one of them", other.source.name);
                return Err(FileError::new(file, message).into());
            }
            jobs.push(Job { source: file.clone(), dataset, section: None });
        } else {
            tracing::info!(file = %file.name, "not a dataset, left out");
        }
    }
    if jobs.is_empty() {
        return Err(FileError::new(
            &source,
            format!(
                "holds no file of a dataset; files are named like customers.csv, the datasets are {}",
                Dataset::known()
            ),
        )
        .into());
    }
    Ok(jobs)
}

fn jobs_of_file(source: &Source, mapping: Option<&Mapping>) -> Result<Vec<Job>> {
    let sections = mapping.map(Mapping::sections).unwrap_or_default();
    let named: Vec<Job> = sections
        .iter()
        .filter(|(_, section)| {
            section.file.as_ref().is_some_and(|file| source.name == *file || source.name == format!("{file}.gz"))
        })
        .map(|(dataset, section)| Job { source: source.clone(), dataset: *dataset, section: Some(section.clone()) })
        .collect();
    if !named.is_empty() {
        return Ok(named);
    }
    if let Some(dataset) = dataset_of(&source.name) {
        return Ok(jobs_for(dataset, source, mapping));
    }
    // A mapping of one dataset says what the file is, whatever it is called.
    if let Some((dataset, _)) = sections.first().filter(|(first, _)| sections.iter().all(|(other, _)| other == first)) {
        return Ok(jobs_for(*dataset, source, mapping));
    }
    Err(FileError::new(
        source,
        format!(
            "is not named after a dataset; name it like customers.csv, or say in a mapping which dataset it feeds. The datasets are {}",
            Dataset::known()
        ),
    )
    .into())
}

/// A body that is kept while its import runs.
struct Kept {
    path: PathBuf,
}

impl Kept {
    fn new(folder: &Path) -> Result<Kept> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Unavailable(format!("there is no room for the upload ({error})")))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Ok(Kept { path: folder.join(format!("import-{}-{number}.part", std::process::id())) })
    }

    async fn fill<E: std::fmt::Display>(&self, body: impl Stream<Item = Result<Bytes, E>>) -> Result<()> {
        let room = |error: std::io::Error| Error::Unavailable(format!("there is no room for the upload ({error})"));
        let mut file = tokio::fs::File::create(&self.path).await.map_err(room)?;
        let mut body = std::pin::pin!(body);
        let mut size = 0;
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| Error::field("body", format!("the body broke off: {error}")))?;
            size += part.len() as u64;
            if size > BODY_MAX {
                return Err(Error::field("body", "the body is larger than 2 GB; split it"));
            }
            file.write_all(&part).await.map_err(room)?;
        }
        file.flush().await.map_err(room)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

// --- the run ----------------------------------------------------------------------------------------------------------

/// Authorises, opens the ledger and runs in a task of its own, so that a browser that goes away stops nothing.
async fn start(
    db: &Db,
    request: Request,
    jobs: Vec<Job>,
    kept: Option<Kept>,
    progress: &Progress,
) -> Result<ImportReport> {
    if let Some(actor) = request.by.actor() {
        authorise(actor)?;
    }
    let (db, progress) = (db.clone(), progress.clone());
    let task = tokio::spawn(async move {
        let _kept = kept;
        let by = request.by.actor().map(|actor| actor.user);
        let (now, source) = (request.now, request.by.source());
        let import =
            db.write(async |tx: Tx| Ok::<_, Error>(store::import::begin_run(&tx, now, by, source).await?)).await?;
        let _published = progress.publish(import);
        let outcome = run(&db, &request, import, jobs, &progress).await;
        if let Err(error) = &outcome {
            let message = match error {
                Error::Invalid(fields) => {
                    fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join("; ")
                }
                Error::Internal(_) => "The import failed; the log says why. Nothing of it was written.".to_owned(),
                other => other.to_string(),
            };
            let noted = db
                .write(async |tx: Tx| {
                    Ok::<_, Error>(store::import::end_run(&tx, import, now, "failed", Some(&message), None).await?)
                })
                .await;
            if let Err(error) = noted {
                // A database that can't be written can't hold this either; the run is marked at the next start.
                tracing::warn!(%error, %import, "a failed import could not be noted");
            }
        }
        outcome
    });
    task.await.map_err(|error| Error::Internal(format!("the import's task ended: {error}")))?
}

async fn run(
    db: &Db,
    request: &Request,
    import: ImportId,
    jobs: Vec<Job>,
    progress: &Progress,
) -> Result<ImportReport> {
    let mut surveyed = Vec::with_capacity(jobs.len());
    for job in jobs {
        progress.at(format!("reading {}", job.source.name));
        surveyed.push(Arc::new(blocking(move || survey::survey(job)).await?));
    }
    progress.expect(surveyed.iter().map(|file| file.records).sum());
    let surveyed = &surveyed;
    db.write(async |tx: Tx| {
        progress.restart();
        write_all(&tx, request, import, surveyed, progress).await
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, FileError> + Send + 'static) -> Result<T> {
    let joined = tokio::task::spawn_blocking(work).await;
    Ok(joined.map_err(|error| Error::Internal(format!("a reading thread ended: {error}")))??)
}

/// All files of the run, in one transaction.
async fn write_all(
    tx: &Tx,
    request: &Request,
    import: ImportId,
    files: &[Arc<Surveyed>],
    progress: &Progress,
) -> Result<ImportReport> {
    let mut references = References::default();
    let mut touched = HashSet::new();
    let mut stages = Vec::new();
    let mut datasets = Vec::with_capacity(files.len());
    for file in files {
        progress.at(format!("importing {}", file.job.source.name));
        datasets
            .push(write_file(tx, request, import, file, progress, &mut references, &mut touched, &mut stages).await?);
    }
    store::import::record_stage_changes(tx, request.now, &stages).await?;
    let touched: Vec<i64> = touched.into_iter().collect();
    store::import::touch(tx, request.now, &touched).await?;
    store::import::end_run(tx, import, request.now, "done", None, Some(progress.done())).await?;
    let report = ImportReport { import_id: import, datasets };
    let entry = AuditEntry {
        at: request.now,
        actor_id: request.by.actor().map(|actor| actor.user),
        actor: request.by.actor().map_or_else(|| request.by.source().to_owned(), |actor| actor.email.clone()),
        action: "import.done".into(),
        subject: import.to_string(),
        detail: summary(&report),
    };
    store::audit::record(tx, entry).await?;
    Nudge { users: Vec::new(), kind: "import".into() }.send_with(tx);
    Ok(report)
}

/// "customers 10 created, 1 rejected; tickets unchanged".
fn summary(report: &ImportReport) -> String {
    let parts: Vec<String> = report
        .datasets
        .iter()
        .map(|file| {
            let counts = [(file.created, "created"), (file.updated, "updated"), (file.rejected, "rejected")];
            let counts: Vec<String> =
                counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
            format!("{} {}", file.dataset, if counts.is_empty() { "unchanged".to_owned() } else { counts.join(", ") })
        })
        .collect();
    parts.join("; ")
}

#[expect(clippy::too_many_arguments, reason = "what all files of a run share is borrowed from the run, piece by piece")]
async fn write_file(
    tx: &Tx,
    request: &Request,
    import: ImportId,
    surveyed: &Arc<Surveyed>,
    progress: &Progress,
    references: &mut References,
    touched: &mut HashSet<i64>,
    stages: &mut Vec<(i64, String, String)>,
) -> Result<DatasetReport> {
    let job = &surveyed.job;
    let file = store::import::add_file(tx, import, job.dataset, &job.source.name, &surveyed.sha256).await?;
    let mut report = DatasetReport {
        dataset: job.dataset.key().to_owned(),
        file: job.source.name.clone(),
        rows: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        warnings: Vec::new(),
        rejections: Vec::new(),
        date_styles: Vec::new(),
    };
    let mut via = None;
    if let Some((plan, formats)) = &surveyed.plan {
        report.warnings = plan.unknown_columns();
        report.warnings.extend(formats.choices(plan));
        report.date_styles = formats.date_styles(plan);
        via = plan.via(0);
    }
    let (sender, mut receiver) = mpsc::channel(BATCHES_WAITING);
    let reader = {
        let (surveyed, calendar, progress) = (Arc::clone(surveyed), request.calendar, progress.clone());
        tokio::task::spawn_blocking(move || survey::read(&surveyed, &calendar, &progress, &sender))
    };
    let rules = Rules {
        now: request.now,
        today: request.calendar.day_of(request.now),
        may_grant_admin: request.by.actor().is_none_or(|actor| actor.can(domain::access::Capability::Administer)),
    };
    let mut usage = UsageWriter::new();
    let mut writer = Writer::new(tx, surveyed, file, rules, report);
    while let Some(mut batch) = receiver.recv().await {
        writer.report.rows += (batch.rows.len() + batch.refused.len()) as u64;
        if job.dataset == Dataset::UsageMetrics {
            usage.write(tx, import, via, references, &mut batch, touched).await?;
        } else {
            writer.write(references, &mut batch, touched).await?;
        }
        refuse(tx, file, &mut writer.report, batch.refused).await?;
    }
    reader.await.map_err(|error| Error::Internal(format!("a reading thread ended: {error}")))??;
    if job.dataset == Dataset::UsageMetrics {
        usage.finish(&mut writer.report);
    } else {
        writer.finish(references, touched).await?;
    }
    stages.append(&mut writer.stages);
    let report = writer.report;
    if !report.adds_up() {
        return Err(Error::Internal(format!("the counts of {} do not add up: {report:?}", job.source.name)));
    }
    store::import::end_file(tx, file, &report).await?;
    Ok(report)
}

/// Puts refused rows into the ledger and the first of them into the report.
async fn refuse(tx: &Tx, file: i64, report: &mut DatasetReport, mut rows: Vec<RejectedRow>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by_key(|row| row.line);
    report.rejected += rows.len() as u64;
    store::import::add_rejections(tx, file, &rows).await?;
    let room = LISTED_AT_MOST.saturating_sub(report.rejections.len());
    report.rejections.extend(rows.into_iter().take(room).map(|row| Rejection {
        line: row.line,
        field: row.field,
        reason: row.reason,
    }));
    Ok(())
}
