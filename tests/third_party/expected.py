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
EXPECTED_IN_A_WORLD: dict[str, Expected] = {}
