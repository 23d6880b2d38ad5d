"""From what was typed to the text of a rule set, judged; every fault with its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from analysis import rules
from analysis.rule_messages import sentence, spoken_place
from analysis.rule_table import load
from questionnaires.toml_text import toml_text
from survey_app.formats import nfc
from survey_app.rule_sets import fields

# Rules that carry a source of their own.
CITED = (
    "index.index_rule",
    "index.factor_rule",
    "index.missing_part",
    "rollup",
    "ladder",
    "selection.counted",
    "points",
    "scorecard.domain",
    "scorecard.class",
    "scorecard.not_applicable",
)
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: the field to jump to, its name, and the sentence."""

    field: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed, the text it makes, and what is wrong with it."""

    typed: Mapping[str, str]
    text: str = ""
    faults: tuple[Fault, ...] = ()

    def faults_of(self, name: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.field == name]

    def with_fault(self, name: str, said: str) -> Written:
        return replace(
            self, faults=(*self.faults, Fault(name, spoken_place(name), said))
        )


def write(form: Mapping[str, str], base: str) -> Written:
    """The text that the typed rules and the rest of a published text make."""
    typed = {
        name: nfc(value).replace("\r\n", "\n").strip() for name, value in form.items()
    }
    before = load(base)
    writing = _Writing(typed, deepcopy(before))
    writing.put_all()
    data = _without_empty(writing.data)
    data["source"] = _sources(data, before)
    text = toml_text(_without_empty(data))
    judged = [
        Fault(
            fields.field_of(p.where, writing.rows), spoken_place(p.where), sentence(p)
        )
        for p in rules.check(text)
    ]
    unread = {fault.field for fault in writing.faults}
    faults = [
        *writing.faults,
        *(fault for fault in judged if fault.field not in unread),
    ]
    faults.sort(key=lambda fault: fields.place_on_page(fault.field))
    return Written(typed, text, tuple(faults))


@dataclass(slots=True)
class _Writing:
    """The tables as they fill up, and what could not be read."""

    typed: Mapping[str, str]
    data: dict[str, Any]
    rows: dict[str, list[int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def put_all(self) -> None:
        for name in fields.TEXTS:
            self.put(name, self.typed.get(name, ""))
        for name in fields.CHOICES:
            self.put(name, self.typed.get(name) or None)
        for name in fields.DAYS:
            self.put(name, self.day(name))
        for name in fields.NUMBERS:
            self.put(name, self.number(name))
        for name in fields.SHARES:
            self.put(name, dict(self.shares(name)))
        self.put(fields.COUNTED, self.typed.get(fields.COUNTED, "").split())
        for path in fields.ROWS:
            self.put(path, list(self.filled(path)) or None)
        for k, domain in enumerate(fields.at(self.data, "scorecard.domain") or ()):
            points = self.number(f"scorecard.domain.{k}.staff_points")
            domain.pop("staff_points", None)
            if points is not None:
                domain["staff_points"] = points
        self.only_what_the_points_rule_needs()

    def only_what_the_points_rule_needs(self) -> None:
        """A rule of points brings its own keys; without one there is no table."""
        points = self.data.get("points", {})
        if "rule" not in points:
            points = {}
        elif points["rule"] == "bands":
            points.pop("full_marks", None)
        else:
            points.pop("band", None)
        self.data["points"] = points

    def put(self, path: str, value: Any) -> None:
        """Set what stands at a path; None takes it away."""
        *tables, name = path.split(".")
        if tables and tables[0] == "scorecard" and "scorecard" not in self.data:
            return  # there is no table of points to put it in
        here = self.data
        for table in tables:
            here = here.setdefault(table, {})
        if value is None:
            here.pop(name, None)
        else:
            here[name] = value

    def number(self, name: str) -> Decimal | int | None:
        text = self.typed.get(name, "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            said = f"“{text}” không phải là số. Xin ghi như 8 hoặc 8,5."
            self.fault(name, said)
            return None
        value = Decimal(text.replace(",", "."))
        return int(value) if value == value.to_integral_value() else value

    def day(self, name: str) -> date | None:
        text = self.typed.get(name, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(name, f"“{text}” không phải là ngày. Xin chọn lại ngày.")
            return None

    def shares(self, name: str) -> Iterator[tuple[str, Decimal]]:
        """Lines of “code = share”."""
        for line in filter(None, map(str.strip, self.typed.get(name, "").split("\n"))):
            key, _, share = (part.strip() for part in line.partition("="))
            try:
                yield key, Decimal(share.replace(",", "."))
            except InvalidOperation:
                said = f"Dòng “{line}” không đọc được. Xin ghi như: SNV = 0,25."
                self.fault(name, said)

    def filled(self, path: str) -> Iterator[dict[str, Any]]:
        """The rows of a table that hold anything besides which end is closed."""
        self.rows[path] = []
        for k, names in fields.row_fields(path):
            texts = {n.rpartition(".")[2]: self.typed.get(n, "") for n in names}
            if not any(text for column, text in texts.items() if column != "closed"):
                continue
            self.rows[path].append(k)
            row: dict[str, Any] = {}
            for name, (column, text) in zip(names, texts.items(), strict=True):
                is_text = column in ("name", "closed")
                value = text if is_text else self.number(name)
                if value not in ("", None):
                    row[column] = value
            yield row

    def fault(self, name: str, said: str) -> None:
        self.faults.append(Fault(name, _spoken_field(name), said))


def _spoken_field(name: str) -> str:
    """The place of a field with a row: ``a.b.3.low`` stands for ``a.b[3].low``."""
    return spoken_place(re.sub(r"\.(\d+)\.", r"[\1].", name))


def _sources(
    data: Mapping[str, Any], before: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """Rules that changed are said to come from the citation of the new version."""
    sources: list[Mapping[str, Any]] = list(data.get("source", ()))
    for path in CITED:
        new, old = fields.at(data, path), fields.at(before, path)
        if new == old:
            continue
        sources = [s for s in sources if not f"{s['of']}.".startswith(f"{path}.")]
        text = data.get("citation") or "–"  # without one, nothing is saved
        if new:
            sources.append({"of": path, "status": "chosen", "text": text})
    return [s for s in sources if fields.at(data, s["of"]) is not None]


def _without_empty(data: Mapping[str, Any]) -> dict[str, Any]:
    """Tables in which nothing is left are not written."""
    kept = {}
    for name, value in data.items():
        inner = _without_empty(value) if isinstance(value, Mapping) else value
        if inner not in ({}, []) or name in ("index", "counted"):
            kept[name] = inner
    return kept
