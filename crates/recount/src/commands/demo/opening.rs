//! Friday, 2 October: charter, register, its late change and seal, appointments, and what had been published by then.

use recount_kg2020::{Figures, Station, Story};
use recount_log::sha256;
use recount_record::statement::{About, Appointment, BodyDef, Charter, Election, Grant, Kind, Role, Row};

use super::cast::{self, Cast};
use super::play::Player;
use crate::charter::{Opening, file_register, open_record};
use crate::error::{CliError, Outcome};

/// The rulebook that the charter names.
const RULEBOOK: &str = include_str!("../../../../../rulebooks/kg-jk-2020.toml");
/// The protocol forms that the charter names.
const FORMS: &str = include_str!("../../../../../elections/kg-2020/forms.toml");
/// The root of the geography.
pub const COUNTRY: &str = "kg";
/// The contest.
pub const CONTEST: &str = "lists";

/// The charter, with its bodies.
pub fn opening(cast: &Cast, seed: &[u8; 32]) -> Outcome<Opening> {
    let grant = |name: &str, role, scope: &str| -> Outcome<Grant> {
        Ok(Grant { key: cast.verifier(name)?, role, scope: scope.to_owned() })
    };
    let seats = |names: Vec<String>| names.iter().map(|name| cast.verifier(name)).collect::<Outcome<Vec<_>>>();
    let (majority, judges) = (cast::MAJORITY as u64, cast::JUDGES as u64);
    let charter = Charter {
        origin: cast::ORIGIN.to_owned(),
        nonce: sha256(seed).to_hex().chars().take(32).collect(),
        semantics: 1,
        election: Election {
            id: "kg-jk-2020".to_owned(),
            title: "Jogorku Kenesh, 4 October 2020 (demo: the stations are synthetic)".to_owned(),
            polling_day: "2020-10-04".to_owned(),
        },
        rulebook: sha256(RULEBOOK.as_bytes()),
        forms: sha256(FORMS.as_bytes()),
        log: cast.verifier(cast::LOG)?,
        keys: vec![grant(cast::COMMISSION, Role::Commission, "*")?, grant(cast::CHRONICLE, Role::Auditor, "*")?],
        bodies: vec![
            BodyDef {
                id: "cec".to_owned(),
                title: "Central Commission for Elections and Referenda".to_owned(),
                rank: 1,
                quorum: majority,
                majority,
                scope: "*".to_owned(),
                seats: seats((1..=cast::SEATS).map(cast::seat).collect())?,
            },
            BodyDef {
                id: "court".to_owned(),
                title: "Supreme Court".to_owned(),
                rank: 2,
                quorum: judges.div_ceil(2),
                majority: judges.div_ceil(2),
                scope: "*".to_owned(),
                seats: seats((1..=cast::JUDGES).map(cast::judge).collect())?,
            },
        ],
        required: Vec::new(),
        repeats: None,
    };
    Ok(Opening { charter, rulebook: RULEBOOK.to_owned(), forms: FORMS.to_owned(), rows: Vec::new() })
}

/// Opens the record. Returns the recorder, the charter's hash.
pub fn open(
    dir: &std::path::Path,
    cast: &Cast,
    seed: &[u8; 32],
) -> Outcome<(crate::write::Recorder, recount_log::Hash)> {
    open_record(dir, &opening(cast, seed)?, cast.key(cast::COMMISSION)?, cast.key(cast::LOG)?)
}

/// The register as the commission spoke of it on 28 September.
fn rows_before(story: &Story) -> Vec<Row> {
    let country = Row::Unit {
        id: COUNTRY.to_owned(),
        level: "national".to_owned(),
        parent: None,
        name: "Kyrgyzstan".to_owned(),
        attributes: names("Кыргызстан", "Кыргызстан"),
    };
    let regions = story.units.iter().map(|unit| Row::Unit {
        id: unit.id.clone(),
        level: "region".to_owned(),
        parent: Some(COUNTRY.to_owned()),
        name: unit.english.clone(),
        attributes: {
            let abroad = (!unit.threshold).then(|| ("abroad".to_owned(), "true".to_owned()));
            abroad.into_iter().chain(names(&unit.kyrgyz, &unit.russian)).collect()
        },
    });
    let territories = story.territories.iter().map(|territory| Row::Unit {
        id: territory_unit(&territory.id),
        level: "territory".to_owned(),
        parent: Some(territory.unit.clone()),
        name: format!("Territory {}", territory.id),
        attributes: names(&format!("Аймак {}", territory.id), &format!("Территория {}", territory.id)),
    });
    let stations = story.stations.iter().filter(|station| !is_new(story, station));
    let stations = stations.map(|station| row(&station.id, &station.territory, station.registered_before));
    let removed = story.register_change.removed.iter();
    let removed = removed.map(|station| row(&station.id, &station.territory, station.registered_before));
    let lists = story.lists.iter().map(|list| Row::List {
        id: list.id.clone(),
        contest: CONTEST.to_owned(),
        name: list.english.clone(),
        unit: None,
        attributes: names(&list.kyrgyz, &list.russian),
    });
    std::iter::once(country).chain(regions).chain(territories).chain(stations).chain(removed).chain(lists).collect()
}

/// Names in Kyrgyz and Russian, for pages in these languages.
fn names(kyrgyz: &str, russian: &str) -> Vec<(String, String)> {
    vec![("name-ky".to_owned(), kyrgyz.to_owned()), ("name-ru".to_owned(), russian.to_owned())]
}

