//! From a profile, or from flags and variables, to a client that calls for one shop.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use futures_util::future::{BoxFuture, ready};
use serde::Deserialize;
use serde_json::json;
use ttshop::{
    API_URL, AUTH_URL, App, Client, DEADLINE, FixedToken, RefreshingTokens, Replaced, ShopAccess,
    TRY_TIMEOUT, TokenSet, TokenStore, TokenStoreError,
};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_types::{SecretText, ServiceId, Timestamp};

use crate::environment;
use crate::failure::{self, Failure};
use crate::input::SecretSource;
use crate::profile::{DEFAULT_NAME, Profile, ProfileDir, ProfileShop};
use crate::transport::transport;

/// A profile does not keep when its tokens expire: within one command none is refreshed before the platform asks for it.
const ASSUMED_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// How to reach a shop.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionFlags {
    /// The saved connection; `default` where neither this nor an app key is given.
    #[arg(long, value_name = "NAME", env = "TTSHOP_PROFILE")]
    profile: Option<String>,
    #[command(flatten)]
    direct: DirectFlags,
    #[command(flatten)]
    way: WayFlags,
}

/// How calls travel.
#[derive(Args, Clone, Debug)]
pub(crate) struct WayFlags {
    /// Give one call so many seconds, with all its tries and waits.
    #[arg(long, value_name = "SECONDS", env = "TTSHOP_TIMEOUT", default_value_t = DEADLINE.as_secs(), value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// PEM file of authorities to trust besides the machine's own.
    #[arg(long, value_name = "FILE", env = "TTSHOP_CA_FILE")]
    ca_file: Option<PathBuf>,
}

/// A connection without a profile.
#[derive(Args, Debug)]
pub(crate) struct DirectFlags {
    /// The app key, to call without a profile.
    #[arg(long, value_name = "KEY", env = "TTSHOP_APP_KEY")]
    app_key: Option<String>,
    #[command(flatten)]
    secret: SecretSource,
    /// The variable that holds the access token.
    #[arg(long, value_name = "NAME", default_value = "TTSHOP_ACCESS_TOKEN")]
    access_token_env: String,
    /// The variable that holds the refresh token, if there is one.
    #[arg(long, value_name = "NAME", default_value = "TTSHOP_REFRESH_TOKEN")]
    refresh_token_env: String,
    /// Base URL of signed calls.
    #[arg(long, value_name = "URL", env = "TTSHOP_API_URL", default_value = API_URL)]
    api_url: String,
    /// Base URL of the token endpoints.
    #[arg(long, value_name = "URL", env = "TTSHOP_AUTH_URL", default_value = AUTH_URL)]
    auth_url: String,
}

/// A connection, and where renewed tokens are kept.
#[derive(Debug)]
pub(crate) struct Connection {
    profile: Profile,
    saved: Option<(ProfileDir, String)>,
    way: WayFlags,
}

impl ConnectionFlags {
    /// Finds the connection: the named profile, else the flags, else the default profile.
    pub(crate) async fn open(self) -> Result<Connection, Failure> {
        if self.profile.is_none() && self.direct.app_key.is_some() {
            let profile = self.direct.look_up(&self.way).await?;
            return Ok(Connection { profile, saved: None, way: self.way });
        }
        let name = self.profile.unwrap_or_else(|| DEFAULT_NAME.to_owned());
        let dir = ProfileDir::of_user()?;
        Ok(Connection { profile: dir.load(&name)?, saved: Some((dir, name)), way: self.way })
    }
}

impl DirectFlags {
    /// The app, its token, and the token's shops with their ciphers as the platform lists them.
    pub(crate) async fn look_up(self, way: &WayFlags) -> Result<Profile, Failure> {
        let app_key = self.app_key.ok_or_else(|| {
            Failure::usage("the app key is missing").remedy("name it with `--app-key` or `TTSHOP_APP_KEY`")
        })?;
        let token = |name: &str| environment::variable(name).map(SecretText::from);
        let access_token = token(&self.access_token_env).ok_or_else(|| {
            Failure::usage(format!("the access token is missing: `{}` is not set", self.access_token_env))
                .remedy("set it, or name another variable with `--access-token-env`")
        })?;
        let mut profile = Profile {
            api_url: self.api_url,
            auth_url: self.auth_url,
            app_key: app_key.into(),
            app_secret: self.secret.require()?,
            shops: Vec::new(),
        };
        let client = client(&profile, way)?.with_tokens(Arc::new(FixedToken::new(access_token.clone())));
        let refresh_token = token(&self.refresh_token_env).unwrap_or_default();
        let listed = list_shops(&client).await?.into_iter();
        profile.shops = listed.map(|shop| shop.with_tokens(&access_token, &refresh_token)).collect();
        profile.name_shops();
        Ok(profile)
    }
}

