//! The mirror, sweeps, grants, leases, and the figures about all of it.

use std::time::Duration;

use hub_core::mirror::{Decision, decide};
use hub_core::{Authorization, ConnectIntent, Cursor, MirrorRow, MirrorVersion, Resource, Shop, SweepReport};
use ttshop_types::{ShopId, Timestamp};

use super::state::{Lease, State};
use crate::{
    Backlog, CONNECT_INTENTS_MAX, OrderPage, OrderPosition, OrderQuery, PAGE_MAX, SWEEP_REPORTS_KEPT,
    StoreError,
};

#[derive(Debug, thiserror::Error)]
#[error("{CONNECT_INTENTS_MAX} connections are under way already")]
struct TooManyIntents;

impl State {
    pub(super) fn learn(&mut self, row: MirrorRow) {
        let key = (row.shop_id.clone(), row.resource, row.id.clone());
        let known = self.mirror.get(&key).map(|known| &known.version);
        let is_kept = match decide(known, &row.version) {
            Decision::Create | Decision::Update => true,
            Decision::Same => known.is_none_or(|known| row.version.fetched_at >= known.fetched_at),
            Decision::Stale => false,
        };
        if is_kept {
            self.mirror.insert(key, row);
        }
    }

    pub(super) fn move_cursor(&mut self, cursor: Cursor) {
        let until = self.cursors.entry((cursor.shop_id, cursor.resource)).or_insert(cursor.until);
        *until = cursor.until.max(*until);
    }

    pub(super) fn report(&mut self, report: SweepReport) {
        self.reports.push_front(report);
        self.reports.truncate(SWEEP_REPORTS_KEPT);
    }

    pub(super) fn mirror_versions(
        &self,
        shop_id: &ShopId,
        resource: Resource,
        ids: Vec<String>,
    ) -> Vec<(String, MirrorVersion)> {
        let known = ids.into_iter().filter_map(|id| {
            let row = self.mirror.get(&(shop_id.clone(), resource, id.clone()))?;
            Some((id, row.version.clone()))
        });
        known.collect()
    }

    pub(super) fn orders(&self, query: OrderQuery) -> Result<OrderPage, StoreError> {
        let after = query.after.as_deref().map_or(Ok(OrderPosition::start()), OrderPosition::from_cursor)?;
        let mut rows: Vec<&MirrorRow> = self
            .mirror
            .values()
            .filter(|row| row.resource == Resource::Order)
            .filter(|row| query.shop_id.as_ref().is_none_or(|shop_id| row.shop_id == *shop_id))
            .filter(|row| query.platform_status.as_ref().is_none_or(|status| row.platform_status == *status))
            .filter(|row| OrderPosition::of(row) < after)
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(OrderPosition::of(row)));
        let limit = query.limit.min(PAGE_MAX);
        let is_last = rows.len() <= limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| !is_last).map(|row| OrderPosition::of(row).to_cursor());
        Ok(OrderPage { rows: rows.into_iter().cloned().collect(), next })
    }

    pub(super) fn save_authorization(
        &mut self,
        mut authorization: Authorization,
        shops: Vec<Shop>,
    ) -> Result<(), StoreError> {
        let stored = self.authorizations.get(&authorization.id).map_or(0, |stored| stored.revision);
        if stored != authorization.revision {
            return Err(StoreError::RevisionLost { id: authorization.id.as_str().into() });
        }
        authorization.revision += 1;
        self.authorizations.insert(authorization.id.clone(), authorization);
        for mut shop in shops {
            if let Some(known) = self.shops.get(&shop.id) {
                shop.connected_at = known.connected_at;
            }
            self.shops.insert(shop.id.clone(), shop);
        }
        Ok(())
    }

    pub(super) fn begin_connect(&mut self, intent: ConnectIntent, now: Timestamp) -> Result<(), StoreError> {
        self.intents.retain(|_, intent| intent.expires_at > now);
        if self.intents.len() >= CONNECT_INTENTS_MAX {
            return Err(StoreError::Unavailable(Box::new(TooManyIntents)));
        }
        self.intents.entry(intent.state_hash).or_insert(intent);
        Ok(())
    }

    pub(super) fn lease(
        &mut self,
        name: String,
        holder: String,
        now: Timestamp,
        lasts: Duration,
    ) -> Option<i64> {
        let ends_at = now + lasts;
        if let Some(lease) = self.leases.get_mut(&name).filter(|lease| lease.ends_at > now) {
            if lease.holder != holder {
                return None;
            }
            lease.ends_at = ends_at;
            return Some(lease.fence);
        }
        let fence = self.next_fence();
        self.leases.insert(name, Lease { holder, fence, ends_at });
        Some(fence)
    }

    pub(super) fn release(&mut self, name: &str, holder: &str) {
        if self.leases.get(name).is_some_and(|lease| lease.holder == holder) {
            self.leases.remove(name);
        }
    }

    pub(super) fn backlog(&self, now: Timestamp) -> Backlog {
        let parked = self.jobs.values().filter(|job| job.is_parked()).count();
        let oldest = self.jobs.values().filter(|job| !job.is_parked()).map(|job| job.since).min();
        Backlog {
            accepted: figure(self.inbox.len()),
            jobs: figure(self.jobs.len() - parked),
            parked: figure(parked),
            deliveries: figure(self.deliveries.len()),
            dead: figure(self.dead.len()),
            mirrored: figure(self.mirror.len()),
            oldest_ms: oldest
                .map_or(0, |oldest| u64::try_from(now.since(oldest).as_millis()).unwrap_or(u64::MAX)),
        }
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let jobs = self.jobs.values().filter_map(super::state::Job::due_at);
        jobs.chain(self.heads().map(|(_, delivery)| delivery.due_at)).min()
    }
}

fn figure(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
