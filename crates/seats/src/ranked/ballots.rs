//! Ranked papers in a compact form, in the order in which they were given.

use std::collections::BTreeMap;

use super::{BallotsError, PaperFault};

/// The most candidates of one election. The longest paper ever printed had under 300.
pub(super) const MOST_CANDIDATES: usize = 500;
/// The most papers together: far above mankind.
pub(super) const MOST_PAPERS: u64 = 1_000_000_000_000;
/// The most different groups of papers.
pub(super) const MOST_GROUPS: usize = 20_000_000;

/// Somebody who stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RankedCandidate {
    /// The key that papers use.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Withdrew or died after papers were printed: every paper passes them over.
    pub withdrawn: bool,
}

/// Papers of one election: groups of equal papers, each with its ranking and how many there are.
///
/// The order of the groups is kept: it is the physical order where a count takes the papers filed
/// last, and matters nowhere else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ballots {
    candidates: Vec<RankedCandidate>,
    places: BTreeMap<String, u16>,
    /// All rankings one after the other, and where each ends.
    ranks: Vec<u16>,
    ends: Vec<usize>,
    counts: Vec<u64>,
    papers: u64,
    /// Seats, if the text that was read said so.
    pub seats: Option<u64>,
    /// The title, if the text that was read had one.
    pub title: Option<String>,
}

impl Ballots {
    /// No papers yet, for these candidates.
    ///
    /// # Errors
    /// An empty or repeated id, or more than 500 candidates.
    pub fn new(candidates: Vec<RankedCandidate>) -> Result<Self, BallotsError> {
        if candidates.len() > MOST_CANDIDATES {
            return Err(BallotsError::whole(PaperFault::Candidates(MOST_CANDIDATES)));
        }
        let mut ballots = Self::default();
        for candidate in candidates {
            ballots.stand(candidate)?;
        }
        Ok(ballots)
    }

    /// Adds a candidate, and says at which position.
    pub(super) fn stand(&mut self, candidate: RankedCandidate) -> Result<usize, BallotsError> {
        let place = self.candidates.len();
        let number = u16::try_from(place).ok().filter(|_| place < MOST_CANDIDATES);
        let number = number.ok_or_else(|| BallotsError::whole(PaperFault::Candidates(MOST_CANDIDATES)))?;
        if candidate.id.is_empty() || self.places.contains_key(&candidate.id) {
            return Err(BallotsError::whole(PaperFault::Unnamed(candidate.id)));
        }
        self.places.insert(candidate.id.clone(), number);
        self.candidates.push(candidate);
        Ok(place)
    }

