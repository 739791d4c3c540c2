//! Connect a shop: from the callback of the consent page to a client that calls for the seller's first shop.

use std::sync::Arc;

use ttshop::api::authorization::GetAuthorizedShops;
use ttshop::{Callback, Client, Grantor, MemoryTokens, RefreshingTokens, ShopAccess};

use crate::Outcome;

pub(crate) async fn run(client: &Client, callback_query: &str) -> Outcome {
    let oauth = client.oauth();
    println!("send the seller to {}", oauth.authorize_link(Grantor::Seller, "a random state"));

    let callback = Callback::parse(callback_query)?;
    let tokens = oauth.exchange_code(&callback.code).await?;
    for gap in tokens.gaps(ttshop_catalogue::by_family("order").iter().copied()) {
        println!("{} will be refused: {:?}", gap.operation.key, gap.reason);
    }

    let tokens = RefreshingTokens::new(oauth, Arc::new(MemoryTokens::new(tokens)));
    let client = client.with_tokens(Arc::new(tokens));
    let shops = client.authorization().get_authorized_shops(GetAuthorizedShops::new()).await?;
    for shop in shops.data.shops {
        if let (Some(id), Some(cipher)) = (shop.id, shop.cipher) {
            let _client = client.with_shop(ShopAccess::new(id, cipher));
        }
    }
    Ok(())
}
