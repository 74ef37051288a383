//! Monday, 11:00: two results, the parliaments that they offer, and what each hangs on.

use super::page::para;
use crate::commands::demo::findings::{Briefing, Checks, Findings, Line, Missing, Region, Seats};
use crate::show::{self, Align, Table, heading, line, number, percent, signed};

/// Tells the morning.
pub fn tell(found: &Findings) {
    parliaments(&found.briefing, &found.checks);
    line_of_seven(&found.briefing);
    missing(&found.briefing.missing, &found.briefing, &found.checks.regions);
    checks(found);
}

fn parliaments(briefing: &Briefing, checks: &Checks) {
    heading("4. Monday, 5 October, 11:00: two results in one briefing");
    let (machine, hand) = (&briefing.machine, &briefing.hand);
    para(format!(
        "In the record (size {}): {} machine counts and {} protocols by hand, of {} stations. {} are still to be counted by hand \
         (an agency printed {}). The record's totals meet {} of the {} published figures.",
        number(briefing.size),
        number(machine.stations),
        number(hand.stations),
        number(machine.expected),
        number(hand.expected.saturating_sub(hand.stations)),
        number(checks.hand_missing_printed),
        checks.published.0,
        checks.published.1
    ));
    line("");
    line("                          MACHINE COUNT           HAND COUNT, PARTIAL");
    line("                      7 % of       7 % of         as          equally within");
    line("                      those who    the votes      published   the published");
    line("                      took part    for lists                  rounding");
    let columns = [&machine.seats, &briefing.machine_by_list_votes, &hand.seats, &briefing.hand_within_rounding];
    let mut names: Vec<&str> = Vec::new();
    for party in &machine.parties {
        if columns.iter().any(|seats| has(seats, &party.name) > 0) {
            names.push(&party.name);
        }
    }
    let cell = |seats: &Seats, name: &str| match has(seats, name) {
        0 => "-".to_owned(),
        n => n.to_string(),
    };
    for name in names {
        let cells = columns.map(|seats| cell(seats, name));
        line(row(name, &cells));
    }
    let stations = [machine.stations, machine.stations, hand.stations, hand.stations].map(number);
    line(row("stations in", &stations));
    line("");
    para(
        "Four parliaments out of one briefing. The first two are the very same ballots: the law says 7 %, and the text that could be \
         found does not say of what; the commission divided by all who took part. The other two are the count that decides, as far \
         as it had come: which stations it had reached, and whether they were like the rest, nobody published.",
    );
}

/// A line of the table of parliaments.
fn row(name: &str, cells: &[String; 4]) -> String {
    let [a, b, c, d] = cells;
    format!("  {name:<18}  {a:>6}       {b:>6}         {c:>6}      {d:>6}")
}

fn has(seats: &Seats, name: &str) -> u64 {
    seats.iter().find(|(own, _)| own == name).map_or(0, |(_, n)| *n)
}

fn line_of_seven(briefing: &Briefing) {
    heading("5. How near the line is");
    line(format!("7 % of the {} who took part, by the machine count:", number(briefing.machine.took_part)));
    line("");
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("votes", Align::Right),
        ("needed", Align::Right),
        ("margin", Align::Right),
        ("what would turn it", Align::Left),
    ]);
    for row in &briefing.line {
        table.row([row.name.clone(), number(row.votes), number(row.needed), signed(row.margin), turning(row)]);
    }
    for row in table.lines() {
        line(format!("  {row}"));
    }
}

fn turning(row: &Line) -> String {
    match (row.lacking_if_new, row.pushed_out_by) {
        (Some(new), _) => format!("{} if they are new votes", signed(-i64::try_from(new).unwrap_or(i64::MAX))),
        (_, Some(others)) => format!("out if others gain {} new", number(others)),
        _ => String::new(),
    }
}

