//! Progress bars on stderr: papers received, or bytes of a file and number of files.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::event::Event;
use crate::model::quantity::counted;
use crate::model::text;

/// Widest name of a file, so that the bar fits 80 columns.
const MAX_NAME: usize = 40;

const PAPERS: &str = "{spinner} {pos} of {msg}, {elapsed}";
const HARVEST: &str = "{spinner} {msg}, {elapsed}";
const FILES: &str = "{spinner} {bar:20} {pos} of {len} files, {elapsed}";
const FILE: &str = "  {msg} [{bar:20}] {bytes} of {total_bytes}, {bytes_per_sec}, {eta}";
const FILE_WITHOUT_END: &str = "  {msg} {bytes}, {bytes_per_sec}";

/// The progress bars. Nothing is drawn before the first event.
#[derive(Debug, Default)]
pub(super) struct ProgressBars {
    drawn: Option<MultiProgress>,
    all: Option<ProgressBar>,
    /// The bar of the current file, with the number of that file.
    file: Option<(u64, ProgressBar)>,
}

impl ProgressBars {
    /// Updates the bars if the event is about progress.
    pub(super) fn show(&mut self, event: &Event) {
        match event {
            Event::Progress { done, total } => {
                let all = total.map_or_else(|| "? papers".to_owned(), |total| counted(total, "paper"));
                self.main_bar(PAPERS, *done, *total, all);
            }
            // OAI-PMH does not say how many records a harvest will return.
            Event::Harvested { done, day } => {
                let papers = counted(*done, "paper");
                self.main_bar(HARVEST, *done, None, format!("{papers}, changed up to {day}"));
            }
            Event::File {
                name,
                done,
                total,
                number,
                files,
            } => {
                if *files > 1 {
                    self.main_bar(FILES, number.saturating_sub(1), Some(*files), String::new());
                }
                self.file(name, *number, *done, *total);
            }
            _ => {}
        }
    }

    /// Removes all bars.
    pub(super) fn clear(&mut self) {
        if let Some((_, file)) = self.file.take() {
            file.finish_and_clear();
        }
        if let Some(all) = self.all.take() {
            all.finish_and_clear();
        }
        self.drawn = None;
    }

    /// Runs `write` while the bars are hidden.
    pub(super) fn suspend(&self, write: impl FnOnce()) {
        match &self.drawn {
            Some(drawn) => drawn.suspend(write),
            None => write(),
        }
    }

    /// Moves the main bar, and creates it from this template if there is none.
    pub(super) fn main_bar(&mut self, template: &str, done: u64, total: Option<u64>, message: String) {
        if self.all.is_none() {
            self.all = Some(self.add(template, total));
        }
        if let Some(bar) = &self.all {
            bar.set_position(done);
            bar.set_message(message);
            if let Some(total) = total {
                bar.set_length(total);
            }
        }
    }

    fn file(&mut self, name: &str, number: u64, done: u64, total: Option<u64>) {
        if self.file.as_ref().is_none_or(|(of, _)| *of != number) {
            if let Some((_, before)) = self.file.take() {
                before.finish_and_clear();
            }
            let template = if total.is_some() { FILE } else { FILE_WITHOUT_END };
            let bar = self.add(template, total);
            let name = text::sanitize(name);
            bar.set_message(text::truncate(&name, MAX_NAME).into_owned());
            // Bytes of an earlier run must not count as speed.
            bar.set_position(done);
            bar.reset_eta();
            self.file = Some((number, bar));
        }
        if let Some((_, bar)) = &self.file {
            bar.set_position(done);
        }
    }

    fn add(&mut self, template: &str, total: Option<u64>) -> ProgressBar {
        let drawn = self
            .drawn
            .get_or_insert_with(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        // Hidden until the style is set, so that the default style is never drawn.
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let bar = drawn.add(bar);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
