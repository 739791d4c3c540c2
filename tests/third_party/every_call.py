"""Every call that the published client has, against the emulator. Run it through run.py.

Twice: once answered by contract, whatever is in the shop, and once by a world with behaviour, where much of what a least
request names does not exist. A call must succeed and its reply must parse into the client's own model, or be refused with the documented
code that `expected.py` gives a reason for. What neither does is a failure.
"""

from __future__ import annotations

import datetime
import inspect
import io
import re
import sys
import typing
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any

from tiktok_shop_api import TikTokShop, TikTokShopError
from tiktok_shop_api.generated._groups import SYNC_GROUPS
from tiktok_shop_api.generated.types import File, Unset

from arguments import Known, Schema, all_codes, body, operations, parameter, value
from emulator import Emulator
from expected import EXPECTED_ALWAYS, EXPECTED_IN_A_WORLD, Expected
from files import sample
from world import World

#: How many calls version 0.1.0 of the client has.
CALLS = 318


@dataclass(frozen=True)
class Call:
    """One method of the client, and the operation behind it."""

    group: str
    method: str
    operation: Schema
    hints: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.group}.{self.method}"

    @property
    def route(self) -> str:
        return f"{self.operation['method']} {self.operation['path']}"


def calls() -> list[Call]:
    """Every call of the client, with its operation as the catalogue knows it."""
    known = operations()
    found = []
    for group, api in SYNC_GROUPS.items():
        for method, function in inspect.getmembers(api, inspect.isfunction):
            if method.startswith("_"):
                continue
            module = module_of(function)
            source = inspect.getsource(module._get_kwargs)
            verb = re.search(r'"method": "(\w+)"', source)
            path = re.search(r'"url": "([^"]+)"', source)
            assert verb and path, f"{group}.{method}: no method or path in its source"
            operation = known.get((verb[1].upper(), path[1]))
            assert operation, f"{group}.{method}: the catalogue has no {verb[1].upper()} {path[1]}"
            hints = typing.get_type_hints(module.sync_detailed, vars(module))
            found.append(Call(group, method, operation, hints))
    return found


def module_of(function: Any) -> Any:
    """The module that carries a call out, as the function imports it."""
    imported = re.search(r"from \.api\.(\w+) import (\w+) as _op", inspect.getsource(function))
    assert imported, function
    return import_module(f"tiktok_shop_api.generated.api.{imported[1]}.{imported[2]}")


def arguments(call: Call, known: Known) -> dict[str, Any]:
    """What the call takes at least."""
    given: dict[str, Any] = {}
    signature = inspect.signature(getattr(SYNC_GROUPS[call.group], call.method))
    for name, wanted in signature.parameters.items():
        if name == "self":
            continue
        field = parameter(call.operation, name)
        if wanted.default is not inspect.Parameter.empty and not field.get("required") and name != "body":
            continue
        types = alternatives(call.hints[name])
        if name == "body":
            given[name] = request(types, call.operation, known)
        else:
            given[name] = as_type(value(field, field["name"], known), types)
    return given


def alternatives(hint: Any) -> list[Any]:
    """The types that a hint allows, without the one that stands for nothing."""
    options = typing.get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return [option for option in options if option not in (Unset, type(None))]


def request(types: list[Any], operation: Schema, known: Known) -> Any:
    """The body as the client's model."""
    model = types[0]
    if "multipart" not in operation:
        return model.from_dict(body(operation, known))
    parts: dict[str, Any] = {}
    file_name = "sample.png"
    for field in operation["multipart"]:
        if field["type"] == "file" and field.get("required"):
            content, file_name, media_type = sample(operation["name"], field["name"])
            parts[field["name"]] = File(io.BytesIO(content), file_name, media_type)
        elif field["name"] == "name":
            # Of the file: it has an extension.
            parts["name"] = file_name
        elif field.get("required"):
            parts[field["name"]] = value(field, field["name"], known)
    return model(**parts)


def as_type(made: Any, types: list[Any]) -> Any:
    """The value as the client wants it passed."""
    wanted = types[0]
    if typing.get_origin(wanted) is list:
        # The platform takes a list as one value with commas; this client would send `ids=1&ids=2`.
        items = made if isinstance(made, list) else [made]
        joined = ",".join(str(item) for item in items)
        inner = typing.get_args(wanted)[0]
        return [inner(joined)] if isinstance(inner, type) and issubclass(inner, (str, Enum)) else [joined]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        members = list(wanted)
        return next((member for member in members if member.value == made), members[0])
    if wanted is datetime.date:
        return datetime.date.fromisoformat(made)
    if wanted is int:
        return int(made)
    if wanted is bool:
        return bool(made)
    if isinstance(made, list):
        return ",".join(str(item) for item in made)
    return wanted(made) if wanted in (str, float) else made


def outcome(call: Call, world: World, expected: Expected | None) -> str:
    """`ok`, or `refused` as expected; raises what is neither."""
    client: TikTokShop = world.client_for(call.operation)
    given = arguments(call, world.known(call.operation))
    if call.operation.get("takes") == "category_asset_cipher":
        given["category_asset_cipher"] = world.category_asset_cipher
    try:
        reply = getattr(getattr(client, call.group), call.method)(**given)
    except TikTokShopError as error:
        if expected and error.code == expected.code:
            return "refused"
        raise
    assert reply is not None, "the reply was not parsed"
    assert not expected, f"expected {expected.code} ({expected.why}), the call succeeded"
    return "ok"


def describe(error: Exception) -> str:
    """An error with its code."""
    return f"{type(error).__name__} {getattr(error, 'code', '')} {error}"


def main() -> int:
    everything = calls()
    failures = [f"FAILED  expected.py: {complaint}" for complaint in undocumented(everything)]
    if len(everything) != CALLS:
        failures.append(f"the client has {len(everything)} calls, not {CALLS}")
    for name, contract_only, exceptions in (
        ("by contract", True, EXPECTED_ALWAYS),
        ("in a world with behaviour", False, EXPECTED_ALWAYS | EXPECTED_IN_A_WORLD),
    ):
        counts: Counter[str] = Counter()
        with Emulator(Path(sys.argv[1])) as emulator:
            world = World(emulator)
            emulator.control("PUT", "/switches", emulator.control("GET", "/switches") | {"contract_only": contract_only})
            for call in everything:
                try:
                    counts[outcome(call, world, exceptions.get(call.route))] += 1
                except Exception as error:
                    failures.append(f"FAILED  {name}: {call.name} ({call.route}): {describe(error)}")
        print(f"{name}: {len(everything)} calls, {counts['ok']} succeed and parse, {counts['refused']} are refused as expected")
    print("\n".join(failures))
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def undocumented(everything: list[Call]) -> list[str]:
    """Expectations that name a call that the client does not have, or a code that nobody documents."""
    by_route = {call.route: call for call in everything}
    complaints = []
    for route, expected in (EXPECTED_ALWAYS | EXPECTED_IN_A_WORLD).items():
        if route not in by_route:
            complaints.append(f"the client does not have {route}")
        elif not documented(by_route[route].operation, expected.code):
            complaints.append(f"no source documents {expected.code} for {route}")
    return complaints


def documented(operation: Schema, code: int) -> bool:
    """Whether the operation lists the code, or the platform's own list has it."""
    return code in (operation.get("error_codes") or []) or code in all_codes()


if __name__ == "__main__":
    sys.exit(main())
