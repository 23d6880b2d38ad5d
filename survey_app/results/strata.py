"""Who stands for whom: counts of each stratum, and the weights that follow."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis import weights
from survey_app.models import Selection
from survey_app.results.gathering import Gathered


@dataclass(frozen=True, slots=True)
class Stratum:
    """One planned stratum of one selection, as it came out.

    ``variance_stratum`` is the stratum itself, or the whole office where one of
    the office's strata has too few ballots to show how much they differ.
    ``left_out`` tells that even then fewer than two ballots are there.
    """

    selection: str
    stratum: str
    office: str
    frame_size: int
    issued: int
    responses: int
    variance_stratum: str
    variance_frame_size: int
    left_out: bool


@dataclass(frozen=True, slots=True)
class Weighting:
    """The strata, and the two factors of the weight by stratum and by class."""

    strata: Mapping[tuple[str, str], Stratum]
    design: Mapping[tuple[str, str], float]
    nonresponse: Mapping[tuple[str, str], float]


def weigh(gathered: Gathered) -> Weighting:
    """Weights of all ballots that came by a code; poster ballots have none."""
    strata = _strata(gathered)
    issued: Tally[tuple[str, str]] = Tally()
    responded: Tally[tuple[str, str]] = Tally()
    for d in gathered.dispositions:
        issued[d.selection, d.response_class] += d.count
    for b in gathered.ballots:
        if b.selection != Selection.OPEN:
            responded[b.selection, b.response_class] += 1
    design = weights.w_design(
        np.array([s.frame_size for s in strata.values()], dtype=np.float64),
        np.array([s.issued for s in strata.values()], dtype=np.float64),
    )
    nonresponse = weights.w_nonresponse(
        np.array(list(issued.values()), dtype=np.float64),
        np.array([responded[cell] for cell in issued], dtype=np.float64),
    )
    return Weighting(
        strata,
        dict(zip(strata, design.tolist(), strict=True)),
        dict(zip(issued, nonresponse.tolist(), strict=True)),
    )


def frame_sizes(gathered: Gathered) -> Tally[str]:
    """Finished transactions by stratum."""
    sizes: Tally[str] = Tally()
    for cell in gathered.frame:
        sizes[cell.stratum] += cell.frame_size
    return sizes


def issued_by_stratum(gathered: Gathered) -> Tally[tuple[str, str]]:
    """Codes given out, by selection and stratum."""
    issued: Tally[tuple[str, str]] = Tally()
    for d in gathered.dispositions:
        issued[d.selection, d.stratum] += d.count
    return issued


def offices_by_stratum(gathered: Gathered) -> Mapping[str, set[str]]:
    """Offices that each stratum touches; one each, or the plan went wrong."""
    offices: dict[str, set[str]] = defaultdict(set)
    for cell in gathered.frame:
        offices[cell.stratum].add(cell.office)
    for b in gathered.ballots:
        if b.selection != Selection.OPEN:
            offices[b.stratum].add(b.office)
    return offices


def _strata(gathered: Gathered) -> dict[tuple[str, str], Stratum]:
    sizes = frame_sizes(gathered)
    offices = offices_by_stratum(gathered)
    responses = Tally((b.selection, b.stratum) for b in gathered.ballots)
    groups: dict[tuple[str, str], list[tuple[str, int, int, int]]] = defaultdict(list)
    for (selection, name), issued in sorted(issued_by_stratum(gathered).items()):
        (office,) = offices[name]
        counts = (name, sizes[name], issued, responses[selection, name])
        groups[selection, office].append(counts)
    return {
        (stratum.selection, stratum.stratum): stratum
        for (selection, office), rows in groups.items()
        for stratum in _of_office(selection, office, rows)
    }


def _of_office(
    selection: str, office: str, rows: list[tuple[str, int, int, int]]
) -> list[Stratum]:
    whole = any(r < 2 and r < size for _, size, _, r in rows)
    size_of_office = sum(size for _, size, _, _ in rows)
    r_of_office = sum(r for _, _, _, r in rows)
    return [
        Stratum(
            selection=selection,
            stratum=name,
            office=office,
            frame_size=size,
            issued=issued,
            responses=r,
            variance_stratum=office if whole else name,
            variance_frame_size=size_of_office if whole else size,
            left_out=r_of_office < 2 and r_of_office < size_of_office,
        )
        for name, size, issued, r in rows
    ]
