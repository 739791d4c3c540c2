//! Vectors from the platform's documentation, its own client and a third-party client.

use ttshop_sign::{RequestSigner, signed_body};

const SECRET: &str = "9f0c1d2e3b4a5968778695a4b3c2d1e0f0e1d2c3";
const COMMON: [(&str, &str); 2] = [("app_key", "6testkey00"), ("timestamp", "1700000000")];

#[track_caller]
fn check(secret: &str, path: &str, params: &[(&str, &str)], content_type: &str, body: &str, expected: &str) {
    let signer = RequestSigner::new(secret.into());
    let mut params = params.to_vec();
    let body = signed_body(Some(content_type), body.as_bytes());
    let sign = signer.sign(path, &mut params, body);
    assert_eq!(&*sign, expected, "{path}");
    assert!(signer.verify(path, &mut params, body, expected));
    assert!(!signer.verify(path, &mut params, body, &expected.to_uppercase()), "upper case passed");
}

#[track_caller]
fn check_common(path: &str, extra: &[(&str, &str)], content_type: &str, body: &str, expected: &str) {
    check(SECRET, path, &[extra, &COMMON].concat(), content_type, body, expected);
}

#[test]
fn v1_get_with_nothing_but_the_common_parameters() {
    let expected = "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8";
    let params = [("timestamp", "1623812664"), ("app_key", "29a39d")];
    check("e59af819cc", "/authorization/202309/shops", &params, "application/json", "", expected);
}

#[test]
fn the_documentation_s_example_command_is_wrong() {
    let mut params = [("app_key", "29a39d"), ("timestamp", "1623812664")];
    let sign = RequestSigner::new("e59af819cc".into()).sign("/authorization/202309/shops", &mut params, None);
    assert!(!sign.starts_with("bc721f"));
}

#[test]
fn v2_put_with_a_body() {
    let params = [
        ("app_key", "68xu9ks5p4i8"),
        ("shop_cipher", "ROW_xkMbgAAAeVAQra0eZWebFQq5aIK"),
        ("timestamp", "1696909648"),
    ];
    let body = r#"{"address":"https://partner.tiktokshop.com","event_type":"PACKAGE_UPDATE"}"#;
    let expected = "cd0d6268252f4ba293bf7ea4c0a2873bf9beec600d22530638564ab301435f7a";
    check("e59af819cc", "/event/202309/webhooks", &params, "application/json", body, expected);
}

#[test]
fn v3_lists_decoded_ciphers_and_ignored_parameters() {
    let extra = [
        ("shop_cipher", "ROW_test+cipher/=="),
        ("ids", "576461413038785752,576461413038785753"),
        ("access_token", "ROW_not_signed"),
        ("sign", "not_signed_either"),
    ];
    let expected = "785306f86725724306c0d9b1936c884936eab44b817d99f7131caafdd5826f35";
    check_common("/order/202507/orders", &extra, "application/json", "", expected);
}

#[test]
fn v4_search_with_a_page_token() {
    let extra = [
        ("sort_order", "ASC"),
        ("sort_field", "update_time"),
        ("shop_cipher", "ROW_testcipher"),
        ("page_token", "6AsPQsUMvH3RkchNUPPh22NROHkE0D8pmq/N5M1kHYcZmtRyv9aVrNv65W7Q6tFA+7D1ud64MPNz5OaT"),
        ("page_size", "50"),
    ];
    let body =
        r#"{"order_status":"AWAITING_SHIPMENT","update_time_ge":1699990000,"update_time_lt":1700000000}"#;
    let expected = "b58ab690540faf0cc3008c80da5e966028034754bac344260e31ed395519480b";
    check_common("/order/202309/orders/search", &extra, "application/json; charset=utf-8", body, expected);
}

#[test]
fn v5_nothing_of_a_multipart_body_is_signed() {
    let expected = "e359573a59763912619b1bbec3654b6251b1da4a5cc87f718ef4c4f2e9408bd5";
    for content_type in ["multipart/form-data; boundary=abc", "Multipart/Form-Data;boundary=\"x\""] {
        check_common("/product/202309/images/upload", &[], content_type, "--abc\r\n", expected);
    }
}

#[test]
fn v6_delete_with_a_body() {
    let body = r#"{"product_ids":["1729592969712207008"]}"#;
    let expected = "e23e7c8145bd1869df38725b19aa1981f17ed40229477be6ed7cda02793ab7db";
    let extra = [("shop_cipher", "ROW_testcipher")];
    check_common("/product/202309/products", &extra, "application/json", body, expected);
}

#[test]
fn v7_letters_of_any_script() {
    let path = "/customer_service/202309/conversations/7100000000000000001/messages";
    let body = r#"{"type":"TEXT","content":"{\"content\":\"Xin chào 你好 ☕\"}"}"#;
    let expected = "a85c633f06e22a42860c46c30c8b742ac31c961c8ac9dcdaecec73779d7e21ac";
    check_common(path, &[("shop_cipher", "ROW_testcipher")], "application/json", body, expected);
}

#[test]
fn the_unit_test_of_a_php_client() {
    let expected = "d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f";
    check("app_secret", "/test-api", &[("foo", "bar")], "application/json", "", expected);
}
