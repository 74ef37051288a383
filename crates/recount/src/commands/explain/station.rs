//! A station: all versions of its figures, controls, rulings, complaints, and its leaf in the tree of stations.

use recount_election::{Check, Control, StationIx, WHOLE};
use recount_log::{CompactRange, Hash, HashReader, inclusion_proof, leaf_hash, verify_inclusion};
use recount_record::ledger::Place;
use recount_tally::Fold;
use recount_tally::effects::{Act, Force};
use recount_tally::tree::root_of;
use serde_json::{Value, json};

use super::{Asked, versions};
use crate::error::{CliError, Outcome, input};
use crate::show;
use crate::view::coverage::reason_words;
use crate::view::{names, opening, state, uncounted};

pub fn run(asked: &Asked<'_>, id: &str) -> Outcome {
    let fold = asked.fold;
    let Some(station) = fold.ledger().register().geography().station_ix(id) else {
        return input(format!("there is no station \"{id}\" in the register"));
    };
    let leaf = Leaf::of(fold, station)?;
    if asked.as_json {
        return show::json(&document(asked, station, &leaf));
    }
    opening::print(asked.opened);
    head(fold, station);
    for (contest, of) in fold.contests().filter(|(ix, _)| fold.is_expected(station, *ix)) {
        show::heading(&format!("{} ({})", of.title, of.id));
        let count = fold.count_station(station, contest, asked.view);
        let verdict = match count.reason {
            None => "countable".to_owned(),
            Some(reason) => {
                let grounds = uncounted::grounds(fold, reason);
                let grounds = if grounds.is_empty() { String::new() } else { format!(" ({grounds})") };
                let by = reason.ruling().map_or_else(String::new, |ruling| format!(", ruling {ruling}"));
                format!("NOT COUNTABLE: {}{grounds}{by}", reason_words(reason.code()))
            }
        };
        show::paragraph(format!(
            "Counted: {}; poll {}. This station: {verdict}.",
            names::view(fold, asked.view),
            count.poll
        ));
        let versions = versions::of(fold, station, contest);
        if versions.is_empty() {
            show::line("Nothing was filed.")
        } else {
            versions::print(fold, contest, &versions)
        }
        let controls = controls(fold, &versions);
        for own in &controls {
            show::item(format!("control {}", own.words()));
        }
    }
    rulings(fold, station);
    complaints(fold, station);
    show::heading("Its leaf in the tree of stations: these statements and only these");
    show::line(&leaf.text);
    show::line(format!("leaf {} of {}, leaf hash {}", leaf.index, leaf.size, leaf_hash(leaf.text.as_bytes())));
    show::line(format!("root {}", leaf.root));
    show::paragraph(format!("inclusion proof of {}, checked:", show::count(leaf.proof.len() as u64, "hash", "hashes")));
    for hash in &leaf.proof {
        show::line(format!("  {hash}"));
    }
    Ok(())
}

fn head(fold: &Fold, station: StationIx) {
    let register = fold.ledger().register();
    let geography = register.geography();
    let Some(own) = geography.station(station) else { return };
    let path: Vec<String> = geography.ancestors(own.unit).map(|unit| names::unit(fold, unit)).collect();
    let name = own.name.as_ref().map_or_else(String::new, |name| format!(", {name}"));
    show::heading(&format!("Station {}{name}", own.id));
    show::paragraph(format!(
        "In {}. Voters on its register: {}.",
        path.join(", "),
        show::figure(register.voters(station, 1))
    ));
    if !register.parts(station).is_empty() {
        show::paragraph(format!("Counted in parts that add up: {}.", register.parts(station).join(", ")));
    }
    if register.is_dropped(station) {
        show::paragraph("It was TAKEN OFF the register: nothing of it is expected or counted.");
    }
}

/// A control with what was found in one version.
struct Checked<'a> {
    index: u64,
    control: &'a Control,
    check: Check,
    figures: String,
}

impl Checked<'_> {
    fn word(&self) -> &'static str {
        match self.check {
            Check::Holds => "holds",
            Check::Broken { .. } => "BROKEN",
            Check::NotCheckable { .. } => "not checkable",
            Check::Overflow => "too large",
        }
    }

    fn words(&self) -> String {
        let law = if self.control.law.is_empty() { String::new() } else { format!(" [{}]", self.control.law) };
        format!(
            "{} of {}: {}: {}; {}{law}",
            self.control.code,
            self.index,
            self.word(),
            self.control.formula,
            self.figures
        )
    }
}

