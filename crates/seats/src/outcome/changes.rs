//! What could still change: the fewest votes that turn something, and what missing stations can do.

use serde::Serialize;

/// The fewest votes that change something for one list, or for one who stands in a poll.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Margin {
    /// The list; in polls the one who stands.
    pub list: String,
    /// What changes.
    pub turning: Turning,
    /// The move of votes.
    pub by: Move,
    /// The unit in which the votes move, the cheapest of all; none: it does not matter where, or the
    /// rulebook asks about the whole alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The fewest votes of this move, within one unit, that do it; none: no number of them does (if
    /// not exact: none was found).
    pub votes: Option<u64>,
    /// Whether fewer are proved not to do it.
    pub exactness: Exactness,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turning {
    /// It meets a test that it fails, or fails one that it meets.
    Test {
        /// The admit stage.
        stage: String,
        /// The base asked.
        base: String,
        /// The unit.
        unit: String,
        /// Whether it would now meet it.
        meets: bool,
    },
    /// Its admission turns, where that hangs on more than one share of the whole.
    Admission {
        /// The admit stage.
        stage: String,
        /// Whether it would now be admitted.
        admitted: bool,
    },
    /// Someone who stands in a poll (the margin's `list` is their id) is elected for certain, or no longer.
    Poll {
        /// The stage.
        stage: String,
        /// Whether they would now be elected.
        elected: bool,
    },
    /// A candidate sits for certain on a chair of their list, or no longer.
    Chair {
        /// The stage.
        stage: String,
        /// The list.
        list: String,
        /// Whether they would now sit.
        elected: bool,
    },
    /// Someone is elected for certain in the first round of a run-off, or no longer.
    FirstRound {
        /// The stage.
        stage: String,
        /// Whether they would now be elected.
        elected: bool,
    },
    /// Someone is certain to stand in the second round of a run-off, or no longer.
    StandsAgain {
        /// The stage.
        stage: String,
        /// Whether they would now stand in it.
        stands: bool,
    },
    /// Someone is elected for certain in the second round of a run-off, or no longer.
    SecondRound {
        /// The stage.
        stage: String,
        /// Whether they would now be elected.
        elected: bool,
    },
    /// Someone is elected for certain by ranked papers, or no longer.
    Ranked {
        /// The stage.
        stage: String,
        /// Whether they would now be elected.
        elected: bool,
    },
    /// It gains a seat for certain.
    GainsSeat,
    /// It loses a seat that it had for certain.
    LosesSeat,
}

/// A move of votes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// The list gains; the bases stay (ballots that now count for another, or for nobody).
    GainedBaseFixed,
    /// The list gains new votes: turnout rises, and the bases that count it.
    GainedNew,
    /// The list loses; the bases stay (its voters chose otherwise).
    LostBaseFixed,
    /// The list's voters stay away: the bases fall too.
    LostBaseFalls,
    /// Others gain new votes, and the bases rise.
    OthersGainNew,
    /// Ranked papers are filled in otherwise, each as it may be; there are as many as before.
    PapersChanged,
    /// Votes move from this list to it; the bases stay.
    MovedFrom(String),
    /// Votes move from it to this list; the bases stay.
    MovedTo(String),
}

/// How sure a margin is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exactness {
    /// One vote fewer does not do it: a closed form, or a search over a monotone predicate.
    Exact,
    /// So many votes do it; that fewer do not is not proved: a cap, a link between tiers or another
    /// rule under which seats need not rise with votes, or a search that was cut short.
    Suffices,
    /// Fewer votes are proved not to do it; whether so many do is not said.
    AtLeast,
}

/// What missing stations can still do to one list at one test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Possible {
    /// The list.
    pub list: String,
    /// Its name.
    pub name: String,
    /// The admit stage.
    pub stage: String,
    /// The base asked.
    pub base: String,
    /// The unit.
    pub unit: String,
    /// Whether it meets the test now.
    pub passes_now: bool,
    /// Under which assumption the test could turn.
    pub assumption: Assumption,
    /// The least number of votes under this assumption that turns it; none: no number does.
    pub needed: Option<u64>,
    /// Electors of the missing stations, as far as known.
    pub available: u64,
    /// Missing stations whose electors are not known: each could add to `available`.
    pub stations_unknown: u64,
    /// Whether it can turn; none: not with the known electors, but unknown stations could.
    pub can_turn: Option<bool>,
}

/// The best or worst case for a list in the missing stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// Every missing elector who takes part votes for it; the others stay away.
    AllForIt,
    /// Missing electors take part and none votes for it; the base counts them.
    NoneForIt,
}
