//! A small catalogue that is right, and every way to break it.

use serde_json::{Value, json};

use super::catalogue::{Catalogue, Pagination, Retry};
use super::source::Sources;
use super::{api, generate, root};

fn order(version: &str) -> Value {
    json!({
        "name": "GetOrderList", "version": version, "status": "current", "method": "POST",
        "path": format!("/order/{version}/shops/{{shop_id}}/orders/search"), "path_params": ["shop_id"],
        "takes": "shop_cipher", "user_types": [0], "scope": "seller.order.info | seller.order", "paginated": true,
        "query": [{ "name": "page_size", "type": "integer", "default": "20", "range": [1, 100] }, { "name": "page_token", "type": "string" }],
        "body": { "type": "object", "fields": [{ "name": "ids", "type": "array", "items": { "type": "string" }, "max_count": 50 }] },
        "response": { "type": "object", "fields": [{ "name": "orders", "type": "array", "items": { "type": "object", "fields": [{ "name": "id", "type": "string" }] } }] },
        "error_codes": [7], "seen_in": ["docs"]
    })
}

fn good() -> Sources {
    Sources {
        operations: [(
            "order".to_owned(),
            json!({ "family": "order", "operations": [order("202309"), order("202507")] }),
        )]
        .into(),
        webhooks: json!({ "events": [{ "type": 1, "name": "A", "named_in_event_api": true, "envelope": ["type", "shop_id"], "data": { "type": "object" } }] }),
        errors: json!({ "errors": [{ "code": 7, "meaning": "no", "family": "order" }] }),
        pins: "\"order.search_order_list\" = \"202507\"".to_owned(),
        names: String::new(),
        uploads: String::new(),
        failures: String::new(),
        personal: String::new(),
        fixups: [].into(),
    }
}

/// Breaks a good catalogue and expects an error that says `part`.
fn check(part: &str, change: impl FnOnce(&mut Sources)) {
    let mut sources = good();
    change(&mut sources);
    match Catalogue::build(&sources) {
        Ok(_) => panic!("accepted, although: {part}"),
        Err(error) => assert!(format!("{error:#}").contains(part), "expected `{part}`, got `{error:#}`"),
    }
}

fn first(sources: &mut Sources) -> &mut Value {
    &mut sources.operations.get_mut("order").unwrap()["operations"][0]
}

#[test]
fn a_good_catalogue_is_read() {
    let catalogue = Catalogue::build(&good()).unwrap();
    let [old, new] = catalogue.families[0].operations.as_slice() else { panic!("two versions") };
    assert_eq!((old.name.as_str(), old.pinned, new.pinned), ("search_order_list", false, true));
    assert_eq!((old.scopes.len(), old.retry, old.batch_max), (2, Retry::Safe, Some(50)));
    assert!(
        matches!(&old.pagination, Pagination::Query(paging) if paging.items.as_deref() == Some("orders"))
    );
}

#[test]
fn unknown_keys_and_types_are_refused() {
    check("unknown field `surprise`", |s| first(s)["surprise"] = json!(1));
    check("unknown field `surprise`", |s| first(s)["query"][0]["surprise"] = json!(1));
    check("unknown variant `text`", |s| first(s)["query"][0]["type"] = json!("text"));
    check("unknown variant `PATCH`", |s| first(s)["method"] = json!("PATCH"));
    check("unknown variant `rfc`", |s| first(s)["query"][0]["format"] = json!("rfc"));
    check("unknown field `surprise`", |s| s.webhooks["events"][0]["surprise"] = json!(1));
    check("unknown field `surprise`", |s| s.errors["errors"][0]["surprise"] = json!(1));
    check("unknown field `surprise`", |s| s.names = "[surprise]".to_owned());
}

