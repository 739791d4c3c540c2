//! The bounded table of lanes and of the shops they belong to.

use std::collections::HashMap;

use ttshop_types::{AppKey, ShopId};

use super::BudgetKey;
use super::lane::Lane;

/// How many keys are remembered. Beyond it, one that is idle is forgotten for each new one.
pub const BUDGET_KEYS_MAX: usize = 262_144;

/// Keys that are looked at to find the one that is idle longest.
const EVICTION_LOOKS: usize = 32;

/// One app and one of its shops, or none.
#[derive(Debug)]
pub(super) struct Shop {
    app_key: AppKey,
    shop_id: Option<ShopId>,
    /// No calls before this time, for any operation.
    pub(super) held_until: u64,
    /// The last turn it took among all shops.
    pub(super) turn: u64,
    lanes: u32,
    /// Its calls under rules that have a cap for the day.
    days: Vec<Day>,
}

/// The calls of one shop under one rule.
#[derive(Debug)]
pub(super) struct Day {
    rule: u8,
    /// Counted from 1970, UTC.
    day: u16,
    calls: u32,
    /// The platform said that the allowance is used up: no calls before this time.
    pub(super) held_until: u64,
}

impl Day {
    /// The calls of `day`.
    pub(super) fn calls(&self, day: u16) -> u32 {
        if self.day == day { self.calls } else { 0 }
    }

    pub(super) fn count(&mut self, day: u16) {
        self.calls = self.calls(day) + 1;
        self.day = day;
    }
}

impl Shop {
    pub(super) fn day(&mut self, rule: u8) -> &mut Day {
        let place = self.days.iter().position(|day| day.rule == rule).unwrap_or_else(|| {
            self.days.push(Day { rule, day: 0, calls: 0, held_until: 0 });
            self.days.len() - 1
        });
        &mut self.days[place]
    }
}

/// All lanes.
#[derive(Debug)]
pub(super) struct Lanes {
    keys_max: usize,
    lanes: Vec<Lane>,
    /// By shop and operation.
    places: HashMap<(u32, u16), u32>,
    shops: Vec<Shop>,
    shop_places: HashMap<AppKey, HashMap<Option<ShopId>, u32>>,
    free_shops: Vec<u32>,
    /// Where the search for an idle lane goes on.
    hand: usize,
}

impl Lanes {
    pub(super) fn new(keys_max: usize) -> Self {
        Self {
            keys_max: keys_max.clamp(1, BUDGET_KEYS_MAX),
            lanes: Vec::new(),
            places: HashMap::new(),
            shops: Vec::new(),
            shop_places: HashMap::new(),
            free_shops: Vec::new(),
            hand: 0,
        }
    }

    pub(super) fn all(&self) -> &[Lane] {
        &self.lanes
    }

    pub(super) fn lane(&mut self, place: u32) -> &mut Lane {
        &mut self.lanes[index(place)]
    }

    pub(super) fn shop(&mut self, place: u32) -> &mut Shop {
        &mut self.shops[index(place)]
    }

    pub(super) fn shop_of(&self, lane: &Lane) -> (&AppKey, Option<&ShopId>) {
        let shop = &self.shops[index(lane.shop)];
        (&shop.app_key, shop.shop_id.as_ref())
    }

    pub(super) fn find(&self, key: &BudgetKey, operation: u16) -> Option<u32> {
        let shop = self.find_shop(key)?;
        self.places.get(&(shop, operation)).copied()
    }

    fn find_shop(&self, key: &BudgetKey) -> Option<u32> {
        self.shop_places.get(&key.app_key)?.get(&key.shop_id).copied()
    }

    /// The lane of `key`, made if there is none; none when all lanes are busy.
    pub(super) fn find_or_add(&mut self, key: &BudgetKey, operation: u16) -> Option<u32> {
        let shop = self.find_shop(key);
        let known = shop.and_then(|shop| self.places.get(&(shop, operation)));
        if let Some(place) = known {
            return Some(*place);
        }
        let free = if self.lanes.len() < self.keys_max { None } else { Some(self.evict()?) };
        let shop = self.find_shop(key).unwrap_or_else(|| self.add_shop(key));
        self.shop(shop).lanes += 1;
        let place = free.unwrap_or_else(|| number(self.lanes.len()));
        match free {
            Some(free) => *self.lane(free) = Lane::new(shop, operation),
            None => self.lanes.push(Lane::new(shop, operation)),
        }
        self.places.insert((shop, operation), place);
        Some(place)
    }

    fn add_shop(&mut self, key: &BudgetKey) -> u32 {
        let shop = Shop {
            app_key: key.app_key.clone(),
            shop_id: key.shop_id.clone(),
            held_until: 0,
            turn: 0,
            lanes: 0,
            days: Vec::new(),
        };
        let place = self.free_shops.pop().unwrap_or_else(|| number(self.shops.len()));
        match self.shops.get_mut(index(place)) {
            Some(free) => *free = shop,
            None => self.shops.push(shop),
        }
        let shops = self.shop_places.entry(key.app_key.clone()).or_default();
        shops.insert(key.shop_id.clone(), place);
        place
    }

    /// Forgets the lane that is idle longest out of the next few.
    fn evict(&mut self) -> Option<u32> {
        let looked =
            (0..EVICTION_LOOKS.min(self.lanes.len())).map(|step| (self.hand + step) % self.lanes.len());
        let idle = looked.filter(|place| self.lanes[*place].is_idle());
        let place = idle.min_by_key(|place| self.lanes[*place].rate.next())?;
        self.hand = (place + 1) % self.lanes.len();
        let Lane { shop, operation, .. } = self.lanes[place];
        self.places.remove(&(shop, operation));
        self.shop(shop).lanes -= 1;
        if self.shop(shop).lanes == 0 {
            self.forget_shop(shop);
        }
        Some(number(place))
    }

    fn forget_shop(&mut self, place: u32) {
        let Shop { app_key, shop_id, .. } = &self.shops[index(place)];
        if let Some(shops) = self.shop_places.get_mut(app_key) {
            shops.remove(shop_id);
        }
        self.free_shops.push(place);
    }
}

fn index(place: u32) -> usize {
    usize::try_from(place).expect("places are numbers of table rows")
}

fn number(index: usize) -> u32 {
    u32::try_from(index).expect("the tables are far smaller than that")
}
