//! Signatures of the platform's notifications: `Authorization: <64 lower-case hex digits>`.

use std::fmt;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use ttshop_types::{AppKey, SecretText};

use crate::request::keyed;
use crate::{SIGNATURE_LENGTH, Signature};

/// How many secrets a verifier accepts at once; a rotation needs two.
pub const SECRETS_MAX: usize = 4;

/// Signs notifications the way the platform does.
#[derive(Clone)]
pub struct WebhookSigner {
    /// Keyed with the secret, with the app key already fed.
    started: Hmac<Sha256>,
}

impl WebhookSigner {
    /// A signer for one app.
    pub fn new(app_key: &AppKey, app_secret: &SecretText) -> Self {
        let mut started = keyed(app_secret.expose().as_bytes());
        started.update(app_key.as_str().as_bytes());
        Self { started }
    }

    /// The value of the `Authorization` header for a raw body.
    pub fn sign(&self, body: &[u8]) -> Signature {
        let mut mac = self.started.clone();
        mac.update(body);
        Signature::of(mac)
    }
}

impl fmt::Debug for WebhookSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSigner(<redacted>)")
    }
}

/// Checks notifications against the app's secret, and against earlier secrets while a rotation lasts.
#[derive(Clone, Debug)]
pub struct WebhookVerifier {
    app_key: AppKey,
    current: WebhookSigner,
    previous: Vec<WebhookSigner>,
}

/// Which secret a notification was signed with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MatchedSecret {
    /// The one the verifier was made with.
    Current,
    /// An earlier one, counted from zero in the order in which they were added.
    Previous(usize),
}

impl WebhookVerifier {
    /// A verifier for one app.
    pub fn new(app_key: AppKey, app_secret: &SecretText) -> Self {
        let current = WebhookSigner::new(&app_key, app_secret);
        Self { app_key, current, previous: Vec::new() }
    }

    /// Accepts an earlier secret too. Beyond [`SECRETS_MAX`] in all, the oldest earlier one is forgotten.
    #[must_use]
    pub fn or_previous(mut self, app_secret: &SecretText) -> Self {
        if self.previous.len() + 1 >= SECRETS_MAX {
            self.previous.remove(0);
        }
        self.previous.push(WebhookSigner::new(&self.app_key, app_secret));
        self
    }

    /// Checks the `Authorization` header of a notification against its raw body, in constant time.
    ///
    /// # Errors
    /// The header is missing, is not 64 lower-case hexadecimal digits, or fits none of the secrets.
    pub fn verify(&self, header: Option<&[u8]>, body: &[u8]) -> Result<MatchedSecret, WebhookSignatureError> {
        let header = header.ok_or(WebhookSignatureError::Missing)?;
        check_form(header)?;
        let mut matched = self.current.sign(body).matches(header).then_some(MatchedSecret::Current);
        for (index, signer) in self.previous.iter().enumerate() {
            if signer.sign(body).matches(header) {
                matched.get_or_insert(MatchedSecret::Previous(index));
            }
        }
        matched.ok_or(WebhookSignatureError::Wrong)
    }
}

/// Why a notification is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookSignatureError {
    /// There is no `Authorization` header.
    #[error("the `Authorization` header is missing")]
    Missing,
    /// The header carries a scheme such as `Bearer`, upper-case digits, or not 64 of them.
    #[error("the `Authorization` header is not 64 lower-case hexadecimal digits")]
    Malformed,
    /// The header is well formed and belongs to another secret, app or body.
    #[error("the signature fits neither the body nor the app")]
    Wrong,
}

fn check_form(header: &[u8]) -> Result<(), WebhookSignatureError> {
    let digits = header.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if header.len() == SIGNATURE_LENGTH && digits { Ok(()) } else { Err(WebhookSignatureError::Malformed) }
}
