//! Signatures of outgoing events, by the Standard Webhooks rules.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ttshop_types::{Secret, SecretText};

use crate::{Entropy, EntropyError};

const PREFIX: &str = "whsec_";
/// How long a secret may be, as the rules say.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A sink's signing secret: `whsec_` and 24 to 64 bytes in Base64.
#[derive(Clone, Debug)]
pub struct SinkSecret(Secret<Vec<u8>>);

/// The text is no signing secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a signing secret is `whsec_` followed by 24 to 64 bytes in Base64")]
pub struct SinkSecretError;

impl SinkSecret {
    /// Reads a secret.
    ///
    /// # Errors
    /// The text has another form.
    pub fn parse(text: &SecretText) -> Result<Self, SinkSecretError> {
        let encoded = text.expose().trim().strip_prefix(PREFIX).ok_or(SinkSecretError)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| SinkSecretError)?;
        if SECRET_BYTES.contains(&bytes.len()) { Ok(Self(Secret::new(bytes))) } else { Err(SinkSecretError) }
    }

    /// A new secret.
    ///
    /// # Errors
    /// The machine gave no randomness.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut bytes = vec![0; 32];
        entropy.fill(&mut bytes)?;
        Ok(Self(Secret::new(bytes)))
    }

    /// The secret as text, for whoever verifies.
    pub fn to_text(&self) -> SecretText {
        SecretText::from(format!("{PREFIX}{}", STANDARD.encode(self.0.expose())))
    }

    /// The value of `webhook-signature`.
    pub(super) fn sign(&self, id: &str, seconds: i64, payload: &[u8]) -> String {
        format!("v1,{}", STANDARD.encode(self.mac(id, &seconds.to_string(), payload).finalize().into_bytes()))
    }

    fn mac(&self, id: &str, seconds: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.0.expose()).expect("HMAC takes a key of any length");
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", payload] {
            mac.update(part);
        }
        mac
    }
}

/// Whether an event that arrived was signed with `secret`: what a receiver does with the headers `webhook-id`,
/// `webhook-timestamp` and `webhook-signature`. The age of the timestamp is the receiver's to judge.
#[must_use]
pub fn verify_event(
    secret: &SinkSecret,
    id: &str,
    timestamp: &str,
    signatures: &str,
    payload: &[u8],
) -> bool {
    signatures.split(' ').filter_map(|signature| signature.strip_prefix("v1,")).any(|encoded| {
        let tag = STANDARD.decode(encoded).unwrap_or_default();
        secret.mac(id, timestamp, payload).verify_slice(&tag).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks rules.
    #[test]
    fn the_published_vector_holds() {
        let secret = SinkSecret::parse(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).unwrap();
        let signature =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_was_signed_verifies_and_nothing_else() {
        let secret = SinkSecret::generate(&crate::SeededEntropy::new(1)).unwrap();
        let read = SinkSecret::parse(&secret.to_text()).unwrap();
        let signature = secret.sign("evt_1", 7, b"{}");
        assert!(verify_event(&read, "evt_1", "7", &format!("v1,AAAA {signature}"), b"{}"));
        assert!(!verify_event(&read, "evt_2", "7", &signature, b"{}"));
        assert!(!verify_event(&read, "evt_1", "8", &signature, b"{}"));
        assert!(!verify_event(&read, "evt_1", "7", &signature, b"{ }"));
    }

    #[test]
    fn a_secret_has_its_form() {
        for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!!"] {
            assert!(SinkSecret::parse(&text.into()).is_err(), "{text}");
        }
    }
}
