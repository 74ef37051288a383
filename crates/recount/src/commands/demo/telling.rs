//! The story as a stranger reads it, in 80 columns. It knows no figure of its own.

mod ending;
mod morning;
mod page;

use super::findings::{Findings, Night, Register, Turnout};
use super::play::Played;
use crate::commands::verify::Report;
use crate::show::{heading, line, number, percent};
use page::{hundredths, para, time};

/// Tells it.
pub fn tell(found: &Findings, verified: &Report, dir: &str, kept: bool, played: &Played) {
    title(found);
    register(&found.register, found);
    turnout(&found.turnout);
    night(&found.night);
    morning::tell(found);
    ending::ruling(found);
    ending::verify(verified);
    ending::go_on(found, dir, kept, played);
}

fn title(found: &Findings) {
    line("KYRGYZSTAN, 4 OCTOBER 2020: ONE MORNING, SEVERAL PARLIAMENTS");
    line("=".repeat(60));
    let seats: u64 = found.briefing.machine.seats.iter().map(|(_, n)| n).sum();
    para(format!(
        "{seats} seats, {} lists, one ballot for the whole country. A list needs 7 % in the country and 0.7 % in each of nine \
         regions. Every station counts twice: its box scans the ballots and reports within the hour; then its commission counts by \
         hand, and in law only the hand count decides. On the morning after, both counts were published, half finished. Two days \
         later everything was annulled.",
        found.briefing.machine.parties.len()
    ));
    line("");
    para(format!(
        "This program has just played that election into a public record: {} signed statements, each by whoever had to make it. \
         Every figure below was then read back from that record; none is stored anywhere else.",
        number(found.size)
    ));
    line("");
    para(
        "PUBLISHED  the totals of both counts, turnout, the register, the ruling, all with their sources, contradictions included.",
    );
    para(format!(
        "SYNTHETIC  all {} stations: no figures of a single one were found in public. They were made so that every published total \
         comes out, to the last vote.",
        number(found.synthetic_stations)
    ));
    para(format!(
        "ASSUMED    {}. The other world: recount demo --world {}",
        found.assumption.trim_start_matches("assumed, not published: "),
        if found.checks.counts_differ == 0 { "differs" } else { "same" }
    ));
}

fn register(register: &Register, found: &Findings) {
    heading("1. Friday, 2 October: who may vote, and where");
    para(format!(
        "A week before the vote the commission spoke of {} stations; on the day there were {}: {} gone, {} new, and the number of \
         voters changed at {}. Both registers are in the record, and the last is sealed before the polls open: {} voters. From here \
         on it is known what must come in, so that what is missing can be named.",
        number(register.stations_before),
        number(register.stations),
        number(register.gone),
        number(register.new),
        number(register.voters_changed),
        number(register.voters)
    ));
    let form = |name: &str| found.form_2.get(name).copied().unwrap_or_default();
    line("");
    para(format!(
        "Published that day: {} people ({}) had moved their vote to another address by Form No. 2; {} of them had applied more than \
         once, {} of them 22 times.",
        number(form("citizens")),
        percent(form("citizens"), register.voters),
        number(form("repeated")),
        number(form("twenty_two_times"))
    ));
}

fn turnout(turnout: &[Turnout]) {
    heading("2. Sunday, 4 October: turnout, as it was announced");
    for one in turnout {
        let printed = one.printed_share.map_or(String::new(), |share| format!("  {}", hundredths(share)));
        line(format!("  {}  {:>9} have voted{printed}", time(one.time), number(one.voted)));
        if let Some(sum) = one.sum_of_regions
            && sum != one.voted
        {
            line(format!(
                "                 the regions announced with it sum to {}: {} apart",
                number(sum),
                number(sum.abs_diff(one.voted))
            ));
        }
    }
    line("What contradicts itself stays in the record as it was said. Nothing is smoothed.");
}

fn night(night: &Night) {
    heading("3. The night: the boxes report");
    let said = |name: &str| night.said.get(name).copied().unwrap_or_default();
    para(format!(
        "Said that night: {} stations, \"{}\", turnout {}, {} lists above 7 %. But {} of {} stations are {}.",
        number(said("stations")),
        hundredths(said("stations_printed_share")),
        hundredths(said("turnout_printed_share")),
        said("lists_over_threshold"),
        number(said("stations")),
        number(night.expected),
        percent(said("stations"), night.expected)
    ));
    para(format!(
        "In the record at that moment (size {}): {} machine counts; above 7 % were {}.",
        number(night.size),
        number(night.stations),
        night.over.join(", ")
    ));
}