#[test]
fn operations_that_contradict_themselves_are_refused() {
    check("the file says it is family `x`", |s| {
        s.operations.get_mut("order").unwrap()["family"] = json!("x");
    });
    check("does not start with family and version", |s| {
        first(s)["path"] = json!("/x/202309/shops/{shop_id}/orders/search");
    });
    check("path parameters", |s| first(s)["path_params"] = json!([]));
    check("path parameters", |s| first(s)["path_params"] = json!(["order_id"]));
    check("is no version", |s| {
        first(s)["version"] = json!("v1");
        first(s)["path"] = json!("/order/v1/shops/{shop_id}/orders/search");
    });
    check("user types", |s| first(s)["user_types"] = json!([2]));
    check("user types", |s| first(s)["user_types"] = json!([]));
    check("error code 8", |s| first(s)["error_codes"] = json!([8]));
    check("a JSON body and a multipart body", |s| {
        first(s)["multipart"] = json!([{ "name": "data", "type": "file" }]);
    });
    check("successor `/order/209901/x`", |s| first(s)["superseded_by"] = json!("/order/209901/x"));
    check("paginated, but no page field", |s| first(s)["query"] = json!([]));
    check("is no object", |s| first(s)["response"] = json!({ "type": "string" }));
}

#[test]
fn duplicates_are_refused() {
    let again = |s: &mut Sources, change: fn(&mut Value)| {
        let mut copy = order("202309");
        change(&mut copy);
        s.operations.get_mut("order").unwrap()["operations"].as_array_mut().unwrap().push(copy);
    };
    check("the same method and path occur twice", |s| again(s, |_| {}));
    check("two resources share the name `search_order_list`", |s| {
        again(s, |copy| copy["path"] = json!("/order/202309/other/{shop_id}/search"));
    });
    check("a code occurs twice", |s| {
        s.errors["errors"].as_array_mut().unwrap().push(json!({ "code": 7, "meaning": "", "family": "a" }));
    });
    check("a type or name occurs twice", |s| {
        let copy = s.webhooks["events"][0].clone();
        s.webhooks["events"].as_array_mut().unwrap().push(copy);
    });
    check("two fields of one name", |s| first(s)["query"][1]["name"] = json!("page_size"));
}

#[test]
fn shapes_that_contradict_themselves_are_refused() {
    let query = |change: Value| {
        move |s: &mut Sources| first(s)["query"] = json!([change, { "name": "page_token", "type": "string" }])
    };
    check("`items` is for arrays", query(json!({ "name": "a", "type": "array" })));
    check(
        "`items` is for arrays",
        query(json!({ "name": "a", "type": "string", "items": { "type": "string" } })),
    );
    check(
        "`fields` is for objects",
        query(json!({ "name": "a", "type": "string", "fields": [{ "name": "b", "type": "string" }] })),
    );
    check("`max_length` is for text", query(json!({ "name": "a", "type": "integer", "max_length": 5 })));
    check("`max_count` is for lists", query(json!({ "name": "a", "type": "string", "max_count": 5 })));
    check("upside down", query(json!({ "name": "a", "type": "integer", "range": [9, 1] })));
    check("the default is not", query(json!({ "name": "a", "type": "integer", "default": "empty" })));
    check("the default is not", query(json!({ "name": "a", "type": "boolean", "default": "FALSE" })));
    check(
        "the default is not",
        query(json!({ "name": "a", "type": "string", "values": ["A"], "default": "B" })),
    );
    check("a file outside a form", query(json!({ "name": "a", "type": "file" })));
    check("a field without a name", query(json!({ "type": "string" })));
    check("has no single owner", |s| s.webhooks["events"][0]["envelope"] = json!(["type"]));
}

#[test]
fn pins_name_what_exists_and_nothing_else() {
    check("\"order.search_order_list\" = \"202507\" is missing", |s| s.pins.clear());
    check("has no version 209901", |s| s.pins = s.pins.replace("202507", "209901"));
    check("`order.nothing` does not exist", |s| s.pins.push_str("\n\"order.nothing\" = \"202309\""));
    check("has one version only", |s| {
        drop(s.operations.get_mut("order").unwrap()["operations"].as_array_mut().unwrap().pop());
    });
}

