"""What a code opens: which questionnaire, about which office, and whether it still may.

Written as prepared statements over the tables, not as objects: this is the path that
every phone takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, bindparam, literal, null, select
from sqlalchemy.orm import Session

from survey_app import codes, settings
from survey_app.collect.errors import (
    CodeMistyped,
    CodeUnknown,
    CodeUsed,
    PosterRevoked,
    WaveClosed,
    WaveNotYetOpen,
)
from survey_app.collect.nonces import Nonce
from survey_app.models import (
    Counter,
    Invitation,
    Office,
    OneStopShop,
    Poster,
    Selection,
    Wave,
    WaveStatus,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the citizen reads above the questions; pages are kept ready by it."""

    questionnaire_id: str
    simulated: bool
    office: str
    shop: str | None
    counter: str | None
    service_field: str | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A code that was found. ``invitation_id`` is None for a poster."""

    wave_id: int
    wave_status: WaveStatus
    place: Place
    selection: Selection
    invitation_id: Any
    office_id: int
    shop_id: int | None
    counter_id: int | None
    channel: str | None
    stratum: str
    response_class: str
    issued_at: datetime | None
    spent: bool
    revoked_at: datetime | None

    @property
    def is_poster(self) -> bool:
        return self.selection is Selection.OPEN

    def must_be_open(self, *, nonce: Nonce | None, now: datetime) -> None:
        """Refuse what cannot be answered any more, or not yet.

        Of a closed wave only pages opened before are accepted, and they are known by
        a nonce that has not expired: a closed wave gives out no new ones.

        Raises
        ------
        CodeUsed, PosterRevoked, WaveNotYetOpen, WaveClosed
        """
        if self.spent:
            raise CodeUsed
        if self.revoked_at is not None:
            raise PosterRevoked
        match self.wave_status:
            case WaveStatus.DRAFT:
                raise WaveNotYetOpen
            case WaveStatus.FROZEN:
                raise WaveClosed
            case WaveStatus.CLOSED if nonce is None or nonce.is_expired(now):
                raise WaveClosed


def slip_code(typed: str) -> str:
    return _code(typed, codes.SLIP_LENGTH)


def poster_code(typed: str) -> str:
    return _code(typed, codes.POSTER_LENGTH)


def of_slip(session: Session, code: str) -> Opening:
    """What a slip's code opens.

    Raises
    ------
    CodeUnknown
    """
    mark = codes.code_hash(settings.keys().code, code)
    return _found(session, _SLIP, {"mark": mark})


def of_poster(session: Session, code: str) -> Opening:
    """What a poster's code opens.

    Raises
    ------
    CodeUnknown
    """
    return _found(session, _POSTER, {"mark": code})


def _code(typed: str, length: int) -> str:
    try:
        return codes.normalise(typed, length=length)
    except codes.Mistyped:
        raise CodeMistyped from None


def _found(
    session: Session, statement: Executable, parameters: dict[str, str]
) -> Opening:
    row = session.execute(statement, parameters).first()
    if row is None:
        raise CodeUnknown
    questionnaire_id, simulated, office, shop, counter, field, *rest = row
    place = Place(questionnaire_id, simulated, office, shop, counter, field)
    wave_id, status, *rest = rest
    return Opening(wave_id, status, place, *rest)


# The bare tables: objects would cost more time than the search itself.
_wave, _office, _shop, _counter, _invitation, _poster = (
    cast(Table, model.__table__)
    for model in (Wave, Office, OneStopShop, Counter, Invitation, Poster)
)
_SLIP = (
    select(
        _wave.c.questionnaire_id,
        _wave.c.simulated,
        _office.c.name,
        _shop.c.name,
        _counter.c.name,
        _invitation.c.service_field,
        _wave.c.id,
        _wave.c.status,
        _invitation.c.selection,
        _invitation.c.id,
        _invitation.c.office_id,
        _invitation.c.shop_id,
        _invitation.c.counter_id,
        _invitation.c.channel,
        _invitation.c.stratum,
        _invitation.c.response_class,
        _invitation.c.issued_at,
        _invitation.c.spent,
        null().label("revoked_at"),
    )
    .select_from(_invitation)
    .join(_wave, _invitation.c.wave_id == _wave.c.id)
    .join(_office, _invitation.c.office_id == _office.c.id)
    .outerjoin(_shop, _invitation.c.shop_id == _shop.c.id)
    .outerjoin(_counter, _invitation.c.counter_id == _counter.c.id)
    .where(
        _invitation.c.code_hash == bindparam("mark"),
        _invitation.c.selection != Selection.STAFF,
    )
)

_POSTER = (
    select(
        _wave.c.questionnaire_id,
        _wave.c.simulated,
        _office.c.name,
        _shop.c.name,
        _counter.c.name,
        null().label("service_field"),
        _wave.c.id,
        _wave.c.status,
        literal(Selection.OPEN, _invitation.c.selection.type).label("selection"),
        null().label("invitation_id"),
        _poster.c.office_id,
        _poster.c.shop_id,
        _poster.c.counter_id,
        null().label("channel"),
        _office.c.code.label("stratum"),
        literal("").label("response_class"),
        null().label("issued_at"),
        literal(False).label("spent"),
        _poster.c.revoked_at,
    )
    .select_from(_poster)
    .join(_wave, _poster.c.wave_id == _wave.c.id)
    .join(_office, _poster.c.office_id == _office.c.id)
    .outerjoin(_shop, _poster.c.shop_id == _shop.c.id)
    .outerjoin(_counter, _poster.c.counter_id == _counter.c.id)
    .where(_poster.c.code == bindparam("mark"))
)
