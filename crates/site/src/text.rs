//! Names and words of a record in the language of a page: lists, bases, lines, sources, places, rulings.

use recount_election::{AGAINST_ALL, StationIx, UnitIx};
use recount_record::statement::{About, Effect};
use recount_seats::Quantity;
use recount_tally::claim::ContestIx;

use crate::locale::say;
use crate::names;
use crate::pages::Cx;

/// How deep quantities may be built of one another before the name stops.
const DEPTH: u8 = 8;

impl Cx<'_> {
    /// What a list of a contest is called.
    pub(crate) fn list(&self, contest: ContestIx, id: &str) -> String {
        match self.site.facts.names(contest).get(id) {
            _ if id == AGAINST_ALL => self.t.word("against-all"),
            Some(list) => list.in_language(self.t.tag()).to_owned(),
            None => id.to_owned(),
        }
    }

    /// Its place on the ballot, which gives colour and shape; "against all" has none.
    pub(crate) fn mark(&self, contest: ContestIx, id: &str) -> Option<usize> {
        self.site.facts.names(contest).get(id).filter(|_| id != AGAINST_ALL).map(|list| list.mark)
    }

    /// A list of any contest of the rulebook: outcomes name lists by id alone.
    pub(crate) fn any_list(&self, id: &str) -> String {
        let contests = self.counted().rulebook_contests();
        let own = contests.into_iter().find(|contest| self.site.facts.names(*contest).contains_key(id));
        own.map_or_else(|| id.to_owned(), |contest| self.list(contest, id))
    }

    pub(crate) fn any_mark(&self, id: &str) -> Option<usize> {
        self.counted().rulebook_contests().into_iter().find_map(|contest| self.mark(contest, id))
    }

    /// What a base of percentages is: the title of its line, or the sum that it is.
    pub(crate) fn base(&self, quantity: Option<&str>) -> String {
        quantity.map_or_else(|| self.t.word("base-all-votes"), |quantity| self.base_within(quantity, DEPTH))
    }

    fn base_within(&self, quantity: &str, depth: u8) -> String {
        let law = self.counted().law();
        let found = law.and_then(|law| law.rulebook.quantities.get(quantity));
        match (found, depth.checked_sub(1)) {
            (Some(Quantity::Line { line, .. }), _) => lower_first(&self.line(line)),
            (Some(Quantity::Sum(of)), Some(depth)) => {
                let summand = |name: &String| match name.as_str() {
                    AGAINST_ALL => self.t.word("base-against-all"),
                    name if law.is_some_and(|law| law.rulebook.contests.contains_key(name)) => {
                        self.t.word("base-for-lists")
                    }
                    name => self.base_within(name, depth),
                };
                let parts: Vec<String> = of.iter().map(summand).collect();
                parts.join(&self.t.say("base-plus", &[]))
            }
            _ => quantity.replace('_', " "),
        }
    }

    /// What a count of ballots is called.
    pub(crate) fn source(&self, word: &str) -> String {
        let key = format!("source-{word}");
        if self.t.has(&key) { self.t.word(&key) } else { say!(self.t, "source-other", word = word.replace('_', " ")) }
    }

    /// Why a station is not countable.
    pub(crate) fn reason(&self, code: &str) -> String {
        let key = format!("reason-{code}");
        if self.t.has(&key) { self.t.word(&key) } else { code.replace('_', " ") }
    }

    pub(crate) fn unit(&self, unit: UnitIx) -> String {
        names::unit(&self.site.fold, unit, self.t.tag())
    }

    pub(crate) fn unit_by_id(&self, id: &str) -> String {
        names::unit_by_id(&self.site.fold, id, self.t.tag())
    }

    /// What a contest is called.
    pub(crate) fn contest(&self, contest: ContestIx) -> String {
        names::contest(self.counted(), contest, self.t.tag())
    }

    /// What a line of the form is called.
    pub(crate) fn line(&self, code: &str) -> String {
        names::line(self.counted(), code, self.t.tag())
    }

    /// A station by id and, if it has one, name.
    pub(crate) fn station(&self, station: StationIx) -> String {
        let found = self.site.fold.ledger().register().geography().station(station);
        found.map_or_else(String::new, |own| match &own.name {
            Some(name) => say!(self.t, "station-named", id = &own.id, name = name),
            None => say!(self.t, "station-id", id = &own.id),
        })
    }

    /// What has become of a statement.
    pub(crate) fn status(&self, index: u64) -> String {
        let Some(status) = self.site.fold.status(index) else { return String::new() };
        let key = match status.code() {
            "" => "status-effective".to_owned(),
            code => format!("status-{}-{code}", status.word()),
        };
        let by = status.by().unwrap_or_default();
        // A number of a statement names it; it is no quantity, so its digits are not grouped.
        match self.t.has(&key) {
            true => say!(self.t, &key, by = by.to_string()),
            false => say!(self.t, "status-void", why = status.reason()),
        }
    }

    /// One effect of a ruling.
    pub(crate) fn effect(&self, effect: &Effect) -> String {
        let key = format!("effect-{}", effect.word());
        let what = match effect {
            Effect::Correct { station, .. } => say!(self.t, "station-id", id = station),
            Effect::Recount { about, poll }
            | Effect::Annul { about, poll, .. }
            | Effect::Repeat { about, poll, .. } => self.place(about, *poll),
            Effect::Reject { complaint } => say!(self.t, "complaint-number", index = complaint.to_string()),
            Effect::Exclude { statement } | Effect::Restore { statement } | Effect::Admit { statement } => {
                say!(self.t, "statement-number", index = statement.to_string())
            }
            Effect::Withhold { blob } => blob.to_hex(),
            Effect::Replace { what, .. } => what.clone(),
            Effect::Suspend { ruling } | Effect::Reverse { ruling } | Effect::Reinstate { ruling } => {
                say!(self.t, "ruling-number", index = ruling.to_string())
            }
        };
        say!(self.t, &key, what = what)
    }

    fn place(&self, about: &About, poll: u64) -> String {
        let place = self.about(about);
        if poll > 1 { say!(self.t, "place-in-poll", place = place, poll = poll.to_string()) } else { place }
    }

    /// What a statement is about.
    pub(crate) fn about(&self, about: &About) -> String {
        match about {
            About::Poll => self.t.word("whole-vote"),
            About::Unit(id) => self.unit_by_id(id),
            About::Station { id, part: None } => say!(self.t, "station-id", id = id),
            About::Station { id, part: Some(part) } => say!(self.t, "station-part", id = id, part = part),
            About::Statement(index) => say!(self.t, "statement-number", index = index.to_string()),
        }
    }

    /// Seats by list in a sentence, the largest first: "A 46, B 45".
    pub(crate) fn seats(&self, seats: &std::collections::BTreeMap<String, u64>) -> String {
        let mut given: Vec<(&String, u64)> = seats.iter().filter(|(_, n)| **n > 0).map(|(id, n)| (id, *n)).collect();
        given.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        if given.is_empty() {
            return self.t.word("no-seats");
        }
        let each: Vec<String> =
            given.iter().map(|(id, n)| format!("{}\u{a0}{}", self.any_list(id), self.n(*n))).collect();
        each.join(", ")
    }

    /// What a column of figures is called: a line of the form, or a list.
    pub(crate) fn column(&self, contest: ContestIx, name: &str, is_list: bool) -> String {
        if is_list { self.list(contest, name) } else { self.line(name) }
    }

    /// A ruling's body, or that there is none on the record.
    pub(crate) fn body(&self, id: Option<&String>) -> String {
        id.map_or_else(|| self.t.word("no-body"), |id| names::body(&self.site.fold, id))
    }
}

/// The same text with a small first letter, to stand within a sentence.
pub(crate) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let second_is_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_is_upper => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
