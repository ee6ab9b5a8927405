//! The fake's OAI-PMH at `/oai`: windows, sets, tokens, deleted papers and single records, in all four prefixes.
//!
//! ```text
//! fake.oai(|oai| oai.page = 3);                              // records on a page
//! fake.oai(|oai| oai.after(2, |oai| oai.revise("2501.00001")));  // after the second list
//! ```

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::sync::Arc;

use arxcat::model::category;
use chrono::NaiveDate;

use super::{Invented, Request};

mod forms;

/// What happens after a list was answered.
type Change = Box<dyn FnOnce(&mut Oai) + Send>;

/// A paper as OAI-PMH has it.
#[derive(Clone)]
pub struct Entry {
    pub paper: Invented,
    /// The day of its last change.
    pub datestamp: NaiveDate,
    /// Its header says so, and there is no record.
    pub deleted: bool,
    /// Its versions that are withdrawals, counted from 1.
    pub withdrawn: Vec<usize>,
    /// Orders the entries within a day.
    changed: u64,
}

/// What the fake knows of OAI-PMH.
pub struct Oai {
    pub entries: Vec<Entry>,
    /// Records on a page.
    pub page: usize,
    /// Headers on a page of `ListIdentifiers`.
    pub identifiers: usize,
    /// The day of every answer.
    pub today: NaiveDate,
    /// The first day that a request may name.
    pub earliest: NaiveDate,
    /// Every page has the same token.
    pub repeats_token: bool,
    /// Every token leads to the first page.
    pub repeats_page: bool,
    /// Datestamps as they are answered, where they are others than those the lists are ordered by.
    pub shown: HashMap<String, NaiveDate>,
    /// Pages to be replayed instead: by token, or by verb for the first.
    pub replayed: HashMap<String, Vec<u8>>,
    changes: VecDeque<(usize, Change)>,
    lists: usize,
    clock: u64,
    /// Tokens of another generation are refused.
    generation: usize,
    /// Answers by target, where they are kept.
    kept: Option<HashMap<String, Arc<Vec<u8>>>>,
}

impl Oai {
    /// These papers, each changed last on the day of its newest version.
    pub fn of(papers: &[Invented]) -> Self {
        let mut oai = Self {
            entries: Vec::new(),
            page: 2_500,
            identifiers: 20_000,
            today: day("2026-10-15"),
            earliest: day("2005-09-16"),
            repeats_token: false,
            repeats_page: false,
            shown: HashMap::new(),
            replayed: HashMap::new(),
            changes: VecDeque::new(),
            lists: 0,
            clock: 0,
            generation: 0,
            kept: None,
        };
        for paper in papers {
            oai.push(paper.clone());
        }
        oai.sort();
        oai
    }

    fn push(&mut self, paper: Invented) {
        let last = paper.versions.last().unwrap().date_naive();
        self.clock += 1;
        self.entries.push(Entry {
            paper,
            datestamp: last.max(self.earliest),
            deleted: false,
            withdrawn: Vec::new(),
            changed: self.clock,
        });
    }

    /// Answers are made once and kept: for measuring.
    pub fn keep_answers(&mut self) {
        self.kept = Some(HashMap::new());
    }

    /// The entry of a paper.
    pub fn entry(&mut self, id: &str) -> &mut Entry {
        self.entries
            .iter_mut()
            .find(|entry| entry.paper.id == id)
            .unwrap()
    }

    /// Changes something after this many further pages.
    pub fn after(&mut self, lists: usize, change: impl FnOnce(&mut Self) + Send + 'static) {
        self.changes.push_back((self.lists + lists, Box::new(change)));
    }

    /// A paper has a new version of today.
    pub fn revise(&mut self, id: &str) {
        self.clock += 1;
        let (today, clock) = (self.today, self.clock);
        let entry = self.entry(id);
        entry
            .paper
            .versions
            .push(today.and_hms_opt(1, 2, 3).unwrap().and_utc());
        entry.datestamp = today;
        entry.changed = clock;
        self.sort();
    }

    /// A paper was deleted on this day.
    pub fn delete(&mut self, id: &str, when: &str) {
        self.clock += 1;
        let clock = self.clock;
        let entry = self.entry(id);
        entry.deleted = true;
        entry.datestamp = day(when);
        entry.changed = clock;
        self.sort();
    }

