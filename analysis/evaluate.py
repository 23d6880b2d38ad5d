"""Values and variances of every figure of a wave, all offices in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import AnyArray, BoolArray, FloatArray, IntArray, sums
from analysis.ballots import Ballots, Silent, design_of, selection_of
from analysis.composites import Combined, Plan, combine
from analysis.design import Design, degrees_of_freedom_by
from analysis.estimation import deviations
from analysis.fieldwork import frame_by_field
from analysis.figures import MUCH, Measured
from analysis.indices import Share, Totals, influences, roll_up
from analysis.responses import FrozenSet
from analysis.results import Flag, Reason

STRETCH = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Figures of G wholes (offices, or the province) made from U units.

    Attributes
    ----------
    shares : tuple of Share, length Q
        Value per whole, derivatives per unit.
    reason : array of object, shape (G, Q)
        A :class:`Reason` or ``None``.
    flags : array of object, shape (G, Q)
        Tuples of :class:`Flag`.
    lowest, highest : array of float, shape (G, Q)
        Values had all missing been dissatisfied, or satisfied.
    enters : array of bool, shape (G, J)
        Items with answers enough in the whole.
    unit : array of int, shape (n,)
        Unit of each ballot.
    whole : array of int, shape (U,)
        Whole of each unit.
    counts_for : array of float, shape (U, Q)
        What a unit counts for in its whole; ``nan`` where ballots count by
        their weights.
    coverage : array of float, shape (G,)
        Share of the frame of the units that entered.
    left_out : tuple of tuple of str, length G
        Units that did not enter.
    """

    shares: tuple[Share, ...]
    reason: AnyArray
    flags: AnyArray
    lowest: FloatArray
    highest: FloatArray
    enters: BoolArray
    unit: IntArray
    whole: IntArray
    counts_for: FloatArray
    coverage: FloatArray
    left_out: tuple[tuple[str, ...], ...]

    @property
    def value(self) -> FloatArray:
        """Shape (G, Q)."""
        return values_of(self.shares)

    def covering(self, frame_size: FloatArray, there: BoolArray, least: float) -> Whole:
        """One whole by transactions, refused where too much of the frame is silent.

        Parameters
        ----------
        frame_size : array of float, shape (P,)
            Transactions in the frame of each part.
        there : array of bool, shape (P,)
            Parts with ballots.
        least : float
            Least share of the frame that must be covered.
        """
        total = frame_size.sum()
        coverage = frame_size[there].sum() / total if total > 0 else np.nan
        reason, flags = self.reason.copy(), self.flags.copy()
        for q in range(self.enters.shape[1], reason.shape[1]):
            if coverage < least:
                reason[0, q] = Reason.COVERAGE
            if not there.all():
                flags[0, q] = (*flags[0, q], Flag.UNITS_LEFT_OUT)
        return replace(self, reason=reason, flags=flags, coverage=np.array([coverage]))


