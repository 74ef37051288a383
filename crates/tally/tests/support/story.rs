//! The line language of `scenarios/*.txt`; its words are in `scenarios/README.md`.

use std::collections::BTreeMap;
use std::path::Path;

use recount_election::{ListDef, StationIx};
use recount_log::{Hash, sha256};
use recount_record::statement::{BodyDef, Grant, Kind, Register, Role, Row};

use crate::expect;
use crate::world::{World, rulebook};

/// A story as told so far.
pub struct Story {
    pub world: World,
    /// Statements by name.
    pub named: BTreeMap<String, u64>,
    pub texts: BTreeMap<String, String>,
    pub settings: BTreeMap<String, String>,
    pub blobs: BTreeMap<String, Hash>,
    grants: Vec<Grant>,
    bodies: Vec<BodyDef>,
    required: Vec<(Role, u64)>,
    rows: Vec<Row>,
    begun: bool,
    #[allow(dead_code)]
    pub expectations: usize,
}

/// The words of one line: plain ones in order, `key=value` ones by key.
pub struct Words<'a> {
    plain: std::collections::VecDeque<&'a str>,
    keyed: Vec<(&'a str, &'a str)>,
}

impl<'a> Words<'a> {
    pub fn of(text: &'a str) -> Words<'a> {
        let (keyed, plain): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.contains('='));
        Words { plain: plain.into(), keyed: keyed.into_iter().map(|word| word.split_once('=').expect("a =")).collect() }
    }

    pub fn next(&mut self) -> &'a str {
        self.plain.pop_front().expect("one more word")
    }

    pub fn try_next(&mut self) -> Option<&'a str> {
        self.plain.pop_front()
    }

    pub fn take(&mut self, key: &str) -> Option<&'a str> {
        let at = self.keyed.iter().position(|(own, _)| *own == key)?;
        Some(self.keyed.remove(at).1)
    }

    pub fn number(&mut self, key: &str) -> Option<u64> {
        self.take(key).map(|word| word.parse().unwrap_or_else(|_| panic!("{key}={word} is no number")))
    }

    pub fn list(&mut self, key: &str) -> Vec<String> {
        self.take(key).map_or(Vec::new(), |words| words.split(',').map(str::to_owned).collect())
    }

    /// All `key=value` words that are left.
    pub fn rest(&mut self) -> Vec<(&'a str, &'a str)> {
        std::mem::take(&mut self.keyed)
    }

    pub fn done(self) {
        assert!(self.plain.is_empty() && self.keyed.is_empty(), "left over: {:?} {:?}", self.plain, self.keyed);
    }
}

pub fn role(word: &str) -> Role {
    Role::parse(word).unwrap_or_else(|| panic!("no role {word}"))
}

impl Story {
    /// Tells a whole file; panics with file and line where something is not as expected.
    #[allow(dead_code)]
    pub fn tell(path: &Path) -> Story {
        let mut story = Story::empty();
        story.read(path);
        story
    }

    /// Tells the first lines of a story; [`Story::told`] goes on.
    #[allow(dead_code)]
    pub fn of(text: &str) -> Story {
        let mut story = Story::empty();
        text.lines().for_each(|line| story.told(line));
        story
    }

