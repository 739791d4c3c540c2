//! The platform through the SDK.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hub_core::{AppName, Provenance};
use serde_json::{Value, json};
use ttshop::{
    App, Budget, BuildError, Cause, Client, Error, ErrorKind, FixedToken, Priority, Retry, TokenSet,
    Transport, TransportErrorKind,
};
use ttshop_clock::Clock;
use ttshop_types::{OrderId, Region, SecretText};

use super::{
    FoundOrders, GrantedShop, OrderSearch, Platform, PlatformError, PlatformErrorKind, PlatformFuture,
    RawOrders, ShopAccess, Tokens, read_found_orders, read_orders,
};
use crate::HubApp;

const ORDER_DETAIL: &str = "order.get_order_detail";
const ORDER_SEARCH: &str = "order.search_orders";
const GRANTED_SHOPS: &str = "authorization.get_authorized_shops";
const SET_WEBHOOK: &str = "event.update_shop_webhook";
/// How long one call may take with its retries; well below the claim of the work that makes it.
const CALL_DEADLINE: Duration = Duration::from_secs(20);
/// How many rows a page of a search has: the platform's own bound.
const SEARCH_PAGE: u32 = 100;

/// One client an app; grants and shops are named call by call.
#[derive(Debug)]
pub(crate) struct SdkPlatform {
    clients: HashMap<AppName, Client>,
    clock: Arc<dyn Clock>,
}

impl SdkPlatform {
    /// Clients for the apps whose secret is loaded; all calls share `budget`.
    pub(crate) fn new(
        apps: &[Arc<HubApp>],
        transport: &Arc<dyn Transport>,
        clock: &Arc<dyn Clock>,
        budget: &Arc<dyn Budget>,
    ) -> Result<Self, BuildError> {
        let mut clients = HashMap::new();
        for app in apps {
            let Some(secret) = app.secret.clone() else { continue };
            let identity = App { key: app.key.clone(), secret, service_id: app.service_id.clone() };
            let client = Client::builder(identity)
                .base_url(app.hosts.api.clone())
                .auth_url(app.hosts.auth.clone())
                .transport(Arc::clone(transport))
                .clock(Arc::clone(clock))
                .budget(Arc::clone(budget))
                .deadline(CALL_DEADLINE)
                .build()?;
            clients.insert(app.name.clone(), client);
        }
        Ok(Self { clients, clock: Arc::clone(clock) })
    }

    fn client(&self, app: &HubApp, operation: &'static str) -> Result<Client, PlatformError> {
        let missing = || PlatformError {
            operation,
            kind: PlatformErrorKind::Permanent,
            what: "the app secret is not loaded".into(),
            retry_after: None,
        };
        self.clients.get(&app.name).cloned().ok_or_else(missing)
    }

    fn shop_client(&self, access: &ShopAccess, operation: &'static str) -> Result<Client, PlatformError> {
        let client = self
            .client(&access.app, operation)?
            .with_tokens(Arc::new(FixedToken::new(access.access_token.clone())));
        Ok(client.with_shop(ttshop::ShopAccess::new(access.shop_id.clone(), access.cipher.clone())))
    }
}

impl Platform for SdkPlatform {
    fn exchange(&self, app: &HubApp, code: SecretText) -> PlatformFuture<'_, Tokens> {
        const OPERATION: &str = "oauth.exchange_code";
        let client = self.client(app, OPERATION);
        Box::pin(async move {
            let set =
                client?.oauth().exchange_code(&code).await.map_err(|error| explain(OPERATION, &error))?;
            tokens(OPERATION, set)
        })
    }

    fn refresh(&self, app: &HubApp, refresh_token: SecretText) -> PlatformFuture<'_, Tokens> {
        const OPERATION: &str = "oauth.refresh";
        let client = self.client(app, OPERATION);
        Box::pin(async move {
            let set =
                client?.oauth().refresh(&refresh_token).await.map_err(|error| explain(OPERATION, &error))?;
            tokens(OPERATION, set)
        })
    }

    fn granted_shops(&self, app: &HubApp, access_token: SecretText) -> PlatformFuture<'_, Vec<GrantedShop>> {
        let client = self.client(app, GRANTED_SHOPS);
        Box::pin(async move {
            let client = client?.with_tokens(Arc::new(FixedToken::new(access_token)));
            let reply = client
                .call(GRANTED_SHOPS, json!({}))
                .await
                .map_err(|error| explain(GRANTED_SHOPS, &error))?;
            let shops = reply
                .decode::<Value>()
                .map_err(|_| PlatformError::unreadable(GRANTED_SHOPS, "`data` does not read"))?;
            let shops = shops.get("shops").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            Ok(shops.iter().filter_map(granted_shop).collect())
        })
    }

    fn orders(
        &self,
        access: &ShopAccess,
        ids: Vec<OrderId>,
        priority: Priority,
    ) -> PlatformFuture<'_, RawOrders> {
        let client = self.shop_client(access, ORDER_DETAIL);
        // The answer is at least as new as the moment of the question; when exactly the platform looked, nobody says.
        let fetched_at = self.clock.now();
        Box::pin(async move {
            let reply = client?
                .with_priority(priority)
                .call(ORDER_DETAIL, json!({ "ids": ids }))
                .await
                .map_err(|error| explain(ORDER_DETAIL, &error))?;
            let version = ttshop_catalogue::by_key(ORDER_DETAIL).map_or("", |operation| operation.version);
            let provenance = Provenance {
                operation: format!("{ORDER_DETAIL}@{version}"),
                request_id: reply.request_id.clone(),
                fetched_at,
            };
            Ok(RawOrders { provenance, orders: read_orders(ORDER_DETAIL, reply.data())? })
        })
    }

    fn search_orders(&self, access: &ShopAccess, search: OrderSearch) -> PlatformFuture<'_, FoundOrders> {
        let client = self.shop_client(access, ORDER_SEARCH);
        Box::pin(async move {
            let mut arguments = json!({
                "page_size": SEARCH_PAGE,
                "sort_field": "update_time",
                "sort_order": "ASC",
                "update_time_ge": search.from.as_seconds(),
                "update_time_lt": search.until.as_seconds(),
            });
            if let Some(token) = search.page_token {
                arguments["page_token"] = token.into();
            }
            let reply = client?
                .with_priority(search.priority)
                .call(ORDER_SEARCH, arguments)
                .await
                .map_err(|error| explain(ORDER_SEARCH, &error))?;
            read_found_orders(ORDER_SEARCH, reply.request_id.clone(), reply.data())
        })
    }

    fn set_webhook(
        &self,
        access: &ShopAccess,
        event_type: &'static str,
        address: String,
    ) -> PlatformFuture<'_, ()> {
        let client = self.shop_client(access, SET_WEBHOOK);
        Box::pin(async move {
            let arguments = json!({ "address": address, "event_type": event_type });
            client?.call(SET_WEBHOOK, arguments).await.map_err(|error| explain(SET_WEBHOOK, &error))?;
            Ok(())
        })
    }
}

