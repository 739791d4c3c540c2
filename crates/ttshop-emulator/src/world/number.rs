//! Ids as the emulator mints them: numbers inside, decimal text at the wire.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use crate::dice::{Dice, scatter};

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub(crate) struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Digits {
            fn from(number: $name) -> Self {
                Self(number.0)
            }
        }
    )*};
}

numbers! {
    /// A seller.
    SellerNo
    /// A shop.
    ShopNo
    /// An order.
    OrderNo
    /// One unit of an order.
    LineNo
    /// A parcel.
    PackageNo
    /// A product.
    ProductNo
    /// A variant of a product.
    SkuNo
    /// A warehouse.
    WarehouseNo
    /// A buyer.
    BuyerNo
    /// A creator.
    CreatorNo
    /// A partner agency.
    PartnerNo
    /// A promotion activity.
    ActivityNo
    /// A coupon.
    CouponNo
    /// Goods in TikTok's warehouse.
    GoodsNo
    /// An order that brings goods in.
    InboundNo
    /// An order of another channel.
    OutboundNo
    /// A plan of what will be sent in.
    PlanNo
    /// A collaboration with creators.
    CollaborationNo
    /// A conversation.
    ConversationNo
    /// A message of a conversation.
    MessageNo
    /// A session of customer service.
    SessionNo
    /// Something of a seller: a brand, a record, a size chart.
    ThingNo
    /// A notification: `tts_notification_id`.
    NotificationNo
    /// A transaction of the ledger.
    TransactionNo
    /// A statement.
    StatementNo
    /// A payment to the seller.
    PaymentNo
    /// A movement of the seller's account.
    WithdrawalNo
    /// A cancellation.
    CancelNo
    /// A refund, return or replacement.
    ReturnNo
    /// One unit of an order inside of a cancellation or a return.
    CaseLineNo
    /// An after-sales request.
    RequestNo
    /// A return merchandise authorization.
    RmaNo
}

/// The chat account of whoever has this number.
pub(crate) fn im_user_id(owner: u64) -> String {
    (IM_USERS + scatter(owner) % STEP).to_string()
}

/// A number that serialises as decimal text, the way the platform prints ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits(pub u64);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0; 20];
        let (mut rest, mut start) = (self.0, buffer.len());
        loop {
            start -= 1;
            buffer[start] = b'0' + u8::try_from(rest % 10).expect("a digit is below ten");
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        serializer.serialize_str(std::str::from_utf8(&buffer[start..]).expect("digits are ASCII"))
    }
}

/// Hands out ids that grow, with gaps that look like the platform's. No two owners ever mint the same one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Mint {
    owner: u32,
    minted: u64,
}

/// Ids have 18 or 19 digits; each kind begins with its own ones.
const ORDERS: u64 = 576_460_000_000_000_000;
const LINES: u64 = 577_000_000_000_000_000;
const PACKAGES: u64 = 1_153_000_000_000_000_000;
const PRODUCTS: u64 = 1_729_000_000_000_000_000;
const SHOPS: u64 = 7_494_000_000_000_000_000;
const WAREHOUSES: u64 = 7_308_000_000_000_000_000;
const SELLERS: u64 = 7_495_000_000_000_000_000;
const NOTIFICATIONS: u64 = 7_327_000_000_000_000_000;
/// Whatever has no kind of number of its own.
const THINGS: u64 = 7_601_000_000_000_000_000;
const IM_USERS: u64 = 7_122_000_000_000_000_000;
const BUYERS: u64 = 7_136_000_000_000_000_000;
const CANCELLATIONS: u64 = 4_035_000_000_000_000_000;
const CASE_LINES: u64 = 4_037_000_000_000_000_000;
const REQUESTS: u64 = 4_039_000_000_000_000_000;
const RETURNS: u64 = 4_042_000_000_000_000_000;
const RMAS: u64 = 4_044_000_000_000_000_000;
/// How far apart two ids of one mint lie: room for every owner.
const STEP: u64 = OWNER_STEP * OWNERS_MAX;
/// How far apart two ids of neighbouring owners lie.
const OWNER_STEP: u64 = 10;
/// A world has fewer owners than this: itself and its shops.
pub(crate) const OWNERS_MAX: u64 = 100_000;