    /// Every token given out so far is refused from now on.
    pub fn expire_tokens(&mut self) {
        self.generation += 1;
    }

    fn sort(&mut self) {
        self.entries.sort_by_key(|entry| (entry.datestamp, entry.changed));
    }

    /// The answer to a request, as XML.
    pub fn answer(&mut self, request: &Request) -> Arc<Vec<u8>> {
        if let Some(kept) = self.kept.as_ref().and_then(|kept| kept.get(&request.target)) {
            return Arc::clone(kept);
        }
        let replayed = request.param("resumptionToken").or(request.param("verb"));
        if let Some(page) = replayed.and_then(|name| self.replayed.get(name)) {
            return Arc::new(page.clone());
        }
        let body = match request.param("verb") {
            Some("Identify") => Ok(format!(
                "<Identify><repositoryName>arXiv</repositoryName><earliestDatestamp>{}</earliestDatestamp>\
                 <granularity>YYYY-MM-DD</granularity></Identify>",
                self.earliest
            )),
            Some("GetRecord") => self.get_record(request),
            Some(verb @ ("ListRecords" | "ListIdentifiers")) => {
                let list = self.list(verb, request);
                self.lists += 1;
                while self.changes.front().is_some_and(|(at, _)| *at <= self.lists) {
                    let (_, change) = self.changes.pop_front().unwrap();
                    change(self);
                }
                list
            }
            _ => Err(("badVerb", "Invalid verb provided".to_owned())),
        };
        let body = body.unwrap_or_else(|(code, words)| format!("<error code='{code}'>{words}</error>"));
        let answer = Arc::new(
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">\
                 <responseDate>{}T05:06:07Z</responseDate>\n<request>http://127.0.0.1/oai</request>\n{body}\n</OAI-PMH>",
                self.today
            )
            .into_bytes(),
        );
        if let Some(kept) = &mut self.kept {
            kept.insert(request.target.clone(), Arc::clone(&answer));
        }
        answer
    }

    fn get_record(&self, request: &Request) -> Result<String, (&'static str, String)> {
        let prefix = prefix(request.param("metadataPrefix"))?;
        let id = request
            .param("identifier")
            .and_then(|name| name.strip_prefix("oai:arXiv.org:"));
        let entry = self
            .entries
            .iter()
            .find(|entry| Some(entry.paper.id.as_str()) == id);
        let entry = entry.ok_or(("idDoesNotExist", "Nothing found for this id".to_owned()))?;
        Ok(format!("<GetRecord>{}</GetRecord>", self.record(entry, &prefix)))
    }

    fn list(&self, verb: &str, request: &Request) -> Result<String, (&'static str, String)> {
        let bad = |words: &str| ("badArgument", format!("Illegal arguments. Reason: {words}"));
        let refused = || {
            (
                "badResumptionToken",
                "The token is invalid or expired.".to_owned(),
            )
        };
        let token: Option<HashMap<String, String>> = match request.param("resumptionToken") {
            Some(_) if request.params.len() > 2 => return Err(bad("resumptionToken is exclusive")),
            Some(token) => Some(self.parse_token(verb, token).ok_or_else(refused)?),
            None => None,
        };
        let argument = |name: &str| match &token {
            Some(token) => token.get(name).map(String::as_str),
            None => request.param(name),
        };
        let prefix = prefix(argument("metadataPrefix"))?;
        let from = date(argument("from")).map_err(|()| bad("from date format must be YYYY-MM-DD"))?;
        let until = date(argument("until")).map_err(|()| bad("until date format must be YYYY-MM-DD"))?;
        if from.is_some_and(|from| from < self.earliest) {
            return Err(bad("start date too early"));
        }
        if until.is_some_and(|until| until > self.today.succ_opt().unwrap()) {
            return Err(bad("until date too late"));
        }
        if from > until && until.is_some() {
            return Err(bad("until date before from date"));
        }
        let set = argument("set");
        if set.is_some_and(|set| {
            category::of_oai_set(set).is_none() && !["cs", "math", "physics"].contains(&set)
        }) {
            return Err(bad("Set does not exist"));
        }
        let matching: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| from.is_none_or(|from| entry.datestamp >= from))
            .filter(|entry| until.is_none_or(|until| entry.datestamp <= until))
            .filter(|entry| set.is_none_or(|set| entry.is_in(set)))
            .collect();
        let skip: usize = argument("skip").map_or(0, |skip| skip.parse().unwrap());
        let skip = if self.repeats_page { 0 } else { skip };
        let size = if verb == "ListRecords" {
            self.page
        } else {
            self.identifiers
        };
        if skip >= matching.len() {
            return Err((
                "noRecordsMatch",
                "The combination results in an empty list.".to_owned(),
            ));
        }
        let mut body = format!("<{verb}>\n");
        for entry in matching.iter().skip(skip).take(size) {
            body += &if verb == "ListRecords" {
                self.record(entry, &prefix)
            } else {
                self.header(entry)
            };
        }
        if skip + size < matching.len() || self.repeats_page {
            let mut token = format!("verb={verb}&metadataPrefix={prefix}&skip={}", skip + size);
            for (name, value) in [
                ("from", argument("from")),
                ("until", argument("until")),
                ("set", set),
            ] {
                if let Some(value) = value {
                    let _ = write!(token, "&{name}={value}");
                }
            }
            let times = if self.repeats_page { self.lists } else { 0 };
            let _ = write!(token, "&times={times}&generation={}", self.generation);
            if self.repeats_token {
                token = format!(
                    "verb={verb}&metadataPrefix={prefix}&skip={size}&generation={}",
                    self.generation
                );
            }
            let token = token.replace('=', "%3D").replace('&', "%26");
            let _ = writeln!(
                body,
                "<resumptionToken expirationDate='2026-10-16T00:00:00Z'>{token}</resumptionToken>"
            );
        } else if token.is_some() {
            body += "<resumptionToken/>";
        }
        Ok(body + &format!("</{verb}>"))
    }

    /// The arguments in a token, if it is one of ours and of this verb.
    fn parse_token(&self, verb: &str, token: &str) -> Option<HashMap<String, String>> {
        let plain = token.replace("%3D", "=").replace("%26", "&");
        let pairs = plain.split('&').map(|pair| pair.split_once('='));
        let pairs: HashMap<String, String> = pairs
            .map(|pair| pair.map(|(name, value)| (name.to_owned(), value.to_owned())))
            .collect::<Option<_>>()?;
        let generation = self.generation.to_string();
        let lives = pairs.get("verb").map(String::as_str) == Some(verb)
            && pairs.get("generation") == Some(&generation);
        lives.then_some(pairs)
    }

    fn header(&self, entry: &Entry) -> String {
        let status = if entry.deleted { " status=\"deleted\"" } else { "" };
        let datestamp = self.shown.get(&entry.paper.id).unwrap_or(&entry.datestamp);
        let mut header = format!(
            "<header{status}>\n<identifier>oai:arXiv.org:{}</identifier>\n<datestamp>{datestamp}</datestamp>\n",
            entry.paper.id
        );
        for code in &entry.paper.categories {
            let _ = writeln!(header, "<setSpec>{}</setSpec>", category::oai_set(code).unwrap());
        }
        header + "</header>\n"
    }

    fn record(&self, entry: &Entry, prefix: &str) -> String {
        let header = self.header(entry);
        if entry.deleted {
            return format!("<record>\n{header}</record>\n");
        }
        let metadata = match prefix {
            "arXivRaw" => entry.raw(),
            "arXiv" => entry.apart(),
            "arXivOld" => format!("<arXivOld>{}</arXivOld>", entry.common()),
            _ => entry.dublin(),
        };
        format!("<record>\n{header}<metadata>\n{metadata}\n</metadata>\n</record>\n")
    }
}

fn prefix(name: Option<&str>) -> Result<String, (&'static str, String)> {
    match name {
        Some(name @ ("arXivRaw" | "arXiv" | "arXivOld" | "oai_dc")) => Ok(name.to_owned()),
        Some(_) => Err((
            "cannotDisseminateFormat",
            "Did not recognize requested format".to_owned(),
        )),
        None => Err((
            "badArgument",
            "Illegal arguments. Reason: metadataPrefix required.".to_owned(),
        )),
    }
}

fn date(text: Option<&str>) -> Result<Option<NaiveDate>, ()> {
    text.map(|text| text.parse().map_err(|_| ())).transpose()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
