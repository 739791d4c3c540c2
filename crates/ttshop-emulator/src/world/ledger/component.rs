//! What a settlement is made of, and who gets which part.

use serde::{Deserialize, Serialize};

use crate::money::Minor;

/// One part of a transaction. Positive amounts are the seller's gain; what the last ones tell is not part of the settlement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) enum Component {
    Subtotal,
    SellerDiscount,
    RefundSubtotal,
    SellerDiscountRefund,
    ActualShipping,
    ShippingDiscount,
    CustomerShipping,
    ReferralFee,
    PlatformCommission,
    TransactionFee,
    AffiliateCommission,
    RefundAdministration,
    Vat,
    Gst,
    Sst,
    Iva,
    Isr,
    Pit,
    Adjustment,
    CustomerPayment,
    CustomerRefund,
    PlatformDiscount,
    PlatformDiscountRefund,
    SalesTaxPayment,
    SalesTaxRefund,
}

/// Which sum a part goes into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    Revenue,
    Shipping,
    Fee,
    Tax,
    Adjustment,
    /// None: it only explains.
    Memo,
}

/// Amounts by component; each component at most once.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Amounts(Vec<(Component, Minor)>);

impl Component {
    /// The platform's name in the newer transactions.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Subtotal => "subtotal_before_discount_amount",
            Self::SellerDiscount => "seller_discount_amount",
            Self::RefundSubtotal => "refund_subtotal_before_discount_amount",
            Self::SellerDiscountRefund => "seller_discount_refund_amount",
            Self::ActualShipping => "actual_shipping_fee_amount",
            Self::ShippingDiscount => "shipping_fee_discount_amount",
            Self::CustomerShipping => "customer_paid_shipping_fee_amount",
            Self::ReferralFee => "referral_fee_amount",
            Self::PlatformCommission => "platform_commission_amount",
            Self::TransactionFee => "transaction_fee_amount",
            Self::AffiliateCommission => "affiliate_commission_amount",
            Self::RefundAdministration => "refund_administration_fee_amount",
            Self::Vat => "vat_amount",
            Self::Gst => "gst_amount",
            Self::Sst => "sst_amount",
            Self::Iva => "iva_amount",
            Self::Isr => "isr_amount",
            Self::Pit => "pit_amount",
            Self::Adjustment => "adjustment_amount",
            Self::CustomerPayment => "customer_payment_amount",
            Self::CustomerRefund => "customer_refund_amount",
            Self::PlatformDiscount => "platform_discount_amount",
            Self::PlatformDiscountRefund => "platform_discount_refund_amount",
            Self::SalesTaxPayment => "sales_tax_payment_amount",
            Self::SalesTaxRefund => "sales_tax_refund_amount",
        }
    }

    pub(crate) fn group(self) -> Group {
        match self {
            Self::Subtotal | Self::SellerDiscount | Self::RefundSubtotal | Self::SellerDiscountRefund => {
                Group::Revenue
            }
            Self::ActualShipping | Self::ShippingDiscount | Self::CustomerShipping => Group::Shipping,
            Self::ReferralFee
            | Self::PlatformCommission
            | Self::TransactionFee
            | Self::AffiliateCommission
            | Self::RefundAdministration => Group::Fee,
            Self::Vat | Self::Gst | Self::Sst | Self::Iva | Self::Isr | Self::Pit => Group::Tax,
            Self::Adjustment => Group::Adjustment,
            Self::CustomerPayment
            | Self::CustomerRefund
            | Self::PlatformDiscount
            | Self::PlatformDiscountRefund
            | Self::SalesTaxPayment
            | Self::SalesTaxRefund => Group::Memo,
        }
    }
}

impl Amounts {
    pub(crate) fn add(&mut self, component: Component, amount: Minor) {
        match self.0.iter_mut().find(|(known, _)| *known == component) {
            Some((_, sum)) => *sum = *sum + amount,
            None if amount.0 != 0 => self.0.push((component, amount)),
            None => {}
        }
    }

    pub(crate) fn add_all(&mut self, other: &Self) {
        other.0.iter().for_each(|(component, amount)| self.add(*component, *amount));
    }

    pub(crate) fn get(&self, component: Component) -> Minor {
        self.0.iter().filter(|(known, _)| *known == component).map(|(_, amount)| *amount).sum()
    }

    pub(crate) fn sum(&self, group: Group) -> Minor {
        self.0.iter().filter(|(component, _)| component.group() == group).map(|(_, amount)| *amount).sum()
    }

    /// What the seller gets: everything that is not a memo.
    pub(crate) fn settlement(&self) -> Minor {
        self.0
            .iter()
            .filter(|(component, _)| component.group() != Group::Memo)
            .map(|(_, amount)| *amount)
            .sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Component, Minor)> {
        self.0.iter().copied()
    }
}
