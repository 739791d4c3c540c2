//! Answers: whatever is read as an envelope reads the same again once it is written.

use serde_json::json;
use ttshop_api::{Envelope, EnvelopeError};

use super::{Shape, Target, magnitude};

pub(super) const TARGET: Target = Target { name: "envelope", run, seeds };

fn run(input: &[u8]) -> Shape {
    match Envelope::parse(input) {
        Ok(envelope) => {
            check(&envelope);
            let data = magnitude(envelope.data_bytes().len());
            Shape::of((envelope.code, envelope.request_id.is_some(), magnitude(envelope.message.len()), data))
        }
        Err(EnvelopeError::NotJson(error)) => {
            Shape::of(("not json", error.classify() as u8, magnitude(error.column())))
        }
        Err(error) => Shape::of(error.to_string()),
    }
}

fn check(envelope: &Envelope<'_>) {
    let request_id = envelope.request_id.as_ref().map(ttshop_types::RequestId::as_str);
    let written = json!({ "code": envelope.code, "message": envelope.message, "request_id": request_id });
    let mut text = written.to_string();
    if let Some(data) = envelope.data {
        text.pop();
        text.push_str(",\"data\":");
        text.push_str(data);
        text.push('}');
    }
    let again = Envelope::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(again.code, envelope.code);
    assert_eq!(again.message, envelope.message);
    assert_eq!(again.request_id, envelope.request_id);
    assert_eq!(again.data_bytes(), envelope.data_bytes());
}

fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        r#"{"code":0,"message":"Success","request_id":"2026112308492101","data":{"orders":[]}}"#,
        r#"{"data":null,"request_id":"","message":null,"code":"36009004"}"#,
        r#"{"code":105002,"message":"Expired credentials"}"#,
        "{\"message\":\"no code\"}",
        "<html><body>502 Bad Gateway</body></html>",
        "",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
