//! The frame around every page.

use serde::{Deserialize, Serialize};

use crate::{access::Role, time::Day};

/// Everything the sidebar and the top bar show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shell {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Role.
    pub role: Role,
    /// `light`, `dark`, or `system`.
    pub theme: String,
    /// Unread inbox items.
    pub inbox: u32,
    /// Live opportunities in the finder.
    pub finder: u32,
    /// Live signals.
    pub signals: u32,
    /// Accounts of the scope.
    pub accounts: u32,
    /// Open tasks of this person.
    pub tasks: u32,
    /// Jobs or imports that need a look; 0 is healthy.
    pub troubles: u32,
    /// "2 Feb, 09:02", or "no data yet".
    pub data_through: String,
    /// Currency code of the organisation.
    pub currency: String,
    /// Today in the organisation's zone; days of this year are shown without their year.
    pub today: Day,
    /// Whether demo logins exist.
    pub demo: bool,
}