def values_of(shares: Sequence[Share]) -> FloatArray:
    """Values side by side, exactly 0 or 1 where only rounding separates them."""
    value = np.stack([share.value for share in shares], axis=1)
    value = np.where(np.abs(value) < 1e-12, 0.0, value)
    return np.where(np.abs(value - 1.0) < 1e-12, 1.0, value)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What was answered, by unit: weighted sums and plain counts over J items."""

    totals: Totals
    missing: FloatArray
    answers: FloatArray


def count(ballots: Ballots, unit: IntArray, units: int) -> Counts:
    """Sums of the answers of each unit."""
    items = len(ballots.items)
    satisfied, answered, missing, answers = (np.zeros((units, items)) for _ in range(4))
    for rows in ballots.parts(STRETCH):
        weight, at = ballots.weight[rows, None], unit[rows]
        valid = ballots.answered[rows]
        satisfied += sums(ballots.satisfied[rows] * weight, at, units)
        answered += sums(valid * weight, at, units)
        missing += sums(ballots.missing[rows] * weight, at, units)
        answers += sums(valid, at, units)
    return Counts(Totals(satisfied, answered), missing, answers)


def by_transactions(
    ballots: Ballots, whole: IntArray, wholes: int, plan: Plan
) -> Whole:
    """Wholes whose ballots count by their weights."""
    found = count(ballots, whole, wholes)
    enters = found.answers >= plan.rule.ladder.figure_from
    combined = combine(found.totals, enters, plan)
    lowest, highest = _bounds(found, enters, plan)
    return Whole(
        shares=combined.shares,
        reason=combined.reason,
        flags=_rescaled_flags(combined),
        lowest=lowest,
        highest=highest,
        enters=enters,
        unit=whole,
        whole=np.arange(wholes),
        counts_for=np.full((wholes, plan.figures), np.nan),
        coverage=np.full(wholes, np.nan),
        left_out=((),) * wholes,
    )


def joined(
    plain: Whole,
    parts: Whole,
    part_names: Sequence[str],
    part_of: IntArray,
    part_n: IntArray,
    plan: Plan,
    *,
    fixed: FloatArray | None,
    frame_size: FloatArray,
) -> Whole:
    """Wholes whose factors and index are averages over their parts.

    Parameters
    ----------
    plain : Whole
        The same wholes by transactions: their criteria stay as they are.
    parts : Whole
        The P parts.
    part_names : sequence of str, length P
        For the list of those left out.
    part_of : array of int, shape (P,)
        Whole of each part.
    part_n : array of int, shape (P,)
        Ballots behind the index of each part.
    plan : Plan
        Items and rules.
    fixed : array of float, shape (P,), optional
        Shares set by the rule set; equal when absent.
    frame_size : array of float, shape (P,)
        Transactions in the frame of each part.

    Notes
    -----
    A part without an index is left out and named. Where the rule set fixes the
    shares, a part with a share above 0 must have an index; otherwise the parts
    that enter must cover ``min_coverage`` of the frame.
    """
    wholes, first = len(plain.value), plan.items
    share = np.ones(len(part_of)) if fixed is None else fixed
    used, coverage, refused = _used(
        parts, part_of, part_n, share, wholes, plan, frame_size, fixed is not None
    )
    owner = parts.whole
    shares = list(_respread(plain, parts, part_of))
    counts_for = np.full((len(owner), plan.figures), np.nan)
    reason, flags = plain.reason.copy(), plain.flags.copy()
    lowest, highest = plain.lowest.copy(), plain.highest.copy()
    left_out = tuple(
        tuple(part_names[int(p)] for p in np.flatnonzero((part_of == g) & ~used))
        for g in range(wholes)
    )
    for q in range(first, plan.figures):
        there = used & np.isfinite(parts.shares[q].value)
        enters = np.where(there, share, 0.0)
        shares[q] = roll_up(parts.shares[q], enters, part_of, wholes, owner=owner)
        counts_for[:, q] = enters[owner] * _inside(parts, q, len(part_of))
        for ends, own in ((lowest, parts.lowest), (highest, parts.highest)):
            kept = np.where(there, own[:, q], 0.0)
            ends[:, q] = _average(kept, enters, part_of, wholes)
        for g in range(wholes):
            reason[g, q] = Reason.COVERAGE if refused[g] else None
            mine = part_of == g
            lacks = bool(np.any(mine & used & ~there))
            flags[g, q] = _carried(parts, q, mine & there, left_out[g], lacks=lacks)
    return replace(
        plain,
        shares=tuple(shares),
        reason=reason,
        flags=flags,
        lowest=lowest,
        highest=highest,
        unit=parts.unit,
        whole=part_of[owner],
        counts_for=counts_for,
        coverage=coverage,
        left_out=left_out,
    )


def _used(
    parts: Whole,
    part_of: IntArray,
    part_n: IntArray,
    share: FloatArray,
    count: int,
    plan: Plan,
    frame_size: FloatArray,
    is_fixed: bool,
) -> tuple[BoolArray, FloatArray, BoolArray]:
    """Parts that enter; by whole, what of the frame they cover and if it is refused."""
    enough = part_n >= plan.rule.ladder.figure_from
    has_index = (parts.reason[:, -1] == None) & enough  # noqa: E711
    used = has_index & (share > 0.0)
    size = sums(frame_size, part_of, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = sums(np.where(used, frame_size, 0.0), part_of, count) / size
    refused = ~(coverage >= float(plan.rule.rollup.min_coverage))
    if is_fixed:
        refused |= sums((share > 0.0) & ~has_index, part_of, count) > 0
    return used, coverage, refused


def _inside(parts: Whole, q: int, count: int) -> FloatArray:
    """What each unit counts for inside its part."""
    inner = np.nan_to_num(parts.counts_for[:, q], nan=1.0)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(inner / sums(inner, parts.whole, count)[parts.whole])


def _average(
    value: FloatArray, enters: FloatArray, part_of: IntArray, count: int
) -> FloatArray:
    """Of the parts that enter, by whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = sums(value * enters, part_of, count) / sums(
            enters, part_of, count
        )
    return found


