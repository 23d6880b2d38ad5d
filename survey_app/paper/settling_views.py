"""Where two typists read differently, somebody looks at the paper and decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from questionnaires import Problem, Questionnaire
from questionnaires.answers import CONFIRMED
from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import queries as fieldwork
from survey_app.models import PaperForm
from survey_app.paper import copies, entries, reading, serials
from survey_app.paper.access import MAY_SETTLE
from survey_app.paper.blueprint import bp
from survey_app.paper.keys import CODE
from survey_app.paper.reading import Typing
from survey_app.paper.rows import Row, rows, spoken
from survey_app.paper.storing import finish
from survey_app.paper.views import questionnaire_of


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field read differently: the row, both readings, and what is chosen."""

    row: Row
    first: str
    second: str
    choice: str
    anew: str


@bp.get("/<wave_code>/disagreements")
@allowed(*MAY_SETTLE)
def disagreements(wave_code: str) -> ResponseReturnValue:
    """Copies typed twice and read differently."""
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        questionnaire = questionnaire_of(session, wave)
        found = [
            (form, len(_differing(session, form, questionnaire)[2]))
            for form in entries.waiting(session, wave)
        ]
    return render_template(
        "paper/disagreements.html", wave=wave, forms=found, printed=serials.printed
    )


@bp.get("/<wave_code>/disagreements/<int:serial>")
@allowed(*MAY_SETTLE)
def disagreement(wave_code: str, serial: int) -> ResponseReturnValue:
    return _page(wave_code, serial)


@bp.post("/<wave_code>/disagreements/<int:serial>")
@allowed(*MAY_SETTLE)
def settle(wave_code: str, serial: int) -> ResponseReturnValue:
    """Store the ballot as decided, or say what is still missing."""
    now = clock.now()
    try:
        with db.begin() as session:
            wave = fieldwork.find_wave(session, wave_code)
            entries.must_be_open(session, wave, now=now)
            form = copies.find(session, wave, serial, lock=True)
            questionnaire = questionnaire_of(session, wave)
            typing, problems, differences = _settled(session, form, questionnaire)
            if typing is not None:
                finish(
                    session,
                    wave,
                    form,
                    questionnaire,
                    typing,
                    differences=differences,
                    now=now,
                )
                # Neither number nor answers: the log must not lead to a ballot.
                audit.record(
                    session, current_account(), "paper.settled", wave.code, now=now
                )
    except Refused as refused:
        return _page(wave_code, serial, reasons=refused.reasons), 422
    if typing is None:
        return _page(wave_code, serial, problems), 422
    flash(f"Đã giải quyết phiếu {serials.printed(serial)}.")
    return redirect(url_for(".disagreements", wave_code=wave_code), code=303)


def _settled(
    session: Session, form: PaperForm, questionnaire: Questionnaire
) -> tuple[Typing | None, list[Problem], int]:
    first, second, names = _differing(session, form, questionnaire)
    chosen = {name: _chosen(name) for name in names}
    undecided = [
        Problem("not_typed", name)
        for name, (choice, _) in chosen.items()
        if choice not in ("1", "2", "3")
    ]
    if undecided:
        return None, undecided, len(names)
    typed = reading.settled(first, second, chosen)
    if confirmed := [
        *first.typed.get(CONFIRMED, ()),
        *second.typed.get(CONFIRMED, ()),
        *request.form.getlist(CONFIRMED),
    ]:
        typed[CONFIRMED] = confirmed
    typing, problems = reading.read(session, form, questionnaire, typed)
    if typing is not None and typing.consents and chosen.get(CODE, ("1",))[0] != "3":
        source = second if chosen.get(CODE, ("1",))[0] == "2" else first
        typing = replace(typing, code_hash=source.code_hash)
    return typing, problems, len(names)


def _chosen(name: str) -> tuple[str, str]:
    return (
        request.form.get(f"{name}-chon", ""),
        request.form.get(f"{name}-khac", "").strip(),
    )


def _differing(
    session: Session, form: PaperForm, questionnaire: Questionnaire
) -> tuple[Typing, Typing, tuple[str, ...]]:
    if len(entries.typists(session, form)) != entries.SECOND:
        raise NotFound
    first, second = entries.pair(session, form, questionnaire)
    return first, second, reading.differing(questionnaire, first, second)


def _page(
    wave_code: str,
    serial: int,
    problems: Sequence[Problem] = (),
    *,
    reasons: Sequence[str] = (),
) -> str:
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        form = copies.find(session, wave, serial)
        questionnaire = questionnaire_of(session, wave)
        first, second, names = _differing(session, form, questionnaire)
    found = {row.name: row for row in rows(questionnaire, {}, problems)}
    return render_template(
        "paper/disagreement.html",
        wave=wave,
        name=serials.printed(form.serial),
        fields=[
            _disagreement(questionnaire, found[name], first, second) for name in names
        ],
        others=[
            row for row in found.values() if row.sentence and row.name not in names
        ],
        reasons=reasons,
    )


def _disagreement(
    questionnaire: Questionnaire, row: Row, first: Typing, second: Typing
) -> Disagreement:
    choice, anew = _chosen(row.name)
    readings: list[str] = []
    for typing in (first, second):
        if row.name == CODE:
            readings.append("có mã" if typing.code_hash else "không có mã")
        else:
            readings.append(spoken(questionnaire, row.name, typing.typed))
    return Disagreement(row, readings[0], readings[1], choice, anew)
