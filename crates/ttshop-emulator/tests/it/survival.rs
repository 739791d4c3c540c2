//! What sellers, buyers and warehouses did is there after a snapshot was restored.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checked::{checked, checked_with};
use crate::client::{Peer, START, frozen, quiet};

#[tokio::test]
async fn promotions_conversations_goods_and_collaborations_survive_a_snapshot() {
    let peer = Peer::start(frozen().world(quiet())).await;
    let shop_id = peer.connection.shops[0].shop_id.clone();
    let order = peer.place(1, "AWAITING_SHIPMENT").await.remove(0);
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", &order)]);
    let line = peer.data(&detail).await["orders"][0]["line_items"][0].clone();
    let (product, sku) = (&line["product_id"], &line["sku_id"]);

    let begin = START.as_seconds() + 600;
    let activity = json!({
        "title": "Kept", "activity_type": "DIRECT_DISCOUNT", "product_level": "PRODUCT",
        "begin_time": begin, "end_time": begin + 86_400,
    });
    let activities = "/promotion/202309/activities";
    let id = checked(&peer, Method::POST, activities, &activity).await["activity_id"].clone();
    let activity = format!("{activities}/{}", id.as_str().unwrap());
    let entry = json!({ "id": product, "quantity_limit": -1, "quantity_per_user": -1, "discount": "10" });
    let body = json!({ "activity_id": id, "products": [entry] });
    checked(&peer, Method::PUT, &format!("{activity}/products"), &body).await;
    let coupon = json!({ "shop_id": shop_id, "title": "Kept too", "amount_off": "1.00" });
    peer.control(Method::POST, "promotions/coupons", coupon).await;
    let letter = json!({ "shop_id": shop_id, "order_id": order, "text": "Hello" });
    peer.control(Method::POST, "conversations", letter).await;
    let goods = json!({
        "tts_sku_id": sku, "create_goods_type": "CREATE_AND_BIND", "goods_name": "Kept", "goods_image_url": "",
        "return_handling_method": "RETURN_WITHOUT_INSPECTION", "is_hazmat": false, "is_lot_code": false,
        "is_expiration_management": false,
        "dimension_and_weight_base_info": {
            "weight_value": "1", "length_value": "2", "width_value": "3", "height_value": "4",
            "weight_unit": "KILOGRAM", "dimension_unit": "CENTIMETER",
        },
    });
    let goods = json!({ "create_goods_dto_list": [goods] });
    checked(&peer, Method::POST, "/fbt/202607/goods/create_goods", &goods).await;
    let open = json!({ "product_id": product, "commission_rate": 1_000 });
    checked(&peer, Method::POST, "/affiliate_seller/202412/open_collaborations", &open).await;

    let before = shown(&peer, &activity).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    peer.control(Method::POST, "restore", snapshot).await;
    assert_eq!(shown(&peer, &activity).await, before);
    assert!(before.iter().all(|answer| answer["total_count"].as_i64().unwrap_or(1) == 1), "{before:?}");
    assert_eq!(before[0]["status"], "NOT_START");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 600 })).await;
    assert_eq!(shown(&peer, &activity).await[0]["status"], "ONGOING", "its alarm survives as well");
}

/// One answer of each family.
async fn shown(peer: &Peer, activity: &str) -> Vec<Value> {
    let size = [("page_size", "10")];
    let nothing = json!({});
    let post = async |path: &str| checked_with(peer, Method::POST, path, &size, &nothing).await;
    vec![
        checked(peer, Method::GET, activity, &Value::Null).await,
        post("/promotion/202406/coupons/search").await,
        checked_with(peer, Method::GET, "/customer_service/202309/conversations", &size, &Value::Null).await,
        post("/fbt/202607/goods/search").await,
        post("/affiliate_seller/202412/open_collaborations/search").await,
    ]
}
