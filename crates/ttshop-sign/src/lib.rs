//! TikTok Shop signatures: make them, verify them, explain why one is wrong.
//!
//! No I/O and no clock: bytes in, 64 hexadecimal digits out. [`RequestSigner`] signs calls to the platform,
//! [`WebhookSigner`] and [`WebhookVerifier`] do the same for its notifications, and [`explain`] finds the usual mistakes.
//!
//! ```
//! use ttshop_sign::RequestSigner;
//!
//! let signer = RequestSigner::new("e59af819cc".into());
//! let mut params = [("timestamp", "1623812664"), ("app_key", "29a39d")];
//! let sign = signer.sign("/authorization/202309/shops", &mut params, None);
//! assert_eq!(&*sign, "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8");
//! ```

mod explain;
mod mac;
mod request;
mod signature;
mod webhook;

pub use explain::{Explanation, Mistake, SentRequest, Verdict, explain};
pub use request::{RequestSigner, UNSIGNED_PARAMS, is_multipart, signed_body};
pub use signature::{SIGNATURE_LENGTH, Signature};
pub use webhook::{MatchedSecret, SECRETS_MAX, WebhookSignatureError, WebhookSigner, WebhookVerifier};
