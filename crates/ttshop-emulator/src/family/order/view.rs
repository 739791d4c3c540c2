//! An order as the API prints it.

use serde::{Serialize, Serializer};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::money::Amount;
use crate::switches::Switches;
use crate::world::Shop;
use crate::world::buyer::{Email, Recipient};
use crate::world::machine::{OrderClock, clock_of};
use crate::world::number::Digits;
use crate::world::order::{Actor, Line, Order, OrderStatus, ShippingType};

/// The carrier of every parcel.
const PROVIDER_ID: &str = "7117858858072016686";
const PROVIDER: &str = "Emulated Express";

/// About how long one order is as JSON.
pub(super) const ORDER_BYTES: usize = 4_096;

/// Orders that are put together while they are written.
pub(super) struct Orders<'a> {
    pub(super) shop: &'a Shop,
    pub(super) orders: &'a [&'a Order],
    pub(super) switches: &'a Switches,
}

impl Serialize for Orders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.orders.iter().map(|order| view(self.shop, order, self.switches)))
    }
}

#[derive(Serialize)]
pub(super) struct OrderView<'a> {
    id: Digits,
    status: &'static str,
    create_time: i64,
    update_time: i64,
    #[serde(flatten)]
    times: TimesView,
    is_buyer_request_cancel: bool,
    is_cod: bool,
    is_on_hold_order: bool,
    is_sample_order: bool,
    is_replacement_order: bool,
    is_exchange_order: bool,
    has_updated_recipient_address: bool,
    fulfillment_type: &'static str,
    shipping_type: &'static str,
    delivery_type: &'static str,
    delivery_option_name: &'static str,
    order_type: &'static str,
    commerce_platform: &'static str,
    payment_method_name: &'static str,
    tracking_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider_id: Option<&'static str>,
    user_id: Digits,
    buyer_message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    buyer_email: Option<Email>,
    warehouse_id: Digits,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_initiator: Option<&'static str>,
    packages: Vec<PackageView>,
    payment: PaymentView,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_address: Option<Recipient<'a>>,
    line_items: Lines<'a>,
}

/// Times that have happened or are promised; the others are left out.
#[derive(Serialize)]
struct TimesView {
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rts_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rts_sla_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tts_sla_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_due_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_order_sla_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collection_due_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collection_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_sla_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_due_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_cancel_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_time: Option<i64>,
}

#[derive(Serialize)]
struct PackageView {
    id: Digits,
}

#[derive(Serialize)]
struct PaymentView {
    currency: &'static str,
    sub_total: Amount,
    shipping_fee: Amount,
    seller_discount: Amount,
    platform_discount: Amount,
    payment_platform_discount: Amount,
    total_amount: Amount,
    original_total_product_price: Amount,
    original_shipping_fee: Amount,
    shipping_fee_seller_discount: Amount,
    shipping_fee_platform_discount: Amount,
    shipping_fee_cofunded_discount: Amount,
    tax: Amount,
    product_tax: Amount,
    shipping_fee_tax: Amount,
    small_order_fee: Amount,
    retail_delivery_fee: Amount,
    buyer_service_fee: Amount,
    handling_fee: Amount,
}

struct Lines<'a> {
    shop: &'a Shop,
    order: &'a Order,
}

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.order.lines.iter().map(|line| self::line(self.shop, self.order, line)))
    }
}

#[derive(Serialize)]
struct LineView<'a> {
    id: Digits,
    display_status: &'static str,
    product_id: Digits,
    product_name: &'a str,
    sku_id: Digits,
    sku_name: &'a str,
    sku_image: &'a str,
    sku_type: &'static str,
    seller_sku: &'a str,
    currency: &'static str,
    original_price: Amount,
    sale_price: Amount,
    seller_discount: Amount,
    platform_discount: Amount,
    small_order_fee: Amount,
    retail_delivery_fee: Amount,
    buyer_service_fee: Amount,
    is_gift: bool,
    is_dangerous_good: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item_tax: Vec<TaxView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    package_id: Option<Digits>,
    package_status: &'static str,
    tracking_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rts_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_user: Option<&'static str>,
}

