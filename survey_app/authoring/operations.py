"""What publishing does to the database. Each function takes a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires import Questionnaire
from survey_app import languages, upgrade
from survey_app.errors import Refused
from survey_app.models import Definition


def publish(
    session: Session,
    questionnaire: Questionnaire,
    text: str,
    translation_texts: Sequence[str] = (),
    *,
    now: datetime,
) -> None:
    """Put a judged questionnaire and its translations among the published ones.

    Raises
    ------
    Refused
        If its id is taken: a published questionnaire never changes.
    """
    if session.get(Definition, questionnaire.id) is not None:
        raise Refused(
            f"Mã phiếu “{questionnaire.id}” đã được công bố. Phiếu đã công bố không"
            " sửa được; xin đặt mã mới."
        )
    upgrade.publish(session, Definition, text, now=now)
    session.flush()
    for words in translation_texts:
        languages.publish_translation(session, words, now=now)
