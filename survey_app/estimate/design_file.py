"""How a survey was drawn and weighted, as its TOML file says; all that is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.design import Lonely
from analysis.surveys import Drawn
from survey_app.errors import Refused
from survey_app.estimate.reading import MISSING

KEYS = (
    *("weights", "nest", "lonely", "adjust_domain_lonely"),
    *("pps", "missing", "stage", "step"),
)
STAGE_KEYS = ("psu", "strata", "size", "fraction", "probability")
PPS = ("brewer", "overton", "hartley_rao", "with_replacement")
DISTANCES = ("linear", "raking", "logit")
STEP_KEYS = {
    "nonresponse": ("classes", "answered"),
    "poststratify": ("by", "cells"),
    "rake": ("margins",),
    "calibrate": ("distance", "count", "totals", "margins", "low", "high"),
}


@dataclass(frozen=True, slots=True)
class NonResponse:
    """Weights of the silent (``answered`` is 0) go to respondents of their class."""

    classes: tuple[str, ...]
    answered: str


@dataclass(frozen=True, slots=True)
class PostStratify:
    """Counts of the cells of ``by``."""

    by: tuple[str, ...]
    cells: Mapping[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Rake:
    """Counts of the levels of each margin."""

    margins: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Population count, totals of numeric columns and counts of levels."""

    distance: str
    count: float | None
    totals: Mapping[str, float]
    margins: Mapping[str, Mapping[str, float]]
    low: float | None
    high: float | None


WeightStep = NonResponse | PostStratify | Rake | Calibrate


