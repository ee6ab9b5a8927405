//! The harvest of a set: everything changed since a day, whatever happens on the way.
//!
//! arXiv pages by offset over the time of modification. A paper revised in mid-walk leaves its place, and the next page
//! skips another: after a walk of several pages, `ListIdentifiers` tells what is lacking, which is asked for singly.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use chrono::{Days, NaiveDate};

use super::request::{self, List};
use super::tries::Tries;
use super::window::{End, Window};
use super::{Broken, Item, Refusal};
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::record::Record;
use crate::net::{self, Client};

/// What to harvest.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Harvest {
    /// The OAI set (`cs:cs:CL`); everything where none.
    pub set: Option<String>,
    /// Changed on this day or later.
    pub from: Option<NaiveDate>,
    /// Changed on this day or before.
    pub until: Option<NaiveDate>,
    /// An earlier harvest came as far as `from`, and looked only up to this day for what paging had skipped.
    pub checked: Option<NaiveDate>,
}

/// What a harvest hands out.
#[derive(Debug)]
pub enum Step<'a> {
    /// Records and deleted papers, to be stored together with how far they bring the harvest.
    Page {
        /// In the order of their change.
        records: Vec<Record>,
        /// Papers that arXiv deleted.
        deleted: Vec<ArxivId>,
        /// Everything changed before this day was handed out, but for what paging skipped.
        reached: NaiveDate,
        /// What was changed before this day and skipped, was handed out too.
        checked: NaiveDate,
        /// What the harvest came to so far.
        so_far: Summary,
    },
    /// The question which of these papers are not held, or only as they were before that day. The answer goes into
    /// `lacking`.
    Check {
        /// Papers and the days of their last change.
        listed: &'a [(ArxivId, NaiveDate)],
        /// The answer.
        lacking: &'a mut Vec<ArxivId>,
    },
}

/// What a harvest came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Windows that were walked: one, unless a token was refused or datestamps ran backwards.
    pub windows: u64,
    /// Papers that paging skipped, and that came singly.
    pub skipped: u64,
    /// Papers whose record cannot be read.
    pub broken: u64,
}

/// Why a harvest is not complete. What was handed out stays good.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer.
    #[error(transparent)]
    Http(#[from] net::Error),
    /// A protocol error.
    #[error("arXiv refused the harvest: {}", .0.message)]
    Refused(Refusal),
    /// A token or a whole page that came before.
    #[error("arXiv repeats itself: what it gave for {0} came before")]
    Repeats(NaiveDate),
    /// The token was refused again and again without any way made.
    #[error("arXiv refused {tries} times to go on from {day}: {why}")]
    Stuck {
        /// How many times.
        tries: u32,
        /// Where the walk began each time.
        day: NaiveDate,
        /// arXiv's words.
        why: String,
    },
}

/// The first day of all datestamps, unless arXiv says another.
pub const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2005, 9, 16) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
/// Days of a window where datestamps run backwards.
const NARROW: Days = Days::new(31);
/// So often the walk goes back to an open window after a place where datestamps ran backwards.
const TURNS: u32 = 10;
/// Spoilt records that are asked for again in one harvest.
const MENDED: u32 = 100;

/// Harvests, and hands each step to `on_step`; `Break` ends it in order.
pub async fn harvest(
    client: &Client,
    oai_url: &str,
    harvest: &Harvest,
    on_step: impl FnMut(Step<'_>) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    let reached = harvest.from.unwrap_or(EARLIEST);
    let mut run = Run {
        client,
        oai_url,
        harvest,
        on_step,
        reached,
        checked: harvest.checked.unwrap_or(reached).min(reached),
        several: harvest.checked.is_some_and(|checked| checked < reached),
        delivered: HashMap::new(),
        deleted: HashSet::new(),
        broken: HashSet::new(),
        nameless: 0,
        asked: 0,
        is_silent: false,
        came: 0,
        summary: Summary::default(),
    };
    if run.records().await?.is_continue() && run.checked < run.reached {
        let _ = run.check().await?;
    }
    Ok(run.came_to())
}

struct Run<'a, F> {
    client: &'a Client,
    oai_url: &'a str,
    harvest: &'a Harvest,
    on_step: F,
    reached: NaiveDate,
    checked: NaiveDate,
    /// Whether paging can have skipped something since `checked`.
    several: bool,
    /// What was handed out of the days since `reached`.
    delivered: HashMap<ArxivId, NaiveDate>,
    /// Papers that were handed out as deleted.
    deleted: HashSet<ArxivId>,
    broken: HashSet<ArxivId>,
    /// Records that cannot be read, not even of which paper they are.
    nameless: u64,
    /// Spoilt records that were asked for again.
    asked: u32,
    /// The last paper that was asked for singly got no answer.
    is_silent: bool,
    came: u64,
    summary: Summary,
}

