//! The settings as text, read as what they must be.

use std::fmt;
use std::time::Duration;

use reqwest::Url;

use super::layers::{Setting, without_password};
use crate::error::Error;
use crate::model::category;

/// Every setting as text.
pub(super) struct Found<'a>(pub(super) &'a [Setting]);

impl Found<'_> {
    fn get(&self, name: &str) -> Option<&Setting> {
        self.0.iter().find(|setting| setting.key == name)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).map_or("", |setting| setting.value.as_str())
    }

    fn wrong(&self, name: &str, must: impl fmt::Display) -> Error {
        let origin = self.get(name).map_or("", |setting| setting.origin.as_str());
        let value = without_password(self.text(name));
        Error::usage(format!("{name}: `{value}` {must} (from {origin})"))
    }

    pub(super) fn switch(&self, name: &str) -> Result<bool, Error> {
        match self.text(name).to_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Ok(true),
            "" | "0" | "false" | "no" | "off" => Ok(false),
            _ => Err(self.wrong(name, "is neither true nor false")),
        }
    }

    pub(super) fn one_of(&self, name: &str, values: &[&str]) -> Result<&str, Error> {
        let value = self.text(name);
        if values.contains(&value) {
            return Ok(value);
        }
        Err(self.wrong(name, format_args!("is none of {}", values.join(", "))))
    }

    /// Seconds, not negative, at most a day.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<f64>, Error> {
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
    pub(super) fn pause(&self, name: &str) -> Result<Duration, Error> {
        Ok(self
            .seconds(name)?
            .map_or(Duration::ZERO, Duration::from_secs_f64))
    }

    pub(super) fn url(&self, name: &str) -> Result<Url, Error> {
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

    pub(super) fn categories(&self) -> Result<Vec<String>, Error> {
        let codes = self
            .text("categories")
            .split([',', ' '])
            .filter(|code| !code.is_empty());
        codes
            .map(|code| match category::CategoryFilter::parse(code) {
                Ok(_) => Ok(code.to_owned()),
                Err(unknown) => Err(self
                    .wrong("categories", format_args!("names the unknown category `{code}`"))
                    .did_you_mean(&unknown.nearest)
                    .hint("`arxcat categories` lists them all")),
            })
            .collect()
    }

    /// A line break in a header would be a second header.
    pub(super) fn contact(&self) -> Result<Option<String>, Error> {
        let contact = self.text("contact").trim();
        if contact.chars().any(|c| c.is_control() || !c.is_ascii()) {
            return Err(self.wrong("contact", "has characters that no HTTP header may have"));
        }
        Ok(Some(contact.to_owned()).filter(|contact| !contact.is_empty()))
    }
}
