"""Small files of the formats that uploads accept."""

from __future__ import annotations

import struct
import tomllib
import zlib
from pathlib import Path

RULES = Path(__file__).resolve().parents[2] / "catalogue" / "uploads.toml"
#: Within every documented bound for images.
SIDE = 1_200


def png() -> bytes:
    """A white square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * SIDE) * SIDE
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


#: By the format's name in the catalogue: the bytes, the file's name, its media type.
SAMPLES = {
    "PNG": (png(), "sample.png", "image/png"),
    "PDF": (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "sample.pdf", "application/pdf"),
    "MP4": (struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom") + b"\0" * 64, "sample.mp4", "video/mp4"),
}


def rules() -> dict[tuple[str, str], list[str]]:
    """The formats that a part accepts, by operation and part; of forms that tell several apart, the first."""
    listed = tomllib.loads(RULES.read_text())["upload"]
    return {(rule["operation"], rule["part"]): rule["accepts"][0]["formats"] for rule in listed}


def sample(operation: str, part: str) -> tuple[bytes, str, str]:
    """A file that the part accepts."""
    formats = rules().get((operation, part), [])
    name = next((name for name in SAMPLES if name in formats), "PNG")
    return SAMPLES[name]
