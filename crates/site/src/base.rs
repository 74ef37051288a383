//! What shares are shares of: the base that the rulebook's admission names, whether or not the rulebook accepts the figures.

use recount_election::AGAINST_ALL;
use recount_seats::{Condition, Quantity, Scope, StageKind};
use recount_tally::Fold;
use recount_tally::chronicle::Point;
use recount_tally::claim::ContestIx;
use recount_tally::totals::UnitTotal;

use crate::counts::Count;
use crate::names;

/// How deep quantities may be built of one another.
const DEPTH: u8 = 8;

/// The denominator of shares.
#[derive(Debug)]
pub(crate) struct Base {
    /// The quantity of the rulebook; none: all votes counted.
    pub quantity: Option<String>,
    /// Its value in the whole.
    pub votes: u64,
    /// Whether votes against all are part of it.
    pub against_all: bool,
    /// The threshold that the rulebook asks of it, as a ratio.
    pub line: Option<String>,
}

/// The base of the first share that the rulebook asks of the whole in this contest; where it asks none, all votes counted.
/// `None` where the base cannot be computed from what was filed: then no share is shown, least of all one of something else.
pub(crate) fn base(fold: &Fold, count: &Count) -> Option<Base> {
    base_of(fold, count.contest, &count.whole)
}

/// The same in one unit.
pub(crate) fn base_of(fold: &Fold, contest: ContestIx, total: &UnitTotal) -> Option<Base> {
    let columns = &fold.contest(contest)?.columns;
    let list = |id: &str| total.sums.list(columns, id);
    let line = |code: &str| total.sums.line(columns, code);
    made(Asked { fold, contest, list: &list, line: &line })
}

/// The base of shares at an earlier size; `None` as above.
pub(crate) fn base_at(fold: &Fold, contest: ContestIx, point: &Point) -> Option<u64> {
    let list = |id: &str| point.list(id);
    let line = |code: &str| point.line(code);
    made(Asked { fold, contest, list: &list, line: &line }).map(|base| base.votes)
}

fn made(of: Asked<'_>) -> Option<Base> {
    let fold = of.fold;
    let contest = fold.contest(of.contest)?;
    let law = fold.law()?;
    let asked = law.rulebook.stages.iter().find_map(|stage| match &stage.kind {
        StageKind::Admit { contest: own, when } if *own == contest.id => asked_share(when),
        _ => None,
    });
    match asked {
        Some((quantity, line)) => Some(Base {
            votes: of.value(&quantity, DEPTH)?,
            against_all: names::base_holds_against_all(fold, &quantity),
            quantity: Some(quantity),
            line: Some(line),
        }),
        None => Some(Base {
            votes: of.all_lists()?.checked_add(of.against_all())?,
            quantity: None,
            against_all: true,
            line: None,
        }),
    }
}

/// The quantity and ratio of the first share of the whole in a condition.
fn asked_share(when: &Condition) -> Option<(String, String)> {
    match when {
        Condition::All(of) | Condition::Any(of) => of.iter().find_map(asked_share),
        Condition::Not(inner) => asked_share(inner),
        Condition::Share { base, scope: Scope::National, share, .. } => Some((base.clone(), share.to_string())),
        _ => None,
    }
}

/// Sums of a contest, of which a base is asked.
struct Asked<'a> {
    fold: &'a Fold,
    contest: ContestIx,
    list: &'a dyn Fn(&str) -> Option<u64>,
    line: &'a dyn Fn(&str) -> Option<u64>,
}

impl Asked<'_> {
    fn value(&self, quantity: &str, depth: u8) -> Option<u64> {
        let contest = self.fold.contest(self.contest)?;
        let law = self.fold.law()?;
        let depth = depth.checked_sub(1)?;
        match law.rulebook.quantities.get(quantity)? {
            Quantity::Line { line, .. } => (self.line)(line),
            Quantity::Sum(of) => of.iter().try_fold(0u64, |sum, name| {
                let more = match name.as_str() {
                    AGAINST_ALL => self.against_all(),
                    name if name == contest.id => self.all_lists()?,
                    name => self.value(name, depth)?,
                };
                sum.checked_add(more)
            }),
        }
    }

    fn against_all(&self) -> u64 {
        (self.list)(AGAINST_ALL).unwrap_or(0)
    }

    fn all_lists(&self) -> Option<u64> {
        let columns = &self.fold.contest(self.contest)?.columns;
        let lists = columns.lists().filter(|(_, id)| *id != AGAINST_ALL);
        lists.filter_map(|(_, id)| (self.list)(id)).try_fold(0, u64::checked_add)
    }
}
