//! Signing calls to the platform.

use std::fmt;

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;
use ttshop_types::SecretText;

use crate::Signature;
use crate::mac::MacKey;

/// Query parameters that are sent but never signed.
pub const UNSIGNED_PARAMS: [&str; 3] = ["sign", "access_token", "x-tts-access-token"];

/// Signs requests of one app.
///
/// The signed text is the secret, the path, every query parameter as key and value in byte order of the keys, the body, and
/// the secret again; the secret is also the key. Hashing the key happens once, here.
#[derive(Clone)]
pub struct RequestSigner {
    key: MacKey,
    app_secret: SecretText,
}

impl RequestSigner {
    /// A signer for the app that owns `app_secret`.
    pub fn new(app_secret: SecretText) -> Self {
        Self { key: MacKey::new(app_secret.expose().as_bytes()), app_secret }
    }

    /// The `sign` of a request.
    ///
    /// `path` is what the request line says, without host, query and trailing slash. `params` holds the decoded values of
    /// every query parameter; it gets sorted, and [`UNSIGNED_PARAMS`] are skipped. `body` is exactly the bytes sent, or
    /// `None` for no body and for multipart (see [`signed_body`]).
    pub fn sign(&self, path: &str, params: &mut [(&str, &str)], body: Option<&[u8]>) -> Signature {
        params.sort_unstable_by(|(key, value), (other_key, other_value)| {
            key.cmp(other_key).then_with(|| value.cmp(other_value))
        });
        let secret = self.app_secret.expose().as_bytes();
        let mut mac = self.key.begin();
        mac.update(secret);
        mac.update(path.as_bytes());
        for (key, value) in params.iter().filter(|(key, _)| !UNSIGNED_PARAMS.contains(key)) {
            mac.update(key.as_bytes());
            mac.update(value.as_bytes());
        }
        mac.update(body.unwrap_or_default());
        mac.update(secret);
        Signature::from_digest(&mac.finish())
    }

    /// Whether `received` is the `sign` of this request, in constant time; upper-case digits are refused.
    #[must_use]
    pub fn verify(
        &self,
        path: &str,
        params: &mut [(&str, &str)],
        body: Option<&[u8]>,
        received: &str,
    ) -> bool {
        self.sign(path, params, body).matches(received.as_bytes())
    }
}

impl fmt::Debug for RequestSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestSigner(<redacted>)")
    }
}

/// The part of a body that is signed: all of it, unless the content type is multipart.
pub fn signed_body<'a>(content_type: Option<&str>, body: &'a [u8]) -> Option<&'a [u8]> {
    let signed = !body.is_empty() && !content_type.is_some_and(is_multipart);
    signed.then_some(body)
}

/// Whether a content type is `multipart/form-data`, whatever its case and its parameters.
pub fn is_multipart(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("multipart/form-data")
}

pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}
