//! Next steps that work (PRODUCT 5).

use domain::{
    id::FoundId,
    view::finder::{OutreachDraft, Proposal},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::error::WireError;

/// A mail text from the evidence.
#[server(name = LoadDraft, prefix = "/fn", endpoint = "draft", input = GetUrl)]
pub async fn load_draft(found: FoundId) -> Result<OutreachDraft, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::steps::draft(&services, &visit.actor, found).await.map_err(crate::error::wire)
}

/// Records that somebody reached out.
#[server(name = RecordOutreach, prefix = "/fn", endpoint = "record_outreach")]
pub async fn record_outreach(found: FoundId, what: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::steps::record_outreach(&services, &visit.actor, found, &what).await.map_err(crate::error::wire)?;
    crate::context::finish("/finder", "outreach");
    Ok(())
}

/// What a printable proposal holds.
#[server(name = LoadProposal, prefix = "/fn", endpoint = "proposal", input = GetUrl)]
pub async fn load_proposal(found: FoundId) -> Result<Proposal, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::steps::proposal(&services, &visit.actor, found).await.map_err(crate::error::wire)
}

/// Makes a task.
#[server(name = AddTask, prefix = "/fn", endpoint = "add_task")]
pub async fn add_task(found: FoundId, title: String, due_on: String, back: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::steps::add_task(&services, &visit.actor, found, &title, &due_on).await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "task");
    Ok(())
}
