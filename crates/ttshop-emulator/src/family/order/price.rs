//! `GET /order/202407/orders/{order_id}/price_detail`

use serde::Serialize;

use crate::family::data;
use crate::gateway::{Admitted, Refusal, Success};
use crate::money::{Amount, Minor};
use crate::world::order::{Line, Order};
use crate::world::{OrderNo, World};

/// The order is not one of this shop.
const NOT_OF_THIS_SHOP: i64 = 21_008_111;

#[derive(Serialize)]
struct PriceDetail {
    #[serde(flatten)]
    prices: Prices,
    line_items: Vec<LinePrices>,
}

#[derive(Serialize)]
struct LinePrices {
    id: String,
    #[serde(flatten)]
    prices: Prices,
}

/// The same words for a line and for the whole order; the lines add up to the order.
#[derive(Serialize)]
struct Prices {
    currency: &'static str,
    total: Amount,
    payment: Amount,
    sku_list_price: Amount,
    sku_sale_price: Amount,
    subtotal: Amount,
    subtotal_deduction_seller: Amount,
    subtotal_deduction_platform: Amount,
    subtotal_tax_amount: Amount,
    voucher_deduction_platform: Amount,
    voucher_deduction_seller: Amount,
    shipping_list_price: Amount,
    shipping_sale_price: Amount,
    shipping_fee_deduction_seller: Amount,
    shipping_fee_deduction_platform: Amount,
    shipping_fee_deduction_platform_voucher: Amount,
    tax_amount: Amount,
    tax_rate: &'static str,
    net_price_amount: Amount,
}

/// What a price detail is made of.
#[derive(Clone, Copy, Default)]
struct Parts {
    list: Minor,
    seller: Minor,
    platform: Minor,
    tax: Minor,
    shipping_list: Minor,
    shipping_seller: Minor,
    shipping_platform: Minor,
    shipping_tax: Minor,
}

pub(crate) fn get_order_price_details(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = call.shop.and_then(|shop| world.shops.get(&shop)).ok_or_else(Refusal::pairing)?;
    let number = call.path_params.get("order_id").and_then(|id| id.parse::<OrderNo>().ok());
    let order = number.and_then(|number| shop.book.get(number));
    let order = order
        .ok_or_else(|| Refusal::business(NOT_OF_THIS_SHOP, "The order does not belong to this shop."))?;
    let (currency, decimals) = (shop.currency(), shop.decimals());
    let parts = parts_of_lines(order);
    let line_items = order.lines.iter().zip(&parts).map(|(line, parts)| LinePrices {
        id: line.number.to_string(),
        prices: parts.prices(currency, decimals),
    });
    let whole = parts.iter().fold(Parts::default(), |sum, parts| sum.plus(parts));
    Ok(data(&PriceDetail { prices: whole.prices(currency, decimals), line_items: line_items.collect() }))
}

/// The lines' own amounts, each with an equal share of the shipping fee; the first one carries what cannot be shared.
fn parts_of_lines(order: &Order) -> Vec<Parts> {
    let count = i64::try_from(order.lines.len()).unwrap_or(1).max(1);
    let share = |amount: Minor, first: bool| {
        let each = Minor(amount.0 / count);
        if first { amount - Minor(each.0 * (count - 1)) } else { each }
    };
    let fees = &order.fees;
    let part = |(place, line): (usize, &Line)| Parts {
        list: line.list_price,
        seller: line.seller_discount,
        platform: line.platform_discount,
        tax: line.tax,
        shipping_list: share(fees.list, place == 0),
        shipping_seller: share(fees.seller_discount, place == 0),
        shipping_platform: share(fees.platform_discount, place == 0),
        shipping_tax: share(fees.tax, place == 0),
    };
    order.lines.iter().enumerate().map(part).collect()
}

impl Parts {
    fn plus(self, other: &Self) -> Self {
        Self {
            list: self.list + other.list,
            seller: self.seller + other.seller,
            platform: self.platform + other.platform,
            tax: self.tax + other.tax,
            shipping_list: self.shipping_list + other.shipping_list,
            shipping_seller: self.shipping_seller + other.shipping_seller,
            shipping_platform: self.shipping_platform + other.shipping_platform,
            shipping_tax: self.shipping_tax + other.shipping_tax,
        }
    }

    fn prices(&self, currency: &'static str, decimals: u32) -> Prices {
        let text = |amount: Minor| amount.text(decimals);
        let subtotal = self.list - self.seller - self.platform;
        let shipping = self.shipping_list - self.shipping_seller - self.shipping_platform;
        let tax = self.tax + self.shipping_tax;
        let total = subtotal + shipping + tax;
        Prices {
            currency,
            total: text(total),
            payment: text(total),
            sku_list_price: text(self.list),
            sku_sale_price: text(subtotal),
            subtotal: text(subtotal),
            subtotal_deduction_seller: text(self.seller),
            subtotal_deduction_platform: text(self.platform),
            subtotal_tax_amount: text(self.tax),
            voucher_deduction_platform: text(Minor(0)),
            voucher_deduction_seller: text(Minor(0)),
            shipping_list_price: text(self.shipping_list),
            shipping_sale_price: text(shipping),
            shipping_fee_deduction_seller: text(self.shipping_seller),
            shipping_fee_deduction_platform: text(self.shipping_platform),
            shipping_fee_deduction_platform_voucher: text(Minor(0)),
            tax_amount: text(tax),
            tax_rate: if self.tax.0 > 0 { "0.08" } else { "0" },
            net_price_amount: text(subtotal + shipping),
        }
    }
}
