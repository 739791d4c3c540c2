//! The cursor of a page of orders: the place of its last row in the order of the listing.

use hub_core::MirrorRow;
use ttshop_types::Timestamp;

use crate::StoreError;

/// The place of one order among all, newest update first.
///
/// Orders that were updated in the same instant follow by shop and id, so that a page boundary between them skips none.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OrderPosition {
    /// When the platform updated it.
    pub updated_at: Timestamp,
    /// Whose it is.
    pub shop_id: String,
    /// The platform's id.
    pub id: String,
}

impl OrderPosition {
    /// Before every order: where the first page begins.
    pub fn start() -> Self {
        Self { updated_at: Timestamp::from_millis(i64::MAX), shop_id: String::new(), id: String::new() }
    }

    /// The place of this order.
    pub fn of(row: &MirrorRow) -> Self {
        Self { updated_at: row.version.updated_at, shop_id: row.shop_id.as_str().into(), id: row.id.clone() }
    }

    /// The cursor that names this place. The shop's length goes before it, so that no character is forbidden in an id.
    pub fn to_cursor(&self) -> String {
        format!("{}_{}_{}{}", self.updated_at.as_millis(), self.shop_id.len(), self.shop_id, self.id)
    }

    /// The place that a cursor names.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`] where no [`OrderPosition::to_cursor`] made it.
    pub fn from_cursor(cursor: &str) -> Result<Self, StoreError> {
        parse(cursor).ok_or_else(|| StoreError::BadCursor { cursor: cursor.into() })
    }
}

fn parse(cursor: &str) -> Option<OrderPosition> {
    let mut parts = cursor.splitn(3, '_');
    let millis = parts.next()?.parse().ok()?;
    let shop_length = parts.next()?.parse().ok()?;
    let (shop_id, id) = parts.next()?.split_at_checked(shop_length)?;
    let updated_at = Timestamp::from_millis(millis);
    Some(OrderPosition { updated_at, shop_id: shop_id.into(), id: id.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_ids_survive() {
        for (shop_id, id) in [("7494", "5764"), ("a_b", "_"), ("", ""), ("ß/ü", "\u{1F600}_1")] {
            let position = OrderPosition {
                updated_at: Timestamp::from_millis(-5),
                shop_id: shop_id.into(),
                id: id.into(),
            };
            assert_eq!(OrderPosition::from_cursor(&position.to_cursor()).unwrap(), position);
        }
    }

    #[test]
    fn made_up_cursors_are_refused() {
        for cursor in ["", "1", "1_2", "x_1_ab", "1_99_ab", "1_-1_ab", "1_1_\u{1F600}"] {
            assert!(
                matches!(OrderPosition::from_cursor(cursor), Err(StoreError::BadCursor { .. })),
                "{cursor}"
            );
        }
    }
}
