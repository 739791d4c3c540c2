//! The world itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use ttshop_types::{Region, Timestamp};

use crate::faults::Faults;
use crate::gateway::Quota;
use crate::journal::Journal;
use crate::switches::Switches;
use crate::world::due::{Due, DueQueue};
use crate::world::grant::{Consent, GrantNo, Grants, Issue, TokenPair, TokenRefusal};
use crate::world::library::Library;
use crate::world::post::{Fate, Post};
use crate::world::scenario::Scenes;
use crate::world::{
    App, CategoryAsset, Chance, Creator, CreatorNo, Holder, NotificationNo, Partner, PartnerNo, Secrets,
    Seller, SellerNo, Shop, ShopNo,
};

/// One emulated universe.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) switches: Switches,
    pub(crate) apps: Vec<App>,
    pub(crate) sellers: BTreeMap<SellerNo, Seller>,
    pub(crate) shops: BTreeMap<ShopNo, Shop>,
    pub(crate) creators: BTreeMap<CreatorNo, Creator>,
    pub(crate) partners: BTreeMap<PartnerNo, Partner>,
    pub(crate) grants: Grants,
    pub(crate) post: Post,
    pub(crate) due: DueQueue,
    pub(crate) faults: Faults,
    /// The world's own; each shop has another.
    pub(crate) chance: Chance,
    #[serde(default)]
    pub(crate) secrets: Secrets,
    #[serde(default)]
    pub(crate) scenes: Scenes,
    #[serde(skip)]
    pub(crate) ciphers: HashMap<String, ShopNo>,
    #[serde(skip)]
    pub(crate) quota: Quota,
    #[serde(skip)]
    pub(crate) journal: Journal,
}

impl World {
    /// A world without anybody in it.
    pub(crate) fn new(seed: u64, realm: u64, switches: Switches) -> Self {
        Self {
            seed,
            switches,
            apps: Vec::new(),
            sellers: BTreeMap::new(),
            shops: BTreeMap::new(),
            creators: BTreeMap::new(),
            partners: BTreeMap::new(),
            grants: Grants::default(),
            post: Post::default(),
            due: DueQueue::default(),
            faults: Faults::default(),
            chance: Chance::of(seed, WORLD),
            secrets: Secrets::new(seed, realm),
            scenes: Scenes::default(),
            ciphers: HashMap::new(),
            quota: Quota::default(),
            journal: Journal::default(),
        }
    }

    /// The place of the app with this key.
    pub(crate) fn app_by_key(&self, app_key: &str) -> Option<usize> {
        self.apps.iter().position(|app| app.credentials.app_key == app_key)
    }

    /// The place of the app with this service id.
    pub(crate) fn app_by_service(&self, service_id: &str) -> Option<usize> {
        self.apps.iter().position(|app| app.service_id == service_id)
    }

    /// What the call of a shop draws from, or any other call.
    pub(crate) fn chance_of(&mut self, shop: Option<ShopNo>) -> &mut Chance {
        let Self { shops, chance, .. } = self;
        shop.and_then(|shop| shops.get_mut(&shop)).map_or(chance, |shop| &mut shop.chance)
    }

    /// The platform's name for one call (PLATFORM.md 4.1): the wall clock of UTC+8, then hexadecimal digits, 34 in all.
    pub(crate) fn request_id(&mut self, shop: Option<ShopNo>, now: Timestamp) -> String {
        let rest = self.chance_of(shop).requests.hex(REQUEST_ID_LENGTH - WALL_CLOCK_LENGTH);
        request_id(now, &rest)
    }

    /// The name of a call that is about no shop: it follows from whose token it carries.
    pub(crate) fn request_id_of(&mut self, grant: GrantNo, now: Timestamp) -> String {
        let grant = self.grants.get(grant);
        let owner = format!("request:{}:{}", grant.app, grant.holder.form_value());
        request_id(now, &self.secrets.hex(&owner, REQUEST_ID_LENGTH - WALL_CLOCK_LENGTH))
    }

    /// A code for somebody's consent to everything the app asks for.
    pub(crate) fn consent(&mut self, app: usize, holder: Holder, now: Timestamp) -> Option<String> {
        let consent = self.consent_of(app, holder)?;
        Some(self.grants.issue_code(consent, now, &mut self.secrets))
    }

    /// What consent to everything the app asks for amounts to.
    pub(super) fn consent_of(&self, app: usize, holder: Holder) -> Option<Consent> {
        self.name_of(holder)?;
        let seller = holder.seller().and_then(|seller| self.sellers.get(&seller));
        let shops = seller.map(|seller| seller.shops.iter().copied().collect()).unwrap_or_default();
        Some(Consent { app, holder, scopes: self.apps.get(app)?.scopes.clone(), shops })
    }

    /// Name and home market of whoever consents.
    pub(crate) fn name_of(&self, holder: Holder) -> Option<(&str, &Region)> {
        match holder {
            Holder::Seller(number) => self.sellers.get(&number).map(|it| (it.name.as_str(), &it.region)),
            Holder::Creator(number) => self.creators.get(&number).map(|it| (it.name.as_str(), &it.region)),
            Holder::Partner(number) => self.partners.get(&number).map(|it| (it.name.as_str(), &it.region)),
        }
    }

