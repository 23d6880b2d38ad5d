"""Put a paper ballot among the others, and erase what was typed on the way to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from questionnaires import Questionnaire
from survey_app import settings
from survey_app.collect.ballots import Ballot
from survey_app.errors import Refused
from survey_app.models import (
    Invitation,
    Mode,
    Office,
    Outcome,
    PaperEntry,
    PaperForm,
    PaperState,
    Response,
    Selection,
    SpoiledReason,
    Wave,
)
from survey_app.paper import keys
from survey_app.paper.keys import ASSISTED
from survey_app.paper.reading import Typing

_INVITATION = cast(Table, Invitation.__table__)


def finish(
    session: Session,
    wave: Wave,
    form: PaperForm,
    questionnaire: Questionnaire,
    typing: Typing,
    *,
    differences: int,
    now: datetime,
) -> None:
    """Store the ballot and erase what was typed; without consent nothing is stored.

    Raises
    ------
    Refused
        If the slip's code was spent meanwhile.
    """
    session.execute(delete(PaperEntry).where(PaperEntry.serial == form.serial))
    form.differences = differences
    if not typing.consents:
        form.state, form.reason = PaperState.SPOILED, SpoiledReason.NO_CONSENT
        session.flush()
        return
    response_id = form.response_id
    assert response_id is not None  # only stored copies have forgotten theirs
    ballot = Ballot(
        answers=typing.answers,
        assisted=typing.typed[ASSISTED] == keys.YES,
        consent_version=questionnaire.consent.version,
        language=form.language,
    )
    session.add(
        Response(
            id=response_id,
            wave_id=wave.id,
            questionnaire_id=questionnaire.id,
            mode=Mode.PAPER,
            assisted=ballot.assisted,
            answers=ballot.answers,
            language=ballot.language,
            consent_version=ballot.consent_version,
            received_hour=now.replace(minute=0, second=0, microsecond=0),
            body_sha256=ballot.fingerprint(response_id, settings.keys().code),
            **_about(session, form, typing.code_hash),
        )
    )
    form.state, form.stored, form.response_id = PaperState.RETURNED, True, None
    session.flush()


def _about(session: Session, form: PaperForm, code_hash: str | None) -> dict[str, Any]:
    """Whom the ballot is about: the drawn citizen's transaction, else the office."""
    if code_hash is None:
        office = session.get_one(Office, form.office_id)
        return {
            "selection": Selection.OPEN,
            "office_id": office.id,
            "stratum": office.code,
            "response_class": "",
        }
    done = session.execute(
        update(_INVITATION)
        .where(_INVITATION.c.code_hash == code_hash, _INVITATION.c.spent.is_(False))
        .values(spent=True, outcome=Outcome.COMPLETED)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(
            "Mã phiếu trên tờ giấy vừa được dùng để gửi một phiếu khác. Xin ghi tờ"
            " giấy này là hỏng, lý do mã đã dùng."
        )
    invitation = session.scalars(
        select(Invitation).where(Invitation.code_hash == code_hash)
    ).one()
    return {
        "selection": invitation.selection,
        "office_id": invitation.office_id,
        "shop_id": invitation.shop_id,
        "counter_id": invitation.counter_id,
        "service_field": invitation.service_field,
        "channel": invitation.channel,
        "stratum": invitation.stratum,
        "response_class": invitation.response_class,
    }
