//! Grants, shops, connections and leases.

use std::time::Duration;

use hub_core::{AppName, AuthorizationId, AuthorizationState, SealedBytes, ShopState};
use ttshop_types::OpenId;

use super::expect::ok;
use super::sample::{at, grant, intent, shop};
use crate::{CONNECT_INTENTS_MAX, Store, StoreError};

const MINUTE: Duration = Duration::from_secs(60);

/// A grant and its shops read back as they were saved, one revision on.
pub async fn a_grant_reads_back_whole(store: &dyn Store) {
    ok(store.save_authorization(grant(0), vec![shop("2", "Two"), shop("1", "One")])).await;
    assert_eq!(ok(store.authorization(grant(0).id)).await, Some(grant(1)));
    assert_eq!(ok(store.authorizations()).await, [grant(1)]);
    assert_eq!(ok(store.shops()).await, [shop("1", "One"), shop("2", "Two")]);
    let unknown = AuthorizationId::of(&AppName::new("main"), &OpenId::from("nobody"));
    assert_eq!(ok(store.authorization(unknown)).await, None);
}

/// Of two writers that read one revision, the second is refused, with its shops.
pub async fn a_revision_is_written_once(store: &dyn Store) {
    ok(store.save_authorization(grant(0), vec![])).await;
    for revision in [0, 2] {
        let refused = store.save_authorization(grant(revision), vec![shop("1", "One")]).await;
        assert!(matches!(refused, Err(StoreError::RevisionLost { .. })), "{refused:?}");
    }
    assert_eq!(ok(store.shops()).await, []);
    let renewed = hub_core::Authorization {
        state: AuthorizationState::NeedsReauthorization,
        tokens: SealedBytes(vec![1]),
        refresh_started_at: None,
        granted_scopes: vec![],
        ..grant(1)
    };
    ok(store.save_authorization(renewed.clone(), vec![])).await;
    let stored = ok(store.authorization(grant(0).id)).await;
    assert_eq!(stored, Some(hub_core::Authorization { revision: 2, ..renewed }));
}

/// A grant that nobody stored has no revision to name.
pub async fn an_unknown_grant_has_revision_zero(store: &dyn Store) {
    let refused = store.save_authorization(grant(1), vec![]).await;
    assert!(matches!(refused, Err(StoreError::RevisionLost { .. })), "{refused:?}");
    assert_eq!(ok(store.authorizations()).await, []);
}

/// A shop that is connected again is replaced, but remembers when it came first; the others stay.
pub async fn a_shop_remembers_its_first_day(store: &dyn Store) {
    ok(store.save_authorization(grant(0), vec![shop("1", "Old"), shop("2", "Other")])).await;
    let renewed = hub_core::Shop { connected_at: at(99), state: ShopState::Inactive, ..shop("1", "New") };
    ok(store.save_authorization(grant(1), vec![renewed.clone()])).await;
    let kept = hub_core::Shop { connected_at: at(0), ..renewed };
    assert_eq!(ok(store.shops()).await, [kept, shop("2", "Other")]);
}

/// A begun connection is finished once.
pub async fn a_connection_is_finished_once(store: &dyn Store) {
    let begun = intent(1, at(600));
    ok(store.begin_connect(begun.clone(), at(0))).await;
    ok(store.begin_connect(hub_core::ConnectIntent { browser_hash: [3; 32], ..begun.clone() }, at(0))).await;
    let takers = [store.take_connect(begun.state_hash, at(1)), store.take_connect(begun.state_hash, at(1))];
    let mut taken = Vec::new();
    for taker in takers {
        taken.extend(ok(taker).await);
    }
    assert_eq!(taken, [begun]);
    assert_eq!(ok(store.take_connect([0; 32], at(1))).await, None);
}

/// A begun connection ends with its time.
pub async fn a_connection_has_its_time(store: &dyn Store) {
    ok(store.begin_connect(intent(1, at(600)), at(0))).await;
    ok(store.begin_connect(intent(2, at(600)), at(0))).await;
    assert_eq!(ok(store.take_connect(intent(1, at(600)).state_hash, at(600))).await, None);
    assert_eq!(ok(store.take_connect(intent(1, at(600)).state_hash, at(1))).await, None);
    ok(store.begin_connect(intent(3, at(900)), at(600))).await;
    assert_eq!(ok(store.take_connect(intent(2, at(600)).state_hash, at(1))).await, None, "it was forgotten");
}

/// Connections under way are bounded, and time makes room.
pub async fn connections_under_way_are_bounded(store: &dyn Store) {
    let bound = u64::try_from(CONNECT_INTENTS_MAX).expect("it is a small number");
    // A store's queue is shorter than the bound, so they come in portions.
    for first in (0..bound).step_by(500) {
        let begun: Vec<_> =
            (first..first + 500).map(|state| store.begin_connect(intent(state, at(600)), at(0))).collect();
        for begun in begun {
            ok(begun).await;
        }
    }
    let refused = store.begin_connect(intent(bound, at(600)), at(1)).await;
    assert!(refused.is_err_and(|error| error.is_transient()));
    ok(store.begin_connect(intent(bound, at(900)), at(600))).await;
}

/// A lease has one holder; its fence stays while it is renewed in time.
pub async fn a_lease_has_one_holder(store: &dyn Store) {
    let lease = |holder: &str, seconds| store.lease("sweep".into(), holder.into(), at(seconds), MINUTE);
    let fence = ok(lease("a", 0)).await.expect("it is free");
    assert_eq!(ok(lease("b", 59)).await, None);
    assert_eq!(ok(lease("a", 59)).await, Some(fence));
    assert_eq!(ok(lease("b", 118)).await, None, "the lease was renewed");
    assert!(ok(lease("b", 119)).await.expect("it lapsed") > fence);
    assert_eq!(ok(lease("a", 120)).await, None);
    let other = ok(store.lease("refresh".into(), "a".into(), at(120), MINUTE)).await;
    assert!(other.is_some(), "another lease is free");
}

/// A lease that is given back is free, and its next tenure has a higher fence; only its holder gives it back.
pub async fn a_lease_is_given_back(store: &dyn Store) {
    let lease = |holder: &str, seconds| store.lease("sweep".into(), holder.into(), at(seconds), MINUTE);
    let first = ok(lease("a", 0)).await.expect("it is free");
    ok(store.release("sweep".into(), "b".into())).await;
    assert_eq!(ok(lease("b", 1)).await, None);
    ok(store.release("sweep".into(), "a".into())).await;
    let second = ok(lease("b", 1)).await.expect("it was given back");
    assert!(second > first);
    let third = ok(lease("b", 500)).await.expect("it lapsed");
    assert!(third > second, "a lapsed lease is a new tenure, also for its old holder");
}
