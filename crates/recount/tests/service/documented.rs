//! The OpenAPI document against the running service: every documented path answers as documented, nothing else answers.

use serde_json::{Map, Value, json};

use crate::support::{Record, Service, ask};

/// Fills a path's parameters with what there is in the record.
fn filled(path: &str, service: &Service) -> String {
    let public = service.json("/readyz")["record_size"].as_u64().unwrap();
    let rulebook = service.json("/api/v1/statements/0")["entry"].as_str().unwrap().to_owned();
    let hash = rulebook.split("\"rulebook\":\"").nth(1).unwrap()[..64].to_owned();
    let tile = if path.starts_with("/tile") { "000.p/".to_owned() + &public.to_string() } else { String::new() };
    path.replace("{size}", &public.to_string())
        .replace("{unit}", "country")
        .replace("{station}", "1001")
        .replace("{index}", "0")
        .replace("{level}", "0")
        .replace("{n}", &tile)
        .replace("{hash}", &hash)
}

/// A very small reading of JSON Schema: types, required members, references, items, enumerations.
fn fits(value: &Value, schema: &Value, all: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(value, &all["components"]["schemas"][name], all, at);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(kinds.is_empty() || kinds.contains(&kind), "{at}: {kind} is not {kinds:?}");
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(value), "{at}: {value}");
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{at}: {name} is missing in {value}");
    }
    if let (Some(members), Some(object)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, schema) in members {
            if let Some(own) = object.get(name) {
                fits(own, schema, all, &format!("{at}.{name}"));
            }
        }
    }
    for item in value.as_array().into_iter().flatten().filter(|_| schema.get("items").is_some()) {
        fits(item, &schema["items"], all, &format!("{at}[]"));
    }
}

#[test]
fn every_documented_path_answers_as_documented() {
    let record = Record::new();
    let service = record.serve(&[]);
    let precinct = record.key("precinct.key");
    let index = service.file(&record.protocol(&precinct, "1001", 300, 200, 90));
    service.wait_for_pages(index + 1);
    let document = service.json("/api/v1/openapi.json");
    assert_eq!(document, recount_server::openapi(), "the document is made from the program alone");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let mut ids: Vec<&str> = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            ids.push(operation["operationId"].as_str().unwrap());
            let named = operation["parameters"].as_array().unwrap();
            let braces = path.matches('{').count();
            assert_eq!(named.iter().filter(|own| own["in"] == "path").count(), braces, "{path}");
            if method == "post" || path == "/events" {
                continue;
            }
            let mut asked = filled(path, &service);
            if named.iter().any(|own| own["name"] == "from") {
                asked.push_str("?from=1");
            }
            let answer = service.get(&asked);
            assert_eq!(answer.status, 200, "{asked}: {}", answer.text());
            let content: &Map<String, Value> = operation["responses"]["200"]["content"].as_object().unwrap();
            let (media_type, content) = content.iter().next().unwrap();
            assert_eq!(answer.header("content-type"), Some(media_type.as_str()), "{asked}");
            if media_type == "application/json" {
                fits(&answer.json(), &content["schema"], &document, path);
            }
            // What a path does not take is not passed over in silence.
            let wrong = service.get(&format!("{}?nonsense=1", filled(path, &service)));
            if path.contains("/api/") && !path.ends_with("openapi.json") {
                assert_eq!(wrong.status, 400, "{path}");
                fits(&wrong.json(), &json!({ "$ref": "#/components/schemas/Problem" }), &document, path);
            }
            assert_eq!(ask(service.addr, "DELETE", &asked, "", b"").status, 405, "{asked}");
        }
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() == all && all > 25, "{ids:?}");
    let filed = service.post(&record.note(&precinct, 5));
    let schema = &document["paths"]["/statements"]["post"]["responses"]["201"]["content"]["application/json"]["schema"];
    fits(&filed.json(), schema, &document, "filed");
    let refused = service.post(b"nonsense");
    assert!(document["paths"]["/statements"]["post"]["responses"][refused.status.to_string()].is_object());
    fits(&refused.json(), &json!({ "$ref": "#/components/schemas/Problem" }), &document, "refused");
}

#[test]
fn nothing_undocumented_answers() {
    let record = Record::new();
    let service = record.serve(&[]);
    for path in [
        "/api",
        "/api/v1",
        "/api/v1/outcome",
        "/api/v1/stations",
        "/metrics/",
        "/debug",
        "/admin",
        "/statements/0",
        "/openapi.json",
    ] {
        assert_eq!(service.get(path).status, 404, "{path}");
    }
    for path in ["/", "/api/v1/statements", "/anything"] {
        assert_eq!(ask(service.addr, "POST", path, "", b"x").status, 405, "{path}");
    }
    for (query, status) in [
        ("limit=0", 400),
        ("limit=1001", 400),
        ("limit=x", 400),
        ("after=-1", 400),
        ("limit=1&limit=2", 400),
        ("after=%ff", 400),
        ("after=99999999999", 200),
        ("limit=1000", 200),
    ] {
        assert_eq!(service.get(&format!("/api/v1/statements?{query}")).status, status, "{query}");
    }
    let all = service.json("/api/v1/statements?limit=1000")["statements"].clone();
    let mut paged = Vec::new();
    let mut next = json!(0);
    while let Some(after) = next.as_u64() {
        let page = service.json(&format!("/api/v1/statements?limit=2&after={after}"));
        paged.extend(page["statements"].as_array().unwrap().clone());
        next = page["next"].clone();
    }
    assert_eq!(Value::Array(paged), all);
}
