//! Update stock: absolute quantities, for every warehouse of a SKU.

use ttshop::Client;
use ttshop::api::product::{InventorySku, SkuInventory, UpdateInventory};

use crate::Outcome;

pub(crate) async fn run(client: &Client, product_id: &str, sku_id: &str) -> Outcome {
    let stock = SkuInventory::new(12).warehouse_id("7000000000000000001");
    let request = UpdateInventory::new(product_id, [InventorySku::new(sku_id, [stock])]);
    match client.product().update_inventory(request).await {
        Ok(_) => println!("done"),
        Err(error) => match error.batch_failure() {
            None => return Err(error.into()),
            Some(partial) => {
                for failure in &partial.failures {
                    println!("{:?}: {}", failure.subject, failure.message);
                }
            }
        },
    }
    Ok(())
}
