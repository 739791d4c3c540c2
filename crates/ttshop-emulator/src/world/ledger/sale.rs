//! What a delivered order and its refunds bring, unit by unit.
//!
//! The rates are ours: sources name the components, not what they cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ttshop_types::Region;

use crate::dice::scatter;
use crate::money::Minor;
use crate::world::aftersale::{Refund, ReturnCase};
use crate::world::ledger::component::{Amounts, Component};
use crate::world::order::{Line, Order, ShippingType};

/// The part of a transaction that belongs to one variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) product: u16,
    pub(crate) sku: u16,
    pub(crate) quantity: u32,
    pub(crate) amounts: Amounts,
}

/// In percent of the price before the platform's discount.
const REFERRAL: i64 = 6;
const COMMISSION: i64 = 5;
const TRANSACTION: i64 = 2;
const AFFILIATE: i64 = 10;
/// Of the referral fee that is given back.
const ADMINISTRATION: i64 = 20;
/// One order in so many came by way of a creator.
const AFFILIATE_ONE_IN: u64 = 3;

/// What the order's units that were not cancelled bring.
pub(crate) fn sale(order: &Order, region: &Region) -> Vec<Share> {
    let mut shares: BTreeMap<(u16, u16), Share> = BTreeMap::new();
    for (place, line) in order.open_lines().enumerate() {
        let share = share_of(&mut shares, line);
        share.quantity += 1;
        share.amounts.add_all(&unit(order, line, region));
        // Shipping is one parcel's; it stands with the first unit.
        if place == 0 {
            share.amounts.add_all(&shipping(order));
        }
    }
    shares.into_values().collect()
}

/// What a refund takes back.
pub(crate) fn refund(order: &Order, case: &ReturnCase, region: &Region) -> Vec<Share> {
    let mut shares: BTreeMap<(u16, u16), Share> = BTreeMap::new();
    for (claimed, refund) in case.lines.iter().zip(case.refunds()) {
        let Some(line) = order.lines.iter().find(|line| line.number == claimed.line) else { continue };
        let share = share_of(&mut shares, line);
        share.quantity += 1;
        share.amounts.add_all(&unit_back(order, line, refund, region));
    }
    shares.into_values().collect()
}

fn share_of<'a>(shares: &'a mut BTreeMap<(u16, u16), Share>, line: &Line) -> &'a mut Share {
    let (product, sku) = (line.product, line.sku);
    let empty = || Share { product, sku, quantity: 0, amounts: Amounts::default() };
    shares.entry((product, sku)).or_insert_with(empty)
}

fn unit(order: &Order, line: &Line, region: &Region) -> Amounts {
    let mut amounts = Amounts::default();
    amounts.add(Component::Subtotal, line.list_price);
    amounts.add(Component::SellerDiscount, minus(line.seller_discount));
    for (component, amount) in charges(order, line, region) {
        amounts.add(component, minus(amount));
    }
    amounts.add(Component::PlatformDiscount, line.platform_discount);
    amounts.add(Component::CustomerPayment, line.sale_price() + line.tax);
    amounts.add(Component::SalesTaxPayment, line.tax);
    amounts
}

fn shipping(order: &Order) -> Amounts {
    let (mut amounts, fees) = (Amounts::default(), &order.fees);
    if order.shipping_type == ShippingType::Tiktok {
        amounts.add(Component::ActualShipping, minus(fees.list));
    }
    amounts.add(Component::ShippingDiscount, fees.platform_discount);
    amounts.add(Component::CustomerShipping, fees.paid());
    amounts.add(Component::CustomerPayment, fees.paid() + fees.tax);
    amounts.add(Component::SalesTaxPayment, fees.tax);
    amounts
}

/// A part of the unit's price goes back, and the same part of everything that hangs on it.
fn unit_back(order: &Order, line: &Line, refund: Refund, region: &Region) -> Amounts {
    let mut amounts = Amounts::default();
    let share = |amount: Minor| part(amount, refund.subtotal, line.sale_price());
    let (list, discount) = (share(line.list_price), share(line.seller_discount));
    amounts.add(Component::RefundSubtotal, minus(list));
    amounts.add(Component::SellerDiscountRefund, discount);
    for (component, amount) in charges(order, line, region) {
        let back = share(amount);
        amounts.add(component, back);
        if component == Component::ReferralFee {
            amounts.add(Component::RefundAdministration, minus(back.percent(ADMINISTRATION)));
        }
    }
    // What the goods cost less than their price before discounts, the platform takes back.
    amounts.add(Component::PlatformDiscountRefund, minus(list - discount - refund.subtotal));
    amounts.add(Component::CustomerShipping, minus(refund.shipping));
    amounts.add(Component::CustomerRefund, minus(refund.total()));
    amounts.add(Component::SalesTaxRefund, minus(refund.tax));
    amounts
}

/// Fees and taxes on one unit, as the seller's loss.
fn charges(order: &Order, line: &Line, region: &Region) -> Vec<(Component, Minor)> {
    let price = line.list_price - line.seller_discount;
    let mut charges = if *region == Region::UnitedStates {
        vec![(Component::ReferralFee, price.percent(REFERRAL))]
    } else {
        vec![
            (Component::PlatformCommission, price.percent(COMMISSION)),
            (Component::TransactionFee, price.percent(TRANSACTION)),
        ]
    };
    if scatter(order.number.0).is_multiple_of(AFFILIATE_ONE_IN) {
        charges.push((Component::AffiliateCommission, price.percent(AFFILIATE)));
    }
    let fees: Minor = charges.iter().map(|(_, amount)| *amount).sum();
    charges.extend(taxes(region, fees, price));
    charges
}

/// Taxes on fees, or withheld from the price. Sales tax is none of them: the platform collects and remits it.
fn taxes(region: &Region, fees: Minor, price: Minor) -> Vec<(Component, Minor)> {
    match region {
        Region::Mexico => vec![(Component::Iva, price.percent(8)), (Component::Isr, price.percent(2))],
        Region::Singapore => vec![(Component::Gst, fees.percent(9))],
        Region::Malaysia => vec![(Component::Sst, fees.percent(8))],
        Region::Vietnam => vec![(Component::Vat, price.percent(1)), (Component::Pit, price.percent(1))],
        Region::UnitedKingdom | Region::Ireland | Region::Germany | Region::France | Region::Italy => {
            vec![(Component::Vat, fees.percent(20))]
        }
        _ => Vec::new(),
    }
}

/// `amount` in the proportion of `of` to `whole`, rounded down; nothing of nothing.
fn part(amount: Minor, of: Minor, whole: Minor) -> Minor {
    if whole.0 <= 0 {
        return Minor(0);
    }
    let share = i128::from(amount.0) * i128::from(of.0) / i128::from(whole.0);
    Minor(i64::try_from(share).unwrap_or(0))
}

fn minus(amount: Minor) -> Minor {
    Minor(0) - amount
}
