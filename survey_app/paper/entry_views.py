"""The entry screen: a number, then one key and Enter for each question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from questionnaires import Problem
from questionnaires.answers import CONFIRMED
from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import queries as fieldwork
from survey_app.models import Office, PaperState, SpoiledReason
from survey_app.paper import copies, entries, reading, serials, words
from survey_app.paper.access import MAY_ENTER
from survey_app.paper.blueprint import bp
from survey_app.paper.rows import row_names, rows
from survey_app.paper.views import questionnaire_of


@bp.get("/<wave_code>/entry")
@allowed(*MAY_ENTER)
def entry(wave_code: str) -> ResponseReturnValue:
    """The box for the number of the next copy; a scanner may type it."""
    typed = request.args.get("serial", "").strip()
    if not typed:
        return _entry_page(wave_code)
    try:
        serial = serials.read(typed)
        with db.read() as session:
            wave = fieldwork.find_wave(session, wave_code)
            form = copies.find(session, wave, serial)
            entries.turn_of(session, form, current_account().id)
    except serials.Mistyped:
        reason = "Số phiếu thiếu hoặc sai chữ số; xin xem lại tờ giấy."
        return _entry_page(wave_code, (reason,)), 422
    except NotFound:
        reason = f"Đợt này không có phiếu số {serials.printed(serial)}."
        return _entry_page(wave_code, (reason,)), 422
    except Refused as refused:
        return _entry_page(wave_code, refused.reasons), 422
    return redirect(url_for(".copy", wave_code=wave_code, serial=serial), code=303)


@bp.get("/<wave_code>/entry/<int:serial>")
@allowed(*MAY_ENTER)
def copy(wave_code: str, serial: int) -> ResponseReturnValue:
    """Every question of one copy, to be typed from the paper."""
    return _copy_page(wave_code, serial, {})


@bp.post("/<wave_code>/entry/<int:serial>")
@allowed(*MAY_ENTER)
def keep(wave_code: str, serial: int) -> ResponseReturnValue:
    """Keep what was typed, or show what is missing with everything kept."""
    now, account = clock.now(), current_account()
    typed = _typed(wave_code)
    try:
        with db.begin() as session:
            wave = fieldwork.find_wave(session, wave_code)
            entries.must_be_open(session, wave, now=now)
            form = copies.find(session, wave, serial, lock=True)
            number = entries.turn_of(session, form, account.id)
            questionnaire = questionnaire_of(session, wave)
            typing, problems = reading.read(session, form, questionnaire, typed)
            if typing is not None:
                done = entries.keep(
                    session,
                    wave,
                    form,
                    questionnaire,
                    typing,
                    account_id=account.id,
                    now=now,
                )
    except Refused as refused:
        return _copy_page(wave_code, serial, typed, reasons=refused.reasons), 422
    except IntegrityError:
        reason = "Phiếu này vừa được người khác nhập cùng lúc. Xin mở lại phiếu."
        return _copy_page(wave_code, serial, typed, reasons=(reason,)), 409
    if typing is None:
        return _copy_page(wave_code, serial, typed, problems), 422
    flash(_told(serial, number, done=done))
    return redirect(url_for(".entry", wave_code=wave_code), code=303)


@bp.post("/<wave_code>/entry/<int:serial>/spoil")
@allowed(*MAY_ENTER)
def spoil(wave_code: str, serial: int) -> ResponseReturnValue:
    """Say that a copy cannot be typed in, and why."""
    now = clock.now()
    try:
        reason = SpoiledReason(request.form.get("reason", ""))
    except ValueError:
        reasons = ("Vui lòng chọn lý do hỏng.",)
        return _copy_page(wave_code, serial, {}, reasons=reasons), 422
    with db.begin() as session:
        wave = fieldwork.find_wave(session, wave_code)
        copies.mark(session, wave, [serial], PaperState.SPOILED, reason)
        detail = {
            "state": PaperState.SPOILED,
            "reason": reason,
            "numbers": [serials.printed(serial)],
        }
        audit.record(
            session, current_account(), "paper.marked", wave_code, detail, now=now
        )
    flash(f"Đã ghi phiếu {serials.printed(serial)} là hỏng.")
    return redirect(url_for(".entry", wave_code=wave_code), code=303)


def _typed(wave_code: str) -> dict[str, Any]:
    """One text for each field of the form, and the doubts looked at again."""
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        names = row_names(questionnaire_of(session, wave))
    typed: dict[str, Any] = {
        name: request.form.get(name, "").strip()[:2000] for name in names
    }
    if confirmed := request.form.getlist(CONFIRMED):
        typed[CONFIRMED] = confirmed
    return typed


def _told(serial: int, number: int, *, done: bool) -> str:
    name = serials.printed(serial)
    if done:
        return f"Phiếu {name}: hai lần nhập khớp nhau, đã ghi nhận."
    if number == entries.FIRST:
        return f"Phiếu {name}: đã ghi lần một. Lần hai do người khác nhập."
    return f"Phiếu {name}: hai lần nhập khác nhau, đã đưa vào danh sách cần giải quyết."


def _entry_page(wave_code: str, reasons: Sequence[str] = ()) -> str:
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
    return render_template(
        "paper/entry.html",
        wave=wave,
        reasons=reasons,
        typed=request.args.get("serial", ""),
    )


def _copy_page(
    wave_code: str,
    serial: int,
    typed: dict[str, Any],
    problems: Sequence[Problem] = (),
    *,
    reasons: Sequence[str] = (),
) -> str:
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        form = copies.find(session, wave, serial)
        office = session.get_one(Office, form.office_id)
        questionnaire = questionnaire_of(session, wave)
        try:
            number = entries.turn_of(session, form, current_account().id)
        except Refused as refused:
            if not reasons:
                raise
            number, reasons = 0, (*reasons, *refused.reasons)
    found = rows(questionnaire, typed, problems)
    at = next((row.name for row in found if row.sentence), found[0].name)
    return render_template(
        "paper/copy.html",
        wave=wave,
        form=form,
        office=office,
        name=serials.printed(serial),
        number=number,
        rows=found,
        at=at,
        confirmed=typed.get(CONFIRMED, ()),
        confirming={row.confirm for row in found if row.confirm},
        reasons=reasons,
        spoiled=words.REASONS,
    )
