"""Whether what a wave holds fits together, before anything is made from it."""

from __future__ import annotations

import json
from collections import Counter as Tally
from collections.abc import Iterator

from analysis import rules
from questionnaires import Questionnaire
from survey_app.models import FrozenPlan
from survey_app.results import words
from survey_app.results.gathering import Gathered
from survey_app.results.strata import (
    frame_sizes,
    issued_by_stratum,
    offices_by_stratum,
)


def contradictions(
    gathered: Gathered, questionnaire: Questionnaire, *, still_open: bool = False
) -> list[str]:
    """Everything that does not fit, in sentences; empty when all agrees.

    While a wave is open, codes and ballots are counted one after the other and a
    ballot may come in between, so they are not held against each other.
    """
    return [
        *([] if still_open else _codes_against_ballots(gathered)),
        *_strata(gathered),
        *_answers(gathered, questionnaire),
        *_offices(gathered),
        *_plan(gathered, gathered.plan),
        *_rules(gathered, questionnaire),
    ]


def _codes_against_ballots(gathered: Gathered) -> Iterator[str]:
    """A spent code is a ballot and a ballot a spent code, class by class."""
    for cell in sorted({*gathered.answered, *gathered.stored}):
        spent = gathered.answered.get(cell, 0)
        stored = gathered.stored.get(cell, 0)
        if spent != stored:
            yield (
                f"Tầng {cell[1]}, nhóm trả lời {cell[2]}: {spent} mã đã dùng nhưng"
                f" {stored} phiếu được lưu. Hai số này phải bằng nhau."
            )


def _strata(gathered: Gathered) -> Iterator[str]:
    sizes = frame_sizes(gathered)
    offices = offices_by_stratum(gathered)
    for (_, stratum), issued in sorted(issued_by_stratum(gathered).items()):
        if issued > sizes[stratum]:
            yield (
                f"Tầng {stratum}: đã phát {issued} mã nhưng khung chỉ có"
                f" {sizes[stratum]} hồ sơ đã trả kết quả."
            )
    for stratum, touched in sorted(offices.items()):
        if len(touched) > 1:
            names = ", ".join(sorted(touched))
            yield f"Tầng {stratum} gồm hơn một đơn vị: {names}."


def _answers(gathered: Gathered, questionnaire: Questionnaire) -> Iterator[str]:
    absent = Tally(
        question.id
        for ballot in gathered.ballots
        for question in questionnaire.questions
        if question.id not in ballot.answers
    )
    for question_id, count in absent.items():
        yield f"{count} phiếu không có câu “{question_id}” của mẫu phiếu."


def _offices(gathered: Gathered) -> Iterator[str]:
    judged = Tally(office.code for office in gathered.offices)
    for code, count in judged.items():
        if count > 1:
            yield f"Mã {code} là của {count} đơn vị trong cùng một đợt."
    strange = Tally(b.office for b in gathered.ballots if b.office not in judged)
    for code, count in sorted(strange.items()):
        yield f"{count} phiếu đánh giá đơn vị {code}, đơn vị này không thuộc đợt."


def _plan(gathered: Gathered, plan: FrozenPlan | None) -> Iterator[str]:
    """The frame that was counted for the plan is the frame of today."""
    if plan is None:
        return
    sizes = frame_sizes(gathered)
    for row in json.loads(plan.document).get("strata", ()):
        if sizes[row["stratum"]] != row["frame_size"]:
            yield (
                f"Tầng {row['stratum']}: kế hoạch đã chốt ghi {row['frame_size']} hồ sơ"
                f" nhưng khung hiện có {sizes[row['stratum']]}."
            )


def _rules(gathered: Gathered, questionnaire: Questionnaire) -> list[str]:
    """Files whose figures nobody could compute are not made."""
    rule_set = rules.parse(gathered.rule_set.text)
    return [words.rule_problem(p) for p in rules.check_against(rule_set, questionnaire)]
