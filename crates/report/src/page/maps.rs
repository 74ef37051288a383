//! Maps of regions, where outlines are given: how far whole percentages stand out, and the votes by turnout.

use std::collections::BTreeMap;

use maud::{Markup, html};
use recount_chart::{Area, Choropleth, Label};
use recount_forensics::report::{Region, Report};
use recount_forensics::shpilkin::Verdict;

use super::numbers::{count, fixed, percents, whole};
use super::{figure, words};
use crate::lang::{Lang, fill};

/// Rings of longitude and latitude in millionths of a degree.
type Rings = Vec<Vec<(i32, i32)>>;
/// Outlines of regions by their names: rings of longitude and latitude in millionths of a degree.
pub type Outlines = BTreeMap<String, Rings>;

/// What a map says of one region.
struct Told {
    name: String,
    /// Nothing where there is no figure.
    level: Option<u64>,
    mark: String,
    /// In words.
    figure: String,
    cells: [String; 2],
}

/// The maps; none where no region has an outline.
pub(super) fn section(t: &Lang, report: &Report, outlines: &Outlines) -> Option<Markup> {
    let drawn = report.regions.iter().filter(|own| outlines.contains_key(report.region(own.key))).count();
    if drawn == 0 {
        return None;
    }
    let rounding: Vec<Told> = report.regions.iter().map(|own| rounded(t, report, own)).collect();
    let votes: Vec<Told> = report.regions.iter().map(|own| accounted(t, report, own)).collect();
    let missing = report.regions.len() - drawn;
    Some(html! {
        @if missing > 0 { p { (fill!(t, "Regions without an outline, in the tables only: {}.", count(t, missing))) } }
        (map(t, outlines, ("map-rounding", t.say("Whole percentages by region")), t.say(words::MAP_ROUNDING), [t.say("Standard deviations"), t.say("Round stations too many")], &rounding))
        @if votes.iter().any(|own| own.level.is_some()) {
            (map(t, outlines, ("map-votes", t.say("Votes by turnout by region")), t.say(words::MAP_VOTES), [t.say("Part of the leader’s votes"), t.say("Votes by turnout")], &votes))
        }
    })
}

fn map(
    t: &Lang,
    outlines: &Outlines,
    (id, title): (&str, &str),
    desc: &str,
    heads: [&str; 2],
    told: &[Told],
) -> Markup {
    let outlined: Vec<(&Told, &Rings)> = told.iter().filter_map(|own| Some((own, outlines.get(&own.name)?))).collect();
    let areas: Vec<Area<'_>> = outlined
        .iter()
        .map(|(own, rings)| Area {
            name: &own.name,
            figure: &own.figure,
            level: own.level,
            rings: (*rings).clone(),
            href: None,
        })
        .collect();
    let marks: Vec<&str> = outlined.iter().map(|(own, _)| own.mark.as_str()).collect();
    let svg = Choropleth { label: Label { id, title, desc }, areas: &areas }.marked(&marks).unwrap_or_default();
    let table = html! { table {
        thead { tr { th scope="col" { (t.say("Region")) } @for head in heads { th.n scope="col" { (head) } } } }
        tbody { @for own in told { tr { th scope="row" { (own.name) } @for cell in &own.cells { td.n { (cell) } } } } }
    } };
    html! { h3 { (title) } (figure(t, &svg, desc, &table)) }
}

/// Shades from 0 to 8 for a figure in steps; below zero is the lightest.
fn level(figure: f64, step: f64) -> u64 {
    (1_u32..=8).filter(|at| figure >= f64::from(*at) * step).count() as u64
}

fn rounded(t: &Lang, report: &Report, own: &Region) -> Told {
    let name = report.region(own.key).to_owned();
    let Some(group) = report.rounding.regions.groups.iter().find(|group| group.key == own.key) else {
        return refused(name, t.say("too few"));
    };
    let z = fixed(t, group.excess.z, 1);
    let many = whole(t, group.excess.excess);
    let out = if group.flagged { t.say("(stands out)") } else { "" };
    let star = if group.flagged { "*" } else { "" };
    Told {
        level: Some(level(group.excess.z, 1.0)),
        figure: fill!(t, "{} standard deviations, {} stations too many {}", z, many, out).trim_end().to_owned(),
        mark: format!("{z}{star}"),
        cells: [format!("{z} {out}").trim_end().to_owned(), many],
        name,
    }
}

fn accounted(t: &Lang, report: &Report, own: &Region) -> Told {
    let name = report.region(own.key).to_owned();
    let found = report.accounts.regions.regions.iter().find(|region| region.key == own.key);
    let Some(Verdict::Estimate { account, .. }) = found.map(|region| &region.verdict) else {
        return refused(name, t.say("refused"));
    };
    let part = if own.leader > 0 { 100.0 * account.anomalous / own.leader as f64 } else { 0.0 };
    let votes = whole(t, account.anomalous);
    Told {
        level: Some(level(part, 5.0)),
        figure: fill!(t, "{} votes, {} of the leader’s", votes, percents(t, part, 0)),
        mark: percents(t, part, 0),
        cells: [percents(t, part, 1), votes],
        name,
    }
}

fn refused(name: String, word: &str) -> Told {
    Told { name, level: None, mark: String::new(), figure: word.to_owned(), cells: [word.to_owned(), "–".to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn shades_in_steps() {
        assert_eq!([-3.0, 0.9, 1.0, 7.99, 40.0].map(|z| level(z, 1.0)), [0, 0, 1, 7, 8]);
        assert_eq!([f64::NAN, 4.9, 5.0].map(|part| level(part, 5.0)), [0, 0, 1]);
    }
}
