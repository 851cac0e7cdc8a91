//! Signals.

use domain::{
    id::SignalId,
    view::signals::{NewSignal, NewSignalForm, SignalsPage, SignalsQuery},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// The list.
#[server(name = LoadSignals, prefix = "/fn", endpoint = "signals", input = GetUrl)]
pub async fn load_signals(query: SignalsQuery) -> Result<SignalsPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::signals::page(&services, &visit.actor, &query).await.map_err(crate::error::wire)
}

/// What the form for a new signal needs.
#[server(name = LoadNewSignal, prefix = "/fn", endpoint = "new_signal", input = GetUrl)]
pub async fn load_new_signal() -> Result<NewSignalForm, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::signals::new_form(&services, &visit.actor).await.map_err(crate::error::wire)
}

/// Logs a signal by hand.
#[server(name = LogSignal, prefix = "/fn", endpoint = "log_signal")]
pub async fn log_signal(signal: NewSignal) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let logged = services::signals::log(&services, &visit.actor, &signal).await.map_err(crate::error::wire)?;
    crate::context::finish("/signals", if logged.1 { "merged" } else { "logged" });
    Ok(())
}

/// Marks as seen.
#[server(name = AcknowledgeSignal, prefix = "/fn", endpoint = "acknowledge_signal")]
pub async fn acknowledge_signal(signal: SignalId, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::signals::acknowledge(&services, &visit.actor, signal).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "acknowledged");
    Ok(())
}

/// Dismisses with a reason.
#[server(name = DismissSignal, prefix = "/fn", endpoint = "dismiss_signal")]
pub async fn dismiss_signal(
    signal: SignalId,
    reason: String,
    #[server(default)] note: String,
    back: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::signals::dismiss(&services, &visit.actor, signal, &reason, &note).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "dismissed");
    Ok(())
}

/// Quiet until a day or the renewal.
#[server(name = QuietSignal, prefix = "/fn", endpoint = "quiet_signal")]
pub async fn quiet_signal(
    signal: SignalId,
    #[server(default)] until: String,
    #[server(default)] renewal: bool,
    back: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let until = if renewal { "renewal".to_owned() } else { until };
    services::signals::quiet(&services, &visit.actor, signal, &until).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "quiet");
    Ok(())
}
