//! `/events`: live nudges to the browser by server-sent events. An event carries no content; the page reads again with
//! its own rights.

use std::{convert::Infallible, time::Duration};

use app::context::Visit;
use axum::{
    Extension,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt};

use crate::state::AppState;

/// Below the idle limits of common proxies.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// `GET /events`.
pub async fn stream(State(state): State<AppState>, Extension(visit): Extension<Visit>) -> Response {
    let events = of_user(&state, &visit);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn of_user(state: &AppState, visit: &Visit) -> impl Stream<Item = Result<Event, Infallible>> + Send + use<> {
    let user = visit.actor.user;
    state.services.live.subscribe().filter_map(move |nudge| async move {
        nudge.users.contains(&user).then(|| Ok(Event::default().event(nudge.kind.clone()).data(nudge.kind)))
    })
}
