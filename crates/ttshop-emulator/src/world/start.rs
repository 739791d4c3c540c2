//! How a world begins.

use std::sync::Arc;
use std::time::Duration;

use ttshop_types::Timestamp;

use crate::dice::{Dice, Stream};
use crate::spec::{AppSpec, CreatorSpec, PartnerSpec, SellerSpec, ShopSpec, WorldSpec};
use crate::switches::Switches;
use crate::world::affiliate::Affiliate;
use crate::world::aftersale::AftersaleBook;
use crate::world::app::{App, Credentials};
use crate::world::book::OrderBook;
use crate::world::desk::Desk;
use crate::world::fbt::Fbt;
use crate::world::grant::Issue;
use crate::world::ledger::Ledger;
use crate::world::library::Library;
use crate::world::machine::Act;
use crate::world::order::{OrderKind, OrderStatus, ShippingType, Terms};
use crate::world::package::PackageBook;
use crate::world::place::{Placement, Shelf, acts_to};
use crate::world::product::{Listing, Product};
use crate::world::promotion::Promotions;
use crate::world::warehouse::Warehouse;
use crate::world::{
    CategoryAsset, Chance, Creator, CreatorNo, Holder, Partner, PartnerNo, Seller, SellerNo, Shop, ShopNo,
    World,
};

/// Creators and partners have ids of 19 digits like everybody.
const CREATORS: u64 = 7_136_000_000_000_000_000;
const PARTNERS: u64 = 7_260_000_000_000_000_000;
const ACCOUNTS_SPAN: u64 = 1_000_000_000_000_000;

/// The states that a shop's first orders are spread over.
const FIRST_STATUSES: [OrderStatus; 8] = [
    OrderStatus::AwaitingShipment,
    OrderStatus::InTransit,
    OrderStatus::Unpaid,
    OrderStatus::Delivered,
    OrderStatus::AwaitingCollection,
    OrderStatus::Cancelled,
    OrderStatus::OnHold,
    OrderStatus::Completed,
];

impl World {
    /// The world that `spec` describes.
    pub(crate) fn from_spec(
        spec: &WorldSpec,
        seed: u64,
        realm: u64,
        switches: Switches,
        now: Timestamp,
    ) -> Self {
        let mut world = Self::new(seed, realm, switches);
        for app in &spec.apps {
            world.add_app(app);
        }
        for seller in &spec.sellers {
            world.add_seller(seller, now);
        }
        // A stream of their own: sellers, shops and orders are the same with and without them.
        let mut dice = Dice::new(seed, Stream::Accounts);
        for creator in &spec.creators {
            world.add_creator(creator, now, &mut dice);
        }
        for partner in &spec.partners {
            world.add_partner(partner, now, &mut dice);
        }
        world
    }

    fn add_creator(&mut self, spec: &CreatorSpec, now: Timestamp, dice: &mut Dice) {
        let number = CreatorNo(CREATORS + dice.below(ACCOUNTS_SPAN));
        let creator = Creator { number, name: spec.name.clone(), region: spec.region.clone() };
        self.creators.insert(number, creator);
        if spec.connected {
            self.connect(Holder::Creator(number), now);
        }
    }

    fn add_partner(&mut self, spec: &PartnerSpec, now: Timestamp, dice: &mut Dice) {
        let number = PartnerNo(PARTNERS + dice.below(ACCOUNTS_SPAN));
        let assets = spec.categories.iter().map(|category| CategoryAsset {
            category_id: 600_000 + dice.below(400_000),
            category: category.clone(),
            cipher: self.secrets.cipher(&format!("category:{number}")),
            market: spec.region.clone(),
        });
        let assets = assets.collect();
        let partner = Partner { number, name: spec.name.clone(), region: spec.region.clone(), assets };
        self.partners.insert(number, partner);
        if spec.connected {
            self.connect(Holder::Partner(number), now);
        }
    }

    /// A live grant for the first app, if there is one.
    fn connect(&mut self, holder: Holder, now: Timestamp) {
        let Some(consent) = self.consent_of(0, holder) else { return };
        let code = self.grants.issue_code(consent, now, &mut self.secrets);
        let mut at = Issue { now, switches: &self.switches, secrets: &mut self.secrets };
        let connected = self.grants.exchange(0, &code, &mut at).is_ok();
        debug_assert!(connected, "a code that was issued this instant is valid");
    }

    fn add_app(&mut self, spec: &AppSpec) {
        let all = || ttshop_catalogue::SCOPES.iter().map(|scope| (*scope).to_owned()).collect();
        let mut scopes: Vec<String> = spec.scopes.clone().unwrap_or_else(all);
        scopes.sort();
        let app_key = format!("6emu{}", self.secrets.hex("app_key", 8));
        let app_secret = self.secrets.hex("app_secret", 40);
        let app = App {
            name: if spec.name.is_empty() { format!("App {app_key}") } else { spec.name.clone() },
            service_id: (7_300_000_000_000_000_000 + self.secrets.below("service_id", 1_000_000_000_000_000))
                .to_string(),
            scopes,
            redirect_url: spec.redirect_url.clone(),
            webhook_url: spec.webhook_url.clone(),
            credentials: Arc::new(Credentials::new(app_key, app_secret.into())),
        };
        self.apps.push(app);
    }

