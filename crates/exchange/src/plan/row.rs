//! Taking one row in.

use recount_election::{Attributes, Figures, check_id};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::Planner;
use super::bind::{BoundCondition, BoundPass};
use super::import::{Absent, ContestRow, ProtocolRow, Refusal, RefusedRow, Ruling, StationRow};
use crate::figure;
use crate::map::{Empty, StatusValue};
use crate::table::Row;
use crate::template::Template;

/// The longest name, in characters.
const MAX_NAME: usize = 400;

/// The most characters of a wrong value that are kept for the report.
const MAX_SHOWN: usize = 40;

/// What is wrong with a row, before its line and station are added.
pub(super) struct Wrong {
    column: Option<usize>,
    value: String,
    reason: Refusal,
}

impl From<Refusal> for Wrong {
    fn from(reason: Refusal) -> Self {
        Self { column: None, value: String::new(), reason }
    }
}

fn wrong(column: usize, value: &str, reason: impl Into<Refusal>) -> Wrong {
    let value = value.chars().take(MAX_SHOWN).collect();
    Wrong { column: Some(column), value, reason: reason.into() }
}

/// A row with what the map's status says about it.
struct Context<'m> {
    status: Option<&'m StatusValue>,
    station: usize,
    contest: usize,
}

impl<'m> Planner<'m> {
    /// Takes a row in, or says why it was refused.
    pub(super) fn take(&mut self, row: Row<'_>) -> Option<RefusedRow> {
        let mut station = None;
        let wrong = self.read(row, &mut station).err()?;
        let column = wrong.column.and_then(|column| self.bound.header.get(column).cloned());
        Some(RefusedRow { line: row.line, station, column, value: wrong.value, reason: wrong.reason })
    }

    fn read(&mut self, row: Row<'_>, named: &mut Option<String>) -> Result<(), Wrong> {
        let (expected, found) = (self.bound.header.len(), row.len());
        if expected != found {
            return Err(Refusal::Cells { expected, found }.into());
        }
        let station_id = self.id(row, &self.map.station.id, "station")?;
        *named = Some(station_id.clone());
        let passes = self.passes_of(row)?;
        let status = self.status_of(row)?;
        let rank = passes.last().copied().ok_or(Refusal::NoPass)?;
        let station = self.register(row, station_id, status, rank)?;
        let contest = self.contest(row)?;
        let context = Context { status, station, contest };
        if let Some(reason) = status.and_then(|status| status.absent.clone()) {
            self.absent.push(Absent { line: row.line, station, pass: None, reason });
        } else {
            self.protocols(row, &passes, &context)?;
        }
        self.rule(row, &passes, &context)
    }

    /// The passes that take the row, in the order of the map.
    fn passes_of(&self, row: Row<'_>) -> Result<Vec<usize>, Wrong> {
        let mut taken = Vec::new();
        for (number, pass) in self.bound.passes.iter().enumerate() {
            if all(row, &pass.when)? && !any(row, &pass.unless)? {
                taken.push(number);
            }
        }
        Ok(taken)
    }

