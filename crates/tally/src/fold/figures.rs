//! Protocols and copies taken into the count.

use std::collections::BTreeMap;

use recount_election::{AGAINST_ALL, ColumnIx, Figures, StationIx, WHOLE};
use recount_record::VoidReason;
use recount_record::ledger::Authority;
use recount_record::statement::{Copy, Protocol};

use super::Fold;
use crate::claim::{Claim, ContestIx, Slot, WordIx};

/// For each form in use, the columns of the keys of its last protocol: the next one has the same keys, in the same order.
pub(super) type Templates = BTreeMap<(u16, ContestIx, WordIx, Option<WordIx>), Vec<(String, ColumnIx)>>;

fn not_listed(what: &'static str, id: &str) -> VoidReason {
    VoidReason::NotListed { what, id: id.to_owned() }
}

impl Fold {
    pub(super) fn take_protocol(
        &mut self,
        index: u64,
        protocol: &Protocol<'_>,
        authority: Authority,
    ) -> Result<(), VoidReason> {
        let station = Self::placed(authority.place)?;
        let slot =
            self.slot(station, protocol.poll, &protocol.contest, protocol.part.as_deref(), &protocol.source, true)?;
        if let Some(old) = &protocol.supersedes
            && (old.index >= index || self.ledger.find(&old.text) != Some(old.index))
        {
            return Err(VoidReason::NotThat { index: old.index, what: "the statement that it says it replaces" });
        }
        let figures = self.figures(slot, &protocol.lines, &protocol.votes)?;
        let supersedes = protocol.supersedes.map(|old| old.index);
        let claim = claim(index, slot, authority, supersedes, figures)?;
        self.change(station, |fold| {
            let claims = &mut fold.station_state_mut(station).claims;
            if claims.is_empty() {
                // Most stations file once; room for four would double the memory of a large record.
                claims.reserve_exact(1);
            }
            claims.push(claim);
        });
        Ok(())
    }

    pub(super) fn take_copy(&mut self, index: u64, copy: &Copy<'_>, authority: Authority) -> Result<(), VoidReason> {
        let station = Self::placed(authority.place)?;
        let slot = self.slot(station, copy.poll, &copy.contest, copy.part.as_deref(), &copy.source, false)?;
        let figures = self.figures(slot, &copy.lines, &copy.votes)?;
        let claim = claim(index, slot, authority, None, figures)?;
        self.change(station, |fold| {
            let copies = &mut fold.station_state_mut(station).copies;
            // One copy per signer and place stands: the latest.
            let replaced = copies.iter().position(|old| old.slot == claim.slot && old.signer == claim.signer);
            let old = replaced.map(|at| copies.remove(at));
            copies.push(claim);
            fold.replaced_copies.extend(old.map(|old| (old.index, index)));
        });
        Ok(())
    }

    /// The slot that a statement names, if such a place exists there.
    pub(crate) fn slot(
        &mut self,
        station: StationIx,
        poll: u64,
        contest: &str,
        part: Option<&str>,
        source: &str,
        needs_part: bool,
    ) -> Result<Slot, VoidReason> {
        let contest_ix = self.contest_ix(contest).ok_or_else(|| not_listed("contest", contest))?;
        let register = self.ledger.register();
        let held = |state: &super::ContestState| {
            state.units.is_empty() || state.units.iter().any(|u| register.geography().station_is_within(station, *u))
        };
        if !self.contest(contest_ix).is_some_and(held) {
            return Err(not_listed("contest of this station", contest));
        }
        let parts = register.parts(station);
        match part {
            None if needs_part && !parts.is_empty() => return Err(not_listed("part", "whole station")),
            Some(part) if !parts.iter().any(|own| own == part) => return Err(not_listed("part", part)),
            _ => {}
        }
        if let Some(law) = &self.law
            && law.forms.form_for(contest, source, part.unwrap_or(WHOLE)).is_none()
        {
            return Err(not_listed("form for source", source));
        }
        let small = u16::try_from(poll).map_err(|_| VoidReason::PollNotOpen(poll))?;
        if small > 1 && self.repeated_before(station, contest_ix, small).is_none() {
            return Err(VoidReason::PollNotOpen(poll));
        }
        let full = || VoidReason::Figures("more than 65,535 sources or parts".to_owned());
        let part = part.map(|part| self.parts.intern(part).ok_or_else(full)).transpose()?;
        let source = self.sources.intern(source).ok_or_else(full)?;
        Ok(Slot { poll: small, contest: contest_ix, part, source })
    }

