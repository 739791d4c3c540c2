"""Calls that are refused whoever makes them with a least request, and why that is right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """A documented refusal."""

    code: int
    why: str


SHOP_CIPHER_MISSING = 106_013

DROPS_THE_CIPHER = Expected(
    SHOP_CIPHER_MISSING, "the client removes `shop_cipher` from calls that may carry another cipher instead of it"
)

#: However it is answered.
EXPECTED_ALWAYS: dict[str, Expected] = {
    "POST /open/202512/file/init": DROPS_THE_CIPHER,
    "POST /product/202601/compliance/auditing/research": DROPS_THE_CIPHER,
}

#: Where a least request names what is not in the default world, or what a shop's state forbids.
EXPECTED_IN_A_WORLD: dict[str, Expected] = {
    "DELETE /affiliate_seller/202409/open_collaborations/products/{product_id}": Expected(
        36009004, "Invalid parameter 'product_id'. The product is in no open collaboration"
    ),
    "DELETE /product/202309/global_products": Expected(12019114, "Only cross-border sellers manage global products"),
    "DELETE /promotion/202309/activities/{activity_id}/products": Expected(17029009, "The activity does not exist"),
    "GET /analytics/202509/shop_skus/{sku_id}/performance": Expected(28001007, "No data of the SKU"),
    "GET /analytics/202509/shop_videos/{video_id}/performance": Expected(
        36009004, "Invalid parameter 'video_id'. No such video"
    ),
    "GET /analytics/202509/shop_videos/{video_id}/products/performance": Expected(
        36009004, "Invalid parameter 'video_id'. No such video"
    ),
    "GET /analytics/202512/shop/{live_id}/products_performance": Expected(
        36009004, "Invalid parameter 'live_id'. No such session"
    ),
    "GET /customer_service/202309/conversations/{conversation_id}/messages": Expected(
        45101003, "The record does not exist"
    ),
    "GET /customer_service/202601/conversations/{conversation_id}": Expected(45101003, "The record does not exist"),
    "GET /fbt/202601/mcf_outbound_orders": Expected(177001010, "The MCF order does not exist"),
    "GET /fbt/202602/inbound_orders": Expected(39015010, "The merchant has no such inbound order"),
    "GET /finance/202501/statements/{statement_id}/statement_transactions": Expected(
        36009004, "Invalid parameter 'statement_id'. There is no such statement"
    ),
    "GET /fulfillment/202309/packages/{package_id}": Expected(21011001, "The package does not exist in this shop"),
    "GET /fulfillment/202309/packages/{package_id}/handover_time_slots": Expected(
        21011001, "The package does not exist in this shop"
    ),
    "GET /fulfillment/202309/packages/{package_id}/shipping_documents": Expected(
        21011001, "The package does not exist in this shop"
    ),
    "GET /logistics/202309/delivery_options/{delivery_option_id}/shipping_providers": Expected(
        21008116, "The delivery option is unknown"
    ),
    "GET /product/202309/categories": Expected(
        12052217, "The market knows version v2 of the category tree only: send category_version=v2"
    ),
    "GET /product/202309/categories/{category_id}/attributes": Expected(
        12052217, "The market knows version v2 of the category tree only: send category_version=v2"
    ),
    "GET /product/202309/categories/{category_id}/global_attributes": Expected(
        12052023, "Category of this id does not exist"
    ),
    "GET /product/202309/categories/{category_id}/global_rules": Expected(
        12052023, "Category of this id does not exist"
    ),
    "GET /product/202309/categories/{category_id}/rules": Expected(
        12052217, "The market knows version v2 of the category tree only: send category_version=v2"
    ),
    "GET /product/202309/global_products/{global_product_id}": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "GET /promotion/202309/activities/{activity_id}": Expected(17029009, "The activity does not exist"),
    "GET /promotion/202406/coupons/{coupon_id}": Expected(
        36009004, "Invalid parameter 'coupon_id'. The coupon does not exist"
    ),
    "GET /return_refund/202309/reject_reasons": Expected(25007006, "There is no such return"),
    "GET /return_refund/202309/returns/{return_id}/records": Expected(25007006, "There is no such return"),
    "GET /return_refund/202601/decision_eligibility": Expected(25007006, "There is no such return"),
    "GET /return_refund/202606/review_decision": Expected(25007006, "There is no such return"),
    "POST /affiliate_seller/202405/open_collaboration_settings": Expected(
        16003033, "The commission rate must be between 100 and 8000"
    ),
    "POST /affiliate_seller/202412/open_collaborations": Expected(
        16003033, "The commission rate must be between 100 and 8000"
    ),
    "POST /customer_service/202309/conversations": Expected(
        45109003, "The conversation cannot be initiated. The user has no order in the shop"
    ),
    "POST /customer_service/202309/conversations/{conversation_id}/messages/read": Expected(
        45101003, "The record does not exist"
    ),
    "POST /customer_service/202605/conversations/{conversation_id}/sessions/{session_id}/end": Expected(
        45101003, "The record does not exist"
    ),
    "POST /customer_service/202606/conversations/{conversation_id}/messages": Expected(
        45101003, "The record does not exist"
    ),
    "POST /fbt/202601/mcf_outbound_orders/cancel": Expected(177001009, "The MCF order cannot be cancelled"),
    "POST /fbt/202602/create_update_inbound_plan": Expected(39001002, "The plan holds no goods"),
    "POST /fbt/202602/inbound_method_detail": Expected(
        36009004, "Invalid parameter 'plan_id'. The plan does not exist"
    ),
    "POST /fbt/202602/inbound_orders/cancel": Expected(39015010, "The merchant has no such inbound order"),
    "POST /fbt/202602/inbound_orders/tracking_update": Expected(39015010, "The merchant has no such inbound order"),
    "POST /fbt/202602/list_available_inbound_method": Expected(
        36009004, "Invalid parameter 'plan_id'. The plan does not exist"
    ),
    "POST /fbt/202603/confirm_inbound_method": Expected(
        36009004, "Invalid parameter 'plan_id'. The plan does not exist"
    ),
    "POST /fbt/202603/ship_inbound_order": Expected(39015010, "The merchant has no such inbound order"),
    "POST /fbt/202607/mcf_outbound_orders": Expected(177001002, "The goods are unknown to FBT"),
    "POST /fulfillment/202309/orders/{order_id}/shipping_info/update": Expected(
        21011043, "The package is not shipped yet"
    ),
    "POST /fulfillment/202309/orders/{order_id}/split": Expected(
        21011005, "The request is invalid: each open line must be in exactly one of at least two groups"
    ),
    "POST /fulfillment/202309/packages/deliver": Expected(
        21001011, "The delivery cannot be reported: sellers of this region report no delivery"
    ),
    "POST /fulfillment/202309/packages/{package_id}/ship": Expected(
        21011001, "The package does not exist in this shop"
    ),
    "POST /fulfillment/202309/packages/{package_id}/uncombine": Expected(
        21011001, "The package does not exist in this shop"
    ),
    "POST /fulfillment/202512/packages": Expected(21001001, "A parameter is invalid"),
    "POST /fulfillment/202610/orders/{order_id}/packages": Expected(21001001, "A parameter is invalid"),
    "POST /fulfillment/202610/packages/{package_id}/shipping_info/update": Expected(
        21011001, "The package does not exist in this shop"
    ),
    "POST /product/202309/categories/recommend": Expected(
        12052217, "The market knows version v2 of the category tree only: send category_version=v2"
    ),
    "POST /product/202309/global_categories/recommend": Expected(12019064, "No category matches the title"),
    "POST /product/202309/global_products": Expected(12019114, "Only cross-border sellers manage global products"),
    "POST /product/202309/global_products/{global_product_id}/inventory/update": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "POST /product/202309/global_products/{global_product_id}/publish": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "POST /product/202309/products": Expected(12052571, "A price has no `amount`"),
    "POST /product/202309/products/{product_id}/prices/update": Expected(
        12052036, "The product has no SKU of this id"
    ),
    "POST /product/202312/global_products/search": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "POST /product/202409/compliance/manufacturers": Expected(38023046, "A country code of a phone looks like +49"),
    "POST /product/202409/compliance/manufacturers/{manufacturer_id}/partial_edit": Expected(
        38023051, "The record of this id does not exist"
    ),
    "POST /product/202409/compliance/responsible_persons": Expected(
        38023028, "The phone's country code is none of the European Union"
    ),
    "POST /product/202409/compliance/responsible_persons/{responsible_person_id}/partial_edit": Expected(
        38023051, "The record of this id does not exist"
    ),
    "POST /product/202610/size_charts": Expected(12052023, "Category of this id does not exist"),
    "POST /product/202610/size_charts/edit": Expected(12052128, "The size chart of this id does not exist"),
    "POST /promotion/202309/activities": Expected(17029001, "'discount.bmsm_discount' is a required field"),
    "POST /promotion/202309/activities/{activity_id}/deactivate": Expected(17029009, "The activity does not exist"),
    "POST /promotion/202607/activities/{activity_id}/republish": Expected(17029009, "The activity does not exist"),
    "POST /return_refund/202309/cancellations/{cancel_id}/approve": Expected(
        25007006, "There is no such request to cancel"
    ),
    "POST /return_refund/202309/cancellations/{cancel_id}/reject": Expected(
        25007006, "There is no such request to cancel"
    ),
    "POST /return_refund/202309/returns/{return_id}/approve": Expected(25007006, "There is no such return"),
    "POST /return_refund/202405/returns/shipping_documents": Expected(25023001, "A return does not exist"),
    "POST /return_refund/202602/cancellations": Expected(25001014, "The reason is unknown"),
    "POST /return_refund/202602/returns": Expected(
        25001003, "The return was not created: an order in `AWAITING_SHIPMENT` does not allow this"
    ),
    "POST /return_refund/202606/returns/{return_id}/reject": Expected(25007006, "There is no such return"),
    "PUT /product/202309/global_products/{global_product_id}": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "PUT /product/202509/global_products/{global_product_id}/partial_edit": Expected(
        12019114, "Only cross-border sellers manage global products"
    ),
    "PUT /product/202509/products/{product_id}": Expected(
        12052217, "The market knows version v2 of the category tree only: send category_version=v2"
    ),
    "PUT /promotion/202309/activities/{activity_id}": Expected(17029009, "The activity does not exist"),
    "PUT /promotion/202309/activities/{activity_id}/products": Expected(17029009, "The activity does not exist"),
}
