//! Uploads of images and files. The gateway has looked at what was sent.

use serde_json::{Value, json};
use ttshop_catalogue::{FileFormat, ImageSize};

use crate::family::fit::fitted;
use crate::family::library::seller_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::upload::Part;
use crate::world::World;
use crate::world::library::media::{Image, UseCase, file_id, image_of_url, image_url};

/// Codes of PLATFORM.md 4.6.
const USE_CASE_INVALID: i64 = 11_050_001;
const IMAGE_UNREADABLE: i64 = 12_038_015;

/// `POST /product/202309/images/upload`
pub(super) fn upload_product_image(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let use_case = match text(call, "use_case") {
        Some(word) => UseCase::parse(word).ok_or_else(|| {
            Refusal::business(USE_CASE_INVALID, format!("Invalid parameter 'use_case': {word} is none."))
        })?,
        None => UseCase::Main,
    };
    let head = file(call).map(|part| part.text.as_slice()).unwrap_or_default();
    let size = FileFormat::detect(head).and_then(|format| ImageSize::read(format, head));
    let unreadable = || Refusal::business(IMAGE_UNREADABLE, "The image cannot be read.");
    let ImageSize { width, height } = size.ok_or_else(unreadable)?;
    let image = Image { use_case, width, height }.kept();
    let seed = world.seed;
    let seller = seller_of(call, world)?;
    let uri = image.uri(seed, seller.number.0, seller.library.next_upload());
    let answer = json!({
        "uri": uri,
        "url": image_url(&uri),
        "width": image.width,
        "height": image.height,
        "use_case": use_case.as_str(),
    });
    Ok(fitted(call, answer))
}

/// `POST /product/202309/files/upload`
pub(super) fn upload_product_file(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let head = file(call).map(|part| part.text.as_slice()).unwrap_or_default();
    let format = FileFormat::detect(head).map(FileFormat::name);
    let seed = world.seed;
    let seller = seller_of(call, world)?;
    let id = file_id(seed, seller.number.0, seller.library.next_upload());
    let answer = json!({
        "id": id,
        "url": format!("https://p16-oec-va.ibyteimg.com/emulated/{id}"),
        "name": text(call, "name"),
        "format": format,
    });
    Ok(fitted(call, answer))
}

/// `POST /product/202309/images/size_charts/identify`: a picture of a size chart is one that was uploaded as such.
pub(super) fn recommend_sizechart(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let images = call.body.get("images").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let images: Vec<_> = images
        .iter()
        .filter_map(|image| image.get("url")?.as_str())
        .map(|url| {
            let image = image_of_url(url, world.seed);
            let is_size_chart = image.is_some_and(|image| image.use_case == UseCase::SizeChart);
            json!({ "url": url, "is_size_chart": is_size_chart })
        })
        .collect();
    Ok(fitted(call, json!({ "images": images })))
}

fn file<'c>(call: &Admitted<'c>) -> Option<&'c Part> {
    call.call.parts().iter().find(|part| part.name == "data")
}

fn text<'c>(call: &Admitted<'c>, name: &str) -> Option<&'c str> {
    let part = call.call.parts().iter().find(|part| part.name == name)?;
    part.as_text().filter(|text| !text.is_empty())
}