    /// Tells one line.
    #[allow(dead_code)]
    pub fn told(&mut self, line: &str) {
        match line.strip_prefix("include ") {
            Some(name) => self.read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)),
            None => self.line(line),
        }
    }

    fn empty() -> Story {
        Story {
            world: World::new(),
            named: BTreeMap::new(),
            texts: BTreeMap::new(),
            settings: BTreeMap::new(),
            blobs: BTreeMap::new(),
            grants: Vec::new(),
            bodies: Vec::new(),
            required: Vec::new(),
            rows: Vec::new(),
            begun: false,
            expectations: 0,
        }
    }

    fn read(&mut self, path: &Path) {
        let text = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        for (n, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if let Some(name) = line.strip_prefix("include ") {
                self.read(&path.with_file_name(name));
                continue;
            }
            let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.line(line)));
            if let Err(why) = told {
                let said = why.downcast_ref::<String>().cloned();
                let said = said.or_else(|| why.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default();
                panic!("{}:{n}: {line}\n    {said}", path.display());
            }
        }
    }

    fn line(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("expect ") {
            self.expectations += 1;
            return expect::check(self, rest);
        }
        if let Some((name, rest)) = line.split_once(": ") {
            return self.statement(name, rest.trim());
        }
        let mut w = Words::of(line);
        match w.next() {
            "set" => self.settings.extend(w.rest().into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()))),
            "blob" => {
                // blob NAME: its bytes are its name; blob NAME rulebook KEY=VALUE ...: a rulebook with these settings.
                let name = w.next();
                let text = match w.try_next() {
                    Some("rulebook") => {
                        rulebook(&w.rest().into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
                    }
                    Some("forms") => crate::world::FORMS
                        .replace("\"took_part\"", &format!("\"{}\"", w.take("took_part").expect("took_part="))),
                    Some("lost") => {
                        self.blobs.insert(name.to_owned(), sha256(name.as_bytes()));
                        return;
                    }
                    _ => name.to_owned(),
                };
                let hash = self.world.blob(text.as_bytes());
                self.blobs.insert(name.to_owned(), hash);
            }
            "key" => {
                let grant = self.grant(&mut w);
                self.grants.push(grant);
            }
            "required" => self.required.push((role(w.next()), w.next().parse().expect("a number"))),
            "body" if !self.begun => {
                let body = self.body(&mut w);
                self.bodies.push(body);
            }
            "unit" | "station" | "list" | "candidate" if !self.begun => {
                let row = self.row(line);
                self.rows.push(row);
            }
            "begin" => self.begin(w.try_next()),
            word => panic!("no such line: {word}"),
        }
    }

    /// Files charter, register and seal.
    fn begin(&mut self, how: Option<&str>) {
        self.begun = true;
        let law = rulebook(&self.settings);
        let mut charter = self.world.charter(&law, std::mem::take(&mut self.grants));
        charter.bodies = std::mem::take(&mut self.bodies);
        charter.required = std::mem::take(&mut self.required);
        self.file("charter", Kind::Charter(Box::new(charter)), &["cec".to_owned()], None);
        if how == Some("bare") {
            return;
        }
        let rows = std::mem::take(&mut self.rows);
        self.file("register", Kind::Register(Register { poll: 1, rows }), &["cec".to_owned()], None);
        if how != Some("unsealed") {
            let seal = self.world.fold.ledger().register().seal(1);
            self.file("seal", Kind::Seal(seal), &["cec".to_owned()], None);
        }
    }

    fn file(&mut self, name: &str, kind: Kind<'_>, signers: &[String], with: Option<&str>) {
        let text = self.world.text(kind);
        if name == "charter" {
            self.world.charter = Some(sha256(text.as_bytes()));
        }
        self.file_text(name, text, signers, with);
    }

    fn file_text(&mut self, name: &str, mut text: String, signers: &[String], with: Option<&str>) {
        let names: Vec<&str> = signers.iter().map(String::as_str).collect();
        match with {
            Some("other-record") => text = text.replace(&self.charter_hex(), &sha256(b"other").to_hex()),
            Some("spaces") => {
                let bytes = self.world.keys.sign(&text, &names);
                let spaced = String::from_utf8(bytes).expect("UTF-8").replacen("{\"", "{ \"", 1);
                return self.push(name, spaced.clone(), spaced.into_bytes());
            }
            _ => {}
        }
        let mut bytes = self.world.keys.sign(&text, &names);
        match with {
            None | Some("other-record") => {}
            Some("bad-signature") => {
                // Another signature by the same key over another text.
                let other = self.world.keys.sign(&text.replace("\"poll\":1", "\"poll\":2"), &names);
                let own = String::from_utf8(bytes).expect("UTF-8");
                let other = String::from_utf8(other).expect("UTF-8");
                let line = other.lines().last().expect("a line");
                let at = own.trim_end().rfind('\n').expect("a line");
                bytes = format!("{}\n{line}\n", &own[..at]).into_bytes();
            }
            Some("reversed-lines") => {
                let own = String::from_utf8(bytes).expect("UTF-8");
                let (text, lines) = own.split_once("\n\n").expect("lines");
                let lines: Vec<&str> = lines.lines().rev().collect();
                bytes = format!("{text}\n\n{}\n", lines.join("\n")).into_bytes();
            }
            Some(word) => panic!("cannot file with {word}"),
        }
        self.push(name, text, bytes);
    }

    fn push(&mut self, name: &str, text: String, bytes: Vec<u8>) {
        let index = self.world.fold.size();
        self.world.push(bytes);
        self.named.insert(name.to_owned(), index);
        self.texts.insert(name.to_owned(), text);
        expect::invariants(&mut self.world.fold);
    }

    fn charter_hex(&self) -> String {
        self.world.charter.as_ref().map_or_else(String::new, Hash::to_hex)
    }

    /// The index of a statement by name, or a plain number.
    pub fn index(&self, name: &str) -> u64 {
        let known = self.named.get(name).copied().or_else(|| name.parse().ok());
        known.unwrap_or_else(|| panic!("no statement is called {name}"))
    }

    /// A blob by the name that the story gave it.
    pub fn blob(&self, name: &str) -> Hash {
        *self.blobs.get(name).unwrap_or_else(|| panic!("no blob is called {name}"))
    }

    /// A station by identifier.
    pub fn station(&self, id: &str) -> StationIx {
        let ix = self.world.fold.ledger().register().geography().station_ix(id);
        ix.unwrap_or_else(|| panic!("no station {id}"))
    }

    /// `NAME: KIND ... [signed K1,K2] [with TAMPERING]`
    fn statement(&mut self, name: &str, line: &str) {
        let (line, with) = line.split_once(" with ").map_or((line, None), |(a, b)| (a, Some(b.trim())));
        let (line, signers) = line.split_once(" signed ").map_or((line, "cec"), |(a, b)| (a, b.trim()));
        let mut signers: Vec<String> = signers.split(',').map(str::to_owned).collect();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "again" {
            let text = self.texts.get(rest.trim()).unwrap_or_else(|| panic!("no statement {rest}")).clone();
            return self.file_text(name, text, &signers, with);
        }
        if word == "garbage" {
            return self.push(name, rest.to_owned(), rest.as_bytes().to_vec());
        }
        if word == "clock" {
            signers = vec![signers.into_iter().find(|s| s != "cec").unwrap_or_else(|| "log".to_owned())];
        }
        let kind = self.kind(word, rest);
        self.file(name, kind, &signers, with);
    }

    /// Lists of a contest, to see that one is there.
    pub fn lists(&self, contest: &str) -> Vec<ListDef> {
        self.world.fold.ledger().register().lists(contest, 1000).to_vec()
    }
}
