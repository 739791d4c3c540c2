//! The TikTok Shop Open Platform as static data: operations, webhook types, scopes, error codes.
//!
//! Nothing is parsed when a program starts: the tables are constants, written by `cargo xtask codegen` from `catalogue/`.
//! Start with [`by_key`] when you know an operation's name, with [`route`] when you hold a request, and with
//! [`error_code`] when the platform refused one.
//!
//! ```
//! let search = ttshop_catalogue::by_key("order.search_orders").expect("a documented operation");
//! assert_eq!(search.path, "/order/202309/orders/search");
//! assert_eq!(search.scope, ["seller.order.info"]);
//! ```

mod error_code;
mod generated;
mod operation;
mod route;
mod schema;
mod upload;
mod webhook;

pub use error_code::{ErrorCode, error_code};
pub use generated::{
    ERRORS, FAMILIES, OPERATIONS, SCOPES, WEBHOOKS, affiliate, affiliate_creator, affiliate_partner,
    affiliate_seller, analytics, authorization, customer_engagement, customer_service, data_reconciliation,
    epharmacy, event, fbt, finance, fulfillment, gs_full_service_commodity, gs_full_service_inventory,
    gs_full_service_shipment, logistics, open, order, product, promotion, return_refund, review_rating,
    seller, supply_chain,
};
pub use operation::{
    Cipher, FailureList, Family, Idempotency, Method, Operation, Pagination, Paging, RetrySafety, Stage,
    Status, UserType, by_family, by_key, by_key_version, families,
};
pub use route::{PATH_PARAMS_MAX, PathParams, path_exists, route, versions_of};
pub use schema::{Bits, Field, Format, Kind, Schema, is_personal};
pub use upload::{
    Accepted, ExampleFile, FileFacts, FileFormat, ImageSize, Medium, Reading, UPLOAD_HEAD_BYTES, UploadCase,
    UploadCodes, UploadFault, UploadRule,
};
pub use webhook::{Owner, WebhookType, webhook_by_name, webhook_by_number};
