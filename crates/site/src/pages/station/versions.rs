//! All versions of a station's figures in columns, with what differs from those that count said in words.

use maud::{Markup, html};

use recount_election::{ColumnIx, Figures, StationIx};
use recount_tally::View as CountView;
use recount_tally::claim::{ContestIx, Slot};
use recount_tally::standing::{By, Fate};

use super::{Cx, standing, statement};
use crate::locale::say;

/// One version: a protocol, a copy, or the figures of a ruling.
pub(crate) struct Version<'a> {
    /// Index of the statement.
    pub index: u64,
    pub slot: Slot,
    pub figures: &'a Figures,
    /// Whether it stands in its slot.
    pub stands: bool,
    pub kind: Kind,
    /// What has become of it.
    fate: String,
    signer: Option<&'a str>,
    /// The figures are those that count by law.
    counts: bool,
}

/// What a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Protocol,
    Copy,
    Ruling,
}

/// Every version in a contest: slot by slot in order of index, then copies.
pub(crate) fn of<'a>(cx: &Cx<'a>, station: StationIx, contest: ContestIx) -> Vec<Version<'a>> {
    let fold = &*cx.site.fold;
    let law = fold.count_station(station, contest, CountView::LAW);
    let keys = fold.ledger().keys();
    let mut versions = Vec::new();
    for slot in fold.slots(station).into_iter().filter(|slot| slot.contest == contest) {
        for (claim, fate) in fold.fates(station, slot) {
            versions.push(Version {
                index: claim.index,
                slot,
                figures: &claim.figures,
                stands: fate == Fate::Stands,
                kind: Kind::Protocol,
                fate: in_words(cx, fate),
                signer: Some(keys.name(claim.signer)),
                counts: false,
            });
        }
        if let Some(stand) = fold.stand(station, slot)
            && let By::Ruling(ruling) = stand.by
        {
            versions.push(Version {
                index: ruling,
                slot,
                figures: stand.figures,
                stands: true,
                kind: Kind::Ruling,
                fate: cx.t.word("fate-by-ruling"),
                signer: None,
                counts: false,
            });
        }
    }
    let copies = fold.station(station).map_or(&[][..], |state| &state.copies);
    for copy in copies.iter().filter(|copy| copy.slot.contest == contest) {
        versions.push(Version {
            index: copy.index,
            slot: copy.slot,
            figures: &copy.figures,
            stands: false,
            kind: Kind::Copy,
            fate: cx.status(copy.index),
            signer: Some(keys.name(copy.signer)),
            counts: false,
        });
    }
    if law.reason.is_none() {
        mark_counted(cx, law.poll, law.figures.as_ref(), &mut versions);
    }
    versions
}

/// The versions that count: of a station without parts the one with the figures of the count, else those of the source that decides.
fn mark_counted(cx: &Cx<'_>, poll: u16, figures: Option<&Figures>, versions: &mut [Version<'_>]) {
    let fold = &*cx.site.fold;
    let deciding = fold.deciding_source();
    let whole = versions.iter().filter(|own| own.stands && own.slot.poll == poll);
    let whole = whole.filter(|own| own.slot.part.is_none() && Some(own.figures) == figures);
    let chosen = whole.max_by_key(|own| (Some(own.slot.source) == deciding, own.index)).map(|own| own.index);
    for own in versions.iter_mut().filter(|own| own.stands && own.slot.poll == poll) {
        own.counts = match chosen {
            Some(chosen) => own.index == chosen,
            None => own.slot.part.is_some() && Some(own.slot.source) == deciding,
        };
    }
}

fn in_words(cx: &Cx<'_>, fate: Fate) -> String {
    let (key, by) = match fate {
        Fate::Stands => ("fate-stands", 0),
        Fate::Agrees(by) => ("fate-agrees", by),
        Fate::Superseded(by) => ("fate-superseded", by),
        Fate::Conflicts(by) => ("fate-conflicts", by),
        Fate::Excluded(by) => ("fate-excluded", by),
        Fate::Corrected(by) => ("fate-corrected", by),
        Fate::PassedOver(by) => ("fate-passed-over", by),
    };
    say!(cx.t, key, by = by.to_string())
}