fn missing(missing: &Missing, briefing: &Briefing, regions: &[Region]) {
    heading(&format!("6. What the {} missing stations could still change", number(missing.stations)));
    let (name, took, of) = &missing.highest_turnout;
    let gaps: Vec<String> = regions
        .iter()
        .filter(|region| region.stations.0 < region.stations.1)
        .map(|region| format!("{} {}", region.name, region.stations.1 - region.stations.0))
        .collect();
    para(format!(
        "Without a machine count are {} stations ({}) with {} voters. Had every one of them voted, that is {} ballots; at the highest \
         turnout of any region ({name}, {}) it is {}.",
        number(missing.stations),
        gaps.join(", "),
        number(missing.voters),
        number(missing.voters),
        percent(*took, *of),
        number(missing.at_highest_turnout)
    ));
    line("");
    let mut table = Table::new(&[
        ("list", Align::Left),
        ("now", Align::Left),
        ("could turn with", Align::Right),
        ("if everyone votes", Align::Left),
        ("at the highest", Align::Left),
    ]);
    let yes = |can: bool| if can { "possible" } else { "impossible" };
    for turn in &missing.lists {
        let needed = if turn.in_now {
            format!("{} for others", number(turn.needed))
        } else {
            format!("{} for it", number(turn.needed))
        };
        let now = if turn.in_now { "in" } else { "out" };
        table.row([turn.name.as_str(), now, needed.as_str(), yes(turn.if_everyone), yes(turn.at_highest_turnout)]);
    }
    for row in table.lines() {
        line(format!("  {row}"));
    }
    line("");
    let may_enter = missing.lists.iter().filter(|turn| !turn.in_now && turn.at_highest_turnout);
    let may_enter: Vec<&str> = may_enter.map(|turn| turn.name.as_str()).collect();
    let may_fall = missing.lists.iter().any(|turn| turn.in_now && turn.if_everyone);
    para(format!(
        "So {} could still enter{}; {}. A screen that says \"{} counted\" says none of it.",
        if may_enter.is_empty() { "no list".to_owned() } else { may_enter.join(" or ") },
        missing.lists.iter().find(|turn| !turn.in_now && turn.if_everyone && !turn.at_highest_turnout).map_or(
            String::new(),
            |turn| format!(
                ", {} only if more than {} of those voters came and all chose it",
                turn.name,
                percent(turn.needed.saturating_sub(1), missing.voters)
            )
        ),
        if may_fall {
            "and a list that is in could fall"
        } else {
            "no list that is in could fall, whatever the turnout there"
        },
        percent(briefing.machine.stations, briefing.machine.expected)
    ));
}

fn checks(found: &Findings) {
    let checks = &found.checks;
    heading("7. What anyone can check");
    para(format!(
        "Regions: {} of {} published shares and turnouts of regions come out of the stations. But shares were published for {} \
         regions only; the 0.7 % test in the other {} rests on synthetic stations: there it is ASSUMED.",
        checks.published_in_regions.0,
        checks.published_in_regions.1,
        checks.regions.iter().filter(|region| region.shares_published).count(),
        checks.regions.iter().filter(|region| region.tested && !region.shares_published).count()
    ));
    line("");
    let mut table = Table::new(&[
        ("region", Align::Left),
        ("stations", Align::Right),
        ("took part", Align::Right),
        ("turnout", Align::Right),
        ("weakest admitted list", Align::Left),
        ("shares", Align::Left),
    ]);
    for region in &checks.regions {
        let weakest = region
            .weakest
            .as_ref()
            .map_or(String::new(), |(name, n)| format!("{name} {}", percent(*n, region.turnout.0)));
        let shares = match (region.tested, region.shares_published) {
            (true, true) => "published",
            (true, false) => "assumed",
            (false, _) => "no test",
        };
        table.row([
            region.name.clone(),
            format!("{} of {}", number(region.stations.0), number(region.stations.1)),
            number(region.turnout.0),
            if region.stations.0 == 0 { "-".to_owned() } else { percent(region.turnout.0, region.turnout.1) },
            weakest,
            shares.to_owned(),
        ]);
    }
    for row in table.lines() {
        line(format!("  {row}"));
    }
    line("");
    para(format!(
        "Two counts of the same ballots: {} stations have both; at {} of them the two differ (the assumption of this world).",
        number(checks.both_counts),
        number(checks.counts_differ)
    ));
    let broken: u64 = checks.controls.values().sum();
    let by_code: Vec<String> = checks.controls.iter().map(|(code, n)| format!("{n} {code}")).collect();
    line("");
    para(format!(
        "Control ratios: every protocol by hand must add up. At {} stations {broken} ratios are broken ({}); such as at one of them:",
        number(checks.control_stations),
        by_code.join(", ")
    ));
    if let Some((station, formula, figures)) = &checks.control_example {
        for row in show::wrap(formula, &format!("  station {station}: "), "                ") {
            line(row);
        }
        line(format!("  its figures:  {figures}"));
    }
    line("");
    para(format!(
        "Observers' copies: {} of {} differ from the protocol that was filed. A copy changes no figure, and can no longer vanish.",
        number(checks.copies_differ),
        number(checks.copies)
    ));
    if let Some((station, list, protocol, copy)) = &checks.copy_example {
        line(format!("  station {station}, {list}: protocol {}, copy {}", number(*protocol), number(*copy)));
    }
}
