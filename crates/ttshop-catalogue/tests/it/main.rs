//! What callers may rely on in the static tables.

mod uploads;

use std::collections::BTreeSet;

use ttshop_catalogue::{
    Cipher, ERRORS, Idempotency, Method, OPERATIONS, Owner, Pagination, RetrySafety, SCOPES, UserType,
    WEBHOOKS, by_family, by_key, by_key_version, error_code, families, path_exists, route, versions_of,
    webhook_by_name, webhook_by_number,
};

#[test]
fn the_whole_platform_is_here() {
    assert_eq!(OPERATIONS.len(), 544);
    assert_eq!(families().len(), 26);
    assert_eq!(WEBHOOKS.len(), 44);
    assert_eq!(ERRORS.len(), 885);
    assert_eq!(families().map(|family| by_family(family).len()).sum::<usize>(), OPERATIONS.len());
}

#[test]
fn names_that_scripts_rely_on_exist() {
    let search = by_key("order.search_orders").unwrap();
    assert_eq!((search.title, search.version), ("GetOrderList", "202309"));
    assert_eq!((search.method, search.takes), (Method::Post, Cipher::Shop));
    assert_eq!(search.user_types, [UserType::Seller]);
    assert_eq!(by_key("order.get_order_detail").unwrap().version, "202507");
    assert_eq!(by_key("authorization.get_authorized_shops").unwrap().takes, Cipher::None);
    assert!(by_key("order.nothing").is_none() && by_key("nothing").is_none() && by_key("").is_none());
}

#[test]
fn every_operation_is_found_by_key_and_by_key_and_version() {
    for operation in OPERATIONS {
        let found = by_key_version(operation.key, operation.version).unwrap();
        assert_eq!(found.path, operation.path);
        assert_eq!(operation.key, format!("{}.{}", operation.family, operation.name));
        assert_eq!(by_key(operation.key).unwrap().key, operation.key);
    }
    let pinned = OPERATIONS.iter().filter(|operation| operation.pinned);
    let keys: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.key).collect();
    assert_eq!(pinned.count(), keys.len());
    assert!(by_key_version("order.search_orders", "209901").is_none());
}

#[test]
fn every_operation_is_found_by_its_own_path() {
    for operation in OPERATIONS {
        let path = operation.path.replace('{', "value-of-").replace('}', "");
        let (found, params) = route(operation.method, &path).unwrap();
        assert_eq!(found.path, operation.path);
        for name in operation.path_params {
            assert_eq!(params.get(name), Some(format!("value-of-{name}").as_str()));
        }
        assert_eq!(params.iter().count(), operation.path_params.len());
        assert!(path_exists(&path));
    }
}

#[test]
fn literal_segments_win_over_parameters() {
    let (search, _) = route(Method::Post, "/product/202502/products/search").unwrap();
    assert_eq!(search.key, "product.search_products");
    let (get, params) = route(Method::Get, "/product/202309/products/search").unwrap();
    assert_eq!((get.key, params.get("product_id")), ("product.get_product", Some("search")));
}

#[test]
fn wrong_paths_methods_and_versions_are_told_apart() {
    for path in
        ["", "/", "order", "/order/202309/orders/", "/order/202309/orders/1", "/reverse/202309/x", "//"]
    {
        assert!(!path_exists(path), "{path}");
        assert!(route(Method::Get, path).is_none(), "{path}");
    }
    assert!(
        path_exists("/order/202309/orders/search")
            && route(Method::Get, "/order/202309/orders/search").is_none()
    );
    assert_eq!(versions_of("/order/209901/orders"), ["202309", "202507"]);
    assert!(versions_of("/order/209901/nothing").is_empty() && versions_of("/order").is_empty());
    assert!(!path_exists("/product/202309/products//inventory/update"));
}

#[test]
fn successors_exist() {
    for operation in OPERATIONS {
        let Some(successor) = operation.superseded_by else { continue };
        let (found, _) = route(operation.method, &successor.replace(['{', '}'], "")).unwrap();
        assert_eq!(found.key, operation.key);
        assert!(found.version > operation.version);
    }
}

#[test]
fn only_reads_are_safe_and_keys_make_writes_idempotent() {
    for operation in OPERATIONS {
        match operation.retry_safety {
            RetrySafety::Safe => assert!(operation.method == Method::Get || operation.method == Method::Post),
            RetrySafety::Idempotent => assert!(
                matches!(operation.method, Method::Put | Method::Delete)
                    || operation.idempotency != Idempotency::None,
                "{}",
                operation.key
            ),
            RetrySafety::Unsafe => assert_eq!(operation.method, Method::Post),
        }
    }
    let safety = |key: &str| by_key(key).unwrap().retry_safety;
    assert_eq!(safety("order.search_orders"), RetrySafety::Safe);
    assert_eq!(safety("product.create_product"), RetrySafety::Idempotent);
    assert_eq!(safety("fulfillment.ship_package"), RetrySafety::Unsafe);
    assert_eq!(by_key("return_refund.create_return").unwrap().idempotency, Idempotency::Query);
}

#[test]
fn pages_say_where_they_are_asked_for_and_what_they_hold() {
    let orders = by_key("order.search_orders").unwrap().pagination;
    assert!(matches!(orders, Pagination::Query(paging) if paging.items == Some("orders")));
    assert_eq!(orders.paging().unwrap().size_range, Some((1, 100)));
    let activities = by_key("promotion.search_promotion_activities").unwrap().pagination;
    assert!(matches!(activities, Pagination::Body(paging) if paging.items == Some("activities")));
    let statuses = by_key("product.search_product_skpp_statuses").unwrap().pagination;
    assert!(matches!(statuses, Pagination::Number("page_no", _)));
    let wrapped = by_key("product.list_opportunities").unwrap().pagination;
    assert_eq!(wrapped.paging().unwrap().items, Some("data.opportunities"));
    assert_eq!(by_key("order.get_order_detail").unwrap().pagination, Pagination::None);
    assert_eq!(by_key("order.get_order_detail").unwrap().batch_max, Some(50));
}

#[test]
fn errors_webhooks_and_scopes_are_sorted_and_found() {
    assert!(ERRORS.is_sorted_by(|a, b| a.code < b.code));
    assert!(ERRORS.iter().all(|error| error_code(error.code).is_some_and(|found| found.code == error.code)));
    assert_eq!(error_code(105_002).unwrap().meaning, "access token expired");
    assert!(error_code(-1).is_none());
    assert_eq!(webhook_by_number(1).unwrap().name, "ORDER_STATUS_CHANGE");
    assert_eq!(webhook_by_name("CREATOR_DEAUTHORIZATION").unwrap().owner, Owner::Creator);
    assert!(webhook_by_number(2).is_none());
    assert!(SCOPES.is_sorted() && SCOPES.contains(&"seller.order.info"));
    let known: BTreeSet<_> = SCOPES.iter().collect();
    assert!(OPERATIONS.iter().flat_map(|operation| operation.scope).all(|scope| known.contains(scope)));
}
