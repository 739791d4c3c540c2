//! Print a label: the platform makes the document after the package is shipped, so ask until it is there.

use ttshop::Client;
use ttshop::api::fulfillment::GetPackageShippingDocument;

use crate::Outcome;

pub(crate) async fn run(client: &Client, package_id: &str) -> Outcome {
    let request = GetPackageShippingDocument::new(package_id, "SHIPPING_LABEL");
    // While the document is being made, the client asks again by itself, with growing pauses.
    let label = client.fulfillment().get_package_shipping_document(request).await?;
    println!("fetch it within a day: {:?}", label.data.doc_url);
    Ok(())
}
