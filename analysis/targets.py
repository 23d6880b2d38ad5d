"""Published arithmetic: sums that decisions state, targets that plans set.

A plan or a decision often gives parts and their total side by side. Here both are
computed, and where they disagree the disagreement is told instead of repaired.
All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.point_table import ClassBand
from analysis.points import holds


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A number as a document states it and as its own parts make it.

    Attributes
    ----------
    of : str
        ``total``, ``rises`` or ``base``.
    stated, computed : Decimal
        The two numbers.
    """

    of: str
    stated: Decimal
    computed: Decimal

    @property
    def difference(self) -> Decimal:
        """Stated less computed."""
        return self.stated - self.computed


@dataclass(frozen=True, slots=True)
class Target:
    """What one indicator is to reach, and the rise from last year that this means."""

    indicator: str
    value: Decimal
    rise: Decimal

    @property
    def base(self) -> Decimal:
        """The value the plan starts from."""
        return self.value - self.rise


@dataclass(frozen=True, slots=True)
class PlanSums:
    """The sums of a plan of targets, and where its text says something else.

    Attributes
    ----------
    total, rises, base : Decimal
        Sum of the targets, of the rises, and the first less the second.
    contradictions : tuple of Contradiction
        Empty when the plan agrees with itself.
    """

    total: Decimal
    rises: Decimal
    base: Decimal
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Attainment:
    """How far an indicator came towards its target.

    Attributes
    ----------
    missing : Decimal
        Target less value reached; negative when exceeded.
    share_of_rise : Decimal or None
        Rise so far in the planned rise; above 1 when exceeded, negative when the
        indicator fell, ``None`` when no rise was planned.
    """

    target: Target
    reached: Decimal
    missing: Decimal
    share_of_rise: Decimal | None

    @property
    def is_met(self) -> bool:
        return self.missing <= 0


# Bộ chỉ số 766 (Quyết định 766/QĐ-TTg, 23/06/2022): its five groups add to 100. The
# outer classes are published; 70 and 80 follow from published examples (76 is khá,
# 69.63 trung bình), so pages call the middle inferred.
SERVICE_INDEX_GROUPS = {
    "transparency": Decimal(18),
    "progress": Decimal(20),
    "digitisation": Decimal(22),
    "online_service": Decimal(22),
    "satisfaction": Decimal(18),
}
SERVICE_INDEX_CLASSES = (
    ClassBand("Yếu", Decimal(0), Decimal(50), "low"),
    ClassBand("Trung bình", Decimal(50), Decimal(70), "low"),
    ClassBand("Khá", Decimal(70), Decimal(80), "low"),
    ClassBand("Tốt", Decimal(80), Decimal(90), "low"),
    ClassBand("Xuất sắc", Decimal(90), Decimal(100), "both"),
)


def pooled(parts: Sequence[tuple[Decimal, int]]) -> Decimal:
    r"""One index from the indices of parts, each counting by its number of items.

    Parameters
    ----------
    parts : sequence of (Decimal, int)
        Index of a part in percent, and how many items it has.

    Returns
    -------
    Decimal
        :math:`\sum_k m_k I_k / \sum_k m_k`, not rounded.

    Raises
    ------
    ValueError
        Without parts, or with a part that has no item.

    Notes
    -----
    Exact for whole forms; where some items do not apply to everybody, pooling the
    answers themselves differs a little, which published parts cannot show.

    Examples
    --------
    Hà Nội 2023, contents of 23 and 16 items; published: 83.57.

    >>> round(pooled([(Decimal("83.46"), 23), (Decimal("83.72"), 16)]), 3)
    Decimal('83.567')
    """
    if not parts or any(items < 1 for _, items in parts):
        raise ValueError(f"every part needs an item: {parts}")
    weighted = sum((value * items for value, items in parts), Decimal(0))
    return weighted / sum(items for _, items in parts)


def contradiction(
    of: str, stated: Decimal, parts: Sequence[Decimal]
) -> Contradiction | None:
    """The disagreement of a stated sum with its parts, None when they agree."""
    computed = sum(parts, Decimal(0))
    return None if computed == stated else Contradiction(of, stated, computed)


def plan_sums(
    targets: Sequence[Target], *, stated_total: Decimal, stated_base: Decimal
) -> PlanSums:
    """Add up a plan, and compare with the total and the base its text gives.

    Parameters
    ----------
    targets : sequence of Target
        Every indicator of the plan.
    stated_total, stated_base : Decimal
        What the text says the targets and last year's values add to.

    Examples
    --------
    >>> plan = [Target("a", Decimal("5.6"), Decimal("0.2"))]
    >>> plan_sums(plan, stated_total=Decimal("5.6"), stated_base=Decimal("5.5"))
    ... # doctest: +ELLIPSIS
    PlanSums(total=Decimal('5.6'), rises=Decimal('0.2'), base=Decimal('5.4'), ...)
    """
    values = [target.value for target in targets]
    rises = [target.rise for target in targets]
    bases = [target.base for target in targets]
    found = (
        contradiction("total", stated_total, values),
        contradiction("rises", stated_total - stated_base, rises),
        contradiction("base", stated_base, bases),
    )
    return PlanSums(
        total=sum(values, Decimal(0)),
        rises=sum(rises, Decimal(0)),
        base=sum(bases, Decimal(0)),
        contradictions=tuple(each for each in found if each is not None),
    )


def attainment(target: Target, reached: Decimal) -> Attainment:
    """Compare a value with its target.

    Examples
    --------
    >>> half = attainment(Target("a", Decimal("6"), Decimal("1")), Decimal("5.5"))
    >>> half.missing, half.share_of_rise, half.is_met
    (Decimal('0.5'), Decimal('0.5'), False)
    """
    share = (reached - target.base) / target.rise if target.rise else None
    return Attainment(target, reached, target.value - reached, share)


def service_index_class(points: Decimal) -> str:
    """Class of a value of Bộ chỉ số 766.

    Raises
    ------
    ValueError
        If the value is not between 0 and 100.

    Examples
    --------
    >>> service_index_class(Decimal("69.63"))
    'Trung bình'
    """
    for each in SERVICE_INDEX_CLASSES:
        if holds(each, points):
            return each.name
    raise ValueError(f"not between 0 and 100: {points}")
