"""Who calls, and what exists: the tokens, ciphers and ids that a call needs to mean something."""

from __future__ import annotations

import datetime
import time
from typing import Any

from tiktok_shop_api import TikTokShop
from tiktok_shop_api.generated.models import GetOrderListRequest

from arguments import Known, Schema
from emulator import Emulator

CREATOR, PARTNER = 1, 3
#: Promotions begin later than now.
NEXT_YEAR = int(time.time()) + 86_400


def day(offset: int) -> str:
    """A day from today on."""
    return (datetime.date.today() + datetime.timedelta(days=offset)).isoformat()


class World:
    """The emulator's default world, as its connected app sees it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        ready = emulator.ready
        self.shop, self.spare_shop = ready["shops"][:2]
        self.creator, self.partner = ready["creators"][0], ready["partners"][0]
        self.category_asset_cipher: str = self.partner["category_assets"][0]["cipher"]
        self.orders = self._orders()
        self.products = self.client_for({"path": ""}).products.search_products(page_size=10).data.products

    def client_for(self, operation: Schema) -> TikTokShop:
        """A client with the token and the cipher that the operation takes."""
        ready = self.emulator.ready
        # De-authorising the first shop would end everything else.
        shop = self.spare_shop if operation["path"] == "/authorization/202403/shops" else self.shop
        kind = (operation.get("user_types") or [0])[0]
        holder = {CREATOR: self.creator, PARTNER: self.partner}.get(kind, shop)
        return TikTokShop(
            ready["app_key"], ready["app_secret"], holder["access_token"], shop["cipher"], base_url=ready["api_url"]
        )

    def known(self, operation: Schema) -> Known:
        """Ids of what exists, by the name of the parameter."""
        there: dict[str, Any] = {
            "event_type": "NEW_MESSAGE",
            "address": "https://hooks.example.com/tiktok",
            "order_id": self._order_for(operation["path"]),
            "product_id": self.products[0].id,
            # Taken off sale, deleted and recovered on the way.
            "product_ids": [self.products[-1].id],
            "currency": "USD",
            "email": "supplier@example.com",
            "start_date_ge": day(-8),
            "end_date_lt": day(-1),
            "begin_time": NEXT_YEAR,
            "end_time": NEXT_YEAR + 86_400,
        }
        if operation["path"].startswith("/finance/"):
            sorts = {"statements": "statement_time", "payments": "create_time"}
            there["sort_field"] = sorts.get(operation["path"].rsplit("/", 1)[-1], "order_create_time")
        return there.get

    def _order_for(self, path: str) -> str:
        """An order in the state that the operation is about."""
        status = "IN_TRANSIT" if path.endswith("/tracking") else "AWAITING_SHIPMENT"
        wanted = next((order.id for order in self.orders if order.status == status), None)
        return wanted or self.orders[0].id

    def _orders(self) -> list[Any]:
        """Some orders of the shop, newest first."""
        client = self.client_for({"path": ""})
        found = client.orders.get_order_list(body=GetOrderListRequest(), page_size=20)
        return found.data.orders
