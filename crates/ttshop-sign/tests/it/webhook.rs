//! Signatures of notifications.

use proptest::prelude::*;
use ttshop_sign::{MatchedSecret, SECRETS_MAX, WebhookSignatureError, WebhookSigner, WebhookVerifier};

use crate::oracle;

const SECRET: &str = "9f0c1d2e3b4a5968778695a4b3c2d1e0f0e1d2c3";
const BODY: &str = concat!(
    r#"{"type":1,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1644412885,"#,
    r#""data":{"order_id":"576486316948490001","order_status":"UNPAID","is_on_hold_order":false,"#,
    r#""update_time":1644412885}}"#
);
const SIGN: &str = "a96e2c1ab2f6e25264ce0b2505425a6b96ec9cfa4d6e47557f9a17ad2bca2de7";

fn verifier() -> WebhookVerifier {
    WebhookVerifier::new("6testkey00".into(), &SECRET.into())
}

#[track_caller]
fn check(header: &str, body: &str, expected: Result<MatchedSecret, WebhookSignatureError>) {
    assert_eq!(verifier().verify(Some(header.as_bytes()), body.as_bytes()), expected, "{header}");
}

#[test]
fn the_worked_example_holds() {
    let signer = WebhookSigner::new(&"6testkey00".into(), &SECRET.into());
    assert_eq!(&*signer.sign(BODY.as_bytes()), SIGN);
    check(SIGN, BODY, Ok(MatchedSecret::Current));
}

#[test]
fn a_missing_a_malformed_and_a_wrong_header_are_told_apart() {
    assert_eq!(verifier().verify(None, BODY.as_bytes()), Err(WebhookSignatureError::Missing));
    let malformed = Err(WebhookSignatureError::Malformed);
    check("", BODY, malformed);
    check(&format!("Bearer {SIGN}"), BODY, malformed);
    check(&SIGN.to_uppercase(), BODY, malformed);
    check(&SIGN[..63], BODY, malformed);
    check(&format!("{SIGN}0"), BODY, malformed);
    check(&SIGN.replace('a', "g"), BODY, malformed);
    check(&SIGN.replace('a', "b"), BODY, Err(WebhookSignatureError::Wrong));
    check(SIGN, &BODY.replace("UNPAID", "ON_HOLD"), Err(WebhookSignatureError::Wrong));
    check(SIGN, &format!("{BODY}\n"), Err(WebhookSignatureError::Wrong));
}

#[test]
fn another_app_s_signature_is_wrong() {
    let other = WebhookVerifier::new("6otherkey0".into(), &SECRET.into());
    let answer = other.verify(Some(SIGN.as_bytes()), BODY.as_bytes());
    assert_eq!(answer, Err(WebhookSignatureError::Wrong));
}

#[test]
fn a_rotation_accepts_both_secrets_and_says_which() {
    let app_key = "6testkey00".into();
    let rotated = WebhookVerifier::new("6testkey00".into(), &"new".into())
        .or_previous(&"older".into())
        .or_previous(&SECRET.into());
    let verify = |sign: &str| rotated.verify(Some(sign.as_bytes()), BODY.as_bytes());
    assert_eq!(verify(SIGN), Ok(MatchedSecret::Previous(1)));
    let current = WebhookSigner::new(&app_key, &"new".into()).sign(BODY.as_bytes());
    assert_eq!(verify(&current), Ok(MatchedSecret::Current));
    let stranger = WebhookSigner::new(&app_key, &"stranger".into()).sign(BODY.as_bytes());
    assert_eq!(verify(&stranger), Err(WebhookSignatureError::Wrong));
}

#[test]
fn the_oldest_secret_is_forgotten_beyond_the_bound() {
    let mut verifier = verifier().or_previous(&"oldest".into());
    let sign = WebhookSigner::new(&"6testkey00".into(), &"oldest".into()).sign(b"{}");
    assert_eq!(verifier.verify(Some(sign.as_bytes()), b"{}"), Ok(MatchedSecret::Previous(0)));
    for number in 0..SECRETS_MAX - 1 {
        verifier = verifier.or_previous(&format!("secret {number}").into());
    }
    assert_eq!(verifier.verify(Some(sign.as_bytes()), b"{}"), Err(WebhookSignatureError::Wrong));
}

proptest! {
    #[test]
    fn any_body_agrees_with_the_oracle(
        app_key in "[a-z0-9]{1,20}",
        secret in any::<String>(),
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let expected = oracle::hmac(secret.as_bytes(), &[app_key.as_bytes(), &body].concat());
        let verifier = WebhookVerifier::new(app_key.into(), &secret.into());
        prop_assert_eq!(verifier.verify(Some(expected.as_bytes()), &body), Ok(MatchedSecret::Current));
    }

    #[test]
    fn any_header_is_answered(header in prop::collection::vec(any::<u8>(), 0..100)) {
        let answer = verifier().verify(Some(&header), b"{}");
        prop_assert!(answer.is_err());
    }
}
