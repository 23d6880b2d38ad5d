"""Outcomes of fieldwork in the words people read, and why no place is given on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sampling.outcomes import BY_ID, Group
from sampling.replacement import ReplacementRule
from survey_app.models import ContactResult, Outcome, ReservePlace

if TYPE_CHECKING:
    from survey_app.fieldwork.reserve import Unit

CONTACT_RESULTS = {
    ContactResult.REFUSED: "Từ chối",
    ContactResult.NOT_CONTACTED: "Không liên hệ được",
    ContactResult.UNABLE: "Không đủ khả năng trả lời (sức khỏe)",
    ContactResult.LANGUAGE: "Không cùng ngôn ngữ",
    ContactResult.DECEASED: "Đã mất",
    ContactResult.OTHER: "Lý do khác, thuộc đối tượng",
    ContactResult.UNKNOWN: "Chưa rõ có thuộc đối tượng hay không",
    ContactResult.OUT_OF_FRAME: "Không thuộc đối tượng khảo sát",
    ContactResult.DUPLICATE: "Trùng với hồ sơ khác",
}
OUTCOMES = {str(k): v for k, v in CONTACT_RESULTS.items()} | {
    str(Outcome.COMPLETED): "Đã trả lời",
    str(Outcome.NOT_RETURNED): "Chưa trả lời",
}


def refusal(
    lost: Unit, held: Sequence[ReservePlace], reason: str, rule: ReplacementRule
) -> list[str]:
    """Every reason why the plan gives no place on."""
    problems = []
    group = BY_ID[lost.outcome].group
    if lost.outcome == Outcome.NOT_RETURNED:
        problems.append("Cần ghi kết quả tiếp cận trước khi cho thay thế.")
    elif group not in rule.groups:
        problems.append(
            f"Kế hoạch không cho thay thế sau kết quả “{OUTCOMES[lost.outcome]}”."
        )
    elif group is Group.NOT_CONTACTED and lost.attempts < rule.attempts_at_least:
        problems.append(
            f"Mới liên hệ {lost.attempts} lần; kế hoạch đòi hỏi ít nhất"
            f" {rule.attempts_at_least} lần trước khi cho thay thế."
        )
    if not reason.strip():
        problems.append("Chưa ghi lý do thay thế.")
    if all(place.for_transaction_id for place in held):
        problems.append(
            f"Tầng {lost.stratum} không còn hồ sơ dự phòng (đã dùng cả {len(held)})."
            if held
            else f"Kế hoạch không có hồ sơ dự phòng cho tầng {lost.stratum}."
        )
    return problems
