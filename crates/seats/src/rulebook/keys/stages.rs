//! The kinds of stages, and every key that one of them knows.

use super::Shape::{Flag, Name, Names, Number, NumberOr, NumberOrName, Table, Text, Word, Words};
use super::{Key, may, must};

/// A kind of stage. Which keys it knows is the parser's list (`check::stages::allowed`).
pub(in super::super) struct Kind {
    pub name: &'static str,
    /// What such a stage does.
    pub says: &'static str,
    /// The keys that must be there.
    pub needs: &'static [&'static str],
}

const fn kind(name: &'static str, needs: &'static [&'static str], says: &'static str) -> Kind {
    Kind { name, says, needs }
}

/// All kinds, in the order of a usual rulebook.
pub(in super::super) const KINDS: &[Kind] = &[
    kind("admit", &["when"], "says which lists may receive seats"),
    kind("group", &["contenders"], "joins lists that share a distribution (apparentement)"),
    kind(
        "allocate",
        &["seats", "formula"],
        "gives seats to lists, to lists in each unit, to units, or each list's seats to units",
    ),
    kind("sum", &["of"], "adds the seats of stages that do not know of each other"),
    kind("cap", &["of"], "limits the seats of one list"),
    kind("bonus", &["of", "to"], "adds seats"),
    kind("compensate", &["of", "held", "overhang"], "sets seats won elsewhere against the share of all seats"),
    kind("minimum", &["per_party"], "says what each list must have at least"),
    kind("grow", &["start", "formula", "until"], "gives the smallest house in which every list reaches its minimum"),
    kind("place", &["of", "in", "formula"], "says in which units the seats of lists sit"),
    kind("biproportional", &["in", "seats", "voters", "formula"], "gives seats in units and to lists at once"),
    kind("pass_on", &["of"], "passes seats that lists cannot fill with candidates on to others"),
    kind("plurality", &[], "gives seats to those with most votes"),
    kind("runoff", &["when"], "elects by an absolute majority, or says who goes to a second round"),
    kind("rank", &["method", "seats"], "elects people from ranked ballots"),
    kind("declare", &["of", "valid_if"], "says whether the poll stands, is repeated or was not held"),
    kind("candidates", &["of", "order"], "puts people on the seats of lists"),
];

/// The keys of every stage.
pub(in super::super) const COMMON: &[&str] = &["id", "kind", "law", "status"];

/// Every key that a stage may have.
pub(in super::super) const STAGE: &[Key] = &[
    must("id", Text, "its key; later stages, lots and readings refer to it"),
    must("kind", Text, "what it does, see below"),
    may("law", Name, "the citation; its absence is reported by the check"),
    may("status", Word(&["law", "reading"]), "`reading`: the law does not say it in these words"),
    may("contest", Name, "the contest, where there are several"),
    may("when", Table("condition"), "what a list must meet"),
    may("doubt", Table("doubt"), "a doubtful field, with its other values"),
    may("contenders", Name, "the `admit` or `group` stage that says who contends, or `units:LEVEL`"),
    may("seats", NumberOr("seats_from"), "how many seats"),
    may("formula", Table("formula"), "how votes become seats"),
    may("minimum", Number, "seats that every contender with a vote has first"),
    may(
        "ties",
        Words(&["more_votes", "fewer_votes", "list_order", "earlier_counts", "first_counts", "lot", "unresolved"]),
        "what settles a tie, in order",
    ),
    may("of", Names, "the stage (for `sum`: the stages) that this one works on"),
    may("max_seats", Number, "the limit of a cap; either this or `share_multiple`"),
    may("share_multiple", Table("share_multiple"), "the limit as a multiple of the list's share"),
    may("redistribute", Table("redistribute"), "who receives the seats above the cap; without it they stay vacant"),
    may("order", Text, "`list` or `votes`; for `place`: `largest` or `national`"),
    may("withdrawn", Word(&["skip", "keep"]), "whether those who withdrew are passed over"),
    may("on_exhausted", Word(&["next_quotient", "ignore", "vacant"]), "what follows if a list has too few candidates"),
    may("per", Name, "LEVEL: one allocation in each unit; `party`: one for each list"),
    may("weights", Name, "what counts for a unit: a register number, a quantity or a contest"),
    may("votes", Table("votes_from"), "what counts instead of votes"),
    may("start", NumberOrName, "the stage whose seats are held at the outset; for `grow`: the least house"),
    may("at_least", Name, "the stage below whose seats nobody falls"),
    may("outside", Name, "the stage whose seats are taken off first where their holders do not contend"),
    may("jump", Table("jump"), "who comes first by votes of their own"),
    may("only_if_all_admitted", Flag, "whether a group counts only if all its members are admitted"),
    may(
        "to",
        Word(&["largest_list", "majority"]),
        "who receives the bonus; `majority`: who has more than half of the votes takes one seat",
    ),
    may("held", Name, "where the seats won elsewhere stand: an attribute of the list, or a stage"),
    may(
        "overhang",
        Word(&["exclude_rerun", "keep_enlarge", "keep", "forfeit"]),
        "what follows if a list holds more than its share",
    ),
    may("base", Name, "the quantity that winners' shares are of"),
    may("capacity", NumberOr("seats_from"), "the most seats that a unit receives"),
    may("scale", Word(&["none", "votes_per_seat", "share"]), "what the quotients of a unit are measured against"),
    may("voters", Word(&["rounded", "votes"]), "what counts for a list in the whole"),
    may("first", Name, "the stage that seats people before this one"),
    may("without", Names, "stages whose people are passed over here"),
    may("reserve", Table("reserve"), "seats kept for candidates with an attribute"),
    may("limit", Table("limit"), "how many of those elected may share one value of an attribute"),
    may("second", Name, "the contest of the second round"),
    may("second_round", Table("second_round"), "who stands in it"),
    may("valid_if", Table("valid_if"), "what makes the election valid"),
    may("until", Table("until"), "when the house has grown enough"),
    may("then", Word(&["add_shortfall"]), "what follows when it has"),
    may("in", Name, "the level whose units receive the seats, or `national`"),
    may("per_party", Text, "an expression over earlier stages, such as `max(direct, sum over land of first)`"),
    may("method", Word(&["irv", "stv"]), "the alternative vote, or the single transferable vote"),
    may("quota", Word(&["droop", "hare", "hagenbach_bischoff"]), "the quota of a ranked count"),
    may("surplus", Table("surplus"), "how surpluses are passed on"),
    may("surplus_order", Word(&["largest_first", "order_of_election"]), "which surplus is passed on first"),
    may("exclude", Table("exclude"), "who is excluded, and how"),
    may("replayable", Word(&["ballots", "counts_only"]), "whether ballots alone give the official count again"),
];
