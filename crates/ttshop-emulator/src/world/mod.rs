//! One emulated universe: apps, sellers, shops, grants, orders, and what falls due.
//!
//! A [`World`] does no I/O and asks no clock: `now` is an argument, and everything that happens later is an entry of its due
//! queue. The conductor (see `webhook`) turns due notifications into HTTP and tells the world what came of them. The
//! alternative, a timer task per order and per retry, would make virtual time and snapshots impossible.

mod account;
mod act;
pub(crate) mod affiliate;
pub(crate) mod aftersale;
mod announce;
mod app;
pub(crate) mod book;
pub(crate) mod buyer;
pub(crate) mod carrier;
pub(crate) mod category;
mod chance;
pub(crate) mod day;
pub(crate) mod desk;
pub(crate) mod due;
pub(crate) mod fbt;
pub(crate) mod global;
pub(crate) mod grant;
pub(crate) mod ledger;
pub(crate) mod library;
pub(crate) mod machine;
#[cfg(test)]
mod model;
pub(crate) mod number;
pub(crate) mod order;
pub(crate) mod package;
mod place;
pub(crate) mod post;
pub(crate) mod product;
pub(crate) mod promotion;
pub(crate) mod sales;
pub(crate) mod scenario;
mod secret;
mod shop;
mod start;
pub(crate) mod time_index;
mod universe;
pub(crate) mod warehouse;

pub(crate) use account::{CategoryAsset, Creator, Holder, Partner};
pub(crate) use act::{ActError, DueAttempt};
pub(crate) use app::{App, Credentials};
pub(crate) use chance::Chance;
pub(crate) use number::{
    ActivityNo, BuyerNo, CancelNo, CaseLineNo, CollaborationNo, ConversationNo, CouponNo, CreatorNo, GoodsNo,
    InboundNo, LineNo, MessageNo, NotificationNo, OrderNo, OutboundNo, PackageNo, PartnerNo, PaymentNo,
    PlanNo, ProductNo, RequestNo, ReturnNo, RmaNo, SellerNo, SessionNo, ShopNo, SkuNo, StatementNo, ThingNo,
    TransactionNo, WarehouseNo, WithdrawalNo, im_user_id,
};
pub(crate) use place::{PlaceError, Placement, WantedLine};
pub(crate) use secret::Secrets;
pub(crate) use shop::{Hook, Seller, Shop};
pub(crate) use universe::World;
