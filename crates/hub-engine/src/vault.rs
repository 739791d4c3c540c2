//! The vault: envelope encryption of everything that must not lie open in the store.
//!
//! Each secret has a data key of its own; a master key wraps the data key; only the wrapped form is stored. Replacing the
//! master key therefore rewraps small keys and re-encrypts no secret. Both layers are bound to the place of the secret, so
//! that bytes copied into another row, column or table do not open.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hub_core::SealedBytes;
use ttshop_types::{Secret, SecretText};
use zeroize::Zeroizing;

use crate::{Entropy, EntropyError, HubCode};

const BLOB_VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;
const WRAPPED_BYTES: usize = KEY_BYTES + 16;
/// How long a master key's name may be.
const KEY_ID_BYTES_MAX: usize = 32;

/// A master key's name: stored beside what it wrapped, and no secret.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct KeyId(String);

impl KeyId {
    /// A name of 1 to 32 letters, digits, `-`, `_` or `.`.
    pub fn parse(name: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let fits = !name.is_empty() && name.len() <= KEY_ID_BYTES_MAX && name.bytes().all(allowed);
        fits.then(|| Self(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 32 bytes that wrap data keys.
#[derive(Clone, Debug)]
pub struct MasterKey {
    id: KeyId,
    key: Secret<[u8; KEY_BYTES]>,
}

impl MasterKey {
    /// A key from its bytes.
    pub fn new(id: KeyId, key: [u8; KEY_BYTES]) -> Self {
        Self { id, key: Secret::new(key) }
    }

    /// A new key.
    ///
    /// # Errors
    /// The machine gave no randomness.
    pub fn generate(id: KeyId, entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        entropy.fill(&mut *key)?;
        Ok(Self::new(id, *key))
    }

    /// Reads 64 hexadecimal digits, as [`MasterKey::to_hex`] wrote them.
    pub fn from_hex(id: KeyId, digits: &SecretText) -> Option<Self> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        hex::decode_to_slice(digits.expose().trim(), &mut *key).ok()?;
        Some(Self::new(id, *key))
    }

    /// The key as text, for the file or variable that holds it.
    pub fn to_hex(&self) -> SecretText {
        SecretText::from(hex::encode(self.key.expose()))
    }

    /// Its name.
    pub fn id(&self) -> &KeyId {
        &self.id
    }
}

/// The keys that a vault knows: one seals, all open.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    /// Seals what is new.
    pub current: MasterKey,
    /// Open what was sealed before a rotation.
    pub previous: Vec<MasterKey>,
}

/// Where a secret lives; a sealed secret opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct SecretPlace<'a> {
    /// The kind of row.
    pub table: &'a str,
    /// The row.
    pub row: &'a str,
    /// The field.
    pub column: &'a str,
}

impl SecretPlace<'_> {
    /// The place as bytes, each part with its length, so that no two places look alike.
    fn to_aad(self, layer: &str, key_id: &str) -> Vec<u8> {
        let mut aad = vec![BLOB_VERSION];
        for part in [layer, key_id, self.table, self.row, self.column] {
            aad.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            aad.extend_from_slice(part.as_bytes());
        }
        aad
    }
}

/// Seals and opens secrets.
#[derive(Clone, Debug)]
pub struct Vault {
    keys: MasterKeys,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    /// A vault with these keys.
    pub fn new(keys: MasterKeys, entropy: Arc<dyn Entropy>) -> Self {
        Self { keys, entropy }
    }

