"""The page of the plan: try an allocation, look at it, then fix it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import (
    plan_frame,
    planning_history,
    plans,
    queries,
    transactions,
)
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.plan_forms import PlanForm
from survey_app.fieldwork.planning import DrawBy
from survey_app.fieldwork.planning_preview import Preview


@bp.get("/waves/<wave_code>/plan")
@allowed(*MAY_PLAN)
def plan(wave_code: str) -> ResponseReturnValue:
    """The choices, and with choices in the address the allocation they give."""
    if not request.args:
        return _page(wave_code, _first(wave_code))
    form = PlanForm(request.args, meta={"csrf": False})
    if not form.validate():
        return _page(wave_code, form), 422
    try:
        with db.read() as session:
            wave = queries.find_wave(session, wave_code)
            preview = plans.planned(session, wave, form.wish())
    except Refused as refused:
        return _page(wave_code, form, reasons=refused.reasons), 422
    return _page(wave_code, form, preview)


@bp.post("/waves/<wave_code>/plan")
@allowed(*MAY_PLAN)
def freeze_plan(wave_code: str) -> ResponseReturnValue:
    """Fix the plan and draw, or show every reason why not."""
    form, now = PlanForm(), clock.now()
    if not form.validate_on_submit():
        return _page(wave_code, form, _preview(wave_code, form)), 422
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            frozen = plans.freeze_plan(
                session,
                wave.id,
                form.wish(),
                seed=form.seed.data,
                reason=form.reason.data or "",
                aim=form.aim.data or plans.AIM,
                exclusion_rules=form.rules(),
                now=now,
            )
            detail = {"version": frozen.version, "sha256": frozen.sha256}
            audit.record(
                session, current_account(), "plan.frozen", wave_code, detail, now=now
            )
    except Refused as refused:
        preview = _preview(wave_code, form)
        return _page(wave_code, form, preview, refused.reasons), 422
    flash(f"Đã chốt kế hoạch và chọn mẫu. Mã băm: {frozen.sha256[:16]}…")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


@bp.get("/waves/<wave_code>/plan/<int:version>.json")
@allowed(*MAY_SEE)
def plan_document(wave_code: str, version: int) -> ResponseReturnValue:
    """The plan word for word, so that its hash can be checked by anyone."""
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        found = [p for p in queries.plans(session, wave) if p.version == version]
    if not found:
        raise NotFound
    reply = Response(found[0].document, content_type="application/json")
    name = f"ke-hoach-{wave.code}-v{version}.json"
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply


def _first(wave_code: str) -> PlanForm:
    """The form as it opens: with the K of the wave before, when there is one."""
    with db.read() as session:
        last = planning_history.last_wave(
            session, queries.find_wave(session, wave_code)
        )
    if last is None or last.gain is None:
        return PlanForm(formdata=None, meta={"csrf": False})
    known = round(max(last.gain, 1.0), 2)
    return PlanForm(formdata=None, gain=known, meta={"csrf": False})


def _preview(wave_code: str, form: PlanForm) -> Preview | None:
    """The allocation beside which a rejected seed or reason is put right."""
    if not form.size_is_valid():
        return None
    try:
        with db.read() as session:
            wave = queries.find_wave(session, wave_code)
            return plans.planned(session, wave, form.wish())
    except Refused:
        return None


def _page(
    wave_code: str,
    form: PlanForm,
    preview: Preview | None = None,
    reasons: tuple[str, ...] = (),
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
        lock = transactions.frame_lock(session, wave)
        last = planning_history.last_wave(session, wave)
        in_step = (
            plan_frame.in_step(session, wave, preview.stratification, preview.strata())
            if preview and preview.wish.draw is DrawBy.SYSTEMATIC
            else []
        )
    return render_template(
        "fieldwork/plan.html",
        wave=wave,
        facts=facts,
        lock=lock,
        last=last,
        form=form,
        beside={f"a-{name}": value for name, value in form.asked().items()},
        preview=preview,
        in_step=in_step,
        reasons=reasons,
    )
