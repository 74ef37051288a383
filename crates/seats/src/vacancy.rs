//! `[vacancy]`: who follows when a seat becomes vacant after the result.

mod because;
mod countback;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

pub use because::Because;

use crate::outcome::{Member, Outcome};
use crate::ranked::{RankedLot, RankedOutcome};
use crate::refusal::{Reason, Refusal};
use crate::rulebook::{IfNone, Rulebook, StageKind, Vacancy, VacancyRule};
use crate::tally::Tally;

/// A seat that became vacant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VacatedSeat {
    /// Who left it.
    pub candidate: String,
    /// Who sits now, where others have followed since the result. Empty: the members of the outcome.
    pub seated: BTreeSet<String>,
    /// Who has left, or has refused to follow, or can no longer be elected.
    pub left: BTreeSet<String>,
    /// Lots that were drawn for this seat: among those with equal votes, or in the count of the papers. One that
    /// decides nothing is refused.
    pub lots: Vec<RankedLot>,
}

/// Who follows, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Succession {
    /// Who left the seat.
    pub vacated: String,
    /// The list of the seat.
    pub list: Option<String>,
    /// The unit of the seat.
    pub unit: Option<String>,
    /// The word of the rulebook.
    pub rule: &'static str,
    /// The key of the law.
    pub law: Option<String>,
    /// What follows.
    pub follows: Follows,
    /// Everybody who was looked at, in order, each with the reason.
    pub considered: Vec<Considered>,
    /// The papers of the one who left, counted again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<RankedOutcome>,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Follows {
    /// This candidate.
    Candidate {
        /// The id.
        id: String,
        /// The name.
        name: String,
    },
    /// These have the same votes; nothing in the rulebook settles it.
    Tied(Vec<String>),
    /// Nobody: the seat stays vacant.
    Vacant,
    /// The voters decide.
    ByElection,
    /// The papers that elected the one who left are counted again; this tally does not hold them.
    Countback,
}

/// One who was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Considered {
    /// The id.
    pub candidate: String,
    /// Why they follow, or why not; serialised as its English sentence.
    #[serde(serialize_with = "as_words")]
    pub because: Because,
}

fn as_words<S: Serializer>(because: &Because, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(because)
}

/// Says who follows, by the rulebook's `[vacancy]`, after an outcome of the same rulebook and tally.
///
/// # Errors
/// [`Refusal::NoVacancyRule`] without a rule for such a seat; [`Refusal::NotSeated`] if nobody of that id sits, or
/// if several do; what the tally lacks (votes of candidates).
pub fn successor(
    rulebook: &Rulebook,
    tally: &Tally,
    outcome: &Outcome,
    vacated: &VacatedSeat,
) -> Result<Succession, Refusal> {
    let seat = seat(rulebook, tally, outcome, vacated)?;
    let of_stage = |rule: &&Vacancy| rule.of.is_some() && rule.of == seat.stage;
    let general = || rulebook.vacancies.iter().find(|rule| rule.of.is_none());
    let rules = rulebook.vacancies.iter().find(of_stage).or_else(general).ok_or(Refusal::NoVacancyRule)?;
    let mut succession = Succession {
        vacated: vacated.candidate.clone(),
        list: seat.list.clone(),
        unit: seat.unit.clone(),
        rule: word(&rules.rule),
        law: rules.law.clone(),
        follows: match rules.if_none {
            IfNone::Vacant => Follows::Vacant,
            IfNone::ByElection => Follows::ByElection,
        },
        considered: Vec::new(),
        count: None,
    };
    if !matches!(rules.rule, VacancyRule::Countback | VacancyRule::NextByVotes { .. }) {
        superfluous(&vacated.lots)?;
    }
    match &rules.rule {
        VacancyRule::ByElection => succession.follows = Follows::ByElection,
        VacancyRule::Countback => countback::count(rulebook, tally, outcome, &seat, vacated, &mut succession)?,
        VacancyRule::NextOnList => {
            let people = on_list(tally, &seat);
            first(&people, &seat, vacated, &mut succession, Because::NextOnList);
        }
        VacancyRule::NextInOrder => {
            let people = in_order(tally, outcome, &seat);
            first(&people, &seat, vacated, &mut succession, Because::NextInOrder);
        }
        VacancyRule::NextByVotes { same, else_other } => {
            let people = with_votes(tally, &seat, vacated)?;
            by_votes(&people, &seat, vacated, same.as_deref(), *else_other, &mut succession)?;
        }
    }
    Ok(succession)
}

fn word(rule: &VacancyRule) -> &'static str {
    match rule {
        VacancyRule::NextOnList => "next_on_list",
        VacancyRule::NextInOrder => "next_in_order",
        VacancyRule::NextByVotes { .. } => "next_by_votes",
        VacancyRule::Countback => "countback",
        VacancyRule::ByElection => "by_election",
    }
}

/// The vacant seat, and who sits elsewhere.
struct Seat {
    /// The stage that gave it.
    stage: Option<String>,
    list: Option<String>,
    unit: Option<String>,
    seated: BTreeSet<String>,
}