/// What a version is measured against: what counts at the same part, or else what stands there first.
fn reference<'a, 'b>(versions: &'b [Version<'a>], own: &Version<'_>) -> Option<&'b Version<'a>> {
    let same = |other: &&Version<'_>| other.slot.poll == own.slot.poll && other.slot.part == own.slot.part;
    let counted = versions.iter().filter(same).find(|other| other.counts);
    counted.or_else(|| standing(versions).find(same)).filter(|other| other.index != own.index)
}

pub(crate) fn table(
    cx: &Cx<'_>,
    (station, contest): (StationIx, ContestIx),
    versions: &[Version<'_>],
    id: &str,
) -> Markup {
    let Some(state) = cx.site.fold.contest(contest) else { return html! {} };
    let lines = state.columns.lines().map(|(column, code)| (column, code, false));
    let lists = state.columns.lists().map(|(column, list)| (column, list, true));
    let stated = |column: ColumnIx| versions.iter().any(|own| own.figures.get(column).is_some());
    let rows: Vec<(ColumnIx, &str, bool)> = lines.chain(lists).filter(|(column, ..)| stated(*column)).collect();
    html! {
        div.scroll role="group" tabindex="0" aria-labelledby=(id) { table.versions {
            thead { tr {
                th scope="col" { (cx.t.word("figure")) }
                @for own in versions { th.n.v.counts[own.counts] scope="col" { (head(cx, own)) } }
            } }
            tbody { @for (column, name, is_list) in rows { tr {
                th scope="row" { bdi { (cx.column(contest, name, is_list)) } }
                @for own in versions { (cell(cx, (column, named(cx, contest, station, own, name, is_list)), own, reference(versions, own))) }
            } } }
        } }
    }
}

fn head(cx: &Cx<'_>, own: &Version<'_>) -> Markup {
    let part = own.slot.part.map(|part| cx.site.fold.parts().get(part));
    html! {
        @match own.kind {
            Kind::Copy => (cx.t.word("kind-copy")),
            _ => (cx.source(cx.site.fold.source_name(own.slot))),
        }
        @if let Some(part) = part { " · " (part) }
        @if own.slot.poll > 1 { " · " (say!(cx.t, "poll", n = u64::from(own.slot.poll))) }
        br; @if own.counts { span.tag { (cx.t.word("counts")) } br; }
        span.small {
            (statement(cx, own.index)) ": " (own.fate)
            @if let Some(signer) = own.signer { br; (cx.t.word("signed-by")) " " code { (signer) } }
        }
    }
}

/// The name of a figure that counts by law, by which scripts derive it again.
fn named(
    cx: &Cx<'_>,
    contest: ContestIx,
    station: StationIx,
    own: &Version<'_>,
    name: &str,
    is_list: bool,
) -> Option<String> {
    let contest = cx.site.fold.contest(contest).filter(|_| own.counts && own.slot.part.is_none())?;
    let station = cx.site.fold.ledger().register().geography().station(station)?;
    Some(format!("{} {} law {} {name}", if is_list { "votes" } else { "line" }, contest.id, station.id))
}

/// One figure of a version; its column comes with the name of the figure.
fn cell(cx: &Cx<'_>, column: (ColumnIx, Option<String>), own: &Version<'_>, reference: Option<&Version<'_>>) -> Markup {
    let (column, name) = column;
    let figure = own.figures.get(column);
    let against = reference.map(|other| other.figures.get(column));
    let differs = against.is_some_and(|other| other != figure);
    html! {
        td.n.differs[differs && figure.is_some()] {
            @match figure { Some(n) => span data-figure=[name] { (cx.n(n)) }, None => span.small { (cx.t.word("not-stated")) } }
            @if let (Some(n), Some(Some(other))) = (figure, against) && n != other {
                br; span.small { @if n > other { (say!(cx.t, "more", n = n - other)) } @else { (say!(cx.t, "fewer", n = other - n)) } }
            }
        }
    }
}
