//! Audits of single ballots: what was reported of each card beside what its paper says (comparison), or the papers
//! alone (polling).
//!
//! A contest brings its assertions with assorters: pairs for plurality and vote-for-n, RAIRE's claims for
//! instant-runoff. Cards are drawn by their tickets, lowest first ([`crate::sample::ticket`]), from the cards that hold
//! the contest; what the manifest holds beyond the records is filled up with phantoms (Bañuelos & Stark 2012). A card is
//! judged once per assertion, in the order of the draw; the test may stop after any card (Stark 2020, SHANGRLA; 2023,
//! ALPHA).

mod pools;

use std::collections::BTreeMap;

pub use pools::pooled_sizes;

use crate::comparison::{Audited, Overstatement, Reported, Style, overstatement};
use crate::generate::{Contest, Group, plurality};
use crate::irv::{Claim, Rankings, raire};
use crate::plan::{Mix, Sizes, cards as simulate};
use crate::risk::{Alpha, Fraction, Martingale, Null, Population, ShrinkTrunc};
use crate::{Assertion, AuditError, BallotRule, Ratio};

/// The most steps of the search for assertions of an instant-runoff.
const WORK: u64 = 10_000_000;

/// How a contest of cards is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardRule {
    /// The `winners` with most votes, up to `marks` on one card.
    Plurality {
        /// Who wins.
        winners: usize,
        /// Marks that a card may hold.
        marks: u32,
    },
    /// Instant-runoff.
    Runoff,
}

/// What a card says in the contest: choices by number, for a run-off in order of preference. Blank and invalid: none.
pub type Ballot = Vec<usize>;

/// What one assertion looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Pair { assertion: Assertion, rule: BallotRule },
    Ranked(Claim),
}

/// An assertion about cards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardAssertion {
    /// What it says.
    pub name: String,
    /// Its reported margin `v`: twice the mean of the assorter, less one.
    pub margin: Ratio,
    /// The assorter's upper bound.
    pub upper: Ratio,
    cards: u64,
    choices: usize,
    kind: Kind,
}

impl CardAssertion {
    /// The assorter's value of a ballot.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn value(&self, ballot: &[usize]) -> Result<Ratio, AuditError> {
        if let Some(choice) = ballot.iter().find(|choice| **choice >= self.choices) {
            return Err(AuditError::UnknownChoice(*choice));
        }
        match &self.kind {
            Kind::Ranked(claim) => Ok(claim.value(ballot)),
            Kind::Pair { assertion, rule } => {
                let mut votes = vec![0; self.choices];
                for choice in ballot {
                    votes[*choice] = 1;
                }
                assertion.assorter(*rule, self.cards)?.value(&votes)
            }
        }
    }
}

impl CardAssertion {
    /// What a paper says, as the assorter sees it.
    fn audited(&self, paper: &Paper) -> Result<Audited, AuditError> {
        Ok(match paper {
            Paper::Ballot(ballot) => Audited::Value(self.value(ballot)?),
            Paper::NoContest => Audited::NoContest,
            Paper::Lost => Audited::NotFound,
        })
    }
}

/// A contest as its cards report it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardContest {
    /// Cards that hold the contest or may hold it: those reported, and phantoms.
    pub cards: u64,
    /// Marks (first preferences) per choice.
    pub votes: Vec<u64>,
    /// Who won as reported, in order of number; of a run-off the order of elimination, the winner last.
    pub result: Vec<usize>,
    /// The assertions: all true, and who was reported to win won.
    pub assertions: Vec<CardAssertion>,
}