fn seat(rulebook: &Rulebook, tally: &Tally, outcome: &Outcome, vacated: &VacatedSeat) -> Result<Seat, Refusal> {
    let id = vacated.candidate.as_str();
    let members = outcome.members.iter().filter_map(|member| Some((member.candidate.clone()?, member)));
    let of_outcome: BTreeMap<String, &Member> = members.collect();
    let seated: BTreeSet<String> =
        if vacated.seated.is_empty() { of_outcome.keys().cloned().collect() } else { vacated.seated.clone() };
    let not_seated = |reason: Reason| Refusal::NotSeated { candidate: id.to_owned(), reason };
    if !seated.contains(id) {
        return Err(not_seated(Reason::NobodySeated));
    }
    if outcome.members.iter().filter(|member| member.candidate.as_deref() == Some(id)).count() > 1 {
        return Err(not_seated(Reason::SeveralSeats));
    }
    // One who followed later holds no seat of the outcome: their own list and unit say where.
    let (stage, (list, unit)) = match of_outcome.get(id) {
        Some(member) => (Some(member.stage.clone()), (member.list.clone(), member.unit.clone())),
        None => (stage_of(rulebook, tally, id), at_home(tally, id).ok_or_else(|| not_seated(Reason::NotInTally))?),
    };
    Ok(Seat { stage, list, unit, seated })
}

/// The stage that elects those who stand where this one does.
fn stage_of(rulebook: &Rulebook, tally: &Tally, id: &str) -> Option<String> {
    let contest = tally.nominees.iter().find(|nominee| nominee.id == id).map(|nominee| nominee.contest.as_str());
    let elects = |kind: &StageKind| match kind {
        StageKind::Plurality(rule) => contest == Some(&rule.contest),
        StageKind::Runoff(rule) => contest == Some(&rule.contest),
        StageKind::Rank(rule) => contest == Some(&rule.contest),
        StageKind::Candidates(_) => contest.is_none(),
        _ => false,
    };
    rulebook.stages.iter().rfind(|stage| elects(&stage.kind)).map(|stage| stage.id.clone())
}

/// The list and unit in which someone stands.
fn at_home(tally: &Tally, id: &str) -> Option<(Option<String>, Option<String>)> {
    let nominee = tally.nominees.iter().find(|nominee| nominee.id == id);
    nominee.map(|nominee| (nominee.list.clone(), nominee.unit.clone())).or_else(|| {
        tally.lists.iter().find_map(|list| {
            let candidate = list.candidates.iter().find(|candidate| candidate.id == id)?;
            Some((Some(list.id.clone()), candidate.unit.clone()))
        })
    })
}

/// Someone who could follow.
struct Person<'a> {
    id: &'a str,
    name: &'a str,
    withdrawn: bool,
    attributes: &'a BTreeMap<String, String>,
    votes: Option<u64>,
}

/// The candidates of the seat's list, in its order.
fn on_list<'a>(tally: &'a Tally, seat: &Seat) -> Vec<Person<'a>> {
    let list = tally.lists.iter().find(|list| Some(&list.id) == seat.list.as_ref());
    let candidates = list.into_iter().flat_map(|list| &list.candidates);
    candidates
        .filter(|candidate| seat.unit.is_none() || candidate.unit.is_none() || candidate.unit == seat.unit)
        .map(|candidate| Person {
            id: &candidate.id,
            name: &candidate.name,
            withdrawn: candidate.withdrawn,
            attributes: &candidate.attributes,
            votes: candidate.attributes.get("votes").and_then(|votes| votes.parse().ok()),
        })
        .collect()
}

/// The same in the order in which the outcome seats them: first its reserves' order.
fn in_order<'a>(tally: &'a Tally, outcome: &Outcome, seat: &Seat) -> Vec<Person<'a>> {
    let mut people = on_list(tally, seat);
    let mine = outcome.reserves.iter().filter(|one| Some(&one.list) == seat.list.as_ref() && one.unit == seat.unit);
    let order: BTreeMap<&str, usize> = mine.zip(0usize..).map(|(one, place)| (one.candidate.as_str(), place)).collect();
    people.sort_by_key(|person| order.get(person.id).copied().unwrap_or(usize::MAX));
    people
}

/// Those who stood in the seat's poll, or on its list, with their votes.
fn with_votes<'a>(tally: &'a Tally, seat: &Seat, vacated: &VacatedSeat) -> Result<Vec<Person<'a>>, Refusal> {
    let by_list = on_list(tally, seat);
    if !by_list.is_empty() {
        let list = seat.list.clone().unwrap_or_default();
        let missing = by_list.iter().find(|person| person.votes.is_none());
        return match missing {
            Some(person) => Err(Refusal::CandidateVotesMissing { list, candidate: person.id.to_owned() }),
            None => Ok(by_list),
        };
    }
    let poll = tally.nominees.iter().find(|nominee| nominee.id == vacated.candidate).map(|nominee| &nominee.contest);
    let stood = tally.nominees.iter().filter(|nominee| nominee.unit == seat.unit && Some(&nominee.contest) == poll);
    Ok(stood
        .map(|nominee| {
            let totals = tally.totals.iter().filter(|total| total.contest == nominee.contest);
            let votes = totals
                .filter(|total| nominee.unit.as_ref().is_none_or(|unit| *unit == total.unit))
                .find_map(|total| total.votes.get(&nominee.id));
            Person {
                id: &nominee.id,
                name: &nominee.name,
                withdrawn: nominee.withdrawn,
                attributes: &nominee.attributes,
                votes: Some(votes.copied().unwrap_or(0)),
            }
        })
        .collect())
}

