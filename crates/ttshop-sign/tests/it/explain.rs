//! Each known mistake is recognised by its signature alone.

use base64::Engine as _;
use ttshop_sign::{Mistake, RequestSigner, SentRequest, Verdict, explain};

use crate::oracle;

const SECRET: &str = "canary-9f0c1d2e";
const PATH: &str = "/order/202309/orders/search";
const QUERY: &str =
    "timestamp=1700000000&shop_cipher=ROW_a%2Bb%2F%3D%3D&page_token=&app_key=6testkey00&ids=1%2C2";
const SORTED: &str = "app_key6testkey00ids1,2page_tokenshop_cipherROW_a+b/==timestamp1700000000";
const BODY: &str = r#"{"note": "chào","url":"a/b"}"#;

fn request() -> SentRequest<'static> {
    SentRequest {
        path: PATH,
        query: QUERY,
        host: Some("127.0.0.1:7800"),
        content_type: Some("application/json"),
        access_token: Some("ROW_token"),
        body: BODY.as_bytes(),
        sign: None,
    }
}

/// The signature of a text that somebody took for the right one.
fn sign(text: &str) -> String {
    oracle::hmac(SECRET.as_bytes(), format!("{SECRET}{text}{SECRET}").as_bytes())
}

#[track_caller]
fn check(request: SentRequest<'_>, sign: &str, expected: Mistake) {
    let answer = explain(&SentRequest { sign: Some(sign), ..request }, &SECRET.into());
    assert_eq!(answer.verdict, Verdict::Mistaken(expected), "{answer}");
    assert!(!answer.to_string().contains(SECRET), "the secret shows");
}

#[test]
fn a_right_signature_is_correct_wherever_it_stands() {
    let right = sign(&format!("{PATH}{SORTED}{BODY}"));
    let mut params = [
        ("app_key", "6testkey00"),
        ("timestamp", "1700000000"),
        ("shop_cipher", "ROW_a+b/=="),
        ("ids", "1,2"),
        ("page_token", ""),
    ];
    let signed = RequestSigner::new(SECRET.into()).sign(PATH, &mut params, Some(BODY.as_bytes()));
    assert_eq!(right, &*signed);
    let in_query = format!("{QUERY}&sign={right}");
    let answer = explain(&SentRequest { query: &in_query, ..request() }, &SECRET.into());
    assert_eq!(answer.verdict, Verdict::Correct);
    assert_eq!(answer.string_to_sign, format!("<app_secret>{PATH}{SORTED}{BODY}<app_secret>"));
}

#[test]
fn no_signature_and_no_explanation_are_said() {
    assert_eq!(explain(&request(), &SECRET.into()).verdict, Verdict::Missing);
    for nonsense in ["0", "é", &"0".repeat(64), &"Ã".repeat(40)] {
        let answer = explain(&SentRequest { sign: Some(nonsense), ..request() }, &SECRET.into());
        assert_eq!(answer.verdict, Verdict::Unexplained, "{nonsense}");
    }
}

#[test]
fn the_form_of_the_digest() {
    let text = format!("{PATH}{SORTED}{BODY}");
    let right = sign(&text);
    check(request(), &right.to_uppercase(), Mistake::UpperCaseHex);
    let base64 = base64::engine::general_purpose::STANDARD.encode(hex::decode(&right).unwrap());
    check(request(), &base64, Mistake::Base64);
    let hmac = |text: &str| oracle::hmac(SECRET.as_bytes(), text.as_bytes());
    check(request(), &hmac(&text), Mistake::SecretNotWrapped);
    check(request(), &hmac(&format!("{SECRET}{text}")), Mistake::SecretNotWrapped);
    check(request(), &hmac(&format!("{text}{SECRET}")), Mistake::SecretNotWrapped);
    let unkeyed = <sha2::Sha256 as sha2::Digest>::digest(format!("{SECRET}{text}{SECRET}"));
    check(request(), &hex::encode(unkeyed), Mistake::NotKeyed);
}

