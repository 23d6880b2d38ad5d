"""What happens to the database while citizens answer, and when one withdraws.

Each function takes a session and never commits it. A ballot holds a share of its
wave's row until it is stored: who closes, freezes or unlinks a wave takes the row for
itself and so waits for ballots under way, and they for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, null, select, update
from sqlalchemy.orm import Session

from survey_app.collect import receipts
from survey_app.collect.ballots import Ballot
from survey_app.collect.errors import (
    BallotDiffers,
    BallotWithdrawn,
    CodeUsed,
    ReceiptUnknown,
    WaveClosed,
    WithdrawalTooLate,
)
from survey_app.collect.nonces import Nonce
from survey_app.collect.openings import Opening
from survey_app.models import (
    Delay,
    Invitation,
    Mode,
    Office,
    Outcome,
    Response,
    Wave,
    WaveStatus,
)

_DELAYS = (
    (timedelta(minutes=2), Delay.MINUTES_2),
    (timedelta(minutes=10), Delay.MINUTES_10),
    (timedelta(minutes=60), Delay.MINUTES_60),
    (timedelta(hours=24), Delay.HOURS_24),
    (timedelta(days=7), Delay.DAYS_7),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A ballot that is there already, by what is needed to recognise it."""

    fingerprint: str
    withdrawn: bool

    def must_be(self, fingerprint: str | None) -> None:
        """Accept the same ballot again, refuse another under its number.

        Raises
        ------
        BallotWithdrawn, BallotDiffers
        """
        if self.withdrawn:
            raise BallotWithdrawn
        if self.fingerprint != fingerprint:
            raise BallotDiffers


@dataclass(frozen=True, slots=True)
class Found:
    """A ballot found by its receipt, as the person who withdraws it is shown it."""

    id: UUID
    office: str
    received_hour: datetime | None
    withdrawn: bool
    wave_status: WaveStatus
    simulated: bool


def kept(session: Session, nonce: Nonce | None) -> Kept | None:
    """The ballot that was sent from this page before, if there is one."""
    if nonce is None:
        return None
    row = session.execute(_KEPT, {"response": nonce.id}).first()
    return row and Kept(row.body_sha256, row.withdrawn)


def keep(
    session: Session,
    opening: Opening,
    nonce: Nonce,
    ballot: Ballot,
    *,
    fingerprint: str,
    now: datetime,
) -> None:
    """Spend the code and store the ballot, both or neither.

    Raises
    ------
    WaveClosed
        If the wave was frozen while the citizen answered.
    CodeUsed
        If another ballot spent the code first.
    IntegrityError
        If a ballot with this number is there already.
    """
    if session.scalar(_SHARE_WAVE, {"wave": opening.wave_id}) is WaveStatus.FROZEN:
        raise WaveClosed
    if not opening.is_poster:
        spent = session.execute(_SPEND, {"invitation": opening.invitation_id})
        if spent.rowcount != 1:  # type: ignore[attr-defined]
            raise CodeUsed
    session.execute(
        _STORE,
        {
            "id": nonce.id,
            "wave_id": opening.wave_id,
            "questionnaire_id": opening.place.questionnaire_id,
            "selection": opening.selection,
            "mode": Mode.PHONE_SELF,
            "assisted": ballot.assisted,
            "office_id": opening.office_id,
            "shop_id": opening.shop_id,
            "counter_id": opening.counter_id,
            "service_field": opening.place.service_field,
            "channel": opening.channel,
            "stratum": opening.stratum,
            "response_class": opening.response_class,
            "answers": ballot.answers,
            "language": ballot.language,
            "consent_version": ballot.consent_version,
            "received_hour": now.replace(minute=0, second=0, microsecond=0),
            "duration_seconds": max(0, int((now - nonce.opened_at).total_seconds())),
            "delay": delay_since(opening.issued_at, now),
            "body_sha256": fingerprint,
            "withdrawn": False,
        },
    )


def delay_since(issued_at: datetime | None, now: datetime) -> Delay | None:
    """How long the citizen had the code, in six steps; None when it is not known."""
    if issued_at is None:
        return None
    for limit, delay in _DELAYS:
        if now - issued_at < limit:
            return delay
    return Delay.MORE


def find(session: Session, receipt: str) -> Found:
    """The ballot that a receipt stands for.

    Raises
    ------
    ReceiptUnknown
        If there is none, or two begin alike: then neither is touched.
    """
    lowest, highest = receipts.ids_of(receipt)
    rows = session.execute(
        select(
            Response.id,
            Office.name,
            Response.received_hour,
            Response.withdrawn,
            Wave.status,
            Wave.simulated,
        )
        .join(Office, Response.office_id == Office.id)
        .join(Wave, Response.wave_id == Wave.id)
        .where(Response.id.between(lowest, highest))
    ).all()
    if len(rows) != 1:
        raise ReceiptUnknown
    return Found(*rows[0])


def withdraw(session: Session, receipt: str) -> None:
    """Erase the answers of a ballot; what is counted stays as a tombstone.

    Raises
    ------
    ReceiptUnknown, BallotWithdrawn
    WithdrawalTooLate
        If the wave is frozen.
    """
    found = find(session, receipt)
    wave = session.scalar(select(Response.wave_id).where(Response.id == found.id))
    if session.scalar(_SHARE_WAVE, {"wave": wave}) is WaveStatus.FROZEN:
        raise WithdrawalTooLate
    done = session.execute(
        update(Response)
        .where(Response.id == found.id, Response.withdrawn.is_(False))
        .values(withdrawn=True, **{column: null() for column in _ERASED})
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise BallotWithdrawn


# Of a withdrawn ballot stay: number, hash, wave, questionnaire, selection, office,
# stratum and response class.
_ERASED = (
    "mode",
    "assisted",
    "shop_id",
    "counter_id",
    "service_field",
    "channel",
    "psu",
    "answers",
    "language",
    "consent_version",
    "received_hour",
    "duration_seconds",
    "delay",
)

# The bare tables: this is the path of every ballot, and objects would slow it.
_response, _invitation, _wave = (
    cast(Table, model.__table__) for model in (Response, Invitation, Wave)
)
_KEPT = select(_response.c.body_sha256, _response.c.withdrawn).where(
    _response.c.id == bindparam("response")
)
_SHARE_WAVE = (
    select(_wave.c.status)
    .where(_wave.c.id == bindparam("wave"))
    .with_for_update(read=True)
)
_SPEND = (
    update(_invitation)
    .where(
        _invitation.c.id == bindparam("invitation"),
        _invitation.c.spent.is_(False),
    )
    .values(spent=True, outcome=Outcome.COMPLETED)
)
_STORE = insert(_response)