def _carried(
    parts: Whole, q: int, there: BoolArray, left_out: Sequence[str], *, lacks: bool
) -> tuple[Flag, ...]:
    """Flags of the parts that entered, and of what did not."""
    carried = [flag for p in np.flatnonzero(there) for flag in parts.flags[p, q]]
    if left_out:
        carried.append(Flag.UNITS_LEFT_OUT)
    if lacks:
        carried.append(Flag.RESCALED)
    return tuple(dict.fromkeys(carried))


def measure(
    ballots: Ballots, silent: Silent | None, whole: Whole, plan: Plan
) -> Measured:
    """Variances and counts of the figures of wholes.

    Strata never span two offices, so offices are taken in stretches and their
    parts added: memory stays that of a stretch.
    """
    wholes = len(whole.value)
    found = _Sums.nothing(wholes, plan)
    unit_weight = _unit_weights(ballots, whole, plan)
    for rows in ballots.parts(STRETCH):
        own, unit = ballots.where(rows), whole.unit[rows]
        counted = _counted(own, whole, unit, whole.whole[unit], plan)
        w = own.weight[:, None] * counted
        if unit_weight is not None:
            w = w * unit_weight[unit]
        found.add_answers(own, whole.whole[unit], counted, w)
        found.add_spread(own, design_of(own, silent), whole, unit, counted)
    lack = _missing_share(found.missing, found.answered, plan)
    square = found.square
    with np.errstate(divide="ignore", invalid="ignore"):
        return Measured(
            value=whole.value,
            variance=np.where(lack > MUCH, found.cautious, found.variance),
            variance_without_fpc=found.without,
            n=found.n.astype(np.int64),
            n_kish=np.where(square > 0, found.weight**2 / square, 0.0),
            df=found.df.astype(np.int64),
            missing=lack,
            lowest=whole.lowest,
            highest=whole.highest,
            composite=plan.composite,
            whole=(found.lacking == 0) & (found.ballots > 0),
            fpc=found.fpc / found.share,
        )


@dataclass(slots=True, eq=False)
class _Sums:
    """What adds up over stretches: by whole and figure, item, or whole alone."""

    variance: FloatArray
    without: FloatArray
    cautious: FloatArray
    n: FloatArray
    weight: FloatArray
    square: FloatArray
    df: FloatArray
    missing: FloatArray
    answered: FloatArray
    fpc: FloatArray
    share: FloatArray
    lacking: FloatArray
    ballots: FloatArray

    @classmethod
    def nothing(cls, wholes: int, plan: Plan) -> _Sums:
        figures = [np.zeros((wholes, plan.figures)) for _ in range(7)]
        items = [np.zeros((wholes, plan.items)) for _ in range(2)]
        return cls(*figures, *items, *(np.zeros(wholes) for _ in range(4)))

    def add_answers(
        self, own: Ballots, at: IntArray, counted: BoolArray, weight: FloatArray
    ) -> None:
        wholes = len(self.ballots)
        found = count(own, at, wholes)
        self.missing += found.missing
        self.answered += found.totals.answered
        self.n += sums(counted, at, wholes)
        self.weight += sums(weight, at, wholes)
        self.square += sums(weight**2, at, wholes)
        self.ballots += np.bincount(at, minlength=wholes)

    def add_spread(
        self,
        own: Ballots,
        design: Design,
        whole: Whole,
        unit: IntArray,
        counted: BoolArray,
    ) -> None:
        wholes = len(self.ballots)
        labels, h, responses, size = own.fractions
        home = np.zeros(len(labels), dtype=np.int64)
        home[h] = whole.whole[unit]
        self.df += degrees_of_freedom_by(design, counted, home, wholes)
        pull = influences(whole.shares, own.weight, own.satisfied, own.answered, unit)
        spread = deviations(pull, design)
        plain, finite = spread.scale_without_fpc, spread.scale
        capped = np.where(spread.fraction > MUCH, plain, finite)
        self.variance += spread.variances(home, wholes)
        self.without += spread.variances(home, wholes, plain)
        self.cautious += spread.variances(home, wholes, capped)
        with np.errstate(divide="ignore", invalid="ignore"):
            part = size**2 / responses
            self.fpc += sums((1.0 - responses / size) * part, home, wholes)
        self.share += sums(part, home, wholes)
        self.lacking += sums(size - responses, home, wholes)


def _respread(plain: Whole, parts: Whole, part_of: IntArray) -> list[Share]:
    """Shares of wholes with their derivatives written per unit of the parts."""
    home = part_of[parts.whole]
    return [
        Share(share.value, share.by_satisfied[home], share.by_answered[home])
        for share in plain.shares
    ]


