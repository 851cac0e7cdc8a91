//! The first pass over a file: can it be read to its end, how are its dates written, which keys does it hold.

use std::{
    collections::HashSet,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::Arc,
};

use domain::{
    calendar::Calendar,
    import::{Dataset, Formats, Plan, Rejection, Row, Section, Survey},
};
use store::import::RejectedRow;
use tokio::sync::mpsc;

use super::{
    progress::Progress,
    records::{Format, Next, Record, Records},
    source::{FileError, Source},
};

/// Rows per batch, but for usage.
const BATCH_ROWS: usize = 1_000;
/// Bytes of a batch: transcripts are long.
const BATCH_BYTES: usize = 4 << 20;
/// How much of a rejected row is kept for download.
const RAW_MAX: usize = 16 << 10;

/// A file that feeds a dataset.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub source: Source,
    pub dataset: Dataset,
    pub section: Option<Section>,
}

/// What the first pass found out.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub job: Job,
    /// None: a JSON Lines file without any object.
    pub plan: Option<(Plan, Formats)>,
    pub sha256: String,
    pub records: u64,
    /// Hashes of the keys in the file, when rows of the dataset may refer to each other.
    pub own_keys: HashSet<u64>,
}

/// A checked row with its text, for the case that it is rejected later.
#[derive(Debug)]
pub(super) struct Parsed {
    pub row: Row,
    pub raw: Arc<str>,
}

/// What the reading thread hands to the writer.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub rows: Vec<Parsed>,
    pub refused: Vec<RejectedRow>,
    pub records: u64,
}

/// The hash of a key; the same in the survey and in the writer.
pub(super) fn key_hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

/// What a reference is looked up by: people by their e-mail in small letters.
pub(super) fn reference_key(dataset: Dataset, text: &str) -> String {
    if dataset == Dataset::Users { text.to_lowercase() } else { text.to_owned() }
}

/// Reads a file once. Blocking.
pub(super) fn survey(job: Job) -> Result<Surveyed, FileError> {
    let mut records = Records::open(&job.source, true)?;
    let plan = match Plan::new(job.dataset, records.headers(), job.section.as_ref()) {
        Ok(plan) => Some(plan),
        Err(_) if records.format() == Format::JsonLines && records.headers().is_empty() => None,
        Err(error) => {
            return Err(FileError { file: job.source.name.clone(), field: Some(error.field), message: error.message });
        }
    };
    let mut seen = plan.as_ref().map(Survey::new);
    let keyed = plan.as_ref().is_some_and(|plan| job.dataset.self_reference().is_some_and(|at| plan.gives(at)));
    let mut own_keys = HashSet::new();
    let mut record = Record::default();
    let mut count = 0;
    loop {
        match records.next(&mut record)? {
            Next::End => break,
            Next::Refused(_) => {}
            Next::Record => {
                if let (Some(plan), Some(seen)) = (&plan, &mut seen) {
                    seen.see(plan, record.line, &record);
                    if keyed && let Some(key) = plan.reference_text(0, &record) {
                        own_keys.insert(key_hash(&reference_key(job.dataset, key)));
                    }
                }
            }
        }
        count += 1;
    }
    let plan = match (plan, seen) {
        (Some(plan), Some(seen)) => {
            let formats = seen.finish(&plan);
            Some((plan, formats))
        }
        _ => None,
    };
    Ok(Surveyed { job, plan, sha256: records.sha256(), records: count, own_keys })
}

/// Reads a file a second time and sends its rows. Blocking; ends when the receiver is gone.
pub(super) fn read(
    surveyed: &Surveyed,
    calendar: &Calendar,
    progress: &Progress,
    batches: &mpsc::Sender<Batch>,
) -> Result<(), FileError> {
    let batch_rows =
        if surveyed.job.dataset == Dataset::UsageMetrics { store::import::USAGE_CHUNK } else { BATCH_ROWS };
    let mut records = Records::open(&surveyed.job.source, false)?;
    let mut record = Record::default();
    let mut batch = Batch::default();
    let mut bytes = 0;
    loop {
        match records.next(&mut record)? {
            Next::End => break,
            Next::Refused(reason) => {
                batch
                    .refused
                    .push(rejected(Rejection { line: record.line, field: String::new(), reason }, &raw_of(&record)));
            }
            Next::Record => {
                let Some((plan, formats)) = &surveyed.plan else { continue };
                let raw = raw_of(&record);
                plan.read(record.line, &record, formats, calendar, |row| match row {
                    Ok(row) => batch.rows.push(Parsed { row, raw: raw.clone() }),
                    Err(rejection) => batch.refused.push(rejected(rejection, &raw)),
                });
                bytes += record.raw.len();
            }
        }
        batch.records += 1;
        if batch.rows.len() >= batch_rows || batch.refused.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
            progress.add(batch.records);
            bytes = 0;
            if batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
    }
    progress.add(batch.records);
    let _ = batches.blocking_send(batch);
    Ok(())
}

fn raw_of(record: &Record) -> Arc<str> {
    let bytes = record.raw.get(..RAW_MAX.min(record.raw.len())).unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    // PostgreSQL's text has no NUL.
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// A rejection with the row's text.
pub(super) fn rejected(rejection: Rejection, raw: &str) -> RejectedRow {
    RejectedRow { line: rejection.line, field: rejection.field, reason: rejection.reason, raw: raw.to_owned() }
}
