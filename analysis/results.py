"""Results as values: what a page, a command, a workbook or a letter prints.

Shares are 0 to 1 everywhere. A figure that is withheld has ``value`` ``None``
and a ``reason``; one that is shown may carry ``flags`` the reader must see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.points import Points


class Reason(StrEnum):
    """Why a figure, points or an interval is withheld."""

    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    LEFT_DESIGN = "left_design"
    MISSING_PART = "missing_part"
    ROLLUP_UNSET = "rollup_unset"
    COVERAGE = "coverage"
    POINTS_UNSET = "points_unset"
    NO_SPREAD = "no_spread"
    NO_OVERALL_QUESTION = "no_overall_question"


class Flag(StrEnum):
    """What a reader must know beside a figure that is shown."""

    FEW_ANSWERS = "few_answers"
    FEW_DEGREES_OF_FREEDOM = "few_degrees_of_freedom"
    WIDE = "wide"
    NO_SPREAD = "no_spread"
    CENSUS = "census"
    MUCH_MISSING = "much_missing"
    RESCALED = "rescaled"
    UNITS_LEFT_OUT = "units_left_out"
    ASSUMES_RANDOM_RESPONSE = "assumes_random_response"


@dataclass(frozen=True, slots=True)
class Figure:
    """One share with everything needed to know how sure it is.

    Attributes
    ----------
    value : float or None
        Share, 0 to 1; ``None`` when withheld, see ``reason``.
    std_error : float or None
        On the same scale; 0 when everyone of the frame answered, ``None`` when
        the answers show no spread to learn from.
    low, high : float or None
        Ends of the interval, inside 0 to 1.
    n : int
        Responses counted: weight above 0 and a valid answer (of a composite:
        at least one).
    n_eff : float or None
        Answers of a simple random sample worth as much.
    n_star : float or None
        Sample size that the interval was drawn with.
    df : int
        Degrees of freedom of the interval.
    missing_share : float or None
        "Don't know", refused and left empty among those asked to whom it
        applies.
    deff : float or None
        Variance over that of as many independent answers.
    bounds : tuple of float, or None
        Value had all missing been dissatisfied, and all satisfied; given when
        more than a tenth is missing.
    flags : tuple of str
        Members of :class:`Flag`.
    reason : str or None
        A member of :class:`Reason` when ``value`` is ``None``.
    """

    value: float | None
    std_error: float | None
    low: float | None
    high: float | None
    n: int
    n_eff: float | None
    n_star: float | None
    df: int
    missing_share: float | None
    deff: float | None
    bounds: tuple[float, float] | None = None
    flags: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LevelShare:
    """One bar: a level of the scale, its label, weighted share and ballots."""

    level: int
    label: str
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class CriterionReport:
    """One criterion: its figure, and how the answers lie over the levels.

    Attributes
    ----------
    id, text : str
        As in the questionnaire.
    figure : Figure
        Share satisfied.
    levels : tuple of LevelShare
        In the order of the definition; empty when the figure is withheld.
    not_applicable, dont_know, refused, left_empty : int
        Ballots without a valid answer, by why.
    """

    id: str
    text: str
    figure: Figure
    levels: tuple[LevelShare, ...]
    not_applicable: int
    dont_know: int
    refused: int
    left_empty: int


@dataclass(frozen=True, slots=True)
class FactorReport:
    """One factor, and which of its criteria had answers enough to enter."""

    id: str
    title: str
    figure: Figure
    entered: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionReport:
    """How one selection went in an office: frame, issued, responses, and index."""

    selection: str
    frame_size: int | None
    issued: int | None
    responses: int
    response_rate: float | None
    index: Figure


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """All figures of one office.

    Attributes
    ----------
    code, name, level : str
        The office.
    frame_size : int or None
        Transactions of the period in the frame of the counted selections.
    issued : int or None
        Drawn, or handed a slip.
    responses : int
        Ballots that count here.
    response_rate : float or None
        Responses over issued.
    index : Figure
        By the rules of the header.
    points : Points
        What the index earns.
    factors : tuple of FactorReport
        In questionnaire order.
    criteria : tuple of CriterionReport
        In questionnaire order, the overall question last if there is one.
    selections : tuple of SelectionReport
        One per admissible selection with a ballot or a slip, the counted ones
        first.
    may_rank, may_break_down : bool
        What the ladder allows with these numbers.
    units_left_out : tuple of str
        Service fields that could not enter the roll-up.
    """

    code: str
    name: str
    level: str
    frame_size: int | None
    issued: int | None
    responses: int
    response_rate: float | None
    index: Figure
    points: Points
    factors: tuple[FactorReport, ...]
    criteria: tuple[CriterionReport, ...]
    selections: tuple[SelectionReport, ...]
    may_rank: bool
    may_break_down: bool
    units_left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenBallots:
    """Poster ballots of an office: a share and a count, not representative."""

    code: str
    name: str
    n: int
    share: float | None


@dataclass(frozen=True, slots=True)
class ProvinceReport:
    """All offices together, by the roll-up of the rule set.

    ``left_out`` names the offices without a part in it, ``coverage`` is the
    share of the frame of those that have.
    """

    index: Figure
    factors: tuple[FactorReport, ...]
    criteria: tuple[CriterionReport, ...]
    left_out: tuple[str, ...]
    coverage: float | None


@dataclass(frozen=True, slots=True)
class OfficeLeftOut:
    """An office that left the design, and why (a member of :class:`Reason`)."""

    code: str
    name: str
    reason: str
    responses: int
    frame_size: int | None


@dataclass(frozen=True, slots=True)
class PooledFactor:
    """K: how many answers one ballot is worth for a composite.

    Attributes
    ----------
    value : float
        1 when too few offices could tell.
    offices : int
        How many offices it was computed from.
    """

    value: float
    offices: int


@dataclass(frozen=True, slots=True)
class Header:
    """How the figures of a report were made.

    Attributes
    ----------
    wave_id, wave_name : str
        The wave.
    period_start, period_end : str or None
        ISO days of the period.
    simulated : bool
        Whether any ballot was made by a program.
    live : bool
        A preview of an unfrozen wave; never official.
    version : int or None
        Of the frozen set.
    frozen_at, program_version : str or None
        When, and by which program.
    seed : int or None
        Of the draw.
    questionnaire_id, questionnaire_title, questionnaire_sha256 : str
        The form.
    rule_id, rule_title, rule_version, rule_status, rule_citation, rule_sha256 : str
        The rule set.
    factor_rule, index_rule, missing_part : str
        Its composite rules.
    field_to_office, office_to_province : str or None
        Its roll-ups.
    counted : tuple of str
        Selections that count.
    confidence : float
        Of all intervals.
    files : mapping of str to str
        SHA-256 by file of the frozen set.
    """

    wave_id: str
    wave_name: str
    period_start: str | None
    period_end: str | None
    simulated: bool
    live: bool
    version: int | None
    frozen_at: str | None
    program_version: str | None
    seed: int | None
    questionnaire_id: str
    questionnaire_title: str
    questionnaire_sha256: str
    rule_id: str
    rule_title: str
    rule_version: str
    rule_status: str
    rule_citation: str
    rule_sha256: str
    factor_rule: str
    index_rule: str
    missing_part: str
    field_to_office: str | None
    office_to_province: str | None
    counted: tuple[str, ...]
    confidence: float
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WaveReport:
    """One wave by one rule set.

    Attributes
    ----------
    header : Header
        How the figures were made.
    province : ProvinceReport
        All offices together.
    offices : tuple of OfficeReport
        In the order of the manifest, offices without a ballot included.
    open_ballots : tuple of OpenBallots
        Poster ballots, apart: never official.
    left_out : tuple of OfficeLeftOut
        Offices that left the design.
    index_k : mapping of str to PooledFactor
        K of the index by selection.
    factor_k : mapping of str to mapping of str to PooledFactor
        K of each factor by selection, then factor id.
    d_pool_route : mapping of str to str
        By office code, where its design effect for shares of 0 or 1 came from:
        ``office``, ``all_offices`` or ``weights``.
    """

    header: Header
    province: ProvinceReport
    offices: tuple[OfficeReport, ...]
    open_ballots: tuple[OpenBallots, ...]
    left_out: tuple[OfficeLeftOut, ...]
    index_k: Mapping[str, PooledFactor]
    factor_k: Mapping[str, Mapping[str, PooledFactor]]
    d_pool_route: Mapping[str, str]

    def office(self, code: str) -> OfficeReport:
        """The report of one office; KeyError when the wave has no such office."""
        for office in self.offices:
            if office.code == code:
                return office
        raise KeyError(code)
