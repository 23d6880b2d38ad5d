"""Read what one person typed from a copy, and compare it with what another read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import AnswerValue, Problem, Questionnaire
from survey_app import codes, settings
from survey_app.models import Invitation, Office, PaperForm, Selection
from survey_app.paper import keys
from survey_app.paper.keys import ASSISTED, CODE, CONSENT


@dataclass(frozen=True, slots=True)
class Typing:
    """What one person typed from a copy, checked: nothing is wrong with it."""

    typed: dict[str, Any]
    code_hash: str | None
    answers: dict[str, AnswerValue]

    @property
    def consents(self) -> bool:
        return bool(self.typed[CONSENT] == keys.YES)

    def value(self, name: str) -> Any:
        """What a field means, for comparing two typists."""
        if name == CODE:
            return self.code_hash
        if name in (CONSENT, ASSISTED):
            return self.typed.get(name)
        return self.answers.get(name)


def read(
    session: Session,
    form: PaperForm,
    questionnaire: Questionnaire,
    typed: Mapping[str, Any],
) -> tuple[Typing | None, list[Problem]]:
    """What was typed, or every problem with it in the order of the page.

    Without consent nothing of the answers is read.
    """
    last = []
    for name, allowed in ((CONSENT, "12"), (ASSISTED, "012")):
        if typed.get(name, "") not in tuple(allowed):
            code = "no_such_key" if typed.get(name) else "not_typed"
            last.append(Problem(code, name, str(typed.get(name, ""))))
    if not last and typed[CONSENT] == keys.NO:
        only = {CONSENT: keys.NO, ASSISTED: typed[ASSISTED]}
        return Typing(only, None, {}), []
    found = keys.read(questionnaire, typed)
    code_hash, problem = _code(session, form, str(typed.get(CODE, "")).strip())
    problems = [*found.problems, *last, *([problem] if problem else [])]
    if problems:
        return None, problems
    kept = {name: value for name, value in typed.items() if name != CODE}
    return Typing(kept, code_hash, found.answers), []


def differing(
    questionnaire: Questionnaire, first: Typing, second: Typing
) -> tuple[str, ...]:
    """The fields that two typists read differently, in the order of the page."""
    if not first.consents and not second.consents:
        return ()
    names = (*keys.fields(questionnaire), CONSENT, ASSISTED, CODE)
    return tuple(name for name in names if first.value(name) != second.value(name))


def settled(
    first: Typing, second: Typing, chosen: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """What is right after all: each field by one of the two, or typed anew.

    ``chosen`` names for each field "1", "2", or "3" and what stands on the paper.
    """
    typed = dict(first.typed)
    for name, (choice, anew) in chosen.items():
        taken = {"1": first.typed, "2": second.typed}.get(choice, {name: anew})
        typed[name] = taken.get(name, "")
    return typed


def _code(
    session: Session, form: PaperForm, typed: str
) -> tuple[str | None, Problem | None]:
    """The hash of the slip's code written on the paper, if there is one."""
    if not typed or typed == keys.EMPTY:
        return None, None
    try:
        code = codes.normalise(typed, length=codes.SLIP_LENGTH)
    except codes.Mistyped:
        return None, Problem("code_mistyped", CODE, typed)
    mark = codes.code_hash(settings.keys().code, code)
    row = session.execute(
        select(Invitation.wave_id, Invitation.office_id, Invitation.spent).where(
            Invitation.code_hash == mark, Invitation.selection != Selection.STAFF
        )
    ).first()
    if row is None or row.wave_id != form.wave_id:
        return None, Problem("code_unknown", CODE, typed)
    if row.spent:
        return None, Problem("code_used", CODE, typed)
    if row.office_id != form.office_id:
        office = session.get_one(Office, row.office_id)
        return None, Problem("code_of_other_office", CODE, office.name)
    return mark, None
