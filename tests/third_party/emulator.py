"""`ttshop emulate` as a child process, and its control API."""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 10
CALL_SECONDS_MAX = 30


class Emulator:
    """Starts on a free port with a world of its own; ends with the `with` block."""

    def __init__(self, binary: Path) -> None:
        self._binary = binary
        self._directory = tempfile.TemporaryDirectory(prefix="ttshop-third-party-")
        self._log = Path(self._directory.name) / "log.txt"

    def __enter__(self) -> Emulator:
        data = Path(self._directory.name) / "data"
        command = [self._binary, "emulate", "--json", "--listen", "127.0.0.1:0", "--data-dir", data]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        try:
            self.ready = json.loads(self._first_line())
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def log(self) -> str:
        """What the emulator has logged so far."""
        return self._log.read_text(errors="replace")

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API."""
        request = urllib.request.Request(self.ready["control_url"] + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS_MAX) as response:
                answer = response.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path} answered {error.code}: {error.read().decode()}") from error
        return json.loads(answer) if answer else None

    def _first_line(self) -> str:
        """The line that says the emulator is ready; later ones are read and dropped, so that it never blocks."""
        lines: queue.Queue[bytes] = queue.Queue(maxsize=1)
        pipe = self._process.stdout
        assert pipe is not None

        def read() -> None:
            lines.put(pipe.readline())
            for _ in pipe:
                pass

        threading.Thread(target=read, daemon=True).start()
        try:
            line = lines.get(timeout=READY_SECONDS_MAX)
        except queue.Empty:
            raise AssertionError(f"not ready within {READY_SECONDS_MAX} s\n{self.log()}") from None
        if not line:
            raise AssertionError(f"ended before it was ready\n{self.log()}")
        return line.decode()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._directory.cleanup()
