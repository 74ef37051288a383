//! Every kind of statement has one spelling: written, read and written again it is the same bytes; other spellings are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use recount_log::{Hash, SigningKey, VerifierKey, sha256};
use recount_record::Entry;
use recount_record::entry::{EntryError, add_signature, parse_text, sign};
use recount_record::statement::*;

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&format!("key-{n}.example"), [n; 32]).unwrap()
}

fn id() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9._:/-]{1,8}"
}

fn title() -> impl Strategy<Value = String> {
    "[ -~а-яөүң]{0,10}"
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..100_u64, 0..=(1_u64 << 53) - 1]
}

fn hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 8]>().prop_map(|bytes| sha256(&bytes))
}

fn verifier() -> impl Strategy<Value = VerifierKey> {
    (1..5_u8).prop_map(|n| key(n).verifier())
}

fn poll() -> impl Strategy<Value = u64> {
    1..=1000_u64
}

fn counts() -> impl Strategy<Value = Vec<(String, u64)>> {
    prop::collection::btree_map(id(), count(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn cows(counts: Vec<(String, u64)>) -> Counts<'static> {
    counts.into_iter().map(|(name, n)| (Cow::Owned(name), n)).collect()
}

fn attributes() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::btree_map("[a-z_]{1,6}", title(), 0..3)
        .prop_map(|map: BTreeMap<String, String>| map.into_iter().collect())
}

fn scope() -> impl Strategy<Value = String> {
    prop_oneof![Just("*".to_owned()), id()]
}

fn grant() -> impl Strategy<Value = Grant> {
    (verifier(), prop::sample::select(&Role::ALL[..]), scope()).prop_map(|(key, role, scope)| Grant {
        key,
        role,
        scope,
    })
}

fn blobs() -> impl Strategy<Value = Vec<BlobRef>> {
    let blob = (hash(), count(), title(), any::<bool>());
    vec(blob.prop_map(|(sha256, bytes, media, salted)| BlobRef { sha256, bytes, media, salted }), 0..3)
}

fn about() -> impl Strategy<Value = About> {
    prop_oneof![
        Just(About::Poll),
        id().prop_map(About::Unit),
        (id(), option::of(id())).prop_map(|(id, part)| About::Station { id, part }),
        count().prop_map(About::Statement),
    ]
}

fn place() -> impl Strategy<Value = About> {
    about().prop_filter("a place", |about| !matches!(about, About::Statement(_)))
}

fn body() -> impl Strategy<Value = BodyDef> {
    (id(), title(), count(), scope(), vec(verifier(), 1..4), any::<[u8; 2]>()).prop_map(
        |(id, title, rank, scope, seats, by)| {
            let n = seats.len() as u64;
            let (quorum, majority) = (u64::from(by[0]) % (n + 1), u64::from(by[1]) % n + 1);
            BodyDef { id, title, rank, quorum, majority, scope, seats }
        },
    )
}

fn charter() -> impl Strategy<Value = Charter> {
    let required = prop::sample::subsequence(&Role::ALL[..], 0..3);
    let repeats = option::of((title(), hash(), count()).prop_map(|(origin, checkpoint, ruling)| Repeats {
        origin,
        checkpoint,
        ruling,
    }));
    let rest = (vec(grant(), 0..3), vec(body(), 0..2), required, repeats);
    ((title(), "[0-9a-f]{32}", count(), id(), title(), title()), hash(), hash(), verifier(), rest).prop_map(
        |(
            (origin, nonce, semantics, id, title, polling_day),
            rulebook,
            forms,
            log,
            (keys, bodies, mut required, repeats),
        )| {
            required.sort_by_key(|role| role.name());
            let required = required.into_iter().map(|role| (role, 2)).collect();
            let election = Election { id, title, polling_day };
            Charter { origin, nonce, semantics, election, rulebook, forms, log, keys, bodies, required, repeats }
        },
    )
}

fn row() -> impl Strategy<Value = Row> {
    prop_oneof![
        (id(), id(), option::of(id()), title(), attributes())
            .prop_map(|(id, level, parent, name, attributes)| Row::Unit { id, level, parent, name, attributes }),
        (id(), id(), option::of(count()), vec(id(), 0..3), option::of(title()), attributes()).prop_map(
            |(id, unit, voters, parts, name, attributes)| Row::Station { id, unit, voters, parts, name, attributes }
        ),
        id().prop_map(|station| Row::Drop { station }),
        (id(), id(), title(), option::of(id()), attributes())
            .prop_map(|(id, contest, name, unit, attributes)| Row::List { id, contest, name, unit, attributes }),
        (id(), id(), id(), title(), attributes()).prop_map(|(id, contest, list, name, attributes)| Row::Candidate {
            id,
            contest,
            list,
            name,
            attributes
        }),
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        count().prop_map(|complaint| Effect::Reject { complaint }),
        (poll(), id(), id(), option::of(id()), id(), counts(), counts()).prop_map(
            |(poll, contest, station, part, source, lines, votes)| Effect::Correct {
                poll,
                contest,
                station,
                part,
                source,
                lines,
                votes
            }
        ),
        (poll(), place()).prop_map(|(poll, about)| Effect::Recount { poll, about }),
        (poll(), option::of(id()), place()).prop_map(|(poll, contest, about)| Effect::Annul { poll, contest, about }),
        (poll(), option::of(id()), id()).prop_map(|(poll, contest, unit)| Effect::Repeat {
            poll,
            contest,
            about: About::Unit(unit)
        }),
        count().prop_map(|statement| Effect::Exclude { statement }),
        count().prop_map(|statement| Effect::Restore { statement }),
        count().prop_map(|statement| Effect::Admit { statement }),
        hash().prop_map(|blob| Effect::Withhold { blob }),
        (any::<bool>(), hash()).prop_map(|(forms, blob)| Effect::Replace {
            what: if forms { "forms" } else { "rulebook" }.to_owned(),
            blob
        }),
        count().prop_map(|ruling| Effect::Suspend { ruling }),
        count().prop_map(|ruling| Effect::Reverse { ruling }),
        count().prop_map(|ruling| Effect::Reinstate { ruling }),
    ]
}

fn ruling() -> impl Strategy<Value = Ruling> {
    let claimed = (option::of(count()), option::of(count()), option::of(count()));
    (option::of(id()), vec(effect(), 0..4), option::of(title()), id(), vec(count(), 0..3), claimed, blobs()).prop_map(
        |(by, effects, law, reason, complaints, (present, votes_for, against), blobs)| {
            let claimed = if by.is_some() { Claimed { present, votes_for, against } } else { Claimed::default() };
            Ruling { by, effects, law, reason, complaints, claimed, blobs }
        },
    )
}

fn protocol() -> impl Strategy<Value = Protocol<'static>> {
    let supersedes = option::of((count(), hash()).prop_map(|(index, text)| Supersedes { index, text }));
    (
        poll(),
        (id(), id(), option::of(id()), id()),
        counts(),
        counts(),
        supersedes,
        option::of(count()),
        option::of(count()),
        blobs(),
    )
        .prop_map(|(poll, (contest, station, part, source), lines, votes, supersedes, time, row, blobs)| {
            Protocol {
                poll,
                contest: Cow::Owned(contest),
                station: Cow::Owned(station),
                part: part.map(Cow::Owned),
                source: Cow::Owned(source),
                lines: cows(lines),
                votes: cows(votes),
                supersedes,
                time,
                row,
                blobs,
            }
        })
}

