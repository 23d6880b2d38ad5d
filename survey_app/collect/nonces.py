"""The hidden mark of an opened page: it becomes the number of the ballot sent from it.

A page is good for two hours. The mark is signed together with the code the page was
opened with, so it cannot be used with another code; it is never stored or logged.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

LIFETIME = timedelta(hours=2)
_PAYLOAD = 16 + 4 + 4
_SEAL = 16


@dataclass(frozen=True, slots=True)
class Nonce:
    """``opened_at`` is when the page was first shown, also when it was renewed."""

    id: UUID
    opened_at: datetime
    expires_at: datetime

    def is_expired(self, now: datetime) -> bool:
        return now >= self.expires_at


def fresh(now: datetime) -> Nonce:
    return Nonce(uuid4(), now, now + LIFETIME)


def renewed(nonce: Nonce | None, now: datetime) -> Nonce:
    """Another mark for a page that was open too long; it keeps when it was opened."""
    return Nonce(uuid4(), nonce.opened_at if nonce else now, now + LIFETIME)


def seal(nonce: Nonce, *, key: bytes, code: str) -> str:
    """The mark as text for the hidden field of a page opened with this code."""
    payload = nonce.id.bytes + b"".join(
        int(moment.timestamp()).to_bytes(4, "big")
        for moment in (nonce.opened_at, nonce.expires_at)
    )
    sealed = payload + _signature(payload, key, code)
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def read(text: str, *, key: bytes, code: str) -> Nonce | None:
    """The mark that was sealed for this code, or None if it was not."""
    try:
        sealed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    payload, signature = sealed[:_PAYLOAD], sealed[_PAYLOAD:]
    if not hmac.compare_digest(signature, _signature(payload, key, code)):
        return None
    opened, expires = (int.from_bytes(payload[i : i + 4], "big") for i in (16, 20))
    return Nonce(
        UUID(bytes=payload[:16]),
        datetime.fromtimestamp(opened, UTC),
        datetime.fromtimestamp(expires, UTC),
    )


def _signature(payload: bytes, key: bytes, code: str) -> bytes:
    message = b"nonce\0" + code.encode("ascii") + b"\0" + payload
    return hmac.digest(key, message, "sha256")[:_SEAL]
