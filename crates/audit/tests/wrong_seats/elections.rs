//! Made-up elections of 400 ballots in 20 stations, one for each family of rules, and ways to make their seats wrong.

use recount_audit::generate::{
    AssertionSet, Base, Condition, Contest, Divisors, Excluded, Group, QuotaRounding, highest_averages,
    highest_averages_from, largest_remainder, largest_remainder_rounded, party_list, plurality, supermajority,
};
use recount_audit::irv::{Claim, Rankings, raire};
use recount_audit::{Assertion, AuditError, BallotRule, Ratio};

pub const STATIONS: usize = 20;
/// A card that belongs to no station's report is never made; each station has as many as it says.
pub type Ballot = Vec<usize>;

/// What the hardest assertion looks at.
pub enum Claimed {
    Votes(Assertion, BallotRule),
    Ranking(Claim),
}

/// An election with its hardest assertion.
pub struct Election {
    pub name: &'static str,
    pub choices: usize,
    pub claimed: Claimed,
    /// Kinds of ballots and how many there are of each.
    kinds: Vec<(u64, Ballot)>,
}

/// Where the errors are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Ballots for one counted for the other, everywhere a little.
    Everywhere,
    /// All errors in as few stations as can hold them.
    FewStations,
    /// First errors in favour of the truth, then as many more the other way.
    Hidden,
    /// Ballots that cannot be found.
    Lost,
    /// Blank ballots counted for the winner, if the value of none lies between; else as `Everywhere`, from the end.
    Blank,
}

impl Pattern {
    pub const ALL: [Self; 5] = [Self::Everywhere, Self::FewStations, Self::Hidden, Self::Lost, Self::Blank];
}

/// What was reported of a card and what it says; `None`: it is lost.
pub type Card = (Ballot, Option<Ballot>);

impl Election {
    pub fn all() -> Vec<Self> {
        let all =
            |seats: u64, divisors: Divisors| move |c: &Contest| highest_averages(c, &Group::each(c), seats, &divisors);
        let tenth = |c: &Contest| {
            let base = Base::Votes((0..c.votes.len()).collect());
            vec![Condition::share(Ratio::new(1, 10).unwrap(), base); c.votes.len()]
        };
        let free = |c: &Contest| vec![Condition::Free; c.votes.len()];
        let several =
            vec![(120, vec![0, 1]), (90, vec![0, 2]), (60, vec![1, 3]), (60, vec![2]), (50, vec![3]), (20, vec![])];
        let ranked = vec![
            (130, vec![0, 1, 2]),
            (60, vec![1, 0]),
            (50, vec![1, 2, 0]),
            (70, vec![2, 0]),
            (40, vec![2, 1]),
            (30, vec![3, 0, 1]),
            (20, vec![]),
        ];
        vec![
            Self::of("plurality", single(&[190, 150, 40], 20), 1, |c| plurality(c, &Group::each(c), 1)),
            Self::of("two winners, two marks", several, 2, |c| plurality(c, &Group::each(c), 2)),
            Self::of("two thirds", single(&[290, 90], 20), 1, |c| {
                let share = Ratio::new(2, 3).unwrap();
                let assertion = supermajority(c, 0, share, &Base::Votes(vec![0, 1]))?;
                Ok(AssertionSet { seats: vec![1, 0], assertions: vec![assertion] })
            }),
            Self::of("D'Hondt", single(&[193, 67, 64, 64], 12), 1, all(7, Divisors::DHondt)),
            Self::of("Sainte-Lague", single(&[191, 100, 51, 46], 12), 1, all(8, Divisors::SainteLague)),
            Self::of("D'Hondt, threshold", single(&[220, 72, 70, 26], 12), 1, move |c| {
                party_list(c, &Group::each(c), &tenth(c), 6, &Divisors::DHondt, Excluded::Below)
            }),
            Self::of("Huntington-Hill", single(&[303, 30, 29, 26], 12), 1, |c| {
                highest_averages_from(c, &Group::each(c), 12, &Divisors::HuntingtonHill, 0)
            }),
            Self::of("Hare", single(&[165, 110, 57, 56], 12), 1, move |c| {
                largest_remainder(c, &Group::each(c), &free(c), 7, 0)
            }),
            Self::of("Droop in whole votes", single(&[180, 72, 70, 66], 12), 1, move |c| {
                largest_remainder_rounded(c, &Group::each(c), &free(c), 6, 1, QuotaRounding::Next)
            }),
            Self::runoff(ranked),
        ]
    }

    fn of(
        name: &'static str,
        kinds: Vec<(u64, Ballot)>,
        marks: u32,
        set: impl Fn(&Contest) -> Result<AssertionSet, AuditError>,
    ) -> Self {
        let rule = BallotRule::vote_for(marks);
        let choices = 1 + kinds.iter().flat_map(|(_, b)| b).max().unwrap();
        let mut votes = vec![0; choices];
        for (n, ballot) in &kinds {
            ballot.iter().for_each(|choice| votes[*choice] += n);
        }
        let found = kinds.iter().map(|(n, _)| n).sum();
        let names = (0..choices).map(|c| format!("L{c}")).collect();
        let contest = Contest { choices: names, votes, found, cards: found, rule };
        let set = set(&contest).unwrap_or_else(|why| panic!("{name}: {why}"));
        let hardest = set.hardest(&contest).unwrap().unwrap().0.clone();
        Self { name, choices, claimed: Claimed::Votes(hardest, rule), kinds }
    }

