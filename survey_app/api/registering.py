"""One request of the one-stop software: all its transactions registered, or none.

The answer is remembered by the request's own mark, so that a request whose answer
was lost on the way is sent again without harm. Slip codes are made anew each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app import clock
from survey_app.api.problems import Fault, RequestRefused
from survey_app.api.reading import Read, Rules, read, rules_of
from survey_app.fieldwork.directory import directory
from survey_app.hand_over import turns
from survey_app.models import (
    ApiKey,
    ApiRequest,
    Counter,
    HandOver,
    Office,
    OneStopShop,
)

MOST = 100
KEPT_DAYS = 2

SLIP, NOT_DUE, NOT_PLANNED = "slip", "not_due", "counter_not_planned"


@dataclass(frozen=True, slots=True)
class Answered:
    """One transaction answered: its number with us, its slip's code, and why (not)."""

    id: UUID | None
    code: str | None
    reason: str


def register(
    session: Session,
    key: ApiKey,
    items: Sequence[Any],
    *,
    batch: bool,
    mark: str,
    body: bytes,
    now: datetime,
) -> tuple[list[Answered], bool]:
    """Register all, or give the answer given before; the second value tells which.

    Raises
    ------
    RequestRefused
        With every fault, or because the mark belongs to another body.
    """
    # First of all: two equal requests at once queue on the mark.
    stored = _claim(session, key, mark, hashlib.sha256(body).hexdigest(), now)
    if stored is not None:
        return _again(session, stored), True
    turns.open_wave(session, key.wave_id)
    rules = rules_of(session, key, directory(session), clock.vietnam_day(now))
    found = _all_read(items, rules, batch)
    answers = _in_order_of_counters(session, key, found, batch, now)
    request = session.get_one(ApiRequest, (key.id, _hashed(mark)))
    request.answer = {
        "turns": [[a.id.hex if a.id else None, a.reason] for a in answers]
    }
    session.flush()
    return answers, False


def _claim(
    session: Session, key: ApiKey, mark: str, body_sha256: str, now: datetime
) -> ApiRequest | None:
    """Take the mark for this request; or the request that had it before."""
    today = clock.vietnam_day(now)
    session.execute(
        delete(ApiRequest).where(
            ApiRequest.api_key_id == key.id,
            ApiRequest.day < today - timedelta(days=KEPT_DAYS),
        )
    )
    sort = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    taken = session.execute(
        sort.insert(ApiRequest)
        .values(
            api_key_id=key.id,
            mark_hash=_hashed(mark),
            body_sha256=body_sha256,
            day=today,
            answer={},
        )
        .on_conflict_do_nothing()
        .returning(ApiRequest.mark_hash)
    )
    if taken.first() is not None:
        return None
    stored = session.get_one(
        ApiRequest, (key.id, _hashed(mark)), populate_existing=True
    )
    if stored.body_sha256 != body_sha256:
        raise RequestRefused(
            409,
            "idempotency-key-reused",
            "Idempotency-Key này đã dùng cho một yêu cầu có nội dung khác.",
        )
    return stored


def _again(session: Session, stored: ApiRequest) -> list[Answered]:
    """The answer of before, slips made again from their turns."""
    answers = []
    for turn_id, reason in stored.answer["turns"]:
        turn = session.get(HandOver, UUID(turn_id)) if turn_id else None
        code = turns.code_of(session, turn) if turn else None
        if reason == SLIP and code is None:
            raise RequestRefused(
                410,
                "slip-forgotten",
                "Yêu cầu này đã được ghi, nhưng phiếu chỉ lập lại được trong ngày.",
            )
        answers.append(Answered(UUID(turn_id) if turn_id else None, code, reason))
    return answers


def _all_read(items: Sequence[Any], rules: Rules, batch: bool) -> list[Read]:
    found: list[Read] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        at = f"/transactions/{place}" if batch else ""
        got = read(item, at, rules)
        if isinstance(got, list):
            faults += got
            continue
        if got.dossier and first.setdefault(got.dossier, place) != place:
            same = f"trùng với mục {first[got.dossier]} của yêu cầu này."
            faults.append(Fault(f"{at}/dossier_code", "twice", same))
        found.append(got)
    if faults:
        raise RequestRefused(
            422, "invalid", f"Có {len(faults)} chỗ cần sửa; chưa ghi gì.", faults
        )
    return found


def _in_order_of_counters(
    session: Session, key: ApiKey, found: Sequence[Read], batch: bool, now: datetime
) -> list[Answered]:
    """Register counter by counter, so that two batches never wait for each other."""
    answers: dict[int, Answered] = {}
    faults: list[Fault] = []
    for place in sorted(range(len(found)), key=lambda i: (found[i].counter_id or 0, i)):
        try:
            answers[place] = _one(session, key, found[place], now)
        except turns.DossierAlreadyThere as there:
            at = f"/transactions/{place}" if batch else ""
            faults.append(Fault(f"{at}/dossier_code", "already-there", there.message))
    if faults:
        raise RequestRefused(
            422, "invalid", f"Có {len(faults)} chỗ cần sửa; chưa ghi gì.", faults
        )
    return [answers[place] for place in range(len(found))]


def _one(session: Session, key: ApiKey, item: Read, now: datetime) -> Answered:
    if item.planned is None or item.counter_id is None:
        return Answered(None, None, NOT_PLANNED)
    place = turns.Place(
        session.get_one(Office, item.office_id),
        session.get_one(OneStopShop, item.shop_id),
        session.get_one(Counter, item.counter_id),
    )
    handed = turns.Handed(
        uuid4(),
        place,
        item.service_field,
        item.channel,
        item.dossier,
        api_key_id=key.id,
    )
    turn = turns.register(session, item.planned, handed, now=now)
    return Answered(turn.id, turn.code, SLIP if turn.has_slip else NOT_DUE)


def _hashed(mark: str) -> str:
    return hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()
