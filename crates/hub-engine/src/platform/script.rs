//! A platform for tests: a few shops and orders, and failures on request.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hub_core::Provenance;
use serde_json::{Value, json};
use ttshop::Priority;
use ttshop_clock::Clock;
use ttshop_types::{OpenId, OrderId, Region, RequestId, SecretText, ShopId};

use super::{
    FoundOrders, GrantedShop, OrderSearch, Platform, PlatformError, PlatformErrorKind, PlatformFuture,
    RawOrder, RawOrders, ShopAccess, Tokens, read_found_orders,
};
use crate::HubApp;

/// How long scripted access tokens live.
pub(crate) const ACCESS_LIVES: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Debug)]
pub(crate) struct ScriptedPlatform {
    clock: Arc<dyn Clock>,
    pub(crate) state: Mutex<Script>,
}

#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Orders by shop and id.
    pub(crate) orders: BTreeMap<(String, String), Value>,
    /// Orders that the detail call leaves out.
    pub(crate) lagging: HashSet<String>,
    /// Orders that the detail call adds although nobody asked.
    pub(crate) foreign: Vec<Value>,
    /// The detail call refuses every batch with this id, or panics at it.
    pub(crate) refused: Option<String>,
    pub(crate) panics_at: Option<String>,
    /// The next calls of these operations fail in this way.
    pub(crate) failures: VecDeque<(&'static str, PlatformErrorKind)>,
    /// Every call so far, with what it was about.
    pub(crate) calls: Vec<String>,
    /// How urgent every call was that has to wait for its turn.
    pub(crate) priorities: Vec<(&'static str, Priority)>,
    /// Shops that the grant opens.
    pub(crate) shops: Vec<String>,
    pub(crate) page_size: usize,
    /// Longer windows than this claim to hold more than a search gives out.
    pub(crate) too_many_in: Option<Duration>,
    /// Searches say this in place of the truth.
    pub(crate) total_count: Option<u64>,
    /// Every page names this page as the next.
    pub(crate) stuck_token: Option<String>,
    /// The one pair that works now.
    generation: u32,
}

impl ScriptedPlatform {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let state = Script { page_size: 2, generation: 1, ..Script::default() };
        Self { clock, state: Mutex::new(state) }
    }

    /// Adds or replaces an order.
    pub(crate) fn put_order(&self, shop: &str, id: &str, status: &str, updated_at: i64) {
        let order = json!({"id": id, "status": status, "create_time": updated_at, "update_time": updated_at,
            "recipient_address": {"name": "Jane Smith"}});
        self.state.lock().unwrap().orders.insert((shop.into(), id.into()), order);
    }

    pub(crate) fn fail_next(&self, operation: &'static str, kind: PlatformErrorKind) {
        self.state.lock().unwrap().failures.push_back((operation, kind));
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.state.lock().unwrap().calls.clone()
    }

    /// The tokens of earlier refreshes stop working.
    pub(crate) fn expire_access(&self) {
        self.state.lock().unwrap().generation += 1;
    }

    fn begin(&self, operation: &'static str, about: &str) -> Result<(), PlatformError> {
        let mut state = self.state.lock().unwrap();
        state.calls.push(format!("{operation} {about}"));
        let position = state.failures.iter().position(|(failing, _)| *failing == operation);
        match position.and_then(|position| state.failures.remove(position)) {
            Some((_, kind)) => Err(failure(operation, kind)),
            None => Ok(()),
        }
    }

    fn begin_with_token(
        &self,
        operation: &'static str,
        about: &str,
        token: &SecretText,
    ) -> Result<(), PlatformError> {
        self.begin(operation, about)?;
        let current = format!("access-{}", self.state.lock().unwrap().generation);
        if *token.expose() == current {
            Ok(())
        } else {
            Err(failure(operation, PlatformErrorKind::NeedsRefresh))
        }
    }

    fn tokens(&self) -> Tokens {
        let generation = self.state.lock().unwrap().generation;
        Tokens {
            access_token: format!("access-{generation}").into(),
            access_expires_at: self.clock.now() + ACCESS_LIVES,
            refresh_token: format!("refresh-{generation}").into(),
            refresh_expires_at: self.clock.now() + ACCESS_LIVES * 52,
            open_id: OpenId::from("seller-1"),
            seller_name: "Example".into(),
            seller_base_region: Region::from("GB"),
            granted_scopes: vec!["seller.order.info".into()],
        }
    }

    fn details(&self, shop: &str, ids: &[OrderId]) -> Vec<RawOrder> {
        let state = self.state.lock().unwrap();
        let asked = ids.iter().filter(|id| !state.lagging.contains(id.as_str()));
        let known = asked.filter_map(|id| state.orders.get(&(shop.into(), id.as_str().into())));
        let raw = |order: &Value| RawOrder {
            id: OrderId::from(order["id"].as_str().unwrap()),
            raw: serde_json::to_vec(order).unwrap(),
        };
        known.chain(&state.foreign).map(raw).collect()
    }

    fn page(&self, shop: &str, search: &OrderSearch) -> Value {
        let state = self.state.lock().unwrap();
        let window = search.from.as_seconds()..search.until.as_seconds();
        let mut found: Vec<&Value> = state
            .orders
            .iter()
            .filter(|((owner, _), order)| {
                owner == shop && window.contains(&order["update_time"].as_i64().unwrap())
            })
            .map(|(_, order)| order)
            .collect();
        found.sort_by_key(|order| order["update_time"].as_i64());
        let is_long = state.too_many_in.is_some_and(|longest| search.until.since(search.from) > longest);
        let total_count = if is_long { 10_001 } else { u64::try_from(found.len()).unwrap() };
        let offset: usize = search.page_token.as_deref().map_or(0, |token| token.parse().unwrap_or(0));
        let next = offset + state.page_size;
        let token = state.stuck_token.clone().or_else(|| (next < found.len()).then(|| next.to_string()));
        json!({
            "orders": found.iter().skip(offset).take(state.page_size).collect::<Vec<_>>(),
            "total_count": state.total_count.unwrap_or(total_count),
            "next_page_token": token.unwrap_or_default(),
        })
    }
}