#[test]
fn overrides_for_what_is_gone_are_refused() {
    check("no operation `Gone` in `order`", |s| s.names = "[operations.order]\nGone = \"gone\"".to_owned());
    check("no operation `gone` in `order`", |s| s.names = "[items.order]\ngone = \"items\"".to_owned());
    check("`gone.202309.response.x` leads nowhere", |s| {
        s.names = "[merge.order]\nOrder = [\"gone.202309.response.x\"]".to_owned();
    });
    check("no type at `gone.202309.response`", |s| {
        s.names = "[types.order]\n\"gone.202309.response\" = \"Gone\"".to_owned();
    });
    check("no field `gone.ids`", |s| s.names = "[fields.order]\n\"gone.ids\" = \"OrderId\"".to_owned());
}

const FIXUP: &str = r#"
[[fixup]]
family = "order"
operation = "GetOrderList"
versions = ["202309"]
target = "body.ids"
key = "max_count"
before = 50
after = 40
reason = "seen"
"#;

#[test]
fn a_fixup_changes_what_it_says() {
    let mut sources = good();
    sources.fixups.insert("limits".to_owned(), FIXUP.to_owned());
    let catalogue = Catalogue::build(&sources).unwrap();
    let bounds: Vec<_> =
        catalogue.families[0].operations.iter().map(|operation| operation.batch_max).collect();
    assert_eq!(bounds, [Some(40), Some(50)]);
}

#[test]
fn a_fixup_that_no_longer_fits_is_refused() {
    let with = |from: &'static str, to: &'static str| {
        move |s: &mut Sources| drop(s.fixups.insert("a".to_owned(), FIXUP.replace(from, to)))
    };
    check("`max_count` is", with("before = 50", "before = 51"));
    check("changes nothing", with("after = 40", "after = 50"));
    check("no such operation", with("202309", "209901"));
    check("no field `gone`", with("body.ids", "body.gone"));
    check("no reason given", with("seen", " "));
    check("names no version", with("\"202309\"", ""));
    check(
        "field `ids` is not as `before` says",
        with("target = \"body.ids\"\nkey = \"max_count\"", "target = \"body.fields\"\nkey = \"ids\""),
    );
}

#[test]
fn a_sweep_counts_what_it_meets() {
    let sweep = |count: usize, after: &str| {
        let text = format!(
            "[[sweep]]\ntype = \"integer\"\nkey = \"default\"\nbefore = \"20\"\n{after}\ncount = {count}\nreason = \"seen\""
        );
        move |s: &mut Sources| drop(s.fixups.insert("a".to_owned(), text))
    };
    let mut sources = good();
    sweep(2, "")(&mut sources);
    assert!(Catalogue::build(&sources).is_ok());
    check("met 2, not 3", sweep(3, ""));
    check("changes nothing", sweep(2, "after = \"20\""));
}

#[test]
fn generated_files_are_fresh() {
    generate(&root()).unwrap().check(&root()).unwrap();
}

#[test]
fn every_operation_has_its_request() {
    let output = generate(&root()).unwrap();
    let requests = output.texts().filter(|text| text.contains("\nimpl Request for ")).count();
    assert_eq!(requests, 544);
}

fn catalogue() -> Catalogue {
    Catalogue::build(&Sources::read(&root().join("catalogue")).unwrap()).unwrap()
}

/// Longest name of a request or an answer, which follow the platform's title.
const TITLE_MAX: usize = 60;

#[test]
fn names_of_types_are_short_and_say_nothing_twice() {
    let names = api::type_names(&catalogue());
    assert!(names.len() > 2000, "{}", names.len());
    let is_bad = |(_, name, titled): &&(String, String, bool)| {
        let most = if *titled { TITLE_MAX } else { api::NAME_MAX };
        let numbered = !titled && name.ends_with(|last: char| last.is_ascii_digit()) && !name.ends_with("V2");
        name.len() > most || api::repeats(name) || numbered
    };
    let bad: Vec<_> = names.iter().filter(is_bad).collect();
    assert!(bad.is_empty(), "give these a name in names.toml: {bad:#?}");
}

