"""How many to ask in each office: decided from counts alone, shown before it is
fixed, and repeatable from the numbers that the plan keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sampling import allocation, size
from sampling.plan import PlannedStratum, Scalar
from survey_app.errors import Refused
from survey_app.formats import number

SMALLEST_STRATUM = 4  # fewer answers than this leave no room for non-response


class SizeBy(StrEnum):
    """Where the size of the sample comes from."""

    TOTAL = "total"
    SLOVIN = "slovin"
    SHARE = "share"


SIZE_BY = {
    SizeBy.TOTAL: "Tổng số phiếu, chia theo tỷ lệ số hồ sơ của từng đơn vị",
    SizeBy.SLOVIN: "Công thức Slovin cho từng đơn vị: n = N / (1 + N·e²)",
    SizeBy.SHARE: "Công thức tỷ lệ cho từng đơn vị, theo sai số và độ tin cậy",
}


@dataclass(frozen=True, slots=True)
class SizeWish:
    """What is asked of the sample; shares from 0 to 1."""

    by: SizeBy
    total: int | None = None
    at_least: int = 30
    margin_of_error: float = 0.05
    expected_share: float = 0.5
    confidence: float = 0.95
    response: float = 1.0
    gain: float = 1.0

    def decided(self) -> tuple[tuple[str, Scalar], ...]:
        """The wish as the plan keeps it."""
        pairs: tuple[tuple[str, Scalar], ...] = (
            ("at_least", self.at_least),
            ("confidence", self.confidence),
            ("expected_share", self.expected_share),
            ("gain", self.gain),
            ("response", self.response),
            ("size_by", self.by.value),
        )
        if self.by is SizeBy.TOTAL:
            return (*pairs, ("total", self.total))
        return (*pairs, ("margin_of_error", self.margin_of_error))


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """One office in the preview: its frame, its sample, what that will give."""

    code: str
    name: str
    frame_size: int
    n: int
    margin_of_criterion: float | None
    margin_of_index: float | None

    @property
    def is_thin(self) -> bool:
        return self.n < min(SMALLEST_STRATUM, self.frame_size) or self.frame_size < 2


@dataclass(frozen=True, slots=True)
class Preview:
    """An allocation before it is fixed."""

    offices: tuple[OfficeShare, ...]
    without_frame: tuple[str, ...]

    @property
    def n(self) -> int:
        return sum(office.n for office in self.offices)

    @property
    def frame_size(self) -> int:
        return sum(office.frame_size for office in self.offices)

    def strata(self) -> tuple[PlannedStratum, ...]:
        return tuple(PlannedStratum(o.code, o.frame_size, o.n) for o in self.offices)

    def sample_sizes(self) -> dict[str, int]:
        return {office.code: office.n for office in self.offices}


def preview(
    frame_sizes: Mapping[str, int], names: Mapping[str, str], wish: SizeWish
) -> Preview:
    """Allocate by the wish, and say what each office's sample will be worth.

    Raises
    ------
    Refused
        With every reason why it cannot be done.
    """
    sizes = {code: n for code, n in frame_sizes.items() if n > 0}
    if not sizes:
        raise Refused("Khung mẫu còn trống: chưa nhập hồ sơ nào.")
    shares = allocated(sizes, wish)
    offices = tuple(
        OfficeShare(
            code,
            names.get(code, code),
            sizes[code],
            n,
            _margin(n, sizes[code], wish, gain=1.0),
            _margin(n, sizes[code], wish, gain=wish.gain),
        )
        for code, n in shares.items()
    )
    empty = (names.get(code, code) for code, n in frame_sizes.items() if n == 0)
    return Preview(offices, tuple(empty))


def allocated(frame_sizes: Mapping[str, int], wish: SizeWish) -> dict[str, int]:
    """Sample size by stratum, in the order given.

    Raises
    ------
    Refused
        With every reason why it cannot be done.
    """
    if wish.by is SizeBy.TOTAL:
        return _by_total(frame_sizes, wish)
    try:
        return {
            stratum: min(N, max(wish.at_least, _by_formula(N, wish)))
            for stratum, N in frame_sizes.items()
        }
    except size.WishImpossible as problem:
        raise Refused(f"Không tính được cỡ mẫu: {problem}.") from problem


def _by_formula(frame_size: int, wish: SizeWish) -> int:
    if wish.by is SizeBy.SLOVIN:
        answers = size.slovin(frame_size, wish.margin_of_error)
        return size.rounded_up(answers / wish.response)
    return size.for_share(
        wish.margin_of_error,
        p=wish.expected_share,
        confidence=wish.confidence,
        fieldwork=size.Fieldwork(frame_size, response=wish.response),
    ).n


def _by_total(frame_sizes: Mapping[str, int], wish: SizeWish) -> dict[str, int]:
    frame = sum(frame_sizes.values())
    minimums = sum(min(wish.at_least, N) for N in frame_sizes.values())
    if not wish.total or wish.total < 1:
        raise Refused("Tổng số phiếu phải từ 1 trở lên.")
    if wish.total > frame:
        raise Refused(
            f"Tổng số phiếu {number(wish.total)} lớn hơn số hồ sơ trong khung mẫu,"
            f" {number(frame)}."
        )
    if wish.total < minimums:
        raise Refused(
            f"Tổng số phiếu {number(wish.total)} không đủ cho mức tối thiểu"
            f" {number(wish.at_least)} phiếu mỗi đơn vị; cần ít nhất"
            f" {number(minimums)} phiếu."
        )
    return allocation.proportional(frame_sizes, wish.total, at_least=wish.at_least)


def _margin(n: int, frame_size: int, wish: SizeWish, *, gain: float) -> float | None:
    if n == 0:
        return None
    return size.margin_of_index(
        n,
        p=wish.expected_share,
        gain=gain,
        confidence=wish.confidence,
        fieldwork=size.Fieldwork(frame_size, response=wish.response),
    ).reached
