//! An order as the API prints it.

use serde::{Serialize, Serializer};
use serde_json::Value;
use ttshop_types::Timestamp;

use crate::money::Amount;
use crate::switches::Switches;
use crate::world::Shop;
use crate::world::buyer::{Email, Recipient};
use crate::world::carrier::{option_of, provider_by_id};
use crate::world::machine::{OrderClock, clock_of};
use crate::world::number::Digits;
use crate::world::order::{Actor, Line, Order, OrderKind, OrderStatus, ShippingType};
use crate::world::package::PackageTag;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    release_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange_source_order_id: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_order_id: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    split_or_combine_tag: Option<&'static str>,
    delivery_option_id: Digits,
    delivery_option_name: &'static str,
    order_type: &'static str,
    commerce_platform: &'static str,
    payment_method_name: &'static str,
    tracking_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider_id: Option<Digits>,
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
    tracking_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_provider_id: Option<Digits>,
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
    let packages = || order.packages.iter().filter_map(|package| shop.packages.get(*package));
    let option = option_of(order.shipping_type == ShippingType::Seller);
    let origin = Origin::of(order.kind);
    let shipment = packages().find_map(|package| package.shipment.as_deref());
    let provider = shipment.map(|shipment| provider_by_id(shipment.provider));
    OrderView {
        id: order.number.into(),
        status: order.status.as_str(),
        create_time: order.created.as_seconds(),
        update_time: order.updated.as_seconds(),
        times: times(order, switches),
        is_buyer_request_cancel: order.times.cancel_requested.is_some(),
        is_cod: order.terms.cash_on_delivery,
        is_on_hold_order: order.status == OrderStatus::OnHold,
        is_sample_order: order.kind == OrderKind::Sample,
        is_replacement_order: matches!(order.kind, OrderKind::Replacement { .. }),
        is_exchange_order: matches!(order.kind, OrderKind::Exchange { .. }),
        has_updated_recipient_address: order.address_changes > 0,
        fulfillment_type: if order.terms.fulfilled_by_tiktok {
            "FULFILLMENT_BY_TIKTOK"
        } else {
            "FULFILLMENT_BY_SELLER"
        },
        shipping_type: order.shipping_type.as_str(),
        delivery_type: "HOME_DELIVERY",
        release_date: origin.release,
        exchange_source_order_id: origin.exchanged,
        replaced_order_id: origin.replaced,
        split_or_combine_tag: split_or_combine_tag(shop, order),
        delivery_option_id: Digits(option.id),
        delivery_option_name: option.name,
        order_type: if matches!(order.kind, OrderKind::PreOrder { .. }) { "PRE_ORDER" } else { "NORMAL" },
        commerce_platform: "TIKTOK_SHOP",
        payment_method_name: if order.terms.cash_on_delivery {
            "Cash on delivery"
        } else {
            "Credit/debit card"
        },
        tracking_number: shipment.map_or("", |shipment| &shipment.tracking_number),
        shipping_provider: provider.map(|provider| provider.name),
        shipping_provider_id: provider.map(|provider| Digits(provider.id)),
        user_id: order.buyer.into(),
        buyer_message: order.buyer_message.as_deref().unwrap_or_default(),
        buyer_email: (!order.status.hides_buyer()).then_some(Email(order.buyer)),
        warehouse_id: order.warehouse.into(),
        cancel_reason: order.cancel_reason.as_deref(),
        cancellation_initiator: order.cancelled_by.map(Actor::as_str),
        packages: order.packages.iter().map(|package| PackageView { id: (*package).into() }).collect(),
        payment: payment(shop, order),
        recipient_address: recipient(shop, order),
        line_items: Lines { shop, order },
    }
}

/// What an order that is not the normal kind refers to.
#[derive(Default)]
struct Origin {
    release: Option<i64>,
    exchanged: Option<Digits>,
    replaced: Option<Digits>,
}

impl Origin {
    fn of(kind: OrderKind) -> Self {
        match kind {
            OrderKind::Normal | OrderKind::Sample => Self::default(),
            OrderKind::PreOrder { release } => {
                Self { release: Some(release.as_seconds()), ..Self::default() }
            }
            OrderKind::Exchange { source } => Self { exchanged: Some(source.into()), ..Self::default() },
            OrderKind::Replacement { source } => Self { replaced: Some(source.into()), ..Self::default() },
        }
    }
}

/// Absent from an order in one package of its own.
fn split_or_combine_tag(shop: &Shop, order: &Order) -> Option<&'static str> {
    let tags = order.packages.iter().filter_map(|package| shop.packages.get(*package));
    tags.map(|package| package.tag).find_map(|tag| match tag {
        PackageTag::Default => None,
        PackageTag::Combine => Some("COMBINED"),
        PackageTag::Split => Some("SPLIT"),
    })
}

/// Absent before the hold is over; starred out unless the seller ships, and for everybody once the order is completed
/// (PLATFORM.md 8.1, 12 #11 and #12).
pub(in crate::family) fn recipient<'a>(shop: &'a Shop, order: &Order) -> Option<Recipient<'a>> {
    if order.status.hides_buyer() || order.times.paid.is_none() {
        return None;
    }
    let recipient = Recipient::of(order.buyer, order.address_changes, &shop.region);
    let shown = order.shipping_type == ShippingType::Seller
        && !order.terms.fulfilled_by_tiktok
        && order.status != OrderStatus::Completed;
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

fn line<'a>(shop: &'a Shop, order: &'a Order, line: &'a Line) -> LineView<'a> {
    let (product, sku, decimals) =
        (shop.product(line.product), shop.sku(line.product, line.sku), shop.decimals());
    let package = order.package_of(line, &shop.packages);
    // Empty until shipment is arranged (PLATFORM.md 12 #13).
    let shipment = package.and_then(|package| package.shipment.as_deref());
    let provider = shipment.map(|shipment| provider_by_id(shipment.provider));
    let cancel = line.cancelled.as_deref();
    let tax = TaxView { tax_type: "SALES_TAX", tax_amount: line.tax.text(decimals), tax_rate: "0.08" };
    let zero = crate::money::Minor(0).text(decimals);
    LineView {
        id: line.number.into(),
        display_status: order.display_status(line, &shop.packages).as_str(),
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
        tracking_number: shipment.map_or("", |shipment| &shipment.tracking_number),
        shipping_provider_id: provider.map(|provider| Digits(provider.id)),
        shipping_provider_name: provider.map(|provider| provider.name),
        rts_time: shipment.map(|shipment| shipment.arranged.as_seconds()),
        cancel_reason: cancel.map(|cancel| &*cancel.reason),
        cancel_user: cancel.map(|cancel| cancel.by.as_str()),
    }
}
