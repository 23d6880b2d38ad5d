"""What the benchmarks of answering share: a phone that is cheap to simulate."""

from __future__ import annotations

import re
import socket
import urllib.parse
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

_RECEIPT = re.compile(rb"location: /cam-on/(\w{12})", re.IGNORECASE)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
# The nonce stands in the part of the page that is copied and not compressed.
_NONCE = re.compile(rb'([A-Za-z0-9_=-]{54,56})">\s*</form>')


@dataclass(slots=True)
class Phone:
    """One connection that is kept open, with as little work per request as can be."""

    address: str
    _socket: socket.socket | None = field(default=None)

    def get(self, path: str) -> bytes:
        """The body as it came, compressed."""
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._headers()}\r\n".encode())[1]

    def post(self, path: str, body: bytes) -> int:
        """The status of the answer; 303 acknowledges a ballot."""
        return int(self._send(path, body)[9:12])

    def post_for_receipt(self, path: str, body: bytes) -> str:
        """The receipt of the ballot; ``ValueError`` if it was not acknowledged."""
        head = self._send(path, body)
        found = _RECEIPT.search(head)
        if found is None:
            raise ValueError(head[:12].decode("ascii"))
        return found[1].decode("ascii")

    def _send(self, path: str, body: bytes) -> bytes:
        head = (
            f"POST {path} HTTP/1.1\r\n{self._headers()}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return self._ask(head.encode() + body)[0]

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _headers(self) -> str:
        host = urlsplit(self.address).netloc
        return f"Host: {host}\r\nAccept-Encoding: gzip\r\nUser-Agent: phone\r\n"

    def _ask(self, message: bytes) -> tuple[bytes, bytes]:
        if self._socket is None:
            parts = urlsplit(self.address)
            self._socket = socket.create_connection(
                (parts.hostname or "", parts.port or 80), timeout=30
            )
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(message)
            return self._read(self._socket)
        except OSError:
            self.close()
            raise

    @staticmethod
    def _read(connection: socket.socket) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            if not (chunk := connection.recv(65536)):
                raise ConnectionResetError
            received += chunk
        head, _, body = received.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            if not (chunk := connection.recv(65536)):
                raise ConnectionResetError
            body += chunk
        return head, body


def nonce_in(page: bytes) -> str:
    """The nonce of a compressed page."""
    found = _NONCE.search(page)
    if found is None:
        raise ValueError("no nonce in the page")
    return found[1].decode("ascii")


def body_of(fields: dict[str, str], nonce: str) -> bytes:
    return urllib.parse.urlencode(fields | {"so-phieu": nonce}).encode("ascii")
