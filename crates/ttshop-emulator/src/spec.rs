//! What a world holds when it starts.

use serde::{Deserialize, Serialize};
use ttshop_types::Region;

/// Who lives in a world: apps, sellers with their shops, creators, and partners.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorldSpec {
    /// The apps; the first one is the one that `connected` shops are connected to.
    pub apps: Vec<AppSpec>,
    /// The sellers.
    pub sellers: Vec<SellerSpec>,
    /// The creators.
    #[serde(default)]
    pub creators: Vec<CreatorSpec>,
    /// The partner agencies.
    #[serde(default)]
    pub partners: Vec<PartnerSpec>,
}

/// One creator, who can consent with `user_type` 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreatorSpec {
    /// The name shown on the consent page.
    pub name: String,
    /// The home market.
    pub region: Region,
    /// Whether the first app holds a live grant from the start.
    #[serde(default)]
    pub connected: bool,
}

/// One partner agency, which can consent with `user_type` 3.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartnerSpec {
    /// The name shown on the consent page.
    pub name: String,
    /// The home market, which is the market of its categories.
    pub region: Region,
    /// The categories it acts in; each gets a `category_asset_cipher`.
    pub categories: Vec<String>,
    /// Whether the first app holds a live grant from the start.
    #[serde(default)]
    pub connected: bool,
}

/// One app of a developer. What is left out is drawn from the seed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AppSpec {
    /// The name shown on the consent page.
    pub name: String,
    /// The scopes enabled in the app; `None` enables all.
    pub scopes: Option<Vec<String>>,
    /// Where consent returns to.
    pub redirect_url: Option<String>,
    /// Where notifications go, unless a shop overrides it.
    pub webhook_url: Option<String>,
}

/// One seller: who can consent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellerSpec {
    /// The name shown on the consent page.
    pub name: String,
    /// The home market.
    pub region: Region,
    /// The seller's shops.
    pub shops: Vec<ShopSpec>,
    /// Whether the first app holds a live grant from the start.
    #[serde(default)]
    pub connected: bool,
}

/// One shop of one seller.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShopSpec {
    /// The shop's name.
    pub name: String,
    /// The market it sells in.
    pub region: Region,
    /// Sells from another market: `CROSS_BORDER` instead of `LOCAL`.
    #[serde(default)]
    pub cross_border: bool,
    /// How many products it offers.
    #[serde(default = "products_default")]
    pub products: u32,
    /// How many orders it has at the start, spread over the states of an order's life.
    #[serde(default)]
    pub orders: u32,
    /// From how many warehouses it sends; one more takes returns.
    #[serde(default = "warehouses_default")]
    pub warehouses: u32,
}

fn products_default() -> u32 {
    4
}

fn warehouses_default() -> u32 {
    1
}

impl WorldSpec {
    /// One app with every scope; two sellers with one connected shop each, in the United States and in the United Kingdom,
    /// six products and eight orders each; one connected creator, and one connected partner with two categories.
    pub fn two_shops() -> Self {
        Self {
            apps: vec![AppSpec { name: "Emulated app".into(), ..AppSpec::default() }],
            sellers: vec![
                SellerSpec::with_shop("Maple Street Goods", "Maple Street Goods US", Region::UnitedStates),
                SellerSpec::with_shop("Thames & Thread", "Thames & Thread UK", Region::UnitedKingdom),
            ],
            creators: vec![CreatorSpec {
                name: "Robin Reviews".into(),
                region: Region::UnitedStates,
                connected: true,
            }],
            partners: vec![PartnerSpec {
                name: "Bridge Street Agency".into(),
                region: Region::UnitedStates,
                categories: vec!["Home Supplies".into(), "Kitchenware".into()],
                connected: true,
            }],
        }
    }

    /// One app and nobody else.
    pub fn empty() -> Self {
        Self { apps: Self::two_shops().apps, sellers: Vec::new(), creators: Vec::new(), partners: Vec::new() }
    }

    /// The same world before anybody consented.
    #[must_use]
    pub fn unconnected(mut self) -> Self {
        for seller in &mut self.sellers {
            seller.connected = false;
        }
        for creator in &mut self.creators {
            creator.connected = false;
        }
        for partner in &mut self.partners {
            partner.connected = false;
        }
        self
    }
}

impl Default for WorldSpec {
    fn default() -> Self {
        Self::two_shops()
    }
}

impl SellerSpec {
    fn with_shop(name: &str, shop_name: &str, region: Region) -> Self {
        let shop = ShopSpec {
            name: shop_name.into(),
            region: region.clone(),
            cross_border: false,
            products: 6,
            orders: 8,
            warehouses: 1,
        };
        Self { name: name.into(), region, shops: vec![shop], connected: true }
    }
}
