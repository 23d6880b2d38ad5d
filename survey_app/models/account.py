from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import Key, Model, one_of
from survey_app.models.office import Counter, Office


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    PLANNER = "planner"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    COUNTER_OFFICER = "counter_officer"
    INTERVIEWER = "interviewer"


class Account(Model):
    """One person who works with the program: what they may see hangs on the role.

    A leader belongs to an office and a counter officer to a counter; nobody else
    is tied to one. ``session_version`` rises when a password changes, so that
    every device signed in before is signed out. ``one_time_until`` stands while the
    password is one that another person handed over: it opens the page to choose
    one's own, and after that moment not even this.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(role = 'leader') = (office_id IS NOT NULL)", "leader_office"),
        CheckConstraint(
            "(role = 'counter_officer') = (counter_id IS NOT NULL)", "officer_counter"
        ),
    )

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(one_of(Role))
    password_hash: Mapped[str]
    one_time_until: Mapped[datetime | None]
    session_version: Mapped[int] = mapped_column(default=1)
    active: Mapped[bool] = mapped_column(default=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]

    office: Mapped[Office | None] = relationship()
    counter: Mapped[Counter | None] = relationship()
