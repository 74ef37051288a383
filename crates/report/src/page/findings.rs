//! The summary: one sentence for each test, with its effect and interval.

use maud::{Markup, html};
use recount_forensics::report::{Finding, Report, Topic, Verdict};
use recount_forensics::shpilkin;

use super::numbers::{chance, count, interval, large, n, percent, rate, whole};
use super::words;

/// The table of verdicts.
pub(super) fn section(report: &Report) -> Markup {
    html! {
        table.findings {
            thead { tr { th scope="col" { "Check" } th scope="col" { "Outcome" } th scope="col" { "In plain words" } } }
            tbody { @for finding in &report.findings { tr {
                th scope="row" { a href={ "#" (words::anchor(finding.topic)) } { (words::topic(finding.topic)) } }
                td { (tag(&finding.verdict)) }
                td { (sentence(report, finding)) }
            } } }
        }
        p.small { (words::MULTIPLICITY) }
    }
}

/// A word for each verdict, never by colour alone.
fn tag(verdict: &Verdict) -> Markup {
    let class = match verdict {
        Verdict::Found => "found",
        Verdict::NotRobust => "weak",
        Verdict::Nothing => "nothing",
        Verdict::Estimate => "estimate",
        Verdict::Greyed { .. } | Verdict::Refused { .. } => "grey",
    };
    html! { span class={ "tag " (class) } { (word(verdict)) } }
}

/// The word for a verdict.
pub(super) fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Found => "Found",
        Verdict::NotRobust => "Not robust",
        Verdict::Nothing => "Nothing found",
        Verdict::Estimate => "Estimate",
        Verdict::Greyed { .. } => "Not usable here",
        Verdict::Refused { .. } => "Refused",
    }
}

/// One finding in plain words.
pub(super) fn sentence(report: &Report, finding: &Finding) -> String {
    match &finding.verdict {
        Verdict::Greyed { reason } => return format!("The test {reason}. Its result is not shown as a finding."),
        Verdict::Refused { reason } => return format!("No figure is given: {reason}."),
        _ => {}
    }
    match finding.topic {
        Topic::Rounding => rounding(report, finding),
        Topic::SpikesTurnout | Topic::SpikesShare => spikes(report, finding),
        Topic::AgreementTurnout | Topic::AgreementShare => agreement(report, finding),
        Topic::Twins => format!(
            "{} of stations with at least 500 voters {} all four figures in common; chance gives about {:.1}.",
            pairs(finding.count),
            if finding.count == 1 { "has" } else { "have" },
            finding.expected.unwrap_or(0.0)
        ),
        Topic::Edits => format!(
            "{} of stations of one district {} the same votes for every list but one, which differs by 10, 100 or 1000; dealing \
             the lists out anew gives about {:.1}.",
            pairs(finding.count),
            if finding.count == 1 { "has" } else { "have" },
            finding.expected.unwrap_or(0.0)
        ),
        Topic::Heaps => format!(
            "{} of {} lists in districts have their few votes spread more evenly over the stations than chance spreads them.",
            n(finding.count),
            n(finding.of)
        ),
        Topic::Impossible => {
            format!("{} of {} protocols contain figures that contradict each other.", n(finding.count), n(finding.of))
        }
        Topic::Account => account(report, finding),
        Topic::Model => model(report),
        Topic::Compared => {
            format!("{} of {} counts that are there twice differ in some figure.", n(finding.count), n(finding.of))
        }
    }
}

fn pairs(count: u64) -> String {
    if count == 1 { "1 pair".to_owned() } else { format!("{} pairs", n(count)) }
}

