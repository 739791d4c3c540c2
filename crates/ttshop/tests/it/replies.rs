//! What comes back: the envelope first, whatever the HTTP status.

use proptest::prelude::*;
use serde_json::{Value, json};
use ttshop::{BadReply, Error, ErrorKind, RawReply, Retry, RetryPolicy, TransportErrorKind};

use crate::world::{Answer, Script, broken, builder, refusal, reply, reply_with, shop, success};

const READ: (&str, &str) = ("order.search_orders", r#"{"page_size": 1}"#);
const WRITE: (&str, &str) = ("fulfillment.batch_ship_packages", r#"{"packages": []}"#);

async fn call((name, arguments): (&str, &str), answer: Answer) -> Result<RawReply, Error> {
    let script = Script::of([answer]);
    let clock = ttshop_clock::VirtualClock::at(crate::world::NOW);
    let client = builder(&script, &clock).retry(RetryPolicy::never()).build().unwrap().with_shop(shop());
    client.call(name, serde_json::from_str(arguments).unwrap()).await
}

#[tokio::test]
async fn an_envelope_counts_in_any_order_and_with_any_status() {
    for (status, body) in [
        (200, r#"{"code":0,"message":"Success","request_id":"r","data":{"a":1}}"#),
        (200, r#" {"data":{"a":1},"request_id":"r","code":"0"} "#),
        (500, r#"{"request_id":"r","data":{"a":1},"new_field":[{}],"message":"success","code":0}"#),
    ] {
        let reply = call(READ, reply(status, body)).await.unwrap();
        assert_eq!((&**reply.data(), reply.request_id.as_str()), (&br#"{"a":1}"#[..], "r"), "{body}");
        assert_eq!(reply.status.as_u16(), status);
        assert_eq!(reply.decode::<Value>().unwrap(), json!({"a": 1}));
    }
    for body in [r#"{"code":0}"#, r#"{"code":0,"data":null}"#] {
        assert_eq!(&**call(READ, reply(200, body)).await.unwrap().data(), b"null");
    }
}

#[tokio::test]
async fn items_keep_their_bytes() {
    let data = r#"{"orders":[{"id":"1", "total":1.10},{"id":2,"é":null}],"next_page_token":""}"#;
    let reply = call(READ, success(data)).await.unwrap();
    let items: Vec<_> = reply.items("orders").unwrap().iter().map(|item| item.get()).collect();
    assert_eq!(items, [r#"{"id":"1", "total":1.10}"#, r#"{"id":2,"é":null}"#]);
    assert_eq!(reply.field("next_page_token").unwrap().unwrap().get(), r#""""#);
    assert!(reply.items("nothing").unwrap().is_empty());
    assert!(call(READ, success("null")).await.unwrap().items("orders").unwrap().is_empty());
    assert!(call(READ, success("[]")).await.unwrap().items("orders").is_err());
}

#[tokio::test]
async fn a_refusal_keeps_code_message_and_request_id() {
    for status in [200, 400, 401, 500] {
        let error = call(READ, refusal(status, 105_005, "Access denied.")).await.unwrap_err();
        assert_eq!(error.code(), Some(105_005));
        assert_eq!(error.message(), Some("Access denied."));
        assert_eq!(error.request_id().unwrap().as_str(), "2026-no");
        assert_eq!(error.operation(), "order.search_orders");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn what_is_no_envelope_is_a_typed_error() {
    let status = |code: u16| http::StatusCode::from_u16(code).unwrap();
    for (http, body, expected) in [
        (502, "<html>Bad gateway</html>", BadReply::Html(status(502))),
        (200, "\n <!DOCTYPE html>", BadReply::Html(status(200))),
        (200, "", BadReply::Empty(status(200))),
        (503, "  ", BadReply::Empty(status(503))),
        (200, r#"{"code":0,"data":{"#, BadReply::NoEnvelope(status(200))),
        (200, r#"{"message":"no code"}"#, BadReply::NoEnvelope(status(200))),
        (200, r#"{"code":"many"}"#, BadReply::NoEnvelope(status(200))),
        (404, "404 page not found", BadReply::NoEnvelope(status(404))),
        (200, "[0]", BadReply::NoEnvelope(status(200))),
    ] {
        let error = call(WRITE, reply_with(http, ("x-tt-logid", "edge-id"), body)).await.unwrap_err();
        let ErrorKind::BadReply(found) = error.kind() else { panic!("{error}") };
        assert_eq!(*found, expected, "{body}");
        assert_eq!(error.request_id().unwrap().as_str(), "edge-id");
        assert_eq!(error.status(), Some(status(http)));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_reply_or_a_typed_error(
        status in 200_u16..600,
        body in prop_oneof![
            any::<String>(),
            r#"\{"code":(0|"0"|-1|1e3|null),"(message|data|request_id)":(\[\]|\{\}|"x"|null|1)(\}|,"data":\{"errors":[0-9\[\]{}]{0,5}\}\})?"#,
        ],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(call(WRITE, reply(status, &body))) {
            Ok(reply) => prop_assert!(reply.decode::<Value>().is_ok()),
            Err(error) => {
                prop_assert_eq!(error.attempts(), 1);
                prop_assert!(error.to_string().starts_with("`fulfillment.batch_ship_packages` failed: "));
            }
        }
    }
}

#[tokio::test]
async fn a_batch_that_failed_in_part_is_no_success() {
    let data =
        r#"{"packages":[1],"errors":[{"code":"21011006","message":"shipped","detail":{"package_id":"9"}}]}"#;
    let error = call(WRITE, success(data)).await.unwrap_err();
    let partial = error.batch_failure().unwrap();
    assert_eq!((error.code(), partial.failures.len()), (Some(21_011_006), 1));
    assert_eq!(partial.failures[0].detail.as_ref().unwrap().get(), r#"{"package_id":"9"}"#);
    assert_eq!(partial.reply.items("packages").unwrap().len(), 1);
    assert!(error.may_have_happened());
    assert_eq!(error.retry(), Retry::CheckFirst);
    for data in
        [r#"{"errors":[]}"#, r#"{"errors":null}"#, r#"{"errors":[{"code":0}]}"#, r#"{"a":"\"errors\""}"#]
    {
        assert!(call(WRITE, success(data)).await.is_ok(), "{data}");
    }
}

#[tokio::test]
async fn callers_know_whether_a_write_may_have_happened() {
    for (answer, happened) in [
        (refusal(200, 21_011_006, "already shipped"), false),
        (refusal(429, 36_009_002, "too many requests"), false),
        (refusal(200, 36_009_002, "too many requests"), false),
        (refusal(401, 106_001, "sign invalid"), false),
        (refusal(500, 36_009_003, "Internal error"), true),
        (refusal(200, 21_001_008, "system error"), true),
        (reply(429, "slow down"), false),
        (reply(404, "404 page not found"), false),
        (reply(502, "<html>"), true),
        (reply(200, r#"{"code":0,"#), true),
        (broken(TransportErrorKind::Connect), false),
        (broken(TransportErrorKind::PlainHttp), false),
        (broken(TransportErrorKind::Timeout), true),
        (broken(TransportErrorKind::Interrupted), true),
        (broken(TransportErrorKind::ReplyTooLong { max: 1 }), true),
    ] {
        let error = call(WRITE, answer.clone()).await.unwrap_err();
        assert_eq!(error.may_have_happened(), happened, "{error}");
        assert_eq!(error.retry() == Retry::CheckFirst, happened, "{error}");
        let error = call(READ, answer).await.unwrap_err();
        assert!(!error.may_have_happened(), "a read changes nothing: {error}");
    }
}
