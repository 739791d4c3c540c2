//! Rows as values.

use hub_core::{
    AppName, Authorization, AuthorizationId, AuthorizationState, ClaimedJob, ConnectIntent, Fence, Lane,
    MirrorRow, MirrorVersion, Provenance, Resource, SealedBytes, Shop, ShopState, SweepReport,
};
use hub_store::{InboxRow, ParkedJob};
use rusqlite::Row;
use ttshop_types::{OpenId, Region, RequestId, ShopId, Timestamp};

use crate::error::VerbError;

type Read<T> = Result<T, VerbError>;

pub(crate) const MIRROR_COLUMNS: &str = "shop_id, resource, id, platform_status, created_at, updated_at, fetched_at, \
     content_hash, operation, request_id, unified, raw";

pub(crate) const AUTHORIZATION_COLUMNS: &str = "id, app, open_id, seller_name, seller_base_region, state, tokens, \
     access_expires_at, refresh_expires_at, granted_scopes, revision, refresh_started_at";

pub(crate) const SHOP_COLUMNS: &str =
    "id, authorization, app, name, region, seller_type, cipher, state, connected_at";

pub(crate) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

pub(crate) fn time_if_any(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_millis))
}

/// Counts never pass what a column holds; one that did would be shown as the greatest there is.
pub(crate) fn to_column(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// A claim of the job in `lane, app, topic, wanted, attempts, since`, under `fence`.
pub(crate) fn claimed_job(row: &Row<'_>, fence: Fence) -> rusqlite::Result<ClaimedJob> {
    Ok(ClaimedJob {
        lane: Lane::from_stored(row.get(0)?),
        fence,
        wanted: row.get(3)?,
        app: AppName::new(row.get::<_, String>(1)?),
        topic: row.get(2)?,
        attempts: row.get(4)?,
        since: time(row, 5)?,
    })
}

pub(crate) fn parked_job(row: &Row<'_>) -> rusqlite::Result<ParkedJob> {
    Ok(ParkedJob { lane: Lane::from_stored(row.get(0)?), reason: row.get(1)?, attempts: row.get(2)? })
}

pub(crate) fn inbox_row(row: &Row<'_>) -> rusqlite::Result<InboxRow> {
    Ok(InboxRow {
        number: row.get(0)?,
        topic: row.get(1)?,
        shop_id: row.get::<_, Option<String>>(2)?.map(ShopId::from),
        body: row.get(3)?,
        received_at: time(row, 4)?,
        handled: row.get(5)?,
    })
}

/// The version in three columns from `first` on: `updated_at, content_hash, fetched_at`.
pub(crate) fn mirror_version(row: &Row<'_>, first: usize) -> rusqlite::Result<MirrorVersion> {
    Ok(MirrorVersion {
        updated_at: time(row, first)?,
        content_hash: row.get(first + 1)?,
        fetched_at: time(row, first + 2)?,
    })
}

pub(crate) fn mirror_row(row: &Row<'_>) -> Read<MirrorRow> {
    Ok(MirrorRow {
        shop_id: ShopId::from(row.get::<_, String>(0)?),
        resource: resource(row, 1)?,
        id: row.get(2)?,
        platform_status: row.get(3)?,
        created_at: time(row, 4)?,
        version: MirrorVersion {
            updated_at: time(row, 5)?,
            fetched_at: time(row, 6)?,
            content_hash: row.get(7)?,
        },
        provenance: Provenance {
            operation: row.get(8)?,
            request_id: RequestId::from(row.get::<_, String>(9)?),
            fetched_at: time(row, 6)?,
        },
        unified: row.get(10)?,
        raw: row.get(11)?,
    })
}

pub(crate) fn resource(row: &Row<'_>, column: usize) -> Read<Resource> {
    let word: String = row.get(column)?;
    Resource::from_word(&word).ok_or_else(|| VerbError::damaged("a resource"))
}

pub(crate) fn sweep_report(row: &Row<'_>) -> Read<SweepReport> {
    Ok(SweepReport {
        shop_id: ShopId::from(row.get::<_, String>(0)?),
        resource: resource(row, 1)?,
        from_ms: row.get(2)?,
        until_ms: row.get(3)?,
        seen: count(row, 4)?,
        missing: count(row, 5)?,
        outdated: count(row, 6)?,
        finished_at_ms: row.get(7)?,
    })
}

pub(crate) fn authorization(row: &Row<'_>) -> Read<Authorization> {
    let state: String = row.get(5)?;
    let scopes: String = row.get(9)?;
    Ok(Authorization {
        id: AuthorizationId::from_stored(row.get(0)?),
        app: AppName::new(row.get::<_, String>(1)?),
        open_id: OpenId::from(row.get::<_, String>(2)?),
        seller_name: row.get(3)?,
        seller_base_region: Region::from(row.get::<_, String>(4)?.as_str()),
        state: AuthorizationState::from_word(&state)
            .ok_or_else(|| VerbError::damaged("an authorization's state"))?,
        tokens: SealedBytes(row.get(6)?),
        access_expires_at: time(row, 7)?,
        refresh_expires_at: time(row, 8)?,
        granted_scopes: serde_json::from_str(&scopes)
            .map_err(|_| VerbError::damaged("an authorization's scopes"))?,
        revision: row.get(10)?,
        refresh_started_at: time_if_any(row, 11)?,
    })
}

pub(crate) fn shop(row: &Row<'_>) -> Read<Shop> {
    let state: String = row.get(7)?;
    Ok(Shop {
        id: ShopId::from(row.get::<_, String>(0)?),
        authorization: AuthorizationId::from_stored(row.get(1)?),
        app: AppName::new(row.get::<_, String>(2)?),
        name: row.get(3)?,
        region: Region::from(row.get::<_, String>(4)?.as_str()),
        seller_type: row.get(5)?,
        cipher: SealedBytes(row.get(6)?),
        state: ShopState::from_word(&state).ok_or_else(|| VerbError::damaged("a shop's state"))?,
        connected_at: time(row, 8)?,
    })
}

/// The intent in `browser_hash, app, expires_at`.
pub(crate) fn connect_intent(row: &Row<'_>, state_hash: [u8; 32]) -> rusqlite::Result<ConnectIntent> {
    Ok(ConnectIntent {
        state_hash,
        browser_hash: row.get(0)?,
        app: AppName::new(row.get::<_, String>(1)?),
        expires_at: time(row, 2)?,
    })
}
