//! Videos and LIVE sessions: none is stored, each is known by what it sold.

use crate::dice::scatter;
use crate::gateway::Admitted;
use crate::world::Shop;
use crate::world::day::{Day, offset_of};
use crate::world::sales::{Account, Channel, Fact};

/// Videos and sessions have ids of 19 digits.
const VIDEOS: u64 = 7_561_000_000_000_000_000;
const LIVES: u64 = 7_562_000_000_000_000_000;
const SHOP_SPAN: u64 = 100_000_000;
/// A session runs from seven to nine in the evening.
const LIVE_FROM_SECONDS: i64 = 19 * 3_600;
const LIVE_SECONDS: i64 = 2 * 3_600;
/// The first day of the year in which all videos were posted.
const POSTED_FROM: i64 = 20_089;

/// A video about one product: the shop has one of its own and one of a creator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Video {
    pub(super) product: u16,
    pub(super) account: Account,
}

/// A LIVE session: every day has one of the shop and one of a creator.
#[derive(Clone, Copy, Debug)]
pub(super) struct Live {
    pub(super) day: Day,
    pub(super) account: Account,
}

/// The accounts that a call asks for.
pub(super) fn accounts(call: &Admitted<'_>) -> &'static [Account] {
    match call.call.param("account_type") {
        Some("OFFICIAL_ACCOUNTS" | "LINKED_ACCOUNTS") => &[Account::Official],
        Some("AFFILIATE_ACCOUNTS" | "AFFILIATES") => &[Account::Affiliate],
        // The shop runs no further accounts.
        Some("MARKETING_ACCOUNTS") => &[],
        _ => &Account::ALL,
    }
}

/// The account's name.
pub(in crate::family) fn user_name(shop: &Shop, account: Account) -> String {
    match account {
        Account::Official => format!("shop_{}", shop.number.0 % SHOP_SPAN),
        Account::Affiliate => format!("creator_{}", scatter(shop.number.0) % SHOP_SPAN),
    }
}

impl Video {
    /// All videos of the shop.
    pub(super) fn all(shop: &Shop) -> impl Iterator<Item = Self> {
        let products = 0..u16::try_from(shop.products.len()).unwrap_or(u16::MAX);
        products.flat_map(|product| Account::ALL.map(|account| Self { product, account }))
    }

    /// The one with this id.
    pub(super) fn find(shop: &Shop, id: &str) -> Option<Self> {
        Self::all(shop).find(|video| video.id(shop) == id)
    }

    pub(super) fn id(self, shop: &Shop) -> String {
        let product = shop.product(self.product).number.0 % 100_000_000_000_000;
        (VIDEOS + product * 10 + self.account.digit()).to_string()
    }

    pub(super) fn sold(self, fact: &Fact<'_>) -> bool {
        fact.channel == Channel::Video && fact.line.product == self.product && fact.account == self.account
    }

    pub(super) fn title(self, shop: &Shop) -> String {
        format!("All about {}", shop.product(self.product).name)
    }

    /// When it was posted.
    pub(super) fn posted(self, shop: &Shop) -> String {
        let days = scatter(shop.product(self.product).number.0) % 300;
        format!("{} 12:00:00", Day(POSTED_FROM).plus(i64::try_from(days).unwrap_or(0)))
    }
}

impl Live {
    pub(super) fn find(shop: &Shop, id: &str) -> Option<Self> {
        let rest = id.parse::<u64>().ok()?.checked_sub(LIVES)?;
        let day = Day(i64::try_from(rest / 10 % 1_000_000).ok()?);
        let found = Account::ALL.map(|account| Self { day, account });
        found.into_iter().find(|live| live.id(shop) == id)
    }

    pub(super) fn id(self, shop: &Shop) -> String {
        let day = u64::try_from(self.day.0).unwrap_or(0);
        (LIVES + shop.number.0 % SHOP_SPAN * 10_000_000 + day * 10 + self.account.digit()).to_string()
    }

    pub(super) fn sold(self, fact: &Fact<'_>) -> bool {
        fact.channel == Channel::Live && fact.day == self.day && fact.account == self.account
    }

    /// When it began and ended, in seconds.
    pub(super) fn times(self, shop: &Shop) -> (i64, i64) {
        let begin = self.day.begin(offset_of(&shop.region)) + LIVE_FROM_SECONDS;
        (begin, begin + LIVE_SECONDS)
    }
}
