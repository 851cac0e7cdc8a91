//! `/api/import/{dataset}` and `/api/imports/{id}` (CONTRACT 1).

use axum::{body::Body, extract::State, response::Response};
use domain::{id::ImportId, import::Dataset};
use serde::Serialize;
use services::import::{By, Progress, Request, import_stream};
use utoipa::ToSchema;

use super::extract::{Caller, Path, json};
use crate::{problem::Problem, state::AppState};

/// The ledger of an import: each row ended in exactly one of created, updated, unchanged, rejected.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LedgerOut {
    /// Number of the run.
    import_id: String,
    /// `running`, `done`, `failed`, `undone`.
    state: String,
    /// One entry per file and dataset.
    datasets: Vec<DatasetOut>,
}

/// What one file did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DatasetOut {
    /// Dataset.
    dataset: String,
    /// File name.
    file: String,
    /// Rows read.
    rows: u64,
    /// New rows.
    created: u64,
    /// Changed rows.
    updated: u64,
    /// Rows that were there already.
    unchanged: u64,
    /// Refused rows.
    rejected: u64,
    /// What was odd.
    warnings: Vec<WarningOut>,
    /// Refused rows, at most 1,000; the rest is in the download of the page.
    rejections: Vec<RejectionOut>,
}

/// Something odd at a place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WarningOut {
    /// Line of the file; the header is line 1.
    line: u64,
    /// Column.
    field: String,
    /// What.
    message: String,
}

/// A refused row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RejectionOut {
    /// Line of the file; the header is line 1.
    line: u64,
    /// Column.
    field: String,
    /// Why, and what would be right.
    reason: String,
}

/// The ledger of an undo.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UndoneOut {
    /// The run that was undone.
    import_id: String,
    /// `undone`.
    state: String,
    /// One entry per file.
    datasets: Vec<UndoneFileOut>,
    /// What stayed and why.
    kept: Vec<String>,
}

/// What the undo of one file did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UndoneFileOut {
    /// Dataset.
    dataset: String,
    /// File name.
    file: String,
    /// Rows deleted.
    deleted: u64,
    /// Rows as they were before.
    restored: u64,
    /// Rows left as they are.
    kept: u64,
}

/// Imports a body of CSV or JSON Lines, gzip or not, in one transaction.
#[utoipa::path(post, path = "/import/{dataset}", tag = "Import",
    params(("dataset" = String, Path, description = "users, products, customers, contracts, entitlements, usage_metrics, …")),
    request_body(description = "CSV or JSON Lines", content((String = "text/csv"), (String = "application/x-ndjson"))),
    responses(
    (status = 200, description = "The ledger", body = LedgerOut),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "Only admins, and the scope `import`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such dataset", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Conflict", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Larger than 2 GB", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body can't be read at all", body = Problem, content_type = "application/problem+json"),
))]
pub async fn run(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(dataset): Path<String>,
    headers: http::HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let length = headers.get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > services::import::BODY_MAX) {
        let detail = "The body is larger than 2 GB. Split it, or use `headroom import` on the server.";
        return Err(Problem::new(http::StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    let dataset: Dataset = dataset.parse().map_err(|_| {
        Problem::new(
            http::StatusCode::NOT_FOUND,
            format!("There is no dataset of that name; the datasets are {}.", Dataset::known()),
        )
    })?;
    let now = state.services.now();
    let org = services::org::Org::load(&state.services, now).await?;
    let request = Request { now, calendar: org.calendar, by: By::Api(actor), mapping: None };
    let folder = state.services.config.data_dir.join("uploads");
    let progress = Progress::default();
    let stream = body.into_data_stream();
    let report = import_stream(&state.services.db, request, dataset, dataset.key(), stream, &folder, &progress).await?;
    Ok(json(LedgerOut {
        import_id: report.import_id.to_string(),
        state: "done".into(),
        datasets: report
            .datasets
            .into_iter()
            .map(|dataset| DatasetOut {
                dataset: dataset.dataset,
                file: dataset.file,
                rows: dataset.rows,
                created: dataset.created,
                updated: dataset.updated,
                unchanged: dataset.unchanged,
                rejected: dataset.rejected,
                warnings: dataset
                    .warnings
                    .into_iter()
                    .map(|w| WarningOut { line: w.line, field: w.field, message: w.message })
                    .collect(),
                rejections: dataset
                    .rejections
                    .into_iter()
                    .map(|r| RejectionOut { line: r.line, field: r.field, reason: r.reason })
                    .collect(),
            })
            .collect(),
    }))
}

fn import_id(text: &str) -> Result<ImportId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The ledger of a run.
#[utoipa::path(get, path = "/imports/{id}", tag = "Import", params(("id" = String, Path, description = "Like imp_12")), responses(
    (status = 200, description = "The ledger", body = LedgerOut),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "Only admins, and the scope `import`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such run", body = Problem, content_type = "application/problem+json"),
))]
pub async fn one(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = services::admin::imports::run(&state.services, &actor, import_id(&id)?).await?;
    let datasets = page.run.files.into_iter().map(|file| DatasetOut {
        dataset: file.dataset,
        file: file.file,
        rows: file.rows,
        created: file.created,
        updated: file.updated,
        unchanged: file.unchanged,
        rejected: file.rejected,
        warnings: file
            .warnings
            .into_iter()
            .map(|message| WarningOut { line: 1, field: String::new(), message })
            .collect(),
        rejections: file
            .rejections
            .into_iter()
            .map(|(line, field, reason)| RejectionOut { line, field, reason })
            .collect(),
    });
    Ok(json(LedgerOut { import_id: page.run.id.to_string(), state: page.run.state, datasets: datasets.collect() }))
}

/// Undoes a run; rows edited since are kept and listed.
#[utoipa::path(post, path = "/imports/{id}/undo", tag = "Import", params(("id" = String, Path, description = "Like imp_12")), responses(
    (status = 200, description = "The undo's own ledger", body = UndoneOut),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "Only admins, and the scope `import`", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such run", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Not done, or undone already", body = Problem, content_type = "application/problem+json"),
))]
pub async fn undo(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let services = &state.services;
    let done = services::import::undo(&services.db, services.now(), Some(&actor), import_id(&id)?).await?;
    let datasets = done.datasets.into_iter().map(|file| UndoneFileOut {
        dataset: file.dataset,
        file: file.file,
        deleted: file.deleted,
        restored: file.restored,
        kept: file.kept,
    });
    Ok(json(UndoneOut {
        import_id: done.import_id.to_string(),
        state: "undone".into(),
        datasets: datasets.collect(),
        kept: done.kept,
    }))
}
