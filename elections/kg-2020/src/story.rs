//! What the demo tells: the register, the counts, the statements around them.

use serde::Serialize;

use crate::figures::{LISTS, Percent};

/// Which assumption the generated stations follow. The published figures do not decide between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// At every station counted by hand the hand count equals the machine count; the totals differ only because
    /// other stations are in.
    Same,
    /// The stations counted by hand are like the others; the hand count differs from the machine count at some of them.
    Differs,
}

impl World {
    /// The assumption in words, to be printed beside every figure that depends on it.
    #[must_use]
    pub fn assumption(self) -> &'static str {
        match self {
            Self::Same => {
                "assumed, not published: at the 1,558 stations counted by hand, hand and machine counts agree; only the choice of stations differs"
            }
            Self::Differs => {
                "assumed, not published: the 1,558 stations counted by hand are like the others; hand and machine counts differ at some of them"
            }
        }
    }
}

/// Minutes since the polls closed at 20:00 on 4 October (+06:00); negative before.
pub type Minute = i64;

/// How much of a figure is a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Printed by a named source.
    Published,
    /// Follows from published figures by arithmetic.
    Computed,
    /// A choice between possibilities that published figures leave open.
    Assumed,
    /// Generated, so that published totals hold.
    Synthetic,
}

/// One line of what is fact and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// How much of it is a fact.
    pub basis: Basis,
    /// Which figures.
    pub what: &'static str,
}

/// A unit: one of the nine of the 0.7 % test, or `abroad`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Id.
    pub id: String,
    /// Name in Kyrgyz.
    pub kyrgyz: String,
    /// Name in Russian.
    pub russian: String,
    /// Name in English.
    pub english: String,
    /// Whether a list needs 0.7 % here (not abroad).
    pub threshold: bool,
}

/// A territorial commission. Codes are synthetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Territory {
    /// Id, such as `bishkek-1`.
    pub id: String,
    /// Unit id.
    pub unit: String,
}

/// A station of the register. Codes are synthetic, Zardaly apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Station {
    /// Id, four digits.
    pub id: String,
    /// Unit id.
    pub unit: String,
    /// Territory id.
    pub territory: String,
    /// Voters on the register at the vote.
    pub registered: u64,
    /// Voters on the register on 28 September; 0 for a station that did not exist then.
    pub registered_before: u64,
}

/// A station that the register of 28 September had and that of polling day has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemovedStation {
    /// Id.
    pub id: String,
    /// Unit id.
    pub unit: String,
    /// Territory id.
    pub territory: String,
    /// Voters on the register on 28 September.
    pub registered_before: u64,
}

/// The change of the register in the last week. Numbers of stations are published, which ones are synthetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterChange {
    /// Stations at home on 28 September.
    pub before_home: u64,
    /// Stations abroad on 28 September.
    pub before_abroad: u64,
    /// Stations at home at the vote.
    pub after_home: u64,
    /// Stations abroad at the vote.
    pub after_abroad: u64,
    /// Ids of stations new since 28 September (the least number that explains the published ones).
    pub added: Vec<String>,
    /// Stations gone since 28 September (the least number likewise).
    pub removed: Vec<RemovedStation>,
}

/// A list on the ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BallotList {
    /// Id.
    pub id: String,
    /// Name in Kyrgyz.
    pub kyrgyz: String,
    /// Name in Russian.
    pub russian: String,
    /// Name in English.
    pub english: String,
}

/// The count of one station's box that scans: a preliminary source with fewer lines than the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MachineCount {
    /// Station id.
    pub station: String,
    /// When it arrived.
    pub at_minute: Minute,
    /// Voters who took part.
    pub voters_took_part: u64,
    /// Ballots that are invalid or that the box could not read.
    pub invalid_or_unread: u64,
    /// Votes per list, in ballot order.
    pub votes: [u64; LISTS],
    /// Votes against all.
    pub against_all: u64,
}

/// An honest error in a protocol's lines that breaks a control and leaves the votes untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slip {
    /// Cancelled ballots miscounted: received is not the sum of where they went.
    Cancelled,
    /// Ballots issued at the station miscounted.
    IssuedAtStation,
    /// Ballots of the stationary box miscounted: the boxes do not add up to valid and invalid.
    StationaryBox,
    /// The portable box holds more than was issued outside.
    PortableBox,
}

/// A station's protocol of the hand count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandCount {
    /// Station id.
    pub station: String,
    /// When it arrived.
    pub at_minute: Minute,
    /// Line 1: voters on the main register.
    pub registered: u64,
    /// Line 1a: voters on the additional list.
    pub additional_list: u64,
    /// Line 2: ballots received.
    pub ballots_received: u64,
    /// Line 3: ballots handed to early voters (none in this story).
    pub early: u64,
    /// Line 4: ballots issued at the station.
    pub issued_at_station: u64,
    /// Line 5: ballots issued outside the station.
    pub issued_outside: u64,
    /// Line 7: cancelled (unused, destroyed) ballots.
    pub cancelled: u64,
    /// Line 8: ballots in portable boxes.
    pub portable_box: u64,
    /// Line 9: ballots in stationary boxes.
    pub stationary_box: u64,
    /// Line 10: valid ballots.
    pub valid: u64,
    /// Line 11: invalid ballots.
    pub invalid: u64,
    /// Lines 6 and 12: voters who took part.
    pub voters_took_part: u64,
    /// Line 13: votes per list, in ballot order.
    pub votes: [u64; LISTS],
    /// Line 14: votes against all.
    pub against_all: u64,
    /// The error that was put into the lines, if any.
    pub slip: Option<Slip>,
}

