//! Functions that the SQL of the library calls. They are defined for every connection.

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::model::text;

/// Defines `folded(text)`, which removes case and accents, and `folded_title(record)`, the sort key of a title, which is
/// NULL if the record cannot be read.
pub(super) fn define(db: &Connection) -> rusqlite::Result<()> {
    #[derive(serde::Deserialize)]
    struct Titled {
        title: String,
    }
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("folded", 1, flags, |arguments| {
        Ok(text::fold(arguments.get_raw(0).as_str().unwrap_or_default()))
    })?;
    db.create_scalar_function("folded_title", 1, flags, |arguments| {
        let record = arguments.get_raw(0).as_str().unwrap_or_default();
        let titled: Option<Titled> = serde_json::from_str(record).ok();
        Ok(titled.map(|titled| text::fold(&titled.title)))
    })
}