/// Why someone cannot follow.
fn out(id: &str, withdrawn: bool, seat: &Seat, vacated: &VacatedSeat) -> Option<Because> {
    if id == vacated.candidate {
        Some(Because::LeftTheSeat)
    } else if seat.seated.contains(id) {
        Some(Because::HasASeat)
    } else if vacated.left.contains(id) {
        Some(Because::HasLeft)
    } else if withdrawn {
        Some(Because::Withdrew)
    } else {
        None
    }
}

/// The first who can.
fn first(people: &[Person<'_>], seat: &Seat, vacated: &VacatedSeat, succession: &mut Succession, because: Because) {
    for person in people {
        let reason = out(person.id, person.withdrawn, seat, vacated);
        let found = reason.is_none();
        let because = reason.unwrap_or_else(|| because.clone());
        succession.considered.push(Considered { candidate: person.id.to_owned(), because });
        if found {
            succession.follows = follows(person);
            return;
        }
    }
}

fn follows(person: &Person<'_>) -> Follows {
    Follows::Candidate { id: person.id.to_owned(), name: person.name.to_owned() }
}

/// The one with most votes: first among those with the same value of the attribute, then of all.
fn by_votes(
    people: &[Person<'_>],
    seat: &Seat,
    vacated: &VacatedSeat,
    same: Option<&str>,
    else_other: bool,
    succession: &mut Succession,
) -> Result<(), Refusal> {
    let mut can = Vec::new();
    for person in people {
        match out(person.id, person.withdrawn, seat, vacated) {
            Some(because) => succession.considered.push(Considered { candidate: person.id.to_owned(), because }),
            None => can.push(person),
        }
    }
    can.sort_by(|a, b| b.votes.cmp(&a.votes).then(a.id.cmp(b.id)));
    let leaver = people.iter().find(|person| person.id == vacated.candidate);
    let value = same.and_then(|attribute| leaver.and_then(|leaver| leaver.attributes.get(attribute)));
    let (alike, others): (Vec<&Person<'_>>, Vec<&Person<'_>>) =
        can.into_iter().partition(|person| same.is_none_or(|attribute| person.attributes.get(attribute) == value));
    let nobody_alike = alike.is_empty() && else_other;
    let from = if nobody_alike { others } else { alike };
    let Some(best) = from.first() else {
        return superfluous(&vacated.lots);
    };
    let tied: Vec<&&Person<'_>> = from.iter().filter(|person| person.votes == best.votes).collect();
    for person in &tied {
        let votes = person.votes.unwrap_or(0);
        let because = match same.map(str::to_owned) {
            None => Because::MostVotes(votes),
            Some(same) if nobody_alike => Because::MostVotesOfOthers(same, votes),
            Some(same) => Because::MostVotesAlike(same, votes),
        };
        succession.considered.push(Considered { candidate: person.id.to_owned(), because });
    }
    if let [only] = tied.as_slice() {
        succession.follows = follows(only);
        return superfluous(&vacated.lots);
    }
    let between: BTreeSet<String> = tied.iter().map(|person| person.id.to_owned()).collect();
    let (lots, others): (Vec<&RankedLot>, Vec<&RankedLot>) =
        vacated.lots.iter().partition(|lot| lot.between == between && lot.drawn.len() == 1);
    superfluous(others.into_iter().chain(lots.iter().skip(1).copied()))?;
    let drawn = lots.first().map(|lot| tied.iter().find(|person| lot.drawn.iter().any(|id| id == person.id)));
    match drawn {
        None => succession.follows = Follows::Tied(between.into_iter().collect()),
        // Somebody was drawn who is not among them.
        Some(None) => return superfluous(lots),
        Some(Some(person)) => {
            let because = Because::Drawn(person.votes.unwrap_or(0));
            succession.considered.retain(|one| !between.contains(&one.candidate));
            succession.considered.push(Considered { candidate: person.id.to_owned(), because });
            succession.follows = follows(person);
        }
    }
    Ok(())
}

/// Refuses lots that decide nothing.
fn superfluous<'a>(lots: impl IntoIterator<Item = &'a RankedLot>) -> Result<(), Refusal> {
    lots.into_iter().next().map_or(Ok(()), |lot| {
        Err(Refusal::SuperfluousLot {
            stage: "vacancy".to_owned(),
            between: lot.between.iter().cloned().collect::<Vec<_>>().join(", "),
        })
    })
}
