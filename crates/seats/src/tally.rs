//! The input: votes per list and unit, with the lines of the form that serve as bases.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ranked::Ballots;
use crate::{Reason, Refusal};

/// What is put through a rulebook. Schema `recount-tally/1`; unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Always `recount-tally/1`.
    pub schema: String,
    /// The geography, as far as totals exist for it. The national unit may be left out if every
    /// unit of one level below has a total: it is then their sum.
    pub units: Vec<Unit>,
    /// The lists that stand.
    pub lists: Vec<List>,
    /// Votes per contest and unit. A unit and its parts may both have totals; they must agree.
    pub totals: Vec<Total>,
    /// Numbers that are not votes, per unit: population, seats of the district.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub register: BTreeMap<String, BTreeMap<String, u64>>,
    /// The people who stand in contests of candidates or of ranked ballots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nominees: Vec<Nominee>,
    /// Papers of contests of ranked ballots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ballots: Vec<RankedPapers>,
    /// Stations that are not in the totals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

/// A node of the geography.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// The key that totals use.
    pub id: String,
    /// One of the rulebook's `units.levels`.
    pub level: String,
    /// The unit above; without one, the national unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// `abroad = "true"` takes a unit out of conditions "in every region".
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Unit {
    /// Whether this unit lies outside the country and so outside regional conditions.
    pub fn abroad(&self) -> bool {
        self.attributes.get("abroad").is_some_and(|v| v == "true")
    }
}

/// A list (party, bloc, state of a federation): what seats are given to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The key that votes use. Never join lists by name.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Facts that rules ask for, such as `coalition_members = "2"`. The group of lists that it
    /// shares a distribution with (apparentement) is `group`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The candidates in list order. Empty means: not known here, and taken as long enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

impl List {
    /// Nobody stands twice in one place of the list; in several units the same person may.
    fn check_candidates(&self) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        match self.candidates.iter().find(|candidate| !seen.insert((&candidate.id, &candidate.unit))) {
            Some(twice) => Err(Refusal::DuplicateCandidate { list: self.id.clone(), candidate: twice.id.clone() }),
            None => Ok(()),
        }
    }
}

/// One candidate of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The key.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The unit in which they stand, where a list has other candidates in each unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Facts that rules ask for. Where voters choose within a list, its own votes are `votes`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Withdrew, or died, after the vote and before the allocation.
    #[serde(default)]
    pub withdrawn: bool,
}

/// Someone who stands for a seat by name, in a contest of candidates or of ranked ballots.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nominee {
    /// The key that votes use. In a contest of candidates a key of votes that is no nominee's is a
    /// list's: then the list has one candidate there, who is not named.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// The contest they stand in.
    pub contest: String,
    /// The unit they stand in; without one, the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The list they belong to; without one, they stand for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Facts that rules ask for, such as `gender`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Withdrew, or died, after the vote and before the allocation.
    #[serde(default)]
    pub withdrawn: bool,
}

/// The papers of one contest of ranked ballots in one unit. The nominees of the contest stand there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedPapers {
    /// A contest of the rulebook, of kind `ranked`.
    pub contest: String,
    /// The unit; without one, the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Groups of equal papers: how many, and the nominees by id, first preference first. Their order
    /// is that of the pile, which matters only where a law takes whole papers as they lie.
    pub papers: Vec<(u64, Vec<String>)>,
}

/// The figures of one contest in one unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// A contest of the rulebook.
    pub contest: String,
    /// A unit of this tally.
    pub unit: String,
    /// Votes by list id, in a contest of candidates by nominee. Who is not named has none here.
    pub votes: BTreeMap<String, u64>,
    /// Votes against all lists, where the ballot offers that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_all: Option<u64>,
    /// Lines of the form, by name: `registered`, `voters_took_part`, `valid`, `invalid`, `blank`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lines: BTreeMap<String, u64>,
}

/// Stations of one unit that are not in the totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// The unit they belong to.
    pub unit: String,
    /// How many stations.
    pub stations: u64,
    /// The electors on their registers together, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_voters: Option<u64>,
}

impl Tally {
    /// The schema that this version reads.
    pub const SCHEMA: &str = "recount-tally/1";

    /// Reads a tally from JSON.
    ///
    /// # Errors
    /// [`Refusal::TallyUnreadable`] with line and column: bad JSON, an unknown or missing key, a
    /// negative, fractional or too large figure, another schema. [`Refusal::DuplicateCandidate`]: two
    /// candidates of a list with one id, who could not be told apart.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let tally: Self = serde_json::from_str(text)
            .map_err(|error| Refusal::TallyUnreadable { reason: Reason::unreadable(&error) })?;
        tally.check_schema()?;
        tally.lists.iter().try_for_each(List::check_candidates)?;
        Ok(tally)
    }

    /// Adds papers that were read from a file. If the tally names nobody who stands in this contest
    /// and unit, the candidates of the papers do.
    pub fn add_ballots(&mut self, contest: &str, unit: Option<&str>, ballots: &Ballots) {
        let here = |nominee: &Nominee| {
            nominee.contest == contest && (nominee.unit.is_none() || nominee.unit.as_deref() == unit)
        };
        if !self.nominees.iter().any(here) {
            self.nominees.extend(ballots.candidates().iter().map(|candidate| Nominee {
                id: candidate.id.clone(),
                name: candidate.name.clone(),
                contest: contest.to_owned(),
                unit: unit.map(str::to_owned),
                withdrawn: candidate.withdrawn,
                ..Nominee::default()
            }));
        }
        let papers = ballots.iter().map(|(count, ids)| (count, ids.into_iter().map(str::to_owned).collect()));
        self.ballots.push(RankedPapers {
            contest: contest.to_owned(),
            unit: unit.map(str::to_owned),
            papers: papers.collect(),
        });
    }

    pub(crate) fn check_schema(&self) -> Result<(), Refusal> {
        if self.schema == Self::SCHEMA {
            return Ok(());
        }
        Err(Refusal::TallyUnreadable { reason: Reason::OtherSchema(self.schema.clone(), Self::SCHEMA.to_owned()) })
    }
}
