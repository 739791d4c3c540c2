//! What a client needs to know about a running emulator.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::platform::Platform;
use crate::world::{CategoryAsset, Holder, World};

/// Where an emulator is and how to connect to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The API.
    pub api_url: String,
    /// The token endpoints.
    pub auth_url: String,
    /// The consent page, without its query.
    pub consent_url: String,
    /// The control API, without a trailing slash.
    pub control_url: String,
    /// The first app's key.
    pub app_key: String,
    /// The first app's secret.
    pub app_secret: String,
    /// The first app's id in consent URLs.
    pub service_id: String,
    /// All shops.
    pub shops: Vec<ConnectedShop>,
    /// All creators.
    pub creators: Vec<ConnectedCreator>,
    /// All partners.
    pub partners: Vec<ConnectedPartner>,
}

/// A creator and the first app's tokens for it, if it is connected.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedCreator {
    /// The creator.
    pub creator_id: String,
    /// The home market.
    pub region: String,
    /// The newest access token.
    pub access_token: Option<String>,
    /// The newest refresh token.
    pub refresh_token: Option<String>,
}

/// A partner and the first app's tokens for it, if it is connected.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedPartner {
    /// The partner.
    pub partner_id: String,
    /// The home market.
    pub region: String,
    /// The categories it acts in.
    pub category_assets: Vec<CategoryAssetAccess>,
    /// The newest access token.
    pub access_token: Option<String>,
    /// The newest refresh token.
    pub refresh_token: Option<String>,
}

/// A category that a partner acts in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryAssetAccess {
    /// The category's name.
    pub category: String,
    /// Its `category_asset_cipher`.
    pub cipher: String,
}

impl Connection {
    /// What the first app of this world needs to know.
    pub(crate) fn to(platform: &Platform) -> Self {
        let (world, base) = (&*platform.world(), platform.settings.base_url.as_str());
        let app = world.apps.first();
        let shops = world.shops.values().map(|shop| {
            let grant =
                world.grants.of_seller(0, shop.seller).filter(|grant| grant.shops.contains(&shop.number));
            let tokens = grant.and_then(|grant| grant.newest_tokens());
            ConnectedShop {
                shop_id: shop.number.to_string(),
                region: shop.region.code().into(),
                cipher: shop.cipher.clone(),
                access_token: tokens.map(|(access, _)| access.into()),
                refresh_token: tokens.map(|(_, refresh)| refresh.into()),
            }
        });
        Connection {
            api_url: base.to_owned(),
            auth_url: base.to_owned(),
            consent_url: format!("{base}/open/authorize"),
            control_url: platform.control_url(),
            app_key: app.map(|app| app.credentials.app_key.clone()).unwrap_or_default(),
            app_secret: app.map(|app| app.credentials.app_secret.expose().clone()).unwrap_or_default(),
            service_id: app.map(|app| app.service_id.clone()).unwrap_or_default(),
            shops: shops.collect(),
            creators: creators(world),
            partners: partners(world),
        }
    }
}

fn creators(world: &World) -> Vec<ConnectedCreator> {
    let connected = world.creators.values().map(|creator| {
        let (access_token, refresh_token) = tokens_of(world, Holder::Creator(creator.number));
        let (creator_id, region) = (creator.number.to_string(), creator.region.code().into());
        ConnectedCreator { creator_id, region, access_token, refresh_token }
    });
    connected.collect()
}

fn partners(world: &World) -> Vec<ConnectedPartner> {
    let connected = world.partners.values().map(|partner| {
        let (access_token, refresh_token) = tokens_of(world, Holder::Partner(partner.number));
        let access = |asset: &CategoryAsset| CategoryAssetAccess {
            category: asset.category.clone(),
            cipher: asset.cipher.clone(),
        };
        ConnectedPartner {
            partner_id: partner.number.to_string(),
            region: partner.region.code().into(),
            category_assets: partner.assets.iter().map(access).collect(),
            access_token,
            refresh_token,
        }
    });
    connected.collect()
}

/// The newest access and refresh token of a grant for the first app.
fn tokens_of(world: &World, holder: Holder) -> (Option<String>, Option<String>) {
    let tokens = world.grants.of_holder(0, holder).and_then(|grant| grant.newest_tokens());
    tokens.map(|(access, refresh)| (access.to_owned(), refresh.to_owned())).unzip()
}

/// A shop and the first app's tokens for it, if it is connected.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedShop {
    /// The shop.
    pub shop_id: String,
    /// Its market.
    pub region: String,
    /// Its `shop_cipher`.
    pub cipher: String,
    /// The seller's newest access token.
    pub access_token: Option<String>,
    /// The seller's newest refresh token.
    pub refresh_token: Option<String>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("api_url", &self.api_url).finish_non_exhaustive()
    }
}

impl fmt::Debug for ConnectedShop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectedShop").field("shop_id", &self.shop_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ConnectedCreator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectedCreator").field("creator_id", &self.creator_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ConnectedPartner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectedPartner").field("partner_id", &self.partner_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for CategoryAssetAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CategoryAssetAccess").field("category", &self.category).finish_non_exhaustive()
    }
}
