//! The OpenAPI 3.1 document, made from the table that routes requests.

use serde_json::{Map, Value, json};

use crate::api::NUMBER_MOST;
use crate::problem::problem_codes;
use crate::route::{Does, Route, routes};

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in routes() {
        let method = route.method().as_str().to_lowercase();
        paths.insert(route.path.to_owned(), json!({ method: operation(route, "") }));
    }
    for route in routes().filter(|route| matches!(route.does, Does::Api(_))) {
        paths.insert(format!("/at/{{size}}{}", route.path), json!({ "get": operation(route, "At") }));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Recount",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "An election's record, its result at every size, and the desk where statements are filed.",
            "description": "Every figure is a function of the record and a size of it; every answer names both. Figures of one answer are \
                            of one size. Pages (HTML, Atom, data) are not described here: they begin at /.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas(), "responses": { "Problem": problem("A problem (RFC 9457).") } },
    })
}

fn operation(route: &Route, suffix: &str) -> Value {
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let size = (!suffix.is_empty()).then_some("size");
    let in_path = size.into_iter().chain(in_path).map(|name| parameter(name, "path"));
    let in_query = route.query.iter().map(|name| parameter(name, "query"));
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    let mut responses = Map::new();
    let mut content = Map::new();
    content.insert(
        route.media_type.to_owned(),
        json!({ "schema": { "$ref": format!("#/components/schemas/{}", route.schema) } }),
    );
    let files = matches!(route.does, Does::File);
    if files {
        responses.insert("201".to_owned(), json!({ "description": "It is in the record now.", "content": content }));
        responses.insert("200".to_owned(), json!({ "description": "It was there already.", "content": content }));
        for (code, status, title) in problem_codes().take_while(|(code, ..)| *code != "not-found") {
            let entry = responses.entry(status.to_string()).or_insert_with(|| problem(title));
            if let Some(Value::String(text)) = entry.get_mut("description") {
                text.push_str(&format!(" Code `{code}`."));
            }
        }
    } else {
        responses.insert("200".to_owned(), json!({ "description": "As asked.", "content": content }));
    }
    if matches!(route.does, Does::Ready) {
        responses.insert("503".to_owned(), json!({ "description": "Nothing to show yet.", "content": content }));
    }
    responses.insert("default".to_owned(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut operation = json!({
        "operationId": format!("{}{suffix}", route.id),
        "summary": route.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let (true, Some(all)) = (files, operation.as_object_mut()) {
        let schema = json!({ "schema": { "type": "string", "maxLength": 65_535 } });
        all.insert(
            "requestBody".to_owned(),
            json!({
                "required": true,
                "description": "The statement: a C2SP signed note, at most 65,535 bytes.",
                "content": { "text/plain": schema },
            }),
        );
    }
    operation
}

fn parameter(name: &str, place: &str) -> Value {
    let (schema, about) = match name {
        "size" | "from" => {
            (json!({ "type": "integer", "minimum": 0, "maximum": NUMBER_MOST }), "A size of the record.")
        }
        "index" => {
            (json!({ "type": "integer", "minimum": 0, "maximum": NUMBER_MOST }), "Index of a statement, from 0.")
        }
        "after" => (
            json!({ "type": "integer", "minimum": 0, "maximum": NUMBER_MOST, "default": 0 }),
            "Rows to pass over: `next` of the page before.",
        ),
        "limit" => (json!({ "type": "integer", "minimum": 1, "maximum": 1000, "default": 100 }), "Rows wanted."),
        "unit" | "in" => (json!({ "type": "string", "minLength": 1 }), "Identifier of a unit."),
        "station" => (json!({ "type": "string", "minLength": 1 }), "Identifier of a station."),
        "contest" => (json!({ "type": "string", "minLength": 1 }), "Identifier of a contest."),
        "hash" => (json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }), "SHA-256, hexadecimal."),
        "level" => (json!({ "type": "integer", "minimum": 0, "maximum": 63 }), "Level of the tile."),
        _ => {
            (json!({ "type": "string", "pattern": "^(x[0-9]{3}/)*[0-9]{3}(\\.p/[0-9]{1,3})?$" }), "Number of the tile.")
        }
    };
    let required = place == "path" || name == "from";
    json!({ "name": name, "in": place, "required": required, "description": about, "schema": schema })
}

fn problem(description: &str) -> Value {
    let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    json!({ "description": description, "content": content })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

/// The members of an answer about figures, which always names what it rests on.
fn figures(required: &[&str], properties: Value) -> Value {
    let mut all = Map::new();
    all.insert("record".to_owned(), reference("Record"));
    if let Value::Object(properties) = properties {
        all.extend(properties);
    }
    let required: Vec<&str> = std::iter::once("record").chain(required.iter().copied()).collect();
    object(&required, Value::Object(all))
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn maybe(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn rows(name: &str, of: Value) -> Value {
    figures(&[name, "next"], json!({ name: list(of), "next": maybe("integer") }))
}

fn schemas() -> Value {
    let text = || json!({ "type": "string" });
    let anything = || json!({ "type": "object" });
    let mut all = Map::new();
    let mut put = |name: &str, schema: Value| drop(all.insert(name.to_owned(), schema));
    put("Text", text());
    put("Bytes", json!({ "type": "string", "contentMediaType": "application/octet-stream" }));
    put("Document", anything());
    put(
        "Record",
        object(
            &["origin", "size", "root"],
            json!({
                "origin": text(), "size": count(), "checkpoint_size": count(), "root": text(), "charter": maybe("string"),
                "log_key": maybe("string"), "time": maybe("integer"),
            }),
        ),
    );
    put(
        "Coverage",
        object(
            &[
                "expected",
                "received",
                "countable",
                "not_countable",
                "conflicts",
                "suspect",
                "voters",
                "voters_uncounted",
            ],
            json!({
                "expected": count(), "received": count(), "countable": count(), "conflicts": count(), "suspect": count(),
                "voters": count(), "voters_uncounted": count(),
                "not_countable": { "type": "object", "additionalProperties": count() },
            }),
        ),
    );
    let sums = || json!({ "type": "object", "additionalProperties": count() });
    put(
        "Total",
        object(
            &["contest", "title", "coverage", "lines", "votes"],
            json!({ "contest": text(), "title": text(), "coverage": reference("Coverage"), "lines": sums(), "votes": sums() }),
        ),
    );
    put(
        "Now",
        object(
            &["status"],
            json!({
                "status": { "enum": ["effective", "superseded", "contested", "void"] },
                "why": maybe("string"), "by": maybe("integer"), "reason": maybe("string"),
            }),
        ),
    );
    put(
        "Problem",
        object(
            &["type", "title", "status", "detail", "code"],
            json!({
                "type": text(), "title": text(), "status": count(), "detail": text(),
                "code": { "enum": problem_codes().map(|(code, ..)| code).collect::<Vec<_>>() },
                "size": count(), "entry": maybe("string"),
                "refusal": { "type": "string", "description": "A C2SP signed note by the log's key: what was refused, when, and why." },
            }),
        ),
    );
    answers(&mut put);
    Value::Object(all)
}

fn answers(put: &mut impl FnMut(&str, Value)) {
    let text = || json!({ "type": "string" });
    let anything = || json!({ "type": "object" });
    put(
        "Filed",
        object(
            &["index", "duplicate", "id", "kind", "size", "now", "broken_controls", "receipt"],
            json!({
                "index": count(), "duplicate": { "type": "boolean" }, "id": text(), "kind": text(), "size": count(),
                "now": reference("Now"), "broken_controls": list(anything()), "receipt": maybe("string"),
            }),
        ),
    );
    put(
        "Ready",
        object(
            &["ready", "record_size", "pages_size", "takes_statements", "writable", "alarm"],
            json!({
                "ready": { "type": "boolean" }, "record_size": count(), "pages_size": maybe("integer"),
                "takes_statements": { "type": "boolean" }, "writable": { "type": "boolean" }, "alarm": maybe("string"),
            }),
        ),
    );
    put(
        "Result",
        figures(
            &["election", "state", "declarations", "contests", "outcome"],
            json!({
                "election": maybe("object"), "state": anything(), "declarations": list(anything()),
                "contests": list(reference("Total")), "outcome": anything(),
            }),
        ),
    );
    put("CoverageOf", figures(&["unit", "contests"], json!({ "unit": maybe("string"), "contests": list(anything()) })));
    put("Units", rows("units", anything()));
    put(
        "Unit",
        figures(
            &["unit", "level", "name", "in", "units", "stations", "contests"],
            json!({
                "unit": text(), "level": text(), "name": text(), "in": maybe("string"), "units": list(text()),
                "stations": list(text()), "contests": list(reference("Total")),
            }),
        ),
    );
    put(
        "Station",
        figures(
            &["station", "in", "contests", "protocols", "copies", "about"],
            json!({
                "station": text(), "name": maybe("string"), "in": list(text()), "voters": maybe("integer"),
                "contests": list(anything()), "protocols": list(anything()), "copies": list(anything()), "about": list(count()),
                "leaf": maybe("string"),
            }),
        ),
    );
    put(
        "Changes",
        figures(
            &["from", "to", "contests", "stations", "next"],
            json!({
                "from": count(), "to": count(), "contests": list(anything()), "stations": list(anything()), "next": maybe("integer"),
            }),
        ),
    );
    put("Missing", rows("missing", anything()));
    put("Controls", rows("controls", anything()));
    put("Statements", rows("statements", anything()));
    put(
        "Statement",
        figures(
            &["statement", "kind", "signers", "now", "entry", "leaf"],
            json!({
                "statement": count(), "kind": text(), "signers": list(text()), "station": maybe("string"), "now": reference("Now"),
                "entry": text(), "leaf": text(), "id": maybe("string"), "broken_controls": list(anything()), "receipt": text(),
            }),
        ),
    );
}