impl CardContest {
    /// From the choices' names, the rule, the reported ballots and the bound on cards.
    ///
    /// # Errors
    /// [`AuditError::BoundBroken`] for more ballots than `cards`, [`AuditError::Tie`], [`AuditError::ImpossibleVotes`] for
    /// a card with more marks than it may hold, [`AuditError::UnknownChoice`], and those of [`raire`].
    pub fn new<'a>(
        choices: &[String],
        rule: CardRule,
        ballots: impl IntoIterator<Item = &'a Ballot>,
        cards: u64,
    ) -> Result<Self, AuditError> {
        let mut kinds: BTreeMap<&Ballot, u64> = BTreeMap::new();
        let mut found = 0_u64;
        for ballot in ballots {
            *kinds.entry(ballot).or_default() += 1;
            found += 1;
        }
        if found > cards {
            return Err(AuditError::BoundBroken { station: "all cards".into(), bound: cards, found });
        }
        let mut votes = vec![0_u64; choices.len()];
        for (ballot, n) in &kinds {
            let counted = if rule == CardRule::Runoff { ballot.get(..1) } else { ballot.get(..) };
            for choice in counted.unwrap_or(&[]) {
                *votes.get_mut(*choice).ok_or(AuditError::UnknownChoice(*choice))? += n;
            }
        }
        match rule {
            CardRule::Plurality { winners, marks } => {
                if kinds.keys().any(|ballot| !u32::try_from(ballot.len()).is_ok_and(|n| n <= marks)) {
                    return Err(AuditError::ImpossibleVotes("a card".into()));
                }
                Self::from_totals(choices, votes, (winners, marks), found, cards)
            }
            CardRule::Runoff => Self::runoff(choices, kinds, votes, cards),
        }
    }

    /// Plurality from published totals alone, for polling; `rule` is winners and marks on a card.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_totals(
        choices: &[String],
        votes: Vec<u64>,
        rule: (usize, u32),
        found: u64,
        cards: u64,
    ) -> Result<Self, AuditError> {
        let (winners, marks) = rule;
        let rule = BallotRule::vote_for(marks);
        let contest = Contest { choices: choices.to_vec(), votes: votes.clone(), found, cards, rule };
        contest.check()?;
        let set = plurality(&contest, &Group::each(&contest), winners)?;
        let mut assertions = Vec::new();
        for assertion in set.assertions {
            let assorter = assertion.assorter(rule, cards)?;
            let (margin, upper) = (assorter.margin(&votes, found)?, assorter.upper()?);
            let kind = Kind::Pair { assertion: assertion.clone(), rule };
            assertions.push(CardAssertion { name: assertion.name, margin, upper, cards, choices: choices.len(), kind });
        }
        let result = (0..choices.len()).filter(|at| set.seats[*at] > 0).collect();
        Ok(Self { cards, votes, result, assertions })
    }

    fn runoff(
        choices: &[String],
        kinds: BTreeMap<&Ballot, u64>,
        votes: Vec<u64>,
        cards: u64,
    ) -> Result<Self, AuditError> {
        let ballots = Rankings::new(choices.len(), kinds.into_iter().map(|(ballot, n)| (n, ballot.clone())).collect())?;
        let set = raire(&ballots, WORK)?;
        let name = |at: usize| choices[at].as_str();
        let mut assertions = Vec::new();
        for claim in set.claims {
            let title = match &claim {
                Claim::NotBefore { winner, loser } => format!("{} outlasts {}", name(*winner), name(*loser)),
                Claim::NotNext { winner, loser, standing } => {
                    let standing: Vec<&str> = standing.iter().map(|at| name(*at)).collect();
                    format!("{} > {} with {} standing", name(*winner), name(*loser), standing.join(", "))
                }
            };
            let margin = claim.margin(&ballots, cards)?;
            let kind = Kind::Ranked(claim);
            assertions.push(CardAssertion {
                name: title,
                margin,
                upper: Ratio::ONE,
                cards,
                choices: choices.len(),
                kind,
            });
        }
        Ok(Self { cards, votes, result: set.order, assertions })
    }
}

/// What became of a drawn card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// What the paper says in the contest.
    Ballot(Ballot),
    /// The paper is there, the contest is not on it.
    NoContest,
    /// It could not be found.
    Lost,
}

/// How cards are judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// Each paper beside its record; the bet as a share of the largest.
    Comparison {
        /// The share, from 0 to 1.
        bet: f64,
    },
    /// Papers alone, with the truncated-shrinkage estimator of ALPHA.
    Polling,
}

/// A bet of either method.
#[derive(Debug, Clone)]
enum Test {
    Comparison(Martingale<Fraction>, Overstatement),
    Polling(Martingale<Alpha<ShrinkTrunc>>),
}

/// The test of one assertion over the drawn cards.
#[derive(Debug, Clone)]
pub struct CardTest<'a> {
    assertion: &'a CardAssertion,
    test: Test,
}

/// How many draws the reported mean counts as in polling (`d` of ALPHA's estimator).
const PRIOR: f64 = 100.0;

