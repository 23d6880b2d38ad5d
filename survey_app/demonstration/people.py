"""Simulated citizens: what they would answer, given who served them.

Satisfaction is drawn on a line: office, service field, factor, criterion and person
each push it up or down, and fixed steps cut the line into the levels of the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from questionnaires import Criterion, Question, Questionnaire
from survey_app.collect.ballots import CONSENT

MIDDLE = 2.1  # about five answers in six are satisfied, as in published results
STEPS = (-0.6, 0.2, 1.0, 2.4)
SPREAD = {"office": 0.45, "field": 0.2, "factor": 0.25, "criterion": 0.2}
PERSON, MOMENT = 0.7, 0.8

SPECIAL = 0.04  # of those asked, where the form allows "not applicable" and the like
SKIPPED = 0.06  # of questions that may be left out

# Shares in the order of the options; other questions are answered evenly.
SHARES = {
    "harassed": (0.96, 0.03, 0.01),
    "extra_money": (0.98, 0.015, 0.005),
    "promptness": (0.14, 0.74, 0.12),
    "late_told": (0.67, 0.33),
    "late_apology": (0.81, 0.19),
    "respondent": (0.88, 0.12),
    "ethnicity": (0.94, 0.039, 0.006, 0.0065, 0.0085),
    "wish": (0.05, 0.15, 0.35, 0.45),
    "fit": (0.05, 0.15, 0.45, 0.35),
}


@dataclass(frozen=True, slots=True)
class Served:
    """Who served a citizen, and how delighted everybody there claims to be."""

    office: str
    service_field: str
    all_delighted: bool = False


@dataclass(slots=True)
class Opinions:
    """What pushes opinions about one wave, drawn once for each name that occurs."""

    seed: int
    pushes: dict[tuple[str, str], float] = field(default_factory=dict)

    def push(self, kind: str, name: str) -> float:
        key = (kind, name)
        if key not in self.pushes:
            rng = generator(self.seed, kind, name)
            self.pushes[key] = float(rng.normal(0.0, SPREAD[kind]))
        return self.pushes[key]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Randomness that hangs on the names alone, not on the order of drawing."""
    text = "\0".join(names).encode("utf-8")
    return np.random.default_rng([seed, *text])


def ballot(
    questionnaire: Questionnaire,
    served: Served,
    opinions: Opinions,
    rng: np.random.Generator,
) -> dict[str, list[str]]:
    """The fields of the form as a browser would send them."""
    mood = (
        MIDDLE
        + opinions.push("office", served.office)
        + opinions.push("field", served.service_field)
        + float(rng.normal(0.0, PERSON))
    )
    fields = {CONSENT: [questionnaire.consent.version]}
    for section in questionnaire.sections:
        for question in section.questions:
            if isinstance(question, Criterion):
                push = opinions.push("factor", section.id)
                push += opinions.push("criterion", question.id)
                level = _level(question, mood + push, served.all_delighted, rng)
                fields[question.id] = [level]
            else:
                fields[question.id] = _fact(question, rng)
    return fields


def _level(
    question: Criterion, mood: float, all_delighted: bool, rng: np.random.Generator
) -> str:
    if question.specials and rng.random() < SPECIAL:
        return question.specials[0].value
    if all_delighted:
        return str(question.scale.levels[-1])
    felt = mood + rng.normal(0.0, MOMENT)
    return str(1 + sum(felt > step for step in STEPS[: len(question.scale.levels) - 1]))


def _fact(question: Question, rng: np.random.Generator) -> list[str]:
    if not question.required and rng.random() < SKIPPED:
        return []
    if question.specials and rng.random() < SPECIAL:
        return [question.specials[0].value]
    match question.kind:
        case "number":
            return [str(1 + int(rng.poisson(0.8)))]
        case "single":
            place = rng.choice(len(question.options), p=_shares(question))
            return [question.options[place].id]
        case "multiple":
            several = [o.id for o in question.options if not o.exclusive]
            number = int(rng.integers(1, min(4, len(several)) + 1))
            return [str(one) for one in rng.choice(several, number, replace=False)]
        case _:
            return []  # nothing is written by hand in a simulation


def _shares(question: Question) -> list[float]:
    number = len(question.options)
    named = SHARES.get(question.id) or SHARES.get(question.id.split("_")[0])
    if named is None or len(named) < number:
        return [1 / number] * number
    cut = named[:number]
    return [share / sum(cut) for share in cut]
