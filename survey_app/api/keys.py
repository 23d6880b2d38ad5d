"""Keys of one-stop software: made, shown once, recognised by hash, revoked.

Each function takes a session and never commits it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from survey_app import clock
from survey_app.accounts import audit
from survey_app.errors import NotFound, Refused
from survey_app.models import Account, ApiKey, Office, Wave, WaveOffice, WaveStatus

_PREFIX = "sipas_"
_SHOWN = len(_PREFIX) + 6
LONGEST_NAME = 100


def make(
    session: Session,
    account: Account | None,
    *,
    name: str,
    wave_code: str,
    office_code: str = "",
    now: datetime,
) -> tuple[ApiKey, str]:
    """A new key; its text is given back once and kept nowhere.

    Raises
    ------
    Refused
        With every reason.
    """
    wave = session.scalar(select(Wave).where(Wave.code == wave_code))
    problems = []
    if not name.strip():
        problems.append("Chưa ghi tên phần mềm hoặc nơi dùng khóa.")
    elif len(name.strip()) > LONGEST_NAME:
        problems.append(f"Tên dài nhất {LONGEST_NAME} chữ.")
    office = None
    if wave is None:
        problems.append(f"Không có đợt khảo sát mang mã {wave_code or '(trống)'}.")
    elif wave.status not in (WaveStatus.DRAFT, WaveStatus.OPEN):
        problems.append("Đợt khảo sát đã đóng nên không cần khóa nữa.")
    if wave is not None and office_code:
        office = _judged(session, wave, office_code)
        if office is None:
            problems.append(f"Đợt này không có đơn vị mang mã {office_code}.")
    if problems or wave is None:
        raise Refused(*problems)
    text = _PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        name=name.strip(),
        beginning=text[:_SHOWN],
        key_hash=hashed(text),
        wave_id=wave.id,
        office_id=office.id if office else None,
        created_at=now,
    )
    session.add(key)
    session.flush()
    _record(session, account, "api_key.made", key, wave, office, now)
    return key, text


def revoke(
    session: Session, account: Account | None, key_id: int, *, now: datetime
) -> ApiKey:
    """From now on the key opens nothing.

    Raises
    ------
    NotFound
    Refused
        If it is revoked already.
    """
    key = session.get(ApiKey, key_id)
    if key is None:
        raise NotFound
    done = session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKey.id)
    )
    if done.first() is None:
        raise Refused("Khóa này đã bị thu hồi trước đó.")
    _record(session, account, "api_key.revoked", key, key.wave, key.office, now)
    return key


def all_keys(session: Session) -> Sequence[ApiKey]:
    """Every key ever made, those in use first, then the newest."""
    return session.scalars(
        select(ApiKey)
        .options(joinedload(ApiKey.wave), joinedload(ApiKey.office))
        .order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    ).all()


def recognised(session: Session, text: str) -> ApiKey | None:
    """The key with this text that is not revoked."""
    return session.scalar(
        select(ApiKey).where(
            ApiKey.key_hash == hashed(text), ApiKey.revoked_at.is_(None)
        )
    )


def note_used(session: Session, key: ApiKey, *, now: datetime) -> None:
    """The day, not the minute: it is for finding keys nobody uses."""
    day = clock.vietnam_day(now)
    if key.last_used_on != day:
        key.last_used_on = day


def hashed(text: str) -> str:
    """What the table keeps; a key of 256 random bits needs no salt."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _judged(session: Session, wave: Wave, code: str) -> Office | None:
    return session.scalar(
        select(Office)
        .join(WaveOffice, WaveOffice.office_id == Office.id)
        .where(WaveOffice.wave_id == wave.id, Office.code == code)
    )


def _record(
    session: Session,
    account: Account | None,
    action: str,
    key: ApiKey,
    wave: Wave,
    office: Office | None,
    now: datetime,
) -> None:
    detail = {"name": key.name, "wave": wave.code, "key": key.beginning}
    if office:
        detail["office"] = office.code
    audit.record(session, account, action, f"api-key {key.id}", detail, now=now)
