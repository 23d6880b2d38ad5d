"""Where a wave stands: why it may not open yet, and what to do next.

Pure decisions over counts; pages and commands print the same sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.models import WaveStatus


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """What is known of a wave that decides the next step."""

    status: WaveStatus
    offices: int
    frame_size: int
    empty_offices: int
    plan_version: int | None
    invitations: int
    issued: int | None  # None once unlinking has forgotten when codes went out
    returned: int
    live_posters: int
    definition_problems: tuple[str, ...] = ()
    hand_over_counters: int = 0  # give slips with results; their frame comes later

    @property
    def has_draw(self) -> bool:
        """The latest plan stands: its sample is drawn from the frame as it is."""
        return self.invitations > 0

    @property
    def is_unofficial(self) -> bool:
        """Only posters ask, so no figure of this wave will be official."""
        return not self.has_draw and not self.hand_over_counters


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do: a sentence, and the page where it is done."""

    text: str
    page: str | None = None
    action: str = ""


def opening_problems(facts: WaveFacts, *, posters_only: bool = False) -> list[str]:
    """Every reason why the wave may not open, as sentences."""
    if facts.status is not WaveStatus.DRAFT:
        return ["Chỉ mở được đợt khảo sát đang chuẩn bị."]
    problems = list(facts.definition_problems)
    if not facts.offices:
        problems.append("Chưa chọn đơn vị nào.")
    if posters_only:
        if not facts.live_posters:
            problems.append("Chưa lập áp phích nào, nên không ai có thể trả lời.")
        if facts.has_draw or facts.hand_over_counters:
            problems.append(
                "Đợt này đã chốt kế hoạch chọn mẫu; vui lòng mở theo kế hoạch,"
                " không mở chỉ với áp phích."
                if facts.has_draw
                else "Đợt này đã chọn quầy phát phiếu khi trả kết quả; vui lòng mở"
                " theo cách đó, không mở chỉ với áp phích."
            )
        return problems
    if facts.hand_over_counters and not facts.frame_size:
        return problems  # counters alone ask, of results still to be handed over
    if not facts.frame_size:
        problems.append("Chưa nhập hồ sơ đã giải quyết (khung mẫu còn trống).")
    if not facts.has_draw:
        again = facts.plan_version is not None
        problems.append(
            "Khung mẫu đã đổi sau khi chốt kế hoạch; cần chốt lại kế hoạch."
            if again
            else "Chưa chốt kế hoạch chọn mẫu."
        )
    return problems


def next_step(facts: WaveFacts) -> Step:
    """What to do now."""
    if facts.status is WaveStatus.DRAFT:
        return _next_in_draft(facts)
    if facts.status is WaveStatus.OPEN:
        waiting = 0 if facts.issued is None else facts.invitations - facts.issued
        if waiting:
            return Step(
                f"Phát mã cho người dân: còn {waiting} mã chưa phát.",
                "fieldwork.hand_out",
                "Phát mã phiếu",
            )
        return Step(
            "Người dân đang trả lời. Khi hết thời gian thu phiếu, vui lòng đóng đợt.",
            "fieldwork.close_wave",
            "Đóng đợt khảo sát",
        )
    if facts.status is WaveStatus.CLOSED:
        return Step("Đợt đã đóng. Bước tiếp theo: chốt bộ số liệu ở phần Kết quả.")
    return Step("Bộ số liệu đã chốt. Xem chỉ số và điểm ở phần Kết quả.")


def _next_in_draft(facts: WaveFacts) -> Step:
    if not facts.offices:
        return Step(
            "Chọn các đơn vị được đánh giá.", "fieldwork.wave_offices", "Chọn đơn vị"
        )
    if facts.hand_over_counters and not facts.frame_size:
        return Step(
            "Các quầy phát phiếu khi trả kết quả đã được chọn: mở đợt khảo sát.",
            "fieldwork.open_wave",
            "Mở đợt khảo sát",
        )
    if not facts.frame_size:
        return Step(
            "Nhập danh sách hồ sơ đã trả kết quả trong thời kỳ khảo sát.",
            "fieldwork.transactions_of",
            "Nhập hồ sơ",
        )
    if not facts.has_draw:
        return Step(
            "Lập kế hoạch chọn mẫu, xem trước phân bổ rồi chốt.",
            "fieldwork.plan",
            "Lập kế hoạch",
        )
    if not facts.live_posters:
        return Step(
            "Kế hoạch đã chốt. Có thể lập áp phích cho các quầy, rồi mở đợt.",
            "fieldwork.open_wave",
            "Mở đợt khảo sát",
        )
    return Step(
        "Mọi thứ đã sẵn sàng: mở đợt khảo sát.",
        "fieldwork.open_wave",
        "Mở đợt khảo sát",
    )
