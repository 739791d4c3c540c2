//! Watching calls, and answering them.

use std::io::Write;
use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber as _;
use ttshop::{Client, Hook, HookAnswer, Recorder, Replay, TransportErrorKind, TryEnd, TryView};
use ttshop_catalogue::{Field, Kind, OPERATIONS, Schema, is_personal};
use ttshop_clock::VirtualClock;

use crate::world::{CIPHER, NOW, Script, TOKEN, broken, builder, drive, refusal, shop, success};

/// Remembers what it was told, and answers the operation it is made for.
#[derive(Debug, Default)]
struct Spy {
    told: Mutex<Vec<String>>,
    answers: Option<&'static str>,
}

impl Hook for Spy {
    fn answer(&self, attempt: &TryView<'_>) -> Option<HookAnswer> {
        (self.answers? == attempt.operation.key)
            .then(|| HookAnswer::Success(json!({"orders": [{"id": "1"}]})))
    }

    fn ended(&self, attempt: &TryView<'_>, end: &TryEnd<'_>) {
        let (key, shop, number) = (attempt.operation.key, attempt.shop.unwrap_or("-"), attempt.attempt);
        let line = format!(
            "{key} {shop} {number} {:?} {} {}",
            end.code(),
            end.took.as_millis(),
            end.answered_by_hook
        );
        self.told.lock().unwrap().push(line);
    }
}

fn hooked(script: &Arc<Script>, hook: Arc<dyn Hook>) -> (Client, VirtualClock) {
    let clock = VirtualClock::at(NOW);
    let client = builder(script, &clock).hook(hook).build().unwrap();
    (client.with_shop(shop().with_alias("berlin")), clock)
}

#[tokio::test]
async fn a_hook_sees_every_try_and_how_it_ended() {
    let spy = Arc::new(Spy::default());
    let answers = [refusal(429, 36_009_002, "slow"), broken(TransportErrorKind::Timeout), success("{}")];
    let (client, clock) = hooked(&Script::of(answers), Arc::<Spy>::clone(&spy));
    drive(&clock, client.call("order.search_orders", json!({}))).await.unwrap();
    let expected = [
        "order.search_orders berlin 1 Some(36009002) 0 false",
        "order.search_orders berlin 2 None 0 false",
        "order.search_orders berlin 3 Some(0) 0 false",
    ];
    assert_eq!(*spy.told.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_hook_answers_in_the_platforms_stead() {
    let spy = Arc::new(Spy { answers: Some("order.search_orders"), ..Spy::default() });
    let script = Script::of([success(r#"{"orders":[]}"#)]);
    let (client, _) = hooked(&script, Arc::<Spy>::clone(&spy));
    let reply = client.call("order.search_orders", json!({})).await.unwrap();
    assert_eq!(reply.items("orders").unwrap().len(), 1);
    assert_eq!(script.count(), 0);
    client.call("order.get_order_detail", json!({"ids": "1"})).await.unwrap();
    assert_eq!(script.count(), 1);
    assert!(spy.told.lock().unwrap()[0].ends_with("true"));
}

#[derive(Debug)]
struct Refuses;

impl Hook for Refuses {
    fn answer(&self, _: &TryView<'_>) -> Option<HookAnswer> {
        let (status, message) = (StatusCode::UNAUTHORIZED, "Access denied.".into());
        Some(HookAnswer::Refusal { status, code: 105_005, message })
    }
}

#[tokio::test]
async fn a_refusal_by_a_hook_is_the_platforms() {
    let (client, _) = hooked(&Script::of([success("{}")]), Arc::new(Refuses));
    let error = client.call("order.search_orders", json!({})).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some(105_005), Some(StatusCode::UNAUTHORIZED)));
}

#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const ORDERS: &str = r#"{"orders":[{"id":"576","status":"UNPAID","buyer_email":"canary@example.com","cpf":"canary",
    "recipient_address":{"name":"canary","district_info":[{"address_name":"canary"}]}}],"total_count":1}"#;

async fn all_calls(client: &Client, clock: &VirtualClock) -> Vec<String> {
    let mut ends = Vec::new();
    for (name, arguments) in [
        ("authorization.get_authorized_shops", json!({})),
        ("order.search_orders", json!({"page_size": 2, "buyer_user_id": "canary"})),
        ("order.get_order_detail", json!({"ids": "576"})),
        ("order.search_orders", json!({"page_size": 3})),
    ] {
        let end = drive(clock, client.call(name, arguments)).await;
        ends.push(match end {
            Ok(reply) => reply.request_id.to_string(),
            Err(error) => format!("{:?}", error.code()),
        });
    }
    ends
}

