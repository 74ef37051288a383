//! Who may receive seats, by which tests, by how many votes.

use recount_seats::{Admission, Move, Test, Turning};

use super::Shown;
use crate::show::{self, Align, Table};

/// Units named where a test fails in some.
const UNITS_SHOWN: usize = 3;

/// Prints one table per admit stage: tests of the whole as columns of margins, tests per unit as counts.
pub fn print(shown: Shown<'_>) {
    let mut stages: Vec<&str> = Vec::new();
    for admission in &shown.outcome.admission {
        if !stages.contains(&admission.stage.as_str()) {
            stages.push(&admission.stage);
        }
    }
    for stage in stages {
        show::heading(&format!("Admission (stage {stage})"));
        let mut lists: Vec<&Admission> = shown.outcome.admission.iter().filter(|own| own.stage == stage).collect();
        lists.sort_by(|a, b| b.votes.cmp(&a.votes).then(a.list.cmp(&b.list)));
        table(shown, &lists);
    }
}

fn table(shown: Shown<'_>, lists: &[&Admission]) {
    let whole = shown.whole();
    let mut lines: Vec<String> = Vec::new();
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("name", Align::Left),
        ("votes", Align::Right),
        ("admitted", Align::Left),
        ("at the line", Align::Right),
        ("if new votes", Align::Right),
    ]);
    for own in lists {
        let of_whole: Vec<&Test> = own.tests.iter().filter(|test| test.unit == whole).collect();
        for test in &of_whole {
            let line = line(shown, test);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        // Of several tests of the whole the one that decides is shown: the narrowest.
        let narrowest = of_whole.iter().filter(|test| test.needed > 0).min_by_key(|test| test.margin);
        table.row([
            own.list.to_string(),
            own.name.to_string(),
            show::number(own.votes),
            verdict(own, whole),
            narrowest.map_or_else(String::new, |test| show::signed(test.margin)),
            narrowest.map_or_else(String::new, |test| if_new(shown, own, test)),
        ]);
    }
    table.print();
    for line in lines {
        show::item(line);
    }
    show::item(
        "\"at the line\": votes to spare (+) or lacking (-) with the base fixed; \"if new votes\": lacking if the votes come on top, so that the base rises.",
    );
    for own in lists {
        for line in units(own, whole) {
            show::item(format!("{}: {line}", own.list));
        }
    }
}

fn verdict(own: &Admission, whole: &str) -> String {
    if own.admitted {
        return "yes".to_owned();
    }
    let fails_whole = own.tests.iter().any(|test| test.unit == whole && !test.passed);
    if fails_whole { "NO".to_owned() } else { "NO (in units)".to_owned() }
}

/// The line itself: "7/100 of took_part 1,990,753 = 139,353 votes".
fn line(shown: Shown<'_>, test: &Test) -> String {
    let cite = shown.cite(test.law.as_deref());
    if test.needed == 0 {
        return format!("asked: {} {}.{cite}", test.base, test.share);
    }
    let edge = if test.strict { "more than " } else { "" };
    format!(
        "the line: {edge}{} of {} ({}) in {} = {} votes.{cite}",
        test.share,
        test.base,
        show::number(test.base_value),
        test.unit,
        show::number(test.needed)
    )
}

fn if_new(shown: Shown<'_>, own: &Admission, test: &Test) -> String {
    if test.passed {
        return String::new();
    }
    let found = shown.outcome.margins.iter().find(|margin| {
        margin.list == own.list
            && margin.by == Move::GainedNew
            && matches!(&margin.turning, Turning::Test { stage, base, unit, .. } if *stage == own.stage && *base == test.base && *unit == test.unit)
    });
    match found.map(|margin| margin.votes) {
        Some(Some(votes)) => format!("-{}", show::number(votes)),
        Some(None) => "never".to_owned(),
        None => String::new(),
    }
}

/// Tests per unit: in how many it passes, and where it fails.
fn units(own: &Admission, whole: &str) -> Vec<String> {
    let mut groups: Vec<(&str, &str, Vec<&Test>)> = Vec::new();
    for test in own.tests.iter().filter(|test| test.unit != whole) {
        match groups.iter_mut().find(|(base, share, _)| test.base == *base && test.share == *share) {
            Some((_, _, tests)) => tests.push(test),
            None => groups.push((&test.base, &test.share, vec![test])),
        }
    }
    let mut lines = Vec::new();
    for (base, share, tests) in groups {
        let failed: Vec<&&Test> = tests.iter().filter(|test| !test.passed).collect();
        let passed = tests.len() - failed.len();
        if failed.is_empty() {
            continue;
        }
        let named: Vec<String> = failed
            .iter()
            .take(UNITS_SHOWN)
            .map(|test| format!("{} ({} votes)", test.unit, show::signed(test.margin)))
            .collect();
        let more = if failed.len() > UNITS_SHOWN { ", ..." } else { "" };
        lines.push(format!(
            "{share} of {base} met in {passed} of {} units; not in {}{more}.",
            tests.len(),
            named.join(", ")
        ));
    }
    lines
}
