//! Standing and totals once more, slowly and straight from the rules: every question reads all statements again. Whether a statement
//! had authority, and what is on the register, is taken from the fold; everything else is worked out here.

use std::collections::{BTreeMap, BTreeSet};

use recount_record::statement::{About, Effect, Protocol, Ruling};
use recount_record::{Entry, Kind};
use recount_tally::Fold;

use crate::world::World;

type Figures = BTreeMap<String, u64>;

pub struct Slow<'a> {
    fold: &'a Fold,
    protocols: BTreeMap<u64, Protocol<'a>>,
    rulings: BTreeMap<u64, Ruling>,
    /// Who signed, as role and scope.
    offices: BTreeMap<u64, String>,
    declared: BTreeMap<u64, (u64, String)>,
    source: &'static str,
}

/// One ballot box: poll, part, source.
type Slot<'s> = (u64, Option<&'s str>, &'s str);

/// A ruling, and the number of one of its effects.
type Order = (u64, usize);

impl<'a> Slow<'a> {
    /// Reads every statement of a world; those that the fold found void are left out.
    pub fn read(world: &'a World, fold: &'a Fold, offices: BTreeMap<u64, String>) -> Slow<'a> {
        let mut slow = Slow {
            fold,
            protocols: BTreeMap::new(),
            rulings: BTreeMap::new(),
            offices,
            declared: BTreeMap::new(),
            source: "hand",
        };
        for (index, bytes) in (0..).zip(&world.entries) {
            let Ok(entry) = Entry::parse(bytes) else { continue };
            if fold.status(index).is_none_or(|status| status.word() == "void") {
                continue;
            }
            match entry.statement.kind {
                Kind::Protocol(p) => drop(slow.protocols.insert(index, p)),
                Kind::Ruling(r) => drop(slow.rulings.insert(index, r)),
                Kind::Declaration(d) => drop(slow.declared.insert(index, (d.poll, d.unit))),
                _ => {}
            }
        }
        // Whether a ruling fell, by the latest that says so and did not fall itself.
        let mut fell: BTreeMap<u64, bool> = BTreeMap::new();
        for (index, ruling) in slow.rulings.iter().rev() {
            if fell.get(index) == Some(&true) {
                continue;
            }
            for effect in ruling.effects.iter().rev() {
                match effect {
                    Effect::Suspend { ruling } | Effect::Reverse { ruling } => fell.entry(*ruling).or_insert(true),
                    Effect::Reinstate { ruling } => fell.entry(*ruling).or_insert(false),
                    _ => continue,
                };
            }
        }
        slow.rulings.retain(|index, _| fell.get(index) != Some(&true));
        slow
    }

    fn units_above(&self, station: &str) -> BTreeSet<String> {
        let geography = self.fold.ledger().register().geography();
        let ix = geography.station_ix(station).expect("a station");
        let unit = geography.station(ix).expect("a station").unit;
        geography.ancestors(unit).map(|unit| geography.unit(unit).expect("a unit").id.clone()).collect()
    }

    fn meets(&self, about: &About, station: &str) -> bool {
        match about {
            About::Poll => true,
            About::Unit(unit) => self.units_above(station).contains(unit),
            About::Station { id, .. } => id == station,
            About::Statement(_) => false,
        }
    }

    /// The latest effect that `which` accepts: its ruling, and which one it is there.
    fn latest(&self, which: impl Fn(&Effect) -> bool) -> Option<Order> {
        self.rulings.iter().rev().find_map(|(index, ruling)| Some((*index, ruling.effects.iter().rposition(&which)?)))
    }

    fn repeated(&self, station: &str, poll: u64) -> Option<Order> {
        self.latest(|effect| matches!(effect, Effect::Repeat { poll: p, about, .. } if *p == poll && self.meets(about, station)))
    }

    fn poll(&self, station: &str) -> u64 {
        (1..).find(|poll| self.repeated(station, *poll).is_none()).expect("a poll")
    }

    /// Whether a statement is in or out by what rulings last said of it alone.
    fn said_of(&self, statement: u64) -> (Option<u64>, Option<(u64, usize)>) {
        let (mut excluded, mut restored) = (None, None);
        for (index, ruling) in &self.rulings {
            for (n, effect) in ruling.effects.iter().enumerate() {
                match effect {
                    Effect::Exclude { statement: s } if *s == statement => (excluded, restored) = (Some(*index), None),
                    Effect::Restore { statement: s } if *s == statement => {
                        (excluded, restored) = (None, Some((*index, n)))
                    }
                    _ => {}
                }
            }
        }
        (excluded, restored)
    }

    /// What stands in a slot: figures, and the ruling that put them there.
    fn stand(&self, station: &str, slot: Slot<'_>) -> Option<(Figures, Option<Order>)> {
        let claims: Vec<(u64, &Protocol<'_>)> = self
            .protocols
            .iter()
            .filter(|(_, p)| {
                p.station == station && (p.poll, p.part.as_deref(), &*p.source) == slot && p.contest == "lists"
            })
            .map(|(index, p)| (*index, p))
            .filter(|(index, _)| self.said_of(*index).0.is_none())
            .collect();
        let mut correction = None;
        for (index, ruling) in &self.rulings {
            for (n, effect) in ruling.effects.iter().enumerate() {
                if let Effect::Correct { poll, station: s, part, source, lines, votes, contest } = effect
                    && s == station
                    && contest == "lists"
                    && (*poll, part.as_deref(), source.as_str()) == slot
                {
                    correction = Some(((*index, n), figures(lines, votes)));
                }
            }
        }
        let choice = claims.iter().filter_map(|(index, _)| Some((self.said_of(*index).1?, *index))).max();
        // The latest decision starts anew; without one, the first claim does.
        let (from, mut standing, corrected) = match (choice, correction) {
            (Some((ruling, index)), correction) if correction.as_ref().is_none_or(|(other, _)| *other < ruling) => {
                (ruling.0, Some(index), None)
            }
            (_, Some((ruling, figures))) => (ruling.0, None, Some((figures, Some(ruling)))),
            (Some((ruling, index)), None) => (ruling.0, Some(index), None),
            (None, None) => (0, None, None),
        };
        for (index, claim) in &claims {
            if *index <= from {
                continue;
            }
            match standing {
                None if corrected.is_none() => standing = Some(*index),
                Some(old)
                    if claim.supersedes.is_some_and(|s| s.index == old)
                        && self.offices.get(index).is_some_and(|office| self.offices.get(&old) == Some(office))
                        && !self.declared_before(station, slot.0, *index) =>
                {
                    standing = Some(*index);
                }
                _ => {}
            }
        }
        match standing {
            Some(index) => self.protocols.get(&index).map(|p| (figures(&p.lines, &p.votes), None)),
            None => corrected,
        }
    }

    fn declared_before(&self, station: &str, poll: u64, index: u64) -> bool {
        let above = self.units_above(station);
        self.declared.range(..index).any(|(_, (p, unit))| *p == poll && above.contains(unit))
    }

    /// What a station contributes by law, or nothing.
    fn station(&self, station: &str) -> Option<Figures> {
        let poll = self.poll(station);
        let annuls = |effect: &Effect, part: Option<&str>| match effect {
            Effect::Annul { poll: p, about, .. } => {
                let of = if let About::Station { part, .. } = about { part.as_deref() } else { None };
                *p == poll && self.meets(about, station) && of == part
            }
            _ => false,
        };
        let whole = self.latest(|effect| annuls(effect, None));
        let geography = self.fold.ledger().register();
        let ix = geography.geography().station_ix(station).expect("a station");
        let parts = geography.parts(ix);
        let parts: Vec<Option<&str>> =
            if parts.is_empty() { vec![None] } else { parts.iter().map(|part| Some(part.as_str())).collect() };
        let mut total: Option<Figures> = None;
        let mut oldest = Some((u64::MAX, 0));
        for part in &parts {
            let own = part.and_then(|part| self.latest(|effect| annuls(effect, Some(part))));
            let recount = self.latest(|effect| match effect {
                Effect::Recount { poll: p, about } => {
                    let of = if let About::Station { part, .. } = about { part.as_deref() } else { None };
                    *p == poll && self.meets(about, station) && (of.is_none() || of == *part)
                }
                _ => false,
            });
            let recounted = recount.and_then(|ruling| {
                let (figures, by) = self.stand(station, (poll, *part, "recount"))?;
                Some((figures, by.max(Some(ruling))))
            });
            let counted = self.stand(station, (poll, *part, self.source));
            let annulled = whole.max(own);
            let newer = |by: Option<Order>| annulled.is_none_or(|annulment| by.is_some_and(|by| by > annulment));
            let found = recounted.into_iter().chain(counted).find(|(_, by)| newer(*by));
            if annulled.is_some() && found.is_none() {
                // A part with figures of its own goes alone, unless the whole station went as late or later.
                if whole >= own {
                    return None;
                }
                continue;
            }
            let (figures, by) = found?;
            oldest = oldest.min(by);
            let total = total.get_or_insert_default();
            for (name, n) in figures {
                *total.entry(name).or_default() += n;
            }
        }
        let untold = self.latest(|effect| {
            matches!(effect, Effect::Annul { about: About::Station { part: Some(part), .. }, .. }
                if annuls(effect, Some(part)) && !parts.contains(&Some(part.as_str())))
        });
        if untold.is_some_and(|ruling| oldest.is_none_or(|oldest| oldest < ruling)) {
            return None;
        }
        total
    }

    /// The total of the whole election: stations that count, and sums by name.
    pub fn total(&self) -> (u64, Figures) {
        let register = self.fold.ledger().register();
        let mut countable = 0;
        let mut sums = Figures::new();
        for (n, station) in (0..).zip(register.geography().stations()) {
            if register.is_dropped(recount_election::StationIx(n)) {
                continue;
            }
            if let Some(figures) = self.station(&station.id) {
                countable += 1;
                for (name, n) in figures {
                    *sums.entry(name).or_default() += n;
                }
            }
        }
        (countable, sums)
    }
}

fn figures<S: AsRef<str>>(lines: &[(S, u64)], votes: &[(S, u64)]) -> Figures {
    lines.iter().chain(votes).map(|(name, n)| (name.as_ref().to_owned(), *n)).collect()
}
