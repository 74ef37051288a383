//! An outcome as a table for spreadsheets: a row for each test, step, seat, tie, margin and note.

use std::collections::BTreeMap;

use super::phrase;
use super::{Language, Words};
use crate::Fraction;
use crate::Id;
use crate::outcome::{Admission, Margin, Outcome, Reading, ReadingResult, Step, StepKind, Test, Tie};

/// The columns of [`Outcome::table_in`], in order. A cell that has no meaning in its row is empty.
///
/// | column | what it holds |
/// | --- | --- |
/// | `row` | `admission`, `test`, `quota`, `step`, `seats`, `member`, `tie`, `validity`, `margin`, `reading` or `note` |
/// | `stage` | the stage of the rulebook |
/// | `reading` | the reading under which `seats` hold; empty: the reading chosen |
/// | `unit` | the unit in which a test was made or a seat given; of `seats` without a stage: the whole |
/// | `list`, `name` | who: id and name; of a tie, all of them |
/// | `seat` | the running number of the seat in its stage; of a member, within the list |
/// | `what` | `admitted` or `not_admitted`, `passed` or `failed`, the kind of step, the id of a person, a rule |
/// | `held`, `seats` | seats before a step; seats that it gave, or the result |
/// | `votes` | votes of the list; of a margin, the votes that change something |
/// | `base`, `base_value`, `asked`, `needed`, `margin` | of a test: its base, the base's value, what is asked, the least votes that pass, votes minus needed |
/// | `num`, `den`, `decimal` | the figure that decided, above and below the line, and rounded to two places |
/// | `rival`, `rival_num`, `rival_den` | the nearest that was beaten, and its figure |
/// | `article` | the citation |
/// | `sentence` | the same in words |
pub const TABLE_COLUMNS: [&str; 24] = [
    "row",
    "stage",
    "reading",
    "unit",
    "list",
    "name",
    "seat",
    "what",
    "held",
    "seats",
    "votes",
    "base",
    "base_value",
    "asked",
    "needed",
    "margin",
    "num",
    "den",
    "decimal",
    "rival",
    "rival_num",
    "rival_den",
    "article",
    "sentence",
];

