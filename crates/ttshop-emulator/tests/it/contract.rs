//! Every operation of the catalogue answers.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_catalogue::{Field, Kind, OPERATIONS, Operation, Pagination, Schema};
use ttshop_emulator::{SampleRequest, sample_request};

use crate::catalogue::{call, peer};
use crate::client::{Peer, Reply, Request, frozen};
use crate::validator::{Rigour, findings};

fn refused(reply: &Reply, name: &str, context: &str) {
    let answer = reply.json();
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(answer["code"] == 36_009_004 && message.contains(name), "{context} {name}: {}", reply.text);
}

#[tokio::test]
async fn every_operation_answers_as_the_catalogue_says() {
    let (peer, twin) = (peer().await, peer().await);
    let (mut answered, mut wrong) = (0, Vec::new());
    for operation in OPERATIONS.iter().copied() {
        let request = call(&peer, operation, &sample_request(operation));
        let reply = peer.send(&request).await;
        assert_eq!(reply.header("x-emulator-tier"), Some("contract"), "{}", operation.path);
        let answer = reply.json();
        if reply.status != 200 || answer["code"] != 0 {
            wrong.push(format!("{} {}: {}", operation.method, operation.path, reply.text));
            continue;
        }
        answered += 1;
        let found = findings(operation.response, &answer["data"], Rigour::Plausible);
        wrong.extend(
            found.iter().map(|finding| format!("{} {}: {finding}", operation.method, operation.path)),
        );
        let again = twin.send(&call(&twin, operation, &sample_request(operation))).await;
        if reply.text != again.text {
            wrong.push(format!("{} {}: differs from its twin", operation.method, operation.path));
        }
    }
    println!("{answered} of {} operations answer", OPERATIONS.len());
    assert!(wrong.is_empty(), "{} findings\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    assert_eq!((answered, OPERATIONS.len()), (544, 544));
}

/// Names of the required fields, each with the request that lacks it.
fn without_each(operation: &Operation, whole: &SampleRequest) -> Vec<(&'static str, SampleRequest)> {
    let needed = |field: &&Field| field.required && field.schema.default.is_none();
    let mut lacking = Vec::new();
    for field in operation.query.iter().filter(needed) {
        let mut sample = whole.clone();
        sample.query.retain(|(name, _)| *name != field.name);
        lacking.push((field.name, sample));
    }
    for field in operation.multipart.iter().filter(needed) {
        let mut sample = whole.clone();
        sample.texts.retain(|(name, _)| *name != field.name);
        sample.files.retain(|file| file.part != field.name);
        lacking.push((field.name, sample));
    }
    let Some(schema) = operation.body else { return lacking };
    let mut pointers = Vec::new();
    required_pointers(schema, String::new(), &mut pointers);
    for (name, parent) in pointers {
        let mut sample = whole.clone();
        let holder = sample.body.as_mut().and_then(|body| body.pointer_mut(&parent));
        holder.and_then(Value::as_object_mut).expect("a sample holds what is required").remove(name);
        lacking.push((name, sample));
    }
    lacking
}

/// Required fields at any depth, with the JSON pointer of the object that holds them.
fn required_pointers(schema: &'static Schema, place: String, found: &mut Vec<(&'static str, String)>) {
    match (schema.kind, schema.items) {
        (Kind::Object, _) => {
            for field in schema.fields.iter().filter(|field| field.required) {
                if field.schema.default.is_none() {
                    found.push((field.name, place.clone()));
                }
                required_pointers(field.schema, format!("{place}/{}", field.name), found);
            }
        }
        (Kind::Array, Some(items)) => required_pointers(items, format!("{place}/0"), found),
        _ => {}
    }
}

#[tokio::test]
async fn every_required_parameter_is_missed_by_name() {
    let peer = peer().await;
    let mut refusals = 0;
    for operation in OPERATIONS.iter().copied() {
        let whole = sample_request(operation);
        for (name, lacking) in without_each(operation, &whole) {
            refused(&peer.send(&call(&peer, operation, &lacking)).await, name, operation.path);
            refusals += 1;
        }
    }
    println!("{refusals} required parameters are missed by name");
    assert!(refusals > 600, "{refusals}");
}

/// The request for a page; an empty value takes a parameter away.
fn page(peer: &Peer, operation: &Operation, whole: &SampleRequest, fields: &[(&str, String)]) -> Request {
    let mut request = call(peer, operation, whole);
    if matches!(operation.pagination, Pagination::Query(_)) {
        for (name, value) in fields {
            request = request.with(&[(name, value)]);
        }
        return request;
    }
    let mut body = whole.body.clone().unwrap();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let is_text = operation
            .body
            .and_then(|body| body.field(name))
            .is_some_and(|field| field.schema.kind == Kind::String);
        body[*name] = if is_text { json!(value) } else { json!(value.parse::<i64>().unwrap()) };
    }
    request.body(&body)
}

