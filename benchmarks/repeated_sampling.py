"""Does the standard error tell the truth, and does the interval cover it?

Draws many waves from made-up finite populations by the whole route (draw,
non-response, weights, report) and compares what the report says with what is
true. Prints a table: mean SE over true SD, and coverage of the index and of
the criteria. ``python -m benchmarks.repeated_sampling [DRAWS]``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from analysis import rules, strata
from analysis.arrays import FloatArray, IntArray
from analysis.reports import OfficeReport, wave_report
from analysis.responses import FrozenSet
from questionnaires import Questionnaire, parse

ITEMS = 22
FACTORS = (5, 5, 5, 4, 3)


@dataclass(frozen=True, slots=True)
class Setting:
    """One way of drawing and answering.

    Attributes
    ----------
    name : str
        Shown in the table.
    frame_size : int
        Transactions of each office.
    issued : int
        Drawn in each office.
    response : float
        Chance that a drawn transaction answers.
    fields : int
        Strata of each office; 1 makes the office the stratum.
    visits : float
        Transactions per person, on average.
    offices : int
        How many are in the wave.
    """

    name: str
    frame_size: int
    issued: int
    response: float
    fields: int = 1
    visits: float = 1.0
    offices: int = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a setting gave, over offices and draws."""

    setting: Setting
    draws: int
    n: float
    se_ratio_index: float
    se_ratio_items: float
    coverage_index: float
    coverage_items: float
    left_out: int


SETTINGS = (
    Setting("census, 50 % answer", 40, 40, 0.5),
    Setting("census, 90 % answer", 40, 40, 0.9),
    Setting("N 100, all drawn, 60 % answer", 100, 100, 0.6),
    Setting("N 100, 50 drawn, 70 % answer", 100, 50, 0.7),
    Setting("N 1000, 60 drawn, 50 % answer", 1000, 60, 0.5),
    Setting("N 1000, 60 drawn, 90 % answer", 1000, 60, 0.9),
    Setting("N 1000, 120 drawn, 80 % answer", 1000, 120, 0.8),
    Setting("N 1000, 8 strata merged", 1000, 64, 0.55, fields=8),
    Setting("N 100, 6 strata merged", 100, 48, 0.7, fields=6),
    Setting("N 1000, people come 3 times", 1000, 90, 0.7, visits=3.0),
)

RULES = """
id = "proof"
title = "Proof"
version = "1"
status = "draft"
citation = "none"
[index]
factor_rule = "pooled"
index_rule = "mean_of_factors"
missing_part = "rescale"
[rollup]
field_to_office = "transactions"
office_to_province = "transactions"
[selection]
counted = ["from_list"]
"""


def form() -> Questionnaire:
    """A questionnaire of five factors and 22 criteria."""
    text = """
id = "proof"
title = "Proof"
language = "vi"
audience = "citizen"
[source]
decision = "none"
status = "memory"
[consent]
version = "1"
text = "Tôi đồng ý."
[scale.five]
labels = ["Rất tệ", "Tệ", "Bình thường", "Hài lòng", "Rất hài lòng"]
satisfied_from = 4
"""
    item = 0
    for number, size in enumerate(FACTORS):
        text += f'[[factor]]\nid = "f{number}"\ntitle = "F{number}"\n'
        for _ in range(size):
            text += f'[[factor.criterion]]\nid = "c{item}"\ntext = "C{item}"\n'
            text += 'scale = "five"\n'
            item += 1
    return parse(text)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """All transactions of all offices: satisfied or not, stratum, person."""

    satisfied: IntArray
    office: IntArray
    field: IntArray
    person: IntArray


def population(setting: Setting, rng: np.random.Generator) -> Population:
    """A finite population whose answers go together within a person."""
    size = setting.frame_size * setting.offices
    office = np.repeat(np.arange(setting.offices), setting.frame_size)
    field = rng.integers(setting.fields, size=size)
    people = max(1, int(setting.frame_size / setting.visits))
    person = office * people + rng.integers(people, size=size)
    if setting.visits == 1.0:
        person = np.arange(size)
    mood = rng.normal(0.0, 1.0, person.max() + 1)[person]
    level = rng.normal(1.1, 0.4, setting.offices)[office]
    level = level + rng.normal(0.0, 0.3, setting.fields)[field]
    ease = rng.normal(0.0, 0.5, ITEMS)
    chance = 1.0 / (1.0 + np.exp(-(level + mood)[:, None] - ease))
    satisfied = (rng.random((size, ITEMS)) < chance).astype(np.int64)
    return Population(satisfied, office, field, person)


def truth(everyone: Population, offices: int) -> tuple[FloatArray, FloatArray]:
    """Criteria and index of every office over its whole frame."""
    items = np.stack(
        [everyone.satisfied[everyone.office == o].mean(axis=0) for o in range(offices)]
    )
    parts = np.split(items, np.cumsum(FACTORS)[:-1], axis=1)
    index = np.mean([part.mean(axis=1) for part in parts], axis=0)
    return items, index