    /// Adds `count` equal papers that rank these candidates, first preference first.
    ///
    /// # Errors
    /// No first preference, a candidate who does not stand or is ranked twice, or too many papers.
    pub fn add<'a>(&mut self, count: u64, ranking: impl IntoIterator<Item = &'a str>) -> Result<(), BallotsError> {
        let start = self.ranks.len();
        for id in ranking {
            let Some(place) = self.places.get(id) else {
                self.ranks.truncate(start);
                return Err(BallotsError::whole(PaperFault::NotStanding(id.to_owned())));
            };
            self.ranks.push(*place);
        }
        self.finish(count, start)
    }

    /// As [`Ballots::add`], by position among the candidates, from 0.
    ///
    /// # Errors
    /// As [`Ballots::add`].
    pub fn add_places(&mut self, count: u64, ranking: impl IntoIterator<Item = usize>) -> Result<(), BallotsError> {
        let start = self.ranks.len();
        for place in ranking {
            let known = u16::try_from(place).ok().filter(|_| place < self.candidates.len());
            let Some(known) = known else {
                self.ranks.truncate(start);
                return Err(BallotsError::whole(PaperFault::NoSuchNumber(
                    place.saturating_add(1),
                    self.candidates.len(),
                )));
            };
            self.ranks.push(known);
        }
        self.finish(count, start)
    }

    /// Checks the ranking that starts at `start`, and keeps or drops it.
    fn finish(&mut self, count: u64, start: usize) -> Result<(), BallotsError> {
        let wrong = self.wrong(count, start);
        if let Some(what) = wrong {
            self.ranks.truncate(start);
            return Err(BallotsError::whole(what));
        }
        if count == 0 {
            self.ranks.truncate(start);
            return Ok(());
        }
        self.papers += count;
        self.ends.push(self.ranks.len());
        self.counts.push(count);
        Ok(())
    }

    fn wrong(&self, count: u64, start: usize) -> Option<PaperFault> {
        let ranking = self.ranks.get(start..).unwrap_or_default();
        if ranking.is_empty() {
            return Some(PaperFault::NoPreference);
        }
        if let Some(place) = twice(ranking, self.candidates.len()) {
            let who = self.candidates.get(place).map_or("", |candidate| candidate.id.as_str());
            return Some(PaperFault::Twice(who.to_owned()));
        }
        if self.papers.checked_add(count).is_none_or(|papers| papers > MOST_PAPERS) {
            return Some(PaperFault::Papers(MOST_PAPERS));
        }
        (self.counts.len() >= MOST_GROUPS).then_some(PaperFault::Groups(MOST_GROUPS))
    }

    /// The candidates, in the order given.
    pub fn candidates(&self) -> &[RankedCandidate] {
        &self.candidates
    }

    /// Where this candidate stands in that order.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).map(|place| usize::from(*place))
    }

    pub(super) fn id(&self, place: usize) -> String {
        self.candidates.get(place).map_or_else(String::new, |candidate| candidate.id.clone())
    }

    /// Takes a candidate out of the count: papers pass them over. False if nobody has this id.
    pub fn withdraw(&mut self, id: &str) -> bool {
        let place = self.place(id);
        let found = place.and_then(|place| self.candidates.get_mut(place));
        found.map(|candidate| candidate.withdrawn = true).is_some()
    }

    /// How many papers there are.
    pub fn papers(&self) -> u64 {
        self.papers
    }

    /// How many groups of papers there are.
    pub fn groups(&self) -> usize {
        self.counts.len()
    }

    /// How many papers the group holds.
    pub(crate) fn size(&self, group: usize) -> u64 {
        self.counts.get(group).copied().unwrap_or(0)
    }

    /// The ranking of the group, by position of the candidate.
    pub(crate) fn ranking(&self, group: usize) -> &[u16] {
        let start = group.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(group).and_then(|end| self.ranks.get(start..*end)).unwrap_or_default()
    }

    /// Every group: how many papers, and the ids that they rank.
    pub fn iter(&self) -> impl Iterator<Item = (u64, Vec<&str>)> {
        (0..self.groups()).map(|group| {
            let ids = self.ranking(group).iter().filter_map(|place| self.candidates.get(usize::from(*place)));
            (self.size(group), ids.map(|candidate| candidate.id.as_str()).collect())
        })
    }

    /// These papers under other candidates, as many and in the same order.
    pub(super) fn with_candidates_of(self, named: Self, seats: Option<u64>, title: Option<String>) -> Self {
        Self { candidates: named.candidates, places: named.places, seats, title, ..self }
    }

    /// The same papers with equal ones in one group, ordered by ranking. The physical order is lost.
    #[must_use]
    pub fn grouped(&self) -> Self {
        let mut order: Vec<usize> = (0..self.groups()).collect();
        order.sort_unstable_by(|a, b| self.ranking(*a).cmp(self.ranking(*b)));
        let mut grouped = Self { ranks: Vec::new(), ends: Vec::new(), counts: Vec::new(), ..self.clone() };
        let mut before: Option<usize> = None;
        for group in order {
            if before.is_some_and(|before| self.ranking(before) == self.ranking(group)) {
                if let Some(count) = grouped.counts.last_mut() {
                    *count = count.saturating_add(self.size(group));
                }
            } else {
                grouped.ranks.extend_from_slice(self.ranking(group));
                grouped.ends.push(grouped.ranks.len());
                grouped.counts.push(self.size(group));
            }
            before = Some(group);
        }
        grouped
    }
}

/// The first position that stands twice.
fn twice(ranking: &[u16], candidates: usize) -> Option<usize> {
    // Short rankings are the rule: comparing all pairs is faster than a table there.
    if ranking.len() <= 32 {
        let pair = ranking.iter().enumerate().find(|(at, who)| ranking.iter().take(*at).any(|other| other == *who));
        return pair.map(|(_, who)| usize::from(*who));
    }
    let mut seen = vec![false; candidates];
    for who in ranking {
        let mark = seen.get_mut(usize::from(*who))?;
        if std::mem::replace(mark, true) {
            return Some(usize::from(*who));
        }
    }
    None
}
