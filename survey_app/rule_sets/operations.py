"""What entering a rule set does to the database. Each function takes a session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.rule_set import RuleSet
from survey_app import upgrade
from survey_app.errors import Refused
from survey_app.models import PublishedRuleSet


def publish(session: Session, rule_set: RuleSet, text: str, *, now: datetime) -> None:
    """Put a judged rule set among the published ones.

    Raises
    ------
    Refused
        If its id is taken: a published rule set never changes.
    """
    taken = Refused(
        f"Mã “{rule_set.id}” đã được dùng. Bộ quy tắc đã công bố không sửa được; xin"
        " đặt mã mới."
    )
    if session.get(PublishedRuleSet, rule_set.id) is not None:
        raise taken
    try:
        upgrade.publish(session, PublishedRuleSet, text, now=now)
        session.flush()
    except IntegrityError:  # somebody took the id a moment ago
        raise taken from None
