//! `headroom seed --demo`: the demo portfolio through the same import as real files, its logins, and a first scan.

use domain::{
    import::ImportReport,
    time::{At, Day},
};
use store::{Tx, activities::Activity, users::NewUser};

use crate::{
    Error, Result, Services, audit, auth, demo,
    import::{By, Progress, Request, import_paths},
    org::Org,
    scan,
};

/// The password of every demo login. They work on loopback only, unless the configuration allows more.
pub const PASSWORD: &str = "headroom-demo";

/// What a seed did.
#[derive(Debug)]
pub struct Seeded {
    /// The ledger of the import.
    pub report: ImportReport,
    /// The first scan.
    pub scan: scan::ScanReport,
    /// The logins: address, name, role.
    pub logins: Vec<demo::Login>,
}

/// Fills an empty database with the demo portfolio as it stands on `as_of`, and scans it at `now`.
///
/// # Errors
/// [`Error::Conflict`] when there are users already.
pub async fn demo(
    services: &Services,
    seed: u64,
    as_of: Day,
    accounts: u32,
    now: At,
    progress: &Progress,
) -> Result<Seeded> {
    if store::users::count(services.db.read()).await? > 0 {
        return Err(Error::Conflict("The database holds users already; the demo goes into an empty one.".into()));
    }
    let extras = demo::extras(as_of);
    settle(services, &extras, now).await?;
    let folder = services.config.data_dir.join(format!("seed-{}", hex::encode(auth::random_bytes::<4>())));
    let report = import(services, seed, as_of, accounts, now, &folder, progress).await;
    // The files were only a means; a failure to clean up is not one of the seed.
    drop(tokio::fs::remove_dir_all(&folder).await);
    let report = report?;
    people(services, &extras, now).await?;
    let scan = scan::scan_all(services, now).await?;
    Ok(Seeded { report, scan, logins: extras.logins })
}

/// The organisation's settings, before anything is judged by them.
async fn settle(services: &Services, extras: &demo::Extras, now: At) -> Result<()> {
    let settings = &extras.settings;
    let write = |tx: Tx| async move {
        for (key, value) in settings {
            store::settings::put(&tx, key, &value.clone().into(), None, now).await?;
        }
        Ok::<_, store::Error>(())
    };
    Ok(services.db.write(write).await?)
}

async fn import(
    services: &Services,
    seed: u64,
    as_of: Day,
    accounts: u32,
    now: At,
    folder: &std::path::Path,
    progress: &Progress,
) -> Result<ImportReport> {
    let write_files = {
        let folder = folder.to_owned();
        move || demo::write_files(&folder, seed, as_of, accounts)
    };
    let files = tokio::task::spawn_blocking(write_files)
        .await
        .map_err(|error| Error::Internal(format!("the generator's task ended: {error}")))?
        .map_err(|error| Error::Unavailable(format!("the demo's files can't be written: {error}")))?;
    let org = Org::load(services, now).await?;
    let request = Request { now, calendar: org.calendar, by: By::Demo, mapping: None };
    import_paths(&services.db, request, &files, progress).await
}

/// The demo logins with their password, and the outreach that stands in the log.
async fn people(services: &Services, extras: &demo::Extras, now: At) -> Result<()> {
    let hash = &auth::hash_password(services, PASSWORD).await?;
    let (logins, outreach) = (&extras.logins, &extras.outreach);
    let write = |tx: Tx| async move {
        for login in logins {
            let id = match store::users::by_email(&tx, login.email).await? {
                Some(user) => user.id,
                None => {
                    let role = login.role.parse().map_err(|text: String| Error::Internal(text))?;
                    let new = NewUser {
                        email: login.email.into(),
                        name: login.name.into(),
                        role,
                        team: None,
                        manager: None,
                        password_hash: None,
                        demo: true,
                    };
                    store::users::create(&tx, new, now).await?
                }
            };
            store::users::set_password(&tx, id, hash, now).await?;
            store::users::set_demo(&tx, id, true).await?;
        }
        for note in outreach {
            let user = store::users::by_email(&tx, note.by).await?;
            let account =
                store::customers::by_ref(&tx, &domain::access::Scope::All, &note.customer, Day(i32::MAX)).await?;
            if let (Some(user), Some(account)) = (user, account) {
                let activity = Activity {
                    customer: account.customer.id,
                    opportunity: None,
                    at: note.at,
                    actor: user.name,
                    kind: "outreach".into(),
                    text: note.what.clone(),
                    user: Some(user.id),
                };
                store::activities::record(&tx, activity).await?;
            }
        }
        store::audit::record(&tx, audit::by_name("command line", now, "demo.seeded", "demo portfolio", "")).await?;
        Ok::<_, Error>(())
    };
    services.db.write(write).await
}
