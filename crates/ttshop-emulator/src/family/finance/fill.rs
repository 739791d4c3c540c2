//! Transactions as the catalogue shapes them: every documented component is there, and those that do not occur are zero.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use ttshop_catalogue::{Kind, Schema};

use crate::money::Minor;
use crate::world::ledger::{Amounts, Component, Group};

/// Amounts by the names that any version uses.
pub(super) struct Named {
    amounts: BTreeMap<&'static str, Minor>,
    decimals: u32,
}

impl Named {
    pub(super) fn of(amounts: &Amounts, decimals: u32) -> Self {
        let mut named: BTreeMap<&'static str, Minor> = BTreeMap::new();
        for (component, amount) in amounts.iter() {
            named.insert(component.name(), amount);
        }
        let get = |component| amounts.get(component);
        let sum = |group| amounts.sum(group);
        let subtotal = get(Component::Subtotal) + get(Component::SellerDiscount);
        let (fees, taxes) = (sum(Group::Fee), sum(Group::Tax));
        let derived = [
            ("settlement_amount", amounts.settlement()),
            ("revenue_amount", sum(Group::Revenue)),
            ("net_sales_amount", sum(Group::Revenue)),
            ("shipping_cost_amount", sum(Group::Shipping)),
            ("fee_tax_amount", fees + taxes),
            ("fee_and_tax_amount", fees + taxes),
            ("fee_amount", fees + taxes),
            ("adjustment_amount", sum(Group::Adjustment)),
            ("gross_sales_amount", get(Component::Subtotal)),
            ("gross_sales_refund_amount", get(Component::RefundSubtotal)),
            ("after_seller_discounts_subtotal_amount", subtotal),
            ("customer_order_refund_amount", get(Component::CustomerRefund)),
            ("customer_shipping_fee_amount", get(Component::CustomerShipping)),
            ("shipping_fee_amount", get(Component::ActualShipping)),
            ("platform_shipping_fee_discount_amount", get(Component::ShippingDiscount)),
            ("iva_vat_amount", get(Component::Iva)),
            ("isr_income_tax_amount", get(Component::Isr)),
            ("sales_tax_amount", get(Component::SalesTaxPayment) + get(Component::SalesTaxRefund)),
        ];
        named.extend(derived);
        Self { amounts: named, decimals }
    }

    /// The amount of this name; estimates carry a prefix.
    pub(super) fn text(&self, name: &str) -> Value {
        let name = name.strip_prefix("est_").unwrap_or(name);
        let amount = self.amounts.get(name).copied().unwrap_or_default();
        serde_json::to_value(amount.text(self.decimals)).expect("an amount serialises")
    }
}

/// An object of `schema`: what is given as it is, amounts by their names, lists and whatever else is left out.
pub(super) fn fill(schema: &Schema, given: Map<String, Value>, named: &Named) -> Value {
    let mut filled = given;
    for field in schema.fields {
        if filled.contains_key(field.name) {
            continue;
        }
        match field.schema.kind {
            Kind::Object => {
                filled.insert(field.name.into(), fill(field.schema, Map::new(), named));
            }
            // Every text that nobody has given is a component: some of their names end in `_fee` or `_tax`.
            Kind::String => {
                filled.insert(field.name.into(), named.text(field.name));
            }
            _ => {}
        }
    }
    filled.retain(|_, value| !value.is_null());
    Value::Object(filled)
}

/// The schema of the items of a list in the answer.
pub(super) fn items(schema: &'static Schema, list: &str) -> &'static Schema {
    let field = schema.field(list).and_then(|field| field.schema.items);
    field.expect("the catalogue's answer has the list, and a test calls every operation of the family")
}