fn kind() -> impl Strategy<Value = Kind<'static>> {
    let phases = [PhaseName::PollingOpened, PhaseName::PollingClosed, PhaseName::CountingEnded];
    prop_oneof![
        charter().prop_map(|k| Kind::Charter(Box::new(k))),
        body().prop_map(Kind::Body),
        (poll(), vec(row(), 0..5)).prop_map(|(poll, rows)| Kind::Register(Register { poll, rows })),
        (poll(), count(), count(), count(), count(), hash()).prop_map(
            |(poll, chunks, units, stations, lists, root)| Kind::Seal(Seal {
                poll,
                chunks,
                units,
                stations,
                lists,
                root
            })
        ),
        vec(grant(), 0..3).prop_map(|grants| Kind::Appointment(Appointment { grants })),
        (vec(title(), 0..3), id(), option::of(count()))
            .prop_map(|(keys, reason, suspect_from)| Kind::Revocation(Revocation { keys, reason, suspect_from })),
        (poll(), prop::sample::select(phases.to_vec())).prop_map(|(poll, phase)| Kind::Phase(Phase { poll, phase })),
        count().prop_map(|time| Kind::Clock(Clock { time })),
        protocol().prop_map(Kind::Protocol),
        protocol().prop_map(|p| Kind::Copy(Copy {
            poll: p.poll,
            contest: p.contest,
            station: p.station,
            part: p.part,
            source: p.source,
            lines: p.lines,
            votes: p.votes,
            blobs: p.blobs,
        })),
        (poll(), scope(), count(), option::of(count()), option::of(count()), option::of(count()), count()).prop_map(
            |(poll, of, voted, registered, stations, printed_share, time)| Kind::Turnout(Turnout {
                poll,
                of,
                voted,
                registered,
                stations,
                printed_share,
                time
            })
        ),
        (poll(), about(), id(), blobs()).prop_map(|(poll, about, code, blobs)| Kind::Complaint(Complaint {
            poll,
            about,
            code,
            blobs
        })),
        ruling().prop_map(Kind::Ruling),
        ((id(), poll(), id(), id(), id()), count(), counts(), counts(), counts()).prop_map(
            |((by, poll, contest, unit, source), size, lines, votes, seats)| Kind::Declaration(Declaration {
                by,
                poll,
                contest,
                unit,
                source,
                size,
                lines,
                votes,
                seats
            })
        ),
        (poll(), id(), id(), option::of(id()), vec(id(), 0..3), vec(id(), 0..3)).prop_map(
            |(poll, contest, stage, unit, between, drawn)| {
                Kind::Lot(Lot { poll, contest, stage, unit, between, drawn })
            }
        ),
        (id(), about(), counts(), vec(title(), 0..3), blobs()).prop_map(|(code, about, figures, sources, blobs)| {
            Kind::Note(NoteStatement { code, about, figures, sources, blobs })
        }),
    ]
}

