"""Read a definition file into a ``Questionnaire``, or list all that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from questionnaires.check import check, read_toml
from questionnaires.draft import SPECIAL_KEYS
from questionnaires.model import (
    Check,
    Consent,
    Criterion,
    Factor,
    Heading,
    Option,
    Problem,
    Question,
    Questionnaire,
    Scale,
    Source,
    SpecialAnswer,
)
from questionnaires.routing import SPECIAL_CODES, build_rule
from questionnaires.shape import Table


class DefinitionRejected(ValueError):
    """A definition file has problems. They are all in ``problems``."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(f"{p.where}: {p.code} {p.detail}" for p in problems))
        self.problems = problems


def parse(text: str) -> Questionnaire:
    """The questionnaire that a definition file describes.

    Raises
    ------
    DefinitionRejected
        If the file breaks a rule; every break is reported, not only the first.
    """
    if problems := check(text):
        raise DefinitionRejected(problems)
    return _questionnaire(read_toml(text))


def _questionnaire(source: Table) -> Questionnaire:
    scales = {
        name: _scale(name, table) for name, table in source.get("scale", {}).items()
    }
    special = source.get("special", {})
    overall = source.get("overall_question")
    headings = source.get("heading", {})
    return Questionnaire(
        id=source["id"],
        title=source["title"],
        source=_source(source["source"]),
        audience=source["audience"],
        language=source["language"],
        introduction=source.get("introduction", "").strip(),
        consent=_consent(source["consent"]),
        scales=tuple(scales.values()),
        factors=tuple(_factor(f, scales, special) for f in source.get("factor", ())),
        overall=_criterion(overall, scales, special) if overall else None,
        facts=tuple(_fact(f, source) for f in source.get("fact", ())),
        profile=tuple(_fact(f, source) for f in source.get("profile", ())),
        checks=tuple(_check(c) for c in source.get("check", ())),
        overall_heading=Heading(**headings.get("overall", {"title": ""})),
        facts_heading=Heading(**headings.get("facts", {"title": ""})),
        profile_heading=Heading(**headings.get("profile", {"title": ""})),
        references=tuple(source.get("reference", {}).items()),
    )


def _source(table: Table) -> Source:
    day = table.get("date")
    return Source(
        decision=table["decision"],
        status=table["status"],
        date=day.isoformat() if day else "",
        note=table.get("note", "").strip(),
    )


def _consent(table: Table) -> Consent:
    return Consent(
        version=table["version"],
        text=table["text"].strip(),
        interview_text=table.get("interview_text", "").strip(),
    )


def _scale(name: str, table: Table) -> Scale:
    return Scale(name, tuple(table["labels"]), table["satisfied_from"])


def _factor(table: Table, scales: dict[str, Scale], special: Table) -> Factor:
    return Factor(
        id=table["id"],
        title=table["title"],
        note=table.get("note", "").strip(),
        shuffle=table.get("shuffle", False),
        criteria=tuple(_criterion(c, scales, special) for c in table["criterion"]),
    )


def _criterion(table: Table, scales: dict[str, Scale], special: Table) -> Criterion:
    return Criterion(scale=scales[table["scale"]], **_common(table, special))


def _fact(table: Table, source: Table) -> Question:
    options = table.get("option") or source.get("choice", {}).get(table.get("choice"))
    return Question(
        kind=table["kind"],
        options=tuple(Option(**option) for option in options or ()),
        minimum=_bound(table.get("minimum")),
        maximum=_bound(table.get("maximum")),
        max_length=table.get("max_length"),
        **_common(table, source.get("special", {})),
    )


def _common(table: Table, special: Table) -> dict[str, Any]:
    """What every kind of question has."""
    show_if = table.get("show_if")
    return {
        "id": table["id"],
        "text": table["text"],
        "hint": table.get("hint", ""),
        "required": table.get("required", True),
        "show_if": build_rule(show_if) if show_if else None,
        "specials": tuple(
            SpecialAnswer(value, SPECIAL_CODES[value], special[value])
            for value, key in SPECIAL_KEYS.items()
            if table.get(key)
        ),
        "source": tuple(table.get("source", ())),
        "status": table.get("status", ""),
    }


def _check(table: Table) -> Check:
    return Check(
        id=table["id"],
        where=table["where"],
        rule=build_rule(table["rule"]),
        text=table["text"],
        hard=table.get("hard", False),
    )


def _bound(value: int | date | None) -> int | str | None:
    return value.isoformat() if isinstance(value, date) else value
