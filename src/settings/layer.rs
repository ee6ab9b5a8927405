//! The layers of settings: flags, environment, configuration file and defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

use super::value::{
    Categories, CommandLine, Contact, Folder, Invalid, Language, ListSource, Seconds, ServiceUrl, Switch,
};
use super::{Environment, Flags};
use crate::error::Error;
use crate::model::text;

/// No configuration file is larger, in bytes. One that never ends (`/dev/zero`) would be read until memory is full.
const MAX_FILE: u64 = 1 << 20;

/// Where the value of a setting comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// This flag.
    Flag(String),
    /// This environment variable.
    Variable(&'static str),
    /// This configuration file.
    File(PathBuf),
    /// Nothing was set.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(variable) => f.write_str(variable),
            Self::File(path) => path.display().fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A setting as `config` lists it.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Setting {
    /// Its key in the configuration file.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// Its value as text, without a password; empty if there is none.
    pub value: String,
    /// Where the value comes from: a flag, a variable, a file or `default`.
    #[serde(rename = "from")]
    pub origin: String,
}

/// Defines every setting once: its key in the configuration file, its type, and its environment variable.
macro_rules! settings {
    ($($key:ident: $type:ty, $variable:literal;)*) => {
        /// The settings that one source gives.
        #[derive(Clone, Debug, Default, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(super) struct Layer {
            $(#[serde(deserialize_with = "from_text")] pub(super) $key: Option<$type>,)*
        }

        const KEYS: &[(&str, &str)] = &[$((stringify!($key), $variable),)*];

        impl Layer {
            /// Sets this key to the value that the text stands for.
            fn set(&mut self, key: &str, text: &str) -> Result<(), Invalid> {
                match key {
                    $(stringify!($key) => self.$key = Some(text.parse()?),)*
                    _ => {}
                }
                Ok(())
            }
        }

        impl Merged {
            /// Adds a layer below those that are there.
            pub(super) fn add(&mut self, layer: Layer, origin: impl Fn(&str, &'static str) -> Origin) {
                $(if self.values.$key.is_none() && layer.$key.is_some() {
                    self.values.$key = layer.$key;
                    self.origins.insert(stringify!($key), origin(stringify!($key), $variable));
                })*
            }

            /// Every setting with its origin, for `config`.
            pub(super) fn list(&self) -> Vec<Setting> {
                vec![$(Setting {
                    key: stringify!($key),
                    variable: $variable,
                    value: self.values.$key.as_ref().map_or_else(String::new, ToString::to_string),
                    origin: self.origins.get(stringify!($key)).unwrap_or(&Origin::Default).to_string(),
                },)*]
            }
        }
    };
}

settings! {
    library_dir: Folder, "ARXCAT_LIBRARY_DIR";
    offline: Switch, "ARXCAT_OFFLINE";
    lang: Language, "ARXCAT_LANG";
    pager: CommandLine, "ARXCAT_PAGER";
    source: ListSource, "ARXCAT_SOURCE";
    categories: Categories, "ARXCAT_CATEGORIES";
    contact: Contact, "ARXCAT_CONTACT";
    max_wait: Seconds, "ARXCAT_MAX_WAIT";
    api_url: ServiceUrl, "ARXCAT_API_URL";
    oai_url: ServiceUrl, "ARXCAT_OAI_URL";
    rss_url: ServiceUrl, "ARXCAT_RSS_URL";
    files_url: ServiceUrl, "ARXCAT_FILES_URL";
    interval: Seconds, "ARXCAT_INTERVAL";
    retry_base: Seconds, "ARXCAT_RETRY_BASE";
    timeout: Seconds, "ARXCAT_TIMEOUT";
}

/// The layers laid over each other: of each setting the value of the highest layer that has one, and its origin.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) values: Layer,
    origins: BTreeMap<&'static str, Origin>,
}

/// The flags. Invalid ones are added to `problems`.
pub(super) fn of_flags(flags: &Flags, problems: &mut Vec<Error>) -> Layer {
    let mut layer = Layer {
        library_dir: flags.library_dir.clone().map(Folder),
        offline: flags.offline.then_some(Switch(true)),
        ..Layer::default()
    };
    for (key, text) in [("lang", &flags.lang), ("max_wait", &flags.max_wait)] {
        if let Some(text) = text
            && let Err(invalid) = layer.set(key, text)
        {
            problems.push(error(key, &invalid, &Origin::Flag(flag(key))));
        }
    }
    layer
}

/// The flag of a setting.
pub(super) fn flag(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}

/// The environment. An empty variable counts as unset; an invalid one is left out and added to `problems`.
pub(super) fn of_environment(environment: Environment, problems: &mut Vec<Error>) -> Layer {
    let mut layer = Layer::default();
    for (key, variable) in KEYS {
        let Some(value) = environment(variable).filter(|value| !value.is_empty()) else {
            continue;
        };
        if *key == "library_dir" {
            layer.library_dir = Some(Folder(PathBuf::from(value)));
            continue;
        }
        let Some(text) = value.to_str() else {
            problems.push(Error::usage(format!(
                "{variable}: {} is not UTF-8",
                value.display()
            )));
            continue;
        };
        if let Err(invalid) = layer.set(key, text) {
            problems.push(error(key, &invalid, &Origin::Variable(variable)));
        }
    }
    layer
}

fn error(key: &str, invalid: &Invalid, origin: &Origin) -> Error {
    let error = Error::usage(format!("{key}: {invalid} (from {origin})"));
    match &invalid.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// The configuration file. One that is absent, in whatever way, has no settings, unless the user named it.
pub(super) fn of_file(path: &Path, must_exist: bool) -> Result<Layer, Error> {
    let text = match read(path) {
        Ok(text) => text,
        Err(error) if !must_exist && is_absent(&error) => return Ok(Layer::default()),
        Err(error) => return Err(Error::file("read", path, &error)),
    };
    toml::from_str(&text).map_err(|error| file_error(path, &text, &error))
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than 1 MiB",
        ));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
}

/// Whether there is no file that this user could read: also below a home folder that is none (`HOME=/dev/null`), or that
/// belongs to somebody else.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
    )
}

/// An error in the configuration file, with its place. The line itself is not shown: it may hold a password.
fn file_error(path: &Path, content: &str, error: &toml::de::Error) -> Error {
    let place = match error.span() {
        Some(span) => {
            let before = content.get(..span.start).unwrap_or(content);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            format!("{}:{line}:{column}", path.display())
        }
        None => path.display().to_string(),
    };
    let is_unknown = |key: &&String| !KEYS.iter().any(|(known, _)| known == key);
    let table: Option<toml::Table> = content.parse().ok();
    match table.as_ref().and_then(|table| table.keys().find(is_unknown)) {
        Some(unknown) => Error::usage(format!("{place}: unknown key `{unknown}`"))
            .did_you_mean(&text::nearest(unknown, KEYS.iter().map(|(key, _)| *key)))
            .hint("`arxcat config` lists the keys"),
        None => Error::usage(format!("{place}: {}", error.message().replace('\n', ", "))),
    }
}

/// Reads a value of any scalar type, or a list of them, by way of the text that stands for it in the environment.
fn from_text<'de, D: Deserializer<'de>, T: FromStr<Err = Invalid>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let Text(text) = Text::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(de::Error::custom)
}

/// A value as text; of a list, the elements with commas.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, a number, true or false, or a list of them")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Text, E> {
        Ok(Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Text, A::Error> {
        let mut texts = Vec::new();
        while let Some(Text(text)) = elements.next_element()? {
            texts.push(text);
        }
        Ok(Text(texts.join(",")))
    }
}
