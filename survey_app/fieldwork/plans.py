"""Fix a plan: who is drawn, with which seed, sealed by its hash before fieldwork."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from sampling import from_plan, plan, stratification
from sampling.draw import Draw
from sampling.small_strata import Cell
from sampling.stratification import Stratification
from survey_app import clock, codes, settings
from survey_app.errors import Refused
from survey_app.fieldwork import plan_frame
from survey_app.fieldwork.plan_frame import Listed
from survey_app.fieldwork.planning import SizeWish
from survey_app.fieldwork.planning_history import last_wave
from survey_app.fieldwork.planning_preview import JudgedOffice, Preview, preview
from survey_app.fieldwork.transactions import (
    frame_counts,
    frame_lock,
    locked,
    void_draw,
)
from survey_app.models import (
    FrozenPlan,
    Invitation,
    Office,
    Outcome,
    ReservePlace,
    Selection,
    Transaction,
    Wave,
)

AIM = "Chỉ số hài lòng của từng đơn vị với sai số lấy mẫu biết trước."
EXCLUSION_RULES = ("Chỉ loại phiếu mà người trả lời đã rút lại.",)
_BATCH = 1_000


def planned(session: Session, wave: Wave, wish: SizeWish) -> Preview:
    """The allocation that a wish gives on the frame as it is now.

    Raises
    ------
    Refused
        With every reason why it cannot be done.
    """
    last = last_wave(session, wave)
    spreads = last.spreads if last else {}
    offices = [
        JudgedOffice(s.code, s.name, s.level, spreads.get(s.code))
        for s in frame_counts(session, wave)
    ]
    return preview(plan_frame.cells(session, wave), offices, wish)


def freeze_plan(
    session: Session,
    wave_id: int,
    wish: SizeWish,
    *,
    seed: int | None = None,
    reason: str = "",
    aim: str = AIM,
    exclusion_rules: tuple[str, ...] = EXCLUSION_RULES,
    now: datetime,
) -> FrozenPlan:
    """Draw the sample and make its invitations, all in one database transaction.

    A later version needs a reason, which it carries as an amendment with its day,
    and replaces a draw no code of which is out.

    Raises
    ------
    Refused
        With every reason.
    """
    wave = locked(session, wave_id)
    before = latest_plan(session, wave)
    problems = [locked_by] if (locked_by := frame_lock(session, wave)) else []
    if before and not reason.strip():
        problems.append("Chốt lại kế hoạch thì phải ghi lý do.")
    if problems:
        raise Refused(*problems)
    allocation = planned(session, wave, wish)
    strata = allocation.stratification
    frame = plan_frame.listed(session, wave, strata, wish.draw)
    decided = plan.Plan(
        wave=wave.code,
        aim=aim,
        draw=wish.draw.value,
        strata=allocation.strata(),
        seed=secrets.randbits(48) if seed is None else seed,
        frame_sha256=plan_frame.sha256_of(frame),
        merged=tuple((strata.merged or {}).items()),
        merged_classes=tuple((strata.merged_classes or {}).items()),
        exclusion_rules=exclusion_rules,
        decided=(*wish.decided(), *stratification.decided(strata)),
        amendments=_amendments(before, reason, now),
    )
    void_draw(session, wave)
    frozen = FrozenPlan(
        wave_id=wave.id,
        version=before.version + 1 if before else 1,
        document=plan.to_json(decided),
        sha256=plan.digest(decided),
        reason=reason.strip(),
        frozen_at=now,
    )
    session.add(frozen)
    _keep(session, wave, from_plan.drawn(decided, _names(frame)), frame, strata)
    return frozen


def latest_plan(session: Session, wave: Wave) -> FrozenPlan | None:
    return session.scalar(
        select(FrozenPlan)
        .where(FrozenPlan.wave_id == wave.id)
        .order_by(FrozenPlan.version.desc())
        .limit(1)
    )


def invite(
    session: Session,
    wave: Wave,
    drawn: Sequence[int],
    strata: Stratification,
    *,
    after: int = 0,
) -> None:
    """One invitation for each transaction; its code can be made again from it."""
    key = settings.keys().code
    for start in range(0, len(drawn), _BATCH):
        found = _transactions(session, drawn[start : start + _BATCH])
        rows = []
        for place, (transaction, cell) in enumerate(found, start=after + start + 1):
            invitation_id = uuid4()
            code = codes.slip_code(key, invitation_id, 1)
            rows.append(
                {
                    "id": invitation_id,
                    "wave_id": wave.id,
                    "selection": Selection.FROM_LIST,
                    "code_hash": codes.code_hash(key, code),
                    "code_version": 1,
                    "transaction_id": transaction.id,
                    "draw_position": place,
                    "office_id": transaction.office_id,
                    "shop_id": transaction.shop_id,
                    "counter_id": transaction.counter_id,
                    "service_field": transaction.service_field,
                    "channel": transaction.channel,
                    "stratum": strata.stratum(cell),
                    "response_class": strata.response_class(cell),
                    "outcome": Outcome.NOT_RETURNED,
                    "spent": False,
                }
            )
        session.execute(insert(Invitation), rows)


def last_position(session: Session, wave: Wave) -> int:
    """Number of the last drawn so far."""
    last = select(func.max(Invitation.draw_position)).where(
        Invitation.wave_id == wave.id
    )
    return session.scalar(last) or 0


def _amendments(
    before: FrozenPlan | None, reason: str, now: datetime
) -> tuple[plan.Amendment, ...]:
    if before is None:
        return ()
    day = clock.vietnam_day(now).isoformat()
    record = plan.Amendment(day, reason.strip(), before.sha256)
    return (*plan.from_json(before.document).amendments, record)


def _names(frame: Sequence[Listed]) -> list[str]:
    return [row.stratum for row in frame]


def _keep(
    session: Session,
    wave: Wave,
    draws: Mapping[str, Draw],
    frame: Sequence[Listed],
    strata: Stratification,
) -> None:
    """Invite the sample, hold back the reserve in its order."""
    sample = [i for d in draws.values() for i in d.selected.tolist()]
    invite(session, wave, [frame[i].transaction_id for i in sample], strata)
    held = {
        frame[i].transaction_id: (name, place)
        for name, d in draws.items()
        for place, i in enumerate(d.reserve.tolist(), start=1)
    }
    keys = list(held)
    for start in range(0, len(keys), _BATCH):
        rows = [
            {
                "wave_id": wave.id,
                "transaction_id": transaction.id,
                "stratum": held[transaction.id][0],
                "response_class": strata.response_class(cell),
                "place": held[transaction.id][1],
            }
            for transaction, cell in _transactions(session, keys[start:][:_BATCH])
        ]
        session.execute(insert(ReservePlace), rows)


def _transactions(
    session: Session, ids: Sequence[int]
) -> list[tuple[Transaction, Cell]]:
    """Transactions in the order asked, each with the cell that names its stratum."""
    rows = session.execute(
        select(Transaction, Office.code)
        .join(Office, Office.id == Transaction.office_id)
        .where(Transaction.id.in_(ids))
    )
    found = {
        t.id: (t, Cell(code, t.service_field, t.channel, f"{t.returned_on:%Y-%m}"))
        for t, code in rows
    }
    return [found[key] for key in ids]
