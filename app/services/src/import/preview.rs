//! The first rows of a file beside the columns that they would feed, before anything is imported.

use domain::{
    access::Actor,
    calendar::Calendar,
    import::{Dataset, Mapping, Plan, Survey},
    view::{FieldMessage, admin::MappingRow},
};

use super::{
    authorise,
    records::{Next, Record, Records},
    source::{FileError, Source},
};
use crate::{Error, Result};

/// Rows that are shown and tried.
const SHOWN: usize = 20;
/// Columns that are shown.
const COLUMNS_SHOWN: usize = 200;
/// How much of a cell is shown.
const CELL_SHOWN: usize = 120;

/// How the first rows of a file would fare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Columns of the file, at most 200.
    pub headers: Vec<String>,
    /// First rows, cut to what fits on a page.
    pub sample: Vec<Vec<String>>,
    /// Columns of the dataset and the header that feeds each.
    pub columns: Vec<MappingRow>,
    /// What is wrong with the mapping as it stands.
    pub messages: Vec<FieldMessage>,
    /// Line, and `ok` or the reason of its rejection. References are not looked up yet.
    pub trial: Vec<(u64, String)>,
}

/// Reads the beginning of a file and tries the mapping on it. Nothing is written. Dates and percents are judged by
/// these rows alone; the import itself looks at all of them.
///
/// # Errors
/// A file that can't be read at all.
pub async fn preview(
    actor: &Actor,
    calendar: Calendar,
    source: Source,
    dataset: Dataset,
    mapping: Option<Mapping>,
) -> Result<Preview> {
    authorise(actor)?;
    let joined = tokio::task::spawn_blocking(move || read(&calendar, &source, dataset, mapping.as_ref())).await;
    Ok(joined.map_err(|error| Error::Internal(format!("a reading thread ended: {error}")))??)
}

fn read(
    calendar: &Calendar,
    source: &Source,
    dataset: Dataset,
    mapping: Option<&Mapping>,
) -> Result<Preview, FileError> {
    let mut file = Records::open(source, false)?;
    let headers = file.headers().to_vec();
    let mut records = Vec::new();
    let mut trial = Vec::new();
    while records.len() + trial.len() < SHOWN {
        let mut record = Record::default();
        match file.next(&mut record)? {
            Next::End => break,
            Next::Record => records.push(record),
            Next::Refused(reason) => trial.push((record.line, reason)),
        }
    }
    let section = mapping.and_then(|mapping| mapping.of(dataset).next());
    let mut messages = Vec::new();
    let plan = match Plan::new(dataset, &headers, section) {
        Ok(plan) => {
            try_rows(calendar, &plan, &records, &mut messages, &mut trial);
            Some(plan)
        }
        Err(error) => {
            messages.push(FieldMessage { field: error.field, message: error.message });
            None
        }
    };
    let fed_by = |at: usize, name: &str| -> String {
        match &plan {
            Some(plan) => plan.fed_by(at).and_then(|at| headers.get(at)).cloned().unwrap_or_default(),
            None => {
                let mapped = section.and_then(|section| section.columns.get(name)?.column.clone());
                mapped.or_else(|| same_name(&headers, name)).unwrap_or_default()
            }
        }
    };
    let columns = dataset.columns().iter().enumerate().map(|(at, column)| MappingRow {
        column: column.name.to_owned(),
        required: column.required,
        holds: column.holds.to_owned(),
        header: fed_by(at, column.name),
    });
    let cut = |text: &String| text.chars().take(CELL_SHOWN).collect::<String>();
    trial.sort();
    Ok(Preview {
        columns: columns.collect(),
        sample: records.iter().map(|record| record.cells().iter().take(COLUMNS_SHOWN).map(cut).collect()).collect(),
        headers: headers.iter().take(COLUMNS_SHOWN).map(cut).collect(),
        messages,
        trial,
    })
}

fn try_rows(
    calendar: &Calendar,
    plan: &Plan,
    records: &[Record],
    messages: &mut Vec<FieldMessage>,
    trial: &mut Vec<(u64, String)>,
) {
    let mut survey = Survey::new(plan);
    for record in records {
        survey.see(plan, record.line, record);
    }
    let formats = survey.finish(plan);
    for warning in plan.unknown_columns().into_iter().chain(formats.choices(plan)) {
        messages.push(FieldMessage { field: warning.field, message: warning.message });
    }
    for record in records {
        plan.read(record.line, record, &formats, calendar, |row| {
            trial.push(match row {
                Ok(row) => (row.line, "ok".to_owned()),
                Err(refused) if refused.field.is_empty() => (refused.line, refused.reason),
                Err(refused) => (refused.line, format!("{}: {}", refused.field, refused.reason)),
            });
        });
    }
}

/// A header that is called like the column, without regard to case, space and dash.
fn same_name(headers: &[String], name: &str) -> Option<String> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    headers.iter().find(|header| plain(header) == plain(name)).cloned()
}