/// One row, cells by column.
struct Row(BTreeMap<&'static str, String>);

impl Row {
    fn new(kind: &str) -> Self {
        Self(BTreeMap::from([("row", kind.to_owned())]))
    }

    fn set(mut self, column: &'static str, cell: impl ToString) -> Self {
        debug_assert!(TABLE_COLUMNS.contains(&column), "{column}");
        self.0.insert(column, cell.to_string());
        self
    }

    fn figure(self, value: Fraction) -> Self {
        // Two places, without groups and with a point: for a machine.
        let decimal = phrase::decimal(Language::English, value).replace(['=', '≈', ' ', ','], "");
        self.set("num", value.num).set("den", value.den).set("decimal", decimal)
    }
}

impl Outcome {
    /// The outcome as a CSV table (RFC 4180, UTF-8) with [`TABLE_COLUMNS`]; sentences in `language`.
    /// A cell that a spreadsheet could take for a formula begins with `'`.
    pub fn table_in(&self, language: Language) -> String {
        let words = Words::new(language, self);
        let mut rows = Vec::new();
        for admission in &self.admission {
            rows.push(words.admission_row(admission));
            rows.extend(admission.tests.iter().map(|test| words.test_row(admission, test)));
        }
        for stage in &self.stages {
            rows.extend(stage.quota.map(|quota| {
                let sentence = words.quota(&stage.id, quota);
                Row::new("quota").set("stage", &stage.id).figure(quota).set("sentence", sentence)
            }));
            for own in &stage.units {
                rows.extend(own.quota.map(|quota| {
                    let row = Row::new("quota").set("stage", &stage.id).set("unit", &own.unit);
                    row.figure(quota).set("sentence", words.quota(&stage.id, quota))
                }));
                words.unit_rows(&stage.id, &own.unit, &own.seats, &mut rows);
            }
            for (unit, seats) in &stage.unit_seats {
                rows.push(Row::new("seats").set("stage", &stage.id).set("unit", unit).set("seats", seats));
            }
        }
        rows.extend(self.steps.iter().map(|step| words.step_row(step)));
        words.seat_rows(self, "", &mut rows);
        for member in &self.members {
            let what = member.candidate.as_deref().unwrap_or("vacant");
            let row = Row::new("member").set("list", member.list.as_deref().unwrap_or(""));
            let row = row.set("unit", member.unit.as_deref().unwrap_or(""));
            let row = row.set("name", member.name.as_deref().unwrap_or(""));
            rows.push(row.set("seat", member.seat).set("what", what).set("sentence", words.member(member)));
        }
        rows.extend(self.undetermined.iter().map(|tie| words.tie_row(tie)));
        for finding in &self.validity.findings {
            let row = Row::new("validity").set("what", &finding.rule).set("sentence", words.validity(finding));
            rows.push(row.set("article", words.cite(finding.law.as_deref())));
        }
        rows.extend(self.margins.iter().map(|margin| words.margin_row(margin)));
        for reading in &self.readings {
            words.reading_rows(reading, &mut rows);
        }
        rows.extend(self.notes.iter().map(|note| Row::new("note").set("sentence", words.remark(note))));
        csv(&rows)
    }
}

impl Words<'_> {
    fn cite(&self, law: Option<&str>) -> String {
        law.and_then(|key| self.outcome?.laws.get(key)).cloned().unwrap_or_default()
    }

    fn who(&self, row: Row, list: &str) -> Row {
        row.set("list", list).set("name", self.name(list))
    }

    fn admission_row(&self, own: &Admission) -> Row {
        let what = if own.admitted { "admitted" } else { "not_admitted" };
        let row = self.who(Row::new("admission").set("stage", &own.stage), &own.list);
        row.set("what", what).set("votes", own.votes).set("sentence", self.admission(own))
    }

    fn test_row(&self, of: &Admission, test: &Test) -> Row {
        let row = self.who(Row::new("test").set("stage", &of.stage), &of.list);
        let edge = if test.strict { ">" } else { "≥" };
        row.set("unit", &test.unit)
            .set("what", if test.passed { "passed" } else { "failed" })
            .set("votes", test.votes)
            .set("base", &test.base)
            .set("base_value", test.base_value)
            .set("asked", format!("{edge} {}", test.share))
            .set("needed", test.needed)
            .set("margin", test.margin)
            .set("article", self.cite(test.law.as_deref()))
            .set("sentence", self.test(test))
    }

    fn step_row(&self, step: &Step) -> Row {
        let row = self.who(Row::new("step").set("stage", &step.stage), &step.list).figure(step.value);
        let row = match &step.over {
            Some(over) => {
                row.set("rival", &over.list).set("rival_num", over.value.num).set("rival_den", over.value.den)
            }
            None => row,
        };
        row.set("seat", step.seat)
            .set("unit", step.unit.as_deref().unwrap_or(""))
            .set("what", code(step.what))
            .set("held", step.held)
            .set("seats", step.seats)
            .set("article", self.cite(step.law.as_deref()))
            .set("sentence", self.step(step))
    }

    /// The seats of one unit at one stage, of the lists that have any.
    fn unit_rows(&self, stage: &str, unit: &str, seats: &BTreeMap<Id, u64>, rows: &mut Vec<Row>) {
        for (list, seats) in seats.iter().filter(|(_, seats)| **seats > 0) {
            let row = Row::new("seats").set("stage", stage).set("unit", unit);
            rows.push(self.who(row, list).set("seats", seats));
        }
    }

    /// The result: every list, most seats first.
    fn seat_rows(&self, outcome: &Outcome, reading: &str, rows: &mut Vec<Row>) {
        let mut seats: Vec<_> = outcome.seats.iter().collect();
        seats.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        for (list, seats) in seats {
            rows.push(self.who(Row::new("seats").set("reading", reading), list).set("seats", seats));
        }
    }

    fn tie_row(&self, tie: &Tie) -> Row {
        Row::new("tie")
            .set("stage", &tie.stage)
            .set("unit", tie.unit.as_deref().unwrap_or(""))
            .set("list", tie.between.join(" "))
            .set("name", self.names(&tie.between))
            .set("what", code(tie.what))
            .set("seats", tie.seats)
            .set("sentence", self.tie(tie))
    }

    fn margin_row(&self, margin: &Margin) -> Row {
        let row = self.who(Row::new("margin"), &margin.list).set("sentence", self.margin(margin));
        match margin.votes {
            Some(votes) => row.set("votes", votes),
            None => row,
        }
    }

    fn reading_rows(&self, reading: &Reading, rows: &mut Vec<Row>) {
        let row = Row::new("reading").set("stage", &reading.stage).set("reading", &reading.id);
        rows.push(row.set("what", &reading.field).set("asked", &reading.value).set("sentence", self.reading(reading)));
        if let ReadingResult::Outcome(outcome) = &reading.result {
            self.seat_rows(outcome, &reading.id, rows);
        }
    }
}

/// The word of a step kind, as in JSON.
fn code(kind: StepKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn csv(rows: &[Row]) -> String {
    let mut text = TABLE_COLUMNS.join(",") + "\r\n";
    for row in rows {
        let cells = TABLE_COLUMNS.map(|column| row.0.get(column).map_or_else(String::new, |cell| self::cell(cell)));
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell: never a formula to a spreadsheet, and quoted where RFC 4180 asks for it.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']) && text.parse::<i128>().is_err();
    let safe = if formula { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\n', '\r']) || safe.starts_with(' ') || safe.ends_with(' ') {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("-3077"), "-3077");
        assert_eq!(cell("-3077+cmd|' /C calc'!A0"), "'-3077+cmd|' /C calc'!A0");
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("=a,b"), "\"'=a,b\"");
    }
}
