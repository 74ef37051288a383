//! The report in a terminal: what it rests on, calibration, findings, where to look. The whole of it is in `--html` and `--json`.

use recount_forensics::calibrate::Standing;
use recount_forensics::report::{Reason, Report};
use recount_forensics::simulate::Alteration;
use recount_report::lang::Lang;
use recount_report::page::{name_of, summary};

use crate::show::{self, Align, Table, number};

/// Stations listed.
const SHOWN: usize = 15;

/// Prints it.
pub fn print(report: &Report) {
    data(report);
    calibration(report);
    show::heading("What was found, and what was not");
    for (topic, word, sentence) in summary(Lang::english(), report) {
        show::paragraph(format!("{topic}: {}. {sentence}", word.to_uppercase()));
    }
    if report.digits.is_some() {
        show::line("");
        show::paragraph(
            "WARNING: digit tests reject clean elections. They are in --html and --json, beside the same test on registered \
             voters; never use one alone.",
        );
    }
    ranking(report);
    show::line("");
    show::paragraph(
        "These are places to look, not proofs: the report (--html FILE) lists innocent explanations, what each check cannot see, \
         and the documents to ask for.",
    );
}

fn data(report: &Report) {
    let (subject, sums) = (&report.subject, &report.overview);
    show::line(show::bold(&subject.title));
    show::paragraph(format!("Source: {}", subject.source));
    show::line(format!("SHA-256 {}", subject.hash));
    for (figure, lines) in &subject.figures {
        show::paragraph(format!("{figure}: {lines}"));
    }
    let count = |n: usize| number(u64::try_from(n).unwrap_or(u64::MAX));
    show::paragraph(format!(
        "{} stations, {} registered, turnout {}, {} with {}. Seed {}.",
        count(sums.stations),
        number(sums.registered),
        show::percent(sums.issued, sums.registered),
        sums.leader,
        show::percent(sums.leader_votes, sums.found),
        report.settings.seed
    ));
    show::heading("Left out");
    for (reason, rows) in &subject.left_out {
        show::item(format!("{} {}: {reason}", number(*rows), if *rows == 1 { "row" } else { "rows" }));
    }
    for own in &report.rounding.excluded {
        let stations = if own.stations == 1 { "station" } else { "stations" };
        show::item(format!("{} {stations} from tests of percentages: {}", count(own.stations), own.reason));
    }
    show::line(format!("{} stations are tested.", count(report.rounding.tested)));
}

fn calibration(report: &Report) {
    show::heading(&format!("How the tests behave on {} clean elections", number(report.settings.elections)));
    let mut table = Table::new(&[
        ("test", Align::Left),
        ("rejected", Align::Right),
        ("95 %", Align::Right),
        ("standing", Align::Left),
        ("sees from", Align::Right),
    ]);
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    for own in &report.calibration {
        let standing = match own.standing {
            Standing::Calibrated => "usable",
            Standing::Conservative => "cautious",
            Standing::Greyed { .. } => "NOT USABLE",
        };
        let round = own.detects.iter().find(|(kind, _)| *kind == Alteration::RoundFive);
        let sees = round.map_or_else(String::new, |(_, at)| at.map_or_else(|| "never".to_owned(), percent));
        let interval = format!("{:.1}–{}", 100.0 * own.interval.0, percent(own.interval.1));
        table.row([name_of(own.check).to_owned(), percent(own.rate), interval, standing.to_owned(), sees]);
    }
    table.print();
    show::paragraph(
        "\"Sees from\": with turnout raised to round figures at so many of the stations, the test rejects in at least 80 % of elections. \
         Ballots added or votes moved without regard to round figures are seen by none of these tests, however many.",
    );
}

fn ranking(report: &Report) {
    if report.ranking.is_empty() {
        return;
    }
    show::heading("Where to look first");
    let mut table = Table::new(&[
        ("station", Align::Left),
        ("district", Align::Left),
        ("turnout", Align::Right),
        ("share", Align::Right),
        ("why", Align::Left),
    ]);
    for own in report.ranking.iter().take(SHOWN) {
        let Some(named) = report.stations_named.get(&own.place) else { continue };
        let figures = named.figures;
        table.row([
            named.name.clone(),
            report.district(named.district).to_owned(),
            show::percent(u64::from(figures.issued), u64::from(figures.registered)),
            show::percent(u64::from(figures.leader), u64::from(figures.found)),
            own.reasons.iter().map(|reason| why(*reason)).collect::<Vec<_>>().join(", "),
        ]);
    }
    table.print();
}

fn why(reason: Reason) -> String {
    match reason {
        Reason::Impossible { ways } if ways > 1 => format!("impossible in {ways} ways"),
        other => word(other).to_owned(),
    }
}

/// A reason in two or three words.
pub(super) fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Impossible { .. } => "impossible",
        Reason::DistrictTurnout => "district agrees in turnout",
        Reason::DistrictShare => "district agrees in share",
        Reason::RoundTurnout => "round turnout",
        Reason::RoundShare => "round share",
        Reason::Twin { .. } => "twin",
        Reason::Edit { .. } => "one digit from another",
        Reason::OutlierTurnout => "turnout unlike district",
        Reason::OutlierShare => "share unlike district",
        Reason::MostlyOutside => "mostly outside",
        Reason::JumpTurnout => "turnout jumped",
        Reason::JumpShare => "share jumped",
        Reason::Rewritten => "two counts differ much",
        Reason::Differs => "two counts differ",
    }
}
