//! Ten jobs, each as short as it gets; `docs/cookbook` tells about each.
//!
//! `cargo run -p ttshop --example cookbook -- <job> <api url> <auth url> <app key> <app secret> <access token> <shop id> <cipher>
//! [more]` does one of them. `ttshop emulate` prints all of these values.

#![expect(clippy::print_stdout, reason = "a program that shows what it found")]

mod batch_details;
mod connect_shop;
mod handle_errors;
mod list_orders;
mod print_labels;
mod receive_webhooks;
mod ship_packages;
mod sync_changes;
mod update_stock;
mod upload_image;

use std::sync::Arc;

use ttshop::{App, Client, FixedToken, ShopAccess};

/// Any failure; a real program names its own.
type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [job, api_url, auth_url, key, secret, token, shop_id, cipher, more @ ..] = given.as_slice() else {
        return Err("give a job, two urls, an app's key and secret, a token, a shop's id and cipher".into());
    };
    let app = App { key: key.as_str().into(), secret: secret.as_str().into(), service_id: "none".into() };
    let token = FixedToken::new(token.as_str().into());
    let builder = Client::builder(app).base_url(api_url).auth_url(auth_url).tokens(Arc::new(token));
    let shop = ShopAccess::new(shop_id.as_str().into(), cipher.as_str().into());
    let client = builder.build()?.with_shop(shop.with_alias("example"));
    run(job, &client, more).await
}

async fn run(job: &str, client: &Client, more: &[String]) -> Outcome {
    let first = more.first().map(String::as_str).unwrap_or_default();
    match job {
        "batch_details" => batch_details::run(client, more).await,
        "connect_shop" => connect_shop::run(client, first).await,
        "handle_errors" => handle_errors::run(client).await,
        "list_orders" => list_orders::run(client).await,
        "print_labels" => print_labels::run(client, first).await,
        "receive_webhooks" => receive_webhooks::run(client, first, b"{}"),
        "ship_packages" => ship_packages::run(client, more).await,
        "sync_changes" => sync_changes::run(client).await,
        "update_stock" => update_stock::run(client, first, more.last().map_or("", String::as_str)).await,
        "upload_image" => upload_image::run(client, first).await,
        other => Err(format!("there is no job `{other}`").into()),
    }
}
