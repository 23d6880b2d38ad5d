"""Fix a plan: who is drawn, with which seed, sealed by its hash before fieldwork."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from sampling import draw, plan
from sampling.randomness import generator
from survey_app import codes, settings
from survey_app.errors import Refused
from survey_app.fieldwork.planning import Preview, SizeWish, preview
from survey_app.fieldwork.transactions import (
    frame_counts,
    frame_lock,
    in_frame_order,
    locked,
    void_draw,
)
from survey_app.models import (
    FrozenPlan,
    Invitation,
    Outcome,
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
    strata = frame_counts(session, wave)
    return preview(
        {s.code: s.frame_size for s in strata},
        {s.code: s.name for s in strata},
        wish,
    )


def freeze_plan(
    session: Session,
    wave_id: int,
    wish: SizeWish,
    *,
    seed: int | None = None,
    reason: str = "",
    now: datetime,
) -> FrozenPlan:
    """Draw the sample and make its invitations, all in one database transaction.

    A later version needs a reason and replaces a draw no code of which is out.

    Raises
    ------
    Refused
        With every reason.
    """
    wave = locked(session, wave_id)
    version = 1 + (latest_version(session, wave) or 0)
    problems = [reason_locked] if (reason_locked := frame_lock(session, wave)) else []
    if version > 1 and not reason.strip():
        problems.append("Chốt lại kế hoạch thì phải ghi lý do.")
    if problems:
        raise Refused(*problems)
    allocation = planned(session, wave, wish)
    frame = list(in_frame_order(session, wave))
    code_of = {s.office_id: s.code for s in frame_counts(session, wave)}
    seed = secrets.randbits(48) if seed is None else seed
    decided = plan.Plan(
        wave=wave.code,
        aim=AIM,
        draw="simple",
        strata=allocation.strata(),
        seed=seed,
        frame_sha256=_frame_sha256(frame, code_of),
        exclusion_rules=EXCLUSION_RULES,
        decided=wish.decided(),
    )
    void_draw(session, wave)
    frozen = FrozenPlan(
        wave_id=wave.id,
        version=version,
        document=plan.to_json(decided),
        sha256=plan.digest(decided),
        reason=reason.strip(),
        frozen_at=now,
    )
    session.add(frozen)
    draws = draw.stratified(
        [code_of[office_id] for _, _, office_id in frame],
        allocation.sample_sizes(),
        rng=generator(seed),
    )
    drawn = [frame[i][1] for d in draws.values() for i in d.selected.tolist()]
    _invite(session, wave, drawn, code_of)
    return frozen


def latest_plan(session: Session, wave: Wave) -> FrozenPlan | None:
    return session.scalar(
        select(FrozenPlan)
        .where(FrozenPlan.wave_id == wave.id)
        .order_by(FrozenPlan.version.desc())
        .limit(1)
    )


def latest_version(session: Session, wave: Wave) -> int | None:
    return session.scalar(
        select(func.max(FrozenPlan.version)).where(FrozenPlan.wave_id == wave.id)
    )


def _frame_sha256(frame: list[tuple[str, int, int]], code_of: dict[int, str]) -> str:
    """Hash of the list drawn from, one line ``hash,office`` each, in its order."""
    digest = hashlib.sha256()
    for dossier_hash, _, office_id in frame:
        digest.update(f"{dossier_hash},{code_of[office_id]}\n".encode())
    return digest.hexdigest()


def _invite(
    session: Session, wave: Wave, drawn: list[int], code_of: dict[int, str]
) -> None:
    """One invitation for each transaction drawn; its code can be made again from it."""
    key = settings.keys().code
    for start in range(0, len(drawn), _BATCH):
        ids = drawn[start : start + _BATCH]
        found = {
            t.id: t
            for t in session.scalars(select(Transaction).where(Transaction.id.in_(ids)))
        }
        rows = []
        for place, transaction_id in enumerate(ids, start=start + 1):
            transaction, invitation_id = found[transaction_id], uuid4()
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
                    "stratum": code_of[transaction.office_id],
                    "response_class": code_of[transaction.office_id],
                    "outcome": Outcome.NOT_RETURNED,
                    "spent": False,
                }
            )
        session.execute(insert(Invitation), rows)
