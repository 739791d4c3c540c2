//! Authorisation.

use ttshop::{
    AuthorizeHosts, Callback, CallbackError, Client, Error, ErrorKind, GapReason, Grantor, TokenSet, UserType,
};
use ttshop_clock::VirtualClock;
use ttshop_types::{Region, Timestamp};

use crate::world::{Answer, NOW, Script, app, broken, builder, drive, param, refusal, reply, success};
use ttshop::TransportErrorKind;

const ANSWER: &str = concat!(
    r#"{"access_token":"ROW_a","access_token_expire_in":1700604800,"refresh_token":"ROW_r","#,
    r#""refresh_token_expire_in":4903858076,"open_id":"7010736057180325637","seller_name":"Jane's","#,
    r#""seller_base_region":"GB","user_type":0,"granted_scopes":["seller.order.info"],"later":{}}"#
);

#[track_caller]
fn check_link(grantor: Grantor, state: &str, expected: &str) {
    assert_eq!(AuthorizeHosts::default().link(&app(), grantor, state), expected);
}

#[test]
fn everybody_has_a_link() {
    check_link(
        Grantor::Seller,
        "a b&c",
        "https://services.tiktokshop.com/open/authorize?service_id=7000000000000000001&state=a%20b%26c",
    );
    check_link(
        Grantor::SellerUs,
        "",
        "https://services.tiktokshops.us/open/authorize?service_id=7000000000000000001",
    );
    check_link(
        Grantor::Partner,
        "s",
        "https://partner.tiktokshop.com/open/authorize?service_id=7000000000000000001&state=s",
    );
    check_link(
        Grantor::PartnerUs,
        "s",
        "https://partner.us.tiktokshop.com/open/authorize?service_id=7000000000000000001&state=s",
    );
    check_link(
        Grantor::Creator,
        " s ",
        "https://shop.tiktok.com/alliance/creator/auth?app_key=6testkey00&state=s",
    );
    let client = Client::builder(app()).transport(Script::of([success("{}")])).build().unwrap();
    let oauth = client.oauth().with_authorize_hosts(AuthorizeHosts::all_at("http://127.0.0.1:7801/"));
    let link = oauth.authorize_link(Grantor::SellerUs, "s");
    assert_eq!(link, "http://127.0.0.1:7801/open/authorize?service_id=7000000000000000001&state=s");
}

#[test]
fn a_callback_is_a_consent_a_refusal_or_nothing() {
    let consent = Callback::parse("app_key=x&code=TTP_a%2Bb&state=s%20t&locale=en&shop_region=GB").unwrap();
    assert_eq!((consent.code.expose().as_str(), consent.state.as_deref()), ("TTP_a+b", Some("s t")));
    assert_eq!(Callback::parse("code=c").unwrap().state, None);
    for (query, reason) in [
        ("code=null&error=auth_denied&state=s", Some("auth_denied")),
        ("error=access_denied&state=s", Some("access_denied")),
        ("code=real&error=x&state=s", Some("x")),
        ("code=null&state=s", None),
    ] {
        let refused = CallbackError::Refused { reason: reason.map(str::to_owned), state: Some("s".into()) };
        assert_eq!(Callback::parse(query).unwrap_err(), refused, "{query}");
    }
    for query in ["", "state=s", "code=&state=s"] {
        assert!(matches!(Callback::parse(query), Err(CallbackError::CodeMissing { .. })), "{query}");
    }
}

async fn exchange(answer: Answer) -> (Result<TokenSet, Error>, std::sync::Arc<Script>) {
    let script = Script::of([answer]);
    let clock = VirtualClock::at(NOW);
    let client = builder(&script, &clock).build().unwrap();
    let set = drive(&clock, client.oauth().exchange_code(&"TTP_code+/".into())).await;
    (set, script)
}

#[tokio::test]
async fn a_code_buys_both_tokens() {
    let (set, script) = exchange(success(ANSWER)).await;
    let set = set.unwrap();
    assert_eq!((set.access_token.expose().as_str(), set.refresh_token.expose().as_str()), ("ROW_a", "ROW_r"));
    assert_eq!(set.access_expires_at, Timestamp::from_seconds(1_700_604_800));
    assert_eq!(set.refresh_expires_at, Timestamp::from_seconds(4_903_858_076), "beyond 32 bits");
    assert_eq!(set.obtained_at, NOW);
    assert_eq!(set.open_id.unwrap().as_str(), "7010736057180325637");
    assert_eq!(
        (set.user_type, set.seller_base_region),
        (Some(UserType::Seller), Some(Region::UnitedKingdom))
    );
    assert_eq!(set.granted_scopes, ["seller.order.info"]);
    let request = script.requests().remove(0);
    assert_eq!((request.method.as_str(), request.url.path()), ("GET", "/api/v2/token/get"));
    assert_eq!(request.url.host_str(), Some("auth.tiktok-shops.com"));
    for (name, value) in [
        ("app_key", "6testkey00"),
        ("app_secret", "canary-app-secret"),
        ("auth_code", "TTP_code+/"),
        ("grant_type", "authorized_code"),
    ] {
        assert_eq!(param(&request, name).as_deref(), Some(value));
    }
    assert_eq!(param(&request, "sign"), None);
    assert!(!format!("{request:?}").contains("canary"), "{request:?}");
}

