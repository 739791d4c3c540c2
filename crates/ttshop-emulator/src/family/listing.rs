//! Pages of what is listed newest first.

use std::time::Duration;

use serde_json::Value;

use crate::dice::{hash, hash_more};
use crate::gateway::{Admitted, Refusal};
use crate::page_token::PageToken;
use crate::world::World;

/// Rows on a page when the caller does not say (PLATFORM.md 6.2: 10 or 20).
const PAGE_SIZE_DEFAULT: usize = 20;
/// Parameters that say which page is wanted, not what is searched for.
const ASIDE: [&str; 6] = ["app_key", "sign", "timestamp", "access_token", "page_size", "page_token"];

/// One page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) rows: Vec<T>,
    pub(super) total: usize,
    /// The token of the next page; empty at the end.
    pub(super) next: String,
}

/// Where new rows appear while the caller turns pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Growth {
    InFront,
    AtTheEnd,
}

/// The page of `rows`, newest first, that `call` asks for.
pub(super) fn page<T>(call: &Admitted<'_>, world: &World, rows: Vec<T>) -> Result<Page<T>, Refusal> {
    page_growing(call, world, rows, Growth::InFront)
}

/// The page that `call` asks for; what appears meanwhile does not shift it.
pub(super) fn page_growing<T>(
    call: &Admitted<'_>,
    world: &World,
    rows: Vec<T>,
    growth: Growth,
) -> Result<Page<T>, Refusal> {
    let asked = |name: &str| {
        let in_body = || call.body.get(name).filter(|value| !value.is_null());
        call.call.param(name).map(str::to_owned).or_else(|| match in_body()? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    };
    let size = asked("page_size").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
    let size: usize = size.or_else(|| documented_size(call)).unwrap_or(PAGE_SIZE_DEFAULT);
    let search = search_of(call);
    let token = match asked("page_token") {
        Some(text) => {
            let life = Duration::from_secs(world.switches.page_token_seconds);
            let token = PageToken::open(&text, world.seed, &search, call.now, life);
            Some(token.ok_or_else(|| {
                Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search.")
            })?)
        }
        None => None,
    };
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let narrow = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let total = token.map_or(rows.len(), |token| narrow(token.total));
    let newer = match growth {
        Growth::InFront => rows.len().saturating_sub(total),
        Growth::AtTheEnd => 0,
    };
    let first = token.map_or(0, |token| narrow(token.position[0]).saturating_add(newer));
    let after = first.saturating_add(size);
    let more = after < rows.len();
    let next = PageToken { position: [wide(after - newer), 0], total: wide(total), issued: call.now };
    Ok(Page {
        rows: rows.into_iter().skip(first).take(size).collect(),
        total,
        next: if more { next.seal(world.seed, &search) } else { String::new() },
    })
}

/// The page size that the catalogue says the platform assumes.
fn documented_size(call: &Admitted<'_>) -> Option<usize> {
    let field = call.operation.query.iter().find(|field| field.name == "page_size")?;
    field.schema.default?.parse().ok()
}

/// Stands for the operation, the shop and what is searched for.
fn search_of(call: &Admitted<'_>) -> [u8; 8] {
    let mut key = hash_more(hash(call.call.method.as_bytes()), call.call.path.as_bytes());
    let mut params: Vec<_> = call.call.params.iter().filter(|(name, _)| !ASIDE.contains(&&**name)).collect();
    params.sort_unstable();
    for (name, value) in params {
        key = hash_more(hash_more(key, name.as_bytes()), value.as_bytes());
    }
    let mut body = call.body.clone();
    if let Value::Object(fields) = &mut body {
        fields.retain(|name, _| !ASIDE.contains(&name.as_str()));
    }
    hash_more(key, body.to_string().as_bytes()).to_be_bytes()
}