fn statement() -> impl Strategy<Value = Statement<'static>> {
    (kind(), hash()).prop_map(|(kind, hash)| {
        let charter = if matches!(kind, Kind::Charter(_)) { None } else { Some(hash) };
        Statement { charter, kind }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_kind_round_trips(statement in statement()) {
        let text = statement.to_text();
        let read = parse_text(&text).unwrap_or_else(|why| panic!("{why}: {text}"));
        prop_assert_eq!(&read, &statement);
        prop_assert_eq!(read.to_text(), text);
    }

    /// A changed text is refused, or is another statement with its own one spelling.
    #[test]
    fn what_is_read_is_the_one_spelling(
        statement in statement(), at in any::<prop::sample::Index>(), with in "[ -~]{0,3}", cut in 0..4_usize,
    ) {
        let mut text = statement.to_text();
        let at = at.index(text.len());
        let end = (at + cut).min(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(end) {
            text.replace_range(at..end, &with);
            if let Ok(read) = parse_text(&text) {
                prop_assert_eq!(read.to_text(), text);
            }
        }
    }

    #[test]
    fn an_unknown_key_is_refused(statement in statement()) {
        let text = statement.to_text();
        let more = text.replacen("}\n", ",\"zz\":1}\n", 1);
        let changed = text.trim_end().len() + 8 == more.len();
        prop_assume!(text.ends_with("}\n") && changed || more.ends_with(",\"zz\":1}\n"));
        prop_assert!(parse_text(&more).is_err());
    }

    #[test]
    fn signers_may_sign_in_any_order(statement in statement()) {
        let text = statement.to_text();
        let one = key(1);
        let two = key(2);
        let both = sign(&text, &[&two, &one]).unwrap();
        let apart = add_signature(&add_signature(text.as_bytes(), &two).unwrap(), &one).unwrap();
        prop_assert_eq!(&both, &apart);
        prop_assert!(add_signature(&both, &one).is_err());
        let entry = Entry::parse(&both).unwrap();
        prop_assert_eq!(entry.id, sha256(text.as_bytes()));
        prop_assert_eq!(entry.lines.len(), 2);
    }
}

#[test]
fn what_is_empty_or_doubtful_is_refused() {
    let c = "0".repeat(64);
    for json in [
        format!(
            r#"{{"charter":"{c}","contest":"l","kind":"protocol","lines":{{}},"poll":1,"source":"hand","station":"1"}}"#
        ),
        format!(r#"{{"blobs":[],"charter":"{c}","contest":"l","kind":"copy","poll":1,"source":"hand","station":"1"}}"#),
        format!(r#"{{"charter":"{c}","contest":"l","kind":"protocol","poll":0,"source":"hand","station":"1"}}"#),
        format!(
            r#"{{"charter":"{c}","contest":"l","kind":"protocol","poll":1,"source":"hand","station":"1","votes":{{"a":-1}}}}"#
        ),
        format!(r#"{{"charter":"{c}","claimed":{{"for":3}},"effects":[],"kind":"ruling","reason":"law"}}"#),
        format!(r#"{{"by":"cec","charter":"{c}","claimed":{{}},"effects":[],"kind":"ruling","reason":"law"}}"#),
        format!(
            r#"{{"by":"cec","charter":"{c}","effects":[{{"do":"annul","poll":1,"statement":4}}],"kind":"ruling","reason":"law"}}"#
        ),
        format!(
            r#"{{"by":"cec","charter":"{c}","effects":[{{"do":"repeat","part":"x","poll":1,"station":"1"}}],"kind":"ruling","reason":"law"}}"#
        ),
        format!(r#"{{"charter":"{c}","code":"x","kind":"note","station":"1","unit":"u"}}"#),
        format!(r#"{{"charter":"{c}","code":"x","kind":"observation"}}"#),
        format!(r#"{{"charter":"{}","code":"x","kind":"note"}}"#, "A".repeat(64)),
        r#"{"code":"x","kind":"note"}"#.to_owned(),
        "[]".to_owned(),
    ] {
        let text = format!("{TYPE_LINE}\n{json}\n");
        assert!(matches!(parse_text(&text), Err(EntryError::Shape(_))), "{json} was accepted");
    }
    for text in [
        "",
        "recount/statement/v1\n{}",
        "recount/statement/v2\n{}\n",
        "recount/statement/v1\n{}\n\n",
        "recount/statement/v1\n{ }\n",
    ] {
        assert!(parse_text(text).is_err(), "{text:?} was accepted");
    }
}

/// The register's deepest unit is where the geography's is.
#[test]
fn units_lie_at_most_sixteen_deep() {
    let mut geography = recount_election::Geography::new();
    let mut parent: Option<String> = None;
    for depth in 0..16 {
        let id = format!("u{depth}");
        geography.add_unit(&id, "level", parent.as_deref(), "", BTreeMap::new()).unwrap();
        parent = Some(id);
    }
    assert!(geography.add_unit("deeper", "level", parent.as_deref(), "", BTreeMap::new()).is_err());
}
