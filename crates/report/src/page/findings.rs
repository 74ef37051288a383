//! The summary: one sentence for each test, with its effect and interval.

use maud::{Markup, html};
use recount_forensics::report::{Figure, Finding, Report, Topic, Verdict};
use recount_forensics::shpilkin;

use super::numbers::{Among, chance, count, fixed, interval, n, percent, percents, rate, whole};
use super::words;
use crate::lang::{Lang, fill};

/// The table of verdicts.
pub(super) fn section(t: &Lang, report: &Report) -> Markup {
    html! {
        table.findings {
            thead { tr { th scope="col" { (t.say("Check")) } th scope="col" { (t.say("Outcome")) } th scope="col" { (t.say("In plain words")) } } }
            tbody { @for finding in &report.findings { tr {
                th scope="row" { a href={ "#" (words::anchor(finding.topic)) } { (t.say(words::topic(finding.topic))) } }
                td { (tag(t, &finding.verdict)) }
                td { (sentence(t, report, finding)) }
            } } }
        }
        p.small { (t.say(words::MULTIPLICITY)) }
    }
}

/// What came out in a few lines, without a figure: the names of the checks by their outcome, and what it does not mean.
pub(super) fn short(t: &Lang, report: &Report) -> Markup {
    let named = |wanted: &[&str]| {
        let own = report.findings.iter().filter(|own| wanted.contains(&word(&own.verdict)));
        own.map(|own| t.say(words::topic(own.topic))).collect::<Vec<_>>()
    };
    let lines = [
        (words::FOUND, named(&[words::FOUND])),
        (words::NOT_ROBUST, named(&[words::NOT_ROBUST])),
        (words::NOTHING, named(&[words::NOTHING])),
        (words::ESTIMATE, named(&[words::ESTIMATE])),
        (words::REFUSED, named(&[words::REFUSED, words::NOT_USABLE])),
    ];
    html! {
        dl.short {
            @for (outcome, names) in lines.iter().filter(|(_, names)| !names.is_empty()) {
                div { dt { (t.say(outcome)) } dd { (names.join(" · ")) } }
            }
            div { dt { (t.say("What it does not mean")) } dd { (t.say(words::NOT_MEANT)) } }
        }
    }
}

/// A word for each verdict, never by colour alone.
fn tag(t: &Lang, verdict: &Verdict) -> Markup {
    let class = match verdict {
        Verdict::Found => "found",
        Verdict::NotRobust => "weak",
        Verdict::Nothing => "nothing",
        Verdict::Estimate => "estimate",
        Verdict::Greyed { .. } | Verdict::Refused { .. } => "grey",
    };
    html! { span class={ "tag " (class) } { (t.say(word(verdict))) } }
}

/// The word for a verdict.
pub(super) fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Found => words::FOUND,
        Verdict::NotRobust => words::NOT_ROBUST,
        Verdict::Nothing => words::NOTHING,
        Verdict::Estimate => words::ESTIMATE,
        Verdict::Greyed { .. } => words::NOT_USABLE,
        Verdict::Refused { .. } => words::REFUSED,
    }
}

/// One finding in plain words.
pub(super) fn sentence(t: &Lang, report: &Report, finding: &Finding) -> String {
    match &finding.verdict {
        Verdict::Greyed { reason } => {
            return fill!(t, "The test {}. Its result is not shown as a finding.", t.known(reason));
        }
        Verdict::Refused { reason } => return fill!(t, "No figure is given: {}.", t.known(reason)),
        _ => {}
    }
    let (counted, of) = (n(t, finding.count), n(t, finding.of));
    let expected = fixed(t, finding.expected.unwrap_or(0.0), 1);
    let one = finding.count == 1;
    match finding.topic {
        Topic::Rounding => rounding(t, report, finding),
        Topic::SpikesTurnout | Topic::SpikesShare => spikes(t, report, finding),
        Topic::AgreementTurnout | Topic::AgreementShare => agreement(t, report, finding),
        Topic::Twins if one => fill!(
            t,
            "One pair of stations with at least 500 voters has all four figures in common; chance gives about {}.",
            expected
        ),
        Topic::Twins => fill!(
            t,
            "{} pairs of stations with at least 500 voters have all four figures in common; chance gives about {}.",
            counted,
            expected
        ),
        Topic::Edits if one => fill!(
            t,
            "One pair of stations of one district has the same votes for every list but one, which differs by 10, 100 or 1000; chance gives about {}.",
            expected
        ),
        Topic::Edits => fill!(
            t,
            "{} pairs of stations of one district have the same votes for every list but one, which differs by 10, 100 or 1000; chance gives about {}.",
            counted,
            expected
        ),
        Topic::Heaps => fill!(
            t,
            "{} of {} lists in districts have their few votes spread more evenly over the stations than chance spreads them.",
            counted,
            of
        ),
        Topic::Impossible => fill!(
            t,
            "{} of {} protocols contain figures that contradict each other: wrong as they stand, first of all by a slip.",
            counted,
            of
        ),
        Topic::Account => account(t, report, finding),
        Topic::Model => model(t, report),
        Topic::Compared => fill!(t, "{} of {} counts that are there twice differ in some figure.", counted, of),
    }
}

