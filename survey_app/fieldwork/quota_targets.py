"""How many interviews each cell needs, taken from the frozen plan."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sampling import allocation, plan, stratification
from survey_app.errors import Refused
from survey_app.fieldwork import plan_frame
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
        While there is no plan, or it names strata that the frame has not.
    """
    frozen = latest_plan(session, wave)
    if frozen is None:
        raise Refused("Chưa chốt kế hoạch chọn mẫu nên chưa có số phiếu để chia.")
    wished = _by_office(session, wave, plan.from_json(frozen.document))
    parts = _parts(session, wave, split)
    targets = dict.fromkeys(_there(session, wave), 0)
    for office, n in wished.items():
        shares = allocation.proportional(parts.get(office, {}), n)
        targets |= {(office, cell): m for cell, m in shares.items()}
    return targets


def _by_office(session: Session, wave: Wave, planned: plan.Plan) -> dict[int, int]:
    """The sample of each office: the sum over its strata."""
    strata = stratification.of_plan(planned)
    frame = stratification.sizes(plan_frame.cells(session, wave), strata)
    office_of = {s: office for office, own in frame.items() for s in own}
    key_of = {s.code: s.office_id for s in frame_counts(session, wave)}
    names = {s.stratum for s in planned.strata if s.n}
    if strangers := sorted(names - office_of.keys()):
        raise Refused("Khung mẫu không còn tầng: " + ", ".join(strangers) + ".")
    wished: dict[int, int] = {}
    for stratum in planned.strata:
        if stratum.n:
            key = key_of[office_of[stratum.stratum]]
            wished[key] = wished.get(key, 0) + stratum.n
    return wished


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
