"""How many to ask in each office: decided from counts alone, shown before it is
fixed, and repeatable from the numbers that the plan keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from sampling import allocation, size
from sampling.plan import Scalar
from sampling.size import Fieldwork
from survey_app.errors import Refused
from survey_app.formats import number

SMALLEST_STRATUM = 4  # fewer answers than this leave no room for non-response


class SizeBy(StrEnum):
    """Where the size of the sample comes from."""

    TOTAL = "total"
    BUDGET = "budget"
    SHARE = "share"
    INDEX = "index"
    SLOVIN = "slovin"


class Sharing(StrEnum):
    """How a total, or a budget, is shared between offices."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"
    COST = "cost"


class DrawBy(StrEnum):
    """How transactions are picked within a stratum."""

    SIMPLE = "simple"
    SYSTEMATIC = "systematic"


class StrataBy(StrEnum):
    """What a stratum is made of."""

    OFFICE = "office"
    FIELD = "office,service_field"
    CHANNEL = "office,service_field,channel"
    MONTH = "office,service_field,channel,month"


SIZE_BY = {
    SizeBy.TOTAL: "Tổng số phiếu cho trước, chia cho các đơn vị",
    SizeBy.BUDGET: "Kinh phí cho trước: nhiều phiếu nhất có thể chi trả",
    SizeBy.SHARE: "Sai số cho trước, với một tiêu chí của từng đơn vị",
    SizeBy.INDEX: "Sai số cho trước, với chỉ số của từng đơn vị",
    SizeBy.SLOVIN: "Công thức Slovin cho từng đơn vị: n = N / (1 + N·e²), giản lược",
}
SHARING = {
    Sharing.PROPORTIONAL: "Theo tỷ lệ số hồ sơ",
    Sharing.EQUAL: "Đều nhau, khi cần so sánh các đơn vị",
    Sharing.NEYMAN: "Tối ưu cho chỉ số chung (Neyman)",
    Sharing.COST: "Tối ưu cho chỉ số chung theo chi phí",
}
DRAW_BY = {
    DrawBy.SIMPLE: "Ngẫu nhiên đơn giản",
    DrawBy.SYSTEMATIC: "Hệ thống: cách đều theo danh sách xếp theo lĩnh vực và ngày",
}
STRATA_BY = {
    StrataBy.OFFICE: "Đơn vị",
    StrataBy.FIELD: "Đơn vị × lĩnh vực",
    StrataBy.CHANNEL: "Đơn vị × lĩnh vực × hình thức nộp",
    StrataBy.MONTH: "Đơn vị × lĩnh vực × hình thức nộp × tháng",
}


@dataclass(frozen=True, slots=True)
class SizeWish:
    """What is asked of the sample; shares from 0 to 1, money in đồng.

    ``cost`` is that of one form, ``cost_commune`` of one in a commune, when other.
    """

    by: SizeBy
    total: int | None = None
    at_least: int = 30
    margin_of_error: float = 0.05
    expected_share: float = 0.5
    confidence: float = 0.95
    response: float = 1.0
    gain: float = 1.0
    sharing: Sharing = Sharing.PROPORTIONAL
    at_most: int | None = None
    budget: int | None = None
    cost: float = 0
    cost_commune: float | None = None
    deff: float = 1.0
    eligibility: float = 1.0
    reserve: float = 0.0
    strata: StrataBy = StrataBy.OFFICE
    draw: DrawBy = DrawBy.SIMPLE
    attempts: int = 3

    def decided(self) -> tuple[tuple[str, Scalar], ...]:
        """The wish as the plan keeps it: what was used, and nothing that was not."""
        pairs: dict[str, Scalar] = {
            "at_least": self.at_least,
            "at_most": self.at_most,
            "attempts_at_least": self.attempts,
            "confidence": self.confidence,
            "deff": self.deff,
            "eligibility": self.eligibility,
            "expected_share": self.expected_share,
            "gain": self.gain,
            "reserve_share": self.reserve,
            "response": self.response,
            "size_by": self.by.value,
        }
        if self.by is SizeBy.TOTAL:
            pairs["total"] = self.total
        if self.by is SizeBy.BUDGET:
            pairs["budget"] = self.budget
        if self.by in (SizeBy.TOTAL, SizeBy.BUDGET):
            pairs["sharing"] = self.sharing.value
        else:
            pairs["margin_of_error"] = self.margin_of_error
        if self.cost:
            pairs["cost"] = self.cost
            pairs["cost_commune"] = self.cost_commune
        return tuple(pairs.items())

    def fieldwork(self, frame_size: int) -> Fieldwork:
        """What happens between drawing and having an answer, in one office."""
        return Fieldwork(frame_size, self.deff, self.response, self.eligibility)

    def reserve_of(self, n: int, frame_size: int) -> int:
        """How many to hold back beside a sample of n."""
        return min(size.rounded_up(n * self.reserve), frame_size - n)


