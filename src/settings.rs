//! What is in force: flags over environment over configuration file over defaults, resolved once.
//!
//! Configuration is read from the user's own folder or from `--config`, never from the working folder.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use reqwest::Url;

use crate::cli::Global;
use crate::error::{Error, Exit};
use crate::model::category;
use crate::model::lang::Lang;
use crate::model::text;

/// Everything a command may want to know, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The user's library.
    pub library_dir: PathBuf,
    /// Where the gate's lock file is.
    pub state_dir: PathBuf,
    /// What can be lost without loss.
    pub cache_dir: PathBuf,
    /// The configuration file, there or not.
    pub config_file: PathBuf,
    /// The user's own catalogs.
    pub catalogs_dir: PathBuf,
    /// The network is forbidden.
    pub offline: bool,
    /// The query API.
    pub api_url: Url,
    /// OAI-PMH.
    pub oai_url: Url,
    /// The announcements: `/rss/CATEGORY` beneath.
    pub rss_url: Url,
    /// PDF, source and HTML: `/pdf/ID`, `/src/ID`, `/html/ID` beneath.
    pub files_url: Url,
    /// What lists show where no flag says.
    pub source: Source,
    /// The language of headings, area names and summaries.
    pub lang: Lang,
    /// The categories the user follows.
    pub categories: Vec<String>,
    /// Told to arXiv in the User-Agent.
    pub contact: Option<String>,
    /// Give up rather than wait longer for arXiv.
    pub max_wait: Option<Duration>,
    /// Between two requests.
    pub interval: Duration,
    /// The first back-off.
    pub retry_base: Duration,
    /// In place of every idle time-out.
    pub timeout: Option<Duration>,
    /// The catalog that lists show, where one was named.
    pub catalog: Option<String>,
    /// The time to go by in place of the clock (`ARXCAT_NOW`, RFC 3339), for tests.
    pub now: Option<DateTime<Utc>>,
    /// Every setting as text, with where it comes from, for `config`.
    pub listed: Vec<Setting>,
}

/// What lists show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A catalog.
    Catalog,
    /// What the user kept.
    Library,
    /// Every record held on this machine.
    Mirror,
}

/// One setting as it is in force.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Setting {
    /// Its key in the configuration file.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// Its value; empty where there is none.
    pub value: String,
    /// Where the value comes from.
    #[serde(rename = "from")]
    pub origin: String,
}

impl Setting {
    fn shown(self) -> Self {
        Self {
            value: without_password(&self.value),
            ..self
        }
    }
}

/// A key of the configuration file, its variable, and its value where nothing is said.
struct Key {
    name: &'static str,
    variable: &'static str,
    default: &'static str,
}

const fn key(name: &'static str, variable: &'static str, default: &'static str) -> Key {
    Key {
        name,
        variable,
        default,
    }
}

const KEYS: &[Key] = &[
    key("library_dir", "ARXCAT_LIBRARY_DIR", ""),
    key("offline", "ARXCAT_OFFLINE", "false"),
    key("lang", "ARXCAT_LANG", ""),
    key("source", "ARXCAT_SOURCE", "catalog"),
    key("categories", "ARXCAT_CATEGORIES", ""),
    key("contact", "ARXCAT_CONTACT", ""),
    key("max_wait", "ARXCAT_MAX_WAIT", ""),
    key("api_url", "ARXCAT_API_URL", "https://export.arxiv.org/api/query"),
    key("oai_url", "ARXCAT_OAI_URL", "https://oaipmh.arxiv.org/oai"),
    key("rss_url", "ARXCAT_RSS_URL", "https://rss.arxiv.org"),
    key("files_url", "ARXCAT_FILES_URL", "https://export.arxiv.org"),
    key("interval", "ARXCAT_INTERVAL", "3"),
    key("retry_base", "ARXCAT_RETRY_BASE", "20"),
    key("timeout", "ARXCAT_TIMEOUT", ""),
];

