//! Who else consents: creators, and partner agencies with the categories they manage.

use serde::{Deserialize, Serialize};
use ttshop_catalogue::UserType;
use ttshop_types::Region;

use crate::world::{CreatorNo, PartnerNo, SellerNo};

/// Who let an app act for them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub(crate) enum Holder {
    Seller(SellerNo),
    Creator(CreatorNo),
    Partner(PartnerNo),
}

/// Sells what others offer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Creator {
    pub(crate) number: CreatorNo,
    pub(crate) name: String,
    pub(crate) region: Region,
}

/// Brings sellers and creators together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Partner {
    pub(crate) number: PartnerNo,
    pub(crate) name: String,
    pub(crate) region: Region,
    pub(crate) assets: Vec<CategoryAsset>,
}

/// One category in one market that a partner may act in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CategoryAsset {
    pub(crate) category_id: u64,
    pub(crate) category: String,
    pub(crate) cipher: String,
    pub(crate) market: Region,
}

impl Holder {
    pub(crate) fn user_type(self) -> UserType {
        match self {
            Self::Seller(_) => UserType::Seller,
            Self::Creator(_) => UserType::Creator,
            Self::Partner(_) => UserType::Partner,
        }
    }

    pub(crate) fn seller(self) -> Option<SellerNo> {
        match self {
            Self::Seller(seller) => Some(seller),
            Self::Creator(_) | Self::Partner(_) => None,
        }
    }

    /// As a form's value: `seller:7495…`.
    pub(crate) fn form_value(self) -> String {
        match self {
            Self::Seller(number) => format!("seller:{number}"),
            Self::Creator(number) => format!("creator:{number}"),
            Self::Partner(number) => format!("partner:{number}"),
        }
    }

    /// Reads a form's value; a bare number is a seller's.
    pub(crate) fn from_form(value: &str) -> Option<Self> {
        match value.split_once(':') {
            Some(("seller", number)) => number.parse().ok().map(Self::Seller),
            Some(("creator", number)) => number.parse().ok().map(Self::Creator),
            Some(("partner", number)) => number.parse().ok().map(Self::Partner),
            Some(_) => None,
            None => value.parse().ok().map(Self::Seller),
        }
    }
}