#[derive(Serialize)]
struct TaxView {
    tax_type: &'static str,
    tax_amount: Amount,
    tax_rate: &'static str,
}

/// The order as it stands, whatever a filter or a delay hides from search.
pub(crate) fn full_order(shop: &Shop, order: &Order, switches: &Switches) -> Value {
    serde_json::to_value(view(shop, order, switches)).expect("our own values serialise")
}

pub(super) fn view<'a>(shop: &'a Shop, order: &'a Order, switches: &Switches) -> OrderView<'a> {
    let arranged = order.lines.iter().any(|line| order.is_arranged(line));
    OrderView {
        id: order.number.into(),
        status: order.status.as_str(),
        create_time: order.created.as_seconds(),
        update_time: order.updated.as_seconds(),
        times: times(order, switches),
        is_buyer_request_cancel: order.times.cancel_requested.is_some(),
        is_cod: false,
        is_on_hold_order: order.status == OrderStatus::OnHold,
        is_sample_order: false,
        is_replacement_order: false,
        is_exchange_order: false,
        has_updated_recipient_address: order.address_changes > 0,
        fulfillment_type: "FULFILLMENT_BY_SELLER",
        shipping_type: order.shipping_type.as_str(),
        delivery_type: "HOME_DELIVERY",
        delivery_option_name: "Standard Shipping",
        order_type: "NORMAL",
        commerce_platform: "TIKTOK_SHOP",
        payment_method_name: "Credit/debit card",
        tracking_number: tracking(order, order.lines.iter().find(|line| order.is_arranged(line))),
        shipping_provider: arranged.then_some(PROVIDER),
        shipping_provider_id: arranged.then_some(PROVIDER_ID),
        user_id: order.buyer.into(),
        buyer_message: order.buyer_message.as_deref().unwrap_or_default(),
        buyer_email: (!order.status.hides_buyer()).then_some(Email(order.buyer)),
        warehouse_id: order.warehouse.into(),
        cancel_reason: order.cancel_reason.as_deref(),
        cancellation_initiator: order.cancelled_by.map(Actor::as_str),
        packages: order.packages.iter().map(|package| PackageView { id: package.number.into() }).collect(),
        payment: payment(shop, order),
        recipient_address: recipient(shop, order),
        line_items: Lines { shop, order },
    }
}

/// Absent before the hold is over; starred out unless the seller ships, and for everybody once the order is completed
/// (PLATFORM.md 8.1, 12 #11 and #12).
fn recipient<'a>(shop: &'a Shop, order: &Order) -> Option<Recipient<'a>> {
    if order.status.hides_buyer() || order.times.paid.is_none() {
        return None;
    }
    let recipient = Recipient::of(order.buyer, order.address_changes, &shop.region);
    let shown = order.shipping_type == ShippingType::Seller && order.status != OrderStatus::Completed;
    Some(if shown { recipient } else { recipient.masked() })
}

fn times(order: &Order, switches: &Switches) -> TimesView {
    let seconds = |time: Option<Timestamp>| time.map(Timestamp::as_seconds);
    let promised = order.deadlines;
    let collection_due =
        clock_of(order, switches).filter(|(clock, _)| *clock == OrderClock::Collection).map(|(_, at)| at);
    TimesView {
        paid_time: seconds(order.times.paid),
        rts_time: seconds(order.times.ready_to_ship),
        rts_sla_time: seconds(promised.map(|deadlines| deadlines.ready_to_ship)),
        tts_sla_time: seconds(promised.map(|deadlines| deadlines.in_transit)),
        shipping_due_time: seconds(promised.map(|deadlines| deadlines.ready_to_ship)),
        cancel_order_sla_time: seconds(promised.map(|deadlines| deadlines.cancel)),
        collection_due_time: seconds(collection_due),
        collection_time: seconds(order.times.collected),
        delivery_sla_time: seconds(promised.map(|deadlines| deadlines.delivery)),
        delivery_due_time: seconds(promised.map(|deadlines| deadlines.delivery)),
        delivery_time: seconds(order.times.delivered),
        request_cancel_time: seconds(order.times.cancel_requested),
        cancel_time: seconds(order.times.cancelled),
    }
}

