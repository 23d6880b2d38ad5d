"""The frame of slips given with results: turns registered at counters, by week.

A counter's week of which no turn was due a slip says nothing of its own. Its turns
are counted with the nearest week of the same counter that has slips, else with the
office's largest stratum, so that no finished transaction is left out.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, extract, func, select

from survey_app.models import HandOver, Office, Wave

Row = tuple[str, str, str, int, int, str, int]


def turns_by_cell(wave: Wave) -> Select[*tuple[Any, ...]]:
    """Stratum, office, field, year, month and channel of turns, and their number."""
    cell = (
        HandOver.stratum,
        Office.code,
        HandOver.service_field,
        extract("year", HandOver.day),
        extract("month", HandOver.day),
        HandOver.channel,
    )
    return (
        select(*cell, func.count())
        .join(Office, Office.id == HandOver.office_id)
        .where(HandOver.wave_id == wave.id)
        .group_by(*cell)
    )


def counted_with(
    sizes: Iterable[tuple[str, str, int]], with_slips: Collection[str]
) -> dict[str, str]:
    """For each stratum the one it is counted with: itself where it has slips.

    Parameters
    ----------
    sizes : iterable of (stratum, office, turns)
    with_slips : collection of str
        Strata of which at least one slip was given.
    """
    total: Tally[tuple[str, str]] = Tally()
    for stratum, office, size in sizes:
        total[office, stratum] += size
    found = {}
    for office, stratum in sorted(total):
        asked = [s for o, s in sorted(total) if o == office and s in with_slips]
        if stratum in asked or not asked:
            found[stratum] = stratum
            continue
        counter, week = counter_and_week(stratum)
        own = [s for s in asked if counter_and_week(s)[0] == counter]
        if own:
            weeks = sorted({counter_and_week(s)[1] for s in [*own, stratum]})
            here = weeks.index(week)
            found[stratum] = min(
                own, key=lambda s: abs(weeks.index(counter_and_week(s)[1]) - here)
            )
        else:
            found[stratum] = max(asked, key=lambda s: total[office, s])
    return found


def counter_and_week(stratum: str) -> tuple[str, str]:
    """The two parts of the name of a stratum at hand-over."""
    counter, _, week = stratum.rpartition(":")
    return counter, week