/// The controls of everything that stands.
fn controls<'a>(fold: &'a Fold, versions: &[versions::Version<'_>]) -> Vec<Checked<'a>> {
    let mut checked = Vec::new();
    for own in versions.iter().filter(|own| own.stands) {
        let (Some(law), Some(state)) = (fold.law(), fold.contest(own.slot.contest)) else { continue };
        let part = own.slot.part.map_or(WHOLE, |part| fold.parts().get(part));
        let Some(form) = law.forms.form_for(&state.id, fold.source_name(own.slot), part) else { continue };
        for finding in form.check(&state.columns, own.figures) {
            let figures = finding.control.formula.explain(&state.columns, own.figures);
            checked.push(Checked { index: own.index, control: finding.control, check: finding.check, figures });
        }
    }
    checked
}

/// Rulings that touch a station: index, force, the words of their effects.
fn touching(fold: &Fold, station: StationIx) -> Vec<(u64, Force, Vec<&'static str>)> {
    let ledger = fold.ledger();
    let about = |index: &u64| {
        let noted = usize::try_from(*index).ok().and_then(|at| fold.noted().get(at));
        noted.and_then(|noted| noted.station) == Some(station)
    };
    let mut found = Vec::new();
    for (index, own) in fold.rulings() {
        let mut words = Vec::new();
        for act in &own.acts {
            let word = match act {
                Act::Correct(of, ..) if *of == station => "correct",
                Act::Recount(scope) if ledger.covers(scope.place, Place::Station(station)) => "recount",
                Act::Annul(scope) if ledger.covers(scope.place, Place::Station(station)) => "annul",
                Act::Repeat(scope) if ledger.covers(scope.place, Place::Station(station)) => "repeat",
                Act::Exclude(of) if about(of) => "exclude",
                Act::Restore(of) if about(of) => "restore",
                _ => continue,
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let answers = own.ruling.complaints.iter().any(about);
        if words.is_empty() && answers {
            words.push("answers a complaint");
        }
        if !words.is_empty() {
            found.push((*index, own.force, words));
        }
    }
    found
}

fn rulings(fold: &Fold, station: StationIx) {
    for (index, force, words) in touching(fold, station) {
        let Some(own) = fold.rulings().get(&index) else { continue };
        let force = match force {
            Force::InForce => String::new(),
            Force::Suspended(by) => format!(" SUSPENDED by ruling {by}."),
            Force::Reversed(by) => format!(" REVERSED by ruling {by}."),
        };
        show::paragraph(format!(
            "Ruling {index}: {} ({}); {}.{force}",
            words.join(", "),
            own.ruling.reason,
            state::by_whom(fold, own)
        ));
    }
}

fn complaints(fold: &Fold, station: StationIx) {
    for event in of_station(fold, station) {
        show::paragraph(format!("Complaint {}: {}.", event.0, event.1));
    }
}

fn of_station(fold: &Fold, station: StationIx) -> Vec<(u64, String)> {
    let noted =
        |index: u64| usize::try_from(index).ok().and_then(|at| fold.noted().get(at)).and_then(|noted| noted.station);
    let own = fold.events().complaints.iter().filter(|event| noted(event.index) == Some(station));
    own.map(|event| (event.index, event.what.code.clone())).collect()
}

/// A station's leaf with its inclusion proof, checked.
struct Leaf {
    text: String,
    index: u64,
    size: u64,
    root: Hash,
    proof: Vec<Hash>,
}

/// Leaf hashes, from which the nodes above are computed.
struct Leaves(Vec<Hash>);

impl HashReader for Leaves {
    type Error = String;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, String> {
        let width = 1usize.checked_shl(u32::from(level)).ok_or("too high a node")?;
        let start = usize::try_from(index).ok().and_then(|index| index.checked_mul(width)).ok_or("too far a node")?;
        let leaves =
            start.checked_add(width).and_then(|end| self.0.get(start..end)).ok_or("a node outside the tree")?;
        let mut range = CompactRange::new();
        for leaf in leaves {
            range.push(*leaf).map_err(|why| why.to_string())?;
        }
        Ok(range.root())
    }
}

impl Leaf {
    fn of(fold: &Fold, station: StationIx) -> Outcome<Leaf> {
        let mut leaves = Leaves(recount_keeper::station_hashes(fold));
        let (index, size) = (u64::from(station.0), leaves.0.len() as u64);
        let wrong = |why: String| CliError::No(format!("the tree of stations cannot be proved: {why}"));
        let proof = inclusion_proof(index, size, &mut leaves).map_err(|why| wrong(why.to_string()))?;
        let text = fold.station_leaf(station).unwrap_or_default();
        let root = root_of(leaves.0);
        verify_inclusion(index, size, &leaf_hash(text.as_bytes()), &proof, &root)
            .map_err(|why| wrong(why.to_string()))?;
        Ok(Leaf { text, index, size, root, proof })
    }
}

fn document(asked: &Asked<'_>, station: StationIx, leaf: &Leaf) -> Value {
    let fold = asked.fold;
    let contests = fold.contests().filter(|(ix, _)| fold.is_expected(station, *ix)).map(|(contest, of)| {
        let count = fold.count_station(station, contest, asked.view);
        let versions = versions::of(fold, station, contest);
        let controls = controls(fold, &versions);
        let controls = controls.iter().map(|own| {
            json!({
                "statement": own.index, "control": own.control.code, "formula": own.control.formula.text(),
                "figures": own.figures, "verdict": own.word().to_lowercase(), "severity": own.control.severity, "law": own.control.law,
            })
        });
        json!({
            "contest": of.id,
            "poll": count.poll,
            "countable": count.reason.is_none(),
            "reason": count.reason.map(|reason| reason.code()),
            "ruling": count.reason.and_then(|reason| reason.ruling()),
            "versions": versions::json(fold, contest, &versions),
            "controls": controls.collect::<Vec<_>>(),
        })
    });
    let rulings = touching(fold, station)
        .into_iter()
        .map(|(index, force, words)| json!({ "ruling": index, "in_force": force == Force::InForce, "effects": words }));
    let complaints =
        of_station(fold, station).into_iter().map(|(index, code)| json!({ "complaint": index, "code": code }));
    json!({
        "record": opening::json(asked.opened),
        "station": names::station_id(fold, station),
        "voters": fold.ledger().register().voters(station, 1),
        "contests": contests.collect::<Vec<_>>(),
        "rulings": rulings.collect::<Vec<_>>(),
        "complaints": complaints.collect::<Vec<_>>(),
        "leaf": {
            "text": leaf.text,
            "hash": leaf_hash(leaf.text.as_bytes()).to_hex(),
            "index": leaf.index,
            "size": leaf.size,
            "root": leaf.root.to_hex(),
            "proof": leaf.proof.iter().map(Hash::to_hex).collect::<Vec<_>>(),
        },
    })
}