impl Mint {
    /// The mint of one owner: 0 is the world, the others are its shops.
    pub(crate) fn of(owner: u32) -> Self {
        Self { owner, minted: 0 }
    }

    fn next(&mut self, base: u64, dice: &mut Dice) -> u64 {
        self.minted += 1;
        base + self.minted * STEP + u64::from(self.owner) * OWNER_STEP + dice.below(OWNER_STEP)
    }

    pub(crate) fn order(&mut self, dice: &mut Dice) -> OrderNo {
        OrderNo(self.next(ORDERS, dice))
    }

    pub(crate) fn line(&mut self, dice: &mut Dice) -> LineNo {
        LineNo(self.next(LINES, dice))
    }

    pub(crate) fn package(&mut self, dice: &mut Dice) -> PackageNo {
        PackageNo(self.next(PACKAGES, dice))
    }

    pub(crate) fn product(&mut self, dice: &mut Dice) -> ProductNo {
        ProductNo(self.next(PRODUCTS, dice))
    }

    pub(crate) fn sku(&mut self, dice: &mut Dice) -> SkuNo {
        SkuNo(self.next(PRODUCTS, dice))
    }

    pub(crate) fn shop(&mut self, dice: &mut Dice) -> ShopNo {
        ShopNo(self.next(SHOPS, dice))
    }

    pub(crate) fn seller(&mut self, dice: &mut Dice) -> SellerNo {
        SellerNo(self.next(SELLERS, dice))
    }

    pub(crate) fn warehouse(&mut self, dice: &mut Dice) -> WarehouseNo {
        WarehouseNo(self.next(WAREHOUSES, dice))
    }

    pub(crate) fn notification(&mut self, dice: &mut Dice) -> NotificationNo {
        NotificationNo(self.next(NOTIFICATIONS, dice))
    }

    /// An id for whatever has no kind of its own.
    pub(crate) fn thing(&mut self, dice: &mut Dice) -> u64 {
        self.next(THINGS, dice)
    }

    pub(crate) fn cancellation(&mut self, dice: &mut Dice) -> CancelNo {
        CancelNo(self.next(CANCELLATIONS, dice))
    }

    pub(crate) fn case_line(&mut self, dice: &mut Dice) -> CaseLineNo {
        CaseLineNo(self.next(CASE_LINES, dice))
    }

    pub(crate) fn request(&mut self, dice: &mut Dice) -> RequestNo {
        RequestNo(self.next(REQUESTS, dice))
    }

    pub(crate) fn return_case(&mut self, dice: &mut Dice) -> ReturnNo {
        ReturnNo(self.next(RETURNS, dice))
    }

    pub(crate) fn rma(&mut self, dice: &mut Dice) -> RmaNo {
        RmaNo(self.next(RMAS, dice))
    }

    pub(crate) fn buyer(&mut self, dice: &mut Dice) -> BuyerNo {
        BuyerNo(BUYERS + dice.below(STEP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn owners_never_share_an_id() {
        let mut dice = Dice::new(3, Stream::World);
        let mut seen = std::collections::HashSet::new();
        for owner in [0, 1, 2, 99_999] {
            let mut mint = Mint::of(owner);
            assert!((0..500).all(|_| seen.insert(mint.order(&mut dice))), "owner {owner}");
        }
    }

    #[test]
    fn ids_grow_and_have_the_platforms_length() {
        let (mut mint, mut dice) = (Mint::default(), Dice::new(3, Stream::World));
        let orders: Vec<OrderNo> = (0..1_000).map(|_| mint.order(&mut dice)).collect();
        assert!(orders.is_sorted());
        assert!(orders.iter().all(|order| order.to_string().len() == 18));
        assert_eq!(mint.shop(&mut dice).to_string().len(), 19);
    }

    #[test]
    fn digits_are_text() {
        assert_eq!(serde_json::to_string(&Digits(0)).unwrap(), "\"0\"");
        assert_eq!(serde_json::to_string(&Digits(u64::MAX)).unwrap(), "\"18446744073709551615\"");
    }
}
