//! A record's contest as an audit sees it: what the law makes of it, the stations that count, their bounds and strata.

use std::collections::{BTreeMap, BTreeSet};

use recount_audit::law::{Choice, LineClass};
use recount_election::{AGAINST_ALL, Columns, Figures, Holds, StationIx};
use recount_seats::{Outcome, Quantity, Tally};
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotals;
use recount_tally::{Fold, Reason, View};

use crate::formula::Sum;
use crate::manifest::{Manifest, Row};
use crate::{Refusal, record};

/// The record's contest and what the law makes of it.
pub(crate) struct Counted<'a> {
    fold: &'a Fold,
    contest: ContestIx,
    pub id: String,
    pub columns: &'a Columns,
    pub tally: Tally,
    pub outcome: Outcome,
}

pub(crate) fn counted<'a>(fold: &'a Fold, contest: Option<&str>) -> Result<Counted<'a>, Refusal> {
    let Some(law) = fold.law() else { return record("the record has no charter yet") };
    let contests = fold.rulebook_contests();
    let contest = match contest {
        Some(id) => fold.contest_ix(id),
        None if law.rulebook.contests.len() == 1 => contests.first().copied(),
        None => return record("the rulebook has several contests: name one"),
    };
    let Some(contest) = contest else { return record("there is no such contest in the register") };
    let Some(state) = fold.contest(contest) else { return record("there is no such contest") };
    let mut totals: Vec<(ContestIx, UnitTotals)> = Vec::new();
    for ix in contests {
        totals.push((ix, fold.totals(ix, View::LAW).map_err(|why| Refusal::Record(why.to_string()))?));
    }
    let borrowed: Vec<(ContestIx, &UnitTotals)> = totals.iter().map(|(ix, t)| (*ix, t)).collect();
    let tally = fold.tally_of(&borrowed).map_err(|why| Refusal::Record(why.to_string()))?;
    let outcome = fold.outcome_of(&tally).map_err(|why| Refusal::Record(why.to_string()))?;
    Ok(Counted { fold, contest, id: state.id.clone(), columns: &state.columns, tally, outcome })
}

