//! The mistakes that integrators make.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::SentRequest;
use super::attempt::{Attempt, Output, decode, encoded};
use super::json_text;
use crate::request::is_multipart;

/// A request is often signed shortly before it is stamped again: how many seconds apart both may lie.
const STAMP_DRIFT_MAX: i64 = 10;

/// The API host of the platform, which some sign along with the path.
const API_HOST: &str = "open-api.tiktokglobalshop.com";

/// The keys left out when only the signature itself is.
const ONLY_SIGN: [&str; 1] = ["sign"];

/// A known way to sign wrongly.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Mistake {
    /// Hexadecimal digits in upper case.
    UpperCaseHex,
    /// Base64 instead of hexadecimal digits.
    Base64,
    /// A plain SHA-256 without the key.
    NotKeyed,
    /// The secret does not stand on both sides of the text.
    SecretNotWrapped,
    /// The parameters stand in the order of the URL.
    QueryUnsorted,
    /// Keys and values are joined by `=` and `&`.
    QueryWithSeparators,
    /// The values were percent-encoded before signing.
    ValuesEncoded,
    /// A `+` was sent unencoded, and it arrives as a space.
    PlusNotEncoded,
    /// Parameters with an empty value were sent but not signed.
    EmptyParamsDropped,
    /// `access_token` was signed.
    AccessTokenIncluded,
    /// `sign` was signed, with an empty value.
    SignIncluded,
    /// The body was sent but not signed.
    BodyMissing,
    /// A multipart body was signed.
    MultipartBodyIncluded,
    /// `{}` was signed, and nothing was sent.
    EmptyObjectSigned,
    /// The body was written again after signing, with other spaces or escapes.
    BodyRewritten,
    /// The path was signed with a trailing slash that was not sent, or the other way round.
    TrailingSlash,
    /// The path was signed without its leading slash.
    LeadingSlashMissing,
    /// The host was signed along with the path.
    HostIncluded,
    /// The path was decoded or encoded before signing.
    PathEncoded,
    /// The timestamp was sent in milliseconds and signed in seconds.
    TimestampInMilliseconds,
    /// The request was stamped again after signing.
    TimestampChanged,
    /// A list was signed as JSON text and sent with commas, or the other way round.
    ListAsJson,
    /// A repeated parameter was signed once, or joined with commas.
    ListRepeated,
}

