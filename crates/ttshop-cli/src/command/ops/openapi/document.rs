//! The document around the shapes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use ttshop_catalogue::{Idempotency, Operation, RetrySafety, Schema, WEBHOOKS, WebhookType};

use super::super::entry;
use super::schema::{Side, object, schema};

const ABOUT: &str = "TikTok Shop Open Platform as ttshop's catalogue knows it. Every call is signed: `sign` is the lowercase hexadecimal \
HMAC-SHA256, keyed with the app secret, of the secret, the path, the query sorted by name without `sign` and `access_token`, the body unless it is multipart, \
and the secret. `ttshop sign` makes one, `ttshop emulate` answers all of them on your machine.";

/// The whole document.
pub(super) fn document(operations: impl Iterator<Item = &'static Operation>, server: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut tags = BTreeSet::new();
    for operation in operations {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method.as_str().to_ascii_lowercase()] = described(operation);
        tags.insert(operation.family);
    }
    let tags: Vec<Value> = tags.into_iter().map(|family| json!({ "name": family })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "TikTok Shop Open Platform",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": server }],
        "tags": tags,
        "security": [{ "access_token": [] }],
        "paths": paths,
        "webhooks": WEBHOOKS.iter().map(|topic| (topic.name.to_owned(), webhook(topic))).collect::<Map<_, _>>(),
        "components": components(),
    })
}

fn described(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = ["app_key", "timestamp", "sign"]
        .map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }))
        .into();
    if let Some(cipher) = operation.takes.parameter() {
        parameters.push(json!({ "$ref": format!("#/components/parameters/{cipher}") }));
    }
    for name in operation.path_params {
        parameters
            .push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    }
    for field in operation.query {
        // What has a default may be left out, whatever the documentation calls it.
        let required = field.required && field.schema.default.is_none();
        let mut parameter = json!({ "name": field.name, "in": "query", "required": required, "schema": schema(field.schema, Side::Request) });
        if field.schema.kind == ttshop_catalogue::Kind::Array {
            parameter["style"] = json!("form");
            parameter["explode"] = json!(false);
        }
        if field.deprecated {
            parameter["deprecated"] = json!(true);
        }
        parameters.push(parameter);
    }
    let mut made = json!({
        "operationId": format!("{}_{}_{}", operation.family, operation.name, operation.version),
        "summary": operation.title,
        "tags": [operation.family],
        "parameters": parameters,
        "responses": { "200": answer(operation.response), "default": { "$ref": "#/components/responses/refusal" } },
        "x-ttshop-key": operation.key,
        "x-scopes": operation.scope,
        "x-user-types": entry::user_types(operation),
        "x-emulator-tier": entry::tier(operation),
        "x-retry": retry(operation.retry_safety),
    });
    if operation.deprecated || operation.superseded_by.is_some() {
        made["deprecated"] = json!(true);
    }
    if let Some(successor) = operation.superseded_by {
        made["x-superseded-by"] = json!(successor);
    }
    if operation.idempotency != Idempotency::None {
        made["x-idempotency-key"] =
            json!(if operation.idempotency == Idempotency::Query { "query" } else { "body" });
    }
    if !operation.error_codes.is_empty() {
        made["x-error-codes"] = json!(operation.error_codes);
    }
    if let Some(body) = body(operation) {
        made["requestBody"] = body;
    }
    made
}

fn body(operation: &Operation) -> Option<Value> {
    if !operation.multipart.is_empty() {
        let mut form = json!({ "type": "object" });
        form.as_object_mut()?.extend(object(operation.multipart, Side::Request));
        return Some(json!({ "required": true, "content": { "multipart/form-data": { "schema": form } } }));
    }
    let body = operation.body?;
    let required = body.fields.iter().any(|field| field.required);
    Some(
        json!({ "required": required, "content": { "application/json": { "schema": schema(body, Side::Request) } } }),
    )
}

