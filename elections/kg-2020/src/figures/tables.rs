//! The tables of `figures.toml` as they stand there.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Percent;

/// How far a source's address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// To the page itself.
    Page,
    /// To a story by its number on the site.
    Number,
    /// To the site or folder only.
    Site,
    /// Nowhere: the outlet's name is all that is known.
    Outlet,
}

/// Where a figure was published.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name inside this file.
    pub id: String,
    /// How far the address leads.
    pub reach: Reach,
    /// Address; none for an outlet known by name only.
    pub url: Option<String>,
    /// What it says.
    pub note: String,
}

/// A list on the ballot with what was published about it for the country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListFigures {
    /// Id in the record.
    pub id: String,
    /// Name in Kyrgyz.
    pub kyrgyz: String,
    /// Name in Russian, as the sources print it.
    pub russian: String,
    /// Name in English.
    pub english: String,
    /// Votes of the box count, 5 October 11:00.
    pub machine_votes: u64,
    /// Its share as printed beside the votes (one of them is a slip: Ata Meken 4.3).
    pub machine_printed: Percent,
    /// Share in the hand count of 1,558 stations, as printed.
    pub hand_printed: Percent,
    /// Decimals to which the hand share is kept here: 2 for the six lists of AKIpress, 1 for those of vesti.kg.
    pub hand_decimals: u32,
}

/// What was published about the lists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
    /// Votes against all in the box count.
    pub against_all_machine_votes: u64,
    /// Share against all in the hand count.
    pub against_all_hand_printed: Percent,
    /// Stations counted by hand at 11:00.
    pub hand_stations: u64,
    /// The sixteen lists, most votes first.
    pub list: Vec<ListFigures>,
}

/// One of the nine units of the 0.7 % test.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFigures {
    /// Id in the record.
    pub id: String,
    /// Name in Kyrgyz.
    pub kyrgyz: String,
    /// Name in Russian.
    pub russian: String,
    /// Name in English.
    pub english: String,
    /// Number of precincts on 28 September, where published.
    pub precincts: Option<u64>,
    /// Share of the register on 28 September.
    pub before_share: Percent,
    /// Voters who had voted by 14:00.
    pub voted_14h: u64,
    /// Turnout printed beside it.
    pub turnout_14h: Percent,
    /// Final turnout, where published.
    pub turnout_final: Option<Percent>,
    /// Shares of the lists among those who took part, where published: `source`, `against_all` and one key per list.
    pub shares: Option<BTreeMap<String, String>>,
}

/// What was published about the units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
    /// Stations at home on 28 September.
    pub before_stations_home: u64,
    /// Stations abroad on 28 September.
    pub before_stations_abroad: u64,
    /// The nine units.
    pub unit: Vec<UnitFigures>,
}

/// The election as a whole, 5 October 11:00.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// Polling day.
    pub date: String,
    /// Seats.
    pub seats: u64,
    /// Threshold in the country.
    pub national_threshold: Percent,
    /// Threshold in each of the nine units.
    pub unit_threshold: Percent,
    /// Voters on the register.
    pub registered: u64,
    /// Voters who took part by the box count.
    pub took_part: u64,
    /// Turnout printed.
    pub turnout: Percent,
    /// Stations.
    pub stations: u64,
    /// Stations at home.
    pub stations_home: u64,
    /// Stations abroad.
    pub stations_abroad: u64,
    /// Stations without a box count: those abroad and Zardaly.
    pub stations_without_machine_count: u64,
    /// Territorial commissions.
    pub territorial_commissions: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
    /// Arithmetic slips that spread.
    pub slips: Slips,
}

/// Arithmetic slips in print.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slips {
    /// Stations missing from the hand count as printed (2,475 - 1,558 is 917).
    pub stations_missing_printed: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// What was printed.
    pub note: String,
}

/// One turnout figure announced for the country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnoutFigures {
    /// Time that it speaks of (RFC 3339).
    pub at: String,
    /// Voters.
    pub voted: u64,
    /// Percentage printed.
    pub percent: Percent,
    /// Source id.
    pub source: String,
}

/// The announced turnout figures.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turnout {
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
    /// In order of time.
    pub statement: Vec<TurnoutFigures>,
}

/// What was said on election night; the parts contradict each other and are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Night {
    /// Stations reporting.
    pub stations: u64,
    /// Their percentage as printed.
    pub stations_printed: Percent,
    /// Turnout as printed.
    pub turnout_printed: Percent,
    /// Lists over the threshold at that time.
    pub lists_over_threshold: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
}

/// Form No. 2, the temporary electoral address, by 2 October.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form2 {
    /// Citizens who changed their address.
    pub citizens: u64,
    /// Of them, applied more than once.
    pub repeated: u64,
    /// Twice.
    pub twice: u64,
    /// Three times.
    pub three_times: u64,
    /// Four times.
    pub four_times: u64,
    /// Five times.
    pub five_times: u64,
    /// Twenty-two times.
    pub twenty_two_times: u64,
    /// Applications rejected.
    pub rejected: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
}

/// Voting outside the premises.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// More than so many voted.
    pub voted_more_than: u64,
    /// Share of the applicants.
    pub share_of_applicants: Percent,
    /// Could not vote (documents).
    pub refused: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
}

/// Complaints on polling day.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaints {
    /// Received by 12:00.
    pub by_noon: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Subjects.
    pub note: String,
}

/// The observers' random sample.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Stations in the sample.
    pub stations: u64,
    /// Share of stations where the counting box was replaced by a plain one.
    pub box_replaced: Percent,
    /// Violations recorded.
    pub violations: u64,
    /// Turnout estimated.
    pub turnout: Percent,
    /// Its margin in percentage points.
    pub turnout_margin: Percent,
    /// Share of stations with equipment that worked.
    pub equipment_without_problems: Percent,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
}

/// The ruling of 6 October. Votes and presence are published nowhere that we know: there is no field for them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulingFigures {
    /// Number of the resolution.
    pub number: String,
    /// Its date.
    pub date: String,
    /// Its title.
    pub title: String,
    /// The law that it cites.
    pub law: String,
    /// Applicant lists named in it.
    pub applicants_named: u64,
    /// Applicant lists by the press.
    pub applicants_press: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
}

/// Parliament after the election.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parliament {
    /// Deputies.
    pub deputies: u64,
    /// Deputies who must be present.
    pub quorum: u64,
    /// Source ids.
    pub sources: Vec<String>,
    /// Remark.
    pub note: String,
    /// Its sittings in October, in order of time.
    pub sitting: Vec<Sitting>,
}

/// A sitting of parliament with the presence reported.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sitting {
    /// Date.
    pub date: String,
    /// Presence in the words of the report.
    pub present: String,
    /// Place.
    pub place: String,
    /// What happened.
    pub what: String,
    /// Source id.
    pub source: String,
}

/// Everything published that the demo uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Sources by id.
    pub source: Vec<Source>,
    /// The election as a whole.
    pub election: Election,
    /// The lists.
    pub lists: Lists,
    /// The nine units.
    pub units: Units,
    /// Turnout announced.
    pub turnout: Turnout,
    /// Election night.
    pub night: Night,
    /// Form No. 2.
    pub form2: Form2,
    /// Voting outside the premises.
    pub outside: Outside,
    /// Complaints.
    pub complaints: Complaints,
    /// The observers' sample.
    pub sample: Sample,
    /// The ruling.
    pub ruling: RulingFigures,
    /// Parliament.
    pub parliament: Parliament,
}
