//! `datapackage.json`: a Frictionless data package (version 2 of the standard, readable by readers of version 1).

use recount_election::calendar;
use recount_seats::Outcome;
use serde_json::{Map, Value, json};

use super::{Format, Frame, Sheet, Source, Written};

/// What a package says of the record.
#[derive(Debug)]
pub(super) struct About {
    title: String,
    election: String,
    polling_day: String,
    origin: String,
    size: u64,
    time: Option<String>,
    root: Option<String>,
    charter: Option<String>,
    rulebook: Option<String>,
    state: &'static str,
}

impl About {
    pub(super) fn new(source: &Source<'_>, frame: &Frame) -> About {
        let fold = source.fold;
        let charter = fold.ledger().charter();
        let election = charter.map(|(_, charter)| &charter.election);
        // The checkpoint of another size proves nothing about these figures.
        let checkpoint = frame.checkpoint.as_ref().filter(|own| own.size == fold.size());
        let origin = checkpoint.map(|own| own.origin.clone());
        About {
            title: election.map_or_else(String::new, |own| own.title.clone()),
            election: election.map_or_else(String::new, |own| own.id.clone()),
            polling_day: election.map_or_else(String::new, |own| own.polling_day.clone()),
            origin: origin.or_else(|| charter.map(|(_, own)| own.origin.clone())).unwrap_or_default(),
            size: fold.size(),
            time: fold.ledger().clock().and_then(time),
            root: checkpoint.map(|own| own.root.to_base64()),
            charter: frame.charter.map(|hash| hash.to_hex()),
            rulebook: fold.law().map(|law| law.rulebook_hash.to_hex()),
            state: state(source.outcome),
        }
    }

    /// The pairs that every Parquet file carries.
    pub(super) fn metadata(&self) -> Vec<(String, String)> {
        let pairs = [
            ("recount.origin", Some(self.origin.clone())),
            ("recount.size", Some(self.size.to_string())),
            ("recount.root", self.root.clone()),
            ("recount.charter", self.charter.clone()),
        ];
        pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    fn record(&self, frame: &Frame) -> Value {
        let mut own = Map::new();
        own.insert("origin".to_owned(), json!(self.origin));
        own.insert("size".to_owned(), json!(self.size));
        for (key, value) in [
            ("root", self.root.as_ref()),
            ("charter", self.charter.as_ref()),
            ("rulebook", self.rulebook.as_ref()),
            ("time", self.time.as_ref()),
            ("synthetic", frame.synthetic.as_ref()),
        ] {
            own.extend(value.map(|value| (key.to_owned(), json!(value))));
        }
        own.insert("election".to_owned(), json!(self.election));
        own.insert("polling_day".to_owned(), json!(self.polling_day));
        own.insert("seats".to_owned(), json!(self.state));
        Value::Object(own)
    }
}

/// What can be said of seats.
fn state(outcome: Option<&Outcome>) -> &'static str {
    match outcome {
        None => "none",
        Some(own) if own.validity.void => "void",
        Some(own) if !own.undetermined.is_empty() => "tied",
        Some(_) => "given",
    }
}

/// A moment in UTC.
pub(super) fn time(seconds: u64) -> Option<String> {
    let own = calendar::moment(seconds)?;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        own.year, own.month, own.day, own.hour, own.minute, own.second
    ))
}

/// A name as the standard wants it: lower case, without what a path would not hold.
fn plain(origin: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = origin.chars().map(keep).collect();
    if name.is_empty() { "record".to_owned() } else { name }
}

/// The text of the descriptor.
pub(super) fn text<'p>(
    about: &About,
    frame: &Frame,
    resources: impl Iterator<Item = (&'p Sheet<'p>, Vec<(Format, &'p Written)>)>,
) -> String {
    let mut own = Map::new();
    let mut put = |key: &str, value: Value| own.insert(key.to_owned(), value);
    put("$schema", json!("https://datapackage.org/profiles/2.0/datapackage.json"));
    put("name", json!(format!("{}-{}", plain(&about.origin), about.size)));
    put("title", json!(format!("{}: record of size {}", about.title, about.size)));
    put("description", json!(description(about)));
    put("version", json!(about.size.to_string()));
    if let Some(time) = &about.time {
        put("created", json!(time));
    }
    if let Some(url) = &frame.base_url {
        put("homepage", json!(url));
    }
    if let Some(licence) = &frame.licence {
        let mut one = Map::new();
        one.insert("name".to_owned(), json!(licence.name));
        one.extend(licence.path.as_ref().map(|path| ("path".to_owned(), json!(path))));
        put("licenses", json!([one]));
    }
    let mut record = Map::new();
    record.insert("title".to_owned(), json!(format!("Record {} at size {}", about.origin, about.size)));
    record.extend(frame.base_url.as_ref().map(|url| ("path".to_owned(), json!(url))));
    put("sources", json!([record]));
    put("recount", about.record(frame));
    put("resources", Value::Array(resources.map(|(sheet, files)| resource(sheet, &files)).collect()));
    let mut text = serde_json::to_string_pretty(&Value::Object(own)).unwrap_or_default();
    text.push('\n');
    text
}

fn description(about: &About) -> String {
    format!(
        "Every figure follows from the first {} statements of the record {}. Whoever has the record can make these files again, byte for \
         byte.",
        about.size, about.origin
    )
}

/// A table as a resource is its CSV; the same rows in other formats are named beside it. (The standard knows a resource of one
/// format alone, and its readers do not check the bytes of Parquet.)
fn resource(sheet: &Sheet<'_>, files: &[(Format, &Written)]) -> Value {
    let mut own = Map::new();
    own.insert("name".to_owned(), json!(sheet.name));
    own.insert("type".to_owned(), json!("table"));
    own.insert("encoding".to_owned(), json!("utf-8"));
    own.insert("description".to_owned(), json!(sheet.description));
    own.insert("schema".to_owned(), sheet.schema.describe());
    let mut alternates = Vec::new();
    for (format, written) in files {
        match format {
            Format::Csv => own.extend(file(*format, written)),
            Format::Json | Format::Parquet => alternates.push(Value::Object(file(*format, written))),
        }
    }
    own.insert("alternates".to_owned(), Value::Array(alternates));
    Value::Object(own)
}

fn file(format: Format, written: &Written) -> Map<String, Value> {
    let pairs = [
        ("path", json!(written.path)),
        ("format", json!(format.ending())),
        ("mediatype", json!(format.media_type())),
        ("bytes", json!(written.bytes)),
        ("hash", json!(format!("sha256:{}", written.sha256.to_hex()))),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
