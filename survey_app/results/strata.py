"""Who stands for whom: counts of each stratum, and the weights that follow.

Strata with too few ballots, and response classes too small to stand for the
silent, are joined by the rules of ``analysis``, which read counts only.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis import response_classes, strata, weights
from survey_app.models import Selection
from survey_app.results.gathering import Gathered, strata_of
from survey_app.results.hand_over_frame import counter_and_week

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stratum:
    """One planned stratum of one selection, as it came out.

    ``variance_stratum`` is the stratum itself, or the one it is counted with where
    too few ballots came back to show how much they differ. ``left_out`` tells that
    fewer than two ballots are there even after joining.
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
class ResponseClass:
    """One planned response class of one selection, as it came out.

    ``issued`` counts the eligible only; ``factor`` is that of the class joined,
    None where nobody of it answered. ``is_small`` tells that even the joined class
    is under the floor, or its factor over the limit.
    """

    selection: str
    response_class: str
    office: str
    issued: int
    responded: int
    joined_class: str
    factor: float | None
    is_small: bool


@dataclass(frozen=True, slots=True)
class Weighting:
    """The strata, the classes, and the two factors of the weight by each."""

    strata: Mapping[Key, Stratum]
    classes: Mapping[Key, ResponseClass]
    design: Mapping[Key, float]

    def nonresponse(self, selection: str, response_class: str) -> float:
        """Eligible transactions issued per ballot."""
        factor = self.classes[selection, response_class].factor
        return float("nan") if factor is None else factor

    @property
    def sha256(self) -> str:
        """Hash of who was joined with whom, strata and classes."""
        pairs = {
            "strata": {
                selection: {
                    s.stratum: s.variance_stratum
                    for s in self.strata.values()
                    if s.selection == selection
                }
                for selection in sorted({s.selection for s in self.strata.values()})
            },
            "classes": {
                selection: {
                    c.response_class: c.joined_class
                    for c in self.classes.values()
                    if c.selection == selection
                }
                for selection in sorted({c.selection for c in self.classes.values()})
            },
        }
        text = json.dumps(pairs, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


def weigh(gathered: Gathered) -> Weighting:
    """Weights of all ballots that came by a code; poster ballots have none."""
    found = _strata(gathered)
    design = weights.w_design(
        np.array([s.frame_size for s in found.values()], dtype=np.float64),
        np.array([s.issued for s in found.values()], dtype=np.float64),
    )
    return Weighting(
        found, _classes(gathered), dict(zip(found, design.tolist(), strict=True))
    )


def frame_sizes(gathered: Gathered) -> Tally[str]:
    """Finished transactions by stratum."""
    sizes: Tally[str] = Tally()
    for cell in gathered.frame:
        sizes[cell.stratum] += cell.frame_size
    return sizes


def issued_by_stratum(gathered: Gathered) -> Tally[Key]:
    """Codes given out, by selection and stratum."""
    issued: Tally[Key] = Tally()
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


def _strata(gathered: Gathered) -> dict[Key, Stratum]:
    sizes, offices = frame_sizes(gathered), offices_by_stratum(gathered)
    issued = issued_by_stratum(gathered)
    responses = Tally((b.selection, b.stratum) for b in gathered.ballots)
    labels = _labels(gathered)
    found: dict[Key, Stratum] = {}
    for selection in sorted({selection for selection, _ in issued}):
        names = sorted(name for s, name in issued if s == selection)
        planned = [
            strata.Stratum(
                name,
                selection,
                _only(offices[name]),
                *labels.get(name, ("", "", "")),
                sizes[name],
                responses[selection, name],
            )
            for name in names
        ]
        merged = strata.merge(planned)
        for one in planned:
            variance = merged.variance_stratum[one.code]
            found[selection, one.code] = Stratum(
                selection=selection,
                stratum=one.code,
                office=one.office,
                frame_size=one.frame_size,
                issued=issued[selection, one.code],
                responses=one.responses,
                variance_stratum=variance,
                variance_frame_size=merged.frame_size[variance],
                left_out=(selection, one.office) in merged.left_out,
            )
    return found


def _labels(gathered: Gathered) -> dict[str, tuple[str, str, str]]:
    """Field, channel and month of each stratum, empty where the plan is coarser.

    A stratum that others have joined is known by its largest part.
    """
    columns = strata_of(gathered.plan).columns
    handed = {
        d.stratum
        for d in gathered.dispositions
        if d.selection == Selection.AT_HAND_OVER
    }
    cells: dict[str, Tally[tuple[str, str, str]]] = defaultdict(Tally)
    for c in gathered.frame:
        if c.stratum in handed:  # weeks of one counter are neighbours, as months are
            counter, week = counter_and_week(c.stratum)
            cells[c.stratum][counter, "", week] += c.frame_size
            continue
        labels = (
            c.service_field if "service_field" in columns else "",
            c.channel if "channel" in columns else "",
            c.month if "month" in columns else "",
        )
        cells[c.stratum][labels] += c.frame_size
    return {
        stratum: max(found, key=lambda labels: (found[labels], labels))
        for stratum, found in cells.items()
    }


def _classes(gathered: Gathered) -> dict[Key, ResponseClass]:
    offices = offices_by_stratum(gathered)
    issued: Tally[Key] = Tally()
    home: dict[Key, str] = {}
    for d in gathered.dispositions:
        key = d.selection, d.response_class
        home[key] = _only(offices[d.stratum])
        issued[key] += d.count if d.is_eligible else 0
    responded = Tally(
        (b.selection, b.response_class)
        for b in gathered.ballots
        if b.selection != Selection.OPEN
    )
    found: dict[Key, ResponseClass] = {}
    for selection in sorted({selection for selection, _ in home}):
        planned = [
            response_classes.ResponseClass(
                code, selection, office, issued[selection, code], responded[key]
            )
            for key, office in sorted(home.items())
            for code in [key[1]]
            if key[0] == selection
        ]
        merged = response_classes.merge(planned)
        for one in planned:
            joined = merged.response_class[one.code]
            found[selection, one.code] = ResponseClass(
                selection=selection,
                response_class=one.code,
                office=one.office,
                issued=one.issued,
                responded=one.responded,
                joined_class=joined,
                factor=merged.factor.get(joined),
                is_small=joined in merged.too_small,
            )
    return found


def _only(offices: set[str]) -> str:
    (office,) = offices
    return office
