"""The tables of a frozen set as columns: what the files and the live preview share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from questionnaires import Question, Questionnaire
from survey_app import clock
from survey_app.models import Selection
from survey_app.results.gathering import Ballot, Gathered
from survey_app.results.strata import Weighting

TEXT, INT8, INT32, FLOAT, YES_NO = "text", "int8", "int32", "float", "yes_no"
ANSWERED = 0


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one kind, ``None`` where there is none."""

    kind: str
    values: list[Any]


T = TypeVar("T")
Table = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables, and each free text by itself, without any key."""

    responses: Table
    dispositions: Table
    frame: Table
    free_text: Mapping[str, list[str]]


def build(
    gathered: Gathered,
    weighting: Weighting,
    questionnaire: Questionnaire,
    *,
    wave_code: str,
    rng: np.random.Generator,
) -> Tables:
    """Lay out what was gathered, rows and numbers of persons at random.

    The rows are put into an order that follows from the answers alone before they
    are shuffled. So whoever knows the seed learns nothing from the order, and the
    same ballots with the same seed give the same files.
    """
    ballots = _shuffled(sorted(gathered.ballots, key=_content), rng)
    return Tables(
        responses={
            **_circumstances(ballots, questionnaire, wave_code, rng),
            **{
                name: column
                for question in questionnaire.questions
                for name, column in _answers(question, ballots)
            },
            **_weights(ballots, weighting),
        },
        dispositions={
            "stratum": Column(TEXT, [d.stratum for d in gathered.dispositions]),
            "response_class": Column(
                TEXT, [d.response_class for d in gathered.dispositions]
            ),
            "selection": Column(TEXT, [d.selection for d in gathered.dispositions]),
            "outcome": Column(TEXT, [d.outcome for d in gathered.dispositions]),
            "count": Column(INT32, [d.count for d in gathered.dispositions]),
        },
        frame={
            "stratum": Column(TEXT, [c.stratum for c in gathered.frame]),
            "office": Column(TEXT, [c.office for c in gathered.frame]),
            "service_field": Column(TEXT, [c.service_field for c in gathered.frame]),
            "month": Column(TEXT, [c.month for c in gathered.frame]),
            "channel": Column(TEXT, [c.channel for c in gathered.frame]),
            "frame_size": Column(INT32, [c.frame_size for c in gathered.frame]),
        },
        free_text={
            name: _shuffled(sorted(texts), rng)
            for name, texts in _free_text(questionnaire, ballots)
        },
    )


def values(table: Table) -> dict[str, list[Any]]:
    """A table as plain columns."""
    return {name: column.values for name, column in table.items()}


def _content(ballot: Ballot) -> tuple[str, int]:
    answers = json.dumps(ballot.answers, sort_keys=True)
    rest = (
        ballot.selection,
        ballot.office,
        ballot.stratum,
        ballot.response_class,
        ballot.mode,
        ballot.assisted,
        ballot.one_stop_shop,
        ballot.counter,
        ballot.service_field,
        ballot.channel,
        ballot.language,
        ballot.consent_version,
        ballot.received_hour,
        ballot.duration,
        ballot.delay,
    )
    return f"{rest}{answers}", ballot.psu or 0


def _shuffled(rows: Sequence[T], rng: np.random.Generator) -> list[T]:
    return [rows[place] for place in rng.permutation(len(rows))]


def _circumstances(
    ballots: list[Ballot],
    questionnaire: Questionnaire,
    wave_code: str,
    rng: np.random.Generator,
) -> dict[str, Column]:
    def text(name: str) -> Column:
        return Column(TEXT, [getattr(ballot, name) for ballot in ballots])

    return {
        "wave": Column(TEXT, [wave_code] * len(ballots)),
        "questionnaire": Column(TEXT, [questionnaire.id] * len(ballots)),
        "selection": text("selection"),
        "mode": text("mode"),
        "assisted": Column(YES_NO, [ballot.assisted for ballot in ballots]),
        "one_stop_shop": text("one_stop_shop"),
        "counter": text("counter"),
        "office": text("office"),
        "service_field": text("service_field"),
        "channel": text("channel"),
        "stratum": text("stratum"),
        "response_class": text("response_class"),
        "psu": Column(INT32, _persons(ballots, rng)),
        "language": text("language"),
        "consent_version": text("consent_version"),
        "hour": Column(TEXT, [_hour(ballot.received_hour) for ballot in ballots]),
        "duration": Column(INT32, [ballot.duration for ballot in ballots]),
        "delay": text("delay"),
    }


def _persons(ballots: list[Ballot], rng: np.random.Generator) -> list[int]:
    """A new random number per person; a ballot alone is a person."""
    labels = [
        ("alone", place) if ballot.psu is None else ("person", ballot.psu)
        for place, ballot in enumerate(ballots)
    ]
    distinct = list(dict.fromkeys(labels))
    numbers = (rng.permutation(len(distinct)) + 1).tolist()
    number = dict(zip(distinct, numbers, strict=True))
    return [number[label] for label in labels]


def _hour(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(clock.VIETNAM).isoformat(timespec="minutes")


def _answers(question: Question, ballots: list[Ballot]) -> Iterator[tuple[str, Column]]:
    """The columns of one question; free text has none here."""
    name = f"q_{question.id}"
    stored = [ballot.answers[question.id] for ballot in ballots]
    match question.kind:
        case "scale" | "single":
            yield name, Column(INT8, stored)
        case "multiple":
            for option in question.options:
                yield (
                    f"{name}__{option.id}",
                    Column(INT8, [_chosen(answer, option.code) for answer in stored]),
                )
        case "number":
            yield name, Column(INT32, stored)
        case "date":
            yield (
                name,
                Column(TEXT, [a if isinstance(a, str) else None for a in stored]),
            )
            yield (
                f"{name}__code",
                Column(INT8, [ANSWERED if isinstance(a, str) else a for a in stored]),
            )


def _chosen(answer: Any, code: int) -> int:
    if isinstance(answer, list):
        return int(code in answer)
    return int(answer)


def _free_text(
    questionnaire: Questionnaire, ballots: list[Ballot]
) -> Iterator[tuple[str, list[str]]]:
    for question in questionnaire.questions:
        name = question.id if question.kind == "text" else question.specify_id
        if question.kind == "text" or question.specify:
            written = (ballot.answers.get(name) for ballot in ballots)
            yield name, [text for text in written if isinstance(text, str) and text]


def _weights(ballots: list[Ballot], weighting: Weighting) -> dict[str, Column]:
    columns: dict[str, Column] = {
        "variance_stratum": Column(TEXT, []),
        "frame_size": Column(INT32, []),
        "inclusion_probability": Column(FLOAT, []),
        "w_design": Column(FLOAT, []),
        "w_nonresponse": Column(FLOAT, []),
        "weight": Column(FLOAT, []),
    }
    for ballot in ballots:
        for column, value in zip(
            columns.values(), _weight(ballot, weighting), strict=True
        ):
            column.values.append(value)
    return columns


def _weight(ballot: Ballot, weighting: Weighting) -> tuple[Any, ...]:
    if ballot.selection == Selection.OPEN:
        return (None,) * 6
    cell = ballot.selection, ballot.stratum
    stratum = weighting.strata[cell]
    design = weighting.design[cell]
    nonresponse = weighting.nonresponse(ballot.selection, ballot.response_class)
    return (
        stratum.variance_stratum,
        stratum.variance_frame_size,
        stratum.issued / stratum.frame_size,
        design,
        nonresponse,
        design * nonresponse,
    )