/// A turnout figure that the commission announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TurnoutStatement {
    /// When.
    pub at_minute: Minute,
    /// Voters in the country as announced.
    pub voted: u64,
    /// Percentage as printed.
    pub percent: Percent,
    /// Unit id, voters and percentage, where announced.
    pub units: Vec<(String, u64, Percent)>,
    /// Source id in the figures.
    pub source: String,
    /// A contradiction in what was published, in words.
    pub contradiction: Option<&'static str>,
}

/// What was said on election night. The minute is synthetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NightStatement {
    /// When (synthetic): so many machine counts had arrived.
    pub at_minute: Minute,
    /// Stations reporting.
    pub stations: u64,
    /// Percentage printed beside it.
    pub stations_printed: Percent,
    /// Turnout printed beside it.
    pub turnout_printed: Percent,
    /// Lists over the threshold at that time, as reported.
    pub lists_over_threshold: u64,
    /// Source id in the figures.
    pub source: String,
    /// Why the parts cannot all be right.
    pub contradiction: &'static str,
}

/// An observer's copy of a hand protocol. All synthetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObserverCopy {
    /// Station id.
    pub station: String,
    /// Who filed it: a synthetic organisation.
    pub by: String,
    /// When.
    pub at_minute: Minute,
    /// Voters who took part.
    pub voters_took_part: u64,
    /// Invalid ballots.
    pub invalid: u64,
    /// Votes per list, in ballot order.
    pub votes: [u64; LISTS],
    /// Votes against all.
    pub against_all: u64,
    /// Whether its figures differ from the protocol's.
    pub differs: bool,
}

/// What a complaint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComplaintCode {
    /// Money for votes.
    Bribery,
    /// Organised transport of voters.
    Transport,
    /// The box that counts was replaced by a plain one.
    BoxReplaced,
    /// Voters on the list who should not be, or twice.
    ListFraud,
}

impl ComplaintCode {
    /// The code as filed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bribery => "bribery",
            Self::Transport => "transport",
            Self::BoxReplaced => "box-replaced",
            Self::ListFraud => "list-fraud",
        }
    }
}

/// A complaint. Its station is synthetic; the numbers of complaints follow what was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Complaint {
    /// When.
    pub at_minute: Minute,
    /// Station id.
    pub station: String,
    /// Subject.
    pub code: ComplaintCode,
    /// Who filed it: `rapid-response` (the commission's group) or `sample` (after the observers' sample).
    pub by: &'static str,
}

/// The ruling of 6 October on the results of all stations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ruling {
    /// When the first report appeared (11:46; the hour of the ruling is not published).
    pub at_minute: Minute,
    /// Date.
    pub date: String,
    /// Number of the resolution.
    pub number: String,
    /// Title.
    pub title: String,
    /// Law cited.
    pub law: String,
    /// Lists that it names as applicants.
    pub applicants_named: u64,
    /// Lists by the press.
    pub applicants_press: u64,
    /// Members of the commission: from general knowledge, in none of the sources.
    pub members_unsourced: u64,
    /// Members present, if published: it is not.
    pub present: Option<u64>,
    /// Votes for, if published: it is not, so a record claims none.
    pub votes_for: Option<u64>,
    /// Whether the decision rests on an examination station by station: none was found.
    pub grounds_by_station: bool,
}

/// A remark for the record: a fact with its numbers and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Date.
    pub date: String,
    /// Subject: `form-2`, `outside`, `sample`, `sitting`, `slip`.
    pub subject: &'static str,
    /// Text.
    pub text: String,
    /// Source ids in the figures.
    pub sources: Vec<String>,
}

/// Totals over a set of stations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Stations in it.
    pub stations: u64,
    /// Voters who took part.
    pub voters_took_part: u64,
    /// Invalid (machine: or unread) ballots.
    pub invalid: u64,
    /// Votes per list, in ballot order.
    pub votes: [u64; LISTS],
    /// Votes against all.
    pub against_all: u64,
}

/// Everything that the demo files, in one world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Always true: station figures are generated. Whatever shows them must say so.
    pub synthetic: bool,
    /// The assumption.
    pub world: World,
    /// What is fact and what is not.
    pub provenance: Vec<Provenance>,
    /// Nine units and abroad.
    pub units: Vec<Unit>,
    /// 54 territories at home and one abroad.
    pub territories: Vec<Territory>,
    /// 2,430 stations at home, then 45 abroad.
    pub stations: Vec<Station>,
    /// The station of Zardaly, without a machine count.
    pub zardaly: String,
    /// The late change of the register.
    pub register_change: RegisterChange,
    /// The ballot.
    pub lists: Vec<BallotList>,
    /// 2,429 machine counts in order of arrival.
    pub machine: Vec<MachineCount>,
    /// 1,558 hand counts in order of arrival.
    pub hand: Vec<HandCount>,
    /// Totals of the machine counts.
    pub machine_totals: Totals,
    /// Totals of the hand counts.
    pub hand_totals: Totals,
    /// Other hand totals, equally within the rounding of what was published, which move one seat.
    pub hand_alternative: Totals,
    /// Turnout announced.
    pub turnout: Vec<TurnoutStatement>,
    /// Election night.
    pub night: NightStatement,
    /// The briefing of 5 October, 11:00.
    pub briefing_minute: Minute,
    /// Observers' copies.
    pub copies: Vec<ObserverCopy>,
    /// Complaints in order of time.
    pub complaints: Vec<Complaint>,
    /// The ruling.
    pub ruling: Ruling,
    /// Remarks in order of date.
    pub notes: Vec<Note>,
}