#[test]
fn every_family_is_a_feature_of_models_and_client() {
    for manifest in ["ttshop-api", "ttshop"] {
        let text = std::fs::read_to_string(root().join("crates").join(manifest).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&text).unwrap();
        let features = manifest["features"].as_table().unwrap();
        let full: Vec<_> =
            features["full"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        for family in catalogue().families {
            assert!(features.contains_key(&family.name), "{} is no feature", family.name);
            assert!(full.contains(&family.name.as_str()), "{} is not in `full`", family.name);
        }
    }
}

const UPLOAD: &str = r#"
[[upload]]
family = "order"
operation = "GetOrderList"
versions = ["202309", "202507"]
part = "data"
documented = true
reason = "seen"
codes = { size = 7 }
accepts = [{ formats = ["PNG"], megabytes_max = 1, sides = [1, 2] }]
"#;

/// Both versions take a form with a file.
fn with_form(sources: &mut Sources) {
    let operations = sources.operations.get_mut("order").unwrap()["operations"].as_array_mut().unwrap();
    for operation in operations {
        operation.as_object_mut().unwrap().remove("body");
        operation["multipart"] =
            json!([{ "name": "data", "type": "file" }, { "name": "name", "type": "string" }]);
    }
    sources.uploads = UPLOAD.to_owned();
}

#[test]
fn every_file_part_has_its_limits() {
    let mut sources = good();
    with_form(&mut sources);
    Catalogue::build(&sources).unwrap();
    let with = |from: &'static str, to: &'static str| {
        move |sources: &mut Sources| {
            with_form(sources);
            sources.uploads = sources.uploads.replace(from, to);
        }
    };
    check("0 entries for order GetOrderList 202507", with(", \"202507\"", ""));
    check("no such operation in one of the versions", with("202507", "209901"));
    check("the form has no such part", with("part = \"data\"", "part = \"name\""));
    check("does not document code 8", with("size = 7", "size = 8"));
    check("`large` is no fault", with("size = 7", "large = 7"));
    check("`XCF` is no format", with("PNG", "XCF"));
    check("upside down", with("[1, 2]", "[2, 1]"));
    check("gives no reason", with("seen", " "));
    check("accepts nothing", with("[{ formats = [\"PNG\"], megabytes_max = 1, sides = [1, 2] }]", "[]"));
}

#[test]
fn lists_of_failures_lead_somewhere() {
    const FAILURE: &str = r#"
        [[failure]]
        family = "order"
        operation = "GetOrderList"
        versions = ["202309"]
        lists = [{ path = "orders[]", reason = "id" }]
    "#;
    let mut sources = good();
    sources.failures = FAILURE.to_owned();
    Catalogue::build(&sources).unwrap();
    let with = |from: &'static str, to: &'static str| {
        move |sources: &mut Sources| sources.failures = FAILURE.replace(from, to)
    };
    check("no such operation in one of the versions", with("202309", "209901"));
    check("`orders` leads to no such item", with("orders[]", "orders"));
    check("`orders[]` leads to no such item", with("\"id\"", "\"gone\""));
    check("nothing tells a failure in `orders[]`", with(", reason = \"id\"", ""));
}

#[test]
fn rules_for_personal_texts_meet_something() {
    const RULE: &str = "[[personal]]\nparents = [\"orders\"]\nnames = [\"id\"]\nreason = \"seen\"";
    let mut sources = good();
    sources.personal = RULE.to_owned();
    let catalogue = Catalogue::build(&sources).unwrap();
    assert_eq!(Vec::from_iter(&catalogue.personal.met), [&("orders".to_owned(), "id".to_owned())]);
    let with = |from: &'static str, to: &'static str| {
        move |sources: &mut Sources| sources.personal = RULE.replace(from, to)
    };
    check("no text fits `orders: gone`", with("\"id\"", "\"gone\""));
    check("no text fits `gone: id`", with("orders", "gone"));
    check("gives no reason", with("seen", " "));
}