/// All rows of a listing, page by page, and its total.
async fn listing(
    peer: &Peer,
    operation: &Operation,
    whole: &SampleRequest,
    size: &str,
) -> (Vec<Value>, Option<u64>) {
    let pointer =
        operation.pagination.paging().unwrap().items.map(|items| format!("/{}", items.replace('.', "/")));
    let holder =
        pointer.as_deref().and_then(|pointer| pointer.rsplit_once('/')).map_or("", |(holder, _)| holder);
    let (mut rows, mut total, mut next, mut seen) = (Vec::new(), None, String::new(), BTreeSet::new());
    for number in 0..40_u64 {
        let position = match operation.pagination {
            Pagination::Number(field, _) if field.contains("offset") => (field, rows.len().to_string()),
            Pagination::Number(field, _) => (field, (number + 1).to_string()),
            _ => ("page_token", next.clone()),
        };
        let data = peer.data(&page(peer, operation, whole, &[("page_size", size.into()), position])).await;
        let fresh = pointer.as_deref().and_then(|pointer| data.pointer(pointer)).and_then(Value::as_array);
        let fresh = fresh.cloned().unwrap_or_default();
        if !size.is_empty() {
            assert!(fresh.len() <= size.parse().unwrap(), "{}", operation.path);
        }
        let count = data.pointer(holder).and_then(|holder| holder["total_count"].as_u64());
        assert!(total.is_none() || total == count, "{}: the total changes", operation.path);
        total = count;
        let is_end = fresh.is_empty();
        rows.extend(fresh);
        let token = data.pointer(holder).and_then(|holder| holder["next_page_token"].as_str());
        next = token.unwrap_or_default().to_owned();
        if matches!(operation.pagination, Pagination::Number(..)) {
            if is_end {
                return (rows, total);
            }
        } else if next.is_empty() {
            return (rows, total);
        }
        assert!(next.is_empty() || seen.insert(next.clone()), "{}: a token repeats", operation.path);
    }
    panic!("{}: no end of pages", operation.path);
}

#[tokio::test]
async fn every_listing_ends_and_no_page_size_changes_it() {
    let peer = peer().await;
    let mut listings = 0;
    for operation in OPERATIONS.iter().copied() {
        let Some(paging) = operation.pagination.paging() else { continue };
        let whole = sample_request(operation);
        let takes_size = operation.query.iter().chain(operation.body.map_or(&[][..], |body| body.fields));
        let takes_size = takes_size.into_iter().any(|field| field.name == "page_size");
        let (least, most) = paging.size_range.unwrap_or((1, 50));
        let sizes = [least.max(1).to_string(), most.to_string()];
        let sizes: &[String] = if takes_size { &sizes } else { &[String::new()] };
        let mut known = None;
        for size in sizes {
            let (rows, total) = listing(&peer, operation, &whole, size).await;
            assert!(paging.items.is_none() || !rows.is_empty(), "{}", operation.path);
            if let (Some(total), Some(_)) = (total, paging.items) {
                assert_eq!(total, u64::try_from(rows.len()).unwrap(), "{}", operation.path);
            }
            assert!(
                known.is_none_or(|known| known == rows),
                "{}: rows depend on the page size",
                operation.path
            );
            known = Some(rows);
        }
        listings += 1;
        if takes_size && paging.size_range.is_some() {
            let beyond = page(&peer, operation, &whole, &[("page_size", (most + 1).to_string())]);
            refused(&peer.send(&beyond).await, "page_size", operation.path);
        }
        if !matches!(operation.pagination, Pagination::Number(..)) {
            let broken = page(&peer, operation, &whole, &[("page_token", "abc".into())]);
            refused(&peer.send(&broken).await, "page_token", operation.path);
        }
    }
    println!("{listings} listings end");
    assert!(listings > 100, "{listings}");
}

#[tokio::test]
async fn an_answer_speaks_of_what_was_asked_for() {
    let peer = peer().await;
    let id = "1729000000000000042";
    let product = peer.data(&peer.request(Method::GET, &format!("/product/202309/products/{id}"))).await;
    assert_eq!(product["id"], id);
    let body = json!({ "product_ids": [id, "1729000000000000043"] });
    let found = peer.request(Method::POST, "/product/202309/inventory/search").body(&body);
    let inventory = peer.data(&found).await["inventory"].as_array().unwrap().clone();
    let ids: Vec<&Value> = inventory.iter().map(|entry| &entry["product_id"]).collect();
    assert_eq!(ids, [id, "1729000000000000043"]);
    let another = peer.request(Method::GET, "/product/202309/products/1729000000000000043");
    assert_ne!(peer.data(&another).await["title"], product["title"]);
}

