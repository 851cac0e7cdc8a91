//! The admin pages.

use serde::{Deserialize, Serialize};

use super::{FieldMessage, PageInfo};
use crate::{
    access::Role,
    id::{ImportId, UserId},
};

/// `/admin/users`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsersPage {
    /// People, by name.
    pub rows: Vec<UserRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// Teams in use.
    pub teams: Vec<String>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRow {
    /// Id.
    pub id: UserId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// Team.
    pub team: Option<String>,
    /// Manager's name.
    pub manager: Option<String>,
    /// May sign in.
    pub active: bool,
    /// Has a password.
    pub has_password: bool,
    /// Last sign-in, or "never".
    pub last_seen: String,
}

/// `/admin/imports`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportsPage {
    /// Runs, newest first.
    pub rows: Vec<ImportRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// Datasets in import order: key and its columns ("external_id*, name*, …").
    pub datasets: Vec<(String, String)>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRow {
    /// Id.
    pub id: ImportId,
    /// "2 Feb, 09:02".
    pub when: String,
    /// Who.
    pub by: String,
    /// `command line`, `upload`, `API`, `demo`.
    pub source: String,
    /// `running`, `done`, `failed`, `undone`.
    pub state: String,
    /// Files: name, dataset, rows, created, updated, unchanged, rejected.
    pub files: Vec<ImportFileRow>,
}

/// One file of a run: each row ended in exactly one of four (PRODUCT 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFileRow {
    /// Number of the file within the run.
    pub id: i64,
    /// File name.
    pub file: String,
    /// Dataset.
    pub dataset: String,
    /// Rows read.
    pub rows: u64,
    /// Created.
    pub created: u64,
    /// Updated.
    pub updated: u64,
    /// Unchanged.
    pub unchanged: u64,
    /// Rejected.
    pub rejected: u64,
    /// Warnings: "line 1, colour: unknown column, not imported".
    pub warnings: Vec<String>,
    /// First rejections: line, field, reason.
    pub rejections: Vec<(u64, String, String)>,
    /// How dates were read: "closed_on: DD.MM.YYYY".
    pub date_styles: Vec<String>,
}

/// `/admin/imports/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportPage {
    /// The run.
    pub run: ImportRow,
    /// Why it failed, when it did.
    pub error: Option<String>,
    /// Rows done so far, while it runs.
    pub progress: u64,
    /// Whether it can be undone.
    pub may_undo: bool,
    /// What the undo kept: "customers C-9: edited since".
    pub kept: Vec<String>,
}

/// `/admin/imports/preview/{upload}`: the first rows of an uploaded file and its column mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewPage {
    /// Id of the upload.
    pub upload: String,
    /// File name.
    pub file: String,
    /// Dataset, chosen or guessed from the file name.
    pub dataset: String,
    /// All datasets.
    pub datasets: Vec<String>,
    /// Headers of the file.
    pub headers: Vec<String>,
    /// First rows.
    pub sample: Vec<Vec<String>>,
    /// For each column of the dataset: name, required, what it holds, the header that feeds it (or empty).
    pub columns: Vec<MappingRow>,
    /// What is wrong with the mapping as it stands.
    pub messages: Vec<FieldMessage>,
    /// How the first rows would end: line, result.
    pub trial: Vec<(u64, String)>,
}

/// One column of the dataset with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingRow {
    /// Column of the dataset.
    pub column: String,
    /// Needed.
    pub required: bool,
    /// What it holds.
    pub holds: String,
    /// Header that feeds it, or empty.
    pub header: String,
}

/// `/admin/detection-rules`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RulesPage {
    /// Rules in the order of PRODUCT 4.
    pub rows: Vec<RuleRow>,
    /// Whether this person may edit.
    pub may_edit: bool,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleRow {
    /// Key.
    pub key: String,
    /// Label.
    pub label: String,
    /// What it does.
    pub sentence: String,
    /// Type that it leads to, label.
    pub leads_to: String,
    /// Version in force.
    pub version: i64,
    /// "since 12 Nov 2025, by Sam Reed", or "as delivered".
    pub since: String,
    /// Runs.
    pub enabled: bool,
    /// Settings.
    pub settings: Vec<SettingRow>,
    /// Live signals.
    pub live: u32,
    /// Older versions, newest first: "v3, 2 Feb, Sam Reed: fires at 0.85 → 0.88".
    pub history: Vec<String>,
}

/// One setting of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingRow {
    /// Name of the field.
    pub key: String,
    /// Label.
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Value as text: "0.85".
    pub value: String,
    /// Default as text.
    pub default: String,
    /// Bounds as text: "0.5 to 1".
    pub bounds: String,
}

/// `/admin/settings`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettingsPage {
    /// Settings in groups.
    pub groups: Vec<(String, Vec<OrgSetting>)>,
}

/// A setting of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgSetting {
    /// Name of the field.
    pub key: String,
    /// Label.
    pub label: String,
    /// What it does.
    pub hint: String,
    /// Value as text; lists one per line.
    pub value: String,
    /// `text`, `number`, `lines`, `zone`, `month`.
    pub kind: String,
    /// Where the value comes from when it can't be edited here: "HEADROOM_TIME_ZONE".
    pub fixed_by: Option<String>,
}

/// `/admin/jobs`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobsPage {
    /// Jobs.
    pub rows: Vec<JobRow>,
    /// Newest runs.
    pub runs: Vec<JobRunRow>,
    /// Accounts that wait for an incremental scan.
    pub waiting: u32,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    /// Key: `scan.full`.
    pub key: String,
    /// Label.
    pub label: String,
    /// "daily at 09:00", "when data arrives".
    pub schedule: String,
    /// Last run, or "never".
    pub last: String,
    /// Result of the last run.
    pub result: String,
    /// Whether that was good.
    pub ok: bool,
    /// Next run.
    pub next: String,
}

/// One run of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRunRow {
    /// Job key.
    pub job: String,
    /// Started.
    pub when: String,
    /// How long: "1.8 s".
    pub took: String,
    /// What it did.
    pub detail: String,
    /// Whether it was good.
    pub ok: bool,
}

/// `/admin/audit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Where the list stands.
    pub page: PageInfo,
    /// Actions in use, for the filter.
    pub actions: Vec<String>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// "2 Feb, 09:02:11".
    pub when: String,
    /// Who.
    pub actor: String,
    /// `rule.saved`, `user.created`, `sign_in.failed`, …
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// Details in words.
    pub detail: String,
}