    fn status_of(&self, row: Row<'_>) -> Result<Option<&'m StatusValue>, Wrong> {
        let (Some(map), Some(column)) = (&self.map.status, self.bound.status) else {
            return Ok(None);
        };
        let value = text(row, column)?;
        let known = map.values.iter().find(|status| status.is == value);
        known.map(Some).ok_or_else(|| wrong(column, value, Refusal::Status))
    }

    fn register(
        &mut self,
        row: Row<'_>,
        id: String,
        status: Option<&StatusValue>,
        rank: usize,
    ) -> Result<usize, Wrong> {
        let map = self.map;
        let expected = match self.bound.expected {
            Some(column) if !status.is_some_and(|status| status.expected_unknown) => figure_at(row, column)?,
            _ => None,
        };
        let name = match &map.station.name {
            Some(template) => Some(self.name(row, template)?).filter(|name| !name.is_empty()),
            None => None,
        };
        let attributes = self.attributes(row)?;
        let mut unit = None;
        for level in &map.units {
            let id = self.id(row, &level.id, "unit")?;
            // A known unit keeps its name, so only a new one's is read.
            let known = self.register.known_unit(&id, unit)?;
            unit = Some(match known {
                Some(known) => known,
                None => {
                    let name = self.name(row, &level.name)?;
                    let name = if name.is_empty() { id.clone() } else { name };
                    self.register.add_unit(row.line, id, &level.level, unit, name)
                }
            });
        }
        let station = StationRow { line: row.line, id, unit: unit.unwrap_or(0), name, expected, attributes };
        Ok(self.register.station(station, rank)?)
    }

    fn attributes(&self, row: Row<'_>) -> Result<Attributes, Wrong> {
        let mut attributes = Attributes::new();
        for (name, template) in &self.map.station.attributes {
            let value = self.name(row, template)?;
            if !value.is_empty() {
                attributes.insert(name.clone(), value);
            }
        }
        for (flag, condition) in self.map.station.flags.iter().zip(&self.bound.flags) {
            if all(row, condition)? {
                attributes.insert(flag.name.clone(), flag.value.clone());
            }
        }
        Ok(attributes)
    }

    /// The contest of the row, added if it is new.
    fn contest(&mut self, row: Row<'_>) -> Result<usize, Wrong> {
        let map = &self.map.contest;
        let id = self.id(row, &map.id, "contest")?;
        let unit = self.id(row, &map.unit, "unit of the contest")?;
        if let Some(&contest) = self.contest_index.get(&id) {
            let same = self.contests.get(contest).is_some_and(|known| known.unit == unit);
            return if same { Ok(contest) } else { Err(Refusal::ContestMoved { contest: id }.into()) };
        }
        let mut is_own_unit = false;
        for level in &self.map.units {
            is_own_unit |= self.id(row, &level.id, "unit")? == unit;
        }
        if !is_own_unit {
            return Err(Refusal::ContestUnit { unit }.into());
        }
        let title = match &map.title {
            Some(template) => self.name(row, template)?,
            None => id.clone(),
        };
        let contest = self.contests.len();
        self.contest_index.insert(id.clone(), contest);
        let (kind, against_all) = (map.kind, map.against_all);
        self.contests.push(ContestRow { id, title, kind, unit, against_all });
        Ok(contest)
    }

    /// Reads the protocols of all passes, then keeps them: all of a row or nothing.
    fn protocols(&mut self, row: Row<'_>, passes: &[usize], of: &Context<'m>) -> Result<(), Wrong> {
        let by = self.map.by.as_ref().map(|by| self.id(row, by, "whose copy")).transpose()?;
        let mut read = Vec::with_capacity(passes.len());
        for &number in passes {
            let Some(pass) = self.bound.passes.get(number) else { continue };
            let poll = self.poll(row, pass)?;
            read.push((number, poll, self.figures(row, pass, of)?));
        }
        let (line, station, contest) = (row.line, of.station, of.contest);
        for (pass, poll, figures) in read {
            if figures.iter().all(|figure| figure.is_none()) {
                let reason = "no_figures".to_owned();
                self.absent.push(Absent { line, station, pass: Some(pass), reason });
            } else if let Some(gathered) = self.gathered.get_mut(pass) {
                let (by, supersedes) = (by.clone(), None);
                gathered.push(ProtocolRow { line, pass, poll, contest, station, by, supersedes, figures });
            }
        }
        Ok(())
    }

    fn figures(&self, row: Row<'_>, pass: &BoundPass<'m>, of: &Context<'m>) -> Result<Figures, Wrong> {
        let mut figures = Figures::absent(&self.columns);
        let mut stated = |position, column, empty: Empty| {
            let cell = figure_at(row, position)?;
            if let Some(figure) = cell.or((empty == Empty::Zero).then_some(0)) {
                // The figure was checked against the largest one already.
                let _ = figures.set(column, figure);
            }
            Ok::<_, Wrong>(())
        };
        for &(position, column, code) in &pass.lines {
            let zero = of.status.is_some_and(|of| of.zero_lines.iter().any(|zero| zero == code));
            stated(position, column, if zero { Empty::Zero } else { Empty::Absent })?;
        }
        let by_status = of.status.map_or(Empty::Absent, |status| status.empty_votes);
        let empty = if by_status == Empty::Zero { by_status } else { self.map.votes.empty };
        for &(position, column) in &pass.lists {
            stated(position, column, empty)?;
        }
        self.only_standing(&figures, of.contest)?;
        Ok(figures)
    }

    /// Refuses votes for a list outside the contests that the map names for it.
    fn only_standing(&self, figures: &Figures, contest: usize) -> Result<(), Wrong> {
        let contest = self.contests.get(contest).map_or("", |contest| contest.id.as_str());
        for list in self.map.lists.iter().filter(|list| !list.contests.is_empty()) {
            let votes = figures.votes(&self.columns, &list.id).unwrap_or(0);
            if votes > 0 && !list.contests.iter().any(|own| own == contest) {
                return Err(Refusal::NotStanding { list: list.id.clone() }.into());
            }
        }
        Ok(())
    }

    fn poll(&self, row: Row<'_>, pass: &BoundPass<'m>) -> Result<u32, Wrong> {
        let Some(template) = pass.map.poll.as_ref().or(self.map.poll.as_ref()) else {
            return Ok(1);
        };
        let filled = self.fill(row, template)?;
        match filled.parse::<u32>() {
            Ok(poll) if (1..=999).contains(&poll) && !filled.starts_with('+') => Ok(poll),
            _ => Err(self.at(template, &filled, Refusal::Poll)),
        }
    }

    /// The rulings that the status and the passes of the row stand for.
    fn rule(&mut self, row: Row<'_>, passes: &[usize], of: &Context<'m>) -> Result<(), Wrong> {
        let place = (of.station, of.contest);
        for pass in passes.iter().filter_map(|&number| self.bound.passes.get(number)) {
            let by_status = of.status.map_or(&[][..], |status| &status.rulings);
            let rulings = by_status.iter().chain(&pass.map.rulings);
            for (order, ruling) in rulings.enumerate() {
                let poll = self.poll(row, pass)?;
                self.rulings.push(Ruling::new(row.line, place, poll, order, ruling));
            }
        }
        Ok(())
    }

    fn fill(&self, row: Row<'_>, template: &Template) -> Result<String, Wrong> {
        template.fill(|column| match self.bound.positions.get(column) {
            Some(&position) => text(row, position),
            // Every column of every template was looked up before the first row.
            None => Ok(""),
        })
    }

    fn id(&self, row: Row<'_>, template: &Template, what: &'static str) -> Result<String, Wrong> {
        let filled = self.fill(row, template)?;
        match check_id(&filled) {
            Ok(()) => Ok(filled),
            Err(error) => Err(self.at(template, &filled, Refusal::Id { what, error })),
        }
    }

    fn name(&self, row: Row<'_>, template: &Template) -> Result<String, Wrong> {
        let filled = normal(self.fill(row, template)?);
        if filled.chars().count() > MAX_NAME || filled.chars().any(is_control) {
            return Err(self.at(template, &filled, Refusal::Name));
        }
        Ok(filled)
    }

    /// A reason, with the first column that the template reads.
    fn at(&self, template: &Template, value: &str, reason: Refusal) -> Wrong {
        let column = template.columns().next().and_then(|name| self.bound.positions.get(name));
        let value = value.chars().take(MAX_SHOWN).collect();
        Wrong { column: column.copied(), value, reason }
    }
}

/// The text in normal form C, which a record demands.
fn normal(text: String) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes { text } else { text.nfc().collect() }
}

/// Control, line-separating and bidirectional characters: a record refuses them.
const fn is_control(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn text(row: Row<'_>, column: usize) -> Result<&str, Wrong> {
    row.text(column).ok_or_else(|| {
        let bytes = row.bytes(column).unwrap_or_default();
        wrong(column, &String::from_utf8_lossy(bytes), Refusal::NotUtf8)
    })
}

fn figure_at(row: Row<'_>, column: usize) -> Result<Option<u64>, Wrong> {
    let cell = text(row, column)?;
    figure::parse(cell).map_err(|problem| wrong(column, cell, problem))
}

fn all(row: Row<'_>, condition: &BoundCondition<'_>) -> Result<bool, Wrong> {
    for (column, values) in condition {
        if !values.contains(text(row, *column)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(row: Row<'_>, condition: &BoundCondition<'_>) -> Result<bool, Wrong> {
    for (column, values) in condition {
        if values.contains(text(row, *column)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