def _bounds(
    found: Counts, enters: BoolArray, plan: Plan
) -> tuple[FloatArray, FloatArray]:
    """Every figure had all missing answers been dissatisfied, and satisfied."""
    asked = found.totals.answered + found.missing
    low = Totals(found.totals.satisfied, asked)
    high = Totals(found.totals.satisfied + found.missing, asked)
    return (
        values_of(combine(low, enters, plan).shares),
        values_of(combine(high, enters, plan).shares),
    )


def _rescaled_flags(combined: Combined) -> AnyArray:
    flags = np.empty(combined.rescaled.shape, dtype=object)
    for place, rescaled in np.ndenumerate(combined.rescaled):
        flags[place] = (Flag.RESCALED,) if rescaled else ()
    return flags


def _counted(
    ballots: Ballots, whole: Whole, unit: IntArray, at: IntArray, plan: Plan
) -> BoolArray:
    """Ballots with a valid answer, by figure; units left out count nothing."""
    counted = np.empty((len(at), plan.figures), dtype=bool)
    counted[:, : plan.items] = ballots.answered
    for q, places in enumerate(plan.members()):
        if q < plan.items:
            continue
        enters = whole.enters[:, places]
        enters = np.where(enters.any(axis=1, keepdims=True), enters, True)
        counted[:, q] = (ballots.answered[:, places] & enters[at]).any(axis=1)
        part = whole.counts_for[:, q]
        counted[:, q] &= ~(part == 0.0)[unit]
    return counted


def _missing_share(missing: FloatArray, answered: FloatArray, plan: Plan) -> FloatArray:
    """Missing over asked, by figure; ``nan`` where nobody was asked."""
    members = plan.members()
    lost = np.stack([missing[:, m].sum(axis=1) for m in members], axis=1)
    valid = np.stack([answered[:, m].sum(axis=1) for m in members], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: FloatArray = lost / (lost + valid)
    return share


def _unit_weights(ballots: Ballots, whole: Whole, plan: Plan) -> FloatArray | None:
    """What a weight counts for in its whole, by unit and figure.

    ``None`` where ballots count by their weights everywhere.
    """
    if not np.isfinite(whole.counts_for).any():
        return None
    total = np.zeros((len(whole.whole), plan.figures))
    for rows in ballots.parts(STRETCH):
        own, unit = ballots.where(rows), whole.unit[rows]
        counted = _counted(own, whole, unit, whole.whole[unit], plan)
        total += sums(own.weight[:, None] * counted, unit, len(total))
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(total > 0, whole.counts_for / total, 0.0)
    return np.where(np.isnan(whole.counts_for), 1.0, part)


def index_ballots(ballots: Ballots, whole: Whole, wholes: int, plan: Plan) -> IntArray:
    """Ballots behind the index of each whole, shape (wholes,)."""
    at = whole.whole[whole.unit]
    counted = _counted(ballots, whole, whole.unit, at, plan)[:, -1]
    return np.bincount(at, counted, wholes).astype(np.int64)


def by_fields(
    plain: Whole,
    frozen: FrozenSet,
    ballots: Ballots,
    offices: Sequence[str],
    plan: Plan,
) -> Whole:
    """Offices as averages over their service fields, silent fields included."""
    rule = plan.rule.rollup
    fixed_shares = rule.field_shares if rule.field_to_office == "fixed" else {}
    sizes = frame_by_field(frozen, selection_of(ballots, offices))
    pairs = {
        *zip(ballots.office.tolist(), map(str, ballots.field), strict=True),
        *((offices.index(o), f) for o, f in sizes if o in offices),
        *((o, f) for o in range(len(offices)) for f in fixed_shares),
    }
    units = sorted(pairs)
    number = {pair: u for u, pair in enumerate(units)}
    unit = np.array(
        [
            number[pair]
            for pair in zip(
                ballots.office.tolist(), map(str, ballots.field), strict=True
            )
        ],
        dtype=np.int64,
    )
    parts = by_transactions(ballots, unit, len(units), plan)
    fixed = None
    if rule.field_to_office == "fixed":
        fixed = np.array([float(fixed_shares.get(f, 0)) for _, f in units])
    return joined(
        plain,
        parts,
        [field for _, field in units],
        np.array([o for o, _ in units], dtype=np.int64),
        index_ballots(ballots, parts, len(units), plan),
        plan,
        fixed=fixed,
        frame_size=np.array([sizes.get((offices[o], f), 0.0) for o, f in units]),
    )