    fn runoff(kinds: Vec<(u64, Ballot)>) -> Self {
        let ballots = Rankings::new(4, kinds.clone()).unwrap();
        let set = raire(&ballots, 1_000).unwrap();
        let hardest = set.claims.into_iter().min_by_key(|claim| claim.lead(&ballots)).unwrap();
        Self { name: "instant-runoff", choices: 4, claimed: Claimed::Ranking(hardest), kinds }
    }

    /// The assorter's value of a ballot.
    pub fn value(&self, ballot: &[usize]) -> Ratio {
        match &self.claimed {
            Claimed::Ranking(claim) => claim.value(ballot),
            Claimed::Votes(assertion, rule) => {
                let mut votes = vec![0; self.choices];
                ballot.iter().for_each(|choice| votes[*choice] += 1);
                assertion.assorter(*rule, self.size()).unwrap().value(&votes).unwrap()
            }
        }
    }

    pub fn upper(&self) -> Ratio {
        match &self.claimed {
            Claimed::Ranking(_) => Ratio::ONE,
            Claimed::Votes(assertion, rule) => assertion.assorter(*rule, self.size()).unwrap().upper().unwrap(),
        }
    }

    fn size(&self) -> u64 {
        self.kinds.iter().map(|(n, _)| n).sum()
    }

    /// Cards in order of stations; half of them lie together by kind, the others are spread.
    fn reported(&self) -> Vec<Ballot> {
        let one_by_one: Vec<&Ballot> = self.kinds.iter().flat_map(|(n, b)| (0..*n).map(move |_| b)).collect();
        let (mut spread, mut together): (Vec<&Ballot>, Vec<&Ballot>) = (Vec::new(), Vec::new());
        for (at, ballot) in one_by_one.into_iter().enumerate() {
            if at % 2 == 0 { &mut spread } else { &mut together }.push(ballot);
        }
        let each = spread.len().div_ceil(STATIONS);
        let mut cards = Vec::new();
        for station in 0..STATIONS {
            cards.extend(spread.iter().skip(station).step_by(STATIONS).map(|b| (*b).clone()));
            cards.extend(together.iter().skip(station * each).take(each).map(|b| (*b).clone()));
        }
        cards
    }

    /// The cards; with a pattern of errors that make the assertion false, only just.
    pub fn cards(&self, pattern: Option<Pattern>) -> Vec<Card> {
        let mut cards: Vec<Card> = self.reported().into_iter().map(|b| (b.clone(), Some(b))).collect();
        let Some(pattern) = pattern else { return cards };
        let number = cards.len();
        let by_value = |a: &&Ballot, b: &&Ballot| self.value(a).compare(self.value(b)).unwrap();
        let kinds = || self.kinds.iter().map(|(_, ballot)| ballot);
        let (best, worst) = (kinds().max_by(by_value).unwrap().clone(), kinds().min_by(by_value).unwrap().clone());
        let spread: Vec<usize> = (0..number).map(|at| at * 181 % number).collect();
        let order: Vec<usize> = match pattern {
            Pattern::FewStations => (0..number).collect(),
            Pattern::Blank => spread.iter().rev().copied().collect(),
            _ => spread.clone(),
        };
        if pattern == Pattern::Hidden {
            for at in spread.iter().filter(|at| cards[**at].0 == worst).take(number / 25).copied().collect::<Vec<_>>() {
                cards[at].1 = Some(best.clone());
            }
        }
        let instead = match pattern {
            Pattern::Lost => None,
            Pattern::Blank => Some(Vec::new()),
            _ => Some(worst),
        };
        let half = Ratio::new(1, 2).unwrap();
        let mut sum = self.sum(&cards).minus(half.times(Ratio::count(number as u64)).unwrap()).unwrap();
        // First ballots for the winner, then whatever speaks for it.
        let own = order.iter().filter(|at| cards[**at].0 == best).copied().collect::<Vec<_>>();
        for at in own.into_iter().chain(order) {
            if !sum.is_positive() {
                return cards;
            }
            let after = instead.as_ref().map_or(Ratio::ZERO, |ballot| self.value(ballot));
            let loss = self.found(&cards[at]).minus(after).unwrap();
            if loss.is_positive() {
                sum = sum.minus(loss).unwrap();
                cards[at].1.clone_from(&instead);
            }
        }
        assert!(!sum.is_positive(), "{}: {pattern:?} makes nothing false", self.name);
        cards
    }

    fn found(&self, card: &Card) -> Ratio {
        card.1.as_ref().map_or(Ratio::ZERO, |ballot| self.value(ballot))
    }

    pub fn sum(&self, cards: &[Card]) -> Ratio {
        cards.iter().fold(Ratio::ZERO, |sum, card| sum.plus(self.found(card)).unwrap())
    }
}

/// Ballots with one mark, and blank ones.
fn single(votes: &[u64], blank: u64) -> Vec<(u64, Ballot)> {
    let marked = votes.iter().enumerate().map(|(choice, n)| (*n, vec![choice]));
    marked.chain([(blank, Vec::new())]).collect()
}