fn failure(operation: &'static str, kind: PlatformErrorKind) -> PlatformError {
    let retry_after = (kind == PlatformErrorKind::Throttled).then(|| Duration::from_secs(30));
    PlatformError { operation, kind, what: "by script".into(), retry_after }
}

fn answer<T: Send + 'static>(result: Result<T, PlatformError>) -> PlatformFuture<'static, T> {
    Box::pin(std::future::ready(result))
}

impl Platform for ScriptedPlatform {
    fn exchange(&self, _app: &HubApp, code: SecretText) -> PlatformFuture<'_, Tokens> {
        answer(self.begin("exchange", code.expose()).map(|()| self.tokens()))
    }

    fn refresh(&self, _app: &HubApp, refresh_token: SecretText) -> PlatformFuture<'_, Tokens> {
        let begun = self.begin("refresh", refresh_token.expose());
        answer(begun.map(|()| {
            self.state.lock().unwrap().generation += 1;
            self.tokens()
        }))
    }

    fn granted_shops(&self, _app: &HubApp, access_token: SecretText) -> PlatformFuture<'_, Vec<GrantedShop>> {
        let begun = self.begin_with_token("granted_shops", "", &access_token);
        let shop = |id: &String| GrantedShop {
            id: ShopId::from(id.as_str()),
            name: format!("Shop {id}"),
            region: Region::from("GB"),
            seller_type: "LOCAL".into(),
            cipher: format!("cipher-{id}").into(),
        };
        answer(begun.map(|()| self.state.lock().unwrap().shops.iter().map(shop).collect()))
    }

    fn orders(
        &self,
        access: &ShopAccess,
        ids: Vec<OrderId>,
        priority: Priority,
    ) -> PlatformFuture<'_, RawOrders> {
        self.state.lock().unwrap().priorities.push(("orders", priority));
        let about = ids.iter().map(OrderId::as_str).collect::<Vec<_>>().join(",");
        let begun = self.begin_with_token("orders", &about, &access.access_token);
        assert_eq!(access.cipher.expose(), &format!("cipher-{}", access.shop_id));
        let names =
            |id: &Option<String>| id.as_ref().is_some_and(|id| ids.iter().any(|asked| asked.as_str() == id));
        let (is_refused, panics) = {
            let state = self.state.lock().unwrap();
            (names(&state.refused), names(&state.panics_at))
        };
        assert!(!panics, "by script");
        let refusal = || Err(failure("orders", PlatformErrorKind::ItemRefused));
        let begun = if is_refused { begun.and_then(|()| refusal()) } else { begun };
        let provenance = Provenance {
            operation: "order.get_order_detail@202507".into(),
            request_id: RequestId::from("r1"),
            fetched_at: self.clock.now(),
        };
        answer(begun.map(|()| RawOrders { provenance, orders: self.details(access.shop_id.as_str(), &ids) }))
    }

    fn search_orders(&self, access: &ShopAccess, search: OrderSearch) -> PlatformFuture<'_, FoundOrders> {
        self.state.lock().unwrap().priorities.push(("search_orders", search.priority));
        let about = search.page_token.clone().unwrap_or_default();
        let begun = self.begin_with_token("search_orders", &about, &access.access_token);
        let page = self.page(access.shop_id.as_str(), &search);
        let read =
            |()| read_found_orders("search_orders", RequestId::from("r2"), page.to_string().as_bytes());
        answer(begun.and_then(read))
    }

    fn set_webhook(
        &self,
        access: &ShopAccess,
        event_type: &'static str,
        address: String,
    ) -> PlatformFuture<'_, ()> {
        answer(self.begin_with_token("set_webhook", &format!("{event_type} {address}"), &access.access_token))
    }
}
