"""The audit log: what staff did, each entry sealed with the hash of the one before.

Changing, removing or slipping in an entry breaks the chain. Cutting off its end
does not, so the last hash is worth writing down outside the program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from survey_app.models import Account, AuditEntry

BEGINNING = "0" * 64
COMMAND_LINE = "sipas"
_LOCK = 0x51_9A_5


@dataclass(frozen=True, slots=True)
class Chain:
    """What reading the whole log found: its length, last hash, first broken entry."""

    entries: int
    head: str
    broken_at: int | None


def record(
    session: Session,
    account: Account | None,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    *,
    now: datetime,
) -> None:
    """Write down one act, in the transaction that does it.

    ``account`` is None for commands given on the server. ``action`` is a word such
    as ``wave.opened``; ``subject`` names what it was done to.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    entry = AuditEntry(
        at=now,
        account_id=account.id if account else None,
        actor=account.username if account else COMMAND_LINE,
        action=action,
        subject=subject,
        detail=json.loads(json.dumps(dict(detail or {}), default=str)),
        previous_hash=session.scalar(last) or BEGINNING,
    )
    entry.hash = sealed(entry)
    session.add(entry)
    session.flush()


def verify(session: Session) -> Chain:
    """Recompute every hash from the first entry on."""
    entries, head, broken_at = 0, BEGINNING, None
    everything = select(AuditEntry).order_by(AuditEntry.id)
    for entry in session.scalars(everything.execution_options(yield_per=1000)):
        entries += 1
        whole = entry.previous_hash == head and entry.hash == sealed(entry)
        if not whole and broken_at is None:
            broken_at = entry.id
        head = entry.hash
    return Chain(entries, head, broken_at)


def sealed(entry: AuditEntry) -> str:
    """SHA-256 over all an entry says and the hash of the entry before it."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "account": entry.account_id,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
        "previous": entry.previous_hash,
    }
    canonical = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
