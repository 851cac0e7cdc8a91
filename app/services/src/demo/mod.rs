//! The demo portfolio: a pure, deterministic function of (seed, as-of day, number of accounts).
//!
//! [`generate`] gives the rows of every dataset of DATA_FORMATS in the order in which a folder is imported; they go
//! through the very same import as real files. [`extras`] gives what no dataset carries, [`planted`] what a scan on the
//! as-of day has to find. Days are relative to the as-of day; the accounts are those of the requirement documents and of
//! the mocks, with quiet ones around them, and beyond them numbered ones for large portfolios.

mod account;
mod bulk;
mod cast;
mod catalog;
mod pipeline;
mod prng;
mod spec;
mod table;
mod talk;
mod truth;
mod usage;

use std::{
    fs::{self, File},
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::time::{At, Day};

pub use table::{CsvReader, Row, Table};
pub use truth::{Planted, planted};

use spec::Spec;

/// The seed when none is given.
pub const DEFAULT_SEED: u64 = 20_260_202;

/// The number of accounts when none is given: the named ones.
pub const DEFAULT_ACCOUNTS: u32 = 60;

/// Every dataset of a portfolio in import order. With fewer accounts than have names, only the first ones exist and
/// what is planted on the others is missing.
#[must_use]
pub fn generate(seed: u64, as_of: Day, accounts: u32) -> Vec<Table> {
    tables(seed, as_of, 0..accounts)
}

/// Accounts whose usage goes into one file: about a gigabyte, and an import takes files of up to two.
const ACCOUNTS_PER_FILE: u32 = 25_000;

/// Writes a portfolio as files that an import takes, and gives their paths in import order. The folder is to be empty.
///
/// # Errors
/// When a file can't be written.
pub fn write_files(folder: &Path, seed: u64, as_of: Day, accounts: u32) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut write = |table: Table, folder: &Path| -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.csv", table.dataset));
        io::copy(&mut table.into_csv(), &mut File::create(&path)?)?;
        files.push(path);
        Ok(())
    };
    for table in generate(seed, as_of, accounts) {
        if table.dataset != USAGE {
            write(table, folder)?;
            continue;
        }
        for (part, first) in (0..accounts).step_by(ACCOUNTS_PER_FILE as usize).enumerate() {
            let some = first..accounts.min(first + ACCOUNTS_PER_FILE);
            if let Some(table) = tables(seed, as_of, some).into_iter().find(|table| table.dataset == USAGE) {
                // A file is named after its dataset, so each part has a folder.
                write(table, &folder.join(format!("usage-{}", part + 1)))?;
            }
        }
    }
    Ok(files)
}

const USAGE: &str = "usage_metrics";

fn tables(seed: u64, as_of: Day, numbers: Range<u32>) -> Vec<Table> {
    let cast: Arc<Vec<Spec>> = Arc::new(cast::all(seed));
    let table = |dataset, header, make: fn(u64, &Spec, Day) -> Vec<Row>| {
        let cast = Arc::clone(&cast);
        let rows = numbers.clone().flat_map(move |number| match cast.get(number as usize) {
            Some(spec) => make(seed, spec, as_of),
            None => make(seed, &bulk::account(seed, number), as_of),
        });
        Table { dataset, header, rows: Box::new(rows) }
    };
    let fixed = |dataset, header, rows: Vec<Row>| Table { dataset, header, rows: Box::new(rows.into_iter()) };
    vec![
        fixed("users", catalog::USER_COLUMNS, catalog::user_rows()),
        fixed("products", catalog::PRODUCT_COLUMNS, catalog::product_rows()),
        table("customers", account::CUSTOMER_COLUMNS, |_, spec, as_of| account::customer_rows(spec, as_of)),
        table("contracts", account::CONTRACT_COLUMNS, |_, spec, as_of| account::contract_rows(spec, as_of)),
        table("entitlements", account::ENTITLEMENT_COLUMNS, |_, spec, as_of| account::entitlement_rows(spec, as_of)),
        table(USAGE, usage::USAGE_COLUMNS, usage::usage_rows),
        table("customer_users", account::CUSTOMER_USER_COLUMNS, account::customer_user_rows),
        table("stakeholders", account::STAKEHOLDER_COLUMNS, |_, spec, as_of| account::stakeholder_rows(spec, as_of)),
        table("health_scores", account::HEALTH_COLUMNS, |_, spec, as_of| account::health_rows(spec, as_of)),
        table("meetings", account::MEETING_COLUMNS, account::meeting_rows),
        table("tickets", account::TICKET_COLUMNS, account::ticket_rows),
        table("opportunities", pipeline::OPPORTUNITY_COLUMNS, pipeline::opportunity_rows),
        table("opportunity_history", pipeline::HISTORY_COLUMNS, pipeline::history_rows),
        table("expansions", pipeline::EXPANSION_COLUMNS, pipeline::expansion_rows),
        fixed("targets", catalog::TARGET_COLUMNS, catalog::target_rows(as_of)),
    ]
}

/// Somebody who may sign in with the demo's password (CONTRACT 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Login {
    /// E-mail address.
    pub email: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Role key.
    pub role: &'static str,
}

/// An outreach that stands in the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutreachNote {
    /// External id of the account.
    pub customer: String,
    /// When.
    pub at: At,
    /// E-mail of who did it.
    pub by: &'static str,
    /// What, as a sentence without a final point.
    pub what: String,
}

/// What no dataset carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Extras {
    /// The demo logins. The first is the administrator, who is in no dataset: an import grants no such role.
    pub logins: Vec<Login>,
    /// Outreach of the last days.
    pub outreach: Vec<OutreachNote>,
    /// Values of the organisation's settings by key.
    pub settings: Vec<(&'static str, String)>,
}

/// What the demo needs besides its datasets.
#[must_use]
pub fn extras(as_of: Day) -> Extras {
    let login = |email: &'static str| {
        let staff = std::iter::once(&catalog::ADMIN).chain(&catalog::STAFF).find(|person| person.0 == email);
        staff.map(|(email, name, role, _, _)| Login { email, name, role })
    };
    let logins = [catalog::ADMIN.0, catalog::LEADER, catalog::MAYA, catalog::JONAS, "viewer@example.com"];
    let call = account::back(as_of, 6).start_utc();
    Extras {
        logins: logins.into_iter().filter_map(login).collect(),
        outreach: vec![OutreachNote {
            customer: "techflow-inc".to_owned(),
            // 15:00 UTC.
            at: At(call.0 + 15 * 3_600_000),
            by: catalog::TOM,
            what: "Call about 50 additional seats".to_owned(),
        }],
        settings: vec![("name", "Example Software".to_owned()), ("price_book", catalog::price_book(as_of))],
    }
}

#[cfg(test)]
mod portfolio_in_memory;
#[cfg(test)]
mod seeded_test;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod truth_test;
