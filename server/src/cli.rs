//! The command line (CONTRACT 1). Exit code 0 on success, 1 on failure with one clear line on stderr, 2 on wrong usage.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use domain::{
    access::Role,
    time::{At, Day},
};

use crate::{commands, config};

/// Finds expansion revenue in existing accounts, with numbers you can check.
#[derive(Debug, Parser)]
#[command(name = "headroom", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the web application and run the worker.
    Serve(Serve),
    /// Run the worker alone.
    Worker(Now),
    /// Bring the database's schema up to date.
    Migrate,
    /// Check the configuration and say what is in force.
    CheckConfig,
    /// People.
    #[command(subcommand)]
    User(User),
    /// API tokens.
    #[command(subcommand)]
    Token(Token),
    /// Import files or folders.
    Import(Import),
    /// Scan accounts for signals.
    Scan(Scan),
    /// Fill the database.
    Seed(Seed),
    /// Copy the database, also while it serves.
    Backup {
        /// The file to write.
        file: PathBuf,
    },
    /// Measure the bars of the product page on generated data.
    #[command(hide = true)]
    Bench(Bench),
}

/// Fixes the clock.
#[derive(Debug, Args, Clone, Copy)]
pub struct Now {
    /// Set the clock to this instant (RFC 3339).
    #[arg(long, value_name = "T")]
    pub now: Option<At>,
}

/// `headroom serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Leave the jobs to another process.
    #[arg(long)]
    pub no_worker: bool,
    /// The clock.
    #[command(flatten)]
    pub clock: Now,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Make a person who can sign in; the password comes from standard input.
    Create(UserCreate),
}

/// `headroom user create`.
#[derive(Debug, Args)]
pub struct UserCreate {
    /// E-mail address.
    #[arg(long)]
    pub email: String,
    /// Full name.
    #[arg(long)]
    pub name: String,
    /// admin, cs_leader, csm, sales_rep or viewer.
    #[arg(long)]
    pub role: Role,
    /// Team.
    #[arg(long)]
    pub team: Option<String>,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Make an API token; it is the last word of the output and is never shown again.
    Create(TokenCreate),
}

/// `headroom token create`.
#[derive(Debug, Args)]
pub struct TokenCreate {
    /// Whose token.
    #[arg(long)]
    pub user: String,
    /// Comma-separated: read, write, import, admin.
    #[arg(long, default_value = "read")]
    pub scopes: String,
    /// How long it lives: 90d, 12h, 600s.
    #[arg(long, default_value = "90d")]
    pub expires_in: String,
    /// Name, to tell tokens apart.
    #[arg(long, default_value = "command line")]
    pub name: String,
}

/// `headroom import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files or folders.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A column-mapping file.
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Print the ledger as JSON.
    #[arg(long)]
    pub json: bool,
    /// Fail when any row was rejected.
    #[arg(long)]
    pub strict: bool,
    /// The clock.
    #[command(flatten)]
    pub clock: Now,
}

/// `headroom scan`.
#[derive(Debug, Args)]
pub struct Scan {
    /// The clock.
    #[command(flatten)]
    pub clock: Now,
    /// Only these accounts (id or external id).
    #[arg(long = "customer", value_name = "ID")]
    pub customers: Vec<String>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `headroom seed`.
#[derive(Debug, Args)]
pub struct Seed {
    /// The demo portfolio.
    #[arg(long, required = true)]
    pub demo: bool,
    /// Number of accounts.
    #[arg(long, default_value_t = 60)]
    pub accounts: usize,
    /// Seed of the generator.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The day on which the portfolio stands; today when absent.
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// Do nothing when there are users already.
    #[arg(long, hide = true)]
    pub if_empty: bool,
    /// The clock.
    #[command(flatten)]
    pub clock: Now,
}

/// `headroom bench`.
#[derive(Debug, Args)]
pub struct Bench {
    /// Accounts of the generated portfolio.
    #[arg(long, default_value_t = 10_000)]
    pub accounts: usize,
}

/// Parses the arguments, runs the command, answers the exit code.
#[must_use]
pub fn main() -> ExitCode {
    // Two TLS providers get linked; one must be the default before anything connects.
    drop(rustls::crypto::ring::default_provider().install_default());
    let cli = Cli::parse();
    let config = match config::load() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("headroom: {error}");
            return ExitCode::FAILURE;
        }
    };
    for warning in &config.warnings {
        eprintln!("headroom: warning: {warning}");
    }
    // Streaming pages need at least four threads to be safe from waiting for each other.
    let threads = std::thread::available_parallelism().map_or(4, |n| n.get().max(4));
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("headroom: the runtime can't be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(async {
        match cli.command {
            Command::Serve(args) => commands::serve::run(config, args).await,
            Command::Worker(args) => commands::serve::worker(config, args).await,
            Command::Migrate => commands::database::migrate(config).await,
            Command::CheckConfig => commands::database::check_config(config),
            Command::User(User::Create(args)) => commands::people::create_user(config, args).await,
            Command::Token(Token::Create(args)) => commands::people::create_token(config, args).await,
            Command::Import(args) => commands::import::run(config, args).await,
            Command::Scan(args) => commands::scan::run(config, args).await,
            Command::Seed(args) => commands::seed::run(config, args).await,
            Command::Backup { file } => commands::database::backup(config, &file).await,
            Command::Bench(args) => crate::bench::run(config, args).await,
        }
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("headroom: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
