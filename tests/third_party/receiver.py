"""The app's own server: takes deliveries and keeps their raw bytes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY_BYTES_MAX = 1 << 20


@dataclass(frozen=True)
class Delivery:
    """One webhook as it came in."""

    signature: str
    body: bytes


class Receiver:
    """Listens on a free port until the `with` block ends."""

    def __init__(self) -> None:
        self._deliveries: list[Delivery] = []
        self._arrived = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length", "0")), BODY_BYTES_MAX)
                body = self.rfile.read(length)
                receiver._keep(Delivery(self.headers.get("authorization", ""), body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhook"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, text: str, seconds: float) -> Delivery:
        """The first delivery whose body contains `text`."""

        def found() -> Delivery | None:
            return next((one for one in self._deliveries if text.encode() in one.body), None)

        with self._arrived:
            if not self._arrived.wait_for(lambda: found() is not None, seconds):
                raise AssertionError(f"no delivery with {text!r} in {seconds} s, {len(self._deliveries)} others")
            delivery = found()
        assert delivery is not None
        return delivery

    def _keep(self, delivery: Delivery) -> None:
        with self._arrived:
            self._deliveries.append(delivery)
            self._arrived.notify_all()