/// What changed in the last week: stations gone, stations new, voters moved.
fn rows_changed(story: &Story) -> Vec<Row> {
    let gone = story.register_change.removed.iter().map(|station| Row::Drop { station: station.id.clone() });
    let changed = story
        .stations
        .iter()
        .filter(|station| is_new(story, station) || station.registered != station.registered_before)
        .map(|station| row(&station.id, &station.territory, station.registered));
    gone.chain(changed).collect()
}

fn is_new(story: &Story, station: &Station) -> bool {
    story.register_change.added.contains(&station.id)
}

/// A territory's unit: a territory that is its region's only one bears another id than the region.
pub fn territory_unit(territory: &str) -> String {
    format!("t-{territory}")
}

fn row(id: &str, territory: &str, voters: u64) -> Row {
    Row::Station {
        id: id.to_owned(),
        unit: territory_unit(territory),
        voters: Some(voters),
        parts: Vec::new(),
        name: None,
        attributes: Vec::new(),
    }
}

impl Player<'_> {
    /// Everything before polling day. Marks the two sizes of the register.
    pub fn before_the_vote(&mut self, figures: &Figures) -> Outcome {
        self.clock(-3_240)?; // Friday 14:00
        self.what_is_synthetic(figures)?;
        self.commit()?;
        let commission = self.cast.key(cast::COMMISSION)?;
        file_register(&mut self.recorder, 1, &rows_before(self.story), &[commission])?;
        self.marks.register_before = self.recorder.size();
        self.clock(-3_000)?; // Friday 18:00
        self.commit()?;
        file_register(&mut self.recorder, 1, &rows_changed(self.story), &[commission])?;
        self.marks.sealed = self.recorder.size();
        self.appoint()?;
        let form2 = &figures.form2;
        let numbers = [
            ("citizens", form2.citizens),
            ("repeated", form2.repeated),
            ("twice", form2.twice),
            ("three_times", form2.three_times),
            ("four_times", form2.four_times),
            ("five_times", form2.five_times),
            ("twenty_two_times", form2.twenty_two_times),
            ("rejected", form2.rejected),
        ];
        self.remark("form-2", &numbers, figures)?;
        self.clock(-1_800)?; // Saturday 14:00
        let outside = &figures.outside;
        self.remark("outside", &[("voted_more_than", outside.voted_more_than), ("refused", outside.refused)], figures)?;
        self.commit()
    }

    /// Says what in this record is a fact and what is not.
    fn what_is_synthetic(&mut self, figures: &Figures) -> Outcome {
        let mut text = String::from(
            "This record is a demonstration. Its stations are synthetic: no figures of single stations were found in public.\n",
        );
        text.push_str(self.story.world.assumption());
        text.push('\n');
        for line in &self.story.provenance {
            let basis = format!("{:?}", line.basis).to_lowercase();
            text.push_str(&format!("{basis}: {}\n", line.what));
        }
        text.push_str("assumed: the commission's 12 seats, its quorum and majority of 7, the court and its 3 judges\n");
        let sources: Vec<String> =
            figures.source.iter().map(|source| source.url.clone().unwrap_or_else(|| source.id.clone())).collect();
        let stations = self.story.stations.len() as u64;
        self.note("synthetic", About::Poll, &[("stations", stations)], sources, &text)
    }

    /// The commission appoints territorial commissions and observers; each territorial commission its stations' commissions and boxes.
    fn appoint(&mut self) -> Outcome {
        let story = self.story;
        let scope_of = |territory: &str| territory_unit(territory);
        let mut grants = Vec::new();
        for territory in &story.territories {
            let key = self.cast.verifier(&cast::territorial(&territory.id))?;
            grants.push(Grant { key, role: Role::Territorial, scope: scope_of(&territory.id) });
        }
        for name in cast::observers(story) {
            let key = self.cast.verifier(&cast::observer(&name))?;
            grants.push(Grant { key, role: Role::Observer, scope: "*".to_owned() });
        }
        self.say(Kind::Appointment(Appointment { grants }), &[cast::COMMISSION])?;
        for territory in &story.territories {
            let mut grants = Vec::new();
            for station in story.stations.iter().filter(|station| station.territory == territory.id) {
                let key = self.cast.verifier(&cast::precinct(&station.id))?;
                grants.push(Grant { key, role: Role::Precinct, scope: station.id.clone() });
            }
            let boxes = self.cast.verifier(&cast::machine(&territory.id))?;
            grants.push(Grant { key: boxes, role: Role::Machine, scope: scope_of(&territory.id) });
            self.say(Kind::Appointment(Appointment { grants }), &[&cast::territorial(&territory.id)])?;
        }
        self.commit()
    }

    /// One of the story's remarks, with its numbers.
    pub fn remark(&mut self, subject: &str, numbers: &[(&str, u64)], figures: &Figures) -> Outcome {
        let story = self.story;
        for remark in story.notes.iter().filter(|remark| remark.subject == subject) {
            let sources = remark.sources.iter().map(|id| source(figures, id)).collect();
            self.note(subject, About::Poll, numbers, sources, &remark.text)?;
        }
        Ok(())
    }
}

/// A source's address, or its name where it has none.
pub fn source(figures: &Figures, id: &str) -> String {
    figures.source(id).and_then(|source| source.url.clone()).unwrap_or_else(|| id.to_owned())
}

/// An error of the story itself.
pub fn broken(why: impl std::fmt::Display) -> CliError {
    CliError::Input(format!("the demo's story: {why}"))
}
