//! Every version of a station's figures, in columns, with differences marked.

use recount_election::{Figures, StationIx};
use recount_tally::Fold;
use recount_tally::claim::{ContestIx, Slot};
use recount_tally::standing::{By, Fate};
use serde_json::{Value, json};

use crate::show::{self, Align, Table};
use crate::view::{bases, names};

/// Versions that fit side by side in a terminal.
const SIDE_BY_SIDE: usize = 4;

/// One version of a station's figures.
pub struct Version<'a> {
    /// Index of the statement or ruling.
    pub index: u64,
    /// Its place.
    pub slot: Slot,
    /// `protocol`, `copy` or `ruling`.
    pub kind: &'static str,
    /// Who signed.
    pub signer: String,
    /// Whether it stands in its place.
    pub stands: bool,
    /// What has become of it.
    pub fate: String,
    /// Its figures.
    pub figures: &'a Figures,
}

fn fate_words(fate: Fate) -> String {
    match fate {
        Fate::Stands => "stands".to_owned(),
        Fate::Agrees(with) => format!("says the same as {with}"),
        Fate::Superseded(by) => format!("replaced by {by}, of the same office"),
        Fate::Conflicts(with) => format!("CONFLICTS with {with}, which stands until a ruling"),
        Fate::Excluded(by) => format!("taken out by ruling {by}"),
        Fate::Corrected(by) => format!("corrected by ruling {by}"),
        Fate::PassedOver(by) => format!("passed over by ruling {by}"),
    }
}

/// Every version in a contest: protocols of each source, corrections by rulings, copies.
pub fn of(fold: &Fold, station: StationIx, contest: ContestIx) -> Vec<Version<'_>> {
    let mut versions = Vec::new();
    for slot in fold.slots(station).into_iter().filter(|slot| slot.contest == contest) {
        for (claim, fate) in fold.fates(station, slot) {
            let suspect = if fold.is_suspect(claim) { "; its key was revoked as suspect" } else { "" };
            versions.push(Version {
                index: claim.index,
                slot,
                kind: "protocol",
                signer: names::key(fold, claim.signer),
                stands: fate == Fate::Stands,
                fate: format!("{}{suspect}", fate_words(fate)),
                figures: &claim.figures,
            });
        }
        if let Some(stand) = fold.stand(station, slot)
            && let By::Ruling(index) = stand.by
        {
            let by = fold
                .rulings()
                .get(&index)
                .and_then(|state| state.ruling.by.clone())
                .unwrap_or_else(|| "reconstructed".to_owned());
            versions.push(Version {
                index,
                slot,
                kind: "ruling",
                signer: by,
                stands: true,
                fate: "stands, by ruling".to_owned(),
                figures: stand.figures,
            });
        }
    }
    for copy in
        fold.station(station).into_iter().flat_map(|state| &state.copies).filter(|copy| copy.slot.contest == contest)
    {
        let differs = fold
            .stand(station, copy.slot)
            .map(|stand| fold.differing_columns(contest, stand.figures, &copy.figures).len() as u64);
        let fate = match differs {
            None => "a copy; no protocol stands in its place".to_owned(),
            Some(0) => "a copy that agrees with what stands".to_owned(),
            Some(n) => format!("a copy that DIFFERS from what stands in {}", show::count(n, "figure", "figures")),
        };
        let signer = names::key(fold, copy.signer);
        versions.push(Version {
            index: copy.index,
            slot: copy.slot,
            kind: "copy",
            signer,
            stands: false,
            fate,
            figures: &copy.figures,
        });
    }
    versions
}

/// Prints figures in columns: a figure that differs from the version that stands in the same part (of any source) is marked `*`.
pub fn print(fold: &Fold, contest: ContestIx, versions: &[Version<'_>]) {
    let Some(state) = fold.contest(contest) else { return };
    for own in versions {
        show::item(format!(
            "{} {} ({}, by {}): {}.",
            own.kind,
            own.index,
            names::slot(fold, own.slot),
            own.signer,
            own.fate
        ));
    }
    for chunk in versions.chunks(SIDE_BY_SIDE) {
        let heads: Vec<String> =
            chunk.iter().map(|own| format!("{}{}", if own.stands { "> " } else { "" }, own.index)).collect();
        let mut columns = vec![("figure", Align::Left)];
        columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
        let mut table = Table::new(&columns);
        let sources: Vec<String> = chunk
            .iter()
            .map(|own| if own.kind == "copy" { "copy".to_owned() } else { names::slot(fold, own.slot) })
            .collect();
        table.row(std::iter::once("source".to_owned()).chain(sources));
        let lines = state.columns.lines().map(|(ix, code)| (ix, bases::line_title(fold, code)));
        let lists = state.columns.lists().map(|(ix, id)| (ix, format!("{id} {}", names::list(fold, &state.id, id))));
        for (column, name) in lines.chain(lists) {
            let cells: Vec<String> = chunk
                .iter()
                .map(|own| {
                    let figure = own.figures.get(column);
                    let against = reference(versions, own).and_then(|other| other.figures.get(column));
                    let mark = if figure.is_some() && against.is_some() && figure != against { "*" } else { "" };
                    format!("{mark}{}", show::figure(figure))
                })
                .collect();
            if cells.iter().any(|cell| cell != "-") {
                table.row(std::iter::once(name).chain(cells));
            }
        }
        table.print();
    }
    show::line("\"> \" stands in its place; \"*\" differs from what stands there; \"-\" is not stated.");
}

/// What a version is compared with: what stands in its own place, or, for what stands itself, the first that stands in the part.
fn reference<'a, 'b>(versions: &'a [Version<'b>], own: &Version<'b>) -> Option<&'a Version<'b>> {
    let same_part = |other: &&Version<'b>| {
        other.stands && other.slot.part == own.slot.part && other.slot.poll == own.slot.poll && other.index != own.index
    };
    let in_place = versions.iter().filter(same_part).find(|other| !own.stands && other.slot == own.slot);
    in_place.or_else(|| versions.iter().find(same_part))
}

/// The same for scripts.
pub fn json(fold: &Fold, contest: ContestIx, versions: &[Version<'_>]) -> Value {
    let Some(state) = fold.contest(contest) else { return Value::Null };
    let each = versions.iter().map(|own| {
        let lines: serde_json::Map<String, Value> = state
            .columns
            .lines()
            .filter_map(|(ix, code)| Some((code.to_owned(), json!(own.figures.get(ix)?))))
            .collect();
        let votes: serde_json::Map<String, Value> =
            state.columns.lists().filter_map(|(ix, id)| Some((id.to_owned(), json!(own.figures.get(ix)?)))).collect();
        json!({
            "statement": own.index, "kind": own.kind, "signer": own.signer, "poll": own.slot.poll,
            "source": fold.source_name(own.slot), "part": own.slot.part.map(|part| fold.parts().get(part)),
            "stands": own.stands, "fate": own.fate, "lines": lines, "votes": votes,
        })
    });
    Value::Array(each.collect())
}
