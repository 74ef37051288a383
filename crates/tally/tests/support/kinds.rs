//! The words after `NAME:` of a story's line, made into statements.

use std::borrow::Cow;

use recount_log::sha256;
use recount_record::statement::{
    About, Appointment, BlobRef, BodyDef, Claimed, Clock, Complaint, Copy, Declaration, Effect, Grant, Kind, Lot,
    NoteStatement, Phase, PhaseName, Protocol, Register, Revocation, Role, Row, Ruling, Supersedes, Turnout,
};

use crate::story::{Story, Words, role};
use crate::world::rulebook;

/// Names with their counts.
type Counted = Vec<(String, u64)>;

fn owned(word: Option<&str>) -> Option<String> {
    word.map(str::to_owned)
}

impl Story {
    pub fn grant(&mut self, w: &mut Words<'_>) -> Grant {
        let (name, word, scope) = (w.next(), w.next(), w.try_next().unwrap_or("*"));
        self.world.keys.grant(name, role(word), scope)
    }

    pub fn body(&mut self, w: &mut Words<'_>) -> BodyDef {
        let id = w.next().to_owned();
        let seats = w.list("seats");
        let n = seats.len() as u64;
        BodyDef {
            title: id.clone(),
            id,
            rank: w.number("rank").unwrap_or(1),
            quorum: w.number("quorum").unwrap_or(n / 2 + 1),
            majority: w.number("majority").unwrap_or(n / 2 + 1),
            scope: w.take("scope").unwrap_or("*").to_owned(),
            seats: seats.iter().map(|name| self.world.keys.get(name).verifier()).collect(),
        }
    }

    pub fn row(&self, line: &str) -> Row {
        let mut w = Words::of(line);
        let word = w.next();
        let id = w.next().to_owned();
        let mut within = None;
        let mut level = None;
        while let Some(next) = w.try_next() {
            match next {
                "in" => within = Some(w.next().to_owned()),
                other => level = Some(other.to_owned()),
            }
        }
        let contest = w.take("contest").unwrap_or("lists").to_owned();
        let row = match word {
            "unit" => Row::Unit {
                name: id.clone(),
                id,
                level: level.unwrap_or_else(|| "region".to_owned()),
                parent: within,
                attributes: Vec::new(),
            },
            "station" => Row::Station {
                id,
                unit: within.expect("in UNIT"),
                voters: w.number("voters"),
                parts: w.list("parts"),
                name: None,
                attributes: Vec::new(),
            },
            "drop" => Row::Drop { station: id },
            "list" => Row::List { name: id.clone(), id, contest, unit: within, attributes: Vec::new() },
            word => panic!("no row {word}"),
        };
        w.done();
        row
    }

