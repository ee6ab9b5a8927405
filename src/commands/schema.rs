//! `schema`: JSON Schemas of what commands print as JSON.

use std::io::Write;

use crate::error::{Error, Exit};
use crate::format;
use crate::model::text;

/// Print the JSON Schema of what commands print: paper, ledger, finding, reference or count
///
/// Without a name, lists the names of the schemas.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat schema
  arxcat schema paper > paper.schema.json")]
pub struct Args {
    /// The schema's name [default: list the names]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Prints a schema, or the names of all.
pub fn run(args: &Args) -> Result<Exit, Error> {
    let names: Vec<&str> = format::schema_names().collect();
    let printed = match &args.name {
        None => names.join("\n") + "\n",
        Some(name) => format::schema(name)
            .ok_or_else(|| {
                Error::usage(format!("there is no schema `{name}`"))
                    .did_you_mean(&text::nearest(name, names.iter().copied()))
                    .hint(format!("schemas are {}", names.join(", ")))
            })?
            .to_owned(),
    };
    std::io::stdout()
        .lock()
        .write_all(printed.as_bytes())
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}
