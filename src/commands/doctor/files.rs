//! Checks the downloaded files.

use super::{Doctor, MAX_LISTED, disk, named};
use crate::commands::download::failure;
use crate::error::Error;
use crate::library::{DownloadedFile, Library};
use crate::model::health_check::HealthState;
use crate::model::quantity::{byte_size, counted};

impl Doctor<'_> {
    pub(super) fn files(&mut self, library: &mut Library) -> Result<(), Error> {
        let files = library.all_files()?;
        let (mut missing, mut changed) = (Vec::new(), Vec::new());
        for file in &files {
            match disk::file_state(file) {
                disk::FileState::Whole => {}
                disk::FileState::Missing => missing.push((file, String::new())),
                disk::FileState::Changed(how) => changed.push((file, format!(" ({how})"))),
            }
        }
        if missing.is_empty() && changed.is_empty() {
            let what = format!(
                "{} as downloaded; {}",
                counted(files.len() as u64, "file"),
                byte_size(files.iter().map(|file| file.size).sum())
            );
            self.say("files", HealthState::Ok, what);
        }
        if !missing.is_empty() {
            self.report_files(library, "missing", &missing, self.fix)?;
        }
        if !changed.is_empty() {
            let what = listed("not as downloaded", &changed);
            let agreed =
                self.fix && self.confirmed(&format!("{what}. Forget them? They stay where they are"));
            self.report_files(library, "not as downloaded", &changed, agreed)?;
        }
        Ok(())
    }

    /// Reports files that are missing or changed, and with `forget` deletes their entries.
    fn report_files(
        &mut self,
        library: &mut Library,
        how: &str,
        files: &[(&DownloadedFile, String)],
        forget: bool,
    ) -> Result<(), Error> {
        let what = listed(how, files);
        if forget {
            for (file, _) in files {
                library.forget_file(&file.path)?;
            }
            self.say("files", HealthState::Noted, format!("forgotten: {what}"));
            return Ok(());
        }
        self.say("files", HealthState::Damaged, what);
        for (file, _) in files.iter().take(MAX_LISTED) {
            let command = failure::by_force(&file.path, file.id, file.kind);
            self.hint(format!("{command} gets it anew"));
        }
        self.hint(if self.fix {
            "`arxcat doctor --fix --yes` forgets such files without asking; they stay where they are"
        } else {
            "`arxcat doctor --fix` forgets such files; they stay where they are"
        });
        Ok(())
    }
}

/// `2 files missing: a.pdf, b.pdf`.
fn listed(how: &str, files: &[(&DownloadedFile, String)]) -> String {
    format!(
        "{} {how}: {}",
        counted(files.len() as u64, "file"),
        named(
            files
                .iter()
                .map(|(file, why)| format!("{}{why}", file.path.display()))
        )
    )
}
