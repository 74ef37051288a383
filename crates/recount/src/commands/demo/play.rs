//! The acts: every statement of the story, signed by whoever made it, in the order of time.

use std::path::Path;

use recount_kg2020::{Figures, HandCount, MachineCount, Minute, ObserverCopy, Story, TurnoutStatement};
use recount_log::{Hash, VerifierKey};
use recount_record::statement::{
    About, BlobRef, Claimed, Clock, Complaint, Copy, Counts, Effect, Kind, NoteStatement, Phase, PhaseName, Protocol,
    Ruling, Statement, Turnout,
};

use super::cast::{self, Cast};
use super::opening::{self, CONTEST, broken, source};
use crate::error::Outcome;
use crate::write::{Filed, Recorder, in_parallel};

/// 4 October 2020, 20:00 in Bishkek: the polls close.
const CLOSED: i64 = 1_601_820_000;
/// Minutes between two clock statements of a night.
const TICK: Minute = 10;
/// Minutes between two checkpoints of a night.
const CHECKPOINT: Minute = 60;

/// Sizes of the record at the turns of the story.
#[derive(Debug, Clone, Copy, Default)]
pub struct Marks {
    /// The register of 28 September is sealed.
    pub register_before: u64,
    /// The register of polling day is sealed.
    pub sealed: u64,
    /// The statement of election night.
    pub night: u64,
    /// The briefing of 5 October, 11:00.
    pub briefing: u64,
    /// The ruling of 6 October as it was published.
    pub ruling: u64,
    /// Everything that was published.
    pub published: u64,
    /// The ruling as it is assumed.
    pub assumed: u64,
}

/// The record that was made.
pub struct Played {
    /// The log's verifier key.
    pub key: VerifierKey,
    /// The charter's hash.
    pub charter: Hash,
    /// Where its turns are.
    pub marks: Marks,
}

/// A statement that waits to be signed and filed.
struct Waiting {
    text: String,
    signers: Vec<String>,
}

/// Whoever plays the story into a record.
pub struct Player<'a> {
    /// The keys.
    pub cast: &'a Cast,
    /// The story.
    pub story: &'a Story,
    /// The record.
    pub recorder: Recorder,
    /// Sizes so far.
    pub marks: Marks,
    charter: Hash,
    waiting: Vec<Waiting>,
    clock: Option<Minute>,
}

/// Plays the whole story into a new record.
pub fn play(dir: &Path, story: &Story, figures: &Figures, seed: &[u8; 32]) -> Outcome<Played> {
    let cast = Cast::of(story, seed)?;
    let (recorder, charter) = opening::open(dir, &cast, seed)?;
    let mut player =
        Player { cast: &cast, story, recorder, marks: Marks::default(), charter, waiting: Vec::new(), clock: None };
    player.before_the_vote(figures)?;
    player.day_and_night(figures)?;
    player.afterwards(figures)?;
    let marks = player.marks;
    Ok(Played { key: cast.verifier(cast::LOG)?, charter, marks })
}

/// Something that happens at a minute; of one minute, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Opened,
    Closed,
    Machine(usize),
    Hand(usize),
    Copy(usize),
    Complaint(usize),
    Turnout(usize),
    Night,
    Sample,
    Briefing,
}

