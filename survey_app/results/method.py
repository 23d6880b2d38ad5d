"""How the figures of a wave were made, laid out for a reader who wants to check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from survey_app.results import words
from survey_app.results.reading import Results


@dataclass(frozen=True, slots=True)
class StratumLine:
    """One stratum: what was there, what was asked, what came back.

    ``stands_for`` is how many transactions one ballot stands for on average.
    """

    office: str
    stratum: str
    selection: str
    variance_stratum: str
    frame_size: int
    issued: int
    responses: int
    stands_for: float | None
    left_out: bool


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One response class: asked, answered, and the factor its ballots carry."""

    office: str
    response_class: str
    selection: str
    issued: int
    responded: int
    joined_class: str
    factor: float | None
    is_small: bool


@dataclass(frozen=True, slots=True)
class WorthLine:
    """K of one figure: how many answers one ballot is worth, from how many offices."""

    selection: str
    figure: str
    value: float
    offices: int


@dataclass(frozen=True, slots=True)
class Method:
    """Counts, factors and hashes behind the figures.

    ``joined`` counts strata counted with another one, ``map_sha256`` seals which.
    ``d_pool_routes`` gives for each office where its design effect came from when
    all answers to a criterion were alike.
    """

    strata: tuple[StratumLine, ...]
    worth: tuple[WorthLine, ...]
    d_pool_routes: tuple[tuple[str, str], ...]
    plan: dict[str, Any] | None
    plan_sha256: str | None
    classes: tuple[ClassLine, ...] = ()
    joined: int = 0
    map_sha256: str | None = None


def method_of(results: Results, *, only_office: str | None = None) -> Method:
    """What the method page prints; of one office only where that is all one may see."""
    report, manifest = results.report, results.manifest
    names = {office.code: office.name for office in report.offices}
    plan, found = manifest.get("plan"), manifest["strata_map"]
    rows = [r for r in found["strata"] if only_office in (None, r["office"])]
    return Method(
        strata=tuple(_stratum(row, names) for row in rows),
        classes=tuple(
            _class(row, names)
            for row in found.get("classes", ())  # sets frozen before had none
            if only_office in (None, row["office"])
        ),
        joined=sum(row["variance_stratum"] != row["stratum"] for row in rows),
        map_sha256=found.get("sha256"),
        worth=tuple(_worth(results)),
        d_pool_routes=tuple(
            (names[code], words.D_POOL_ROUTES[route])
            for code, route in report.d_pool_route.items()
            if only_office in (None, code)
        ),
        plan=json.loads(plan["text"]) if plan else None,
        plan_sha256=plan["sha256"] if plan else None,
    )


def _stratum(row: dict[str, Any], names: dict[str, str]) -> StratumLine:
    responses = row["responses"]
    return StratumLine(
        office=names.get(row["office"], row["office"]),
        stratum=row["stratum"],
        selection=words.SELECTIONS[row["selection"]],
        variance_stratum=row["variance_stratum"],
        frame_size=row["frame_size"],
        issued=row["issued"],
        responses=responses,
        stands_for=row["frame_size"] / responses if responses else None,
        left_out=row["left_out"],
    )


def _class(row: dict[str, Any], names: dict[str, str]) -> ClassLine:
    return ClassLine(
        office=names.get(row["office"], row["office"]),
        response_class=row["response_class"],
        selection=words.SELECTIONS[row["selection"]],
        issued=row["issued"],
        responded=row["responded"],
        joined_class=row["joined_class"],
        factor=row["factor"],
        is_small=row["is_small"],
    )


def _worth(results: Results) -> list[WorthLine]:
    report = results.report
    titles = {factor.id: factor.title for factor in results.questionnaire.factors}
    lines = []
    used = {row["selection"] for row in results.manifest["strata_map"]["strata"]}
    for selection in (s for s in report.header.counted if s in used):
        name = words.SELECTIONS[selection]
        if selection in report.index_k:
            index = report.index_k[selection]
            lines.append(WorthLine(name, "Chỉ số", index.value, index.offices))
        for factor, k in report.factor_k.get(selection, {}).items():
            lines.append(WorthLine(name, titles[factor], k.value, k.offices))
    return lines
