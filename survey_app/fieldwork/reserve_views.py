"""The drawn one by one: who has not answered and why, and who takes his place."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import queries, reserve
from survey_app.fieldwork.access import MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.reserve import UnitFilter
from survey_app.fieldwork.reserve_forms import OutcomeForm, ReplaceForm
from survey_app.fieldwork.reserve_words import OUTCOMES
from survey_app.fieldwork.words import CHANNELS
from survey_app.formats import nfc
from survey_app.models import ContactResult, Role

MAY_FOLLOW = (Role.PLANNER, Role.SUPERVISOR)
SHOWN = 200


@bp.get("/waves/<wave_code>/units")
@allowed(*MAY_SEE)
def units(wave_code: str) -> ResponseReturnValue:
    """The drawn, by office and outcome, with rates and what is left in reserve."""
    wanted = UnitFilter(
        **{
            name: nfc(request.args.get(name, "")).strip()
            for name in ("dossier", "office", "outcome")
        }
    )
    reasons: tuple[str, ...] = ()
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        every = reserve.units(session, wave, UnitFilter())
        try:
            found = reserve.units(session, wave, wanted)
        except Refused as refused:
            found, reasons = [], refused.reasons
        held = reserve.reserves(session, wave)
    page = render_template(
        "fieldwork/plan_units.html",
        wave=wave,
        wanted=wanted,
        reasons=reasons,
        found=found,
        shown=found[:SHOWN],
        rates=reserve.rates_of(every),
        names={office.code: office.name for office in wave.offices},
        held=held,
        drawn=len(every),
        may_follow=current_account().role in MAY_FOLLOW,
        outcomes=OUTCOMES,
        channels=CHANNELS,
    )
    return page, 422 if reasons else 200


@bp.get("/waves/<wave_code>/units/<int:transaction_id>")
@allowed(*MAY_FOLLOW)
def unit(wave_code: str, transaction_id: int) -> ResponseReturnValue:
    """One of the drawn: its outcome, and the button that gives its place on."""
    return _page(wave_code, transaction_id)


@bp.post("/waves/<wave_code>/units/<int:transaction_id>")
@allowed(*MAY_FOLLOW)
def note_outcome(wave_code: str, transaction_id: int) -> ResponseReturnValue:
    """Write down why somebody has not answered."""
    form, now = OutcomeForm(), clock.now()
    if not form.validate_on_submit():
        return _page(wave_code, transaction_id, form), 422
    try:
        with db.begin() as session:
            noted = reserve.note(
                session,
                queries.find_wave(session, wave_code).id,
                transaction_id,
                ContactResult(form.outcome.data),
                attempts=form.attempts.data,
                words=form.note.data,
                now=now,
            )
            detail = {"position": noted.position, "outcome": noted.outcome}
            audit.record(
                session, current_account(), "unit.noted", wave_code, detail, now=now
            )
    except Refused as refused:
        return _page(wave_code, transaction_id, form, reasons=refused.reasons), 409
    flash(f"Đã ghi kết quả tiếp cận của hồ sơ số {noted.position} trong mẫu.")
    return redirect(_address(wave_code, transaction_id), code=303)


@bp.post("/waves/<wave_code>/units/<int:transaction_id>/replace")
@allowed(*MAY_FOLLOW)
def replace_unit(wave_code: str, transaction_id: int) -> ResponseReturnValue:
    """Release the next of the reserve, as the plan's rule allows."""
    form, now = ReplaceForm(), clock.now()
    form.validate_on_submit()
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            place = reserve.replace(
                session, wave.id, transaction_id, reason=form.reason.data or "", now=now
            )
            detail = {
                "stratum": place.stratum,
                "place": place.place,
                "outcome": place.outcome,
                "reason": place.reason,
            }
            audit.record(
                session,
                current_account(),
                "reserve.released",
                wave_code,
                detail,
                now=now,
            )
            released = place.transaction_id
    except Refused as refused:
        page = _page(wave_code, transaction_id, None, form, refused.reasons)
        return page, 409
    flash("Đã đưa hồ sơ dự phòng tiếp theo vào mẫu. Vui lòng phát mã cho hồ sơ này.")
    return redirect(_address(wave_code, released), code=303)


def _address(wave_code: str, transaction_id: int) -> str:
    return url_for(".unit", wave_code=wave_code, transaction_id=transaction_id)


def _page(
    wave_code: str,
    transaction_id: int,
    form: OutcomeForm | None = None,
    replace_form: ReplaceForm | None = None,
    reasons: tuple[str, ...] = (),
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        found = reserve.unit(session, wave, transaction_id)
        rule = reserve.rule_of(session, wave)
        held = {r.stratum: r for r in reserve.reserves(session, wave)}
    if form is None:
        known = None if found.outcome == "not_returned" else found.outcome
        form = OutcomeForm(
            formdata=None, outcome=known, attempts=found.attempts, note=found.note
        )
    return render_template(
        "fieldwork/plan_unit.html",
        wave=wave,
        unit=found,
        rule=rule,
        held=held.get(found.stratum),
        form=form,
        replace_form=replace_form or ReplaceForm(formdata=None),
        reasons=reasons,
        outcomes=OUTCOMES,
        channels=CHANNELS,
        office=next(o for o in wave.offices if o.code == found.office),
    )