impl Player<'_> {
    /// A statement that will be filed with the next commit.
    pub fn say(&mut self, kind: Kind<'_>, signers: &[&str]) -> Outcome {
        let text = Statement { charter: Some(self.charter), kind }.to_text();
        self.waiting.push(Waiting { text, signers: signers.iter().map(|name| (*name).to_owned()).collect() });
        Ok(())
    }

    /// The log's clock, where at least a minute has passed.
    pub fn clock(&mut self, minute: Minute) -> Outcome {
        if self.clock.is_none_or(|last| minute > last) {
            self.clock = Some(minute);
            self.say(Kind::Clock(Clock { time: seconds(minute)? }), &[cast::LOG])?;
        }
        Ok(())
    }

    /// Signs and files what waits, and publishes a checkpoint. Every statement must have effect.
    pub fn commit(&mut self) -> Outcome {
        let filed = self.file_waiting()?;
        crate::charter::effective(filed).map(|_| ())
    }

    fn file_waiting(&mut self) -> Outcome<Vec<Filed>> {
        let waiting = std::mem::take(&mut self.waiting);
        let cast = self.cast;
        let signed = in_parallel(&waiting, |waiting| {
            let keys = waiting.signers.iter().map(|name| cast.key(name)).collect::<Outcome<Vec<_>>>()?;
            recount_record::entry::sign(&waiting.text, &keys).map_err(broken)
        });
        let entries = signed.into_iter().collect::<Outcome<Vec<_>>>()?;
        self.recorder.file(entries)
    }

    /// A remark with its text as a blob.
    pub fn note(
        &mut self,
        code: &str,
        about: About,
        numbers: &[(&str, u64)],
        sources: Vec<String>,
        text: &str,
    ) -> Outcome {
        let blob = self.recorder.put_blob(text.as_bytes())?;
        let blob = BlobRef { sha256: blob, bytes: text.len() as u64, media: "text/plain".to_owned(), salted: false };
        let figures = numbers.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        let note = NoteStatement { code: code.to_owned(), about, figures, sources, blobs: vec![blob] };
        self.say(Kind::Note(note), &[cast::CHRONICLE])
    }

    /// From the opening of the polls to the last copy of 5 October.
    fn day_and_night(&mut self, figures: &Figures) -> Outcome {
        let story = self.story;
        let mut acts: Vec<(Minute, Act)> =
            vec![(-720, Act::Opened), (0, Act::Closed), (1, Act::Sample), (story.briefing_minute, Act::Briefing)];
        acts.push((story.night.at_minute, Act::Night));
        acts.extend(story.machine.iter().enumerate().map(|(at, count)| (count.at_minute, Act::Machine(at))));
        acts.extend(story.hand.iter().enumerate().map(|(at, count)| (count.at_minute, Act::Hand(at))));
        acts.extend(story.copies.iter().enumerate().map(|(at, copy)| (copy.at_minute, Act::Copy(at))));
        acts.extend(story.complaints.iter().enumerate().map(|(at, one)| (one.at_minute, Act::Complaint(at))));
        acts.extend(story.turnout.iter().enumerate().map(|(at, one)| (one.at_minute, Act::Turnout(at))));
        acts.sort_unstable();
        let (mut ticked, mut committed) = (Minute::MIN / 2, Minute::MIN / 2);
        for (minute, act) in acts {
            let turn = matches!(act, Act::Opened | Act::Closed | Act::Night | Act::Briefing);
            if turn || minute >= ticked + TICK {
                self.clock(minute)?;
                ticked = minute;
            }
            self.act(act, figures)?;
            if turn || minute >= committed + CHECKPOINT {
                self.commit()?;
                committed = minute;
            }
            match act {
                Act::Night => self.marks.night = self.recorder.size(),
                Act::Briefing => self.marks.briefing = self.recorder.size(),
                _ => {}
            }
        }
        self.commit()
    }

    fn act(&mut self, act: Act, figures: &Figures) -> Outcome {
        let story = self.story;
        match act {
            Act::Opened => self.phase(PhaseName::PollingOpened),
            Act::Closed => self.phase(PhaseName::PollingClosed),
            Act::Machine(at) => story.machine.get(at).map_or(Ok(()), |count| self.machine(count)),
            Act::Hand(at) => story.hand.get(at).map_or(Ok(()), |count| self.hand(count)),
            Act::Copy(at) => story.copies.get(at).map_or(Ok(()), |copy| self.copy(copy)),
            Act::Complaint(at) => story.complaints.get(at).map_or(Ok(()), |one| {
                let about = About::Station { id: one.station.clone(), part: None };
                let complaint = Complaint { poll: 1, about, code: one.code.code().to_owned(), blobs: Vec::new() };
                self.say(Kind::Complaint(complaint), &[&cast::observer(one.by)])
            }),
            Act::Turnout(at) => story.turnout.get(at).map_or(Ok(()), |one| self.turnout(one)),
            Act::Sample => {
                let sample = &figures.sample;
                self.remark("sample", &[("stations", sample.stations), ("violations", sample.violations)], figures)
            }
            Act::Night => self.night(figures),
            Act::Briefing => self.briefing(figures),
        }
    }

    fn phase(&mut self, phase: PhaseName) -> Outcome {
        self.say(Kind::Phase(Phase { poll: 1, phase }), &[cast::COMMISSION])
    }

    fn machine(&mut self, count: &MachineCount) -> Outcome {
        let lines = [("invalid", count.invalid_or_unread), ("voters_took_part", count.voters_took_part)];
        let votes = votes(self.story, &count.votes, count.against_all);
        let signer = cast::machine(self.territory(&count.station)?);
        self.say(protocol(&count.station, "machine", &lines, votes), &[&signer])
    }

    fn hand(&mut self, count: &HandCount) -> Outcome {
        let lines = [
            ("ballots_received", count.ballots_received),
            ("cancelled", count.cancelled),
            ("in_portable", count.portable_box),
            ("in_stationary", count.stationary_box),
            ("invalid", count.invalid),
            ("issued_early", count.early),
            ("issued_outside", count.issued_outside),
            ("issued_station", count.issued_at_station),
            ("registered", count.registered),
            ("registered_additional", count.additional_list),
            ("valid", count.valid),
            ("voters_took_part", count.voters_took_part),
        ];
        let votes = votes(self.story, &count.votes, count.against_all);
        self.say(protocol(&count.station, "hand", &lines, votes), &[&cast::precinct(&count.station)])
    }

    fn copy(&mut self, copy: &ObserverCopy) -> Outcome {
        let lines = [("invalid", copy.invalid), ("voters_took_part", copy.voters_took_part)];
        let kind = Kind::Copy(Copy {
            poll: 1,
            contest: CONTEST.into(),
            station: copy.station.as_str().into(),
            part: None,
            source: "hand".into(),
            lines: counts(&lines),
            votes: votes(self.story, &copy.votes, copy.against_all),
            blobs: Vec::new(),
        });
        self.say(kind, &[&cast::observer(&copy.by)])
    }

    fn turnout(&mut self, one: &TurnoutStatement) -> Outcome {
        let time = seconds(one.at_minute)?;
        let all = std::iter::once(("*", one.voted, one.percent));
        let units = one.units.iter().map(|(unit, voted, percent)| (unit.as_str(), *voted, *percent));
        for (of, voted, percent) in all.chain(units) {
            let turnout = Turnout {
                poll: 1,
                of: of.to_owned(),
                voted,
                registered: None,
                stations: None,
                printed_share: hundredths(percent),
                time,
            };
            self.say(Kind::Turnout(turnout), &[cast::COMMISSION])?;
        }
        Ok(())
    }

    /// What was said that night, as a remark: its numbers cannot all be right.
    fn night(&mut self, figures: &Figures) -> Outcome {
        let night = &self.story.night;
        let numbers = [
            ("lists_over_threshold", night.lists_over_threshold),
            ("stations", night.stations),
            ("stations_printed_share", hundredths(night.stations_printed).unwrap_or_default()),
            ("turnout_printed_share", hundredths(night.turnout_printed).unwrap_or_default()),
        ];
        self.note("election-night", About::Poll, &numbers, vec![source(figures, &night.source)], night.contradiction)
    }

    /// What was published at 11:00, as remarks beside the counts.
    fn briefing(&mut self, figures: &Figures) -> Outcome {
        let mut numbers = vec![
            ("registered".to_owned(), figures.election.registered),
            ("took_part".to_owned(), figures.election.took_part),
            ("without_machine_count".to_owned(), figures.election.stations_without_machine_count),
            ("hand_stations".to_owned(), figures.lists.hand_stations),
            ("hand_missing_printed".to_owned(), figures.election.slips.stations_missing_printed),
            ("machine.against_all".to_owned(), figures.lists.against_all_machine_votes),
            ("hand_tenths.against_all".to_owned(), figures.lists.against_all_hand_printed.digits),
        ];
        for list in &figures.lists.list {
            numbers.push((format!("machine.{}", list.id), list.machine_votes));
            let share = hundredths(list.hand_printed).unwrap_or_default();
            match list.hand_decimals {
                2 => numbers.push((format!("hand_hundredths.{}", list.id), share)),
                _ => numbers.push((format!("hand_tenths.{}", list.id), share / 10)),
            }
        }
        let sources = figures.lists.sources.iter().map(|id| source(figures, id)).collect();
        self.numbers("briefing", About::Poll, numbers, sources, &figures.lists.note)?;
        for unit in &figures.units.unit {
            let mut numbers = Vec::new();
            if let Some(shares) = unit.list_shares(&figures.lists.list).map_err(broken)? {
                let ids = figures.lists.list.iter().map(|list| list.id.as_str()).chain(["against_all"]);
                numbers.extend(
                    ids.zip(shares).map(|(id, share)| (format!("share.{id}"), hundredths(share).unwrap_or_default())),
                );
            }
            numbers.extend(unit.turnout_final.and_then(hundredths).map(|share| ("turnout".to_owned(), share)));
            if !numbers.is_empty() {
                let sources = figures.units.sources.iter().map(|id| source(figures, id)).collect();
                self.numbers("published-unit", About::Unit(unit.id.clone()), numbers, sources, &unit.english)?;
            }
        }
        let other = &self.story.hand_alternative;
        let mut numbers = vec![
            ("against_all".to_owned(), other.against_all),
            ("stations".to_owned(), other.stations),
            ("voters_took_part".to_owned(), other.voters_took_part),
        ];
        numbers.extend(
            self.story.lists.iter().zip(other.votes).map(|(list, votes)| (format!("votes.{}", list.id), votes)),
        );
        self.numbers(
            "within-rounding",
            About::Poll,
            numbers,
            Vec::new(),
            "Computed, not published: other totals of the hand count that round to the same published shares.",
        )?;
        self.remark("slip", &[("stations_missing_printed", figures.election.slips.stations_missing_printed)], figures)
    }

    fn numbers(
        &mut self,
        code: &str,
        about: About,
        mut numbers: Vec<(String, u64)>,
        sources: Vec<String>,
        text: &str,
    ) -> Outcome {
        numbers.sort();
        let borrowed: Vec<(&str, u64)> = numbers.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        self.note(code, about, &borrowed, sources, text)
    }

    /// 6 October and after: the ruling as it was published, parliament without a quorum; then, apart, what is assumed.
    fn afterwards(&mut self, figures: &Figures) -> Outcome {
        let story = self.story;
        self.clock(story.ruling.at_minute)?;
        self.commit()?;
        let text = self.ruling()?;
        // What was published names no votes and no presence: the text bears the chair's signature alone.
        self.waiting.push(Waiting { text: text.clone(), signers: vec![cast::seat(1)] });
        self.file_waiting()?;
        self.marks.ruling = self.recorder.size();
        for (note, sitting) in
            story.notes.iter().filter(|note| note.subject == "sitting").zip(&figures.parliament.sitting)
        {
            let day: Minute = note.date.get(8..10).unwrap_or_default().parse().map_err(broken)?;
            self.clock((day - 4) * 1_440)?;
            let present: String =
                sitting.present.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
            let present: u64 = present.parse().map_err(broken)?;
            let numbers = [("present", present), ("quorum", figures.parliament.quorum)];
            let sources = note.sources.iter().map(|id| source(figures, id)).collect();
            self.note("sitting", About::Poll, &numbers, sources, &note.text)?;
        }
        self.commit()?;
        self.marks.published = self.recorder.size();
        let about = About::Statement(self.marks.ruling.saturating_sub(1));
        let why = "ASSUMED from here on, published nowhere: that a majority of the commission's seats signed the ruling of 6 October. It is filed again with their signatures, so that its effect can be seen.";
        self.note("assumption", about, &[("seats_assumed_to_sign", cast::MAJORITY as u64)], Vec::new(), why)?;
        self.commit()?;
        self.waiting.push(Waiting { text, signers: (1..=cast::MAJORITY).map(cast::seat).collect() });
        self.commit()?;
        self.marks.assumed = self.recorder.size();
        Ok(())
    }

    fn ruling(&mut self) -> Outcome<String> {
        let ruling = &self.story.ruling;
        let text = format!("Resolution No. {} of {}: {}", ruling.number, ruling.date, ruling.title);
        let blob = self.recorder.put_blob(text.as_bytes())?;
        let blob = BlobRef { sha256: blob, bytes: text.len() as u64, media: "text/plain".to_owned(), salted: false };
        let kind = Kind::Ruling(Ruling {
            by: Some("cec".to_owned()),
            effects: vec![Effect::Annul { poll: 1, contest: None, about: About::Poll }],
            law: Some(ruling.law.clone()),
            reason: format!("resolution-{}", ruling.number),
            complaints: Vec::new(),
            claimed: Claimed { present: ruling.present, votes_for: ruling.votes_for, against: None },
            blobs: vec![blob],
        });
        Ok(Statement { charter: Some(self.charter), kind }.to_text())
    }

    fn territory(&self, station: &str) -> Outcome<&str> {
        let found = self.story.stations.iter().find(|own| own.id == station);
        found
            .map(|own| own.territory.as_str())
            .ok_or_else(|| broken(format!("station {station} is not on its register")))
    }
}

