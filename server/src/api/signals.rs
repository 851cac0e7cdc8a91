//! `/api/expansion/signal` and `/api/expansion/{customer_id}/signals` (PRD-103, PRD-119).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;
use services::signals::LogInput;
use utoipa::IntoParams;

use super::{
    extract::{Caller, Json, Path, Query, json},
    types::{BlockerOut, CustomerSignalsOut, GuardOut, LoggedOut, SignalIn, SignalOut},
};
use crate::{problem::Problem, state::AppState};

/// Logs a signal with its evidence. It joins the running episode of the same account, rule and subject when there is one.
#[utoipa::path(post, path = "/expansion/signal", tag = "Signals", request_body = SignalIn,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer for 24 hours", max_length = 200)),
    responses(
    (status = 200, description = "It joined a running episode", body = LoggedOut),
    (status = 201, description = "A new signal", body = LoggedOut),
    (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The role or the token does not allow it", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not sent as JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A field that is wrong", body = Problem, content_type = "application/problem+json"),
))]
pub async fn log(
    State(state): State<AppState>,
    Caller(actor): Caller,
    headers: http::HeaderMap,
    Json(body): Json<SignalIn>,
) -> Result<Response, Problem> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
    super::idempotent(&state.services, &actor, key.as_deref(), "/api/expansion/signal", async || {
        let detected_at = match body.detected_at.as_deref() {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| {
                Problem::field("detected_at", format!("{text:?} is not an instant like 2026-02-27T09:00:00Z."))
            })?),
        };
        let input = LogInput {
            customer: body.customer_id.clone(),
            signal_type: body.signal_type.clone(),
            product: None,
            strength_class: body.signal_strength.clone(),
            strength: body.strength,
            source: body.source.clone(),
            source_reference: body.source_reference.clone().unwrap_or_default(),
            detected_at,
            text: body.evidence.text.clone(),
            quote: body.evidence.quote.clone(),
            speaker: body.evidence.speaker.clone(),
            channel: "api",
        };
        let (item, merged) = services::signals::log_signal(&state.services, &actor, input).await?;
        let status = if merged { StatusCode::OK } else { StatusCode::CREATED };
        Ok((status, serde_json::to_value(LoggedOut { signal: SignalOut::from(&item), merged }).unwrap_or_default()))
    })
    .await
    .map(IntoResponse::into_response)
}

/// Which signals of an account.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SignalsQuery {
    /// `live` (default), `closed`, `dismissed` or `all`.
    #[serde(default)]
    state: Option<String>,
}

/// Signals of an account, with blockers said or seen, and what holds alerts back.
#[utoipa::path(get, path = "/expansion/{customer_id}/signals", tag = "Signals",
    params(("customer_id" = String, Path, description = "Id or external id of the account"), SignalsQuery), responses(
    (status = 200, description = "Newest first", body = CustomerSignalsOut),
    (status = 400, description = "A parameter that can't be read", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "No or bad token", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "The token does not allow it", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such account, or not yours", body = Problem, content_type = "application/problem+json"),
))]
pub async fn of_customer(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(customer): Path<String>,
    Query(query): Query<SignalsQuery>,
) -> Result<Response, Problem> {
    use store::signals::State as S;
    let which = match query.state.as_deref().unwrap_or("live") {
        "" | "live" => S::Live,
        "closed" => S::Closed,
        "dismissed" => S::Dismissed,
        "all" => S::All,
        other => {
            return Err(Problem::bad_request(format!("state = {other:?}: write live, closed, dismissed or all.")));
        }
    };
    let found = services::signals::of_customer(&state.services, &actor, &customer, which).await?;
    Ok(json(CustomerSignalsOut {
        data: found.signals.iter().map(SignalOut::from).collect(),
        blockers: found.blockers.iter().map(BlockerOut::from).collect(),
        guards: found.guards.iter().map(GuardOut::from).collect(),
    }))
}
