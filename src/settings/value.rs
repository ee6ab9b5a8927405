//! The values of settings: read from text, whether it comes from a flag, the environment or the configuration file.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use reqwest::Url;

use crate::model::category::CategoryFilter;
use crate::model::lang::Lang;

/// A day: no pause or time-out that anybody means is longer.
const MAX_SECONDS: f64 = 86_400.0;

/// Why a text is not the value of a setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invalid {
    /// The text as it may be shown: without a password.
    pub shown: String,
    /// What is wrong with it: `is neither true nor false`.
    pub problem: String,
    /// What the user can do.
    pub hint: Option<String>,
}

impl Invalid {
    fn new(shown: &str, problem: impl Into<String>) -> Self {
        Self {
            shown: shown.to_owned(),
            problem: problem.into(),
            hint: None,
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.shown, self.problem)
    }
}

/// A folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Folder(pub(super) PathBuf);

impl FromStr for Folder {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Ok(Self(PathBuf::from(text)))
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// On or off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Switch(pub(super) bool);

impl FromStr for Switch {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.to_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(Self(true)),
            "0" | "false" | "no" | "off" => Ok(Self(false)),
            _ => Err(Invalid::new(text, "is neither true nor false")),
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The language of headings, area names and summaries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Language(pub(super) Lang);

impl FromStr for Language {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match [Lang::En, Lang::Zh].into_iter().find(|lang| lang.code() == text) {
            Some(lang) => Ok(Self(lang)),
            None => Err(Invalid::new(text, "is none of en, zh")),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code())
    }
}

/// A program and its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct CommandLine(pub(super) String);

impl FromStr for CommandLine {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What lists show unless a flag says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListSource {
    /// A catalog.
    Catalog,
    /// The papers that the user kept.
    Library,
    /// Every record on this machine.
    Mirror,
}

impl ListSource {
    fn name(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Library => "library",
            Self::Mirror => "mirror",
        }
    }
}

impl FromStr for ListSource {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let all = [Self::Catalog, Self::Library, Self::Mirror];
        match all.into_iter().find(|source| source.name() == text) {
            Some(source) => Ok(source),
            None => Err(Invalid::new(text, "is none of catalog, library, mirror")),
        }
    }
}

impl fmt::Display for ListSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Categories, separated by commas or spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Categories(pub(super) Vec<String>);

impl FromStr for Categories {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let codes = text.split([',', ' ']).filter(|code| !code.is_empty());
        let known = codes.map(|code| match CategoryFilter::parse(code) {
            Ok(_) => Ok(code.to_owned()),
            Err(unknown) => {
                let nearest = crate::error::did_you_mean(&unknown.nearest);
                Err(Invalid {
                    hint: Some(nearest.unwrap_or_else(|| "`arxcat categories` lists them all".to_owned())),
                    ..Invalid::new(text, format!("names the unknown category `{code}`"))
                })
            }
        });
        known.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Categories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

/// The user's contact for the User-Agent header. A line break in it would start another header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Contact(pub(super) String);

impl FromStr for Contact {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let contact = text.trim();
        if contact.chars().any(|c| c.is_control() || !c.is_ascii()) {
            return Err(Invalid::new(text, "has characters that no HTTP header may have"));
        }
        Ok(Self(contact.to_owned()))
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A time in seconds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Seconds(f64);

impl Seconds {
    pub(super) fn from_whole(seconds: u32) -> Self {
        Self(f64::from(seconds))
    }

    pub(super) fn duration(self) -> Duration {
        Duration::from_secs_f64(self.0)
    }
}

impl FromStr for Seconds {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.trim().parse::<f64>() {
            Ok(seconds) if (0.0..=MAX_SECONDS).contains(&seconds) => Ok(Self(seconds)),
            _ => Err(Invalid::new(text, "is no number of seconds from 0 to 86400")),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The address of a service. Its user name and password are never shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ServiceUrl(pub(super) Url);

impl FromStr for ServiceUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let shown = without_password(text);
        let url: Url = text.parse().map_err(|_| Invalid::new(&shown, "is no URL"))?;
        if matches!(url.scheme(), "http" | "https") && url.has_host() {
            Ok(Self(url))
        } else {
            Err(Invalid::new(&shown, "is no http or https URL"))
        }
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = without_password(self.0.as_str());
        // A URL of a host alone is parsed as one with the path `/`.
        f.write_str(if self.0.path() == "/" {
            shown.trim_end_matches('/')
        } else {
            &shown
        })
    }
}

/// A URL, or what should be one, without what stands before its last `@`: that may be a password, also if the scheme is
/// missing or wrong.
fn without_password(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    match before.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://{after}"),
        None => after.to_owned(),
    }
}