#[test]
fn the_query() {
    let with = |params: &str| sign(&format!("{PATH}{params}{BODY}"));
    let unsorted = "timestamp1700000000shop_cipherROW_a+b/==page_tokenapp_key6testkey00ids1,2";
    check(request(), &with(unsorted), Mistake::QueryUnsorted);
    let separated = "app_key=6testkey00&ids=1,2&page_token=&shop_cipher=ROW_a+b/==&timestamp=1700000000";
    check(request(), &with(separated), Mistake::QueryWithSeparators);
    check(
        request(),
        &with(&SORTED.replace("a+b/==", "a%2Bb%2F%3D%3D").replace("1,2", "1%2C2")),
        Mistake::ValuesEncoded,
    );
    check(request(), &with(&SORTED.replace("page_token", "")), Mistake::EmptyParamsDropped);
    check(request(), &with(&format!("access_tokenROW_token{SORTED}")), Mistake::AccessTokenIncluded);
    check(request(), &with(&format!("{SORTED}x-tts-access-tokenROW_token")), Mistake::AccessTokenIncluded);
    check(request(), &with(&SORTED.replace("timestamp", "signtimestamp")), Mistake::SignIncluded);
    check(request(), &with(&SORTED.replace("1,2", r#"["1","2"]"#)), Mistake::ListAsJson);
    check(request(), &with(&SORTED.replace("1,2", "[1,2]")), Mistake::ListAsJson);
    check(request(), &with(&SORTED.replace("1700000000", "1700000002")), Mistake::TimestampChanged);
    let plus = QUERY.replace("%2B", "+");
    check(SentRequest { query: &plus, ..request() }, &with(SORTED), Mistake::PlusNotEncoded);
    let twice = QUERY.replace("1%2C2", "1&ids=2");
    check(SentRequest { query: &twice, ..request() }, &with(SORTED), Mistake::ListRepeated);
    let json = QUERY.replace("1%2C2", "%5B%221%22%2C%222%22%5D");
    check(SentRequest { query: &json, ..request() }, &with(SORTED), Mistake::ListAsJson);
    let milliseconds = QUERY.replace("1700000000", "1700000000123");
    check(SentRequest { query: &milliseconds, ..request() }, &with(SORTED), Mistake::TimestampInMilliseconds);
}

#[test]
fn the_body() {
    let with = |body: &str| sign(&format!("{PATH}{SORTED}{body}"));
    check(request(), &with(""), Mistake::BodyMissing);
    for rewritten in [
        r#"{"note":"chào","url":"a/b"}"#,
        r#"{"note": "chào", "url": "a/b"}"#,
        r#"{"note": "ch\u00e0o", "url": "a/b"}"#,
        r#"{"note":"ch\u00e0o","url":"a\/b"}"#,
    ] {
        check(request(), &with(rewritten), Mistake::BodyRewritten);
    }
    check(SentRequest { body: b"", ..request() }, &with("{}"), Mistake::EmptyObjectSigned);
    let multipart = SentRequest { content_type: Some("Multipart/form-data; boundary=x"), ..request() };
    check(multipart, &with(BODY), Mistake::MultipartBodyIncluded);
}

#[test]
fn the_path() {
    let with = |path: &str| sign(&format!("{path}{SORTED}{BODY}"));
    check(request(), &with(&format!("{PATH}/")), Mistake::TrailingSlash);
    check(request(), &with(&PATH[1..]), Mistake::LeadingSlashMissing);
    check(request(), &with(&format!("https://open-api.tiktokglobalshop.com{PATH}")), Mistake::HostIncluded);
    check(request(), &with(&format!("http://127.0.0.1:7800{PATH}")), Mistake::HostIncluded);
    let slashed = format!("{PATH}/");
    check(SentRequest { path: &slashed, ..request() }, &with(PATH), Mistake::TrailingSlash);
    let encoded = SentRequest { path: "/a/202309/b%20c", ..request() };
    check(encoded, &with("/a/202309/b c"), Mistake::PathEncoded);
}
