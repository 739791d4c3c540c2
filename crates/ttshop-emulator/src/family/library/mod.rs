//! What belongs to a seller and not to one shop: uploads, compliance records, size charts.

mod compliance;
mod manufacturer;
mod media;
mod person;
mod prerequisite;
mod size_chart;

use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::{Seller, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/product/202309/images/upload", media::upload_product_image),
    (Method::Post, "/product/202309/files/upload", media::upload_product_file),
    (Method::Post, "/product/202309/images/size_charts/identify", media::recommend_sizechart),
    (Method::Post, "/product/202409/compliance/manufacturers", manufacturer::create_manufacturer),
    (Method::Post, "/product/202409/compliance/manufacturers/search", manufacturer::search_manufacturers),
    (Method::Post, "/product/202501/compliance/manufacturers/search", manufacturer::search_manufacturers),
    (
        Method::Post,
        "/product/202409/compliance/manufacturers/{manufacturer_id}/partial_edit",
        manufacturer::partial_edit_manufacturer,
    ),
    (Method::Post, "/product/202409/compliance/responsible_persons", person::create_responsible_person),
    (
        Method::Post,
        "/product/202409/compliance/responsible_persons/search",
        person::search_responsible_persons,
    ),
    (
        Method::Post,
        "/product/202501/compliance/responsible_persons/search",
        person::search_responsible_persons,
    ),
    (
        Method::Post,
        "/product/202409/compliance/responsible_persons/{responsible_person_id}/partial_edit",
        person::partial_edit_responsible_person,
    ),
    (Method::Get, "/product/202309/prerequisites", prerequisite::check_listing_prerequisites),
    (Method::Get, "/product/202312/prerequisites", prerequisite::check_listing_prerequisites),
    (Method::Post, "/product/202610/size_charts", size_chart::create_size_chart),
    (Method::Post, "/product/202610/size_charts/edit", size_chart::edit_size_chart),
    (Method::Post, "/product/202407/sizecharts/search", size_chart::search_size_charts),
];

/// The seller behind a token.
pub(super) fn seller_of<'w>(call: &Admitted<'_>, world: &'w mut World) -> Result<&'w mut Seller, Refusal> {
    let seller = world.grants.get(call.grant).holder.seller();
    seller.and_then(|seller| world.sellers.get_mut(&seller)).ok_or_else(Refusal::user_type)
}
