"""What the published client must be able to do against the emulator, step by step. Run it through run.py."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tiktok_shop_api import TikTokShop, TikTokShopAuth, TikTokShopError, TokenSet, Webhooks, WebhookSignatureError
from tiktok_shop_api.generated.models import GetOrderListRequest, UpdateShopWebhookRequest
from tiktok_shop_api.generated.models import UpdateShopWebhookRequestEventType as EventType
from tiktok_shop_api.generated.types import UNSET

from browser import consent, refuse
from emulator import Emulator
from receiver import Receiver

STATE = "third-party & co"
ORDERS_PLACED = 45
PAGE_SIZE = 20
PAGES_MAX = 100
DETAIL_IDS_MAX = 50
DELIVERY_SECONDS_MAX = 30

SIGNATURE_INVALID = 106001
TOKEN_INVALID = 105001
AUTH_CODE_INVALID = 36004004


class World:
    """The emulator, and what the steps learn on their way."""

    def __init__(self, emulator: Emulator, receiver: Receiver) -> None:
        self.emulator = emulator
        self.receiver = receiver
        ready = emulator.ready
        self.app_key: str = ready["app_key"]
        self.app_secret: str = ready["app_secret"]
        self.auth = TikTokShopAuth(self.app_key, self.app_secret, ready["service_id"], base_url=ready["auth_url"])
        # The client knows the platform's hosts only; what it asks for there is asked of the emulator.
        url = self.auth.authorization_url(type="seller", region="us", state=STATE)
        self.consent_url = f"{ready['consent_url']}?{urlsplit(url).query}"
        self.code = ""
        self.tokens: TokenSet
        self.shop: Any = None
        self.placed: list[str] = []

    def client(self, *, secret: str | None = None, token: str | None = None, cipher: str | None = None) -> TikTokShop:
        """The published client for the connected shop, or with something about it changed."""
        return TikTokShop(
            self.app_key,
            secret or self.app_secret,
            token or self.tokens.access_token,
            cipher or (self.shop.cipher if self.shop else None),
            base_url=self.emulator.ready["api_url"],
        )


def the_app_is_told_where_to_send_sellers(world: World) -> str:
    url = world.receiver.url.replace("/webhook", "/callback")
    world.emulator.control("PUT", "/app", {"redirect_url": url})
    return url


def a_seller_who_refuses_gives_no_code(world: World) -> str:
    received = refuse(world.consent_url)
    assert received.get("code", "null") == "null", "a refusal carries a code"
    assert received.get("error"), f"no error: {sorted(received)}"
    assert received.get("state") == STATE, f"the state did not come back: {sorted(received)}"
    return received["error"]


def a_seller_agrees_on_the_consent_page(world: World) -> str:
    received = consent(world.consent_url)
    assert received.get("state") == STATE, f"the state did not come back: {sorted(received)}"
    world.code = received.get("code", "")
    assert world.code and world.code != "null", f"no code: {sorted(received)}"
    return f"redirect with {', '.join(sorted(received))}"


def the_code_is_exchanged_for_tokens(world: World) -> str:
    world.tokens = world.auth.exchange_code(world.code)
    now = time.time()
    assert world.tokens.access_token_expire_in > now, "the access token has expired already"
    assert world.tokens.refresh_token_expire_in > world.tokens.access_token_expire_in
    assert world.tokens.user_type == 0, f"a seller has user_type 0, got {world.tokens.user_type}"
    scopes = world.tokens.granted_scopes
    assert scopes and world.tokens.open_id, "no scopes or no open_id"
    days = (world.tokens.access_token_expire_in - now) / 86_400
    return f"{len(scopes)} scopes, the access token lives {days:.1f} days"


def a_code_works_only_once(world: World) -> str:
    error = refused(lambda: world.auth.exchange_code(world.code))
    assert error.code == AUTH_CODE_INVALID, repr(error)
    return f"{error.code} {error.message}"


def tokens_are_refreshed(world: World) -> str:
    old = world.tokens
    world.tokens = world.auth.refresh(old.refresh_token)
    assert world.tokens.access_token != old.access_token, "the access token did not change"
    assert world.tokens.open_id == old.open_id
    return "a new access token"


def the_shop_is_listed(world: World) -> str:
    reply = world.client().authorization.get_authorized_shops()
    shops = reply.data.shops
    known = {shop["shop_id"]: shop for shop in world.emulator.ready["shops"]}
    assert shops and all(shop.id in known for shop in shops), [shop.id for shop in shops]
    assert all(shop.cipher == known[shop.id]["cipher"] for shop in shops), "a cipher differs"
    world.shop = shops[0]
    return ", ".join(f"{shop.id} ({shop.region})" for shop in shops)


def the_webhook_address_is_set(world: World) -> str:
    events = world.client().event
    body = UpdateShopWebhookRequest(address=world.receiver.url, event_type=EventType.ORDER_STATUS_CHANGE)
    events.update_shop_webhook(body=body)
    webhooks = events.get_shop_webhooks().data.webhooks
    assert world.receiver.url in [webhook.address for webhook in webhooks], webhooks
    return f"{len(webhooks)} of the shop's webhooks"


def orders_are_searched_over_several_pages(world: World) -> str:
    before = set(search(world)[0])
    world.placed = place(world, ORDERS_PLACED)
    seen, pages, total = search(world)
    assert len(seen) == len(set(seen)), "an order came twice"
    assert set(seen) == before | set(world.placed), f"{len(seen)} seen, {len(before)} + {len(world.placed)} there"
    assert total == len(seen), f"total_count says {total}"
    assert len(pages) >= 3 and all(size == PAGE_SIZE for size in pages[:-1]), pages
    return f"{len(seen)} orders on pages of {pages}, each exactly once"


def orders_are_read_in_detail(world: World) -> str:
    shop = world.client()
    details = []
    for start in range(0, len(world.placed), DETAIL_IDS_MAX):
        # The platform takes a list as one value with commas; this client would send a list of ids as `ids=1&ids=2`.
        ids = ",".join(world.placed[start : start + DETAIL_IDS_MAX])
        details += shop.orders.get_order_detail(ids=[ids]).data.orders
    assert sorted(order.id for order in details) == sorted(world.placed), f"{len(details)} details"
    for order in details:
        assert order.line_items, f"{order.id} has no lines"
        assert float(order.payment.total_amount) > 0, f"{order.id} costs nothing"
        assert order.payment.currency, f"{order.id} has no currency"
    lines = sum(len(order.line_items) for order in details)
    return f"{len(details)} orders with {lines} lines"


def a_delivery_is_verified(world: World) -> str:
    order = world.placed[-1]
    delivery = world.receiver.wait_for(order, DELIVERY_SECONDS_MAX)
    app = {"app_key": world.app_key, "app_secret": world.app_secret}
    event = Webhooks.verify_and_parse(**app, raw_body=delivery.body, signature=delivery.signature)
    assert Webhooks.EVENT_TYPES[event.type_] == "ORDER_STATUS_CHANGE", event
    assert (event.shop_id, event.data.order_id) == (world.shop.id, order), event
    assert event.tts_notification_id, event
    return f"order {order} is {event.data.order_status}"


def a_tampered_delivery_is_refused(world: World) -> str:
    delivery = world.receiver.wait_for(world.placed[-1], DELIVERY_SECONDS_MAX)
    app = {"app_key": world.app_key, "app_secret": world.app_secret}
    tampered = delivery.body.replace(world.placed[-1].encode(), world.placed[0].encode())
    assert tampered != delivery.body
    for body, signature in ((tampered, delivery.signature), (delivery.body, "0" * 64), (delivery.body, "")):
        try:
            Webhooks.verify_and_parse(**app, raw_body=body, signature=signature)
        except WebhookSignatureError:
            continue
        raise AssertionError("a wrong signature was accepted")
    return "a changed body, a wrong and a missing signature"


def a_wrong_secret_is_refused(world: World) -> str:
    error = refused(lambda: world.client(secret="0" * 40).authorization.get_authorized_shops())
    assert error.code == SIGNATURE_INVALID, repr(error)
    assert error.request_id, "no request id"
    return f"{error.code} {error.message}"


def a_wrong_token_is_refused(world: World) -> str:
    error = refused(lambda: world.client(token="ROW_nobody").authorization.get_authorized_shops())
    assert error.code == TOKEN_INVALID, repr(error)
    return f"{error.code} {error.message}"


def an_unknown_refresh_token_is_refused(world: World) -> str:
    error = refused(lambda: world.auth.refresh("ROW_nobody"))
    assert error.code != 0 and error.http_status == 200, repr(error)
    return f"{error.code} {error.message}"


#: In order: each builds on what the ones before it learnt.
STEPS: list[Callable[[World], str]] = [
    the_app_is_told_where_to_send_sellers,
    a_seller_who_refuses_gives_no_code,
    a_seller_agrees_on_the_consent_page,
    the_code_is_exchanged_for_tokens,
    a_code_works_only_once,
    tokens_are_refreshed,
    the_shop_is_listed,
    the_webhook_address_is_set,
    orders_are_searched_over_several_pages,
    orders_are_read_in_detail,
    a_delivery_is_verified,
    a_tampered_delivery_is_refused,
    a_wrong_secret_is_refused,
    a_wrong_token_is_refused,
    an_unknown_refresh_token_is_refused,
]


def refused(call: Callable[[], object]) -> TikTokShopError:
    """The error of a call that must fail."""
    try:
        call()
    except TikTokShopError as error:
        return error
    raise AssertionError("expected an error, the call succeeded")


def search(world: World) -> tuple[list[str], list[int], int]:
    """Every order of the shop: the ids in order, the pages' sizes, and the total that the platform claims."""
    shop = world.client()
    ids: list[str] = []
    sizes: list[int] = []
    token: Any = UNSET
    for _ in range(PAGES_MAX):
        body = GetOrderListRequest()
        page = shop.orders.get_order_list(body=body, page_size=PAGE_SIZE, page_token=token).data
        orders = page.orders or []
        ids += [order.id for order in orders]
        sizes.append(len(orders))
        token = page.next_page_token
        if not token:
            return ids, sizes, page.total_count
    raise AssertionError(f"no last page within {PAGES_MAX}")


def place(world: World, count: int) -> list[str]:
    """Buyers place orders in the connected shop, paid and ready to ship."""
    answer = world.emulator.control("POST", "/orders", {"shop_id": world.shop.id, "count": count})
    ids = answer["order_ids"]
    assert len(ids) == count, answer
    return ids


def main() -> int:
    passed = 0
    with Emulator(Path(sys.argv[1])) as emulator, Receiver() as receiver:
        world = World(emulator, receiver)
        for step in STEPS:
            name = step.__name__.replace("_", " ")
            try:
                print(f"ok      {name}: {step(world)}", flush=True)
                passed += 1
            except Exception:
                print(f"FAILED  {name}\n{traceback.format_exc()}", flush=True)
                print(f"the emulator's log:\n{emulator.log()[-4000:]}")
                break
    if passed == len(STEPS):
        print(f"{passed} passed, 0 failed")
        return 0
    print(f"{passed} passed, 1 failed, {len(STEPS) - passed - 1} not run")
    return 1


if __name__ == "__main__":
    sys.exit(main())
