//! Who is told what, and where.

use std::time::Duration;

use serde_json::{Value, json};
use ttshop_catalogue::Owner;
use ttshop_types::Timestamp;

use crate::switches::InventoryWebhook;
use crate::webhook::{Letterhead, Topic, deauthorization};
use crate::world::due::Due;
use crate::world::grant::GrantNo;
use crate::world::post::{Announcement, Mail};
use crate::world::{CreatorNo, Holder, ShopNo, World};

/// Warnings begin so long before a grant ends (PLATFORM.md 7.4, type 7).
const WARNED_BEFORE: Duration = Duration::from_secs(30 * DAY_SECONDS);
const DAY: Duration = Duration::from_secs(DAY_SECONDS);
const DAY_SECONDS: u64 = 86_400;
/// The number under which changed inventory was announced.
const INVENTORY_ANNOUNCED: u16 = 68;

impl World {
    /// Ends an app's authorisation of a shop and says so; false if there was none.
    pub(crate) fn deauthorize(&mut self, app: usize, shop: ShopNo, now: Timestamp) -> bool {
        let withdrawn = self.grants.withdraw(app, shop);
        if withdrawn {
            self.tell(app, Topic::SELLER_DEAUTHORIZATION, shop, &deauthorization(), now);
            if let Some(shop) = self.shops.get_mut(&shop) {
                shop.hooks.retain(|hook| hook.app != app);
            }
        }
        withdrawn
    }

    /// Ends what a creator or a partner lets an app do; false if there was nothing. Nobody is told of a partner's.
    pub(crate) fn deauthorize_holder(&mut self, app: usize, holder: Holder, now: Timestamp) -> bool {
        let ended = self.grants.end(app, holder);
        if let Holder::Creator(creator) = holder
            && ended
        {
            let data = json!({ "cancel_time": now.as_seconds().to_string() });
            self.tell_of_creator(app, Topic::CREATOR_DEAUTHORIZATION, creator, &data, now);
        }
        ended
    }

    /// Tells every app that the shop is connected to.
    pub(crate) fn announce(&mut self, topic: Topic, shop: ShopNo, data: &Value, now: Timestamp) {
        let holds = |app: usize| {
            self.grants.iter().any(|grant| grant.app == app && !grant.revoked && grant.shops.contains(&shop))
        };
        let listeners: Vec<usize> = (0..self.apps.len()).filter(|app| holds(*app)).collect();
        for app in listeners {
            self.tell(app, topic, shop, data, now);
        }
    }

    /// Queues a notification to the shop's own address of the topic, or else to the app's.
    pub(crate) fn tell(&mut self, app: usize, topic: Topic, shop: ShopNo, data: &Value, now: Timestamp) {
        let letterhead = self.letterhead(app, topic, shop);
        let Some(from) = self.shops.get_mut(&shop) else { return };
        let hook = from.hook(app, topic.event_type()).map(|hook| hook.address.clone());
        let Some(address) = hook.or_else(|| self.apps[app].webhook_url.clone()) else {
            self.post.nobody_listened();
            return;
        };
        let mut mail = Mail { now, chance: &mut from.chance, due: &mut self.due };
        let event = Announcement { app, shop: Some(shop), letterhead, address, data: data.clone() };
        self.post.announce(event, &mut mail);
    }

    /// The same about a creator, who has no shop.
    pub(crate) fn tell_of_creator(
        &mut self,
        app: usize,
        topic: Topic,
        creator: CreatorNo,
        data: &Value,
        now: Timestamp,
    ) {
        let Some(address) = self.apps[app].webhook_url.clone() else {
            self.post.nobody_listened();
            return;
        };
        let owner = self.open_id(app, Holder::Creator(creator));
        let letterhead = Letterhead::of(topic, Owner::Creator, owner);
        let mut mail = Mail { now, chance: &mut self.chance, due: &mut self.due };
        let event = Announcement { app, shop: None, letterhead, address, data: data.clone() };
        self.post.announce(event, &mut mail);
    }

    fn letterhead(&self, app: usize, topic: Topic, shop: ShopNo) -> Letterhead {
        let seller = || {
            let seller = self.shops.get(&shop).map(|shop| Holder::Seller(shop.seller));
            seller.map(|seller| self.open_id(app, seller)).unwrap_or_default()
        };
        if topic == Topic::INVENTORY_CHANGED_BY_SHOP {
            match self.switches.inventory_webhook {
                InventoryWebhook::ByShop => {}
                InventoryWebhook::BySeller => {
                    let letterhead = Letterhead::of(topic, Owner::Seller, seller());
                    return Letterhead { printed_type: INVENTORY_ANNOUNCED, ..letterhead };
                }
                InventoryWebhook::Bare => {
                    let letterhead = Letterhead::of(topic, Owner::Shop, shop.to_string());
                    return Letterhead { is_bare: true, ..letterhead };
                }
            }
        }
        match topic.owner() {
            Owner::Seller => Letterhead::of(topic, Owner::Seller, seller()),
            Owner::Shop | Owner::Creator => Letterhead::of(topic, Owner::Shop, shop.to_string()),
        }
    }

    /// What an app knows somebody by, also after the grant ended.
    fn open_id(&self, app: usize, holder: Holder) -> String {
        let mut grants = self.grants.iter();
        let grant = grants.find(|grant| grant.app == app && grant.holder == holder);
        grant.map(|grant| grant.open_id.clone()).unwrap_or_default()
    }

    /// Sets the first of the daily warnings that a grant will end.
    pub(super) fn schedule_warning(&mut self, grant: GrantNo, now: Timestamp) {
        let first = (self.grants.get(grant).ends - WARNED_BEFORE).max(now);
        let at = midnight_from(first);
        if self.grants.set_warning(grant, at) {
            self.due.put(at, Due::Expiry { grant });
        }
    }

    /// Daily at midnight from thirty days before the end (PLATFORM.md 7.4, type 7). A renewed grant has another alarm.
    pub(super) fn warn_of_expiry(&mut self, number: GrantNo, at: Timestamp) {
        let grant = self.grants.get(number);
        if !grant.is_warned_at(at) || grant.revoked || grant.ends <= at {
            return;
        }
        let (app, shops) = (grant.app, grant.shops.clone());
        let data = json!({
            "message": "The authorization of this app expires soon. Ask the seller to authorize it again.",
            "expiration_time": grant.ends.as_seconds().to_string(),
        });
        for shop in shops {
            self.tell(app, Topic::UPCOMING_AUTHORIZATION_EXPIRATION, shop, &data, at);
        }
        let next = at + DAY;
        if self.grants.set_warning(number, next) {
            self.due.put(next, Due::Expiry { grant: number });
        }
    }
}

fn midnight_from(instant: Timestamp) -> Timestamp {
    let day = DAY_SECONDS.cast_signed();
    Timestamp::from_seconds((instant.as_seconds() + day - 1).div_euclid(day) * day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_given_at_midnight() {
        assert_eq!(midnight_from(Timestamp::from_seconds(86_400)), Timestamp::from_seconds(86_400));
        assert_eq!(midnight_from(Timestamp::from_seconds(86_401)), Timestamp::from_seconds(172_800));
    }
}