fn rounding(t: &Lang, report: &Report, finding: &Finding) -> String {
    let leader = &report.overview.leader;
    let mut text = fill!(
        t,
        "{} of {} stations have a whole percentage of turnout or of the share of {}; chance gives {}.",
        n(t, finding.count),
        n(t, finding.of),
        leader,
        whole(t, finding.expected.unwrap_or(0.0))
    );
    let Some(stations) = finding.stations else { return text };
    text.push(' ');
    text.push_str(&excess(t, report, finding, stations));
    text
}

/// What the difference from chance means.
fn excess(t: &Lang, report: &Report, finding: &Finding, stations: Figure) -> String {
    let told = interval(t, stations);
    match finding.verdict {
        Verdict::Found => {
            let mut text = fill!(
                t,
                "That is {} stations too many, {} of those tested. Chance alone gives as many {}. The excess stays among stations of at least 300 and of at least 500 voters.",
                told,
                percent(t, stations.value, finding.of as f64, 2),
                chance(t, finding.p.unwrap_or(1.0), Among::Elections)
            );
            if let Some(votes) = finding.votes {
                text.push(' ');
                text.push_str(&fill!(
                    t,
                    "The extra round stations hold {} votes for {}: where they lie, not how many were added.",
                    interval(t, votes),
                    report.overview.leader
                ));
            }
            text
        }
        Verdict::NotRobust => fill!(
            t,
            "The difference of {} fades among larger stations, so it is no finding: coarse fractions of small stations can make it.",
            told
        ),
        _ if stations.high < 0.0 => {
            fill!(t, "That is {} stations, fewer than by chance: nothing here looks made round.", told)
        }
        _ => fill!(t, "The difference of {} is within what chance gives.", told),
    }
}

fn spikes(t: &Lang, report: &Report, finding: &Finding) -> String {
    let spectrum = report.spikes.get(usize::from(finding.topic == Topic::SpikesShare));
    let Some(spectrum) = spectrum.filter(|own| !own.spikes.is_empty()) else {
        return fill!(t, "None of {} tenths of a percent holds more stations than chance explains.", n(t, finding.of));
    };
    let mut named: Vec<String> =
        spectrum.spikes.iter().take(10).map(|spike| percents(t, f64::from(spike.tenths) / 10.0, 1)).collect();
    if spectrum.spikes.len() > named.len() {
        named.push(t.say("others besides").to_owned());
    }
    let stations = finding.stations.map_or_else(String::new, |own| interval(t, own));
    let mut text = if finding.count == 1 {
        fill!(
            t,
            "One of {} tenths of a percent holds more stations than chance explains: {}. There are {} stations too many.",
            n(t, finding.of),
            named.join(", "),
            stations
        )
    } else {
        fill!(
            t,
            "{} of {} tenths of a percent hold more stations than chance explains: {}. Together {} stations too many.",
            n(t, finding.count),
            n(t, finding.of),
            named.join(", "),
            stations
        )
    };
    if finding.verdict == Verdict::NotRobust {
        text.push(' ');
        text.push_str(t.say("Among stations of at least 500 voters this fades, so it is no finding."));
    }
    text
}

fn agreement(t: &Lang, report: &Report, finding: &Finding) -> String {
    let place = usize::from(finding.topic == Topic::AgreementShare);
    let word = t.say(if place == 0 { "in turnout" } else { "in share" });
    let Some(agreement) = report.agreement.get(place) else { return String::new() };
    if finding.count == 0 {
        return fill!(
            t,
            "In none of {} districts do the stations agree {} more closely than separate counts do.",
            n(t, finding.of),
            word
        );
    }
    let mut text = fill!(
        t,
        "In {} of {} districts, with {} stations, results agree {} more closely than separate counts can.",
        n(t, finding.count),
        n(t, finding.of),
        whole(t, finding.stations.map_or(0.0, |own| own.value)),
        word
    );
    if let Some(first) = agreement.districts.first() {
        text.push(' ');
        text.push_str(&fill!(
            t,
            "The most uniform: {}, {} stations, all near {}; stations that count separately agree so well {}.",
            report.district(first.key),
            count(t, first.stations),
            percents(t, 100.0 * first.pooled, 2),
            chance(t, first.p, Among::Districts)
        ));
    }
    text
}

fn account(t: &Lang, report: &Report, finding: &Finding) -> String {
    let shpilkin::Verdict::Estimate { account, .. } = &report.accounts.whole.verdict else { return String::new() };
    fill!(
        t,
        "If the share of {} did not rise with turnout, it would have {} votes fewer, a share of {} and a turnout of {}. This is accounting under that assumption, not a test: honest differences between places are counted too.",
        report.overview.leader,
        finding.votes.map_or_else(String::new, |own| interval(t, own)),
        rate(t, account.clean_share),
        rate(t, account.clean_turnout)
    )
}

fn model(t: &Lang, report: &Report) -> String {
    let recount_forensics::report::Model::Fitted { fit, control } = &report.model else { return String::new() };
    let beside = control.map_or_else(
        || t.say("No clean simulated election could be fitted beside it.").to_owned(),
        |(some, all)| {
            fill!(t, "In a clean simulated election the same fit gives {} and {}.", rate(t, some), rate(t, all))
        },
    );
    fill!(
        t,
        "The curve that fits best books {} of stations as “some votes added” ({} to {}) and {} as “nearly all added” ({} to {}). {} These are parts of a curve, not shares of stations.",
        rate(t, fit.incremental),
        rate(t, fit.incremental_range.0),
        rate(t, fit.incremental_range.1),
        rate(t, fit.extreme),
        rate(t, fit.extreme_range.0),
        rate(t, fit.extreme_range.1),
        beside
    )
}
