//! The signature itself: 64 lower-case hexadecimal digits.

use std::fmt;
use std::ops::Deref;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// How many hexadecimal digits a signature has.
pub const SIGNATURE_LENGTH: usize = 64;

/// A finished signature; it reads as text through `Deref` and hides from `Debug`, because whoever holds it can repeat the
/// request it belongs to.
#[derive(Clone, Copy)]
pub struct Signature([u8; SIGNATURE_LENGTH]);

impl Signature {
    #[inline]
    pub(crate) fn of(mac: Hmac<Sha256>) -> Self {
        Self::from_digest(&mac.finalize().into_bytes().into())
    }

    #[inline]
    pub(crate) fn from_digest(digest: &[u8; 32]) -> Self {
        let mut text = [0; SIGNATURE_LENGTH];
        for (pair, byte) in text.chunks_exact_mut(2).zip(digest) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
        }
        Self(text)
    }

    /// The signature as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hexadecimal digits are ASCII")
    }

    /// Whether `received` is this signature, in a time that does not depend on where they differ. Upper-case digits do not
    /// match: the platform refuses them.
    #[must_use]
    pub fn matches(&self, received: &[u8]) -> bool {
        self.0.ct_eq(received).into()
    }
}

/// A digit by arithmetic, which works on all of them at once, where a table does not.
fn digit(nibble: u8) -> u8 {
    let letters = if nibble > 9 { b'a' - b'9' - 1 } else { 0 };
    b'0' + nibble + letters
}

impl Deref for Signature {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(<redacted>)")
    }
}
