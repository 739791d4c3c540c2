//! One method and path of the platform, and how to find it by name.

use crate::generated::{FAMILIES, OPERATIONS, UPLOADS};
use crate::schema::{Field, Schema};
use crate::upload::UploadRule;

/// One operation in one version.
#[derive(Debug)]
pub struct Operation {
    /// Our name with its family, the same in every version: `order.search_orders`.
    pub key: &'static str,
    /// First segment of the path: `order`.
    pub family: &'static str,
    /// Our name alone: `search_orders`.
    pub name: &'static str,
    /// The platform's title without spaces, its typos kept: `GetOrderList`.
    pub title: &'static str,
    /// Second segment of the path: `202309`.
    pub version: &'static str,
    /// HTTP method.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// Whether the newest documentation lists it.
    pub status: Status,
    /// Whether the path says preview or beta.
    pub stage: Option<Stage>,
    /// Path of the newest version of the same method and resource, if this is not it.
    pub superseded_by: Option<&'static str>,
    /// Said to be deprecated.
    pub deprecated: bool,
    /// The version used when none is named.
    pub pinned: bool,
    /// Which cipher the query must carry; one that is not taken is refused.
    pub takes: Cipher,
    /// Whose token may call it.
    pub user_types: &'static [UserType],
    /// Scope keys, any of which is enough; none where no source names one.
    pub scope: &'static [&'static str],
    /// The scope is that of a sibling version.
    pub scope_inferred: bool,
    /// How further pages are asked for.
    pub pagination: Pagination,
    /// Names of the parameters in `path`, in order.
    pub path_params: &'static [&'static str],
    /// Query fields, without app key, sign, timestamp and cipher. Lists travel joined by commas.
    pub query: &'static [Field],
    /// The JSON body, if one is sent.
    pub body: Option<&'static Schema>,
    /// Parts of a multipart body; a JSON body and parts never come together.
    pub multipart: &'static [Field],
    /// The type of `data` in the answer.
    pub response: &'static Schema,
    /// Documented error codes, beside the common ones.
    pub error_codes: &'static [i64],
    /// Where an `idempotency_key` travels.
    pub idempotency: Idempotency,
    /// Whether a request that may have happened may be sent again.
    pub retry_safety: RetrySafety,
    /// The bound of the one bounded list that a call works through.
    pub batch_max: Option<u32>,
    /// Where an answer of code 0 lists what failed.
    pub failures: &'static [FailureList],
}

/// A place in an answer's `data` that lists what failed although the call as a whole did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FailureList {
    /// From `data` to the items, with dots; lists on the way are gone through.
    pub path: &'static str,
    /// The field of an item that says why: a text, an object with code and message, or a list of either.
    pub reason: Option<&'static str>,
    /// The field of an item that is false or `FAILED` for a failure.
    pub verdict: Option<&'static str>,
    /// Every item is a failure, whatever it says.
    pub each: bool,
}

impl Operation {
    /// What its file parts may hold, one rule for each of them.
    pub fn uploads(&self) -> &'static [UploadRule] {
        let entry = UPLOADS.iter().find(|(key, version, _)| *key == self.key && *version == self.version);
        entry.map_or(&[], |(_, _, rules)| rules)
    }
}

/// HTTP method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, acts, and searches.
    Post,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// The word of the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Reads the word of the request line; no other method exists here.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Delete].into_iter().find(|method| method.as_str() == word)
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the newest documentation lists an operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Status {
    /// It does.
    Current,
    /// Only an older or unlisted source does; callable as far as known.
    Documented,
}

/// An early stage that the path names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stage {
    /// Preview.
    Preview,
    /// Beta.
    Beta,
}

/// Which cipher an operation takes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cipher {
    /// `shop_cipher`: the call concerns one shop.
    Shop,
    /// `category_asset_cipher`: the call concerns one category of a partner.
    CategoryAsset,
    /// None; sending one is refused.
    None,
}

impl Cipher {
    /// The query parameter's name, if one is taken.
    pub const fn parameter(self) -> Option<&'static str> {
        match self {
            Self::Shop => Some("shop_cipher"),
            Self::CategoryAsset => Some("category_asset_cipher"),
            Self::None => None,
        }
    }
}

/// Who authorised a token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum UserType {
    /// A seller.
    Seller,
    /// A creator.
    Creator,
    /// A partner agency.
    Partner,
}

impl UserType {
    /// `user_type` in a token answer.
    pub const fn number(self) -> i64 {
        match self {
            Self::Seller => 0,
            Self::Creator => 1,
            Self::Partner => 3,
        }
    }

    /// Reads `user_type`; 2 is not documented.
    pub fn from_number(number: i64) -> Option<Self> {
        [Self::Seller, Self::Creator, Self::Partner].into_iter().find(|user| user.number() == number)
    }
}

/// How further pages are asked for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Pagination {
    /// The answer is whole.
    None,
    /// `page_size` and `page_token` in the query, `next_page_token` in the answer.
    Query(Paging),
    /// The same in the body.
    Body(Paging),
    /// A page number, or an offset, in the named body field.
    Number(&'static str, Paging),
}

impl Pagination {
    /// What pages of this operation look like.
    pub const fn paging(&self) -> Option<&Paging> {
        match self {
            Self::None => None,
            Self::Query(paging) | Self::Body(paging) | Self::Number(_, paging) => Some(paging),
        }
    }
}

/// What pages of one operation look like.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Paging {
    /// The list inside `data`, with dots where it is nested; none where several lists share a page.
    pub items: Option<&'static str>,
    /// Least and most of `page_size`, where documented.
    pub size_range: Option<(u32, u32)>,
}

/// Where an `idempotency_key` travels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Idempotency {
    /// None is taken.
    None,
    /// In the query.
    Query,
    /// In the body.
    Body,
}

/// Whether a request that may have happened may be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RetrySafety {
    /// It only reads.
    Safe,
    /// Twice is the same as once: PUT, DELETE, or with an idempotency key.
    Idempotent,
    /// Twice may be two effects.
    Unsafe,
}

/// A family: everything under one first path segment.
#[derive(Debug)]
pub struct Family {
    /// The segment.
    pub name: &'static str,
    /// By name, then version.
    pub operations: &'static [&'static Operation],
}

/// The pinned version of an operation: `by_key("order.search_orders")`.
pub fn by_key(key: &str) -> Option<&'static Operation> {
    versions(key).iter().copied().find(|operation| operation.pinned)
}

/// One version of an operation: `by_key_version("order.get_order_detail", "202309")`.
pub fn by_key_version(key: &str, version: &str) -> Option<&'static Operation> {
    versions(key).iter().copied().find(|operation| operation.version == version)
}

/// Every operation of a family, by name, then version; empty for an unknown family.
pub fn by_family(family: &str) -> &'static [&'static Operation] {
    let place = FAMILIES.binary_search_by(|candidate| candidate.name.cmp(family));
    place.ok().and_then(|place| FAMILIES.get(place)).map_or(&[], |family| family.operations)
}

/// Names of all families, sorted.
pub fn families() -> impl ExactSizeIterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.name)
}

/// All versions of one key: the table is sorted by family, name and version.
fn versions(key: &str) -> &'static [&'static Operation] {
    let Some((family, name)) = key.split_once('.') else { return &[] };
    let wanted = (family, name);
    let start = OPERATIONS.partition_point(|operation| (operation.family, operation.name) < wanted);
    let found = OPERATIONS.get(start..).unwrap_or_default();
    let length = found.iter().take_while(|operation| (operation.family, operation.name) == wanted).count();
    found.get(..length).unwrap_or_default()
}
