//! `user create` and `token create`.

use std::io::BufRead;

use services::Clock;

use super::{Outcome, open, say};
use crate::{
    cli::{TokenCreate, UserCreate},
    config::Config,
};

/// Who acts on the command line, in the audit log.
pub const COMMAND_LINE: &str = "command line";

/// `headroom user create`.
///
/// # Errors
/// When the address is taken or a field is wrong.
pub async fn create_user(config: Config, args: UserCreate) -> Outcome {
    let password = if args.password_stdin {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(|error| format!("no password on standard input: {error}"))?;
        Some(line.trim_end_matches(['\n', '\r']).to_owned())
    } else {
        None
    };
    let services = open(&config, Clock::system(), false).await?;
    let team = args.team.as_deref();
    services::auth::create_user(&services, COMMAND_LINE, &args.email, &args.name, args.role, team, password.as_deref())
        .await
        .map_err(say)?;
    match password {
        Some(_) => println!("{} can sign in as {}.", args.email, args.role.label()),
        None => println!(
            "{} is made as {}, without a password: tokens work, sign-in does not.",
            args.email,
            args.role.label()
        ),
    }
    Ok(())
}

/// `headroom token create`; the token is the last word on standard output.
///
/// # Errors
/// When there is no such user, or scopes or lifetime are wrong.
pub async fn create_token(config: Config, args: TokenCreate) -> Outcome {
    let services = open(&config, Clock::system(), false).await?;
    let email = services::auth::check_email(&args.user).map_err(say)?;
    let user = store::users::by_email(services.db.read(), &email)
        .await?
        .ok_or_else(|| format!("there is no user {email}; `headroom user create` makes one"))?;
    let token =
        services::auth::create_token(&services, COMMAND_LINE, user.id, &args.name, &args.scopes, &args.expires_in)
            .await
            .map_err(say)?;
    println!("The token of {email}, shown once: {token}");
    Ok(())
}
