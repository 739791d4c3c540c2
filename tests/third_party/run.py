#!/usr/bin/env python3
"""Runs a published TikTok Shop client, not written here, against `ttshop emulate`.

Makes a virtual environment with the pinned client (requirements.txt), builds the binary unless it is given, and runs,
inside that environment, client.py (a story, step by step) and every_call.py (each call that the client has). Needs
nothing but Python with `venv`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REQUIREMENTS = HERE / "requirements.txt"


def main() -> int:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", type=Path, help="the ttshop binary; built if not given")
    parser.add_argument("--venv", type=Path, default=cache / "ttshop" / "third-party-venv")
    arguments = parser.parse_args()
    binary = arguments.binary or build()
    python = prepare(arguments.venv)
    scripts = [HERE / "client.py", HERE / "every_call.py"]
    codes = [subprocess.call([python, script, binary.resolve()]) for script in scripts]
    return int(any(codes))


def build() -> Path:
    """Builds the CLI and returns the path of its binary, as cargo reports it."""
    command = ["cargo", "build", "--locked", "--package", "ttshop-cli", "--message-format", "json-render-diagnostics"]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    for message in map(json.loads, output.splitlines()):
        if message.get("executable") and message["target"]["name"] == "ttshop":
            return Path(message["executable"])
    raise SystemExit("cargo built no binary called ttshop")


def prepare(directory: Path) -> Path:
    """Makes the environment, or reuses the one made from the same requirements and Python."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()
    made = directory / "requirements.sha256"
    python = directory / ("Scripts" if os.name == "nt" else "bin") / "python"
    if made.exists() and made.read_text() == wanted:
        return python
    print(f"making the virtual environment in {directory}", flush=True)
    venv.create(directory, with_pip=True, clear=True)
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([python, "-m", "pip", *install, "--require-hashes", "--requirement", REQUIREMENTS], check=True)
    made.write_text(wanted)
    return python


if __name__ == "__main__":
    sys.exit(main())