/// Reads the environment through this, so that a test may stand in for it.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Resolves everything.
    pub fn resolve(global: &Global, environment: Environment) -> Result<Self, Error> {
        let home = folders()?;
        let config_file = global
            .config
            .clone()
            .unwrap_or_else(|| home.config_dir().join("arxcat").join("config.toml"));
        let file = read_config(&config_file, global.config.is_some())?;
        let mut listed = layers(global, environment, &file, &config_file)?;
        let config_dir = home.config_dir().join("arxcat");
        default_value(
            &mut listed,
            "library_dir",
            &home.data_dir().join("arxcat").display().to_string(),
        );
        default_value(&mut listed, "lang", locale(environment));
        let found = Found(&listed);

        Ok(Self {
            library_dir: PathBuf::from(found.text("library_dir")),
            state_dir: home.state_dir().unwrap_or_else(|| home.data_dir()).join("arxcat"),
            cache_dir: home.cache_dir().join("arxcat"),
            config_file,
            catalogs_dir: config_dir.join("catalogs"),
            offline: found.switch("offline")?,
            api_url: found.url("api_url")?,
            oai_url: found.url("oai_url")?,
            rss_url: found.url("rss_url")?,
            files_url: found.url("files_url")?,
            source: match found.one_of("source", &["catalog", "library", "mirror"])? {
                "library" => Source::Library,
                "mirror" => Source::Mirror,
                _ => Source::Catalog,
            },
            lang: if found.one_of("lang", &["en", "zh"])? == "zh" {
                Lang::Zh
            } else {
                Lang::En
            },
            categories: found.categories()?,
            contact: found.contact()?,
            max_wait: found.seconds("max_wait")?.map(Duration::from_secs_f64),
            interval: found.pause("interval")?,
            retry_base: found.pause("retry_base")?,
            timeout: found
                .seconds("timeout")?
                .filter(|s| *s > 0.0)
                .map(Duration::from_secs_f64),
            catalog: global.catalog.clone(),
            now: fixed_clock(environment)?,
            listed: listed.into_iter().map(Setting::shown).collect(),
        })
    }
}

/// The XDG folders, on every system: the people who use this keep their dotfiles there.
fn folders() -> Result<Xdg, Error> {
    Xdg::new().map_err(|_| {
        Error::new(Exit::Local, "no home folder is known")
            .hint("set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME and XDG_STATE_HOME")
    })
}

fn read_config(path: &Path, must_exist: bool) -> Result<toml::Table, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => return Ok(toml::Table::new()),
        Err(error) => return Err(Error::file("read", path, &error)),
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        Error::usage(format!(
            "{}: {}",
            path.display(),
            error.to_string().trim_end().replace('\n', " ")
        ))
    })?;
    if let Some(unknown) = table
        .keys()
        .find(|name| !KEYS.iter().any(|key| key.name == name.as_str()))
    {
        let nearest = text::nearest(unknown, KEYS.iter().map(|key| key.name));
        return Err(
            Error::usage(format!("{}: unknown key `{unknown}`", path.display()))
                .did_you_mean(&nearest)
                .hint("`arxcat config` lists the keys"),
        );
    }
    Ok(table)
}

/// Every key with the value of the highest layer that has one.
fn layers(
    global: &Global,
    environment: Environment,
    file: &toml::Table,
    config_file: &Path,
) -> Result<Vec<Setting>, Error> {
    let flag = |name: &str| match name {
        "library_dir" => global
            .library_dir
            .as_ref()
            .map(|dir| ("--library-dir", dir.display().to_string())),
        "offline" => global.offline.then(|| ("--offline", "true".to_owned())),
        "lang" => global.lang.map(|lang| ("--lang", lang.code().to_owned())),
        "max_wait" => global.max_wait.clone().map(|seconds| ("--max-wait", seconds)),
        _ => None,
    };
    let mut listed = Vec::new();
    for key in KEYS {
        let (value, origin) = if let Some((name, value)) = flag(key.name) {
            (value, name.to_owned())
        } else if let Some(value) = environment(key.variable).filter(|value| !value.is_empty()) {
            let value = value
                .into_string()
                .map_err(|raw| Error::usage(format!("{}: {} is not UTF-8", key.variable, raw.display())))?;
            (value, key.variable.to_owned())
        } else if let Some(value) = file.get(key.name) {
            let value = plain(value).ok_or_else(|| {
                Error::usage(format!(
                    "{}: {} cannot be {}",
                    config_file.display(),
                    key.name,
                    value.type_str()
                ))
            })?;
            (value, config_file.display().to_string())
        } else {
            (key.default.to_owned(), "default".to_owned())
        };
        listed.push(Setting {
            key: key.name,
            variable: key.variable,
            value,
            origin,
        });
    }
    Ok(listed)
}

