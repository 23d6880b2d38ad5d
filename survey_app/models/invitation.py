from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey_app.models.base import NO_ROWID, Model, RandomKey, one_of
from survey_app.models.office import Office, OneStopShop
from survey_app.models.wave import Wave


class Selection(StrEnum):
    """How a ballot came to be asked for; estimates never mix two of these."""

    FROM_LIST = "from_list"
    AT_HAND_OVER = "at_hand_over"
    OPEN = "open"
    STAFF = "staff"


class Outcome(StrEnum):
    """What became of an invitation, in the words of the dispositions file."""

    NOT_RETURNED = "not_returned"
    COMPLETED = "completed"


class Invitation(Model):
    """The right of one drawn citizen to answer once.

    It knows that its citizen answered, never what: no column leads from here to
    a response or back. ``unlink`` rewrites the rows and forgets ``issued_at``.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("wave_id", "transaction_id"),
        NO_ROWID,
    )

    id: Mapped[RandomKey]
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"), index=True)
    selection: Mapped[Selection] = mapped_column(one_of(Selection))
    code_hash: Mapped[str] = mapped_column(unique=True)
    code_version: Mapped[int] = mapped_column(default=1)
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("transaction.id"))
    draw_position: Mapped[int | None]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("one_stop_shop.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    service_field: Mapped[str]
    channel: Mapped[str]
    stratum: Mapped[str]
    response_class: Mapped[str]
    issued_at: Mapped[datetime | None]
    outcome: Mapped[Outcome] = mapped_column(
        one_of(Outcome), default=Outcome.NOT_RETURNED
    )
    spent: Mapped[bool] = mapped_column(default=False)

    wave: Mapped[Wave] = relationship()
    office: Mapped[Office] = relationship()
    shop: Mapped[OneStopShop | None] = relationship()