impl Counted<'_> {
    /// Lines that the law's bases rest on, as far as the stations state them.
    pub fn lines(&self) -> Vec<String> {
        let quantities = self.fold.law().map(|law| &law.rulebook.quantities);
        let lines = quantities.into_iter().flat_map(BTreeMap::values).filter_map(|quantity| match quantity {
            Quantity::Line { line, .. } => Some(line.clone()),
            Quantity::Sum(_) => None,
        });
        let lines: BTreeSet<String> = lines.filter(|line| self.columns.line(line).is_some()).collect();
        lines.into_iter().collect()
    }

    /// What is counted apart.
    fn choices(&self) -> Vec<Choice> {
        let mut choices: Vec<Choice> = self
            .columns
            .lists()
            .filter(|(_, id)| *id != AGAINST_ALL)
            .map(|(_, id)| Choice::List(id.to_owned()))
            .collect();
        if self.columns.list(AGAINST_ALL).is_some() {
            choices.push(Choice::AgainstAll);
        }
        choices.extend(self.lines().into_iter().map(Choice::Line));
        choices
    }

    /// Stations that count, with their figures; and the others, by reason.
    pub fn stations(&self) -> (Vec<(StationIx, Figures)>, BTreeMap<String, u64>) {
        let geography = self.fold.ledger().register().geography();
        let (mut counting, mut left) = (Vec::new(), BTreeMap::new());
        for (_, n) in geography.stations().iter().zip(0u32..) {
            let station = StationIx(n);
            if !self.fold.is_expected(station, self.contest) {
                continue;
            }
            let count = self.fold.count_station(station, self.contest, View::LAW);
            match (count.reason, count.figures) {
                (None, Some(figures)) => counting.push((station, figures)),
                (reason, _) => *left.entry(reason.map_or("missing", Reason::code).to_owned()).or_default() += 1,
            }
        }
        (counting, left)
    }

    /// What the forms say that a line holds.
    fn holds(&self, line: &str) -> Option<Holds> {
        let forms = self.fold.law().map(|law| &law.forms)?;
        let lines = forms.forms.iter().filter(|form| form.contest == self.id).flat_map(|form| &form.lines);
        lines.into_iter().find(|own| own.code == line).map(|own| own.holds)
    }

    pub fn default_class(&self, line: &str) -> LineClass {
        match self.holds(line) {
            Some(Holds::Ballots | Holds::Votes) => LineClass::Box,
            Some(Holds::Voters) => LineClass::Document("the signed register".to_owned()),
            _ => LineClass::Trusted("as published".to_owned()),
        }
    }

    pub fn found(&self, text: Option<&str>) -> Result<Sum, Refusal> {
        if let Some(text) = text {
            let sum = Sum::parse(text)?;
            sum.check(self.columns)?;
            return Ok(sum);
        }
        let mut parts = vec!["votes"];
        parts.extend(self.columns.list(AGAINST_ALL).map(|_| AGAINST_ALL));
        parts.extend(["invalid", "blank", "none_of_the_above"].into_iter().filter(|l| self.columns.line(l).is_some()));
        Sum::parse(&parts.join(" + "))
    }

    /// The smallest line of voters or ballots that covers the boxes nearly everywhere: signatures or ballots
    /// issued. Never a line of what was found in the box.
    pub fn bound(&self, stations: &[(StationIx, Figures)], found: &Sum) -> Result<Sum, Refusal> {
        let mut best: Option<(bool, u64, &str)> = None;
        for (column, line) in self.columns.lines() {
            let Some(holds) = self.holds(line).filter(|h| matches!(h, Holds::Voters | Holds::Ballots)) else {
                continue;
            };
            let (mut total, mut covers, mut same) = (0_u64, 0_usize, 0_usize);
            for (_, figures) in stations {
                let content = found.value(self.columns, figures).unwrap_or(0);
                let Some(value) = figures.get(column) else { continue };
                total = total.saturating_add(value);
                covers += usize::from(value >= content);
                same += usize::from(value == content);
            }
            let of_the_box = holds == Holds::Ballots && same * 100 >= stations.len() * 95;
            if covers * 100 < stations.len() * 95 || of_the_box {
                continue;
            }
            let key = (holds == Holds::Ballots, total, line);
            if best.is_none_or(|old| key.1 < old.1) {
                best = Some(key);
            }
        }
        match best {
            Some((_, _, line)) => Sum::parse(line),
            None => record("no line of the protocol bounds the ballots in a box: give one with --bound"),
        }
    }

    pub fn manifest(
        &self,
        stations: &[(StationIx, Figures)],
        bound: &Sum,
        found: &Sum,
        classes: &BTreeMap<String, LineClass>,
    ) -> Manifest {
        let choices = self.choices();
        let geography = self.fold.ledger().register().geography();
        let levels = self.fold.law().map(|law| law.rulebook.levels_used()).unwrap_or_default();
        let mut rows = Vec::with_capacity(stations.len());
        for (ix, figures) in stations {
            let Some(station) = geography.station(*ix) else { continue };
            let units = geography.ancestors(station.unit).filter_map(|unit| geography.unit(unit));
            let units = units.filter(|unit| unit.parent.is_some() && levels.contains(&unit.level));
            let of = |choice: &Choice| figure_of(self.columns, figures, choice);
            let own: Vec<Option<u64>> = choices.iter().map(of).collect();
            let content = found.value(self.columns, figures).unwrap_or(0);
            let documents = choices.iter().zip(&own).filter_map(|(choice, figure)| match choice {
                Choice::Line(line) if matches!(classes.get(line), Some(LineClass::Document(_))) => *figure,
                _ => None,
            });
            let least = documents.fold(content, u64::max);
            let bound = bound.value(self.columns, figures).unwrap_or(0).max(least);
            rows.push(Row {
                station: station.id.clone(),
                stratum: String::new(),
                units: units.map(|unit| unit.id.clone()).collect(),
                bound,
                found: content,
                figures: own,
            });
        }
        Manifest { choices, rows }
    }

    /// Gives every station its stratum.
    pub fn divide(&self, manifest: &mut Manifest, rule: &str) -> Result<(), Refusal> {
        let geography = self.fold.ledger().register().geography();
        let wrong = || Refusal::Record(format!("strata `{rule}`: write `unit LEVEL` or `attribute NAME`"));
        let (kind, name) = rule.split_once(' ').ok_or_else(wrong)?;
        for row in &mut manifest.rows {
            let station = geography.station_ix(&row.station).and_then(|ix| geography.station(ix));
            let found = station.and_then(|station| match kind {
                "unit" => {
                    let mut above = geography.ancestors(station.unit).filter_map(|unit| geography.unit(unit));
                    above.find(|unit| unit.level == name).map(|unit| unit.id.clone())
                }
                "attribute" => station.attributes.get(name).cloned(),
                _ => None,
            });
            let plain = |own: &String| !own.is_empty() && !own.contains([',', '"', '\n', '\r']);
            let Some(found) = found.filter(plain) else {
                return record(format!("station `{}` is in no stratum by `{rule}`", row.station));
            };
            row.stratum = found;
        }
        let count = manifest.strata().len();
        if !(2..=MOST_STRATA).contains(&count) {
            return record(format!("`{rule}` makes {count} strata: there must be 2 to {MOST_STRATA}"));
        }
        Ok(())
    }
}

/// Strata that are joined; with more, each has so few stations that no sample says anything.
const MOST_STRATA: usize = 100;

/// A choice's figure in a protocol.
pub(crate) fn figure_of(columns: &Columns, figures: &Figures, choice: &Choice) -> Option<u64> {
    match choice {
        Choice::List(id) => figures.votes(columns, id),
        Choice::AgainstAll => figures.votes(columns, AGAINST_ALL),
        Choice::Line(line) => figures.line(columns, line),
    }
}