    pub fn kind(&mut self, word: &str, rest: &str) -> Kind<'static> {
        let mut w = Words::of(rest);
        let poll = w.number("poll").unwrap_or(1);
        let kind = match word {
            "charter" => {
                let cec = self.world.keys.grant("cec", Role::Commission, "*");
                let mut charter = self.world.charter(&rulebook(&self.settings), vec![cec]);
                charter.nonce = "ffffffffffffffffffffffffffffffff".to_owned();
                Kind::Charter(Box::new(charter))
            }
            "body" => Kind::Body(self.body(&mut w)),
            "register" => {
                return Kind::Register(Register {
                    poll,
                    rows: rest
                        .split(';')
                        .map(|row| {
                            row.split_whitespace()
                                .filter(|word| !word.starts_with("poll="))
                                .collect::<Vec<_>>()
                                .join(" ")
                        })
                        .map(|row| self.row(&row))
                        .collect(),
                });
            }
            "seal" => Kind::Seal(self.world.fold.ledger().register().seal(poll)),
            "appoint" => {
                let grants = rest.split(';').map(|words| self.grant(&mut Words::of(words))).collect();
                return Kind::Appointment(Appointment { grants });
            }
            "revoke" => Kind::Revocation(Revocation {
                keys: w.next().split(',').map(str::to_owned).collect(),
                reason: w.next().to_owned(),
                suspect_from: w.take("suspect_from").map(|name| self.index(name)),
            }),
            "phase" => {
                let phase = match w.next() {
                    "polling_opened" => PhaseName::PollingOpened,
                    "polling_closed" => PhaseName::PollingClosed,
                    _ => PhaseName::CountingEnded,
                };
                Kind::Phase(Phase { poll, phase })
            }
            "clock" => Kind::Clock(Clock { time: w.next().parse().expect("seconds") }),
            "protocol" => self.protocol(poll, &mut w),
            "copy" => {
                let (station, source) = (w.next().to_owned(), w.next().to_owned());
                let contest = Cow::Owned(w.take("contest").unwrap_or("lists").to_owned());
                let part = owned(w.take("part")).map(Cow::Owned);
                let (lines, votes) = self.figures(&mut w);
                Kind::Copy(Copy {
                    poll,
                    contest,
                    station: Cow::Owned(station),
                    part,
                    source: Cow::Owned(source),
                    lines: cows(lines),
                    votes: cows(votes),
                    blobs: Vec::new(),
                })
            }
            "turnout" => Kind::Turnout(Turnout {
                poll,
                of: w.next().to_owned(),
                voted: w.number("voted").expect("voted="),
                registered: None,
                stations: None,
                printed_share: None,
                time: w.number("time").unwrap_or(0),
            }),
            "complaint" => {
                let about = self.about(&mut w);
                let blobs = w.list("blobs").iter().map(|name| self.blob_ref(name)).collect();
                Kind::Complaint(Complaint { poll, about, code: w.take("code").unwrap_or("figures").to_owned(), blobs })
            }
            "ruling" => return Kind::Ruling(self.ruling(rest)),
            "declaration" => self.declaration(poll, &mut w),
            "lot" => Kind::Lot(Lot {
                poll,
                contest: "lists".to_owned(),
                stage: w.take("stage").expect("stage=").to_owned(),
                unit: w.take("unit").map(str::to_owned),
                between: w.list("between"),
                drawn: w.list("drawn"),
            }),
            "note" => Kind::Note(NoteStatement {
                code: w.next().to_owned(),
                about: self.about(&mut w),
                figures: Vec::new(),
                sources: Vec::new(),
                blobs: Vec::new(),
            }),
            word => panic!("no kind {word}"),
        };
        w.done();
        kind
    }

    fn blob_ref(&self, name: &str) -> BlobRef {
        BlobRef { sha256: self.blob(name), bytes: name.len() as u64, media: "text/plain".to_owned(), salted: false }
    }

    fn protocol(&self, poll: u64, w: &mut Words<'_>) -> Kind<'static> {
        let (station, source) = (w.next().to_owned(), w.next().to_owned());
        let contest = Cow::Owned(w.take("contest").unwrap_or("lists").to_owned());
        let part = owned(w.take("part")).map(Cow::Owned);
        let supersedes = w.take("supersedes").map(|name| Supersedes {
            index: self.index(name),
            text: sha256(self.texts.get(name).unwrap_or_else(|| panic!("no statement {name}")).as_bytes()),
        });
        let (time, row) = (w.number("time"), w.number("row"));
        let (lines, votes) = self.figures(w);
        Kind::Protocol(Protocol {
            poll,
            contest,
            station: Cow::Owned(station),
            part,
            source: Cow::Owned(source),
            lines: cows(lines),
            votes: cows(votes),
            supersedes,
            time,
            row,
            blobs: Vec::new(),
        })
    }

    /// Counts: the codes of lines are lines, everything else is a list's votes; `line.x` and `vote.x` say which.
    fn figures(&self, w: &mut Words<'_>) -> (Counted, Counted) {
        let (mut lines, mut votes) = (Vec::new(), Vec::new());
        for (key, n) in w.rest() {
            let n = n.parse().unwrap_or_else(|_| panic!("{key}={n} is no number"));
            if let Some(code) = key.strip_prefix("line.") {
                lines.push((code.to_owned(), n));
            } else if let Some(list) = key.strip_prefix("vote.") {
                votes.push((list.to_owned(), n));
            } else if matches!(key, "registered_voters" | "took_part" | "valid") {
                lines.push((key.to_owned(), n));
            } else {
                votes.push((key.to_owned(), n));
            }
        }
        lines.sort();
        votes.sort();
        (lines, votes)
    }

    fn about(&self, w: &mut Words<'_>) -> About {
        if let Some(unit) = w.take("unit") {
            About::Unit(unit.to_owned())
        } else if let Some(id) = w.take("station") {
            About::Station { id: id.to_owned(), part: owned(w.take("part")) }
        } else if let Some(name) = w.take("statement") {
            About::Statement(self.index(name))
        } else {
            About::Poll
        }
    }

    /// `BODY [present=N] [for=N] [against=N] | EFFECT ; EFFECT`; the body `-` is a reconstructed ruling.
    fn ruling(&self, rest: &str) -> Ruling {
        let (head, effects) = rest.split_once('|').expect("ruling BODY | EFFECTS");
        let mut w = Words::of(head);
        let by = Some(w.next()).filter(|word| *word != "-");
        let claimed =
            Claimed { present: w.number("present"), votes_for: w.number("for"), against: w.number("against") };
        let complaints = w.list("complaints").iter().map(|name| self.index(name)).collect();
        let reason = w.take("reason").unwrap_or("law").to_owned();
        w.done();
        Ruling {
            by: owned(by),
            effects: effects.split(';').map(|words| self.effect(words)).collect(),
            law: None,
            reason,
            complaints,
            claimed,
            blobs: Vec::new(),
        }
    }

    fn effect(&self, words: &str) -> Effect {
        let mut w = Words::of(words);
        let word = w.next();
        let poll = w.number("poll").unwrap_or(1);
        let effect = match word {
            "correct" => {
                let (station, source) = (w.next().to_owned(), w.next().to_owned());
                let part = owned(w.take("part"));
                let (lines, votes) = self.figures(&mut w);
                Effect::Correct { poll, contest: "lists".to_owned(), station, part, source, lines, votes }
            }
            "recount" => Effect::Recount { poll, about: self.about(&mut w) },
            "annul" => Effect::Annul { poll, contest: owned(w.take("contest")), about: self.about(&mut w) },
            "repeat" => Effect::Repeat { poll, contest: owned(w.take("contest")), about: self.about(&mut w) },
            "reject" => Effect::Reject { complaint: self.index(w.next()) },
            "exclude" => Effect::Exclude { statement: self.index(w.next()) },
            "restore" => Effect::Restore { statement: self.index(w.next()) },
            "admit" => Effect::Admit { statement: self.index(w.next()) },
            "suspend" => Effect::Suspend { ruling: self.index(w.next()) },
            "reverse" => Effect::Reverse { ruling: self.index(w.next()) },
            "reinstate" => Effect::Reinstate { ruling: self.index(w.next()) },
            "withhold" => Effect::Withhold { blob: self.blob(w.next()) },
            "replace" => Effect::Replace { what: w.next().to_owned(), blob: self.blob(w.next()) },
            word => panic!("no effect {word}"),
        };
        w.done();
        effect
    }

    fn declaration(&self, poll: u64, w: &mut Words<'_>) -> Kind<'static> {
        let (by, unit) = (w.next().to_owned(), w.next().to_owned());
        let source = w.take("source").unwrap_or("hand").to_owned();
        let size = match w.take("size") {
            None => self.world.fold.size(),
            Some(word) => self.index(word),
        };
        let (lines, figures) = self.figures(w);
        let (seats, votes): (Vec<_>, Vec<_>) = figures.into_iter().partition(|(key, _)| key.starts_with("seats."));
        let seats = seats.into_iter().map(|(key, n)| (key.trim_start_matches("seats.").to_owned(), n)).collect();
        Kind::Declaration(Declaration {
            by,
            poll,
            contest: "lists".to_owned(),
            unit,
            source,
            size,
            lines,
            votes,
            seats,
        })
    }
}

fn cows(pairs: Vec<(String, u64)>) -> Vec<(Cow<'static, str>, u64)> {
    pairs.into_iter().map(|(name, n)| (Cow::Owned(name), n)).collect()
}
