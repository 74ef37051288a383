//! What was said and filed around the counts.

use super::register::{ABROAD, Register};
use super::{GenerateError, SEED, assumed};
use crate::figures::Figures;
use crate::random::Random;
use crate::story::{
    Complaint, ComplaintCode, HandCount, Minute, NightStatement, Note, ObserverCopy, Ruling, TurnoutStatement,
};

/// 5 October, 11:00.
pub(crate) const BRIEFING_MINUTE: Minute = 900;
/// The statement of election night; its hour is not published.
const NIGHT_MINUTE: Minute = 140;
/// 6 October, 11:46: the first report of the ruling.
const RULING_MINUTE: Minute = 2_386;
/// 4 October, 12:00 and 08:00.
const NOON: Minute = -480;
const OPENING: Minute = -720;

/// The announced turnout; the nine units go with the first figure.
pub(crate) fn turnout(figures: &Figures) -> Result<Vec<TurnoutStatement>, GenerateError> {
    let mut statements = Vec::new();
    for (place, one) in figures.turnout.statement.iter().enumerate() {
        let announced = if place == 0 { figures.units.unit.as_slice() } else { &[] };
        statements.push(TurnoutStatement {
            at_minute: minute_of(&one.at)?,
            voted: one.voted,
            percent: one.percent,
            units: announced.iter().map(|unit| (unit.id.clone(), unit.voted_14h, unit.turnout_14h)).collect(),
            source: one.source.clone(),
            contradiction: (place == 0)
                .then_some("the nine units announced with it sum to 990,522, 30 more than the total"),
        });
    }
    Ok(statements)
}

/// Minutes since 20:00 on 4 October 2020 of a time such as `2020-10-05T11:00:00+06:00`.
fn minute_of(time: &str) -> Result<Minute, GenerateError> {
    let number = |range| time.get(range).and_then(|digits: &str| digits.parse::<Minute>().ok());
    let known = time.starts_with("2020-10-") && time.ends_with("+06:00");
    match (number(8..10), number(11..13), number(14..16)) {
        (Some(day), Some(hour), Some(minute)) if known => Ok((day - 4) * 1_440 + hour * 60 + minute - 1_200),
        _ => Err(GenerateError::Time(time.to_owned())),
    }
}

pub(crate) fn night(figures: &Figures) -> NightStatement {
    NightStatement {
        at_minute: NIGHT_MINUTE,
        stations: figures.night.stations,
        stations_printed: figures.night.stations_printed,
        turnout_printed: figures.night.turnout_printed,
        lists_over_threshold: figures.night.lists_over_threshold,
        source: figures.night.sources.first().cloned().unwrap_or_default(),
        contradiction: "2,339 of 2,475 stations are 94.5 %, not 82.38 %; a turnout of 45.54 % would leave 4,290 voters to each station that is missing",
    }
}

/// Copies of some hand protocols, by organisations that do not exist; the first ones differ.
pub(crate) fn copies(hand: &[HandCount]) -> Result<Vec<ObserverCopy>, GenerateError> {
    let mut random = Random::stream(SEED, 9);
    let organisations = ["observers-a", "observers-b", "observers-c"];
    let mut copies = Vec::new();
    let order = random.order(hand.len());
    for ((rank, &at), by) in order.iter().take(assumed::COPIES).enumerate().zip(organisations.into_iter().cycle()) {
        let protocol = &hand[at];
        let mut copy = ObserverCopy {
            station: protocol.station.clone(),
            by: by.to_owned(),
            at_minute: protocol.at_minute
                + Minute::try_from(random.between(5, 240)).map_err(|_| GenerateError::Overflow)?,
            voters_took_part: protocol.voters_took_part,
            invalid: protocol.invalid,
            votes: protocol.votes,
            against_all: protocol.against_all,
            differs: rank < assumed::COPIES_THAT_DIFFER,
        };
        if copy.differs {
            move_votes(&mut copy, &mut random);
        }
        copies.push(copy);
    }
    copies.sort_by(|a, b| (a.at_minute, &a.station).cmp(&(b.at_minute, &b.station)));
    Ok(copies)
}

/// The copy has some of the leading list's votes elsewhere.
fn move_votes(copy: &mut ObserverCopy, random: &mut Random) {
    let most = copy.votes.iter().copied().max().unwrap_or_default();
    let leader = copy.votes.iter().position(|&votes| votes == most).unwrap_or_default();
    let step = usize::try_from(random.between(1, 5)).unwrap_or(1);
    let other = (leader + step) % copy.votes.len();
    let moved = random.between(3, 60).min(copy.votes[leader] / 2).max(1);
    copy.votes[leader] = copy.votes[leader].saturating_sub(moved);
    copy.votes[other] += moved;
}

