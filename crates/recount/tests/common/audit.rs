//! Boxes for audits: what they really hold, filed in bulk as protocols of recounts.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "test support; not every file uses all of it")]

use std::collections::BTreeMap;

use recount_log::{Hash, SigningKey};
use recount_record::statement::{Kind, Protocol, Statement};
use serde_json::Value;

use super::cli::Desk;

/// A station of the manifest.
#[derive(Debug, Clone)]
pub struct Box {
    /// Its identifier.
    pub station: String,
    /// Ballots at most.
    pub bound: u64,
    /// Ballots reported.
    pub found: u64,
    /// Figures by column: `list:a`, `against_all`, `line:invalid`.
    pub figures: BTreeMap<String, u64>,
}

/// The manifest of a plan that was written into a folder of the desk.
pub fn boxes(desk: &Desk, folder: &str) -> BTreeMap<String, Box> {
    let text = std::fs::read_to_string(desk.path(folder).join("manifest.csv")).unwrap();
    let mut lines = text.lines();
    let head: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    let one = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let figures = head.iter().zip(&cells).skip(4);
        let figures = figures.filter_map(|(name, cell)| Some((name.clone(), cell.parse().ok()?))).collect();
        let (bound, found) = (cells[2].parse().unwrap(), cells[3].parse().unwrap());
        (cells[0].to_owned(), Box { station: cells[0].to_owned(), bound, found, figures })
    };
    lines.map(one).collect()
}

/// The lines that opening a box gives.
pub type Lines<'a> = dyn Fn(&Box, u64) -> Vec<(&'static str, u64)> + 'a;
/// What a place leaves empty.
pub type Empty<'a> = dyn Fn(&str) -> Vec<(&'static str, Vec<&'static str>)> + 'a;

/// How a box becomes a protocol.
pub struct Form<'a> {
    /// The contest.
    pub contest: &'a str,
    /// The source.
    pub source: &'a str,
    /// The part that holds everything; others are filed with nothing in them.
    pub part: Option<&'a str>,
    /// Lines beside those of the manifest that the form asks for, from the ballots found and the valid votes.
    pub lines: &'a Lines<'a>,
    /// Further parts of a station.
    pub empty: &'a Empty<'a>,
}

impl Form<'_> {
    fn texts(&self, charter: Hash, own: &Box) -> Vec<String> {
        let mut votes: Vec<(std::borrow::Cow<'_, str>, u64)> = Vec::new();
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        for (name, n) in &own.figures {
            match name.split_once(':') {
                Some(("list", id)) => votes.push((id.to_owned().into(), *n)),
                None => votes.push((name.clone().into(), *n)),
                Some((_, line)) => drop(lines.insert(line.to_owned(), *n)),
            }
        }
        votes.sort();
        let valid = votes.iter().map(|v| v.1).sum();
        lines.extend((self.lines)(own, valid).into_iter().map(|(name, n)| (name.to_owned(), n)));
        let protocol =
            |part: Option<String>, lines: Vec<(String, u64)>, votes: Vec<(std::borrow::Cow<'static, str>, u64)>| {
                let kind = Kind::Protocol(Protocol {
                    poll: 1,
                    contest: self.contest.to_owned().into(),
                    station: own.station.clone().into(),
                    part: part.map(Into::into),
                    source: self.source.to_owned().into(),
                    lines: lines.into_iter().map(|(name, n)| (name.into(), n)).collect(),
                    votes,
                    supersedes: None,
                    time: None,
                    row: None,
                    blobs: Vec::new(),
                });
                Statement { charter: Some(charter), kind }.to_text()
            };
        let owned = votes.into_iter().map(|(id, n)| (id.into_owned().into(), n)).collect();
        let mut texts = vec![protocol(self.part.map(str::to_owned), lines.into_iter().collect(), owned)];
        for (part, lines) in (self.empty)(&own.station) {
            let lines = lines.into_iter().map(|name| (name.to_owned(), 0)).collect();
            texts.push(protocol(Some(part.to_owned()), lines, Vec::new()));
        }
        texts
    }

    /// Signs and files the protocols of these boxes.
    pub fn file(&self, desk: &Desk, record: &str, charter: &str, key: &str, boxes: &[Box]) {
        let charter = Hash::from_hex(charter).unwrap();
        let key = SigningKey::parse(std::fs::read_to_string(desk.path(key)).unwrap().trim_end()).unwrap();
        let folder = desk.path("notes");
        std::fs::create_dir_all(&folder).unwrap();
        let mut names = Vec::new();
        for text in boxes.iter().flat_map(|own| self.texts(charter, own)) {
            let name = format!("notes/{}.note", names.len());
            std::fs::write(desk.path(&name), recount_record::entry::sign(&text, &[&key]).unwrap()).unwrap();
            names.push(name);
        }
        for chunk in names.chunks(4_000) {
            let mut args = vec!["file", record];
            args.extend(chunk.iter().map(String::as_str));
            let filed = desk.json(&args);
            for own in filed["filed"].as_array().unwrap() {
                assert_eq!(own["void"], Value::Null, "{own}");
            }
        }
    }
}

/// Plans, throws the dice and draws so many stations; returns the plan's JSON.
pub fn begin(desk: &Desk, record: &str, key: &str, stations: u64, more: &[&str]) -> Value {
    let mut args = vec!["audit", "plan", record, "-o", "plan", "--sign", key, "--repetitions", "1"];
    args.extend(more);
    let plan = desk.json(&args);
    for dice in ["4 1 6 2 2 5 3 1 6 6", "1 1 5 3 6 2 4 4 2 1"] {
        desk.json(&["audit", "seed", record, "--text", dice, "--sign", key]);
    }
    desk.json(&["audit", "draw", record, "--stations", &stations.to_string(), "--sign", key]);
    plan
}

/// The drawn stations, in order.
pub fn sample(desk: &Desk, record: &str, stations: usize) -> Vec<String> {
    let draw = desk.json(&["audit", "draw", record, "--stations", &stations.to_string()]);
    assert_eq!(draw["seed_holds"], true);
    draw["sample"].as_array().unwrap().iter().map(|own| own["station"].as_str().unwrap().to_owned()).collect()
}

/// The range of a list in a certificate: reported, at least, at most.
pub fn range(certificate: &Value, list: &str) -> (u64, u64, u64) {
    let own = certificate["lists"].as_array().unwrap().iter().find(|own| own["list"] == list).unwrap();
    let n = |key: &str| own[key].as_u64().unwrap();
    (n("reported"), n("low"), n("high"))
}
