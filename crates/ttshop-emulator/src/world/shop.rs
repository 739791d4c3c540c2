//! Sellers and their shops.

use serde::{Deserialize, Serialize};
use ttshop_types::{Region, Timestamp};

use crate::money::decimals_of;
use crate::world::affiliate::Affiliate;
use crate::world::aftersale::AftersaleBook;
use crate::world::book::OrderBook;
use crate::world::desk::Desk;
use crate::world::fbt::Fbt;
use crate::world::ledger::Ledger;
use crate::world::library::Library;
use crate::world::order::Line;
use crate::world::package::{Package, PackageBook};
use crate::world::product::{Listing, Product, Sku};
use crate::world::promotion::Promotions;
use crate::world::warehouse::Warehouse;
use crate::world::{Chance, PackageNo, SellerNo, ShopNo, SkuNo, WarehouseNo};

/// Who consents.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seller {
    pub(crate) number: SellerNo,
    pub(crate) name: String,
    pub(crate) region: Region,
    pub(crate) active: bool,
    pub(crate) shops: Vec<ShopNo>,
    #[serde(default)]
    pub(crate) library: Library,
}

/// One shop with everything in it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) number: ShopNo,
    pub(crate) seller: SellerNo,
    pub(crate) name: String,
    pub(crate) region: Region,
    pub(crate) cross_border: bool,
    pub(crate) active: bool,
    pub(crate) cipher: String,
    pub(crate) code: String,
    /// Where ids and draws of this shop come from.
    pub(crate) chance: Chance,
    pub(crate) warehouses: Vec<Warehouse>,
    pub(crate) products: Vec<Product>,
    pub(crate) listing: Listing,
    pub(crate) hooks: Vec<Hook>,
    pub(crate) book: OrderBook,
    pub(crate) packages: PackageBook,
    #[serde(default)]
    pub(crate) affiliate: Affiliate,
    #[serde(default)]
    pub(crate) desk: Desk,
    #[serde(default)]
    pub(crate) fbt: Fbt,
    #[serde(default)]
    pub(crate) promotions: Promotions,
    #[serde(default)]
    pub(crate) aftersales: AftersaleBook,
    #[serde(default)]
    pub(crate) ledger: Ledger,
}

/// A shop's own address for one topic, set by the Event API.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub(crate) app: usize,
    pub(crate) event_type: String,
    pub(crate) address: String,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    #[serde(with = "crate::instant")]
    pub(crate) updated: Timestamp,
}

impl Shop {
    /// `LOCAL` or `CROSS_BORDER`.
    pub(crate) fn seller_type(&self) -> &'static str {
        if self.cross_border { "CROSS_BORDER" } else { "LOCAL" }
    }

    /// The currency of every amount in the shop.
    pub(crate) fn currency(&self) -> &'static str {
        self.region.currency().unwrap_or("USD")
    }

    /// Digits after the point of the shop's amounts.
    pub(crate) fn decimals(&self) -> u32 {
        decimals_of(self.currency())
    }

    /// The shop's own address of a topic.
    pub(crate) fn hook(&self, app: usize, event_type: &str) -> Option<&Hook> {
        self.hooks.iter().find(|hook| hook.app == app && hook.event_type == event_type)
    }

    /// Where orders are sent from unless something else is said.
    pub(crate) fn default_warehouse(&self) -> WarehouseNo {
        let default = self.warehouses.iter().find(|warehouse| warehouse.is_default && warehouse.sells());
        default.map_or(WarehouseNo(0), |warehouse| warehouse.number)
    }

    /// Where a variant stands in the list of products.
    pub(crate) fn place_of_sku(&self, number: SkuNo) -> Option<(u16, u16)> {
        self.products.iter().enumerate().find_map(|(product, candidate)| {
            let sku = candidate.skus.iter().position(|sku| sku.number == number)?;
            Some((u16::try_from(product).ok()?, u16::try_from(sku).ok()?))
        })
    }

    /// The product of a line.
    pub(crate) fn product(&self, product: u16) -> &Product {
        &self.products[usize::from(product)]
    }

    /// The variant of a line.
    pub(crate) fn sku(&self, product: u16, sku: u16) -> &Sku {
        &self.product(product).skus[usize::from(sku)]
    }

    /// Whether every line names a variant and a package that exist; a snapshot may have been tampered with.
    pub(crate) fn is_consistent(&self) -> bool {
        let has_sku = |line: &Line| {
            let product = self.products.get(usize::from(line.product));
            product.is_some_and(|product| usize::from(line.sku) < product.skus.len())
        };
        let mut orders = self.book.walk(None, usize::MAX).map(|(_, order)| order);
        let holds = |package: &Package| package.orders.iter().all(|order| self.book.get(*order).is_some());
        self.packages.walk().all(holds)
            && orders.all(|order| {
                let has_package =
                    |line: &Line| line.package.is_none_or(|place| usize::from(place) < order.packages.len());
                let known = |package: &PackageNo| self.packages.get(*package).is_some();
                order.lines.iter().all(|line| has_sku(line) && has_package(line))
                    && order.packages.iter().all(known)
            })
            && self.fbt.is_consistent()
            && self.ledger.is_consistent()
            && self.aftersales.is_consistent(|order| self.book.get(order))
    }
}
