//! The operations of the OpenAPI document as calls with places for ids.
//!
//! A place is a text: `$post` is the id of a post that exists, `#attempt` an id that whoever calls makes (so that
//! whether it was taken may be told), `%number` a version, a grant or a position.

use enishi_server::http::openapi;
use reqwest::Method;
use serde_json::{Map, Value, json};

const NO_CODE: &str = "00000000000000000000000000";

/// The places of paths and queries, by the parameter's name.
fn parameter(operation: &str, name: &str) -> &'static str {
    match (operation, name) {
        ("upload_piece" | "upload_standing" | "finish_upload" | "cancel_upload", "attachment") => "#attachment",
        (_, "community") => "$community",
        (_, "post" | "ids") => "$post",
        (_, "attachment") => "$attachment",
        (_, "device") => "$device",
        (_, "recovery") => "$recovery",
        (_, "attempt") => "$attempt",
        (_, "stream") => "$stream",
        (_, "before") => "%number",
        (_, "code") => NO_CODE,
        (_, "q") => "広場",
        (_, "size") => "thumb",
        (_, "start") => "0",
        (_, "total") => "9",
        (_, "lang") => "ja",
        _ => panic!("{operation} has a parameter {name} that no foreign id is known for: add it here"),
    }
}

/// The body of an operation, with its places.
fn body(operation: &str) -> Value {
    let (secret, code) = ("22".repeat(32), "000000");
    let name = json!({ "family": "誰か", "given": "" });
    match operation {
        "ask_for_code" => {
            json!({ "attempt": "#signing", "secret_hash": secret, "address": "$address", "language": "ja" })
        }
        "spend_code" => {
            json!({ "secret": secret, "code": code, "device": "#device", "device_name": "だれかの端末" })
        }
        "add_address" => json!({
            "attempt": "#wishing", "secret_hash": secret, "address": "a@example.org", "language": "ja", "replaces": "$address"
        }),
        "confirm_address" => json!({ "secret": secret, "code": code }),
        "remove_address" => json!({ "id": "#request", "address": "$address" }),
        "ask_for_approval" => {
            json!({ "attempt": "#approving", "secret_hash": secret, "device": "#device", "device_name": "だれかの端末" })
        }
        "spend_approval" => json!({ "secret": secret }),
        "make_recovery_code" => json!({ "id": "#request", "code": NO_CODE }),
        "spend_recovery_code" => json!({
            "attempt": "#attempt", "secret": secret, "code": NO_CODE, "device": "#device", "device_name": "だれかの端末"
        }),
        "ask_for_recovery" => json!({ "id": "#recovery", "code": NO_CODE, "name": name, "fact": null, "note": "" }),
        "stop_recovery" => json!({ "community": "$community" }),
        "notices_seen" => json!({ "notices": ["$notice"] }),
        "leave_community" => json!({ "id": "#request" }),
        "delete_account" => json!({ "id": "#request", "written": "keep" }),
        "accept_invitation" => json!({
            "id": "#request", "name": name, "fact": "1980-04-01", "note": "", "fields": {}, "to_inviter": false, "to_company": false
        }),
        "finish_upload" => json!({ "sha256": "00".repeat(32) }),
        "upload_piece" => json!("piece"),
        "join_ask" => json!("address=a%40example.org"),
        "join_step" => json!("digits=000000"),
        "live" => json!({ "community": "$community", "era": "$era", "streams": streams() }),
        "sync" => json!({
            "community": "$community", "era": "$era", "mutations": [], "ask": ["$mutation"], "streams": streams()
        }),
        _ => panic!("{operation} has a body that no foreign ids are known for: add it here"),
    }
}

/// A stream asked for in all ways, with versions, grants and places that are whatever is said.
fn streams() -> Value {
    json!([
        { "stream": "$stream", "page": "start" },
        { "stream": "$stream", "page": "o.%number.0" },
        { "stream": "$stream", "page": "f.%number.%number.%number.0" },
        { "stream": "$stream", "cursor": "%number" },
        { "stream": "$stream", "grant": "%number", "cursor": "%number", "page": "start" },
    ])
}

