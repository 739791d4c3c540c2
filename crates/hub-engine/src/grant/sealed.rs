//! Tokens and ciphers in their stored form.

use std::borrow::Cow;

use hub_core::{AuthorizationId, SealedBytes};
use serde::{Deserialize, Serialize};
use ttshop_types::{SecretText, ShopId};
use zeroize::Zeroizing;

use crate::{GrantError, SecretPlace, Vault, VaultError};

/// Both tokens of a grant, sealed together because they are replaced together.
#[derive(Clone, Debug)]
pub(crate) struct SealedTokens {
    pub(crate) access: SecretText,
    pub(crate) refresh: SecretText,
}

/// What is inside the seal; later forms get a variant of their own.
#[derive(Serialize, Deserialize)]
enum TokensForm<'a> {
    V1 {
        #[serde(borrow)]
        access: Cow<'a, str>,
        #[serde(borrow)]
        refresh: Cow<'a, str>,
    },
}

impl SealedTokens {
    pub(crate) fn seal(&self, vault: &Vault, id: &AuthorizationId) -> Result<SealedBytes, VaultError> {
        let form = TokensForm::V1 {
            access: self.access.expose().as_str().into(),
            refresh: self.refresh.expose().as_str().into(),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&form).expect("two texts always serialise"));
        vault.seal(tokens_place(id), &plain)
    }

    pub(crate) fn open(
        vault: &Vault,
        id: &AuthorizationId,
        sealed: &SealedBytes,
    ) -> Result<Self, GrantError> {
        let plain = vault.open(tokens_place(id), sealed)?;
        let damaged = || GrantError::Damaged { id: id.as_str().into() };
        let TokensForm::V1 { access, refresh } =
            serde_json::from_slice(plain.expose()).map_err(|_| damaged())?;
        Ok(Self { access: access.into_owned().into(), refresh: refresh.into_owned().into() })
    }
}

pub(crate) fn seal_cipher(
    vault: &Vault,
    shop: &ShopId,
    cipher: &SecretText,
) -> Result<SealedBytes, VaultError> {
    vault.seal(cipher_place(shop), cipher.expose().as_bytes())
}

pub(crate) fn open_cipher(
    vault: &Vault,
    shop: &ShopId,
    sealed: &SealedBytes,
) -> Result<SecretText, GrantError> {
    let plain = vault.open(cipher_place(shop), sealed)?;
    let damaged = |_| GrantError::Damaged { id: shop.as_str().into() };
    std::str::from_utf8(plain.expose()).map(SecretText::from).map_err(damaged)
}

fn tokens_place(id: &AuthorizationId) -> SecretPlace<'_> {
    SecretPlace { table: "authorization", row: id.as_str(), column: "tokens" }
}

fn cipher_place(shop: &ShopId) -> SecretPlace<'_> {
    SecretPlace { table: "shop", row: shop.as_str(), column: "cipher" }
}