    /// The home market of whoever a grant comes from.
    pub(crate) fn region_of(&self, grant: GrantNo) -> &Region {
        self.name_of(self.grants.get(grant).holder).map_or(&Region::UnitedStates, |(_, region)| region)
    }

    /// The categories that a partner's grant covers.
    pub(crate) fn category_assets(&self, grant: GrantNo) -> &[CategoryAsset] {
        match self.grants.get(grant).holder {
            Holder::Partner(number) => self.partners.get(&number).map_or(&[], |partner| &partner.assets),
            Holder::Seller(_) | Holder::Creator(_) => &[],
        }
    }

    /// Trades a code for tokens.
    pub(crate) fn exchange(
        &mut self,
        app: usize,
        code: &str,
        now: Timestamp,
    ) -> Result<TokenPair, TokenRefusal> {
        let mut at = Issue { now, switches: &self.switches, secrets: &mut self.secrets };
        let pair = self.grants.exchange(app, code, &mut at)?;
        if self.grants.get(pair.grant).holder.seller().is_some() {
            self.schedule_warning(pair.grant, now);
        }
        Ok(pair)
    }

    /// Trades a refresh token for tokens.
    pub(crate) fn renew(
        &mut self,
        app: usize,
        refresh_token: &str,
        now: Timestamp,
    ) -> Result<TokenPair, TokenRefusal> {
        let mut at = Issue { now, switches: &self.switches, secrets: &mut self.secrets };
        self.grants.renew(app, refresh_token, &mut at)
    }

    /// Makes the derived tables true again after a snapshot was read, and checks what a snapshot could get wrong.
    pub(crate) fn revive(mut self) -> Result<Self, &'static str> {
        self.ciphers = self.shops.values().map(|shop| (shop.cipher.clone(), shop.number)).collect();
        for (place, seller) in self.sellers.values_mut().enumerate() {
            if seller.library.is_untouched() {
                seller.library = Library::of(self.seed, place);
            }
        }
        if self.apps.is_empty() {
            return Err("it has no app");
        }
        if self.ciphers.len() != self.shops.len() {
            return Err("two shops share a cipher");
        }
        if !self.shops.iter().all(|(number, shop)| *number == shop.number && shop.is_consistent()) {
            return Err("an order names a product or a package that does not exist");
        }
        if !self.shops.values().all(|shop| self.sellers.contains_key(&shop.seller)) {
            return Err("a shop names a seller that does not exist");
        }
        let owns = |seller: &Seller| seller.shops.iter().all(|shop| self.shops.contains_key(shop));
        if !self.sellers.values().all(owns) {
            return Err("a seller names a shop that does not exist");
        }
        let known = |app: usize| app < self.apps.len();
        let hooks = self.shops.values().flat_map(|shop| &shop.hooks);
        let apps_exist = hooks.map(|hook| hook.app).all(known)
            && self.post.newest().all(|notification| known(notification.app))
            && self.grants.iter().all(|grant| known(grant.app) && self.name_of(grant.holder).is_some());
        if !apps_exist || !self.grants.are_consistent() {
            return Err(
                "a grant, a webhook or a notification names an app, a seller or a grant that does not exist",
            );
        }
        self.shops.values_mut().for_each(|shop| shop.aftersales.reindex());
        self.resume_pending();
        Ok(self)
    }

    /// Notifications that were under way when a snapshot was taken while the world ran are due again.
    fn resume_pending(&mut self) {
        let waiting: HashSet<NotificationNo> = self.due.notifications().collect();
        let pending = self.post.newest().filter(|notification| notification.fate == Fate::Pending);
        let stranded: Vec<_> = pending
            .filter(|notification| !waiting.contains(&notification.number))
            .map(|notification| (notification.created, notification.number))
            .collect();
        for (at, notification) in stranded {
            self.due.put(at, Due::Attempt { notification, repeat: false });
        }
    }
}

/// The owner of the world's own chance.
const WORLD: u32 = 0;
/// What the platform's request ids count from.
const UTC_PLUS_8: std::time::Duration = std::time::Duration::from_secs(8 * 3_600);
const REQUEST_ID_LENGTH: usize = 34;
const WALL_CLOCK_LENGTH: usize = 14;

fn request_id(now: Timestamp, rest: &str) -> String {
    let wall_clock = (now + UTC_PLUS_8).to_rfc3339();
    let mut id: String = wall_clock.chars().filter(char::is_ascii_digit).take(WALL_CLOCK_LENGTH).collect();
    id.push_str(&rest.to_ascii_uppercase());
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_begin_with_the_wall_clock_of_utc_plus_8() {
        let mut world = World::new(1, 0, Switches::default());
        let six_utc = Timestamp::from_seconds(1_786_514_632);
        let id = world.request_id(None, six_utc);
        assert!(id.starts_with("20260812140352"), "{id}");
        assert_eq!(id.len(), 34);
        assert_ne!(world.request_id(None, six_utc), id);
        assert_eq!(World::new(1, 0, Switches::default()).request_id(None, six_utc), id);
    }
}