#[tokio::test]
async fn a_recording_holds_no_secret_and_no_buyer_and_can_be_replayed() {
    let lines = Lines::default();
    let shops = format!(r#"{{"shops":[{{"id":"1","cipher":"{CIPHER}"}}]}}"#);
    let script = Script::of([
        success(&shops),
        success(ORDERS),
        success(ORDERS),
        refusal(200, 10_006_402, "no permission"),
    ]);
    let (client, clock) = hooked(&script, Arc::new(Recorder::new(lines.clone())));
    let live = all_calls(&client, &clock).await;
    let recording = lines.text();
    assert_eq!(recording.lines().count(), 4);
    for secret in [CIPHER, TOKEN, "canary", "sign="] {
        assert!(!recording.contains(secret), "{secret} in {recording}");
    }
    let second: Value = serde_json::from_str(recording.lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["shop"], "berlin");
    assert_eq!(second["data"]["orders"][0]["id"], "576");
    assert_eq!(second["data"]["orders"][0]["recipient_address"]["name"], "<redacted>");

    let replay = Arc::new(Replay::read(recording.as_bytes()).unwrap());
    let clock = VirtualClock::at(NOW);
    let builder = builder(&Script::of([success("{}")]), &clock).transport(Arc::<Replay>::clone(&replay));
    let client = builder.build().unwrap().with_shop(shop());
    assert_eq!(all_calls(&client, &clock).await, live);
    assert_eq!(replay.left(), 0);
    let error = client.call("order.get_order_detail", json!({"ids": "576"})).await.unwrap_err();
    assert!(error.to_string().contains("no reply") && !error.may_have_happened(), "{error}");
}

#[test]
fn a_line_that_is_no_recording_is_named() {
    let error = Replay::read(&b"{}"[..]).unwrap_err();
    assert_eq!(error.to_string(), "line 1 is no line of a recording");
}

#[tokio::test]
async fn a_span_names_operation_shop_try_code_and_request() {
    let lines = Lines::default();
    let writer = {
        let lines = lines.clone();
        move || lines.clone()
    };
    let subscriber = tracing_subscriber::fmt()
        .with_writer(writer)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_ansi(false)
        .finish();
    let script = Script::of([refusal(429, 36_009_002, "slow"), success("{}")]);
    let (client, clock) = hooked(&script, Arc::new(Spy::default()));
    drive(&clock, client.call("order.search_orders", json!({}))).with_subscriber(subscriber).await.unwrap();
    let text = lines.text();
    let fields = r#"ttshop.call{operation="order.search_orders" shop="berlin" attempt=1 code=36009002 request_id="2026-no" attempt=2 code=0 request_id="2026-ok"}"#;
    assert!(text.contains(fields), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

/// A value of this shape whose personal texts are canaries; counts them.
fn with_canaries(schema: &Schema, parent: &str, name: &str, canaries: &mut usize) -> Value {
    match schema.kind {
        Kind::Object => {
            let field = |field: &Field| {
                let value = with_canaries(field.schema, name, field.name, canaries);
                (field.name.to_owned(), value)
            };
            Value::Object(schema.fields.iter().map(field).collect())
        }
        Kind::Array => json!([with_canaries(schema.items.unwrap(), parent, name, canaries)]),
        Kind::String if is_personal(parent, name) => {
            *canaries += 1;
            json!("canary")
        }
        _ => Value::Null,
    }
}

#[tokio::test]
async fn what_the_catalogue_calls_personal_is_in_no_recording() {
    let (mut canaries, mut operations) = (0, 0);
    for operation in OPERATIONS.iter().filter(|operation| operation.multipart.is_empty()) {
        let before = canaries;
        let data = with_canaries(operation.response, "", "", &mut canaries);
        if canaries == before {
            continue;
        }
        operations += 1;
        let lines = Lines::default();
        let script = Script::of([success(&data.to_string())]);
        let (client, clock) = hooked(&script, Arc::new(Recorder::new(lines.clone())));
        let name = format!("{}@{}", operation.key, operation.version);
        let arguments: serde_json::Map<_, _> =
            operation.path_params.iter().map(|name| ((*name).to_owned(), json!("1"))).collect();
        drop(drive(&clock, client.call(&name, arguments.into())).await);
        let recording = lines.text();
        assert!(recording.contains("<redacted>") && !recording.contains("canary"), "{name}: {recording}");
    }
    assert!(operations >= 10 && canaries >= 100, "{operations} operations with {canaries} texts");
}
