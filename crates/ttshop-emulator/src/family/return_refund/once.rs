//! Calls with an idempotency key are carried out once (PLATFORM.md 12 #26).

use crate::dice::{hash, hash_more};
use crate::family::return_refund::lines::BAD_PARAMETER;
use crate::gateway::{Admitted, Refusal};
use crate::world::aftersale::Done;
use crate::world::{Shop, World};

/// Characters of a key.
const KEY_LENGTH_MAX: usize = 255;

/// A key that was not used yet, with the hash of the request it stands for.
#[derive(Debug)]
pub(super) struct Fresh {
    key: Option<(String, u64)>,
}

/// What an earlier call with the key did, or the key to remember this one by.
pub(super) enum Once {
    Before(Done),
    Now(Fresh),
}

pub(super) fn once(call: &Admitted<'_>, key: Option<&str>, world: &World) -> Result<Once, Refusal> {
    let Some(key) = key else { return Ok(Once::Now(Fresh { key: None })) };
    if key.chars().count() > KEY_LENGTH_MAX {
        return Err(Refusal::parameter(
            "Invalid parameter 'idempotency_key'. It has more than 255 characters.",
        ));
    }
    let shop = shop(call, world)?;
    let request = hash_more(hash(call.call.path.as_bytes()), call.body.to_string().as_bytes());
    let key = format!("{}|{key}", call.app);
    match shop.aftersales.keys.find(&key, request) {
        Ok(Some(done)) => Ok(Once::Before(done)),
        Ok(None) => Ok(Once::Now(Fresh { key: Some((key, request)) })),
        Err(_) => {
            let message = "The idempotency key was used for another request.";
            Err(Refusal::business(BAD_PARAMETER, message))
        }
    }
}

impl Fresh {
    pub(super) fn remember(self, call: &Admitted<'_>, done: Done, world: &mut World) {
        let shop = call.shop.and_then(|shop| world.shops.get_mut(&shop));
        if let (Some((key, request)), Some(shop)) = (self.key, shop) {
            shop.aftersales.keys.remember(&key, request, done);
        }
    }
}

/// The shop of a call.
pub(super) fn shop<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Shop, Refusal> {
    let number = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.shops.get(&number).ok_or_else(Refusal::pairing)
}
