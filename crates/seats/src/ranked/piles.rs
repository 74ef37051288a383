//! Papers on the counting table: bundles of equal papers, parcels of one value, and sorting them to the
//! next preference.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::ballots::Ballots;

/// Some papers of one group, and the position of the preference that they lie at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bundle {
    pub group: usize,
    pub at: usize,
    pub papers: u64,
}

/// Papers of one value that came in one count.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub count: u64,
    pub value: Amount,
    pub bundles: Vec<Bundle>,
}

/// Papers for one candidate.
#[derive(Debug, Default)]
pub(super) struct Heap {
    pub who: usize,
    pub papers: u64,
    pub bundles: Vec<Bundle>,
}

/// Papers sorted to their next preferences.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// By candidate, in the order of the candidates; nobody without papers.
    pub heaps: Vec<Heap>,
    /// Papers that show no further continuing candidate.
    pub stuck: u64,
}

impl Sorted {
    /// Papers that show a further preference.
    pub(super) fn transferable(&self) -> u64 {
        self.heaps.iter().map(|heap| heap.papers).sum()
    }
}

/// All papers of these parcels by value, each in the order of receipt.
pub(super) fn by_value(parcels: impl IntoIterator<Item = Parcel>) -> BTreeMap<Amount, Vec<Bundle>> {
    let mut found: BTreeMap<Amount, Vec<Bundle>> = BTreeMap::new();
    for parcel in parcels {
        let bundles = found.entry(parcel.value).or_default();
        if bundles.is_empty() {
            *bundles = parcel.bundles;
        } else {
            bundles.extend(parcel.bundles);
        }
    }
    found
}

/// How many papers there are.
pub(super) fn papers(bundles: &[Bundle]) -> u64 {
    bundles.iter().map(|bundle| bundle.papers).sum()
}

/// Where on a paper the next candidate is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// Behind the preference that it lies at.
    Here,
    /// From its first preference on.
    FirstPreference,
}

/// Sorts papers to the next candidate for whom `continuing` holds.
pub(super) fn sort(ballots: &Ballots, continuing: &[bool], bundles: &[Bundle], from: From) -> Sorted {
    let mut heaps: Vec<Heap> = Vec::new();
    heaps.resize_with(continuing.len(), Heap::default);
    let mut stuck = 0u64;
    for bundle in bundles {
        let start = if from == From::Here { bundle.at + 1 } else { 0 };
        match next(ballots, continuing, bundle.group, start) {
            Some((at, who)) => {
                if let Some(heap) = heaps.get_mut(who) {
                    heap.papers += bundle.papers;
                    heap.bundles.push(Bundle { at, ..*bundle });
                }
            }
            None => stuck += bundle.papers,
        }
    }
    for (who, heap) in heaps.iter_mut().enumerate() {
        heap.who = who;
    }
    heaps.retain(|heap| heap.papers > 0);
    Sorted { heaps, stuck }
}

/// The first continuing candidate from this position of the ranking on, and where it stands.
pub(super) fn next(ballots: &Ballots, continuing: &[bool], group: usize, from: usize) -> Option<(usize, usize)> {
    let rest = ballots.ranking(group).get(from..)?;
    let found = rest.iter().position(|who| continuing.get(usize::from(*who)).copied().unwrap_or(false))?;
    Some((from + found, usize::from(*rest.get(found)?)))
}
