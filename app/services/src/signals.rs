//! `/signals` and `/api/expansion/…/signals`.

#![expect(unused_variables, reason = "signatures first")]
use crate::{Error, Result, Services};
use domain::access::Actor;
use domain::{
    id::SignalId,
    view::signals::{NewSignal, NewSignalForm, SignalsPage, SignalsQuery},
};

/// The list.
///
/// # Errors
/// See [`crate::Error`].
pub async fn page(services: &Services, actor: &Actor, query: &SignalsQuery) -> Result<SignalsPage> {
    Err(Error::Internal("not built".into()))
}

/// What the form needs; `customer` is chosen beforehand when given.
///
/// # Errors
/// See [`crate::Error`].
pub async fn new_form(services: &Services, actor: &Actor) -> Result<NewSignalForm> {
    Err(Error::Internal("not built".into()))
}

/// Logs a signal by hand; answers its id and whether it joined a running episode.
///
/// # Errors
/// See [`crate::Error`].
pub async fn log(services: &Services, actor: &Actor, input: &NewSignal) -> Result<(SignalId, bool)> {
    Err(Error::Internal("not built".into()))
}

/// Marks as seen.
///
/// # Errors
/// See [`crate::Error`].
pub async fn acknowledge(services: &Services, actor: &Actor, signal: SignalId) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Dismisses with a reason.
///
/// # Errors
/// See [`crate::Error`].
pub async fn dismiss(services: &Services, actor: &Actor, signal: SignalId, reason: &str, note: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}

/// Quiet until a day or `renewal`.
///
/// # Errors
/// See [`crate::Error`].
pub async fn quiet(services: &Services, actor: &Actor, signal: SignalId, until: &str) -> Result<()> {
    Err(Error::Internal("not built".into()))
}
