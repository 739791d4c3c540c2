//! Signatures of requests: what is signed verifies and is explained as correct, whatever it is made of.

use ttshop_sign::{RequestSigner, SentRequest, Verdict, explain, signed_body};
use ttshop_types::SecretText;

use super::{Shape, Target, magnitude};

pub(super) const TARGET: Target = Target { name: "signature", run, seeds };

/// Lines: path, query, content type, access token, secret; everything behind them is the body.
fn run(input: &[u8]) -> Shape {
    let mut lines = input.splitn(6, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(lines.next().unwrap_or_default());
    let (path, query, content_type, token, secret) = (line(), line(), line(), line(), line());
    let body = lines.next().unwrap_or_default();
    let secret = SecretText::from(secret.into_owned());
    let request = SentRequest {
        path: &path,
        query: &query,
        host: Some("127.0.0.1:7800"),
        content_type: Some(content_type.as_ref()).filter(|text| !text.is_empty()),
        access_token: Some(token.as_ref()).filter(|text| !text.is_empty()),
        body,
        sign: None,
    };
    check_signer(&request, &secret);
    let judged = explain(&request, &secret);
    let right = explain(&SentRequest { sign: Some(&judged.expected), ..request }, &secret);
    assert_eq!(right.verdict, Verdict::Correct, "{right}");
    let shouted = judged.expected.to_uppercase();
    let wrong = explain(&SentRequest { sign: Some(&shouted), ..request }, &secret);
    assert!(wrong.verdict != Verdict::Correct || shouted == *judged.expected, "{wrong}");
    Shape::of((format!("{:?}", judged.verdict), magnitude(query.len()), magnitude(judged.to_string().len())))
}

fn check_signer(request: &SentRequest<'_>, secret: &SecretText) {
    let pairs: Vec<_> = url::form_urlencoded::parse(request.query.as_bytes()).collect();
    let mut params: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (&**key, &**value)).collect();
    let body = signed_body(request.content_type, request.body);
    let signer = RequestSigner::new(secret.clone());
    let sign = signer.sign(request.path, &mut params, body);
    assert!(sign.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) && sign.len() == 64);
    params.reverse();
    assert!(signer.verify(request.path, &mut params, body, &sign), "the order of parameters matters");
    let (first, rest) = sign.split_at(1);
    let changed = format!("{}{rest}", if first == "0" { "1" } else { "0" });
    assert!(!signer.verify(request.path, &mut params, body, &changed), "a wrong signature is accepted");
    assert!(!signer.verify(request.path, &mut params, body, &sign[..63]), "a cut signature is accepted");
}

fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "/order/202309/orders/search\ntimestamp=1700000000&shop_cipher=ROW_a%2Bb%2F%3D%3D&page_token=&app_key=6key00\n\
         application/json\nROW_token\nsecret\n{\"order_status\":\"UNPAID\"}",
        "/order/202507/orders\nids=1%2C2&ids=3&sign=00&app_key=6key00&timestamp=1700000000123\n\n\nsecret\n",
        "/product/202309/images/upload\napp_key=6key00&timestamp=1700000000\nmultipart/form-data; boundary=x\nROW_token\n\
         secret\n--x\r\n",
        "/a/202309/b%20c/\n&=&%&%zz=%ff&a=[1,2]&b=%5B%221%22%5D\ntext/plain\n\n\nchào",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
