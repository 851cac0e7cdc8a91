//! Configuration: one TOML file and the environment, which wins (CONTRACT 1). Every setting has one row in [`SETTINGS`];
//! a wrong value stops the start with its name, its value (secrets masked) and what would be right.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// A setting: its environment variable; in the file it is the same in lower case without `HEADROOM_`.
struct Setting {
    env: &'static str,
    secret: bool,
}

const fn setting(env: &'static str) -> Setting {
    Setting { env, secret: false }
}

const fn secret(env: &'static str) -> Setting {
    Setting { env, secret: true }
}

/// All settings of CONTRACT 1. Those of integrations are known by name so that a shared configuration starts; an
/// integration that this version does not have ignores them.
const SETTINGS: &[Setting] = &[
    secret("DATABASE_URL"),
    setting("HEADROOM_DATA_DIR"),
    setting("HEADROOM_LISTEN"),
    setting("HEADROOM_BASE_URL"),
    secret("HEADROOM_SECRET_KEY"),
    setting("HEADROOM_TIME_ZONE"),
    setting("HEADROOM_CURRENCY"),
    setting("HEADROOM_FISCAL_YEAR_START"),
    setting("HEADROOM_CONFIG"),
    setting("HEADROOM_ALLOW_DEMO_LOGINS"),
    setting("HEADROOM_LOG"),
    setting("HEADROOM_SITE_ROOT"),
    secret("HEADROOM_SMTP_URL"),
    setting("HEADROOM_MAIL_FROM"),
    setting("HEADROOM_SLACK_API_URL"),
    secret("HEADROOM_SLACK_BOT_TOKEN"),
    secret("HEADROOM_SLACK_SIGNING_SECRET"),
    setting("HEADROOM_WEBHOOK_URL"),
    secret("HEADROOM_WEBHOOK_SECRET"),
    setting("HEADROOM_ALLOW_PRIVATE_TARGETS"),
];

/// Names that belong to the test harness and the build, not to the configuration.
const OUTSIDE: &[&str] = &["HEADROOM_TEST_DATA", "HEADROOM_TEST_POSTGRES", "HEADROOM_CACHE", "HEADROOM_BIN"];

/// The configuration in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where the embedded database, uploads and the secret key live.
    pub data_dir: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Address under which people reach it.
    pub base_url: String,
    /// Key for signatures; made in the data directory when missing.
    pub secret_key: Option<String>,
    /// Fixed time zone.
    pub time_zone: Option<String>,
    /// Fixed currency.
    pub currency: Option<String>,
    /// Fixed first month of the fiscal year.
    pub fiscal_year_start: Option<u32>,
    /// Whether demo logins work when listening beyond loopback.
    pub allow_demo_logins: bool,
    /// Log filter.
    pub log: String,
    /// Folder of the site; found beside the binary when absent.
    pub site_root: Option<PathBuf>,
    /// Warnings to print: unknown names with the nearest known one.
    pub warnings: Vec<String>,
}

/// Why the configuration can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} = {value}: {problem}")]
pub struct ConfigError {
    /// The setting.
    pub name: String,
    /// Its value, masked when it is a secret.
    pub value: String,
    /// What would be right.
    pub problem: String,
}

/// Values by environment name, with what was given where.
struct Values(BTreeMap<String, String>);

impl Values {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Reads a setting through `parse`; its message says what would be right.
    fn read<T>(&self, name: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let masked = SETTINGS.iter().any(|setting| setting.env == name && setting.secret);
        parse(value).map(Some).map_err(|problem| ConfigError {
            name: name.into(),
            value: if masked { mask(value) } else { format!("{value:?}") },
            problem,
        })
    }
}

/// Keeps what identifies a secret's kind and hides the rest.
fn mask(value: &str) -> String {
    let scheme = value.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if scheme.len() <= 12 => format!("{scheme}://…"),
        _ => "(hidden)".into(),
    }
}

/// The name of a setting in the file.
fn file_name_of(env: &str) -> String {
    env.strip_prefix("HEADROOM_").unwrap_or(env).to_ascii_lowercase()
}

