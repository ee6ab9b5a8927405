//! What is in force: flags over environment over configuration file over defaults, resolved once.
//!
//! Configuration is read from the user's own folder or from `--config`, never from the working folder.

mod layers;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use reqwest::Url;

pub use self::layers::Setting;
use self::values::Found;
use crate::error::{Error, Exit};
use crate::model::lang::Lang;

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

/// The settings that have a flag, as they were typed; `None` and `false` if they were not.
#[derive(Clone, Default, Debug)]
pub struct Flags {
    /// `--catalog NAME-OR-FILE`.
    pub catalog: Option<String>,
    /// `--config FILE`.
    pub config: Option<PathBuf>,
    /// `--library-dir DIR`.
    pub library_dir: Option<PathBuf>,
    /// `--offline`.
    pub offline: bool,
    /// `--lang en|zh`.
    pub lang: Option<String>,
    /// `--max-wait SECONDS`.
    pub max_wait: Option<String>,
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

/// Reads the environment through this, so that a test may stand in for it.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Resolves everything.
    pub fn resolve(flags: Flags, environment: Environment) -> Result<Self, Error> {
        let home = folders()?;
        let config_file = flags
            .config
            .clone()
            .unwrap_or_else(|| home.config_dir().join("arxcat").join("config.toml"));
        let file = layers::read_config(&config_file, flags.config.is_some())?;
        let mut listed = layers::listed(&flags, environment, &file, &config_file)?;
        let config_dir = home.config_dir().join("arxcat");
        layers::default_value(
            &mut listed,
            "library_dir",
            &home.data_dir().join("arxcat").display().to_string(),
        );
        layers::default_value(&mut listed, "lang", locale(environment));
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
            catalog: flags.catalog,
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
