//! One way to compute a signature, right or wrong.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hmac::Mac as _;
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};
use ttshop_types::SecretText;

use super::SentRequest;
use crate::request::{UNSIGNED_PARAMS, keyed, signed_body};
use crate::{SIGNATURE_LENGTH, Signature};

/// Everything that decides over a signature, open to change by one mistake.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) path: String,
    pub(super) params: Vec<(String, String)>,
    /// Parameters that are left out.
    pub(super) unsigned: &'static [&'static str],
    pub(super) sorted: bool,
    /// Keys and values as `key=value&key=value` instead of `keyvaluekeyvalue`.
    pub(super) separated: bool,
    pub(super) body: Vec<u8>,
    pub(super) secret_before: bool,
    pub(super) secret_after: bool,
    pub(super) output: Output,
}

/// How the digest is made and written.
#[derive(Clone, Copy)]
pub(super) enum Output {
    Hex,
    UpperHex,
    Base64,
    /// SHA-256 of the text, without a key.
    Unkeyed,
}

impl Attempt {
    pub(super) fn correct(request: &SentRequest<'_>) -> Self {
        Self {
            path: request.path.into(),
            params: decoded(request.query),
            unsigned: &UNSIGNED_PARAMS,
            sorted: true,
            separated: false,
            body: signed_body(request.content_type, request.body).unwrap_or_default().into(),
            secret_before: true,
            secret_after: true,
            output: Output::Hex,
        }
    }

    /// The value of the `sign` parameter.
    pub(super) fn sign_param(&self) -> Option<String> {
        self.params.iter().find(|(key, _)| key == "sign").map(|(_, value)| value.clone())
    }

    /// The signed text, with the secret hidden.
    pub(super) fn string_to_sign(&self) -> String {
        String::from_utf8_lossy(&self.message(b"<app_secret>")).into_owned()
    }

    pub(super) fn sign(&self, app_secret: &SecretText) -> Signature {
        Signature::from_digest(&self.digest(app_secret))
    }

    /// Whether this way of signing gives `received`.
    pub(super) fn yields(&self, app_secret: &SecretText, received: &str) -> bool {
        let digest = self.digest(app_secret);
        match self.output {
            Output::Hex | Output::Unkeyed => Signature::from_digest(&digest).matches(received.as_bytes()),
            Output::UpperHex => {
                let same = received.len() == SIGNATURE_LENGTH
                    && Signature::from_digest(&digest).eq_ignore_ascii_case(received);
                same && received.bytes().any(|byte| byte.is_ascii_uppercase())
            }
            Output::Base64 => [STANDARD, URL_SAFE].iter().any(|engine| {
                // An unencoded `+` arrives as a space.
                engine.encode(digest).trim_end_matches('=')
                    == received.replace(' ', "+").trim_end_matches('=')
            }),
        }
    }

    fn digest(&self, app_secret: &SecretText) -> [u8; 32] {
        let secret = app_secret.expose().as_bytes();
        let message = self.message(secret);
        match self.output {
            Output::Unkeyed => Sha256::digest(&message).into(),
            Output::Hex | Output::UpperHex | Output::Base64 => {
                keyed(secret).chain_update(&message).finalize().into_bytes().into()
            }
        }
    }

    fn message(&self, secret: &[u8]) -> Vec<u8> {
        let mut message = Vec::new();
        if self.secret_before {
            message.extend_from_slice(secret);
        }
        message.extend_from_slice(self.path.as_bytes());
        message.extend_from_slice(self.signed_params().as_bytes());
        message.extend_from_slice(&self.body);
        if self.secret_after {
            message.extend_from_slice(secret);
        }
        message
    }

    fn signed_params(&self) -> String {
        let mut params: Vec<_> =
            self.params.iter().filter(|(key, _)| !self.unsigned.contains(&key.as_str())).collect();
        if self.sorted {
            params.sort_unstable();
        }
        let (equals, and) = if self.separated { ("=", "&") } else { ("", "") };
        let pairs: Vec<_> = params.iter().map(|(key, value)| format!("{key}{equals}{value}")).collect();
        pairs.join(and)
    }
}

/// The pairs of a query, still encoded.
pub(super) fn encoded(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The pairs of a query the way the platform reads them: a `+` is a space.
pub(super) fn decoded(query: &str) -> Vec<(String, String)> {
    encoded(query)
        .map(|(key, value)| (decode(&key.replace('+', " ")), decode(&value.replace('+', " "))))
        .collect()
}

/// Decodes percent signs and leaves a `+` alone.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