    /// Adds a seller with shops, products and orders.
    pub(crate) fn add_seller(&mut self, spec: &SellerSpec, now: Timestamp) -> SellerNo {
        let number = self.chance.mint.seller(&mut self.chance.dice);
        let seller = Seller {
            number,
            name: spec.name.clone(),
            region: spec.region.clone(),
            active: true,
            shops: Vec::new(),
            library: Library::of(self.seed, self.sellers.len()),
        };
        self.sellers.insert(number, seller);
        for shop in &spec.shops {
            self.add_shop(number, shop, now);
        }
        if spec.connected && !self.apps.is_empty() {
            let code = self.consent(0, Holder::Seller(number), now).unwrap_or_default();
            let connected = self.exchange(0, &code, now).is_ok();
            debug_assert!(connected, "a code that was issued this instant is valid");
        }
        number
    }

    /// Adds a shop with products and orders to a seller; a grant of that seller does not cover it until a new consent.
    pub(crate) fn add_shop(&mut self, seller: SellerNo, spec: &ShopSpec, now: Timestamp) -> ShopNo {
        let number = self.chance.mint.shop(&mut self.chance.dice);
        // The world's own chance is owner 0.
        let owner = u32::try_from(self.shops.len() + 1).unwrap_or(u32::MAX);
        let mut chance = Chance::of(self.seed, owner);
        let warehouses = Warehouse::draw(spec.warehouses, &mut chance);
        let products = (0..spec.products).map(|_| Product::draw(&warehouses, &mut chance, now)).collect();
        let shop = Shop {
            number,
            seller,
            name: spec.name.clone(),
            region: spec.region.clone(),
            cross_border: spec.cross_border,
            active: true,
            cipher: self.secrets.cipher(&format!("shop:{number}")),
            code: format!("{}LC{}", spec.region.code(), chance.dice.text(8).to_ascii_uppercase()),
            warehouses,
            chance,
            products,
            listing: Listing::default(),
            hooks: Vec::new(),
            book: OrderBook::default(),
            packages: PackageBook::default(),
            affiliate: Affiliate::default(),
            desk: Desk::default(),
            fbt: Fbt::default(),
            promotions: Promotions::default(),
            aftersales: AftersaleBook::default(),
            ledger: Ledger::default(),
        };
        self.ciphers.insert(shop.cipher.clone(), number);
        if let Some(seller) = self.sellers.get_mut(&seller) {
            seller.shops.push(number);
        }
        self.shops.insert(number, shop);
        if spec.products > 0 {
            self.add_first_orders(number, spec.orders, now);
            self.catch_up_ledger(number, now);
        }
        number
    }

    /// Orders of the last days, an hour apart, each where its life would have taken it by now.
    fn add_first_orders(&mut self, shop: ShopNo, count: u32, now: Timestamp) {
        for (place, status) in (0..count).zip(FIRST_STATUSES.into_iter().cycle()) {
            let placement = Placement {
                lines: Vec::new(),
                shipping_type: if place % 4 == 0 { ShippingType::Seller } else { ShippingType::Tiktok },
                status,
                buyer: None,
                kind: OrderKind::Normal,
                terms: Terms::default(),
                buyer_message: None,
            };
            let age = first_age(status, u64::from(place));
            let mut at = now - age;
            let Ok(order) = self.insert_order(shop, &placement, Shelf::Beside, at) else { return };
            let acts = acts_to(status);
            let wait = age / u32::try_from(acts.len() + 1).unwrap_or(1);
            for act in acts {
                at = at + wait;
                let skipped = act == Act::Release && self.switches.on_hold_seconds == 0;
                if !skipped && self.act_silently(shop, order, &act, at).is_err() {
                    return;
                }
            }
        }
    }
}

/// How long ago a first order was placed. Where a clock runs, it has not run out yet; the others are spread over a year.
fn first_age(status: OrderStatus, place: u64) -> Duration {
    const MINUTE: u64 = 60;
    const DAY: u64 = 24 * 60 * MINUTE;
    let (least, spread) = match status {
        OrderStatus::Unpaid | OrderStatus::OnHold => (20 * MINUTE, 30 * MINUTE),
        OrderStatus::AwaitingShipment | OrderStatus::PartiallyShipping | OrderStatus::AwaitingCollection => {
            (DAY, DAY)
        }
        OrderStatus::Delivered => (4 * DAY, 2 * DAY),
        OrderStatus::InTransit | OrderStatus::Completed | OrderStatus::Cancelled => (4 * DAY, 365 * DAY),
    };
    Duration::from_secs(least + place * MINUTE % spread)
}
