//! Files that pages offer.

use app::context::Visit;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use domain::id::{FoundId, ImportId};
use http::header;
use serde::Deserialize;

use crate::{problem::Problem, state::AppState};

/// `GET /admin/imports/{id}/rejected.csv`.
pub async fn rejected(
    State(state): State<AppState>,
    Extension(visit): Extension<Visit>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id: ImportId = id.parse().map_err(|_| Problem::not_found())?;
    let csv = services::admin::imports::rejected_csv(&state.services, &visit.actor, id).await?;
    Ok(file("text/csv; charset=utf-8", &format!("rejected-{id}.csv"), csv))
}

/// The parameter of a call invitation.
#[derive(Deserialize)]
pub struct Invitation {
    #[serde(default)]
    found: String,
}

/// `GET /actions/invite.ics?found=fnd_3`.
pub async fn invitation(
    State(state): State<AppState>,
    Extension(visit): Extension<Visit>,
    Query(query): Query<Invitation>,
) -> Result<Response, Problem> {
    let found: FoundId = query.found.parse().map_err(|_| Problem::not_found())?;
    let calendar = services::steps::invitation(&state.services, &visit.actor, found).await?;
    Ok(file("text/calendar; charset=utf-8", "expansion-call.ics", calendar))
}

fn file(content_type: &'static str, name: &str, content: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, content_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)], content)
        .into_response()
}
