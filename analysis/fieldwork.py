"""What was there to draw from, and what came back: counts by office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.responses import FrozenSet


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """Transactions in the frame and slips issued, of one office and selection."""

    frame_size: int | None
    issued: int | None


def by_office(
    frozen: FrozenSet, offices: Sequence[str], selection: str
) -> list[Fieldwork]:
    """Frame and issued of every office for one selection, ``None`` if unknown.

    Strata belong to an office by the frame, or by the ballots where the frame
    does not list them.
    """
    home = _homes(frozen)
    table = frozen.dispositions
    issued: dict[str, int] = {}
    strata: dict[str, set[str]] = {}
    chosen = table["selection"] == selection
    for stratum, number in zip(
        table["stratum"][chosen], table["count"][chosen], strict=True
    ):
        office = home.get(str(stratum), "")
        issued[office] = issued.get(office, 0) + int(number)
        strata.setdefault(office, set()).add(str(stratum))
    sizes = _sizes(frozen)
    return [
        Fieldwork(
            frame_size=_total(sizes, strata.get(office, set())),
            issued=issued.get(office),
        )
        for office in offices
    ]


def frame_by_field(
    frozen: FrozenSet, counted: Mapping[str, str] | None = None
) -> dict[tuple[str, str], float]:
    """Transactions in the frame by office and service field.

    A wave may hold two frames of one office: the list, and the turns at its
    counters. ``counted`` names, by office, the selection whose frame is meant;
    an office it does not name is given all there is.
    """
    at_counter = _handed_over(frozen)
    table = frozen.frame
    sizes: dict[tuple[str, str], float] = {}
    for stratum, office, field, size in zip(
        table["stratum"],
        table["office"],
        table["service_field"],
        table["frame_size"],
        strict=True,
    ):
        own = "at_hand_over" if str(stratum) in at_counter else "from_list"
        if (counted or {}).get(str(office), own) == own:
            key = (str(office), str(field))
            sizes[key] = sizes.get(key, 0.0) + float(size)
    return sizes


def _handed_over(frozen: FrozenSet) -> set[str]:
    """Strata whose slips were given out with results."""
    table = frozen.dispositions
    return set(map(str, table["stratum"][table["selection"] == "at_hand_over"]))


def _homes(frozen: FrozenSet) -> dict[str, str]:
    """Office of every stratum."""
    homes: dict[str, str] = {}
    for table in (frozen.responses, frozen.frame):
        strata, first = np.unique(table["stratum"], return_index=True)
        homes |= dict(
            zip(map(str, strata), map(str, table["office"][first]), strict=True)
        )
    return homes


def _sizes(frozen: FrozenSet) -> dict[str, float]:
    sizes: dict[str, float] = {}
    for stratum, size in zip(
        frozen.frame["stratum"], frozen.frame["frame_size"], strict=True
    ):
        sizes[str(stratum)] = sizes.get(str(stratum), 0.0) + float(size)
    return sizes


def _total(sizes: Mapping[str, float], strata: set[str]) -> int | None:
    known = [sizes[stratum] for stratum in strata if stratum in sizes]
    return round(sum(known)) if known else None
