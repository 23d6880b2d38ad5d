"""How many interviews each cell needs, taken from the frozen plan."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sampling import allocation, plan
from survey_app.errors import Refused
from survey_app.fieldwork.plans import latest_plan
from survey_app.fieldwork.transactions import frame_counts
from survey_app.fieldwork.words import CHANNELS
from survey_app.models import QuotaCell, Transaction, Wave


class Split(StrEnum):
    """What makes the cells of an office."""

    WHOLE = "whole"
    FIELD = "field"
    CHANNEL = "channel"


SPLITS = {
    Split.WHOLE: "Mỗi đơn vị một nhóm",
    Split.FIELD: "Chia theo lĩnh vực, theo tỷ lệ trong khung mẫu",
    Split.CHANNEL: "Chia theo hình thức nộp, theo tỷ lệ trong khung mẫu",
}


def from_plan(session: Session, wave: Wave, split: Split) -> dict[tuple[int, str], int]:
    """Targets by (office, cell): the plan's sample, shared as the frame is.

    Cells made before by another way of splitting are set to nothing, so that what
    is wished for in all stays the plan's.

    Raises
    ------
    Refused
        While there is no plan, or it names strata that are no office.
    """
    frozen = latest_plan(session, wave)
    if frozen is None:
        raise Refused("Chưa chốt kế hoạch chọn mẫu nên chưa có số phiếu để chia.")
    wished = {s.stratum: s.n for s in plan.from_json(frozen.document).strata}
    office_of = {s.code: s.office_id for s in frame_counts(session, wave)}
    if strangers := sorted(set(wished) - set(office_of)):
        raise Refused("Tầng không phải là một đơn vị: " + ", ".join(strangers) + ".")
    parts = _parts(session, wave, split)
    targets = dict.fromkeys(_there(session, wave), 0)
    for code, n in wished.items():
        shares = allocation.proportional(parts.get(office_of[code], {}), n)
        targets |= {(office_of[code], cell): m for cell, m in shares.items()}
    return targets


def _parts(session: Session, wave: Wave, split: Split) -> dict[int, dict[str, int]]:
    """The frame of each office by cell, in order of the cells' names."""
    office, size = Transaction.office_id, func.count()
    whole = select(office, func.count().label("size"))
    if split is Split.WHOLE:
        rows = session.execute(
            whole.where(Transaction.wave_id == wave.id).group_by(office)
        )
        return {key: {"": n} for key, n in rows}
    column = Transaction.service_field if split is Split.FIELD else Transaction.channel
    found: dict[int, dict[str, int]] = {}
    for key, cell, n in session.execute(
        select(office, column, size)
        .where(Transaction.wave_id == wave.id)
        .group_by(office, column)
        .order_by(office, column)
    ):
        name = CHANNELS.get(cell, cell) if split is Split.CHANNEL else cell
        found.setdefault(key, {})[name] = n
    return found


def _there(session: Session, wave: Wave) -> Mapping[tuple[int, str], int]:
    return {
        (cell.office_id, cell.name): cell.target
        for cell in session.scalars(
            select(QuotaCell).where(QuotaCell.wave_id == wave.id)
        )
    }