fn rounding(report: &Report, finding: &Finding) -> String {
    let leader = &report.overview.leader;
    let mut text = format!(
        "{} of {} stations have a whole percentage of turnout or of the share of {leader}; chance gives {}.",
        n(finding.count),
        n(finding.of),
        whole(finding.expected.unwrap_or(0.0))
    );
    let Some(stations) = finding.stations else { return text };
    match finding.verdict {
        Verdict::Found => {
            text.push_str(&format!(
                " That is {} stations too many, {} of those tested. Chance alone gives as many {}. The excess stays among \
                 stations of at least 300 and of at least 500 voters.",
                interval(stations),
                percent(stations.value, finding.of as f64, 2),
                chance(finding.p.unwrap_or(1.0))
            ));
            if let Some(votes) = finding.votes {
                text.push_str(&format!(
                    " The extra round stations hold {} votes for {leader}: where they lie, not how many were added.",
                    interval(votes)
                ));
            }
        }
        Verdict::NotRobust => text.push_str(&format!(
            " The difference of {} fades among larger stations, so it is no finding: coarse fractions of small stations can make it.",
            interval(stations)
        )),
        _ if stations.high < 0.0 => {
            text.push_str(&format!(" That is {} stations, fewer than by chance: nothing here looks made round.", interval(stations)));
        }
        _ => text.push_str(&format!(" The difference of {} is within what chance gives.", interval(stations))),
    }
    text
}

fn spikes(report: &Report, finding: &Finding) -> String {
    let spectrum = report.spikes.get(usize::from(finding.topic == Topic::SpikesShare));
    let Some(spectrum) = spectrum.filter(|own| !own.spikes.is_empty()) else {
        return format!("None of {} tenths of a percent holds more stations than chance explains.", n(finding.of));
    };
    let named: Vec<String> =
        spectrum.spikes.iter().take(10).map(|spike| format!("{:.1} %", f64::from(spike.tenths) / 10.0)).collect();
    let more = if spectrum.spikes.len() > named.len() { " and others" } else { "" };
    let mut text = format!(
        "{} of {} tenths of a percent {} more stations than chance explains: {}{more}. Together {} stations too many.",
        n(finding.count),
        n(finding.of),
        if finding.count == 1 { "holds" } else { "hold" },
        named.join(", "),
        finding.stations.map_or_else(String::new, interval)
    );
    if finding.verdict == Verdict::NotRobust {
        text.push_str(" Among stations of at least 500 voters this fades, so it is no finding.");
    }
    text
}

fn agreement(report: &Report, finding: &Finding) -> String {
    let place = usize::from(finding.topic == Topic::AgreementShare);
    let word = if place == 0 { "turnout" } else { "share" };
    let Some(agreement) = report.agreement.get(place) else { return String::new() };
    if finding.count == 0 {
        return format!(
            "In none of {} districts do the stations agree in {word} more closely than separate counts do.",
            n(finding.of)
        );
    }
    let mut text = format!(
        "In {} of {} districts, with {} stations, results agree in {word} more closely than separate counts can.",
        n(finding.count),
        n(finding.of),
        whole(finding.stations.map_or(0.0, |own| own.value))
    );
    if let Some(first) = agreement.districts.first() {
        text.push_str(&format!(
            " The most uniform: {}, {} stations, all near {:.2} %; stations that count separately agree so well {}.",
            report.district(first.key),
            count(first.stations),
            100.0 * first.pooled,
            chance(first.p).replace("clean elections", "such districts")
        ));
    }
    text
}

fn account(report: &Report, finding: &Finding) -> String {
    let shpilkin::Verdict::Estimate { account, .. } = &report.accounts.whole.verdict else { return String::new() };
    let votes = finding.votes.map_or_else(String::new, interval);
    format!(
        "If the share of {} did not rise with turnout, it would have {votes} votes fewer, a share of {} and a turnout of {}. This \
         is accounting under that assumption, not a test: honest differences between places are counted too.",
        report.overview.leader,
        rate(account.clean_share),
        rate(account.clean_turnout)
    )
}

fn model(report: &Report) -> String {
    let recount_forensics::report::Model::Fitted { fit, control } = &report.model else { return String::new() };
    let beside = control.map_or_else(
        || "No clean simulated election could be fitted beside it.".to_owned(),
        |(some, all)| format!("In a clean simulated election the same fit gives {} and {}.", rate(some), rate(all)),
    );
    format!(
        "The curve that fits best books {} of stations as “some votes added” ({} to {}) and {} as “nearly all added” ({} to {}). {beside} \
         These are parts of a curve, not shares of stations.",
        rate(fit.incremental),
        rate(fit.incremental_range.0),
        rate(fit.incremental_range.1),
        rate(fit.extreme),
        rate(fit.extreme_range.0),
        rate(fit.extreme_range.1)
    )
}

/// Votes for one line of the overview.
pub(super) fn votes(x: u64) -> String {
    large(x as f64)
}
