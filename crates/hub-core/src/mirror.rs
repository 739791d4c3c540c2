//! The mirror: what the platform last told us about an entity, and whether a new telling is news.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ttshop_types::{RequestId, ShopId, Timestamp};

/// A kind of entity that the hub mirrors.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// An order with its lines.
    Order,
}

impl Resource {
    /// Every mirrored kind.
    pub const ALL: &[Self] = &[Self::Order];

    /// The word in lanes, events and stores.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
        }
    }

    /// The kind behind a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|resource| resource.as_str() == word)
    }
}

/// Where raw bytes came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provenance {
    /// The operation's key and version, such as `order.get_order_detail@202507`.
    pub operation: String,
    /// The platform's name for the call.
    pub request_id: RequestId,
    /// When the answer arrived: the same instant as [`MirrorVersion::fetched_at`].
    pub fetched_at: Timestamp,
}

/// How new a row is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MirrorVersion {
    /// The platform's `update_time`.
    pub updated_at: Timestamp,
    /// SHA-256 of the raw bytes.
    pub content_hash: [u8; 32],
    /// When the platform told us.
    pub fetched_at: Timestamp,
}

impl MirrorVersion {
    /// The version of these raw bytes.
    pub fn of(raw: &[u8], updated_at: Timestamp, fetched_at: Timestamp) -> Self {
        Self { updated_at, content_hash: Sha256::digest(raw).into(), fetched_at }
    }
}

/// One entity as the mirror keeps it: unified columns as JSON, and the raw bytes they are a view of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MirrorRow {
    /// Whose it is.
    pub shop_id: ShopId,
    /// What it is.
    pub resource: Resource,
    /// The platform's id.
    pub id: String,
    /// The platform's own word for its status.
    pub platform_status: String,
    /// When the platform created it.
    pub created_at: Timestamp,
    /// How new it is.
    pub version: MirrorVersion,
    /// The unified columns, as one JSON object.
    pub unified: String,
    /// The platform's bytes.
    pub raw: Vec<u8>,
    /// Where they came from.
    pub provenance: Provenance,
}

/// Whether a telling is news.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Nothing was known.
    Create,
    /// It is newer than what was known.
    Update,
    /// It says what is known already.
    Same,
    /// It is older than what is known.
    Stale,
}

impl Decision {
    /// Whether the mirror changes.
    pub fn is_news(self) -> bool {
        matches!(self, Self::Create | Self::Update)
    }
}

/// Compares a telling with what is known.
///
/// The platform's clock decides. Where two tellings carry one `update_time` (it has only seconds), the one that was
/// fetched later is the truth, because it was read later.
pub fn decide(known: Option<&MirrorVersion>, told: &MirrorVersion) -> Decision {
    let Some(known) = known else { return Decision::Create };
    match told.updated_at.cmp(&known.updated_at) {
        std::cmp::Ordering::Less => Decision::Stale,
        // Even with the same content: were the old time kept, an older telling could win later.
        std::cmp::Ordering::Greater => Decision::Update,
        std::cmp::Ordering::Equal if told.content_hash == known.content_hash => Decision::Same,
        std::cmp::Ordering::Equal if told.fetched_at < known.fetched_at => Decision::Stale,
        std::cmp::Ordering::Equal => Decision::Update,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(updated: i64, content: &str, fetched: i64) -> MirrorVersion {
        MirrorVersion::of(
            content.as_bytes(),
            Timestamp::from_seconds(updated),
            Timestamp::from_seconds(fetched),
        )
    }

    #[test]
    fn state_never_goes_backwards() {
        let known = version(20, "shipped", 21);
        assert_eq!(decide(Some(&known), &version(10, "awaiting", 30)), Decision::Stale);
        assert_eq!(decide(Some(&known), &version(20, "shipped", 40)), Decision::Same);
        assert_eq!(decide(Some(&known), &version(20, "delivered", 22)), Decision::Update);
        assert_eq!(decide(Some(&known), &version(20, "packed", 20)), Decision::Stale);
        assert_eq!(decide(Some(&known), &version(30, "shipped", 40)), Decision::Update);
        assert_eq!(decide(None, &known), Decision::Create);
    }

    proptest! {
        /// Tellings applied in any order end in the newest one, whatever came twice.
        #[test]
        fn order_of_arrival_does_not_matter(mut tellings in prop::collection::vec((0_i64..5, 0_u8..3, 0_i64..50), 1..20)) {
            // One instant tells one truth: a later fetch of the same second wins, so fetch times are distinct.
            for (position, telling) in tellings.iter_mut().enumerate() {
                telling.2 = telling.2 * 100 + i64::try_from(position).unwrap();
            }
            let versions: Vec<_> = tellings.iter().map(|(u, c, f)| version(*u, &c.to_string(), *f)).collect();
            let newest = versions.iter().max_by_key(|v| (v.updated_at, v.fetched_at)).unwrap();
            let fold = |order: &mut dyn Iterator<Item = &MirrorVersion>| {
                let mut known: Option<MirrorVersion> = None;
                for told in order {
                    match decide(known.as_ref(), told) {
                        Decision::Create | Decision::Update => known = Some(told.clone()),
                        // A confirmation moves the fetch time on, so that an older read cannot win later.
                        Decision::Same => {
                            let known = known.as_mut().expect("only a known row can be the same");
                            known.fetched_at = known.fetched_at.max(told.fetched_at);
                        }
                        Decision::Stale => {}
                    }
                }
                known.expect("at least one telling")
            };
            let forwards = fold(&mut versions.iter());
            let backwards = fold(&mut versions.iter().rev());
            prop_assert_eq!(forwards.updated_at, newest.updated_at);
            prop_assert_eq!(forwards.content_hash, newest.content_hash);
            prop_assert_eq!(backwards.content_hash, newest.content_hash);
        }
    }
}
