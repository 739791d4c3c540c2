//! Upload an image: its `uri` goes into the product.

use ttshop::Client;
use ttshop::api::FileUpload;
use ttshop::api::product::{UploadProductImage, UseCase};

use crate::Outcome;

pub(crate) async fn run(client: &Client, file: &str) -> Outcome {
    let image = FileUpload::from_path(file);
    let request = UploadProductImage::new(image).use_case(UseCase::MainImage);
    let image = client.product().upload_product_image(request).await?;
    println!("{:?}", image.data.uri);
    Ok(())
}
