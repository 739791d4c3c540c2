//! Pages of a list that is put together for one call.

use std::time::Duration;

use crate::gateway::{Admitted, Refusal};
use crate::page_token::PageToken;
use crate::world::World;

/// Which page is asked for, wherever the call says so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) size: usize,
    pub(super) token: Option<&'a str>,
    pub(super) descending: bool,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) rows: Vec<T>,
    /// Of all pages.
    pub(super) total: u64,
    /// Empty on the last page.
    pub(super) next: String,
}

impl<'a> Wanted<'a> {
    /// The page that the query asks for; the gateway has checked size and order against the catalogue.
    pub(super) fn of_query(call: &'a Admitted<'_>, size_default: usize) -> Self {
        let size = call.call.param("page_size").and_then(|size| size.parse().ok());
        Self {
            size: size.unwrap_or(size_default),
            token: call.call.param("page_token"),
            descending: call.call.param("sort_order") == Some("DESC"),
        }
    }
}

/// Sorts rows by time and id and cuts out a page. `search` says what is searched for; a token works for nothing else.
pub(super) fn page<T>(
    mut rows: Vec<((i64, u64), T)>,
    wanted: Wanted<'_>,
    search: &str,
    call: &Admitted<'_>,
    world: &World,
) -> Result<Page<T>, Refusal> {
    let search = format!("{search}|{:?}|{}", call.shop, wanted.descending);
    let life = Duration::from_secs(world.switches.page_token_seconds);
    let open = |text: &str| {
        let token = PageToken::open(text, world.seed, search.as_bytes(), call.now, life);
        token
            .ok_or_else(|| Refusal::parameter("Invalid parameter 'page_token'. It does not fit this search."))
    };
    let token = wanted.token.map(open).transpose()?;
    let total = token.map_or_else(|| u64::try_from(rows.len()).unwrap_or(u64::MAX), |token| token.total);
    rows.sort_unstable_by_key(|(key, _)| *key);
    if wanted.descending {
        rows.reverse();
    }
    let after = token.map(|token| (token.position[0].cast_signed(), token.position[1]));
    let is_behind = |key: (i64, u64)| match after {
        Some(last) if wanted.descending => key < last,
        Some(last) => key > last,
        None => true,
    };
    let mut rest = rows.into_iter().filter(|(key, _)| is_behind(*key));
    let shown: Vec<_> = rest.by_ref().take(wanted.size).collect();
    let last = shown.last().map(|(key, _)| *key).filter(|_| rest.next().is_some());
    let next = last.map(|(time, id)| {
        let position = [time.cast_unsigned(), id];
        PageToken { position, total, issued: call.now }.seal(world.seed, search.as_bytes())
    });
    Ok(Page { rows: shown.into_iter().map(|(_, row)| row).collect(), total, next: next.unwrap_or_default() })
}
