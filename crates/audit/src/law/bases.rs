//! Shares of named bases: what a percentage of the law is of, and what stands behind each part of it.

use recount_seats::{Quantity, Stage, Strictness};

use super::admission::Claim;
use super::build::{Builder, refuse};
use super::facts::reached;
use super::{Choice, LawClassError, LawError, LineClass};
use crate::{Assertion, AuditError, Ratio, Rests, Source};

/// What a base is made of.
struct Parts {
    /// Choices whose figures are added.
    choices: Vec<Choice>,
    /// A figure from elsewhere.
    figures: Vec<(Rests, u64)>,
    /// Documents that are counted beside the box.
    documents: Vec<Rests>,
}

impl Builder<'_> {
    fn parts(&self, stage: &Stage, base: &str, unit: Option<&str>) -> Result<Parts, LawError> {
        let mut parts = Parts { choices: Vec::new(), figures: Vec::new(), documents: Vec::new() };
        self.gather(stage, base, unit, &mut parts, 0)?;
        Ok(parts)
    }

    fn gather(
        &self,
        stage: &Stage,
        base: &str,
        unit: Option<&str>,
        parts: &mut Parts,
        depth: usize,
    ) -> Result<(), LawError> {
        let lists = |parts: &mut Parts| {
            let choices = self.asked.reported.choices.iter();
            parts.choices.extend(choices.filter(|c| matches!(c, Choice::List(_))).cloned());
        };
        if base == "against_all" {
            parts.choices.extend(self.column(&Choice::AgainstAll).map(|_| Choice::AgainstAll));
            return Ok(());
        }
        match self.asked.rulebook.quantities.get(base) {
            Some(Quantity::Sum(of)) if depth < 16 => {
                of.iter().try_for_each(|part| self.gather(stage, part, unit, parts, depth + 1))
            }
            Some(Quantity::Line { line, .. }) => self.line(stage, line, unit, parts),
            None if self.asked.rulebook.contests.contains_key(base) => {
                lists(parts);
                Ok(())
            }
            _ => refuse(stage, format!("its base `{base}` cannot be read")),
        }
    }

    fn line(&self, stage: &Stage, line: &str, unit: Option<&str>, parts: &mut Parts) -> Result<(), LawError> {
        let choice = Choice::Line(line.to_owned());
        let Some(column) = self.column(&choice) else {
            return refuse(stage, format!("its base rests on line `{line}`, which the stations do not state"));
        };
        let rests = |source| Rests { on: line.to_owned(), source };
        match self.asked.classes.get(line) {
            None => return Err(LawClassError(line.to_owned()).into()),
            Some(LineClass::Box) => parts.choices.push(choice),
            Some(LineClass::Document(document)) => {
                parts.choices.push(choice);
                parts.documents.push(rests(Source::Document(document.clone())));
            }
            Some(LineClass::Trusted(why)) => {
                let value = self.totals(unit)?.votes.get(column).copied().unwrap_or(0);
                parts.figures.push((rests(Source::Trusted(why.clone())), value));
            }
        }
        Ok(())
    }

    /// A share of a named base.
    #[allow(clippy::too_many_arguments, reason = "one test of the law has as many parts")]
    pub fn share(
        &mut self,
        stage: &Stage,
        base: &str,
        unit: Option<&str>,
        list: &str,
        share: Ratio,
        strictness: Strictness,
        wanted: bool,
    ) -> Result<Option<Vec<Claim>>, LawError> {
        let parts = self.parts(stage, base, unit)?;
        let mut columns = self.list_columns();
        let lines: Vec<usize> = parts
            .choices
            .iter()
            .filter(|c| matches!(c, Choice::Line(_)))
            .filter_map(|choice| self.column(choice))
            .collect();
        columns.extend(&lines);
        let more = u32::try_from(lines.len()).map_err(|_| AuditError::Overflow)?;
        let frame = self.frame(unit, columns, more);
        let own = self.frame_choices(frame);
        let at = |choice: &Choice| own.iter().position(|c| c == choice);
        let (lists, columns) = self.lists_with_cells();
        let Some(place) = lists.iter().position(|own| own == list) else { return Ok((!wanted).then(Vec::new)) };
        let votes_of = &columns[place];
        let cells: Vec<usize> = parts.choices.iter().filter_map(at).collect();
        let contest = self.contest(frame)?;
        let fixed: u128 = parts.figures.iter().map(|f| u128::from(f.1)).sum();
        let base_value = u128::from(contest.sum(&cells)?) + fixed;
        let met = reached(contest.sum(votes_of)?, base_value, share, strictness)?;
        if met != wanted {
            return Ok(None);
        }
        let sign = if wanted { Ratio::ONE } else { Ratio::whole(-1) };
        let by = share.times(sign)?.negative()?;
        let word = if wanted { "above" } else { "below" };
        let place = unit.map_or(String::new(), |unit| format!(" in {unit}"));
        let name = format!("{} {word} {share} of {base}{place}", self.list_name(list));
        let terms = votes_of.iter().map(|column| (*column, sign)).chain(cells.iter().map(|cell| (*cell, by)));
        let mut assertion = Assertion::new(name, terms)?;
        for (rests, value) in parts.figures {
            let more = by.times(Ratio::count(value))?;
            let constant = assertion.outside().plus(more)?;
            assertion = assertion.constant(constant, rests);
        }
        assertion.rests.extend(parts.documents);
        self.one(frame, assertion)
    }
}