fn answer(data: &Schema) -> Value {
    let shape = json!({
        "allOf": [
            { "$ref": "#/components/schemas/Envelope" },
            { "type": "object", "properties": { "data": schema(data, Side::Answer) } },
        ],
    });
    json!({ "description": "`code` 0: it was done.", "content": { "application/json": { "schema": shape } } })
}

fn webhook(topic: &WebhookType) -> Value {
    let mut properties = json!({
        "type": { "type": "integer", "const": topic.number },
        "timestamp": { "type": "integer", "format": "unix-seconds" },
        topic.owner.key(): { "type": ["string", "integer"] },
        "data": schema(topic.data, Side::Answer),
    });
    if topic.has_notification_id {
        properties["tts_notification_id"] = json!({ "type": ["string", "integer"] });
    }
    let shape = json!({ "type": "object", "properties": properties });
    json!({
        "post": {
            "operationId": format!("webhook_{}", topic.name.to_ascii_lowercase()),
            "summary": topic.name,
            "security": [{ "webhook_signature": [] }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": shape } } },
            "responses": {
                "200": { "description": "Received. Anything else but 401 is tried again, four times in all." },
                "401": { "description": "The signature is wrong; it is not tried again." },
            },
        },
    })
}

fn components() -> Value {
    let query = |name: &str, description: &str, shape: Value| json!({ "name": name, "in": "query", "required": true, "description": description, "schema": shape });
    let text = || json!({ "type": "string" });
    json!({
        "parameters": {
            "app_key": query("app_key", "The app that calls.", text()),
            "timestamp": query("timestamp", "Now, in seconds: at most 5 minutes behind and 30 seconds ahead.", json!({ "type": "integer" })),
            "sign": query("sign", "The signature, 64 hexadecimal digits.", json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })),
            "shop_cipher": query("shop_cipher", "The shop that the call is about.", text()),
            "category_asset_cipher": query("category_asset_cipher", "The partner's category that the call is about.", text()),
        },
        "schemas": {
            "Envelope": {
                "type": "object",
                "required": ["code"],
                "properties": {
                    "code": { "type": "integer", "description": "0, or why it was refused." },
                    "message": { "type": ["string", "null"] },
                    "request_id": { "type": ["string", "null"], "description": "What the platform's support asks for." },
                    "data": true,
                },
            },
        },
        "responses": {
            "refusal": {
                "description": "Refused: `code` says why.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Envelope" } } },
            },
        },
        "securitySchemes": {
            "access_token": { "type": "apiKey", "in": "header", "name": "x-tts-access-token" },
            "webhook_signature": { "type": "apiKey", "in": "header", "name": "Authorization", "description": "Hexadecimal HMAC-SHA256 of the app key and the raw body, keyed with the app secret." },
        },
    })
}

fn retry(safety: RetrySafety) -> &'static str {
    match safety {
        RetrySafety::Safe => "safe",
        RetrySafety::Idempotent => "idempotent",
        RetrySafety::Unsafe => "unsafe",
    }
}

#[cfg(test)]
mod tests {
    use ttshop_catalogue::OPERATIONS;

    use super::*;

    #[test]
    fn every_operation_and_every_topic_is_there_once() {
        let document = document(OPERATIONS.iter().copied(), "https://example.com");
        let paths = document["paths"].as_object().unwrap();
        let ids: Vec<&str> = paths
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!((ids.len(), unique.len()), (OPERATIONS.len(), OPERATIONS.len()));
        assert_eq!(document["webhooks"].as_object().unwrap().len(), WEBHOOKS.len());
    }

    #[test]
    fn every_parameter_of_a_path_is_declared() {
        let document = document(OPERATIONS.iter().copied(), "https://example.com");
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let declared: BTreeSet<&str> = operation["parameters"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|parameter| parameter["in"] == "path")
                    .filter_map(|parameter| parameter["name"].as_str())
                    .collect();
                let named: BTreeSet<&str> =
                    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
                assert_eq!(declared, named, "{path}");
            }
        }
    }
}