/// A value of the configuration file as it would be written in the environment; lists with commas.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Array(values) => Some(values.iter().map(plain).collect::<Option<Vec<_>>>()?.join(",")),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        _ => None,
    }
}

fn default_value(listed: &mut [Setting], name: &str, value: &str) {
    if let Some(setting) = listed
        .iter_mut()
        .find(|setting| setting.key == name && setting.value.is_empty())
    {
        value.clone_into(&mut setting.value);
    }
}

/// The locale's language: Chinese for `zh_CN.UTF-8` and its like, else English.
fn locale(environment: Environment) -> &'static str {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()))
        .unwrap_or_default();
    if locale.to_string_lossy().starts_with("zh") {
        "zh"
    } else {
        "en"
    }
}

fn fixed_clock(environment: Environment) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(text) = environment("ARXCAT_NOW").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let time = DateTime::parse_from_rfc3339(&text.to_string_lossy());
    time.map(|time| Some(time.to_utc()))
        .map_err(|_| Error::usage("ARXCAT_NOW is no time such as 2026-01-31T12:00:00Z"))
}

/// A URL as it may be shown: what stands before the host's `@` is a password.
fn without_password(value: &str) -> String {
    match (value.find("://"), value.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}://{}", &value[..scheme], &value[at + 1..]),
        _ => value.to_owned(),
    }
}

/// The settings as text, read as what they must be.
struct Found<'a>(&'a [Setting]);

impl Found<'_> {
    fn get(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.key == name)
    }

    fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |setting| setting.value.as_str())
    }

    fn wrong(&self, name: &str, must: impl fmt::Display) -> Error {
        let origin = self.get(name).map_or("", |setting| setting.origin.as_str());
        let value = without_password(self.text(name));
        Error::usage(format!("{name}: `{value}` {must} (from {origin})"))
    }

    fn switch(&self, name: &str) -> Result<bool, Error> {
        match self.text(name).to_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(true),
            "" | "0" | "false" | "no" | "off" => Ok(false),
            _ => Err(self.wrong(name, "is neither true nor false")),
        }
    }

    fn one_of(&self, name: &str, values: &[&str]) -> Result<&str, Error> {
        let value = self.text(name);
        if values.contains(&value) {
            return Ok(value);
        }
        Err(self.wrong(name, format_args!("is none of {}", values.join(", "))))
    }

    /// Seconds, not negative, at most a day.
    fn seconds(&self, name: &str) -> Result<Option<f64>, Error> {
        let value = self.text(name);
        if value.is_empty() {
            return Ok(None);
        }
        match value.trim().parse::<f64>() {
            Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(Some(seconds)),
            _ => Err(self.wrong(name, "is no number of seconds from 0 to 86400")),
        }
    }

    /// A pause towards arXiv. The client keeps arXiv's own where this is shorter.
    fn pause(&self, name: &str) -> Result<Duration, Error> {
        Ok(self
            .seconds(name)?
            .map_or(Duration::ZERO, Duration::from_secs_f64))
    }

    fn url(&self, name: &str) -> Result<Url, Error> {
        let url: Url = self
            .text(name)
            .parse()
            .map_err(|_| self.wrong(name, "is no URL"))?;
        let web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if web {
            Ok(url)
        } else {
            Err(self.wrong(name, "is no http or https URL"))
        }
    }

    fn categories(&self) -> Result<Vec<String>, Error> {
        let codes = self
            .text("categories")
            .split([',', ' '])
            .filter(|code| !code.is_empty());
        codes
            .map(|code| match category::Filter::parse(code) {
                Ok(_) => Ok(code.to_owned()),
                Err(unknown) => Err(self
                    .wrong("categories", format_args!("names the unknown category `{code}`"))
                    .did_you_mean(&unknown.nearest)
                    .hint("`arxcat categories` lists them all")),
            })
            .collect()
    }

    /// A line break in a header would be a second header.
    fn contact(&self) -> Result<Option<String>, Error> {
        let contact = self.text("contact").trim();
        if contact.chars().any(|c| c.is_control() || !c.is_ascii()) {
            return Err(self.wrong("contact", "has characters that no HTTP header may have"));
        }
        Ok(Some(contact.to_owned()).filter(|contact| !contact.is_empty()))
    }
}
