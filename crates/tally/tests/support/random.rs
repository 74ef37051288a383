//! Random stories: eight bytes become one line of the scenario language, so that a failing case can be read.

/// Who may be asked to sign.
const SIGNERS: [&str; 10] = ["p101", "p102", "p201", "p301", "tec-n", "cec", "m101", "archive", "obs", "p101,p102"];
const STATIONS: [&str; 4] = ["101", "102", "201", "301"];
const SOURCES: [&str; 3] = ["hand", "machine", "recount"];

/// The world of random stories, in the language of `scenarios/`.
pub const WORLD: &str = "include world.part
key p301 precinct 301
key archive reconstruction *
station 301 in south voters=100 parts=paper,mobile
list c
begin
phase0: phase polling_opened";

fn pick<'a>(from: &[&'a str], by: u8) -> &'a str {
    from[usize::from(by) % from.len()]
}

/// The name of an earlier statement whose line holds a word; mostly one of the last.
fn earlier(told: &[String], word: &str, by: u8) -> String {
    let holding: Vec<&String> = told.iter().filter(|line| line.contains(word)).collect();
    let at = if by.is_multiple_of(4) { usize::from(by / 4) } else { usize::from(by % 4) - 1 };
    let found = holding.len().checked_sub(1).and_then(|last| holding.get(last.saturating_sub(at)));
    found.and_then(|line| line.split_once(':')).map_or_else(|| "phase0".to_owned(), |(name, _)| name.to_owned())
}

/// The line of the next statement, after those told so far.
pub fn line(told: &[String], b: [u8; 8]) -> String {
    let n = told.len();
    let said = match b[0] % 40 {
        0..=19 => protocol(told, b),
        20 | 21 => {
            format!(
                "copy {} hand a={} b={n} signed {}",
                pick(&STATIONS[..3], b[1]),
                b[2] % 3,
                pick(&["obs", "party"], b[3])
            )
        }
        22..=33 => ruling(told, b),
        34 => format!("revoke {} n{n} suspect_from={}", pick(&SIGNERS[..3], b[1]), earlier(told, "", b[2])),
        35 | 36 => {
            format!("appoint new-{n} observer * ; {0} precinct {1}", pick(&SIGNERS[..3], b[1]), pick(&STATIONS, b[1]))
        }
        37 => format!("declaration cec {} a={} signed cec-1,cec-2", pick(&["south", "north", "land"], b[1]), b[2] % 9),
        _ => {
            let rows = [
                "drop 102",
                "station 101 in north voters=7",
                "station 401 in south voters=9",
                "list d",
                "list c contest=other",
            ];
            format!("register {} ; {}", pick(&rows, b[1]), pick(&rows, b[2]))
        }
    };
    format!("s{n}: {said}")
}

fn protocol(told: &[String], b: [u8; 8]) -> String {
    let station = pick(&STATIONS, b[1]);
    let own = format!("p{station}");
    let signer = if b[2] % 4 < 3 { own.as_str() } else { pick(&SIGNERS, b[2] / 4) };
    let part = if station == "301" { pick(&[" part=paper", " part=mobile", " part=mobile", ""], b[3]) } else { "" };
    let poll = if told.iter().any(|line| line.contains("repeat")) && b[5].is_multiple_of(2) { " poll=2" } else { "" };
    let source = if b[6].is_multiple_of(3) { pick(&SOURCES, b[6] / 3) } else { "hand" };
    let place = format!("protocol {station} {source}{part}{poll} ");
    let supersedes =
        if b[4].is_multiple_of(2) { format!(" supersedes={}", earlier(told, &place, b[4] / 2)) } else { String::new() };
    format!("{place}a={} b={} row={}{supersedes} signed {signer}", b[7] % 4, b[7] / 4 % 3, told.len())
}

fn ruling(told: &[String], b: [u8; 8]) -> String {
    let bodies = [("cec", "cec-1,cec-2"), ("court", "court-1,court-3"), ("tec", "tec-1"), ("cec", "cec-1,cec-2")];
    let overturns = matches!(b[2] % 14, 11..);
    let (body, signers) = bodies[if overturns { 1 } else { usize::from(b[1] % 4) }];
    let second = if b[7].is_multiple_of(4) { format!(" ; {}", effect(told, b[4], b[6], b[5])) } else { String::new() };
    format!("ruling {body} reason=n{} | {}{second} signed {signers}", told.len(), effect(told, b[2], b[3], b[5]))
}

fn effect(told: &[String], kind: u8, place: u8, poll: u8) -> String {
    let at = [
        "station=101",
        "station=102",
        "station=301 part=mobile",
        "station=301",
        "unit=north",
        "station=201",
        "station=101 part=mobile",
        "",
    ];
    let poll = if poll.is_multiple_of(5) { " poll=2" } else { "" };
    let at = pick(&at, place);
    let whole = if at.contains("part=") { "station=301" } else { at };
    let (protocols, registers, rulings) = (": protocol", ": register", ": ruling");
    let wanted = match kind % 14 {
        6..=9 => protocols,
        10 => registers,
        11.. => rulings,
        _ => "",
    };
    let kind = if told.iter().any(|line| line.contains(wanted)) { kind } else { kind % 6 };
    match kind % 14 {
        0 | 1 => format!("correct {} hand{poll} a={} b=2", pick(&STATIONS[..3], place), kind % 5),
        2 => format!("recount {at}{poll}"),
        3 | 4 => format!("annul {at}{poll}"),
        5 => format!("repeat {whole}{poll}"),
        6 | 7 => format!("exclude {}", earlier(told, protocols, place)),
        8 | 9 => format!("restore {}", earlier(told, protocols, place)),
        10 => format!("admit {}", earlier(told, registers, place)),
        11 => format!("suspend {}", earlier(told, rulings, place)),
        12 => format!("reverse {}", earlier(told, rulings, place)),
        _ => format!("reinstate {}", earlier(told, rulings, place)),
    }
}