/// Reads the file named by `HEADROOM_CONFIG` (or `headroom.toml` in the working directory when it is there) and the
/// environment.
///
/// # Errors
/// The first setting that can't be used.
pub fn load() -> Result<Config, ConfigError> {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let named = environment.get("HEADROOM_CONFIG").filter(|path| !path.is_empty());
    let path = named.map_or_else(|| PathBuf::from("headroom.toml"), PathBuf::from);
    let file = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => None,
        Err(error) => {
            return Err(ConfigError {
                name: "HEADROOM_CONFIG".into(),
                value: format!("{:?}", path.display().to_string()),
                problem: format!("the file can't be read ({error}); name a readable TOML file"),
            });
        }
    };
    from_sources(file.as_deref().map(|text| (path.as_path(), text)), &environment)
}

/// The pure part of [`load`].
fn from_sources(file: Option<(&Path, &str)>, environment: &BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let mut values = BTreeMap::new();
    let mut warnings = Vec::new();
    if let Some((path, text)) = file {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| ConfigError {
            name: "HEADROOM_CONFIG".into(),
            value: format!("{:?}", path.display().to_string()),
            problem: format!("the file is not valid TOML: {}", error.message()),
        })?;
        for (key, value) in table {
            let known = SETTINGS.iter().find(|setting| file_name_of(setting.env) == key);
            let text = match value {
                toml::Value::String(text) => text,
                other => other.to_string(),
            };
            match known {
                Some(setting) => drop(values.insert(setting.env.to_owned(), text)),
                None => warnings.push(unknown(&key, SETTINGS.iter().map(|setting| file_name_of(setting.env)))),
            }
        }
    }
    for (name, value) in environment {
        if SETTINGS.iter().any(|setting| setting.env == name) {
            values.insert(name.clone(), value.clone());
        } else if name.starts_with("HEADROOM_") && !OUTSIDE.contains(&name.as_str()) {
            warnings.push(unknown(name, SETTINGS.iter().map(|setting| setting.env.to_owned())));
        }
    }
    let values = Values(values);

    let data_dir = values.get("HEADROOM_DATA_DIR").map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let database_url = values
        .read("DATABASE_URL", |url| match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Ok(url.to_owned()),
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(url.to_owned()),
            _ => Err("write sqlite://<path of a file> or postgres://user:password@host/database".into()),
        })?
        .unwrap_or_else(|| format!("sqlite://{}", data_dir.join("headroom.db").display()));
    let listen = values
        .read("HEADROOM_LISTEN", |text| {
            text.parse::<SocketAddr>().map_err(|_| "write an address and a port like 127.0.0.1:3000".into())
        })?
        .unwrap_or(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), 3000));
    let base_url = values
        .read("HEADROOM_BASE_URL", |text| match text.split_once("://") {
            Some(("http" | "https", host)) if !host.is_empty() => Ok(text.trim_end_matches('/').to_owned()),
            _ => Err("write an address like https://headroom.example.com".into()),
        })?
        .unwrap_or_else(|| format!("http://{listen}"));
    Ok(Config {
        database_url,
        listen,
        base_url,
        secret_key: values.read("HEADROOM_SECRET_KEY", |text| {
            if text.len() >= 32 { Ok(text.to_owned()) } else { Err("write at least 32 characters".into()) }
        })?,
        time_zone: values.read("HEADROOM_TIME_ZONE", |text| check_org("time_zone", text))?,
        currency: values.read("HEADROOM_CURRENCY", |text| check_org("currency", text))?,
        fiscal_year_start: values.read("HEADROOM_FISCAL_YEAR_START", |text| {
            check_org("fiscal_year_start", text).and_then(|month| month.parse().map_err(|_| "write 1 to 12".into()))
        })?,
        allow_demo_logins: values.read("HEADROOM_ALLOW_DEMO_LOGINS", boolean)?.unwrap_or(false),
        log: values.get("HEADROOM_LOG").unwrap_or("info,sqlx=warn,sea_orm=warn").to_owned(),
        site_root: values.get("HEADROOM_SITE_ROOT").map(PathBuf::from),
        data_dir,
        warnings,
    })
}

fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        _ => Err("write true or false".into()),
    }
}

/// The same check as on the settings page.
fn check_org(key: &str, text: &str) -> Result<String, String> {
    let def = services::org::SETTINGS.iter().find(|def| def.key == key).ok_or("unknown setting")?;
    services::org::check(def, text).map_err(|error| match error {
        services::Error::Invalid(messages) => messages.into_iter().map(|m| m.message).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    })
}

/// "HEADROOM_LISTN is not a setting; did you mean HEADROOM_LISTEN?"
fn unknown(name: &str, known: impl Iterator<Item = String>) -> String {
    let nearest = known.min_by_key(|candidate| strsim::damerau_levenshtein(name, candidate));
    match nearest {
        Some(nearest) => format!("{name} is not a setting; did you mean {nearest}?"),
        None => format!("{name} is not a setting."),
    }
}

impl Config {
    /// Whether it is reached only from this machine.
    #[must_use]
    pub fn on_loopback(&self) -> bool {
        self.listen.ip().is_loopback()
    }

    /// Whether cookies must be marked `Secure`.
    #[must_use]
    pub fn behind_tls(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// What services need to know.
    #[must_use]
    pub fn for_services(&self, worker: bool) -> services::org::Config {
        services::org::Config {
            time_zone: self.time_zone.clone(),
            currency: self.currency.clone(),
            fiscal_year_start: self.fiscal_year_start,
            base_url: self.base_url.clone(),
            data_dir: self.data_dir.clone(),
            demo_logins: self.on_loopback() || self.allow_demo_logins,
            worker,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_file_and_unknown_names_are_told() {
        let file = "listen = \"127.0.0.1:4000\"\ncurrency = \"eur\"\nlistn = 1\n";
        let config = from_sources(
            Some((Path::new("headroom.toml"), file)),
            &environment(&[("HEADROOM_LISTEN", "0.0.0.0:5000"), ("HEADROOM_TIMEZONE", "UTC"), ("PATH", "/bin")]),
        )
        .unwrap();
        assert_eq!(config.listen.to_string(), "0.0.0.0:5000");
        assert_eq!(config.currency.as_deref(), Some("EUR"));
        assert_eq!(config.database_url, "sqlite://data/headroom.db");
        assert_eq!(
            config.warnings,
            [
                "listn is not a setting; did you mean listen?",
                "HEADROOM_TIMEZONE is not a setting; did you mean HEADROOM_TIME_ZONE?"
            ]
        );
    }

    #[test]
    fn a_wrong_value_is_named_and_a_secret_is_masked() {
        for (name, value, shown) in [
            ("HEADROOM_LISTEN", "3000", "HEADROOM_LISTEN = \"3000\": write an address and a port"),
            ("DATABASE_URL", "mysql://root:hunter2@db", "DATABASE_URL = mysql://…: write sqlite://"),
            ("HEADROOM_SECRET_KEY", "short", "HEADROOM_SECRET_KEY = (hidden): write at least 32"),
            ("HEADROOM_TIME_ZONE", "Mars", "HEADROOM_TIME_ZONE = \"Mars\": \"Mars\" is not a time zone"),
            ("HEADROOM_FISCAL_YEAR_START", "13", "is not a month"),
        ] {
            let message = from_sources(None, &environment(&[(name, value)])).unwrap_err().to_string();
            assert!(message.contains(shown), "{message}");
            assert!(!message.contains("hunter2"));
        }
    }

    /// The example file names every setting, and nothing else.
    #[test]
    fn the_example_file_is_complete() {
        let example = include_str!("../../headroom.example.toml");
        let uncommented: String = example
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        let table: toml::Table = uncommented.parse().unwrap();
        for setting in SETTINGS.iter().filter(|setting| setting.env != "HEADROOM_CONFIG") {
            assert!(table.contains_key(&file_name_of(setting.env)), "{}", setting.env);
        }
        assert_eq!(table.len(), SETTINGS.len() - 1);
        assert_eq!(from_sources(Some((Path::new("x"), &uncommented)), &BTreeMap::new()).unwrap().warnings, [""; 0]);
    }
}