#[tokio::test]
async fn items_fail_on_request_only() {
    let peer = peer().await;
    let body =
        json!({ "product_ids": ["1729000000000000001", "1729000000000000002", "1729000000000000003"] });
    let activate = peer.request(Method::POST, "/product/202309/products/activate").body(&body);
    assert_eq!(peer.data(&activate).await["errors"], json!([]));
    let operation = "product.activate_products";
    let code = ttshop_catalogue::by_key(operation).unwrap().error_codes[0];
    let rule = json!({ "operation": operation, "kind": "partial", "code": code, "message": "no" });
    peer.control(Method::PUT, "faults", json!({ "rules": [rule] })).await;
    let reply = peer.send(&activate).await;
    let errors = reply.json()["data"]["errors"].as_array().unwrap().clone();
    assert_eq!(errors.len(), 2, "{}", reply.text);
    assert_eq!(
        (&errors[0]["message"], errors[0]["code"].to_string().contains(&code.to_string())),
        (&json!("no"), true)
    );
    assert_eq!(errors[1]["detail"]["product_id"], "1729000000000000002", "{}", reply.text);
    assert_eq!(reply.header("x-emulator-fault"), Some("partial"));

    let rule = json!({ "operation": operation, "kind": "code" });
    peer.control(Method::PUT, "faults", json!({ "rules": [rule] })).await;
    let reply = peer.send(&activate).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (200, &json!(code)), "{}", reply.text);
    for (rule, why) in [
        (json!({ "operation": operation, "kind": "code", "code": 7 }), "documents"),
        (json!({ "operation": "order.search_orders", "kind": "partial" }), "partial"),
        (json!({ "kind": "partial" }), "partial"),
    ] {
        let reply = peer.try_control(Method::PUT, "faults", json!({ "rules": [rule] })).await;
        assert!(reply.status == 400 && reply.text.contains(why), "{}", reply.text);
    }
}

#[tokio::test]
async fn a_partners_call_names_one_of_its_categories() {
    let peer = Peer::start(frozen()).await;
    let partner = peer.connection.partners[0].clone();
    let assets =
        peer.request(Method::GET, "/authorization/202405/category_assets").with(&[("shop_cipher", "")]);
    let assets = peer.data(&assets.token(partner.access_token.clone())).await;
    assert_eq!(assets["category_assets"][0]["cipher"], partner.category_assets[0].cipher.as_str());
    let campaigns = peer.request(Method::GET, "/affiliate_partner/202405/campaigns");
    let campaigns = campaigns.with(&[("shop_cipher", ""), ("page_size", "10"), ("type", "MY_CAMPAIGNS")]);
    let campaigns = campaigns.token(partner.access_token.clone());
    for cipher in ["", "EMU_wrong", &peer.connection.shops[0].cipher] {
        let reply = peer.send(&campaigns.clone().with(&[("category_asset_cipher", cipher)])).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (400, &json!(101_000)), "{cipher}");
    }
    let right = campaigns.with(&[("category_asset_cipher", &partner.category_assets[1].cipher)]);
    peer.data(&right).await;
    let seller = right.token(peer.connection.shops[0].access_token.clone());
    assert_eq!(peer.send(&seller).await.json()["code"], 101_000);
}

#[tokio::test]
async fn creators_and_partners_consent_too() {
    let peer = peer().await;
    peer.control(Method::PUT, "app", json!({ "redirect_url": "http://127.0.0.1:1/callback" })).await;
    let creator = json!({ "creator_id": peer.connection.creators[0].creator_id });
    let partner = json!({ "partner_id": peer.connection.partners[0].partner_id });
    for (consent, user_type) in [(creator, 1), (partner, 3)] {
        let code = peer.control(Method::POST, "consent", consent).await["code"].as_str().unwrap().to_owned();
        let query = [
            ("app_key", peer.connection.app_key.as_str()),
            ("app_secret", peer.connection.app_secret.as_str()),
            ("auth_code", &code),
            ("grant_type", "authorized_code"),
        ];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let url = format!("{}/api/v2/token/get?{query}", peer.connection.auth_url);
        let tokens = Reply::read(peer.http.get(url).send().await.unwrap()).await.json();
        assert_eq!(tokens["data"]["user_type"], user_type, "{tokens}");
    }
}
