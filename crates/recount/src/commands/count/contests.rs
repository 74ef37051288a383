//! Many contests: one line for each.

use recount_tally::Fold;

use super::Asked;
use crate::error::Outcome;
use crate::show::{self, Align, Table};
use crate::view::{computed, coverage, totals};

/// Prints stations, leader and votes of every contest.
pub fn print(fold: &Fold, asked: &Asked) -> Outcome {
    show::heading(&format!("{} contests", show::number(asked.contests.len() as u64)));
    let mut table = Table::new(&[
        ("contest", Align::Left),
        ("countable", Align::Right),
        ("expected", Align::Right),
        ("leader", Align::Left),
        ("votes", Align::Right),
        ("second", Align::Right),
    ]);
    let (mut incomplete, mut conflicts) = (0u64, 0u64);
    for contest in &asked.contests {
        let all = computed::totals(fold, *contest, asked.view)?;
        let (Some(state), Some(unit)) =
            (fold.contest(*contest), asked.unit.or_else(|| fold.ledger().register().geography().root()))
        else {
            continue;
        };
        let Some(total) = all.get(&unit) else { continue };
        incomplete += u64::from(total.coverage.countable < total.coverage.expected);
        conflicts += total.coverage.conflicts;
        let rows = totals::rows(fold, *contest, &total.sums);
        let leader = rows.first();
        table.row([
            state.id.clone(),
            show::number(total.coverage.countable),
            show::number(total.coverage.expected),
            leader.map_or_else(String::new, |row| format!("{} {}", row.id, row.name)),
            show::figure(leader.and_then(|row| row.votes)),
            show::figure(rows.get(1).and_then(|row| row.votes)),
        ]);
    }
    table.print();
    show::paragraph(coverage::register_line(fold, asked.view.poll.unwrap_or(1)));
    if incomplete > 0 {
        show::paragraph(format!(
            "{} not complete: --contest CONTEST says why, and shows everything about one.",
            show::count(incomplete, "contest is", "contests are")
        ));
    }
    if conflicts > 0 {
        show::paragraph(format!(
            "CONFLICTS: statements contradict each other at {}.",
            show::count(conflicts, "station", "stations")
        ));
    }
    Ok(())
}