fn tokens(operation: &'static str, set: TokenSet) -> Result<Tokens, PlatformError> {
    let open_id =
        set.open_id.ok_or_else(|| PlatformError::unreadable(operation, "the answer has no `open_id`"))?;
    Ok(Tokens {
        access_token: set.access_token,
        access_expires_at: set.access_expires_at,
        refresh_token: set.refresh_token,
        refresh_expires_at: set.refresh_expires_at,
        open_id,
        seller_name: set.seller_name,
        seller_base_region: set.seller_base_region.unwrap_or_else(|| Region::from("")),
        granted_scopes: set.granted_scopes,
    })
}

fn granted_shop(shop: &Value) -> Option<GrantedShop> {
    let text = |field: &str| shop.get(field).and_then(Value::as_str).unwrap_or_default();
    let id = shop.get("id").and_then(|id| serde_json::from_value(id.clone()).ok())?;
    let cipher = Some(text("cipher")).filter(|cipher| !cipher.is_empty())?;
    Some(GrantedShop {
        id,
        name: text("name").into(),
        region: Region::from(text("region")),
        seller_type: text("seller_type").into(),
        cipher: cipher.into(),
    })
}

/// What an SDK error means for the hub.
fn explain(operation: &'static str, error: &Error) -> PlatformError {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let what = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
    let (kind, retry_after) = match error.retry() {
        _ if error.needs_refresh() => (PlatformErrorKind::NeedsRefresh, None),
        _ if error.needs_reauthorization() => (PlatformErrorKind::NeedsReauthorization, None),
        _ if error.cause() == Some(Cause::ShopInactive) => (PlatformErrorKind::ShopInactive, None),
        Retry::After(wait) if error.is_throttled() => (PlatformErrorKind::Throttled, Some(wait)),
        Retry::After(wait) => (PlatformErrorKind::Transient, Some(wait)),
        // A wrong certificate may be put right, and the work is still there then.
        Retry::Never if is_certificate_refused(error) => (PlatformErrorKind::Transient, None),
        // Every call of the hub may be made twice.
        Retry::CheckFirst => (PlatformErrorKind::Transient, None),
        Retry::Never if matches!(error.kind(), ErrorKind::BadReply(_)) => {
            (PlatformErrorKind::Unreadable, None)
        }
        Retry::Never if error.cause().is_some_and(may_blame_an_item) => {
            (PlatformErrorKind::ItemRefused, None)
        }
        Retry::Never => (PlatformErrorKind::Permanent, None),
    };
    PlatformError { operation, kind, what, retry_after }
}

/// Whether one item of a batch may be to blame for the refusal of all. Everything else that is final concerns the app, the grant or the call,
/// and would be refused for each item alike.
fn may_blame_an_item(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ParameterWrong
            | Cause::NotFound
            | Cause::DataWrong
            | Cause::StateForbids
            | Cause::NotPermitted
            | Cause::AlreadyDone
            | Cause::ResultTooLarge
            | Cause::Other
    )
}

fn is_certificate_refused(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Transport(source) if source.kind() == TransportErrorKind::Certificate)
}

#[cfg(test)]
#[path = "sdk_tests.rs"]
mod tests;
