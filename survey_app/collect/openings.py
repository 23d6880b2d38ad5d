"""What a code opens: which questionnaire, about which office, and whether it still may.

Written as prepared statements over the tables, not as objects: this is the path that
every phone takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, literal, null, select
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


_SLIP = (
    select(
        Wave.questionnaire_id,
        Wave.simulated,
        Office.name,
        OneStopShop.name,
        Counter.name,
        Invitation.service_field,
        Wave.id,
        Wave.status,
        Invitation.selection,
        Invitation.id,
        Invitation.office_id,
        Invitation.shop_id,
        Invitation.counter_id,
        Invitation.channel,
        Invitation.stratum,
        Invitation.response_class,
        Invitation.issued_at,
        Invitation.spent,
        null().label("revoked_at"),
    )
    .join(Wave, Invitation.wave_id == Wave.id)
    .join(Office, Invitation.office_id == Office.id)
    .outerjoin(OneStopShop, Invitation.shop_id == OneStopShop.id)
    .outerjoin(Counter, Invitation.counter_id == Counter.id)
    .where(
        Invitation.code_hash == bindparam("mark"),
        Invitation.selection != Selection.STAFF,
    )
)

_POSTER = (
    select(
        Wave.questionnaire_id,
        Wave.simulated,
        Office.name,
        OneStopShop.name,
        Counter.name,
        null().label("service_field"),
        Wave.id,
        Wave.status,
        literal(Selection.OPEN, Invitation.selection.type).label("selection"),
        null().label("invitation_id"),
        Poster.office_id,
        Poster.shop_id,
        Poster.counter_id,
        null().label("channel"),
        Office.code.label("stratum"),
        literal("").label("response_class"),
        null().label("issued_at"),
        literal(False).label("spent"),
        Poster.revoked_at,
    )
    .join(Wave, Poster.wave_id == Wave.id)
    .join(Office, Poster.office_id == Office.id)
    .outerjoin(OneStopShop, Poster.shop_id == OneStopShop.id)
    .outerjoin(Counter, Poster.counter_id == Counter.id)
    .where(Poster.code == bindparam("mark"))
)