impl<'a> CardTest<'a> {
    /// A test before the first card.
    ///
    /// # Errors
    /// [`AuditError::Parameter`] for a bet outside 0 to 1.
    pub fn new(assertion: &'a CardAssertion, method: Method) -> Result<Self, AuditError> {
        let test = match method {
            Method::Comparison { bet } => {
                let (null, scale) = comparison(assertion, bet)?;
                Test::Comparison(Martingale::new(null, Fraction(bet)), scale)
            }
            Method::Polling => {
                let (null, rule) = polling(assertion)?;
                Test::Polling(Martingale::new(null, Alpha(rule)))
            }
        };
        Ok(Self { assertion, test })
    }

    /// The next card: what was reported (none: a phantom), and what became of it.
    ///
    /// # Errors
    /// [`AuditError::UnknownChoice`], [`AuditError::Overflow`].
    pub fn push(&mut self, reported: Option<&Ballot>, paper: &Paper) -> Result<(), AuditError> {
        let audited = self.assertion.audited(paper)?;
        match &mut self.test {
            Test::Comparison(test, scale) => {
                let reported = match reported {
                    Some(ballot) => Reported::Value(self.assertion.value(ballot)?),
                    None => Reported::Phantom,
                };
                test.push(scale.value(overstatement(reported, audited, Style::Sampled)?)?.to_f64())
            }
            Test::Polling(test) => test.push(match audited {
                Audited::Value(value) => value.to_f64(),
                Audited::NoContest => 0.5,
                Audited::NotFound => 0.0,
            }),
        }
    }

    /// The risk now, rounded up; valid after any card.
    pub fn risk(&self) -> f64 {
        match &self.test {
            Test::Comparison(test, _) => test.risk(),
            Test::Polling(test) => test.risk(),
        }
    }

    /// Whether the risk is at most the limit.
    pub fn met(&self, limit: f64) -> bool {
        match &self.test {
            Test::Comparison(test, _) => test.met(limit),
            Test::Polling(test) => test.met(limit),
        }
    }
}

fn comparison(assertion: &CardAssertion, bet: f64) -> Result<(Null, Overstatement), AuditError> {
    if !(0.0..=1.0).contains(&bet) {
        return Err(AuditError::Parameter { what: "bet", why: "must be a share from 0 to 1" });
    }
    let scale = Overstatement::new(assertion.upper, assertion.margin)?;
    Ok((Null::new(Population::Finite(assertion.cards), 0.5, scale.bound()?.to_f64())?, scale))
}

fn polling(assertion: &CardAssertion) -> Result<(Null, ShrinkTrunc), AuditError> {
    let eta = f64::midpoint(1.0, assertion.margin.to_f64());
    let null = Null::new(Population::Finite(assertion.cards), 0.5, assertion.upper.to_f64())?;
    Ok((null, ShrinkTrunc::new(eta, (eta - 0.5) / 2.0, PRIOR, 0.0, 1e-6)))
}

/// Errors that a plan reckons with, per card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// One-vote overstatements.
    pub one: f64,
    /// Two-vote overstatements.
    pub two: f64,
}

/// How many cards an assertion takes, by simulation. In polling the papers are as reported.
///
/// # Errors
/// [`AuditError::Parameter`] for rates or a limit out of range, or without repetitions.
pub fn sizes(
    assertion: &CardAssertion,
    method: Method,
    rates: Rates,
    limit: f64,
    repetitions: u64,
) -> Result<Sizes, AuditError> {
    let seed = format!("size of {}", assertion.name);
    match method {
        Method::Comparison { bet } => {
            let (null, scale) = comparison(assertion, bet)?;
            let mix = Mix::comparison(assertion.cards, scale.no_error()?.to_f64(), rates.one, rates.two)?;
            simulate(&mix, &null, &Fraction(bet), limit, &seed, repetitions)
        }
        Method::Polling => {
            let (null, rule) = polling(assertion)?;
            simulate(&as_reported(assertion)?, &null, &Alpha(rule), limit, &seed, repetitions)
        }
    }
}

/// Cards of the highest and of the lowest value and as many between as have the reported mean, as spread out as can be:
/// the sizes are those of a contest without blank cards, or larger than needed.
fn as_reported(assertion: &CardAssertion) -> Result<Mix, AuditError> {
    let mean = Ratio::ONE.plus(assertion.margin)?.over(Ratio::whole(2))?;
    let high = mean.over(assertion.upper)?.times(Ratio::count(assertion.cards))?;
    let high = u64::try_from(high.num().div_euclid(high.den())).map_err(|_| AuditError::Overflow)?;
    let low = assertion.cards.checked_sub(high).ok_or(AuditError::Overflow)?;
    Mix::new(&[(assertion.upper.to_f64(), high), (0.0, low)])
}