/// The commission's group by noon, then what the observers' sample found: numbers as published, stations not.
pub(crate) fn complaints(figures: &Figures, register: &Register) -> Result<Vec<Complaint>, GenerateError> {
    let mut random = Random::stream(SEED, 10);
    let home: Vec<usize> = (0..register.stations.len()).filter(|&at| register.unit_of[at] != ABROAD).collect();
    let mut stations = random.order(home.len()).into_iter();
    let early =
        [ComplaintCode::Bribery, ComplaintCode::Transport, ComplaintCode::ListFraud, ComplaintCode::BoxReplaced];
    let late = [ComplaintCode::Bribery, ComplaintCode::Transport, ComplaintCode::ListFraud];
    let replaced = figures.sample.box_replaced.of(figures.sample.stations);
    let others = figures
        .sample
        .violations
        .checked_sub(replaced)
        .ok_or(GenerateError::Infeasible("boxes replaced above violations"))?;
    let first = early.into_iter().cycle().zip(0..figures.complaints.by_noon).map(|(code, _)| (code, "rapid-response"));
    let boxes = (0..replaced).map(|_| (ComplaintCode::BoxReplaced, "sample"));
    let rest = late.into_iter().cycle().zip(0..others).map(|(code, _)| (code, "sample"));
    let mut complaints = Vec::new();
    for (code, by) in first.chain(boxes).chain(rest) {
        let (from, until) = if by == "sample" { (NOON + 1, -1) } else { (OPENING + 10, NOON) };
        let length = u64::try_from(until - from).map_err(|_| GenerateError::Overflow)?;
        let later = Minute::try_from(random.between(0, length)).map_err(|_| GenerateError::Overflow)?;
        let pick = stations.next().ok_or(GenerateError::Infeasible("more complaints than stations"))?;
        complaints.push(Complaint {
            at_minute: from + later,
            station: register.stations[home[pick]].id.clone(),
            code,
            by,
        });
    }
    complaints.sort_by(|a, b| (a.at_minute, &a.station).cmp(&(b.at_minute, &b.station)));
    Ok(complaints)
}

pub(crate) fn ruling(figures: &Figures) -> Ruling {
    let ruling = &figures.ruling;
    Ruling {
        at_minute: RULING_MINUTE,
        date: ruling.date.clone(),
        number: ruling.number.clone(),
        title: ruling.title.clone(),
        law: ruling.law.clone(),
        applicants_named: ruling.applicants_named,
        applicants_press: ruling.applicants_press,
        members_unsourced: 12,
        present: None,
        votes_for: None,
        grounds_by_station: false,
    }
}

/// Remarks with their numbers, in order of date.
pub(crate) fn notes(figures: &Figures) -> Vec<Note> {
    let (form2, outside, sample, parliament) = (&figures.form2, &figures.outside, &figures.sample, &figures.parliament);
    let note = |date: &str, subject, text, sources: &[String]| Note {
        date: date.to_owned(),
        subject,
        text,
        sources: sources.to_vec(),
    };
    let mut notes = vec![
        note(
            "2020-10-02",
            "form-2",
            format!(
                "Form No. 2: {} citizens changed their electoral address; {} applied more than once ({} twice, {} three times, {} four, {} five; {} people {} times); {} applications were rejected. The last application wins.",
                form2.citizens,
                form2.repeated,
                form2.twice,
                form2.three_times,
                form2.four_times,
                form2.five_times,
                form2.twenty_two_times,
                22,
                form2.rejected
            ),
            &form2.sources,
        ),
        note(
            "2020-10-03",
            "outside",
            format!(
                "More than {} voted outside the premises, {} % of those who applied; {} could not.",
                outside.voted_more_than, outside.share_of_applicants, outside.refused
            ),
            &outside.sources,
        ),
        note(
            "2020-10-04",
            "sample",
            format!(
                "Independent sample of {} stations: turnout {} % within {}; equipment without problems at {} %; the counting box replaced by a plain one at {} %; {} violations. {}.",
                sample.stations,
                sample.turnout,
                sample.turnout_margin,
                sample.equipment_without_problems,
                sample.box_replaced,
                sample.violations,
                sample.note
            ),
            &sample.sources,
        ),
        note("2020-10-05", "slip", format!("{}.", figures.election.slips.note), &figures.election.slips.sources),
    ];
    notes.extend(parliament.sitting.iter().map(|sitting| {
        let place = if sitting.place == "not stated" { String::new() } else { format!(" ({})", sitting.place) };
        note(
            &sitting.date,
            "sitting",
            format!(
                "Parliament{place}: {}. Present: {} of {}; the quorum is {}, {}.",
                sitting.what, sitting.present, parliament.deputies, parliament.quorum, parliament.note
            ),
            std::slice::from_ref(&sitting.source),
        )
    }));
    notes
}