impl Mistake {
    fn text(self) -> &'static str {
        match self {
            Self::UpperCaseHex => "the hexadecimal digits are upper-case: write them in lower case",
            Self::Base64 => "the digest is written in Base64: write it as lower-case hexadecimal digits",
            Self::NotKeyed => {
                "the text was hashed with plain SHA-256: use HMAC-SHA256 with the app secret as the key"
            }
            Self::SecretNotWrapped => {
                "the app secret does not stand before and after the text: it belongs on both sides, besides being the key"
            }
            Self::QueryUnsorted => "the parameters were not sorted: sort them by key in byte order",
            Self::QueryWithSeparators => {
                "keys and values were joined with `=` and `&`: write them without separators"
            }
            Self::ValuesEncoded => {
                "the values were percent-encoded before signing: sign the decoded values, encode them only in the URL"
            }
            Self::PlusNotEncoded => "a `+` was sent unencoded and arrives as a space: send it as `%2B`",
            Self::EmptyParamsDropped => {
                "parameters without a value were sent but not signed: sign them, or do not send them"
            }
            Self::AccessTokenIncluded => "the access token was signed: leave it out of the signed text",
            Self::SignIncluded => "the parameter `sign` was signed: leave it out of the signed text",
            Self::BodyMissing => {
                "the body was sent but not signed: append its exact bytes before the closing secret"
            }
            Self::MultipartBodyIncluded => {
                "the multipart body was signed: nothing of a multipart body is signed"
            }
            Self::EmptyObjectSigned => "`{}` was signed but no body was sent: sign exactly what is sent",
            Self::BodyRewritten => {
                "the body was serialised again after signing, with other spaces or escapes: send the very bytes you signed"
            }
            Self::TrailingSlash => {
                "the signed path and the sent path differ by a trailing slash: use neither"
            }
            Self::LeadingSlashMissing => "the path was signed without its leading slash",
            Self::HostIncluded => "the host was signed: the signed text holds only the path",
            Self::PathEncoded => "the path was encoded or decoded before signing: sign it as it was sent",
            Self::TimestampInMilliseconds => {
                "the timestamp was sent in milliseconds and signed in seconds: send ten digits, and sign what you send"
            }
            Self::TimestampChanged => {
                "the timestamp changed after signing: stamp first, then sign, at every try"
            }
            Self::ListAsJson => {
                "a list was signed as JSON text but sent with commas, or the other way round: join with commas"
            }
            Self::ListRepeated => {
                "a parameter was sent several times: join the values of a list with commas in one parameter"
            }
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Every mistake that this request allows, made once.
pub(super) fn attempts(request: &SentRequest<'_>) -> Vec<(Mistake, Attempt)> {
    let correct = Attempt::correct(request);
    let mut attempts = outputs(&correct);
    attempts.extend(bodies(request, &correct));
    attempts.extend(queries(request, &correct));
    attempts.extend(lists(&correct));
    attempts.extend(stamps(&correct));
    attempts.extend(paths(request, &correct));
    attempts
}

fn outputs(correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let output = |output| Attempt { output, ..correct.clone() };
    let wrapped = |secret_before, secret_after| Attempt { secret_before, secret_after, ..correct.clone() };
    vec![
        (Mistake::UpperCaseHex, output(Output::UpperHex)),
        (Mistake::Base64, output(Output::Base64)),
        (Mistake::NotKeyed, output(Output::Unkeyed)),
        (Mistake::SecretNotWrapped, wrapped(false, false)),
        (Mistake::SecretNotWrapped, wrapped(true, false)),
        (Mistake::SecretNotWrapped, wrapped(false, true)),
    ]
}

fn bodies(request: &SentRequest<'_>, correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let body = |body: Vec<u8>| Attempt { body, ..correct.clone() };
    if request.content_type.is_some_and(is_multipart) {
        return vec![(Mistake::MultipartBodyIncluded, body(request.body.into()))];
    }
    if request.body.is_empty() {
        return vec![(Mistake::EmptyObjectSigned, body(b"{}".into()))];
    }
    let rewritten =
        json_text::rewritings(request.body).into_iter().map(|text| (Mistake::BodyRewritten, body(text)));
    std::iter::once((Mistake::BodyMissing, body(Vec::new()))).chain(rewritten).collect()
}

fn queries(request: &SentRequest<'_>, correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let params = |params: Vec<(String, String)>| Attempt { params, ..correct.clone() };
    let as_sent = encoded(request.query).map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let encoded_again = map_values(correct, |value| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string());
    let plus_kept = encoded(request.query).map(|(key, value)| (decode(key), decode(value))).collect();
    let without_empty = correct.params.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
    let mut signed_sign = correct.params.clone();
    signed_sign.retain(|(key, _)| key != "sign");
    signed_sign.push(("sign".into(), String::new()));
    let mut attempts = vec![
        (Mistake::QueryUnsorted, Attempt { sorted: false, ..correct.clone() }),
        (Mistake::QueryWithSeparators, Attempt { separated: true, ..correct.clone() }),
        (Mistake::ValuesEncoded, params(as_sent)),
        (Mistake::ValuesEncoded, params(encoded_again)),
        (Mistake::PlusNotEncoded, params(plus_kept)),
        (Mistake::EmptyParamsDropped, params(without_empty)),
        (Mistake::AccessTokenIncluded, Attempt { unsigned: &ONLY_SIGN, ..correct.clone() }),
        (Mistake::SignIncluded, Attempt { unsigned: &[], ..params(signed_sign) }),
    ];
    for key in ["access_token", "x-tts-access-token"] {
        let Some(token) = request.access_token else { continue };
        let mut with_token = correct.params.clone();
        with_token.retain(|(existing, _)| existing != key);
        with_token.push((key.into(), token.into()));
        attempts.push((Mistake::AccessTokenIncluded, Attempt { unsigned: &ONLY_SIGN, ..params(with_token) }));
    }
    attempts
}

fn lists(correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let params = |params: Vec<(String, String)>| Attempt { params, ..correct.clone() };
    let as_texts = map_values(correct, |value| list_json(value, "\""));
    let as_numbers = map_values(correct, |value| list_json(value, ""));
    let with_commas = map_values(correct, |value| value.replace(['[', ']', '"', ' '], ""));
    vec![
        (Mistake::ListAsJson, params(as_texts)),
        (Mistake::ListAsJson, params(as_numbers)),
        (Mistake::ListAsJson, params(with_commas)),
        (Mistake::ListRepeated, params(merge(correct, |values| values.join(",")))),
        (Mistake::ListRepeated, params(merge(correct, |values| values.first().cloned().unwrap_or_default()))),
        (Mistake::ListRepeated, params(merge(correct, |values| values.last().cloned().unwrap_or_default()))),
    ]
}

fn stamps(correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let Some(stamp) = correct.params.iter().find(|(key, _)| key == "timestamp") else { return Vec::new() };
    let Ok(stamp) = stamp.1.parse::<i64>() else { return Vec::new() };
    let stamped = |stamp: i64| {
        let mut attempt = correct.clone();
        for (_, value) in attempt.params.iter_mut().filter(|(key, _)| key == "timestamp") {
            *value = stamp.to_string();
        }
        attempt
    };
    let drifted = (-STAMP_DRIFT_MAX..=STAMP_DRIFT_MAX)
        .map(|drift| (Mistake::TimestampChanged, stamped(stamp.saturating_add(drift))));
    std::iter::once((Mistake::TimestampInMilliseconds, stamped(stamp / 1000))).chain(drifted).collect()
}

fn paths(request: &SentRequest<'_>, correct: &Attempt) -> Vec<(Mistake, Attempt)> {
    let path = |path: String| Attempt { path, ..correct.clone() };
    let sent = request.path;
    let slash = sent.strip_suffix('/').map_or_else(|| format!("{sent}/"), str::to_owned);
    let decoded = percent_decode_str(sent).decode_utf8_lossy().into_owned();
    let mut attempts = vec![
        (Mistake::TrailingSlash, path(slash)),
        (Mistake::LeadingSlashMissing, path(sent.trim_start_matches('/').into())),
        (Mistake::PathEncoded, path(decoded)),
        (Mistake::PathEncoded, path(utf8_percent_encode(sent, NON_ALPHANUMERIC).to_string())),
    ];
    for host in request.host.into_iter().chain([API_HOST]) {
        for scheme in ["https://", "http://", ""] {
            attempts.push((Mistake::HostIncluded, path(format!("{scheme}{host}{sent}"))));
        }
    }
    attempts
}

fn map_values(correct: &Attempt, change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    correct.params.iter().map(|(key, value)| (key.clone(), change(value))).collect()
}

/// `1,2` as `["1","2"]` or, with no quote, as `[1,2]`; anything without a comma stays.
fn list_json(value: &str, quote: &str) -> String {
    if !value.contains(',') {
        return value.into();
    }
    let items: Vec<_> = value.split(',').map(|item| format!("{quote}{item}{quote}")).collect();
    format!("[{}]", items.join(","))
}

/// Repeated keys as one.
fn merge(correct: &Attempt, join: impl Fn(&[String]) -> String) -> Vec<(String, String)> {
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    for (key, value) in &correct.params {
        match merged.iter_mut().find(|(existing, _)| existing == key) {
            Some((_, values)) => values.push(value.clone()),
            None => merged.push((key.clone(), vec![value.clone()])),
        }
    }
    merged.into_iter().map(|(key, values)| (key, join(&values))).collect()
}
