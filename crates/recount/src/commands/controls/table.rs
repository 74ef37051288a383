//! Controls checked straight on a table, before anything is filed.

use std::collections::BTreeMap;
use std::path::Path;

use recount_election::{AGAINST_ALL, Check, Columns, Figures, Form, Forms, WHOLE};
use recount_exchange::map::read_map;
use recount_exchange::plan::{Import, ProtocolRow};
use recount_exchange::table::{Options, Table};

use super::{Finding, Report};
use crate::charter::{read_forms, toml_error};
use crate::error::{CliError, Outcome, input, read_text};

/// The rows of one station that belong together: contest, station, poll, source.
type Whole = (usize, usize, u32, String);

/// Reads the table and checks what would stand.
pub fn check(table: &Path, map: Option<&Path>, forms: Option<&Path>) -> Outcome<Report> {
    let Some(map_path) = map else {
        return input(format!("{}: a table needs --map MAP.toml, which says what its columns mean", table.display()));
    };
    let text = read_text(map_path)?;
    let map = read_map(&text).map_err(|why| toml_error(map_path, &text, why.to_string(), None, why.span().cloned()))?;
    let forms = match (forms, &map.forms) {
        (Some(path), _) => read_forms(path)?.1,
        (None, Some(name)) => read_forms(&map_path.parent().unwrap_or(Path::new(".")).join(name))?.1,
        (None, None) => {
            return input(format!("{}: the map names no forms: add --forms FORMS.toml", map_path.display()));
        }
    };
    let wrong = |why: &dyn std::fmt::Display| CliError::Input(format!("{}: {why}", table.display()));
    let options = Options::default();
    let mut rows = Table::open(table, map.delimiter(), &options).map_err(|why| wrong(&why))?;
    let import = recount_exchange::plan(&mut rows, &map, &options).map_err(|why| wrong(&why))?;
    if let Some(refused) = import.refused.first() {
        return input(format!(
            "{}: {} rows were refused, the first at line {}: {}{}",
            table.display(),
            import.refused.len(),
            refused.line,
            refused.reason,
            refused
                .column
                .as_ref()
                .map_or_else(String::new, |column| format!(" (column {column}, \"{}\")", refused.value))
        ));
    }
    checked(&import, &forms)
}

fn checked(import: &Import, forms: &Forms) -> Outcome<Report> {
    let columns = contest_columns(import, forms)?;
    let mut findings = Vec::new();
    let mut checked = 0u64;
    let mut wholes: BTreeMap<Whole, Figures> = BTreeMap::new();
    for row in standing(import) {
        let (Some(pass), Some(columns)) = (import.pass(row), columns.get(row.contest)) else { continue };
        checked += 1;
        let figures = figures(import, row, columns)?;
        check_one(import, forms, row, &pass.part, columns, &figures, &mut findings);
        if pass.part != WHOLE {
            let sum = wholes
                .entry((row.contest, row.station, row.poll, pass.source.clone()))
                .or_insert_with(|| Figures::absent(columns));
            sum.add_assign(&figures).map_err(|why| CliError::Input(format!("line {}: {why}", row.line)))?;
        }
    }
    for row in standing(import) {
        let Some(pass) = import.pass(row) else { continue };
        // The first row of each sum stands for it.
        if let (Some(sum), Some(columns)) =
            (wholes.remove(&(row.contest, row.station, row.poll, pass.source.clone())), columns.get(row.contest))
        {
            check_one(import, forms, row, WHOLE, columns, &sum, &mut findings);
        }
    }
    Ok(Report { checked, what: "protocols of the table", findings })
}

/// The last row of each place: what stood there before was replaced by it.
fn standing(import: &Import) -> Vec<&ProtocolRow> {
    let mut last: BTreeMap<(usize, usize, u32, &str, &str), &ProtocolRow> = BTreeMap::new();
    for row in &import.protocols {
        if let Some(pass) = import.pass(row) {
            last.insert((row.contest, row.station, row.poll, &pass.source, &pass.part), row);
        }
    }
    last.into_values().collect()
}

fn contest_columns(import: &Import, forms: &Forms) -> Outcome<Vec<Columns>> {
    let of = |contest: &recount_exchange::ContestRow| {
        let mut lists: Vec<&str> =
            import.lists.iter().filter(|list| list.contest == contest.id).map(|list| list.id.as_str()).collect();
        if contest.against_all && !lists.contains(&AGAINST_ALL) {
            lists.push(AGAINST_ALL);
        }
        forms.columns(&contest.id, lists).map_err(|why| CliError::Input(format!("contest {}: {why}", contest.id)))
    };
    import.contests.iter().map(of).collect()
}

/// A row's figures under the columns of its contest, by name.
fn figures(import: &Import, row: &ProtocolRow, columns: &Columns) -> Outcome<Figures> {
    let mut figures = Figures::absent(columns);
    let lines = import.lines(row).filter_map(|(code, n)| Some((columns.line(code)?, n)));
    let votes = import.votes(row).filter_map(|(id, n)| Some((columns.list(id)?, n)));
    for (column, n) in lines.chain(votes) {
        figures.set(column, n).map_err(|why| CliError::Input(format!("line {}: {why}", row.line)))?;
    }
    Ok(figures)
}

fn check_one(
    import: &Import,
    forms: &Forms,
    row: &ProtocolRow,
    part: &str,
    columns: &Columns,
    figures: &Figures,
    findings: &mut Vec<Finding>,
) {
    let (Some(pass), Some(contest), Some(station)) = (import.pass(row), import.contest(row), import.station(row))
    else {
        return;
    };
    let Some(form): Option<&Form> = forms.form_for(&contest.id, &pass.source, part) else { return };
    for found in form.check(columns, figures) {
        if !matches!(found.check, Check::Broken { .. } | Check::Overflow) {
            continue;
        }
        let place = if part == WHOLE { pass.source.clone() } else { format!("{}, part {part}", pass.source) };
        let place = if row.poll > 1 { format!("{place}, poll {}", row.poll) } else { place };
        findings.push(Finding {
            station: station.id.clone(),
            contest: contest.id.clone(),
            place: format!("{place}, line {}", row.line),
            form: form.id.clone(),
            code: found.control.code.clone(),
            severity: found.control.severity,
            law: found.control.law.clone(),
            note: found.control.note.clone(),
            formula: found.control.formula.text().to_owned(),
            figures: found.control.formula.explain(columns, figures),
        });
    }
}