def wave(setting: Setting, everyone: Population, rng: np.random.Generator) -> FrozenSet:
    """One wave drawn from the population, its thin strata joined."""
    drawn = _draw(setting, everyone, rng)
    answered = drawn[rng.random(len(drawn)) < setting.response]
    cell = everyone.office * setting.fields + everyone.field
    frame = np.bincount(cell, minlength=setting.offices * setting.fields)
    issued = np.bincount(cell[drawn], minlength=len(frame))
    heard = np.bincount(cell[answered], minlength=len(frame))
    planned = [
        strata.Stratum(
            f"{c:04d}", "from_list", str(c // setting.fields),
            f"{c % setting.fields}", "", "", int(frame[c]), int(heard[c]),
        )
        for c in np.flatnonzero(frame)
    ]  # fmt: skip
    merged = strata.merge(planned)
    label = np.array([f"{c:04d}" for c in range(len(frame))])
    pool = np.array([merged.variance_stratum.get(name, "") for name in label])
    size = np.array([merged.frame_size.get(name, 0) for name in pool])
    of_issued = {p: issued[pool == p].sum() for p in np.unique(pool)}
    of_heard = {p: heard[pool == p].sum() for p in np.unique(pool)}
    home = cell[answered]
    # Non-response is taken up within the joined stratum, the class.
    weight = np.array(
        [
            frame[c] / issued[c] * of_issued[pool[c]] / of_heard[pool[c]]
            if setting.fields == 1
            else size[c] / of_heard[pool[c]]
            for c in home
        ]
    )
    columns = {
        "selection": np.full(len(home), "from_list"),
        "office": (home // setting.fields).astype(str),
        "service_field": (home % setting.fields).astype(str),
        "stratum": label[home],
        "response_class": pool[home],
        "psu": everyone.person[answered],
        "variance_stratum": pool[home],
        "frame_size": size[home].astype(float),
        "weight": weight,
    }
    for j in range(ITEMS):
        columns[f"q_c{j}"] = np.where(everyone.satisfied[answered, j] == 1, 4, 2)
    used = [c for c in range(len(frame)) if frame[c]]
    return FrozenSet.from_columns(
        manifest={
            "wave": {"id": "proof"},
            "questionnaire": {},
            "rule_set": {},
            "offices": [
                {"code": str(o), "name": str(o)} for o in range(setting.offices)
            ],
        },
        responses=columns,
        dispositions={
            "stratum": [label[c] for c in used for _ in range(2)],
            "response_class": [pool[c] for c in used for _ in range(2)],
            "selection": ["from_list"] * (2 * len(used)),
            "outcome": ["completed", "not_returned"] * len(used),
            "count": [k for c in used for k in (heard[c], issued[c] - heard[c])],
        },
        frame={
            "stratum": [label[c] for c in used],
            "office": [str(c // setting.fields) for c in used],
            "service_field": [str(c % setting.fields) for c in used],
            "month": [""] * len(used),
            "channel": [""] * len(used),
            "frame_size": [int(frame[c]) for c in used],
        },
    )


def _draw(setting: Setting, everyone: Population, rng: np.random.Generator) -> IntArray:
    """Proportional to strata within the office, at least four where there are."""
    chosen = []
    for o in range(setting.offices):
        for f in range(setting.fields):
            inside = np.flatnonzero((everyone.office == o) & (everyone.field == f))
            want = round(setting.issued * len(inside) / setting.frame_size)
            take = min(len(inside), max(want, 4))
            chosen.append(rng.choice(inside, take, replace=False))
    return np.concatenate(chosen)


def run(setting: Setting, draws: int, seed: int = 1) -> Outcome:
    """Repeat one setting."""
    rng = np.random.default_rng(seed)
    questionnaire, rule = form(), rules.parse(RULES)
    everyone = population(setting, rng)
    items, index = truth(everyone, setting.offices)
    found = [
        _measured(
            wave_report(wave(setting, everyone, rng), questionnaire, rule).offices
        )
        for _ in range(draws)
    ]
    value, spread, covers, n = (np.array(part) for part in zip(*found, strict=True))
    true = np.column_stack([items, index])
    low, high = covers[..., 0], covers[..., 1]
    inside = np.where(np.isnan(low), np.nan, (low <= true) & (true <= high))
    ratio = np.sqrt(np.nanmean(spread**2, axis=0)) / np.nanstd(value, axis=0)
    return Outcome(
        setting,
        draws,
        float(np.nanmean(n)),
        float(np.nanmean(ratio[:, -1])),
        float(np.nanmean(ratio[:, :-1])),
        float(np.nanmean(inside[..., -1])),
        float(np.nanmean(inside[..., :-1])),
        int(np.isnan(value[..., -1]).sum()),
    )


def _measured(
    offices: tuple[OfficeReport, ...],
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Values, standard errors, ends and n of criteria and index, office by office."""
    rows = [[*(c.figure for c in o.criteria), o.index] for o in offices]

    def column(name: str) -> FloatArray:
        return np.array(
            [
                [np.nan if getattr(f, name) is None else getattr(f, name) for f in row]
                for row in rows
            ]
        )

    spread = np.where(np.isnan(column("std_error")), 0.0, column("std_error"))
    spread = np.where(np.isnan(column("value")), np.nan, spread)
    ends = np.stack([column("low"), column("high")], axis=-1)
    return column("value"), spread, ends, column("n")[:, -1]


def table(outcomes: Iterator[Outcome]) -> None:
    """Print one line per setting."""
    print(
        f"{'setting':34} {'n':>5} {'SE/SD index':>12} {'items':>6} "
        f"{'coverage index':>15} {'items':>6} {'withheld':>9}"
    )
    for o in outcomes:
        print(
            f"{o.setting.name:34} {o.n:5.0f} {o.se_ratio_index:12.3f} "
            f"{o.se_ratio_items:6.3f} {o.coverage_index:15.3f} "
            f"{o.coverage_items:6.3f} {o.left_out:9d}",
            flush=True,
        )


if __name__ == "__main__":
    draws = int(Decimal(sys.argv[1])) if len(sys.argv) > 1 else 1000
    table(run(setting, draws) for setting in SETTINGS)
