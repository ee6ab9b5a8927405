//! The context of every command: settings, terminal, catalogs and clock.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::input;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::RenderOptions;
use crate::model::lang::Area;
use crate::settings::{Flags, Settings};
use crate::ui::Ui;

/// The context of every command.
pub struct Context {
    /// The settings in force.
    pub settings: Settings,
    /// What is wrong with settings that were left out for it. Only commands that help to mend a configuration run with
    /// such.
    pub problems: Vec<Error>,
    /// Stdout and stderr.
    pub ui: Rc<Ui>,
}

impl Context {
    /// Resolves the settings from these flags, the environment and the configuration file.
    pub fn open(flags: Flags, ui: &Rc<Ui>) -> Result<Self, Error> {
        let (settings, problems) = Settings::resolve(flags, &|name| std::env::var_os(name))?;
        Ok(Self {
            settings,
            problems,
            ui: Rc::clone(ui),
        })
    }

    /// The same context, if nothing is wrong with the settings.
    pub fn checked(mut self) -> Result<Self, Error> {
        if self.problems.is_empty() {
            return Ok(self);
        }
        Err(self.problems.swap_remove(0))
    }

    /// Reports what is wrong with the settings, and returns how the program ends for it.
    #[must_use]
    pub fn report_problems(&self) -> Exit {
        for problem in &self.problems {
            self.ui.error(problem);
        }
        self.problems
            .iter()
            .map(|problem| problem.exit)
            .max()
            .unwrap_or_default()
    }

    /// The catalog that lists show: the one named by `--catalog`, else the built-in one.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        match self.settings.catalog.as_deref() {
            None | Some("deepseek") => built_in(),
            Some(name) => {
                let mut catalog = self.named_catalog(name)?;
                // A file that `fetch` wrote of papers of the built-in catalog has their areas without the areas' names.
                catalog.name_areas(&built_in()?.areas);
                Ok(catalog)
            }
        }
    }

    /// The catalogs that have short names and annotations: the one named by `--catalog`, then the built-in one.
    pub fn catalogs(&self) -> Result<Vec<Catalog>, Error> {
        let first = self.catalog()?;
        if matches!(self.settings.catalog.as_deref(), None | Some("deepseek")) {
            return Ok(vec![first]);
        }
        Ok(vec![first, built_in()?])
    }

    /// One of the user's catalogs: a file, or a name in the `catalogs` folder of the configuration.
    fn named_catalog(&self, name: &str) -> Result<Catalog, Error> {
        let own = self.settings.catalogs_dir.join(format!("{name}.json"));
        let is_name = !name.contains(['/', '\\']) && !Path::new(name).is_file();
        let path = if is_name && own.is_file() {
            own
        } else {
            PathBuf::from(name)
        };
        if is_name && path.extension().is_none() {
            return Err(
                Error::usage(format!("there is no catalog `{name}`")).hint(format!(
                    "a catalog is `deepseek`, a file, or a name in {}",
                    self.settings.catalogs_dir.display()
                )),
            );
        }
        let stem = path
            .file_stem()
            .map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
        let bytes = input::read_file(&path)?;
        Catalog::from_json(&bytes, &stem).map_err(|error| Error::catalog(&path.display().to_string(), &error))
    }

    /// Language, width and colour for stdout or for a file.
    #[must_use]
    pub fn render_options(&self, areas: Vec<Area>, into_file: bool) -> RenderOptions {
        RenderOptions {
            lang: self.settings.lang,
            width: if into_file { None } else { self.ui.width },
            color: self.ui.color && !into_file,
            links: self.ui.links && !into_file,
            areas,
        }
    }

    /// The same for papers as table and text, which fit the width of a preview although it is not a terminal.
    #[must_use]
    pub fn paper_options(&self, areas: Vec<Area>, into_file: bool) -> RenderOptions {
        RenderOptions {
            width: if into_file { None } else { self.ui.text_width },
            ..self.render_options(areas, into_file)
        }
    }

    /// The current time in UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.settings.now.unwrap_or_else(Utc::now)
    }

    /// The current day in UTC.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

fn built_in() -> Result<Catalog, Error> {
    Catalog::built_in().map_err(|error| Error::new(Exit::Local, format!("the built-in catalog: {error}")))
}