    /// The ruling that opened a poll at a station. It opens nothing where the poll that it repeats is not open itself.
    pub(crate) fn repeated_before(&self, station: StationIx, contest: ContestIx, poll: u16) -> Option<u64> {
        if poll > self.current_poll(station, contest) {
            return None;
        }
        let opened = self.effects.repeated(station, self.units_above(station), poll.checked_sub(1)?, Some(contest));
        opened.map(|(ruling, _)| ruling)
    }

    /// The figures of a statement under the columns of its contest.
    pub(crate) fn figures<S: AsRef<str>>(
        &mut self,
        slot: Slot,
        lines: &[(S, u64)],
        votes: &[(S, u64)],
    ) -> Result<Figures, VoidReason> {
        let key = (slot.poll, slot.contest, slot.source, slot.part);
        let mut template = self.templates.remove(&key).unwrap_or_default();
        let figures = self.figures_by(slot, lines, votes, &mut template);
        self.templates.insert(key, template);
        figures
    }

    fn figures_by<S: AsRef<str>>(
        &self,
        slot: Slot,
        lines: &[(S, u64)],
        votes: &[(S, u64)],
        template: &mut Vec<(String, ColumnIx)>,
    ) -> Result<Figures, VoidReason> {
        let state = self.contest(slot.contest).ok_or_else(|| not_listed("contest", ""))?;
        let mut figures = Figures::absent(&state.columns);
        let all = lines.iter().map(|pair| (pair, false)).chain(votes.iter().map(|pair| (pair, true)));
        for (at, ((name, n), is_vote)) in all.enumerate() {
            let name = name.as_ref();
            let known = template.get(at).filter(|(own, ix)| own == name && state.columns.is_list(*ix) == is_vote);
            let column = match known {
                Some((_, column)) => *column,
                None => {
                    let column = self.column(slot, name, is_vote)?;
                    template.truncate(at);
                    if template.len() == at {
                        template.push((name.to_owned(), column));
                    }
                    column
                }
            };
            figures.set(column, *n).map_err(|e| VoidReason::Figures(e.to_string()))?;
        }
        Ok(figures)
    }

    fn column(&self, slot: Slot, name: &str, is_vote: bool) -> Result<ColumnIx, VoidReason> {
        let state = self.contest(slot.contest).ok_or_else(|| not_listed("contest", ""))?;
        if is_vote {
            let stands =
                self.ledger.register().lists(&state.id, u64::from(slot.poll)).iter().any(|list| list.id == name);
            let against_all = || {
                let contest = self.law.as_ref().and_then(|law| law.forms.contest(&state.id));
                name == AGAINST_ALL && contest.is_some_and(|contest| contest.against_all)
            };
            let column = state.columns.list(name).filter(|_| stands || against_all());
            return column.ok_or_else(|| not_listed("list", name));
        }
        let part = slot.part.map_or(WHOLE, |part| self.parts.get(part));
        let form = self.law.as_ref().and_then(|law| law.forms.form_for(&state.id, self.sources.get(slot.source), part));
        if !form.is_some_and(|form| form.lines.iter().any(|line| line.code == name)) {
            return Err(not_listed("line of this form", name));
        }
        state.columns.line(name).ok_or_else(|| not_listed("line", name))
    }
}

fn claim(
    index: u64,
    slot: Slot,
    authority: Authority,
    supersedes: Option<u64>,
    figures: Figures,
) -> Result<Claim, VoidReason> {
    let mut signers = authority.signers.into_iter();
    let signer = signers.next().ok_or_else(|| VoidReason::NoAuthority { needed: "a signer".to_owned() })?;
    Ok(Claim { index, slot, office: authority.office, signer, cosigners: signers.collect(), supersedes, figures })
}
