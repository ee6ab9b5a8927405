//! Which pager shows long output: `$ARXCAT_PAGER` or the setting, `$PAGER`, else `less -FRX`.

use std::env;
use std::path::Path;

use crate::app::{interrupt, program};
use crate::ui::pager::{self, Pager};

/// Sets the pager of this process. None is used with `--no-pager`, if the chosen one is empty or `cat`, on a terminal that
/// cannot be controlled (`TERM=dumb`), or if its program does not exist.
pub fn set_up(no_pager: bool, configured: Option<&str>) {
    pager::set(if no_pager { None } else { find(configured) });
}

fn find(configured: Option<&str>) -> Option<Pager> {
    if env::var_os("TERM").is_none_or(|term| term == "dumb") {
        return None;
    }
    // A variable that is set to nothing turns the pager off, also if a setting names one.
    let own = env::var("ARXCAT_PAGER").ok();
    let line = own
        .or_else(|| configured.map(str::to_owned))
        .or_else(|| env::var("PAGER").ok())
        .unwrap_or_else(|| "less -FRX".to_owned());
    let mut words = program::words(&line).into_iter();
    let name = words.next().filter(|name| name != "cat")?;
    Some(Pager {
        // An absolute path, so that a program in the working folder is never started instead.
        program: program::find(Path::new(&name), &env::var_os("PATH").unwrap_or_default())?,
        arguments: words.collect(),
        before_start: interrupt::leave_to_pager,
    })
}
