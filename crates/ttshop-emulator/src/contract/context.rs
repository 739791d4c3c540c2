//! What one answer is drawn from.

use serde_json::Value;
use ttshop_catalogue::{Operation, Pagination};
use ttshop_types::Timestamp;

use crate::contract::asked::Asked;
use crate::contract::moment::day_of;
use crate::contract::reply::Partial;
use crate::contract::window::Window;
use crate::dice::{hash, hash_more, scatter};
use crate::gateway::Admitted;
use crate::money::decimals_of;
use crate::world::{Shop, World};

/// Everything the leaves of one answer need.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) seed: u64,
    /// Stands for operation, shop and parameters: another call has another key, another page of it has not.
    pub(super) key: u64,
    pub(super) day: Timestamp,
    pub(super) shop: Option<&'a Shop>,
    pub(super) region: &'a str,
    pub(super) currency: &'static str,
    pub(super) decimals: u32,
    pub(super) asked: Asked<'a>,
    pub(super) window: Option<Window>,
    pub(super) partial: Option<&'a Partial>,
}

/// Parameters that say who calls and which page is wanted, not what is asked.
const ASIDE: [&str; 6] = ["app_key", "sign", "timestamp", "access_token", "page_size", "page_token"];

impl<'a> Context<'a> {
    /// Without a window yet.
    pub(super) fn new(call: &'a Admitted<'a>, world: &'a World, partial: Option<&'a Partial>) -> Self {
        let shop = call.shop.and_then(|shop| world.shops.get(&shop));
        let home = world.region_of(call.grant);
        let region = shop.map_or(home, |shop| &shop.region);
        let currency = region.currency().unwrap_or("USD");
        let asked = Asked { path: call.path_params, params: &call.call.params, body: &call.body };
        Self {
            seed: world.seed,
            key: scatter(world.seed ^ key_of(call)),
            day: day_of(call.now),
            shop,
            region: region.code(),
            currency,
            decimals: decimals_of(currency),
            asked,
            window: None,
            partial,
        }
    }
}

fn key_of(call: &Admitted<'_>) -> u64 {
    let mut key = hash_more(hash(call.call.method.as_bytes()), call.call.path.as_bytes());
    let mut params: Vec<_> = call.call.params.iter().filter(|(name, _)| !ASIDE.contains(&&**name)).collect();
    params.sort_unstable();
    for (name, value) in params {
        key = hash_more(hash_more(key, name.as_bytes()), value.as_bytes());
    }
    match (&call.body, page_field(call.operation)) {
        (Value::Null, _) => key,
        (Value::Object(fields), Some(page)) => {
            let mut fields = fields.clone();
            fields.retain(|name, _| name != page && name != "page_size");
            hash_more(key, Value::Object(fields).to_string().as_bytes())
        }
        (body, _) => hash_more(key, body.to_string().as_bytes()),
    }
}

/// The field of the body that says which page is wanted.
pub(super) fn page_field(operation: &Operation) -> Option<&'static str> {
    match operation.pagination {
        Pagination::Body(_) => Some("page_token"),
        Pagination::Number(field, _) => Some(field),
        Pagination::None | Pagination::Query(_) => None,
    }
}
