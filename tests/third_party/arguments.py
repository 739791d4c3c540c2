"""Arguments of any call, made from the catalogue: the least that an operation takes, and what exists where ids are asked for."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue" / "operations"

#: A moment in 2025, when every version of the platform existed.
SECONDS = 1_760_000_000
DATE = "2025-10-09"
#: An id of the platform's length that names nothing.
NOBODY = "7300000000000000001"

Schema = dict[str, Any]
#: The value for a parameter of this name, or None if nothing in the world has it.
Known = Callable[[str], Any]


def operations() -> dict[tuple[str, str], Schema]:
    """Every operation by method and path."""
    found: dict[tuple[str, str], Schema] = {}
    for path in sorted(CATALOGUE.glob("*.json")):
        listed = json.loads(path.read_text())
        for operation in listed if isinstance(listed, list) else listed["operations"]:
            found[operation["method"], operation["path"]] = operation
    return found


@functools.cache
def all_codes() -> set[int]:
    """Every code that some source of the platform lists."""
    listed = json.loads((CATALOGUE.parent / "errors.json").read_text())
    entries = listed if isinstance(listed, list) else next(iter(listed.values()))
    return {entry["code"] for entry in entries}


def parameter(operation: Schema, name: str) -> Schema:
    """The query parameter of this name; the ids of a path are plain texts."""
    fields = [*operation.get("query", []), *operation.get("multipart", [])]
    return next((field for field in fields if field["name"] == name), {"name": name, "type": "string"})


def body(operation: Schema, known: Known) -> dict[str, Any]:
    """The least JSON body that the operation takes."""
    made = value(operation.get("body", {"type": "object"}), "body", known)
    assert isinstance(made, dict), made
    return made


def value(schema: Schema, name: str, known: Known) -> Any:
    """A value that fits."""
    kind = schema.get("type")
    if kind == "object":
        return {field["name"]: value(field, field["name"], known) for field in required(schema)}
    if kind == "array":
        item = schema.get("items", {"type": "string"})
        listed = known(name) if item.get("type") == "string" else None
        return listed if isinstance(listed, list) else [value(item, singular(name), known)]
    if (there := known(name)) is not None and not isinstance(there, list):
        return int(there) if kind == "integer" else str(there)
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return number(schema, name)
    return text(schema, name)


def required(schema: Schema) -> Iterator[Schema]:
    """The fields that must be there."""
    return (field for field in schema.get("fields", []) if field.get("required"))


def singular(name: str) -> str:
    """`order_ids` holds values called `order_id`; `ids` holds ids of what the operation is about."""
    return name[:-1] if name.endswith("_ids") else name


def number(schema: Schema, name: str) -> int:
    """A whole number that fits."""
    for allowed in schema.get("values", []):
        if str(allowed).lstrip("-").isdigit():
            return int(allowed)
    if bounds := schema.get("range"):
        least, most = int(bounds[0]), int(bounds[1])
        return min(max(least, 1), most)
    if schema.get("format") == "unix-milliseconds":
        return SECONDS * 1_000
    if schema.get("format") == "unix-seconds" or name.endswith("time"):
        return SECONDS
    return 1


def text(schema: Schema, name: str) -> str:
    """A text that fits."""
    documented = [*schema.get("values", []), *([schema["default"]] if "default" in schema else [])]
    if documented:
        return str(documented[0])
    if "range" in schema and not name.endswith("ids"):
        return str(number(schema, name))
    last = name.rsplit("_", 1)[-1]
    made = {
        "unix-seconds": str(SECONDS),
        "unix-milliseconds": str(SECONDS * 1_000),
        "iso-4217": "USD",
        "bcp-47": "en-US",
        "date-time": DATE,
    }.get(schema.get("format", ""))
    if made is None:
        if last in ("id", "ids"):
            made = NOBODY
        elif last == "currency":
            made = "USD"
        elif last in ("amount", "price"):
            made = "12.34"
        elif "date" in name:
            made = DATE
        else:
            made = f"sample {name}"
    return made[: schema.get("max_length") or None]