@dataclass(frozen=True, slots=True)
class DesignFile:
    """A design by column names; without a file, every row by itself."""

    name: str = ""
    weights: str | None = None
    stages: tuple[Drawn, ...] = ()
    nest: bool = False
    lonely: Lonely = Lonely.FAIL
    adjust_domain_lonely: bool = False
    pps: str = "brewer"
    missing: tuple[str, ...] = MISSING
    steps: tuple[WeightStep, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Every column the design needs."""
        named = [self.weights] if self.weights else []
        for stage in self.stages:
            single = (stage.psu, stage.frame_size, stage.fraction, stage.probability)
            named += [*stage.strata, *(name for name in single if name)]
        for step in self.steps:
            named += columns_of(step)
        return list(dict.fromkeys(named))


def columns_of(step: WeightStep) -> list[str]:
    match step:
        case NonResponse():
            return [*step.classes, step.answered]
        case PostStratify():
            return list(step.by)
        case Rake():
            return list(step.margins)
        case Calibrate():
            return [*step.totals, *step.margins]


def read_design(path: Path | None) -> DesignFile:
    """The design of a file.

    Raises
    ------
    Refused
        With every problem of the file.
    """
    if path is None:
        return DesignFile()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise Refused(f"{path.name}: không phải TOML ({error}).") from error
    problems: list[str] = []
    entry = _Entry(content, "", problems)
    entry.only(KEYS)
    design = DesignFile(
        name=path.name,
        weights=entry.text("weights"),
        stages=tuple(map(_stage, entry.entries("stage"))),
        nest=entry.truth("nest"),
        lonely=Lonely(entry.choice("lonely", [rule.value for rule in Lonely])),
        adjust_domain_lonely=entry.truth("adjust_domain_lonely"),
        pps=entry.choice("pps", PPS),
        missing=entry.texts("missing") or MISSING,
        steps=tuple(s for e in entry.entries("step") if (s := _step(e)) is not None),
    )
    if problems:
        raise Refused(*(f"{path.name}: {problem}" for problem in problems))
    return design


def _stage(entry: _Entry) -> Drawn:
    entry.only(STAGE_KEYS)
    given = [key for key in ("size", "fraction", "probability") if key in entry.content]
    if len(given) > 1:
        entry.say(f"chỉ được nêu một trong {', '.join(given)}")
    return Drawn(
        psu=entry.text("psu"),
        strata=entry.texts("strata"),
        frame_size=entry.text("size"),
        fraction=entry.text("fraction"),
        probability=entry.text("probability"),
    )


def _step(entry: _Entry) -> WeightStep | None:
    kind = entry.content.get("kind")
    if not isinstance(kind, str) or kind not in STEP_KEYS:
        entry.say(f"kind phải là một trong {', '.join(STEP_KEYS)}")
        return None
    entry.only(("kind", *STEP_KEYS[kind]))
    match kind:
        case "nonresponse":
            return NonResponse(
                entry.texts("classes", needed=True),
                entry.text("answered", needed=True) or "",
            )
        case "poststratify":
            by = entry.texts("by", needed=True)
            return PostStratify(by, _cells(entry, by))
        case "rake":
            return Rake(entry.margins(needed=True))
    return Calibrate(
        entry.choice("distance", DISTANCES),
        entry.number("count"),
        entry.numbers("totals"),
        entry.margins(),
        entry.number("low"),
        entry.number("high"),
    )


def _cells(entry: _Entry, by: Sequence[str]) -> dict[tuple[str, ...], float]:
    """``cells = [["land", "F", 1200], …]``: labels in the order of ``by``, a count."""
    cells: dict[tuple[str, ...], float] = {}
    for row in entry.content.get("cells", []):
        fits = isinstance(row, list) and len(row) == len(by) + 1
        if not fits or not _is_number(row[-1]) or row[-1] < 0:
            entry.say(f"cells: {row} phải gồm {len(by)} nhãn rồi một số đếm")
        elif (key := tuple(map(str, row[:-1]))) in cells:
            entry.say(f"cells: {', '.join(key)} có hai lần")
        else:
            cells[key] = float(row[-1])
    if not cells:
        entry.say("thiếu cells")
    return cells


@dataclass(frozen=True, slots=True)
class _Entry:
    """One table of the file, its place, and where to note what is wrong."""

    content: Mapping[str, Any]
    place: str
    problems: list[str] = field(repr=False)

    def say(self, problem: str) -> None:
        self.problems.append(f"{self.place}{problem}.")

    def only(self, keys: Sequence[str]) -> None:
        for key in self.content:
            if key not in keys:
                self.say(f"không có mục {key}; có: {', '.join(keys)}")

    def entries(self, key: str) -> list[_Entry]:
        rows = self.content.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            self.say(f"{key} phải viết thành [[{key}]]")
            return []
        return [
            _Entry(row, f"[[{key}]] thứ {number}: ", self.problems)
            for number, row in enumerate(rows, start=1)
        ]

    def text(self, key: str, *, needed: bool = False) -> str | None:
        value = self.content.get(key)
        if value is None and not needed:
            return None
        if not isinstance(value, str) or not value:
            self.say(f"{key} phải là tên một cột")
            return None
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self.content.get(key, [])
        rows = [value] if isinstance(value, str) else value
        if not isinstance(rows, list) or (needed and not rows):
            self.say(f"{key} phải là danh sách")
            return ()
        return tuple(map(str, rows))

    def truth(self, key: str) -> bool:
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.say(f"{key} phải là true hoặc false")
        return value is True

    def choice(self, key: str, choices: Sequence[str]) -> str:
        value = self.content.get(key, choices[0])
        if value not in choices:
            self.say(f"{key} phải là một trong {', '.join(choices)}")
            return choices[0]
        return str(value)

    def number(self, key: str) -> float | None:
        value = self.content.get(key)
        if value is not None and not _is_number(value):
            self.say(f"{key} phải là số")
            return None
        return None if value is None else float(value)

    def numbers(self, key: str, *, at_least: float | None = None) -> dict[str, float]:
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            self.say(f"{key} phải là bảng tên = số")
            return {}
        for name, one in value.items():
            if not _is_number(one) or (at_least is not None and one < at_least):
                self.say(f"{key}: {name} phải là số không âm")
        return {name: float(v) for name, v in value.items() if _is_number(v)}

    def margins(self, *, needed: bool = False) -> dict[str, dict[str, float]]:
        value = self.content.get("margins", {})
        if not isinstance(value, dict) or (needed and not value):
            self.say("margins phải là bảng: tên cột, rồi từng mức = số đếm")
            return {}
        below = _Entry(value, f"{self.place}margins: ", self.problems)
        return {name: below.numbers(name, at_least=0.0) for name in value}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
