//! Which shop a call is about (PLATFORM.md 3.4).

use ttshop_catalogue::{Cipher, Operation};

use crate::gateway::{Call, Refusal};
use crate::world::grant::GrantNo;
use crate::world::{ShopNo, World};

/// A cipher or a shop id where none is taken is refused.
pub(crate) fn no_unexpected_identifier(call: &Call<'_>, operation: &Operation) -> Result<(), Refusal> {
    for cipher in [Cipher::Shop, Cipher::CategoryAsset] {
        let unexpected =
            cipher.parameter().filter(|name| cipher != operation.takes && call.param(name).is_some());
        if let Some(name) = unexpected {
            return Err(Refusal::unexpected(name));
        }
    }
    let takes_shop_id = operation.query.iter().any(|field| field.name == "shop_id");
    if call.param("shop_id").is_some() && !takes_shop_id { Err(Refusal::shop_id()) } else { Ok(()) }
}

/// The shop of the cipher, which must be one that the token was granted.
pub(crate) fn shop_of_cipher(
    call: &Call<'_>,
    operation: &Operation,
    grant: GrantNo,
    world: &World,
) -> Result<Option<ShopNo>, Refusal> {
    match operation.takes {
        Cipher::None => Ok(None),
        Cipher::CategoryAsset => {
            let cipher = call.param("category_asset_cipher").unwrap_or_default();
            let granted = world.category_assets(grant).iter().any(|asset| asset.cipher == cipher);
            if granted { Ok(None) } else { Err(Refusal::asset_pairing()) }
        }
        Cipher::Shop => {
            let cipher = call.param("shop_cipher").ok_or_else(Refusal::cipher_missing)?;
            let shop = world.ciphers.get(cipher).copied();
            let granted = shop.filter(|shop| world.grants.get(grant).shops.contains(shop));
            granted.map(Some).ok_or_else(Refusal::pairing)
        }
    }
}

/// Shops and sellers can be switched off (PLATFORM.md 4.2, 36009043 and 36009044).
pub(crate) fn is_active(shop: Option<ShopNo>, grant: GrantNo, world: &World) -> Result<(), Refusal> {
    let seller = world.grants.get(grant).holder.seller().map(|seller| world.sellers.get(&seller));
    if seller.is_some_and(|seller| !seller.is_some_and(|seller| seller.active)) {
        return Err(Refusal::seller_inactive());
    }
    let inactive = shop.and_then(|shop| world.shops.get(&shop)).is_some_and(|shop| !shop.active);
    if inactive { Err(Refusal::shop_inactive()) } else { Ok(()) }
}
