//! `serve` and `worker`.

use std::{net::SocketAddr, path::PathBuf};

use axum::serve::ListenerExt;
use services::{Clock, jobs::Worker};
use tokio::sync::watch;

use super::{Failure, Outcome, open};
use crate::{
    cli::{Now, Serve},
    config::Config,
    state::SecretKey,
    telemetry,
    web::{WebConfig, router},
};

/// `headroom serve`: the web application, and the worker unless it is told not to.
///
/// # Errors
/// When the database, the site or the address can't be used.
pub async fn run(config: Config, args: Serve) -> Outcome {
    telemetry::start_logging(&config.log);
    let services = open(&config, running_clock(args.clock), !args.no_worker).await?;
    let web = WebConfig { site_root: site_root(&config)?, tls: config.behind_tls(), secret: secret_key(&config)? };
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("{} can't be listened on: {error}", config.listen))?;
    if store::users::count(services.db.read()).await? == 0 {
        eprintln!(
            "headroom: there are no users yet. Make the first admin with\n  \
             headroom user create --email you@example.com --name \"Your Name\" --role admin --password-stdin"
        );
    }
    let (stop, stopped) = watch::channel(false);
    let worker = (!args.no_worker).then(|| tokio::spawn(Worker::new(services.clone()).run(stopped.clone())));
    // Without TCP_NODELAY a small page waits 40 ms for an acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    println!("Headroom serves on http://{}", config.listen);
    let app = router(services, &web).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            shutdown_signal().await;
            // Live event streams never end by themselves; the worker finishes what it holds.
            // Nobody listening is fine: then there is nothing to stop.
            let _ = stop.send(true);
        })
        .await?;
    if let Some(worker) = worker {
        // What it holds is leased: another replica takes over what is not finished in time.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(10), worker).await;
    }
    Ok(())
}

/// `headroom worker`: the jobs alone.
///
/// # Errors
/// When the database can't be used.
pub async fn worker(config: Config, args: Now) -> Outcome {
    telemetry::start_logging(&config.log);
    let services = open(&config, running_clock(args), true).await?;
    let (stop, stopped) = watch::channel(false);
    println!("Headroom's worker runs.");
    let worker = tokio::spawn(Worker::new(services).run(stopped));
    shutdown_signal().await;
    let _ = stop.send(true);
    worker.await?;
    Ok(())
}

/// `--now` in a long-running process starts the clock there and lets it run on.
fn running_clock(args: Now) -> Clock {
    args.now.map_or_else(Clock::system, Clock::starting_at)
}

async fn shutdown_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// The folder of the built site: the setting, beside the binary, or in the working directory.
fn site_root(config: &Config) -> Result<PathBuf, Failure> {
    if let Some(root) = &config.site_root {
        return Ok(root.clone());
    }
    #[cfg(feature = "embed-site")]
    return embedded_site(config);
    #[cfg(not(feature = "embed-site"))]
    built_site()
}

/// Puts the site that the binary carries into the data directory: a new version replaces what an older one left.
#[cfg(feature = "embed-site")]
fn embedded_site(config: &Config) -> Result<PathBuf, Failure> {
    static SITE: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../target/site");
    let root = config.data_dir.join("site");
    let failed = |error: std::io::Error| format!("the site can't be put into {}: {error}", root.display());
    std::fs::create_dir_all(&root).map_err(failed)?;
    SITE.extract(&root).map_err(failed)?;
    Ok(root)
}

/// The site beside the binary, or in the working directory.
#[cfg(not(feature = "embed-site"))]
fn built_site() -> Result<PathBuf, Failure> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.join("site")));
    let found = beside.into_iter().chain([PathBuf::from("target/site")]).find(|root| root.join("pkg").is_dir());
    found.ok_or_else(|| "the built site is not found; run `make build`, or set HEADROOM_SITE_ROOT".into())
}

/// The secret key: the setting, else the one of the data directory, made when missing.
fn secret_key(config: &Config) -> Result<SecretKey, Failure> {
    if let Some(key) = &config.secret_key {
        return Ok(SecretKey(key.as_bytes().into()));
    }
    let path = config.data_dir.join("secret.key");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= 32 => text.trim().to_owned(),
        Ok(_) => {
            return Err(
                format!("{} holds less than 32 characters; remove it to have a new one made", path.display()).into()
            );
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = hex::encode(services::auth::random_bytes::<32>());
            write_private(&path, &key).map_err(|error| format!("{} can't be written: {error}", path.display()))?;
            key
        }
        Err(error) => return Err(format!("{} can't be read: {error}", path.display()).into()),
    };
    Ok(SecretKey(text.as_bytes().into()))
}

/// Writes a file that only its owner may read.
fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