#[tokio::test]
async fn a_used_code_needs_another_authorisation() {
    for code in [36_004_004, 36_004_005, 36_004_001] {
        let (answer, script) = exchange(refusal(200, code, "invalid auth code")).await;
        let error = answer.unwrap_err();
        assert!(error.needs_reauthorization(), "{error}");
        assert_eq!((error.code(), error.operation(), script.count()), (Some(code), "oauth.exchange_code", 1));
    }
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_not_sent_again() {
    let (answer, script) = exchange(broken(TransportErrorKind::Timeout)).await;
    assert_eq!(script.count(), 1);
    assert!(answer.unwrap_err().may_have_happened());
    let (_, script) = exchange(broken(TransportErrorKind::Connect)).await;
    assert_eq!(script.count(), 5, "nothing was sent, so it is safe");
}

#[tokio::test]
async fn a_refresh_sends_the_documented_grant_type() {
    let without = ANSWER.replace(r#""refresh_token":"ROW_r","#, "");
    let script = Script::of([success(ANSWER), success(&without)]);
    let clock = VirtualClock::at(NOW);
    let oauth = builder(&script, &clock).build().unwrap().oauth();
    assert_eq!(oauth.refresh(&"old".into()).await.unwrap().refresh_token.expose(), "ROW_r");
    assert_eq!(
        oauth.refresh(&"old".into()).await.unwrap().refresh_token.expose(),
        "old",
        "an absent one stays"
    );
    let request = script.requests().remove(0);
    assert_eq!(request.url.path(), "/api/v2/token/refresh");
    assert_eq!(param(&request, "refresh_token").as_deref(), Some("old"));
    assert_eq!(param(&request, "grant_type").as_deref(), Some("refresh_token"));
}

#[tokio::test]
async fn an_answer_without_tokens_is_an_error_that_shows_none() {
    for data in [
        r#"{"access_token":"ROW_canary"}"#,
        r#"{"access_token":"ROW_a","access_token_expire_in":"ROW_canary"}"#,
        r#"{"access_token":"ROW_a","access_token_expire_in":1}"#,
        "null",
    ] {
        let error = exchange(success(data)).await.0.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::BadReply(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    let (answer, _) = exchange(reply(404, "404 page not found")).await;
    assert!(matches!(answer.unwrap_err().kind(), ErrorKind::BadReply(_)));
}

#[tokio::test]
async fn gaps_of_a_grant_are_known_before_the_first_call() {
    let answer = concat!(
        r#"{"access_token":"a","access_token_expire_in":1700604800,"refresh_token":"r","user_type":1,"#,
        r#""granted_scopes":["creator.showcase.read"]}"#
    );
    let scripts = [ANSWER, answer].map(|answer| Script::of([success(answer)]));
    let [seller, creator] = scripts.map(|script| client_of(&script));
    let seller = seller.oauth().exchange_code(&"c".into()).await.unwrap();
    let creator = creator.oauth().exchange_code(&"c".into()).await.unwrap();
    let operation = |key: &str| ttshop_catalogue::by_key(key).unwrap();
    let wanted =
        ["order.search_orders", "product.search_products", "authorization.get_authorized_category_assets"];
    let gaps = seller.gaps(wanted.map(operation));
    assert_eq!(gaps.iter().map(|gap| gap.operation.key).collect::<Vec<_>>(), wanted[1..]);
    assert!(
        matches!(gaps[0].reason, GapReason::ScopeMissing(scopes) if scopes.contains(&"seller.product.basic"))
    );
    assert_eq!(gaps[1].reason, GapReason::UserTypeWrong);
    assert_eq!(creator.gaps([operation("order.search_orders")])[0].reason, GapReason::UserTypeWrong);
}

fn client_of(script: &std::sync::Arc<Script>) -> Client {
    builder(script, &VirtualClock::at(NOW)).build().unwrap()
}

#[tokio::test]
async fn a_shop_can_be_given_back() {
    let script = Script::of([success("null")]);
    let client = client_of(&script);
    assert!(client.deauthorize().await.unwrap_err().to_string().contains("with_shop"));
    client.with_shop(crate::world::shop()).deauthorize().await.unwrap();
    let request = &script.requests()[0];
    assert_eq!((request.method.as_str(), request.url.path()), ("DELETE", "/authorization/202403/shops"));
    assert_eq!(param(request, "shop_cipher").as_deref(), Some(crate::world::CIPHER));
}
