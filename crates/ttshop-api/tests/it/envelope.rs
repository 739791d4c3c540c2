//! The answer's envelope.

use ttshop_api::{Envelope, EnvelopeError};

#[test]
fn keys_come_in_any_order_and_code_in_any_type() {
    let texts = [
        r#"{"code":105002,"data":null,"message":"expired","request_id":"2026"}"#,
        r#"{"request_id":2026,"message":"expired","code":"105002","extra":[1]}"#,
    ];
    for text in texts {
        let envelope = Envelope::parse(text.as_bytes()).unwrap();
        assert_eq!((envelope.code, envelope.message.as_str()), (105_002, "expired"));
        assert_eq!(envelope.request_id.unwrap().as_str(), "2026");
        assert!(envelope.data.is_none());
    }
}

#[test]
fn data_keeps_its_bytes() {
    let envelope = Envelope::parse(br#"{"code":0,"data": {"b" : 1.10, "a":null} }"#).unwrap();
    assert_eq!(envelope.data_bytes(), br#"{"b" : 1.10, "a":null}"#);
    assert!(envelope.request_id.is_none());
    assert!(Envelope::parse(br#"{"code":0}"#).unwrap().data_bytes().is_empty());
}

#[test]
fn pages_of_an_edge_server_are_no_envelope() {
    assert!(matches!(Envelope::parse(b"<html>502</html>"), Err(EnvelopeError::NotJson(_))));
    assert!(matches!(Envelope::parse(br#"{"code":0,"da"#), Err(EnvelopeError::NotJson(_))));
    assert!(matches!(Envelope::parse(b"{}"), Err(EnvelopeError::NoCode)));
    assert!(matches!(Envelope::parse(br#"{"code":"none"}"#), Err(EnvelopeError::NoCode)));
    assert!(matches!(Envelope::parse(b""), Err(EnvelopeError::NotJson(_))));
}
