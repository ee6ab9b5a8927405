//! The settings in force: flags over environment over configuration file over defaults, resolved once into plain values.
//!
//! The configuration is read from the user's own folder or from `--config`, never from the working folder, where anybody
//! may have put a file.

mod layer;
mod value;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use etcetera::base_strategy::{BaseStrategy, Xdg};
use reqwest::Url;

pub use self::layer::Setting;
use self::layer::{Layer, Merged, Origin};
use self::value::{Folder, Language, Seconds, ServiceUrl, Switch};
pub use self::value::{Invalid, ListSource};
use crate::error::{Error, Exit};
use crate::model::lang::Lang;

/// The settings of a run, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the library.
    pub library_dir: PathBuf,
    /// The folder of the gate's lock file.
    pub state_dir: PathBuf,
    /// The folder for files that can be deleted at any time.
    pub cache_dir: PathBuf,
    /// The configuration file, which need not exist.
    pub config_file: PathBuf,
    /// The folder of the user's own catalogs.
    pub catalogs_dir: PathBuf,
    /// Whether the network is forbidden.
    pub offline: bool,
    /// The address of the query API.
    pub api_url: Url,
    /// The address of OAI-PMH.
    pub oai_url: Url,
    /// The address of the announcements: `/rss/CATEGORY` beneath it.
    pub rss_url: Url,
    /// The address of PDF, source and HTML: `/pdf/ID`, `/src/ID`, `/html/ID` beneath it.
    pub files_url: Url,
    /// What lists show unless a flag says otherwise.
    pub source: ListSource,
    /// The language of headings, area names and summaries.
    pub lang: Lang,
    /// The pager for long output; `None` means `$PAGER` or the default.
    pub pager: Option<String>,
    /// The categories that the user follows.
    pub categories: Vec<String>,
    /// The user's contact, sent to arXiv in the User-Agent.
    pub contact: Option<String>,
    /// The longest time to wait for arXiv; `None` means as long as the retries take.
    pub max_wait: Option<Duration>,
    /// The pause between two requests. The client never goes below arXiv's own rule.
    pub interval: Duration,
    /// The first back-off.
    pub retry_base: Duration,
    /// The idle time-out of every service, instead of their own.
    pub timeout: Option<Duration>,
    /// The catalog that `--catalog` names.
    pub catalog: Option<String>,
    /// The time to use instead of the clock (`ARXCAT_NOW`, RFC 3339), for tests.
    pub now: Option<DateTime<Utc>>,
    /// Every setting as text, with its origin, for `config`.
    pub listed: Vec<Setting>,
}

/// The settings that have a flag, as typed; `None` and `false` without the flag.
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

/// Reads the environment, so that a test can pass another one.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Resolves every setting, and returns what is wrong with those that were left out for it. The commands that help
    /// to mend a configuration work with what is right in it.
    pub fn resolve(flags: Flags, environment: Environment) -> Result<(Self, Vec<Error>), Error> {
        let home = folders()?;
        let config_dir = home.config_dir().join("arxcat");
        let named = flags.config.clone();
        let config_file = named.clone().unwrap_or_else(|| config_dir.join("config.toml"));
        let mut problems = Vec::new();
        let mut merged = Merged::default();
        merged.add(layer::of_flags(&flags, &mut problems), |key, _| {
            Origin::Flag(layer::flag(key))
        });
        merged.add(
            layer::of_environment(environment, &mut problems),
            |_, variable| Origin::Variable(variable),
        );
        match layer::of_file(&config_file, named.is_some()) {
            Ok(layer) => merged.add(layer, |_, _| Origin::File(config_file.clone())),
            Err(error) => problems.push(error),
        }
        merged.add(defaults(&home, environment)?, |_, _| Origin::Default);
        let now = fixed_clock(environment).unwrap_or_else(|error| {
            problems.push(error);
            None
        });
        let listed = merged.list();
        let values = merged.values;
        let settings = Self {
            library_dir: required(values.library_dir)?.0,
            state_dir: home.state_dir().unwrap_or_else(|| home.data_dir()).join("arxcat"),
            cache_dir: home.cache_dir().join("arxcat"),
            config_file,
            catalogs_dir: config_dir.join("catalogs"),
            offline: required(values.offline)?.0,
            api_url: required(values.api_url)?.0,
            oai_url: required(values.oai_url)?.0,
            rss_url: required(values.rss_url)?.0,
            files_url: required(values.files_url)?.0,
            source: required(values.source)?,
            lang: required(values.lang)?.0,
            pager: values.pager.map(|line| line.0),
            categories: values.categories.map_or_else(Vec::new, |categories| categories.0),
            contact: values
                .contact
                .map(|contact| contact.0)
                .filter(|text| !text.is_empty()),
            max_wait: values.max_wait.map(Seconds::duration),
            interval: required(values.interval)?.duration(),
            retry_base: required(values.retry_base)?.duration(),
            timeout: values
                .timeout
                .map(Seconds::duration)
                .filter(|time| !time.is_zero()),
            catalog: flags.catalog,
            now,
            listed,
        };
        Ok((settings, problems))
    }
}

/// The lowest layer. It has every setting that a command cannot do without.
fn defaults(home: &Xdg, environment: Environment) -> Result<Layer, Error> {
    let url = |text: &str| {
        let url: Result<ServiceUrl, _> = text.parse();
        url.map(Some)
            .map_err(|invalid| Error::new(Exit::Local, format!("a default is invalid: {invalid}")))
    };
    Ok(Layer {
        library_dir: Some(Folder(home.data_dir().join("arxcat"))),
        offline: Some(Switch(false)),
        lang: Some(Language(locale(environment))),
        source: Some(ListSource::Catalog),
        api_url: url("https://export.arxiv.org/api/query")?,
        oai_url: url("https://oaipmh.arxiv.org/oai")?,
        rss_url: url("https://rss.arxiv.org")?,
        files_url: url("https://export.arxiv.org")?,
        // arXiv asks for three seconds between requests (https://info.arxiv.org/help/api/tou.html).
        interval: Some(Seconds::from_whole(3)),
        retry_base: Some(Seconds::from_whole(20)),
        ..Layer::default()
    })
}

/// A value that the defaults have.
fn required<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::new(Exit::Local, "a setting has no default"))
}

/// The XDG folders, on every system: people who work in a terminal keep their configuration there.
fn folders() -> Result<Xdg, Error> {
    Xdg::new().map_err(|_| {
        Error::new(Exit::Local, "no home folder is known")
            .hint("set HOME, or XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME and XDG_STATE_HOME")
    })
}

/// The language of the locale: Chinese for `zh_CN.UTF-8` and the like, else English.
fn locale(environment: Environment) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| environment(name).filter(|value| !value.is_empty()));
    match locale {
        Some(locale) if locale.to_string_lossy().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
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