    /// Seals `secret` for `place` under the current master key.
    ///
    /// # Errors
    /// The machine gave no randomness.
    pub fn seal(&self, place: SecretPlace<'_>, secret: &[u8]) -> Result<SealedBytes, VaultError> {
        let mut data_key = Zeroizing::new([0; KEY_BYTES]);
        self.entropy.fill(&mut *data_key)?;
        let master = &self.keys.current;
        let (wrap_nonce, wrapped) =
            self.encrypt(master.key.expose(), &place.to_aad("key", master.id.as_str()), &*data_key)?;
        let (nonce, ciphertext) = self.encrypt(&data_key, &place.to_aad("secret", ""), secret)?;
        Ok(Blob { key_id: master.id.as_str(), wrap_nonce, wrapped: &wrapped, nonce, ciphertext: &ciphertext }
            .to_sealed())
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    /// The key is not loaded, or the bytes are damaged, moved, or sealed under another key of the same name.
    pub fn open(&self, place: SecretPlace<'_>, sealed: &SealedBytes) -> Result<Secret<Vec<u8>>, VaultError> {
        let blob = Blob::parse(&sealed.0).ok_or(VaultError::Malformed)?;
        let data_key = self.unwrap_key(place, &blob)?;
        let secret = decrypt(&data_key, &blob.nonce, &place.to_aad("secret", ""), blob.ciphertext);
        secret.map(Secret::new).ok_or_else(|| blob.does_not_open())
    }

    /// The same secret under the current master key, or `None` where it is there already.
    ///
    /// # Errors
    /// As [`Vault::open`], and when the machine gave no randomness.
    pub fn rewrap(
        &self,
        place: SecretPlace<'_>,
        sealed: &SealedBytes,
    ) -> Result<Option<SealedBytes>, VaultError> {
        let blob = Blob::parse(&sealed.0).ok_or(VaultError::Malformed)?;
        let master = &self.keys.current;
        if blob.key_id == master.id.as_str() {
            return Ok(None);
        }
        let data_key = self.unwrap_key(place, &blob)?;
        let (wrap_nonce, wrapped) =
            self.encrypt(master.key.expose(), &place.to_aad("key", master.id.as_str()), &*data_key)?;
        let rewrapped = Blob { key_id: master.id.as_str(), wrap_nonce, wrapped: &wrapped, ..blob };
        Ok(Some(rewrapped.to_sealed()))
    }

    fn unwrap_key(
        &self,
        place: SecretPlace<'_>,
        blob: &Blob<'_>,
    ) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        let known = std::iter::once(&self.keys.current).chain(&self.keys.previous);
        let master = known.into_iter().find(|master| master.id.as_str() == blob.key_id);
        let master = master.ok_or_else(|| VaultError::KeyUnknown { key_id: blob.key_id.into() })?;
        let aad = place.to_aad("key", blob.key_id);
        let unwrapped =
            decrypt(master.key.expose(), &blob.wrap_nonce, &aad, blob.wrapped).map(Zeroizing::new);
        let unwrapped = unwrapped.ok_or_else(|| blob.does_not_open())?;
        let mut data_key = Zeroizing::new([0; KEY_BYTES]);
        data_key.copy_from_slice(&unwrapped);
        Ok(data_key)
    }

    fn encrypt(
        &self,
        key: &[u8; KEY_BYTES],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<([u8; NONCE_BYTES], Vec<u8>), VaultError> {
        let mut nonce = [0; NONCE_BYTES];
        self.entropy.fill(&mut nonce)?;
        let cipher = XChaCha20Poly1305::new(key.into());
        let ciphertext = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad });
        Ok((nonce, ciphertext.expect("the cipher takes any secret that fits in memory")))
    }
}

fn decrypt(
    key: &[u8; KEY_BYTES],
    nonce: &[u8; NONCE_BYTES],
    aad: &[u8],
    ciphertext: &[u8],
) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: ciphertext, aad }).ok()
}

/// The stored form: version, length and name of the key, nonce and wrapped data key, nonce and ciphertext.
struct Blob<'a> {
    key_id: &'a str,
    wrap_nonce: [u8; NONCE_BYTES],
    wrapped: &'a [u8],
    nonce: [u8; NONCE_BYTES],
    ciphertext: &'a [u8],
}

impl<'a> Blob<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (&[BLOB_VERSION, id_length], rest) = bytes.split_first_chunk::<2>()? else { return None };
        let (key_id, rest) = rest.split_at_checked(usize::from(id_length))?;
        let (wrap_nonce, rest) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let (wrapped, rest) = rest.split_at_checked(WRAPPED_BYTES)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>()?;
        let key_id = std::str::from_utf8(key_id).ok()?;
        Some(Self { key_id, wrap_nonce: *wrap_nonce, wrapped, nonce: *nonce, ciphertext })
    }

    fn to_sealed(&self) -> SealedBytes {
        let id_length = u8::try_from(self.key_id.len()).expect("a key id has at most 32 bytes");
        let mut bytes = vec![BLOB_VERSION, id_length];
        for part in [self.key_id.as_bytes(), &self.wrap_nonce, self.wrapped, &self.nonce, self.ciphertext] {
            bytes.extend_from_slice(part);
        }
        SealedBytes(bytes)
    }

    fn does_not_open(&self) -> VaultError {
        VaultError::DoesNotOpen { key_id: self.key_id.into() }
    }
}

/// Why a secret was not sealed or opened. There is no empty secret in place of a lost one.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The bytes are no sealed secret.
    #[error("the stored bytes are no sealed secret")]
    Malformed,
    /// The secret was sealed under a master key that is not loaded.
    #[error("the master key `{key_id}` is not loaded")]
    KeyUnknown {
        /// The key's name.
        key_id: String,
    },
    /// The master key is another one, or the bytes are damaged or come from another place.
    #[error("the secret sealed under master key `{key_id}` does not open here: wrong key, damaged, or moved")]
    DoesNotOpen {
        /// The key's name.
        key_id: String,
    },
    /// Nothing can be sealed without randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

impl VaultError {
    /// The operator's code.
    pub fn code(&self) -> HubCode {
        match self {
            Self::KeyUnknown { .. } => HubCode::MasterKeyUnknown,
            Self::Malformed | Self::DoesNotOpen { .. } | Self::Entropy(_) => HubCode::SecretDoesNotOpen,
        }
    }
}

#[cfg(test)]
mod tests;
