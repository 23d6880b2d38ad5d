"""Codes on walls: one per counter and wave, open to all, until revoked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.codes import POSTER_LENGTH, random_code
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork.transactions import locked
from survey_app.formats import folded
from survey_app.models import (
    Counter,
    Office,
    OneStopShop,
    Poster,
    Wave,
    WaveOffice,
    WaveStatus,
)


@dataclass(frozen=True, slots=True)
class CounterPoster:
    """A counter of a wave and the poster that hangs there, if any."""

    counter_id: int
    counter: str
    shop_id: int
    shop: str
    office_id: int
    office_code: str
    office: str
    poster_id: int | None
    code: str | None
    created_at: datetime | None


def counters(
    session: Session,
    wave: Wave,
    *,
    search: str = "",
    counter_id: int | None = None,
) -> list[CounterPoster]:
    """Counters of the wave's offices that existed in its period, in office order."""
    query = (
        select(Counter, OneStopShop, Office, Poster)
        .join(OneStopShop, OneStopShop.id == Counter.shop_id)
        .join(Office, Office.id == OneStopShop.office_id)
        .join(WaveOffice, WaveOffice.office_id == Office.id)
        .outerjoin(
            Poster,
            (Poster.counter_id == Counter.id)
            & (Poster.wave_id == wave.id)
            & Poster.revoked_at.is_(None),
        )
        .where(
            WaveOffice.wave_id == wave.id,
            Counter.valid_from <= wave.period_end,
            or_(Counter.valid_to.is_(None), Counter.valid_to >= wave.period_start),
        )
    )
    if search:
        query = query.where(
            Office.search_name.contains(folded(search), autoescape=True)
        )
    if counter_id is not None:
        query = query.where(Counter.id == counter_id)
    found = [_counter_poster(*row) for row in session.execute(query)]
    return sorted(found, key=lambda c: (c.office_code, c.shop, c.counter_id))


def create(
    session: Session,
    wave_id: int,
    counter_ids: Collection[int] | None = None,
    *,
    now: datetime,
) -> int:
    """Posters for the counters named, or for all, that have none; how many are new.

    Raises
    ------
    Refused
        If the wave is closed.
    """
    wave = locked(session, wave_id)
    _refuse_closed(wave)
    new = 0
    for counter in counters(session, wave):
        if counter.poster_id is not None:
            continue
        if counter_ids is not None and counter.counter_id not in counter_ids:
            continue
        session.add(
            Poster(
                wave_id=wave.id,
                code=_free_code(session),
                office_id=counter.office_id,
                shop_id=counter.shop_id,
                counter_id=counter.counter_id,
                created_at=now,
            )
        )
        new += 1
    session.flush()
    return new


def hanging(session: Session, wave: Wave, poster_id: int) -> CounterPoster:
    """The counter where a poster hangs.

    Raises
    ------
    NotFound
        If the wave has no such poster, or it is revoked.
    """
    for counter in counters(session, wave):
        if counter.poster_id == poster_id:
            return counter
    raise NotFound


def revoke(session: Session, wave_id: int, poster_id: int, *, now: datetime) -> Poster:
    """Make a code on a wall worthless; a new one can be made for its counter.

    Raises
    ------
    NotFound
        If the wave has no such poster.
    """
    poster = session.get(Poster, poster_id, with_for_update=True)
    if poster is None or poster.wave_id != wave_id:
        raise NotFound
    if poster.revoked_at is None:
        poster.revoked_at = now
    return poster


def to_print(
    session: Session,
    wave: Wave,
    *,
    search: str = "",
    counter_id: int | None = None,
) -> list[CounterPoster]:
    """The counters that have a poster.

    Raises
    ------
    Refused
        If there is none, or the wave is closed.
    """
    _refuse_closed(wave)
    found = counters(session, wave, search=search, counter_id=counter_id)
    hung = [counter for counter in found if counter.code is not None]
    if not hung:
        raise Refused("Chưa có áp phích nào để in. Vui lòng lập áp phích trước.")
    return hung


def _refuse_closed(wave: Wave) -> None:
    if wave.status not in (WaveStatus.DRAFT, WaveStatus.OPEN):
        raise Refused("Đợt khảo sát đã đóng nên không lập hay in áp phích nữa.")


def _free_code(session: Session) -> str:
    while True:
        code = random_code(POSTER_LENGTH)
        if session.scalar(select(Poster.id).where(Poster.code == code)) is None:
            return code


def _counter_poster(
    counter: Counter, shop: OneStopShop, office: Office, poster: Poster | None
) -> CounterPoster:
    return CounterPoster(
        counter_id=counter.id,
        counter=counter.name,
        shop_id=shop.id,
        shop=shop.name,
        office_id=office.id,
        office_code=office.code,
        office=office.name,
        poster_id=poster.id if poster else None,
        code=poster.code if poster else None,
        created_at=poster.created_at if poster else None,
    )
