//! Requests and answers of the control API.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::gateway::Answer;
use crate::world::book::OrderFilter;
use crate::world::{ActError, PlaceError, ShopNo, World};

/// A request to the control API; the path is what follows `/_emulator/`.
#[derive(Debug)]
pub(crate) struct ControlRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) body: &'a [u8],
}

/// What the control API answers.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    /// All orders of a shop, one JSON object a line, written as they are read.
    Truth {
        shop: ShopNo,
        summary: bool,
    },
}

/// Why the control API refuses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    #[error("no such endpoint: see /_emulator/")]
    NoEndpoint,
    #[error("the body does not fit: {0}")]
    Body(#[source] serde_json::Error),
    #[error("{0}")]
    Invalid(String),
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("{0}")]
    Conflict(String),
    #[error("the emulator is shutting down")]
    Closing,
}

impl ControlError {
    fn status(&self) -> u16 {
        match self {
            Self::NoEndpoint | Self::NotFound(_) => 404,
            Self::Body(_) | Self::Invalid(_) => 400,
            Self::Conflict(_) => 409,
            Self::Closing => 503,
        }
    }

    /// The answer; the cause of a body that does not fit names its place, so it belongs to the text here.
    pub(crate) fn answer(&self) -> Answer {
        let text = match self {
            Self::Body(source) => format!("the body does not fit: {source}"),
            Self::NoEndpoint | Self::Invalid(_) | Self::NotFound(_) | Self::Conflict(_) | Self::Closing => {
                self.to_string()
            }
        };
        Answer::json(self.status(), json!({ "error": text }).to_string().into_bytes())
    }
}

impl From<ActError> for ControlError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NoShop => Self::NotFound("shop"),
            ActError::NoOrder => Self::NotFound("order"),
            ActError::CancelRequested => Self::Conflict(error.to_string()),
            ActError::Forbidden(forbidden) => Self::Conflict(forbidden.to_string()),
        }
    }
}

impl From<PlaceError> for ControlError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::OutOfStock => Self::Conflict(error.to_string()),
            PlaceError::NoShop => Self::NotFound("shop"),
            PlaceError::NoSku | PlaceError::LineCount | PlaceError::Status => {
                Self::Invalid(error.to_string())
            }
        }
    }
}

impl ControlRequest<'_> {
    /// The body as `T`; an empty one counts as `{}`.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ControlError> {
        let body = if self.body.is_empty() { b"{}" } else { self.body };
        serde_json::from_slice(body).map_err(ControlError::Body)
    }

    pub(crate) fn param(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// `limit`, between 1 and `most`.
    pub(crate) fn limit(&self, default: usize, most: usize) -> usize {
        self.param("limit").and_then(|limit| limit.parse().ok()).unwrap_or(default).clamp(1, most)
    }
}

/// A JSON answer with status 200.
pub(crate) fn ok(value: &Value) -> Result<Reply, ControlError> {
    Ok(Reply::Answer(Answer::json(200, value.to_string().into_bytes())))
}

/// The shop with this id.
pub(crate) fn shop_of(id: &str, world: &World) -> Result<ShopNo, ControlError> {
    let shop = id.parse().ok().filter(|shop| world.shops.contains_key(shop));
    shop.ok_or(ControlError::NotFound("shop"))
}

/// How many orders a shop has in each status.
pub(crate) fn order_counts(shop: ShopNo, world: &World) -> Value {
    let Some(shop) = world.shops.get(&shop) else { return Value::Null };
    let mut counts = serde_json::Map::new();
    for status in crate::world::order::OrderStatus::ALL {
        let filter = OrderFilter { status: Some(status), ..OrderFilter::default() };
        let count = shop.book.count(&filter, crate::world::book::SortField::Created);
        counts.insert(status.as_str().into(), count.into());
    }
    counts.into()
}
