use std::sync::Arc;
use std::time::Duration;

use hub_core::{Authorization, AuthorizationState, ShopState};
use ttshop::Priority;
use ttshop_clock::Clock as _;
use ttshop_types::{OrderId, ShopId};

use super::{check_deauthorization, with_access};
use crate::fixture::{Fixture, SHOP, app, config, parts};
use crate::platform::script::ACCESS_LIVES;
use crate::{GrantError, PlatformErrorKind};

async fn connected() -> Fixture {
    let fixture = Fixture::new();
    fixture.connect().await;
    fixture
}

async fn call(fixture: &Fixture) -> Result<(), GrantError> {
    let hub = &fixture.hub;
    let read = with_access(hub, &ShopId::from(SHOP), |access| {
        hub.platform.orders(&access, vec![OrderId::from("1")], Priority::Live)
    })
    .await;
    read.map(|_| ())
}

fn refreshes(fixture: &Fixture) -> usize {
    fixture.platform.calls().iter().filter(|call| call.starts_with("refresh ")).count()
}

async fn grant(fixture: &Fixture) -> Authorization {
    fixture.hub.store.authorizations().await.unwrap().remove(0)
}

#[tokio::test]
async fn a_fresh_token_is_not_refreshed() {
    let fixture = connected().await;
    call(&fixture).await.unwrap();
    assert_eq!(refreshes(&fixture), 0);
}

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_before_the_call() {
    let fixture = connected().await;
    fixture.clock.advance(ACCESS_LIVES - Duration::from_secs(60));
    call(&fixture).await.unwrap();
    assert_eq!(refreshes(&fixture), 1);
    assert_eq!(grant(&fixture).await.refresh_started_at, None);
}

#[tokio::test]
async fn a_token_that_the_platform_refuses_is_refreshed_once() {
    let fixture = connected().await;
    fixture.platform.expire_access();
    call(&fixture).await.unwrap();
    assert_eq!(refreshes(&fixture), 1);
}

#[tokio::test]
async fn a_hundred_callers_refresh_once() {
    let fixture = Arc::new(connected().await);
    fixture.clock.advance(ACCESS_LIVES);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let fixture = Arc::clone(&fixture);
        callers.spawn(async move { call(&fixture).await.unwrap() });
    }
    callers.join_all().await;
    assert_eq!(refreshes(&fixture), 1);
}

#[tokio::test]
async fn another_process_that_refreshes_is_waited_for() {
    let fixture = connected().await;
    fixture.clock.advance(ACCESS_LIVES);
    let id = grant(&fixture).await.id;
    let lease = format!("refresh/{}", id.as_str());
    let store = &fixture.hub.store;
    store
        .lease(lease.clone(), "other".into(), fixture.clock.now(), Duration::from_secs(60))
        .await
        .unwrap()
        .unwrap();
    let waiting = call(&fixture);
    tokio::pin!(waiting);
    tokio::select! {
        biased;
        outcome = &mut waiting => panic!("did not wait: {outcome:?}"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(refreshes(&fixture), 0);
    store.release(lease, "other".into()).await.unwrap();
    fixture.clock.advance(Duration::from_secs(1));
    waiting.await.unwrap();
    assert_eq!(refreshes(&fixture), 1);
}

#[tokio::test]
async fn an_interrupted_refresh_is_tried_again_with_the_stored_token() {
    let fixture = connected().await;
    fixture.clock.advance(ACCESS_LIVES);
    fixture.platform.fail_next("refresh", PlatformErrorKind::Transient);
    call(&fixture).await.unwrap_err();
    assert!(grant(&fixture).await.refresh_started_at.is_some());
    call(&fixture).await.unwrap();
    let tokens: Vec<_> =
        fixture.platform.calls().into_iter().filter(|call| call.starts_with("refresh ")).collect();
    assert_eq!(tokens, ["refresh refresh-1", "refresh refresh-1"]);
}

#[tokio::test]
async fn a_refused_refresh_ends_the_grant_and_the_calls() {
    let fixture = connected().await;
    fixture.clock.advance(ACCESS_LIVES);
    fixture.platform.fail_next("refresh", PlatformErrorKind::NeedsReauthorization);
    assert!(matches!(call(&fixture).await, Err(GrantError::NeedsReauthorization { .. })));
    assert_eq!(grant(&fixture).await.state, AuthorizationState::NeedsReauthorization);
    let before = fixture.platform.calls().len();
    assert!(matches!(call(&fixture).await, Err(GrantError::NeedsReauthorization { .. })));
    assert_eq!(fixture.platform.calls().len(), before);
}

#[tokio::test]
async fn a_confirmed_deauthorization_disconnects_the_shops() {
    let fixture = connected().await;
    fixture.platform.fail_next("granted_shops", PlatformErrorKind::NeedsReauthorization);
    check_deauthorization(&fixture.hub, &ShopId::from(SHOP)).await.unwrap();
    assert_eq!(grant(&fixture).await.state, AuthorizationState::Revoked);
    assert_eq!(fixture.hub.store.shops().await.unwrap()[0].state, ShopState::Disconnected);
    assert!(matches!(call(&fixture).await, Err(GrantError::NotConnected { .. })));
}

#[tokio::test]
async fn an_old_deauthorization_changes_nothing() {
    let fixture = connected().await;
    check_deauthorization(&fixture.hub, &ShopId::from(SHOP)).await.unwrap();
    assert_eq!(grant(&fixture).await.state, AuthorizationState::Active);
    call(&fixture).await.unwrap();
}

#[tokio::test]
async fn a_deauthorization_that_cannot_be_checked_is_checked_again() {
    let fixture = connected().await;
    fixture.platform.fail_next("granted_shops", PlatformErrorKind::Transient);
    check_deauthorization(&fixture.hub, &ShopId::from(SHOP)).await.unwrap_err();
    assert_eq!(grant(&fixture).await.state, AuthorizationState::Active);
}

#[tokio::test]
async fn another_master_key_refuses_to_start() {
    let fixture = connected().await;
    let mut config = config(app());
    config.master_keys.current = crate::MasterKey::new(crate::KeyId::parse("test").unwrap(), [8; 32]);
    let parts = parts(Arc::clone(&fixture.hub.store), Arc::new(fixture.clock.clone()), Vec::new());
    let error = crate::Engine::start(config, parts).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    assert!(std::error::Error::source(cause).unwrap().to_string().contains("`test`"), "{cause}");
}

#[tokio::test]
async fn nothing_in_the_store_reads_as_a_secret() {
    let fixture = connected().await;
    let stored = format!("{:?}", fixture.hub.store.shops().await.unwrap());
    let authorization = grant(&fixture).await;
    for secret in ["access-1", "refresh-1", "cipher-7494"] {
        let found = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found(stored.as_bytes()) && !found(&authorization.tokens.0));
        assert!(!found(format!("{:?}", fixture.hub.grants).as_bytes()));
    }
}
