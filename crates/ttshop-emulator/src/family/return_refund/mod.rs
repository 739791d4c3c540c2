//! Cancellations, refunds, returns, replacements: everything a seller does about them.

mod aftersales;
mod calculate;
mod cancel;
mod cancellations;
mod create;
mod decide;
mod decisions;
mod eligibility;
mod lines;
mod once;
mod records;
mod returns;
mod review;
mod rma;
mod shipping;
mod view;

pub(crate) use view::{Edition, cancellation_view, return_view};

use ttshop_catalogue::Method;

use crate::family::Handlers;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/return_refund/202309/cancellations", cancel::cancel_order),
    (Method::Post, "/return_refund/202602/cancellations", cancel::cancel_order),
    (Method::Post, "/return_refund/202309/cancellations/search", cancellations::search_cancellations),
    (Method::Post, "/return_refund/202602/cancellations/search", cancellations::search_cancellations),
    (Method::Post, "/return_refund/202309/cancellations/{cancel_id}/approve", cancel::approve_cancellation),
    (Method::Post, "/return_refund/202309/cancellations/{cancel_id}/reject", cancel::reject_cancellation),
    (Method::Get, "/return_refund/202601/decision_eligibility", decisions::get_decision_eligibility),
    (
        Method::Get,
        "/return_refund/202309/orders/{order_id}/aftersale_eligibility",
        eligibility::get_aftersale_eligibility,
    ),
    (
        Method::Get,
        "/return_refund/202512/orders/{order_id}/aftersale_eligibility",
        eligibility::get_aftersale_eligibility,
    ),
    (
        Method::Get,
        "/return_refund/202602/orders/{order_id}/aftersale_eligibility",
        eligibility::get_aftersale_eligibility,
    ),
    (Method::Post, "/return_refund/202309/refunds/calculate", calculate::calculate_refund),
    (Method::Post, "/return_refund/202602/refunds/calculate", calculate::calculate_refund),
    (Method::Get, "/return_refund/202309/reject_reasons", decisions::get_reject_reasons),
    (Method::Post, "/return_refund/202309/returns", create::create_return),
    (Method::Post, "/return_refund/202602/returns", create::create_return),
    (Method::Post, "/return_refund/202309/returns/search", returns::search_returns),
    (Method::Post, "/return_refund/202602/returns/search", returns::search_returns),
    (
        Method::Post,
        "/return_refund/202405/returns/shipping_documents",
        shipping::upload_return_shipping_information,
    ),
    (Method::Post, "/return_refund/202309/returns/{return_id}/approve", decide::approve_return),
    (Method::Get, "/return_refund/202309/returns/{return_id}/records", records::get_return_records),
    (Method::Post, "/return_refund/202309/returns/{return_id}/reject", decide::reject_return),
    (Method::Post, "/return_refund/202606/returns/{return_id}/reject", decide::reject_return),
    (Method::Get, "/return_refund/202606/review_decision", decisions::get_available_review_decisions),
    (Method::Post, "/return_refund/202603/aftersales/search", aftersales::search_aftersales_requests),
    (Method::Post, "/return_refund/202606/aftersales/review", review::review_aftersales),
    (Method::Post, "/return_refund/202609/aftersales/review", review::review_aftersales),
    (Method::Post, "/return_refund/202604/rma/search", rma::search_rmas),
];