fn protocol<'a>(station: &'a str, source: &'static str, lines: &[(&'static str, u64)], votes: Counts<'a>) -> Kind<'a> {
    Kind::Protocol(Protocol {
        poll: 1,
        contest: CONTEST.into(),
        station: station.into(),
        part: None,
        source: source.into(),
        lines: counts(lines),
        votes,
        supersedes: None,
        time: None,
        row: None,
        blobs: Vec::new(),
    })
}

fn counts(pairs: &[(&'static str, u64)]) -> Counts<'static> {
    pairs.iter().map(|(name, n)| ((*name).into(), *n)).collect()
}

/// Votes by list, sorted as a statement wants them.
fn votes<'a>(story: &'a Story, votes: &[u64], against_all: u64) -> Counts<'a> {
    let lists = story.lists.iter().map(|list| list.id.as_str()).zip(votes.iter().copied());
    let mut all: Counts<'a> = lists.map(|(id, n)| (id.into(), n)).collect();
    all.push((recount_election::AGAINST_ALL.into(), against_all));
    all.sort();
    all
}

/// Seconds since 1970 of a minute of the story.
fn seconds(minute: Minute) -> Outcome<u64> {
    u64::try_from(CLOSED + minute * 60).map_err(broken)
}

/// A printed percentage in hundredths of a percent.
fn hundredths(percent: recount_kg2020::Percent) -> Option<u64> {
    let more = 2_u32.checked_sub(percent.decimals)?;
    percent.digits.checked_mul(10_u64.checked_pow(more)?)
}