impl<F: FnMut(Step<'_>) -> ControlFlow<()>> Run<'_, F> {
    /// Walks over all records: in an open window, which begins again at the mark when its token is refused, and in
    /// narrow ones where datestamps run backwards.
    async fn records(&mut self) -> Result<ControlFlow<()>, Error> {
        let mut from = self.harvest.from;
        let (mut narrow, mut turns) = (false, 0);
        // Where datestamps ran backwards.
        let mut trouble = EARLIEST;
        let mut tries = Tries::default();
        loop {
            tries.begin(from)?;
            let end = from
                .filter(|_| narrow)
                .and_then(|from| from.checked_add_days(NARROW));
            let until = end.into_iter().chain(self.harvest.until).min();
            let mut window = Window::new(self.client, self.oai_url, self.list("ListRecords", from, until));
            self.summary.windows += 1;
            while let Some(items) = window.next().await? {
                self.several |= narrow || !window.is_single();
                let is_in_order = !narrow && (!window.runs_backwards || window.end != End::Open);
                let allowed = is_in_order.then(|| window.allowed());
                if self.page(items, window.highest, allowed).await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                if !narrow && !is_in_order {
                    break;
                }
            }
            match window.end {
                End::Whole => {
                    let last_whole = window.last_whole_day();
                    if let Some(until) = until {
                        self.reach(until.min(last_whole));
                        if self.step(Vec::new(), Vec::new()).is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                    if until == self.harvest.until || until > Some(last_whole) {
                        return Ok(ControlFlow::Continue(()));
                    }
                    narrow = self.reached <= trouble || turns > TURNS;
                }
                End::Refused(why) => tries.failed(why),
                End::Open => {
                    (narrow, turns) = (true, turns + 1);
                    trouble = window.last.min(window.highest);
                }
            }
            from = Some(self.reached);
        }
    }

    /// Holds what arXiv lists against what is held, and asks for what is lacking, paper by paper.
    async fn check(&mut self) -> Result<ControlFlow<()>, Error> {
        let until = self.reached.pred_opt();
        let mut tries = Tries::default();
        loop {
            tries.begin(Some(self.checked))?;
            let list = self.list("ListIdentifiers", Some(self.checked), until);
            let mut window = Window::new(self.client, self.oai_url, list);
            while let Some(items) = window.next().await? {
                let listed = items.iter().filter_map(|item| match item {
                    Item::Listed(id, datestamp) => Some((*id, *datestamp)),
                    _ => None,
                });
                let listed: Vec<_> = listed.collect();
                let mut lacking = Vec::new();
                let step = Step::Check {
                    listed: &listed,
                    lacking: &mut lacking,
                };
                if (self.on_step)(step).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                let deleted = items.iter().filter_map(|item| match item {
                    Item::Deleted(id, _) => Some(*id).filter(|id| !self.deleted.contains(id)),
                    _ => None,
                });
                let deleted: Vec<_> = deleted.collect();
                if !deleted.is_empty() && self.step(Vec::new(), deleted).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                lacking.retain(|id| !self.broken.contains(id));
                for id in lacking {
                    if self.skipped(id).await?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
            match window.end {
                End::Refused(why) => tries.failed(why),
                End::Whole | End::Open => {
                    self.checked = self.reached;
                    return Ok(self.step(Vec::new(), Vec::new()));
                }
            }
        }
    }

    fn list(&self, verb: &'static str, from: Option<NaiveDate>, until: Option<NaiveDate>) -> List {
        List {
            verb,
            set: self.harvest.set.clone(),
            from,
            until,
        }
    }

    fn reach(&mut self, day: NaiveDate) {
        if day > self.reached {
            self.reached = day;
            self.delivered.retain(|_, datestamp| *datestamp >= day);
        }
        if !self.several {
            self.checked = self.reached;
        }
    }

    /// Hands out what had not been handed out just so before a new beginning.
    async fn page(
        &mut self,
        items: Vec<Item>,
        last: NaiveDate,
        allowed: Option<NaiveDate>,
    ) -> Result<ControlFlow<()>, Error> {
        let items = self.mended(items).await?;
        let (mut records, mut deleted) = (Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            match item {
                Item::Record(record) => {
                    let datestamp = record.as_of.unwrap_or(last);
                    if self.is_new(record.paper.id, datestamp) {
                        records.push(*record);
                    }
                }
                Item::Deleted(id, datestamp) if self.is_new(id, datestamp) => deleted.push(id),
                Item::Deleted(..) | Item::Listed(..) | Item::Broken(_) => {}
            }
        }
        if let Some(day) = allowed {
            self.reach(day);
        }
        self.came += (records.len() + deleted.len()) as u64;
        self.client.emit(Event::Harvested {
            done: self.came,
            day: last,
        });
        Ok(self.step(records, deleted))
    }

    /// Asks once more, singly, for each record that cannot be read: the mark passes it.
    async fn mended(&mut self, items: Vec<Item>) -> Result<Vec<Item>, Error> {
        let mut mended = Vec::with_capacity(items.len());
        for item in items {
            let Item::Broken(broken) = item else {
                mended.push(item);
                continue;
            };
            match broken.id {
                Some(id) if self.broken.contains(&id) => {}
                Some(id) if self.asked < MENDED => {
                    self.asked += 1;
                    mended.extend(self.single(id).await?);
                }
                _ => self.tell_broken(&broken),
            }
        }
        Ok(mended)
    }

    fn is_new(&mut self, id: ArxivId, datestamp: NaiveDate) -> bool {
        self.delivered.insert(id, datestamp) != Some(datestamp)
    }

    fn came_to(&self) -> Summary {
        Summary {
            broken: self.broken.len() as u64 + self.nameless,
            ..self.summary
        }
    }

    fn step(&mut self, records: Vec<Record>, deleted: Vec<ArxivId>) -> ControlFlow<()> {
        self.deleted.extend(&deleted);
        let so_far = self.came_to();
        (self.on_step)(Step::Page {
            records,
            deleted,
            reached: self.reached,
            checked: self.checked,
            so_far,
        })
    }

    fn tell_broken(&mut self, broken: &Broken) {
        let Some(id) = broken.id else {
            self.nameless += 1;
            return self.client.emit(Event::Failed(broken.to_string()));
        };
        if self.broken.insert(id) {
            let again = format!("{broken}; `arxcat fetch {id}` asks for it again");
            self.client.emit(Event::Failed(again));
        }
    }

    /// Hands out a paper that paging skipped.
    async fn skipped(&mut self, id: ArxivId) -> Result<ControlFlow<()>, Error> {
        let (records, deleted) = match self.single(id).await? {
            Some(Item::Record(record)) => (vec![*record], Vec::new()),
            Some(Item::Deleted(id, _)) => (Vec::new(), vec![id]),
            _ => return Ok(ControlFlow::Continue(())),
        };
        self.summary.skipped += 1;
        Ok(self.step(records, deleted))
    }

    /// Asks for one paper. Where there is no answer to be read, that is told, and the harvest goes on; two without any
    /// answer in a row are no papers at fault, but arXiv.
    async fn single(&mut self, id: ArxivId) -> Result<Option<Item>, Error> {
        let answer = request::record(self.client, self.oai_url, id).await;
        let is_silent = matches!(answer, Err(net::Error::GaveUp { .. }));
        let was_silent = std::mem::replace(&mut self.is_silent, is_silent);
        let reason = match answer {
            Ok(Some(Item::Broken(broken))) => broken.reason,
            Ok(Some(item)) => return Ok(Some(item)),
            Ok(None) => "arXiv lists it, and has no record of it".to_owned(),
            Err(error @ net::Error::Refused { .. }) => error.to_string(),
            Err(error @ net::Error::GaveUp { .. }) if !was_silent => error.to_string(),
            Err(error) => return Err(error.into()),
        };
        self.tell_broken(&Broken {
            id: Some(id),
            datestamp: None,
            reason,
        });
        Ok(None)
    }
}
