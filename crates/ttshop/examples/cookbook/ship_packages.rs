//! Ship packages: many in one call, each with its own outcome.

use ttshop::api::fulfillment::{BatchShipPackages, PackageInput};
use ttshop::{Cause, Client, ItemError};

use crate::Outcome;

pub(crate) async fn run(client: &Client, package_ids: &[String]) -> Outcome {
    let packages = package_ids.iter().map(|id| PackageInput::new(id.as_str()));
    let batch = client.batch_by(packages, |package| package.id.to_string(), BatchShipPackages::new);
    for (package, outcome) in batch.act().await {
        match outcome {
            Ok(()) => println!("{} is shipped", package.id),
            Err(ItemError::Failed(failure))
                if Cause::of(failure.code, &failure.message) == Cause::AlreadyDone =>
            {
                println!("{} was shipped before", package.id);
            }
            Err(error) => println!("{}: {error}", package.id),
        }
    }
    Ok(())
}