def allocated(
    frame_sizes: Mapping[str, int],
    wish: SizeWish,
    *,
    spreads: Mapping[str, float] | None = None,
    costs: Mapping[str, float] | None = None,
) -> dict[str, int]:
    """Sample size by office (or stratum of a file), in the order given.

    Parameters
    ----------
    spreads : mapping of str to float, optional
        Standard deviation expected in each; that of the share expected by default.
    costs : mapping of str to float, optional
        Of one form in each; ``wish.cost`` by default.

    Raises
    ------
    Refused
        With every reason why it cannot be done.
    """
    p = wish.expected_share
    spreads = spreads or dict.fromkeys(frame_sizes, (p * (1 - p)) ** 0.5)
    costs = costs or dict.fromkeys(frame_sizes, wish.cost)
    _refuse(frame_sizes, wish, costs)
    try:
        if wish.by is SizeBy.TOTAL:
            return _shared(frame_sizes, wish, wish.total or 0, spreads, costs)
        if wish.by is SizeBy.BUDGET:
            return _affordable(frame_sizes, wish, spreads, costs)
        return {
            stratum: min(N, wish.at_most or N, max(wish.at_least, _by_formula(N, wish)))
            for stratum, N in frame_sizes.items()
        }
    except (size.WishImpossible, allocation.AllocationImpossible) as problem:
        raise Refused(f"Không tính được cỡ mẫu: {problem}.") from problem


