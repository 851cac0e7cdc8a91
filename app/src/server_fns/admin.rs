//! The admin pages.

use std::collections::BTreeMap;

use domain::{
    id::{ImportId, UserId},
    view::admin::{AuditPage, ImportPage, ImportsPage, JobsPage, PreviewPage, RulesPage, SettingsPage, UsersPage},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::me::Once;
use crate::error::WireError;

/// People.
#[server(name = LoadUsers, prefix = "/fn", endpoint = "users", input = GetUrl)]
pub async fn load_users(#[server(default)] q: String, page: u32) -> Result<Once<UsersPage>, WireError> {
    let (services, visit) = crate::context::caller()?;
    let page = services::admin::users::page(&services, &visit.actor, &q, page).await.map_err(crate::error::wire)?;
    Ok(Once { page, secret: crate::context::take_secret("/admin/users") })
}

/// Adds a person.
#[server(name = CreateUser, prefix = "/fn", endpoint = "create_user")]
pub async fn create_user(
    email: String,
    name: String,
    role: String,
    #[server(default)] team: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let made = services::admin::users::create(&services, &visit.actor, &email, &name, &role, &team);
    made.await.map_err(crate::error::wire)?;
    crate::context::finish("/admin/users", "user");
    Ok(())
}

/// Changes role, team and whether the person may sign in.
#[server(name = UpdateUser, prefix = "/fn", endpoint = "update_user")]
pub async fn update_user(
    user: UserId,
    role: String,
    #[server(default)] team: String,
    #[server(default)] active: bool,
    back: String,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let saved = services::admin::users::update(&services, &visit.actor, user, &role, &team, active);
    saved.await.map_err(crate::error::wire)?;
    crate::context::finish(&back, "saved");
    Ok(())
}

/// Makes an invitation; answers its path, which is never shown again.
#[server(name = InviteUser, prefix = "/fn", endpoint = "invite_user")]
pub async fn invite_user(user: UserId) -> Result<String, WireError> {
    let (services, visit) = crate::context::caller()?;
    let path = services::admin::users::invite(&services, &visit.actor, user).await.map_err(crate::error::wire)?;
    crate::context::hand_over_secret("/admin/users", &path);
    Ok(path)
}

/// Import runs.
#[server(name = LoadImports, prefix = "/fn", endpoint = "imports", input = GetUrl)]
pub async fn load_imports(page: u32) -> Result<ImportsPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::imports::page(&services, &visit.actor, page).await.map_err(crate::error::wire)
}

/// One run.
#[server(name = LoadImport, prefix = "/fn", endpoint = "import", input = GetUrl)]
pub async fn load_import(import: ImportId) -> Result<ImportPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::imports::run(&services, &visit.actor, import).await.map_err(crate::error::wire)
}

/// An upload with its mapping.
#[server(name = LoadPreview, prefix = "/fn", endpoint = "preview", input = GetUrl)]
pub async fn load_preview(
    upload: String,
    #[server(default)] dataset: String,
    #[server(default)] mapping: BTreeMap<String, String>,
) -> Result<PreviewPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    let page = services::admin::imports::preview(&services, &visit.actor, &upload, &dataset, &mapping);
    page.await.map_err(crate::error::wire)
}

/// Starts the import of an upload and sends to its page.
#[server(name = StartImport, prefix = "/fn", endpoint = "start_import")]
pub async fn start_import(
    upload: String,
    dataset: String,
    #[server(default)] mapping: BTreeMap<String, String>,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let started = services::admin::imports::start(&services, &visit.actor, &upload, &dataset, &mapping);
    let import = started.await.map_err(crate::error::wire)?;
    crate::context::finish(&format!("/admin/imports/{import}"), "");
    Ok(())
}

/// Undoes a run.
#[server(name = UndoImport, prefix = "/fn", endpoint = "undo_import")]
pub async fn undo_import(import: ImportId) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::imports::undo(&services, &visit.actor, import).await.map_err(crate::error::wire)?;
    crate::context::finish(&format!("/admin/imports/{import}"), "undone");
    Ok(())
}

/// Detection rules.
#[server(name = LoadRules, prefix = "/fn", endpoint = "rules", input = GetUrl)]
pub async fn load_rules() -> Result<RulesPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::rules::page(&services, &visit.actor).await.map_err(crate::error::wire)
}

/// Saves a rule's settings as a new version.
#[server(name = SaveRule, prefix = "/fn", endpoint = "save_rule")]
pub async fn save_rule(
    rule: String,
    #[server(default)] enabled: bool,
    #[server(default)] values: BTreeMap<String, String>,
) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    let saved = services::admin::rules::save(&services, &visit.actor, &rule, enabled, &values);
    saved.await.map_err(crate::error::wire)?;
    crate::context::finish(&format!("/admin/detection-rules?rule={rule}"), "saved");
    Ok(())
}

/// Settings of the organisation.
#[server(name = LoadSettings, prefix = "/fn", endpoint = "settings", input = GetUrl)]
pub async fn load_settings() -> Result<SettingsPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::settings::page(&services, &visit.actor).await.map_err(crate::error::wire)
}

/// Saves them.
#[server(name = SaveSettings, prefix = "/fn", endpoint = "save_settings")]
pub async fn save_settings(#[server(default)] values: BTreeMap<String, String>) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::settings::save(&services, &visit.actor, &values).await.map_err(crate::error::wire)?;
    crate::context::finish("/admin/settings", "saved");
    Ok(())
}

/// Jobs and their runs.
#[server(name = LoadJobs, prefix = "/fn", endpoint = "jobs", input = GetUrl)]
pub async fn load_jobs() -> Result<JobsPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::jobs::page(&services, &visit.actor).await.map_err(crate::error::wire)
}

/// Makes a job due.
#[server(name = RunJob, prefix = "/fn", endpoint = "run_job")]
pub async fn run_job(job: String) -> Result<(), WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::jobs::run_now(&services, &visit.actor, &job).await.map_err(crate::error::wire)?;
    crate::context::finish("/admin/jobs", "due");
    Ok(())
}

/// The audit log.
#[server(name = LoadAudit, prefix = "/fn", endpoint = "audit", input = GetUrl)]
pub async fn load_audit(
    #[server(default)] action: String,
    #[server(default)] q: String,
    page: u32,
) -> Result<AuditPage, WireError> {
    let (services, visit) = crate::context::caller()?;
    services::admin::audit::page(&services, &visit.actor, &action, &q, page).await.map_err(crate::error::wire)
}
