"""Rule sets: how a province turns answers into an index and an index into points.

A rule set is a TOML text with a citation. It is read once, judged as a whole,
and printed beside every figure it made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from analysis.point_table import PointTable
from analysis.points import Rule


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a rule set: what, where in the file, and details."""

    code: str
    where: str
    detail: str = ""


class RuleSetRejected(ValueError):
    """A rule set that cannot be used; ``problems`` lists everything wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code} {p.detail}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from.

    Attributes
    ----------
    of : str
        Path of the rule in the file.
    status : str
        ``seen`` in a public source, ``inferred`` from published numbers,
        ``unverified``, or ``chosen`` by those who entered it.
    text : str
        The source, or how it was inferred.
    """

    of: str
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class RollUp:
    """How figures of parts become the figure of the whole.

    Attributes
    ----------
    field_to_office, office_to_province : str or None
        ``transactions`` (all ballots by their weights), ``mean_of_units`` or
        ``fixed``; ``None`` while nobody has decided, and then no index is given.
    field_shares, office_shares : mapping of str to Decimal
        Share of each unit under ``fixed``.
    min_coverage : Decimal
        Smallest share of the frame that the units taken in must cover.
    """

    field_to_office: str | None = None
    office_to_province: str | None = None
    field_shares: Mapping[str, Decimal] = field(default_factory=dict)
    office_shares: Mapping[str, Decimal] = field(default_factory=dict)
    min_coverage: Decimal = Decimal("0.95")


@dataclass(frozen=True, slots=True)
class Ladder:
    """From how many answers on a figure is shown, scored, broken down, ranked.

    Attributes
    ----------
    figure_from : int
        Fewer answers give no figure at all.
    full_from : int
        Fewer answers, or fewer than ``df_from`` degrees of freedom, give a
        flagged figure that is neither ranked nor broken down.
    rank_df_from : int
        Degrees of freedom an office needs to be ranked.
    """

    figure_from: int = 10
    full_from: int = 30
    df_from: int = 8
    rank_df_from: int = 25


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything that decides a figure besides the answers.

    Attributes
    ----------
    id, title, version : str
        What it is called.
    status : str
        ``in_force``, ``draft`` or ``demonstration``.
    citation : str
        Where the rules come from.
    valid_from, valid_to : date or None
        Days on which it applies.
    sha256 : str
        Hash of the text it was read from.
    factor_rule : str
        ``pooled`` or ``mean_of_items``.
    index_rule : str
        ``pooled``, ``mean_of_items``, ``mean_of_factors`` or
        ``overall_question``.
    item_weights, factor_weights : mapping of str to Decimal
        By id; equal when empty.
    missing_part : str
        ``refuse`` or ``rescale``: what happens when an item or factor has too
        few answers to enter.
    rollup : RollUp
        From fields to offices and from offices to the province.
    ladder : Ladder
        From how many answers on.
    counted : tuple of str
        Selections that may count; an office is judged by the first of them
        from which it has a response.
    points_rule : Rule or None
        How the index earns points; ``None`` while unset.
    index_decimals, points_decimals : int
        Rounding of the percent before scoring, and of the points.
    confidence : float
        Of every interval.
    point_table : PointTable or None
        How a decision splits its 100 points.
    sources : tuple of Source
        Where single rules come from, beside ``citation`` for the whole.
    """

    id: str
    title: str
    version: str
    status: str
    citation: str
    valid_from: date | None
    valid_to: date | None
    sha256: str
    factor_rule: str
    index_rule: str
    item_weights: Mapping[str, Decimal]
    factor_weights: Mapping[str, Decimal]
    missing_part: str
    rollup: RollUp
    ladder: Ladder
    counted: tuple[str, ...]
    points_rule: Rule | None
    index_decimals: int
    points_decimals: int
    confidence: float = 0.95
    point_table: PointTable | None = None
    sources: tuple[Source, ...] = ()

    @property
    def is_demonstration(self) -> bool:
        return self.status == "demonstration"
