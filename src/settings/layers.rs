//! Every setting as text, from the highest layer that has one.

use std::io;
use std::path::Path;

use super::{Environment, Flags};
use crate::error::Error;
use crate::model::text;

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
    /// As it may be shown.
    pub(super) fn shown(self) -> Self {
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

/// The configuration file; without keys where it is not there and need not be.
pub(super) fn read_config(path: &Path, must_exist: bool) -> Result<toml::Table, Error> {
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
pub(super) fn listed(
    flags: &Flags,
    environment: Environment,
    file: &toml::Table,
    config_file: &Path,
) -> Result<Vec<Setting>, Error> {
    let flag = |name: &str| match name {
        "library_dir" => flags
            .library_dir
            .as_ref()
            .map(|dir| ("--library-dir", dir.display().to_string())),
        "offline" => flags.offline.then(|| ("--offline", "true".to_owned())),
        "lang" => flags.lang.clone().map(|lang| ("--lang", lang)),
        "max_wait" => flags.max_wait.clone().map(|seconds| ("--max-wait", seconds)),
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

/// Gives a setting the value that only this machine knows, where nothing is said.
pub(super) fn default_value(listed: &mut [Setting], name: &str, value: &str) {
    if let Some(setting) = listed
        .iter_mut()
        .find(|setting| setting.key == name && setting.value.is_empty())
    {
        value.clone_into(&mut setting.value);
    }
}

/// A URL as it may be shown: what stands before the host's `@` is a password.
pub(super) fn without_password(value: &str) -> String {
    match (value.find("://"), value.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}://{}", &value[..scheme], &value[at + 1..]),
        _ => value.to_owned(),
    }
}