/// `sub_total + shipping_fee + tax = total_amount`, to the cent.
fn payment(shop: &Shop, order: &Order) -> PaymentView {
    let decimals = shop.decimals();
    let sum =
        |part: fn(&Line) -> crate::money::Minor| order.lines.iter().map(part).sum::<crate::money::Minor>();
    let zero = crate::money::Minor(0).text(decimals);
    let (fees, product_tax) = (&order.fees, order.product_tax());
    PaymentView {
        currency: shop.currency(),
        sub_total: order.subtotal().text(decimals),
        shipping_fee: fees.paid().text(decimals),
        seller_discount: sum(|line| line.seller_discount).text(decimals),
        platform_discount: sum(|line| line.platform_discount).text(decimals),
        payment_platform_discount: zero,
        total_amount: order.total().text(decimals),
        original_total_product_price: sum(|line| line.list_price).text(decimals),
        original_shipping_fee: fees.list.text(decimals),
        shipping_fee_seller_discount: fees.seller_discount.text(decimals),
        shipping_fee_platform_discount: fees.platform_discount.text(decimals),
        shipping_fee_cofunded_discount: zero,
        tax: (product_tax + fees.tax).text(decimals),
        product_tax: product_tax.text(decimals),
        shipping_fee_tax: fees.tax.text(decimals),
        small_order_fee: zero,
        retail_delivery_fee: zero,
        buyer_service_fee: zero,
        handling_fee: zero,
    }
}

fn line<'a>(shop: &'a Shop, order: &'a Order, line: &Line) -> LineView<'a> {
    let (product, sku, decimals) =
        (shop.product(line.product), shop.sku(line.product, line.sku), shop.decimals());
    let (package, arranged) = (order.package_of(line), order.is_arranged(line));
    let tax = TaxView { tax_type: "SALES_TAX", tax_amount: line.tax.text(decimals), tax_rate: "0.08" };
    let zero = crate::money::Minor(0).text(decimals);
    LineView {
        id: line.number.into(),
        display_status: order.display_status(line).as_str(),
        product_id: product.number.into(),
        product_name: &product.name,
        sku_id: sku.number.into(),
        sku_name: &sku.name,
        sku_image: &sku.image,
        sku_type: "NORMAL",
        seller_sku: &sku.seller_sku,
        currency: shop.currency(),
        original_price: line.list_price.text(decimals),
        sale_price: line.sale_price().text(decimals),
        seller_discount: line.seller_discount.text(decimals),
        platform_discount: line.platform_discount.text(decimals),
        small_order_fee: zero,
        retail_delivery_fee: zero,
        buyer_service_fee: zero,
        is_gift: false,
        is_dangerous_good: false,
        item_tax: if line.tax.0 > 0 { vec![tax] } else { Vec::new() },
        package_id: package.map(|package| package.number.into()),
        package_status: package.map_or("TO_FULFILL", |package| package.status.as_str()),
        tracking_number: tracking(order, Some(line)),
        shipping_provider_id: arranged.then_some(PROVIDER_ID),
        shipping_provider_name: arranged.then_some(PROVIDER),
        rts_time: order.times.ready_to_ship.filter(|_| arranged).map(Timestamp::as_seconds),
        cancel_reason: order.cancel_reason.as_deref().filter(|_| line.cancelled),
        cancel_user: order.cancelled_by.filter(|_| line.cancelled).map(Actor::as_str),
    }
}

/// Empty until shipment is arranged (PLATFORM.md 12 #13).
fn tracking(order: &Order, line: Option<&Line>) -> String {
    let package = line.filter(|line| order.is_arranged(line)).and_then(|line| order.package_of(line));
    package.map(|package| format!("EMU{}", package.number)).unwrap_or_default()
}