/// One operation.
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) method: Method,
    /// `public`, `session` or `member`.
    pub(crate) access: String,
    path: String,
    content: Option<String>,
    /// Path and query by name, and the body.
    parameters: Vec<(String, String, &'static str)>,
    body: Value,
}

/// Every operation of the document.
pub(crate) fn all() -> Vec<Call> {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            calls.push(call(path, method, operation, schemas));
        }
    }
    calls
}

fn call(path: &str, method: &str, operation: &Value, schemas: &Map<String, Value>) -> Call {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let name = text(&operation["operationId"]);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters
        .map(|said| (text(&said["in"]), text(&said["name"]), parameter(&name, said["name"].as_str().unwrap())));
    let parameters: Vec<_> = parameters.collect();
    assert!(parameters.iter().all(|(place, ..)| place == "path" || place == "query"), "{name}: {parameters:?}");
    let mut content = None;
    let mut sent = Value::Null;
    if let Some(kinds) = operation["requestBody"]["content"].as_object() {
        let (kind, said) = kinds.iter().next().unwrap();
        content = Some(kind.clone());
        sent = body(&name);
        if let Some(schema) = said["schema"]["$ref"].as_str() {
            let schema = &schemas[schema.rsplit('/').next().unwrap()];
            for field in schema["properties"].as_object().unwrap().keys() {
                assert!(sent.get(field).is_some(), "{name} takes {field}, which no foreign id is known for: add it");
            }
        }
    }
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    Call { name, method, access: text(&operation["tags"][0]), path: path.to_owned(), content, parameters, body: sent }
}

/// Each `$name`, `#name` and `%name` in a text or in all texts of a value.
pub(crate) fn places(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.extend(in_text(text)),
        Value::Array(items) => items.iter().for_each(|item| places(item, found)),
        Value::Object(fields) => fields.values().for_each(|item| places(item, found)),
        _ => {}
    }
}

fn in_text(text: &str) -> Vec<String> {
    let parts = text.split(['.', ',']);
    parts.filter(|part| part.starts_with(['$', '#', '%']) && part.len() > 1).map(str::to_owned).collect()
}

/// The value with its places filled; a number stands by itself as a number.
pub(crate) fn filled(value: &Value, fill: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) if text == "%number" => json!(fill(text).parse::<i64>().unwrap()),
        Value::String(text) => Value::String(filled_text(text, fill)),
        Value::Array(items) => items.iter().map(|item| filled(item, fill)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, item)| (name.clone(), filled(item, fill))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn filled_text(text: &str, fill: &dyn Fn(&str) -> String) -> String {
    in_text(text).iter().fold(text.to_owned(), |text, place| text.replacen(place.as_str(), &fill(place), 1))
}

impl Call {
    /// The places of path, query and body, each once.
    pub(crate) fn places(&self) -> Vec<String> {
        let mut found: Vec<String> = self.parameters.iter().flat_map(|(_, _, template)| in_text(template)).collect();
        places(&self.body, &mut found);
        found.sort();
        found.dedup();
        found
    }

    /// Path with query, headers and body of the call with its places filled.
    pub(crate) fn with(&self, fill: &dyn Fn(&str) -> String) -> (String, Vec<(&str, &str)>, Vec<u8>) {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for (place, name, template) in &self.parameters {
            let value = filled_text(template, fill);
            match place.as_str() {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                _ => query.push((name.clone(), value)),
            }
        }
        if !query.is_empty() {
            let url = reqwest::Url::parse_with_params("http://host/", &query).unwrap();
            path = format!("{path}?{}", url.query().unwrap());
        }
        let body = match &self.body {
            Value::Null => Vec::new(),
            Value::String(raw) => raw.clone().into_bytes(),
            body => serde_json::to_vec(&filled(body, fill)).unwrap(),
        };
        (path, self.content.iter().map(|kind| ("content-type", kind.as_str())).collect(), body)
    }
}
