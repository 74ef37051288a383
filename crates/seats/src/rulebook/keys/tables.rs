//! The tables beside the stages, and those within them.

use super::Shape::{
    Any, ByKey, Date, Flag, Name, NameOr, Names, Number, Numbers, Range, Ratio, Ratios, Table, TableOrTables, Tables,
    Text, Texts, Word, Words,
};
use super::{Key, may, must};

const QUOTAS: &[&str] = &["hare", "droop", "hagenbach_bischoff", "imperiali"];

/// Definitions by name; `rulebook` is the file itself.
pub(in super::super) const TABLES: &[(&str, &[Key])] = &[
    (
        "rulebook",
        &[
            must("schema", Word(&["recount-rulebook/1"]), "the schema of the file"),
            must("id", Text, "its key, such as `kg-jk-2020`"),
            must("title", Text, "its name for people"),
            may("jurisdiction", Text, "country or body"),
            may("polling_day", Date, "the polling day, as a TOML date"),
            may("arithmetic", Word(&["exact"]), "the only arithmetic there is"),
            may("law", ByKey("law"), "citations by key"),
            must("units", Table("units"), "the geography that rules refer to"),
            may("register", Texts, "numbers that are not votes: LEVEL.NAME = what it is"),
            may("contest", ByKey("contest"), "what is voted"),
            may("quantity", ByKey("quantity"), "the named bases of percentages"),
            may("stage", Tables("stage"), "the steps from votes to people, in order"),
            may("nomination", Table("nomination"), "what lists must look like; checked on the lists, not on the count"),
            may(
                "vacancy",
                TableOrTables("vacancy"),
                "how a vacant seat is filled later: one rule, or one for each kind of seat",
            ),
            may("standing", Table("standing"), "which count decides; without it: the hand count"),
            may(
                "annulment",
                Table("annulment"),
                "what an annulled station does to the bases; without it: it leaves them",
            ),
            may("validity", Table("validity"), "when the election as a whole is void"),
            may("reading", Tables("reading"), "other readings, each computed beside the result"),
        ],
    ),
    (
        "law",
        &[
            must("cite", Text, "act and article; \"from memory\" in it is reported by the check"),
            may("text", Text, "the wording or its gist"),
        ],
    ),
    (
        "units",
        &[
            must("levels", Names, "level names from the whole downwards"),
            may("required_regions", Number, "how many units of level `region` must have totals"),
            may("required", Numbers, "how many units of each level must have totals"),
        ],
    ),
    (
        "contest",
        &[
            must("kind", Word(&["list", "candidate", "ranked"]), "what a ballot chooses"),
            may("seats", Number, "seats of this contest, if fixed here"),
            may("seats_each", Number, "seats in each unit"),
            may("unit", Name, "the level in whose units it is held"),
            may(
                "against_all",
                Word(&["none", "counted_not_contending", "repeat_if_most"]),
                "what votes against all do",
            ),
            may("partial_rankings", Text, "whether a ranking may stop early"),
            may("first_preference_required", Flag, "whether a paper without a first preference is invalid"),
        ],
    ),
    (
        "quantity",
        &[
            may("line", Text, "a line of the form; either this or `sum`"),
            may("sum", Names, "contests, `against_all` and other quantities that are added"),
            may("grows_with_votes", Flag, "whether a new vote is one more here (not so for a register)"),
        ],
    ),
    (
        "condition",
        &[
            may("all", Tables("condition"), "every one of these"),
            may("any", Tables("condition"), "at least one of these"),
            may("not", Table("condition"), "not this"),
            may("share", Table("share"), "a share of a named base"),
            may("votes", Table("votes"), "a number of votes"),
            may("seats", Table("seats_won"), "seats won in an earlier stage"),
            may("quota", Table("quota_multiple"), "a multiple of a quota"),
            may("attribute", NameOr("attribute"), "a fact about the list"),
            may("rank", Table("rank"), "a place among the lists by votes"),
            may("votes_per_seat", Table("votes_per_seat"), "as many votes as a seat costs on average, in some units"),
        ],
    ),
    (
        "share",
        &[
            must("base", Name, "the quantity: what the share is of"),
            may(
                "in",
                Text,
                "`national` (the default), `every LEVEL`, `any LEVEL`, or LEVEL: the unit whose seats are given",
            ),
            may("at_least", Ratio, "the edge passes; either this or `more_than`"),
            may("more_than", Ratio, "the edge does not pass"),
        ],
    ),
    ("votes", &[may("in", Text, "as in `share`"), must("at_least", Number, "the least number")]),
    ("seats_won", &[must("stage", Name, "the earlier stage"), must("at_least", Number, "the least number")]),
    (
        "votes_per_seat",
        &[
            must("base", Name, "the quantity that is divided by the seats of the unit"),
            must("stage", Name, "the earlier stage that gave them"),
            must("in", Name, "the level of the units"),
            must("units", Number, "in how many of them at least"),
        ],
    ),
    (
        "quota_multiple",
        &[
            must("quota", Word(QUOTAS), "which quota"),
            must("seats", Number, "the seats it is computed for"),
            may("at_least", Ratio, "how many quotas; either this or `more_than`"),
            may("more_than", Ratio, "how many quotas"),
        ],
    ),
    (
        "attribute",
        &[
            must("name", Text, "its name in the tally"),
            may("is", Text, "its exact value; without it, present and not `false`"),
            may("at_least", Number, "the least number, absent counting as 0"),
            may("at_most", Number, "the greatest number, absent counting as 0"),
        ],
    ),
    ("rank", &[may("in", Text, "as in `share`"), must("at_most", Number, "the last place that passes")]),
    (
        "doubt",
        &[
            must("field", Word(&["base", "in", "max_seats", "redistribute"]), "the doubtful field of the stage"),
            may("chosen_because", Text, "why the value in the stage was chosen"),
            must("other_readings", Names, "the other values, each computed"),
        ],
    ),
    (
        "seats_from",
        &[
            may("from", Name, "a stage, or LEVEL.NAME of the register"),
            may("left_by", Name, "the stage that could give them to nobody"),
        ],
    ),
    ("votes_from", &[must("remainders_of", Name, "the quota stage whose remainders count as votes")]),
    (
        "formula",
        &[
            must("family", Word(&["quota", "divisor"]), "which of the keys below apply"),
            may("quota", Word(QUOTAS), "V / n, ⌊V / (n + 1)⌋ + 1, V / (n + 1), V / (n + 2)"),
            may("over", Word(&["contenders", "all_lists"]), "whose votes are V"),
            may("rounding", Word(&["exact", "half_up", "floor", "ceil"]), "of the quota"),
            may(
                "remainder",
                Names,
                "who takes the seats left over: `none`, or phases in turn: `largest_fraction`, `highest_average_once`, `highest_averages`, `most_votes_in_turn`",
            ),
            may("remainder_at_least", Ratio, "only lists with this multiple of the quota compete by fractions"),
            may("over_allocation", Word(&["subtract_smallest_remainder", "refuse"]), "if full quotas exceed the house"),
            may(
                "rule",
                Word(&[
                    "dhondt",
                    "sainte_lague",
                    "modified_sainte_lague",
                    "danish",
                    "adams",
                    "huntington_hill",
                    "imperiali",
                    "listed",
                ]),
                "the divisors",
            ),
            may("first", Ratio, "the first divisor of `modified_sainte_lague`"),
            may("divisors", Ratios, "those of `listed`"),
        ],
    ),
    (
        "share_multiple",
        &[
            must("multiple", Ratio, "how many times its share"),
            must("base", Name, "the quantity that the share is of"),
            must("house", Number, "the seats of the whole house"),
            may("also_counts", Text, "an attribute with seats won elsewhere, which count towards the limit"),
        ],
    ),
    (
        "redistribute",
        &[
            must("stage", Name, "the allocation that runs again"),
            must("without", Word(&["capped"]), "who takes no part in it"),
        ],
    ),
    (
        "jump",
        &[
            must("of", Text, "what a candidate's own votes are compared with: `list_mean`, `list_votes`, `hare_quota`"),
            may("at_least", Ratio, "the multiple; either this or `more_than`"),
            may("more_than", Ratio, "the multiple"),
        ],
    ),
    (
        "limit",
        &[
            must("attribute", Text, "such as `gender`; who lacks it is not limited"),
            must("max_per_value", Number, "how many of those elected may share one value"),
            may("if_impossible", Word(&["not_held", "vacant"]), "what follows if seats cannot be filled because of it"),
        ],
    ),
    (
        "second_round",
        &[
            may("top", Number, "the first so many stand in the second round; 2 if absent"),
            may("base", Name, "with `at_least`: the quantity"),
            may("at_least", Ratio, "who has this share of it stands too"),
        ],
    ),
    (
        "valid_if",
        &[
            may("attribute", Text, "of those elected"),
            may("each_value_at_least", Number, "each value of it has at least so many seats"),
            may("some_value_at_least", Number, "some value of it has at least so many seats"),
            may("filled", Ratio, "at least this share of the seats is filled"),
        ],
    ),
    (
        "reserve",
        &[
            must("attribute", Text, "of the candidate"),
            must("is", Text, "its value"),
            must("at_least", Ratio, "the share of the list's seats kept for them"),
            may("rounding", Word(&["up", "down"]), "of a fraction of a seat"),
        ],
    ),
    (
        "until",
        &[
            must("every", Name, "the `minimum` stage that must be met"),
            may("shortfall_ignored", Table("shortfall"), "seats for which the house need not grow"),
        ],
    ),
    (
        "shortfall",
        &[
            must("max_total", Number, "of all lists together"),
            may("only_from", Name, "the `minimum` stage that says how many of each list"),
        ],
    ),
    (
        "nomination",
        &[
            may("law", Name, "the citation"),
            may("list_length", Range, "the least and the most candidates"),
            may("share_limits", Tables("share_limit"), "no value of an attribute above a share"),
            may("share_minimums", Tables("share_minimum"), "at least a share with an attribute"),
            may("count_minimums", Tables("count_minimum"), "at least a number with an attribute"),
        ],
    ),
    (
        "share_limit",
        &[
            must("attribute", Text, "of the candidate"),
            must("max", Ratio, "the greatest share of one value"),
            may("max_gap_in_order", Number, "the most places between two values in list order"),
        ],
    ),
    ("share_minimum", &[must("attribute", Text, "of the candidate"), must("min", Ratio, "the least share")]),
    (
        "count_minimum",
        &[
            must("attribute", Text, "of the candidate"),
            must("min", Number, "the least number"),
            may("of_which_in_first_50", Number, "how many of them among the first fifty"),
        ],
    ),
    (
        "vacancy",
        &[
            may("of", Name, "the stage whose seats it is about; without it: all that no other rule names"),
            must(
                "rule",
                Word(&["next_on_list", "next_in_order", "next_by_votes", "countback", "by_election"]),
                "who follows",
            ),
            may("same", Text, "an attribute in which the next must equal the one who left"),
            may("others", Word(&["next", "none"]), "what follows if nobody does: the next of the others, or nobody"),
            may("if_none", Word(&["vacant", "by_election"]), "what follows if nobody is left"),
            may("law", Name, "the citation"),
        ],
    ),
    (
        "standing",
        &[
            must("decides", Text, "the source that decides"),
            may("after_ruling", Text, "the source that decides after a ruling"),
            may("preliminary", Names, "sources shown before the deciding one is there"),
            may("mix_sources", Flag, "whether gaps are filled from preliminary sources"),
        ],
    ),
    (
        "annulment",
        &[
            must("turnout", Word(&["keep", "drop"]), "those who took part there, in the bases"),
            may("registered", Word(&["keep", "drop"]), "its register; as `turnout` if absent"),
            may("law", Name, "the citation"),
            may("status", Word(&["law", "reading"]), "`reading`: the law does not say it in these words"),
        ],
    ),
    (
        "surplus",
        &[
            must(
                "transfer",
                Word(&["whole_papers", "gregory", "inclusive_gregory", "weighted_inclusive_gregory", "meek"]),
                "what is passed on: whole papers; every paper of the last parcel, or of all, at a reduced value; or Meek's keep values",
            ),
            may("papers", Word(&["last_parcel", "all"]), "the papers that are looked at, as `transfer` has it"),
            may("choose", Word(&["physical_order"]), "with `whole_papers`: which papers are taken"),
            may("of", Word(&["transferable", "all"]), "what a surplus is divided by"),
            may(
                "value_decimals",
                Number,
                "decimals of a paper's value that are kept (0 to 18); all, if it is not there",
            ),
            may("vote_decimals", Number, "decimals of votes that are kept: 0 for whole votes"),
            may("wait_if_cannot_matter", Flag, "surpluses wait that cannot save those who are excluded next"),
            may("decimals", Number, "of Meek's method: decimals of all figures (1 to 9)"),
            may("tolerance", Number, "of Meek's method: surpluses below 10 to the minus this end the search"),
        ],
    ),
    (
        "exclude",
        &[
            may("order", Word(&["fewest"]), "who leaves the count"),
            may("together_if_cannot_matter", Flag, "whether several leave at once whose votes together change nothing"),
            may("keep_deposit_check", Text, "a part of the quota that keeps a deposit, such as `quota/4`"),
            may("papers", Word(&["at_once", "by_value", "by_receipt"]), "in how many counts their papers move"),
        ],
    ),
    (
        "validity",
        &[
            may("turnout_min", NameOr("turnout_floor"), "`none`, or the least turnout"),
            may("void_if", Words(&["against_all_leads", "no_list_admitted"]), "each of these voids the election"),
            may("law", Name, "the citation"),
        ],
    ),
    (
        "turnout_floor",
        &[
            must("of", Name, "the quantity that must be reached"),
            must("base", Name, "the quantity that it is a share of"),
            must("at_least", Ratio, "the share"),
        ],
    ),
    (
        "reading",
        &[
            must("id", Text, "its key"),
            must("says", Text, "what it says, in words"),
            may("law", Name, "the citation"),
            must("stage", Name, "the stage that it reads differently"),
            may("field", Word(&["base", "in", "max_seats", "redistribute"]), "the field; with `value`, or else `set`"),
            may("value", Text, "the value under this reading"),
            may("set", Any, "any keys of the stage, with their values under this reading"),
        ],
    ),
];
