"""Pages of paper copies: give them out, print them, account for every one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app import clock, db, languages
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.authoring import queries as authoring
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import queries as fieldwork
from survey_app.fieldwork.addresses import is_demonstration, site
from survey_app.formats import number
from survey_app.models import (
    Definition,
    Office,
    PaperState,
    SpoiledReason,
    Wave,
    WaveStatus,
)
from survey_app.paper import copies, entries, printing, serials, words
from survey_app.paper.access import (
    MAY_ENTER,
    MAY_ISSUE,
    MAY_LIST,
    MAY_SEE,
    MAY_SETTLE,
)
from survey_app.paper.blueprint import bp


@bp.get("/")
@allowed(*MAY_LIST)
def waves() -> ResponseReturnValue:
    """The waves, with what paper there is of each."""
    with db.read() as session:
        found = [
            (wave, copies.account(session, wave), len(entries.waiting(session, wave)))
            for wave in fieldwork.waves(session)
        ]
    role = current_account().role
    return render_template(
        "paper/waves.html",
        waves=found,
        may_see=role in MAY_SEE,
        may_enter=role in MAY_ENTER,
        may_settle=role in MAY_SETTLE,
    )


@bp.get("/<wave_code>/")
@allowed(*MAY_SEE)
def wave(wave_code: str) -> ResponseReturnValue:
    """Per office: issued = returned + spoiled + lost + still out."""
    return _wave_page(wave_code)


@bp.post("/<wave_code>/issue")
@allowed(*MAY_ISSUE)
def issue(wave_code: str) -> ResponseReturnValue:
    """Number new copies for an office; they are printed afterwards, and again."""
    now = clock.now()
    office_id = request.form.get("office", 0, type=int)
    count = request.form.get("count", 0, type=int)
    language = request.form.get("language", "")
    try:
        with db.begin() as session:
            wave = fieldwork.find_wave(session, wave_code)
            made = copies.issue(
                session, wave, office_id, count=count, language=language, now=now
            )
            detail = {
                "office": session.get_one(Office, office_id).code,
                "count": count,
                "language": language,
                "first": serials.printed(made[0].serial),
                "last": serials.printed(made[-1].serial),
            }
            audit.record(
                session, current_account(), "paper.issued", wave_code, detail, now=now
            )
    except Refused as refused:
        return _wave_page(wave_code, refused.reasons), 422
    flash(
        f"Đã cấp {number(count)} phiếu, số {detail['first']} đến {detail['last']}."
        " Bây giờ có thể in."
    )
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


@bp.get("/<wave_code>/copies.pdf")
@allowed(*MAY_ISSUE)
def print_copies(wave_code: str) -> ResponseReturnValue:
    """The numbered copies of an office as one PDF; printing again changes nothing."""
    office_id = request.args.get("office", 0, type=int)
    language = request.args.get("language", "")
    first = request.args.get("first", 0, type=int)
    last = request.args.get("last", first, type=int)
    printed_site = site()
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        forms = copies.to_print(
            session, wave, office_id, language, first=first, last=last
        )
        office = session.get_one(Office, office_id)
        original = questionnaire_of(session, wave)
        form = languages.translated(session, original, language)
    issued = printing.Issued(
        office=office.name,
        wave=wave.name,
        site=printed_site.shown,
        is_simulated=wave.simulated or is_demonstration(),
    )
    content = printing.copies_of(
        form,
        issued,
        [printing.Copy(f.serial, f.response_id) for f in forms if f.response_id],
    )
    return _pdf(content, f"phieu-giay-{wave.code}-{office.code}.pdf")


@bp.get("/specimen/<questionnaire_id>-<language>.pdf")
@allowed(*MAY_SEE)
def specimen(questionnaire_id: str, language: str) -> ResponseReturnValue:
    """A form to look at, in any language it is published in."""
    with db.read() as session:
        found = authoring.find(session, questionnaire_id).questionnaire
        try:
            form = languages.translated(session, found, language)
        except KeyError:
            raise NotFound from None
    return _pdf(printing.specimen(form), f"{questionnaire_id}-{language}.pdf")


@bp.post("/<wave_code>/mark")
@allowed(*MAY_ISSUE)
def mark(wave_code: str) -> ResponseReturnValue:
    """Say that copies are lost or spoiled, or out again after all."""
    now, sent = clock.now(), request.form
    try:
        with db.begin() as session:
            wave = fieldwork.find_wave(session, wave_code)
            numbers = copies.numbers_typed(sent.get("numbers", ""))
            state, reason = _state(sent.get("state", ""))
            count = copies.mark(session, wave, numbers, state, reason)
            detail = {
                "state": state,
                "reason": reason,
                "numbers": [serials.printed(n) for n in numbers],
            }
            audit.record(
                session, current_account(), "paper.marked", wave_code, detail, now=now
            )
    except Refused as refused:
        return _wave_page(wave_code, refused.reasons), 422
    flash(f"Đã ghi {number(count)} phiếu: {words.STATES[state].lower()}.")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


def questionnaire_of(session: Session, wave: Wave) -> Questionnaire:
    """The form of a wave, in its own language."""
    definition = session.get_one(Definition, wave.questionnaire_id)
    return questionnaires.parse(definition.text)


def _state(text: str) -> tuple[PaperState, SpoiledReason | None]:
    """What the list of states means: "lost", "issued", or "spoiled:" and why."""
    word, _, why = text.partition(":")
    try:
        state = PaperState(word)
        reason = SpoiledReason(why) if why else None
    except ValueError:
        raise Refused("Vui lòng chọn tình trạng trong danh sách.") from None
    if state is PaperState.RETURNED:
        raise Refused("Phiếu thu về được ghi nhận khi nhập.")
    return state, reason


def _wave_page(wave_code: str, reasons: Sequence[str] = ()) -> str:
    with db.read() as session:
        wave = fieldwork.find_wave(session, wave_code)
        rows = copies.account(session, wave)
        batches = copies.batches(session, wave)
        waiting = len(entries.waiting(session, wave))
        offered = languages.languages_of(session, wave.questionnaire_id)
    role = current_account().role
    return render_template(
        "paper/wave.html",
        wave=wave,
        accounts=rows,
        batches=batches,
        name_of=languages.name_of,
        waiting=waiting,
        offered=offered,
        offices=sorted(wave.offices, key=lambda office: office.code),
        reasons=reasons,
        typed=request.form,
        words=words,
        printed=serials.printed,
        most=copies.MOST_COPIES,
        is_issuing=wave.status in (WaveStatus.DRAFT, WaveStatus.OPEN),
        may_issue=role in MAY_ISSUE,
        may_enter=role in MAY_ENTER,
        may_settle=role in MAY_SETTLE,
    )


def _pdf(content: bytes, filename: str) -> Response:
    reply = Response(content, mimetype="application/pdf")
    reply.headers.set("Content-Disposition", "inline", filename=filename)
    return reply