def within_office(strata: Mapping[str, int], n: int) -> dict[str, int]:
    """Share the sample of one office between its strata, in proportion."""
    at_least = min(SMALLEST_STRATUM, n // max(len(strata), 1))
    return allocation.proportional(strata, n, at_least=at_least)


def smallest_stratum(frame_size: int, n: int) -> int:
    """Transactions a stratum needs so that its part of n is four."""
    return ceil(SMALLEST_STRATUM * frame_size / n) if n else frame_size + 1


def _by_formula(frame_size: int, wish: SizeWish) -> int:
    if wish.by is SizeBy.SLOVIN:
        answers = size.slovin(frame_size, wish.margin_of_error)
        return size.rounded_up(answers / (wish.response * wish.eligibility))
    gain = wish.gain if wish.by is SizeBy.INDEX else 1.0
    return needed(frame_size, wish, gain=gain).n


def needed(frame_size: int, wish: SizeWish, *, gain: float) -> size.SampleSize:
    """Sample size for the margin wished, with its steps."""
    return size.for_index(
        wish.margin_of_error,
        p=wish.expected_share,
        gain=gain,
        confidence=wish.confidence,
        fieldwork=wish.fieldwork(frame_size),
    )


def _shared(
    frame_sizes: Mapping[str, int],
    wish: SizeWish,
    total: int,
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
) -> dict[str, int]:
    low, most = wish.at_least, wish.at_most
    match wish.sharing:
        case Sharing.EQUAL:
            return allocation.equal(frame_sizes, total, at_least=low, at_most=most)
        case Sharing.NEYMAN:
            return allocation.neyman(
                frame_sizes, spreads, total, at_least=low, at_most=most
            )
        case Sharing.COST:
            return allocation.by_cost(
                frame_sizes, spreads, costs, total, at_least=low, at_most=most
            )
        case _:
            return allocation.proportional(
                frame_sizes, total, at_least=low, at_most=most
            )


def _affordable(
    frame_sizes: Mapping[str, int],
    wish: SizeWish,
    spreads: Mapping[str, float],
    costs: Mapping[str, float],
) -> dict[str, int]:
    """The largest allocation whose cost is within the budget."""
    low, high = _bounds(frame_sizes, wish)
    found = _shared(frame_sizes, wish, low, spreads, costs)
    while low < high:
        middle = (low + high + 1) // 2
        tried = _shared(frame_sizes, wish, middle, spreads, costs)
        if cost_of(tried, costs) <= (wish.budget or 0):
            low, found = middle, tried
        else:
            high = middle - 1
    return found


def cost_of(sample_sizes: Mapping[str, int], costs: Mapping[str, float]) -> float:
    """What a sample costs, in the currency of the costs."""
    return sum(n * costs[stratum] for stratum, n in sample_sizes.items())


def _bounds(frame_sizes: Mapping[str, int], wish: SizeWish) -> tuple[int, int]:
    """Fewest and most forms that minimum, cap and frame leave."""
    low = sum(min(wish.at_least, N) for N in frame_sizes.values())
    return low, sum(min(N, wish.at_most or N) for N in frame_sizes.values())


def _refuse(
    frame_sizes: Mapping[str, int], wish: SizeWish, costs: Mapping[str, float]
) -> None:
    problems = []
    if wish.at_most is not None and wish.at_most < wish.at_least:
        raise Refused(
            f"Mức tối đa {number(wish.at_most)} phiếu mỗi đơn vị nhỏ hơn mức tối thiểu"
            f" {number(wish.at_least)}."
        )
    low, high = _bounds(frame_sizes, wish)
    if wish.by is SizeBy.TOTAL:
        problems = _total_problems(frame_sizes, wish, low, high)
    needs_costs = wish.by is SizeBy.BUDGET or (
        wish.by is SizeBy.TOTAL and wish.sharing is Sharing.COST
    )
    if needs_costs and not all(cost > 0 for cost in costs.values()):
        problems.append("Cần chi phí một phiếu, lớn hơn 0.")
    elif wish.by is SizeBy.BUDGET:
        least = cost_of(
            {s: min(wish.at_least, N) for s, N in frame_sizes.items()}, costs
        )
        if (wish.budget or 0) < least:
            problems.append(
                f"Kinh phí {number(wish.budget or 0)} đồng không đủ cho mức tối thiểu"
                f" {number(wish.at_least)} phiếu mỗi đơn vị; cần ít nhất"
                f" {number(least)} đồng."
            )
    if problems:
        raise Refused(*problems)


def _total_problems(
    frame_sizes: Mapping[str, int], wish: SizeWish, low: int, high: int
) -> list[str]:
    frame = sum(frame_sizes.values())
    if not wish.total or wish.total < 1:
        return ["Tổng số phiếu phải từ 1 trở lên."]
    total = f"Tổng số phiếu {number(wish.total)}"
    if wish.total > frame:
        return [f"{total} lớn hơn số hồ sơ trong khung mẫu, {number(frame)}."]
    if wish.total < low:
        return [
            f"{total} không đủ cho mức tối thiểu {number(wish.at_least)} phiếu mỗi"
            f" đơn vị; cần ít nhất {number(low)} phiếu."
        ]
    if wish.total > high:
        return [
            f"{total} vượt mức tối đa {number(wish.at_most or 0)} phiếu mỗi đơn vị;"
            f" nhiều nhất {number(high)} phiếu."
        ]
    return []
