"""Strata with too few answers join a neighbour, by a rule fixed beforehand.

The rule reads counts only, never an answer, and never crosses an office or a
selection. Weights stay as they are; the variance uses the joined strata. What
was joined is a map that is printed and hashed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

MOST_MERGED = 0.25


@dataclass(frozen=True, slots=True)
class Stratum:
    """A stratum as it was planned, with what came back.

    Attributes
    ----------
    code : str
        Unique in the wave.
    selection, office : str
        Strata of others are never joined with it.
    service_field, channel, month : str
        Empty where the plan was coarser; months sort as text.
    frame_size, responses : int
        Transactions in the frame, and ballots.
    """

    code: str
    selection: str
    office: str
    service_field: str
    channel: str
    month: str
    frame_size: int
    responses: int


@dataclass(frozen=True, slots=True)
class Merged:
    """Strata after joining.

    Attributes
    ----------
    variance_stratum : mapping of str to str
        By planned stratum, the code of the one it is counted with: the first
        code, in sorted order, of those joined.
    frame_size, responses : mapping of str to int
        By variance stratum.
    left_out : tuple of (str, str)
        Selection and office of those that still have one response from a
        larger frame: they leave the design.
    sha256 : str
        Of the map.
    """

    variance_stratum: Mapping[str, str]
    frame_size: Mapping[str, int]
    responses: Mapping[str, int]
    left_out: tuple[tuple[str, str], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class _Pool:
    """Planned strata joined so far; the labels are those of the first of them."""

    members: tuple[Stratum, ...]

    @property
    def code(self) -> str:
        return min(stratum.code for stratum in self.members)

    @property
    def size(self) -> int:
        return sum(stratum.frame_size for stratum in self.members)

    @property
    def responses(self) -> int:
        return sum(stratum.responses for stratum in self.members)

    @property
    def is_lonely(self) -> bool:
        return self.responses < 2 and self.responses < self.size

    def labels(self, name: str) -> set[str]:
        return {getattr(stratum, name) for stratum in self.members}


def merge(strata: Sequence[Stratum]) -> Merged:
    """Join strata until each has two responses, or all of its frame.

    Parameters
    ----------
    strata : sequence of Stratum
        All planned strata of a wave, those without a ballot too.

    Returns
    -------
    Merged

    Raises
    ------
    ValueError
        If a code comes twice, or a stratum has more responses than frame.

    Notes
    -----
    Within one office and selection: the stratum with too few and the smallest
    frame (then code) joins the previous, else the next month of the same field
    and channel, else another channel of the field, else another field, each
    time the one with the smallest frame, then code. When more than a quarter of
    an office's strata were joined, the office becomes one stratum.

    Examples
    --------
    >>> planned = [
    ...     Stratum("a1", "from_list", "a", "land", "", "2026-01", 40, 5),
    ...     Stratum("a2", "from_list", "a", "land", "", "2026-02", 30, 1),
    ...     Stratum("a3", "from_list", "a", "land", "", "2026-03", 50, 6),
    ...     Stratum("a4", "from_list", "a", "land", "", "2026-04", 60, 6),
    ...     Stratum("a5", "from_list", "a", "land", "", "2026-05", 60, 6),
    ...     Stratum("a6", "from_list", "a", "land", "", "2026-06", 60, 6),
    ...     Stratum("a7", "from_list", "a", "land", "", "2026-07", 60, 6),
    ...     Stratum("a8", "from_list", "a", "land", "", "2026-08", 60, 6),
    ... ]
    >>> found = merge(planned)
    >>> found.variance_stratum["a2"], found.responses["a1"], found.frame_size["a1"]
    ('a1', 6, 70)
    """
    _check(strata)
    homes = dict.fromkeys((s.selection, s.office) for s in strata)
    pools: list[_Pool] = []
    left_out = []
    for home in homes:
        own = _joined([s for s in strata if (s.selection, s.office) == home])
        if any(pool.is_lonely for pool in own):
            left_out.append(home)
        pools += own
    whole = {s.code: pool.code for pool in pools for s in pool.members}
    ordered = {s.code: whole[s.code] for s in strata}
    text = json.dumps(dict(sorted(ordered.items())), ensure_ascii=False)
    return Merged(
        variance_stratum=ordered,
        frame_size={pool.code: pool.size for pool in pools},
        responses={pool.code: pool.responses for pool in pools},
        left_out=tuple(left_out),
        sha256=sha256(text.encode()).hexdigest(),
    )


def _check(strata: Sequence[Stratum]) -> None:
    codes = [stratum.code for stratum in strata]
    problems = [
        f"stratum {c} comes twice" for c in sorted(set(codes)) if codes.count(c) > 1
    ]
    problems += [
        f"stratum {s.code}: {s.responses} responses from a frame of {s.frame_size}"
        for s in strata
        if s.responses > s.frame_size
    ]
    if problems:
        raise ValueError("; ".join(problems))


def _joined(strata: Sequence[Stratum]) -> list[_Pool]:
    """The pools of one office and selection."""
    pools = [_Pool((stratum,)) for stratum in strata]
    while len(pools) > 1:
        lonely = [pool for pool in pools if pool.is_lonely]
        if not lonely:
            break
        poor = min(lonely, key=lambda pool: (pool.size, pool.code))
        mate = _mate(poor, [pool for pool in pools if pool is not poor])
        pools = [pool for pool in pools if pool not in (poor, mate)]
        pools.append(_Pool((*mate.members, *poor.members)))
    joined = sum(len(pool.members) for pool in pools if len(pool.members) > 1)
    if joined > MOST_MERGED * len(strata):
        return [_Pool(tuple(strata))]
    return pools


def _mate(poor: _Pool, others: Sequence[_Pool]) -> _Pool:
    """Whom a stratum with too few joins."""
    field, channel = poor.labels("service_field"), poor.labels("channel")
    same_field = [pool for pool in others if pool.labels("service_field") & field]
    months = [pool for pool in same_field if pool.labels("channel") & channel]
    first, last = min(poor.labels("month")), max(poor.labels("month"))
    before = [pool for pool in months if max(pool.labels("month")) < first]
    after = [pool for pool in months if min(pool.labels("month")) > last]
    if before:
        nearest = max(max(pool.labels("month")) for pool in before)
        before = [p for p in before if max(p.labels("month")) == nearest]
    elif after:
        nearest = min(min(pool.labels("month")) for pool in after)
        after = [p for p in after if min(p.labels("month")) == nearest]
    ladder = (before, after, months, same_field, others)
    choices = next(step for step in ladder if step)
    return min(choices, key=lambda pool: (pool.size, pool.code))
