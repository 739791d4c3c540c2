#!/usr/bin/env python3
"""Runs a published TikTok Shop client, not written here, against `ttshop emulate`.

Makes a virtual environment with the pinned client (requirements.txt), builds the binary unless it is given, and runs,
inside that environment, client.py (a story, step by step) and every_call.py (each call that the client has). Then a
public validator, in an environment of its own, reads the exported OpenAPI document. Needs nothing but Python with `venv`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CLIENT = HERE / "requirements.txt"
VALIDATOR = HERE / "requirements-openapi.txt"


def main() -> int:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", type=Path, help="the ttshop binary; built if not given")
    parser.add_argument("--venv", type=Path, default=cache / "ttshop" / "third-party-venv")
    arguments = parser.parse_args()
    binary = arguments.binary or build()
    python = prepare(arguments.venv, CLIENT)
    validator = prepare(arguments.venv.with_name(f"{arguments.venv.name}-openapi"), VALIDATOR)
    scripts = [HERE / "client.py", HERE / "every_call.py"]
    codes = [subprocess.call([python, script, binary.resolve()]) for script in scripts]
    return int(any([*codes, validate(validator, binary.resolve())]))


def validate(python: Path, binary: Path) -> int:
    """Whether a public validator accepts the OpenAPI document that the binary exports."""
    with tempfile.TemporaryDirectory(prefix="ttshop-openapi-") as directory:
        document = Path(directory) / "openapi.json"
        subprocess.run([binary, "ops", "openapi", "--output", document], check=True)
        return subprocess.call([python, "-m", "openapi_spec_validator", document])


def build() -> Path:
    """Builds the CLI and returns the path of its binary, as cargo reports it."""
    command = ["cargo", "build", "--locked", "--package", "ttshop-cli", "--message-format", "json-render-diagnostics"]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    for message in map(json.loads, output.splitlines()):
        if message.get("executable") and message["target"]["name"] == "ttshop":
            return Path(message["executable"])
    raise SystemExit("cargo built no binary called ttshop")


def prepare(directory: Path, requirements: Path) -> Path:
    """Makes the environment, or reuses the one made from the same requirements and Python."""
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    made = directory / "requirements.sha256"
    python = directory / ("Scripts" if os.name == "nt" else "bin") / "python"
    if made.exists() and made.read_text() == wanted:
        return python
    print(f"making the virtual environment in {directory}", flush=True)
    venv.create(directory, with_pip=True, clear=True)
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([python, "-m", "pip", *install, "--require-hashes", "--requirement", requirements], check=True)
    made.write_text(wanted)
    return python


if __name__ == "__main__":
    sys.exit(main())