impl Connection {
    /// A client that acts on the shop with this id or alias; with `None`, on the only shop there is.
    pub(crate) fn client_for(&self, shop: Option<&str>) -> Result<Client, Failure> {
        let shop = self.profile.shop(shop)?;
        let client = client(&self.profile, &self.way)?;
        let tokens = ProfileTokens {
            pair: Mutex::new(pair_of(shop, SystemClock::new().now())),
            saved: self.saved.clone(),
        };
        let tokens = RefreshingTokens::new(client.oauth(), Arc::new(tokens));
        let access = ShopAccess::new(shop.shop_id.clone(), shop.cipher.clone());
        Ok(client.with_tokens(Arc::new(tokens)).with_shop(access))
    }
}

/// What went wrong with a call, as the platform and the client explain it.
pub(crate) fn call_failure(error: &ttshop::Error) -> Failure {
    let mut text = format!("`{}` failed: {}", error.operation(), failure::chain(error.kind()));
    if let Some(known) = error.code().and_then(ttshop_catalogue::error_code) {
        text.push_str(&format!(" ({})", known.meaning));
    }
    if error.may_have_happened() {
        text.push_str("; it may have had its effect: read the state back before calling again");
    }
    let failure = Failure::new(text);
    let failure = failure.answered(error.code(), error.request_id().map(|id| id.as_str().to_owned()));
    match error.advice() {
        Some(advice) => failure.remedy(advice.remedy),
        None => failure,
    }
}

fn client(profile: &Profile, way: &WayFlags) -> Result<Client, Failure> {
    let app = App {
        key: profile.app_key.clone(),
        secret: profile.app_secret.clone(),
        // Only authorise links need it, and none is made here.
        service_id: ServiceId::default(),
    };
    let deadline = Duration::from_secs(way.timeout);
    let builder = Client::builder(app)
        .base_url(&profile.api_url)
        .auth_url(&profile.auth_url)
        .transport(Arc::new(transport(way.ca_file.as_deref())?))
        .deadline(deadline)
        .timeout(deadline.min(TRY_TIMEOUT));
    builder.build().map_err(|error| Failure::of("failed to set up the client", &error))
}

async fn list_shops(client: &Client) -> Result<Vec<ListedShop>, Failure> {
    let reply = client.call("authorization.get_authorized_shops", json!({})).await;
    let reply = reply.map_err(|error| call_failure(&error))?;
    let listed: ListedShops = reply.decode().map_err(|error| {
        Failure::new(format!("the list of shops cannot be read at column {}", error.column()))
    })?;
    Ok(listed.shops)
}

#[derive(Deserialize)]
struct ListedShops {
    #[serde(default)]
    shops: Vec<ListedShop>,
}

#[derive(Deserialize)]
struct ListedShop {
    id: ttshop_types::ShopId,
    #[serde(default)]
    region: String,
    cipher: String,
}

impl ListedShop {
    fn with_tokens(self, access_token: &SecretText, refresh_token: &SecretText) -> ProfileShop {
        ProfileShop {
            alias: String::new(),
            shop_id: self.id,
            region: self.region,
            cipher: self.cipher.into(),
            access_token: access_token.clone(),
            refresh_token: refresh_token.clone(),
        }
    }
}

/// The tokens of one shop; a renewed pair is written back to its profile, because the old one may be void.
#[derive(Debug)]
struct ProfileTokens {
    pair: Mutex<TokenSet>,
    saved: Option<(ProfileDir, String)>,
}

impl ProfileTokens {
    fn write_back(&self, old: &TokenSet, new: &TokenSet) -> Result<(), Failure> {
        let Some((dir, name)) = &self.saved else { return Ok(()) };
        let mut profile = dir.load(name)?;
        for shop in profile.shops.iter_mut().filter(|shop| shop.refresh_token == old.refresh_token) {
            shop.access_token = new.access_token.clone();
            shop.refresh_token = new.refresh_token.clone();
        }
        dir.save(name, &profile).map(drop)
    }
}

impl TokenStore for ProfileTokens {
    fn load(&self) -> BoxFuture<'_, Result<TokenSet, TokenStoreError>> {
        Box::pin(ready(Ok(self.pair.lock().unwrap_or_else(PoisonError::into_inner).clone())))
    }

    fn replace<'a>(
        &'a self,
        old: &'a TokenSet,
        new: &'a TokenSet,
    ) -> BoxFuture<'a, Result<Replaced, TokenStoreError>> {
        let written = self.write_back(old, new).map_err(|failure| TokenStoreError::new(failure.to_string()));
        let replaced = written.map(|()| {
            *self.pair.lock().unwrap_or_else(PoisonError::into_inner) = new.clone();
            Replaced::Stored
        });
        Box::pin(ready(replaced))
    }
}

fn pair_of(shop: &ProfileShop, now: Timestamp) -> TokenSet {
    TokenSet {
        access_token: shop.access_token.clone(),
        access_expires_at: now + ASSUMED_LIFE,
        refresh_token: shop.refresh_token.clone(),
        refresh_expires_at: now + ASSUMED_LIFE,
        obtained_at: now,
        open_id: None,
        seller_name: String::new(),
        seller_base_region: None,
        user_type: None,
        granted_scopes: Vec::new(),
    }
}
