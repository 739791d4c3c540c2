//! Buyers' values that the platform hides.

use ttshop::api::order::SearchOrders;
use ttshop_types::Masked;

use crate::world::{Script, client, success};

const HIDDEN: &str = r#"{"orders":[{"id":"1","buyer_email":"v2b2V4@chat.seller.tiktok.com","cpf":"***.***.123-**",
    "recipient_address":{"name":"J*** S****","first_name":"J***","last_name":"S****","phone_number":"(+44)77*****89",
    "full_address":"United Kingdom, ****","address_line1":"** Example Road","postal_code":"E1****"}}]}"#;

#[tokio::test]
async fn a_hidden_value_cannot_be_read_as_a_clear_one() {
    let script = Script::of([success(HIDDEN)]);
    let (client, _) = client(&script);
    let mut page = client.order().search_orders(SearchOrders::new()).await.unwrap();
    let order = page.data.orders.remove(0);
    let address = order.recipient_address.unwrap();
    let hidden: [Option<Masked>; 7] = [
        order.cpf,
        address.name,
        address.first_name,
        address.last_name,
        address.phone_number,
        address.full_address,
        address.address_line1,
    ];
    for value in hidden {
        let value = value.unwrap();
        assert_eq!(value.clear(), None);
        assert!(matches!(value, Masked::Hidden(_)));
    }
    assert_eq!(order.buyer_email.unwrap().clear(), Some("v2b2V4@chat.seller.tiktok.com"));
}
