"""Pages of waves: the list, one wave with its next step, opening and closing."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.collect import unlinking
from survey_app.errors import Refused
from survey_app.fieldwork import queries, transactions
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.forms import OpenForm, WaveForm
from survey_app.fieldwork.readiness import next_step, opening_problems
from survey_app.fieldwork.waves import WaveDraft
from survey_app.fieldwork.words import LEVELS, WAVE_STATUSES
from survey_app.formats import folded


@bp.get("/waves")
@allowed(*MAY_SEE)
def waves() -> ResponseReturnValue:
    with db.read() as session:
        rows = [(w, state.facts(session, w)) for w in queries.waves(session)]
    return render_template(
        "fieldwork/waves.html",
        waves=[(wave, facts, next_step(facts)) for wave, facts in rows],
        statuses=WAVE_STATUSES,
    )


@bp.get("/waves/new")
@allowed(*MAY_PLAN)
def new_wave() -> ResponseReturnValue:
    form = WaveForm()
    _offer(form)
    return _new_page(form)


@bp.post("/waves/new")
@allowed(*MAY_PLAN)
def create_wave() -> ResponseReturnValue:
    """Begin a wave, or show everything to put right with all that was typed."""
    form, now = WaveForm(), clock.now()
    _offer(form)
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        with db.begin() as session:
            draft = _draft(form)
            wave = state.create_wave(session, draft, now=now)
            detail = {"offices": len(wave.offices), "levels": draft.levels}
            audit.record(
                session, current_account(), "wave.created", wave.code, detail, now=now
            )
    except Refused as refused:
        return _new_page(form, refused.reasons), 422
    flash("Đã lập đợt khảo sát.")
    return redirect(url_for(".wave", wave_code=wave.code), code=303)


@bp.get("/waves/<wave_code>")
@allowed(*MAY_SEE)
def wave(wave_code: str) -> ResponseReturnValue:
    """Where a wave stands, what comes next, and its frame by stratum."""
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
        strata = transactions.frame_counts(session, wave)
        plans = queries.plans(session, wave)
    return render_template(
        "fieldwork/wave.html",
        wave=wave,
        facts=facts,
        step=next_step(facts),
        strata=strata,
        plans=plans,
        statuses=WAVE_STATUSES,
        levels=LEVELS,
        may_plan=current_account().role in MAY_PLAN,
    )


@bp.get("/waves/<wave_code>/offices")
@allowed(*MAY_PLAN)
def wave_offices(wave_code: str) -> ResponseReturnValue:
    return _offices_page(wave_code)


@bp.post("/waves/<wave_code>/offices")
@allowed(*MAY_PLAN)
def choose_wave_offices(wave_code: str) -> ResponseReturnValue:
    """Keep the boxes ticked; offices hidden by the search keep their state."""
    now, chosen = clock.now(), request.form.getlist("office", type=int)
    shown = set(request.form.getlist("shown", type=int))
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            kept = [o.id for o in wave.offices if o.id not in shown]
            count = state.set_offices(session, wave.id, [*kept, *chosen])
            detail = {"offices": count}
            audit.record(
                session, current_account(), "wave.offices", wave_code, detail, now=now
            )
    except Refused as refused:
        return _offices_page(wave_code, refused.reasons, chosen), 422
    flash(f"Đợt khảo sát có {count} đơn vị.")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


@bp.get("/waves/<wave_code>/open")
@allowed(*MAY_PLAN)
def open_wave(wave_code: str) -> ResponseReturnValue:
    return _open_page(wave_code, OpenForm())


@bp.post("/waves/<wave_code>/open")
@allowed(*MAY_PLAN)
def open_wave_now(wave_code: str) -> ResponseReturnValue:
    """Open the wave, or show every reason why it cannot be opened yet."""
    form, now = OpenForm(), clock.now()
    form.validate_on_submit()
    posters_only = bool(form.posters_only.data)
    try:
        with db.begin() as session:
            found = queries.find_wave(session, wave_code)
            state.open_wave(session, found.id, posters_only=posters_only, now=now)
            detail = {"posters_only": posters_only}
            audit.record(
                session, current_account(), "wave.opened", wave_code, detail, now=now
            )
    except Refused as refused:
        return _open_page(wave_code, form, refused.reasons), refused.status
    flash("Đợt khảo sát đã mở: người dân có thể trả lời.")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


@bp.get("/waves/<wave_code>/close")
@allowed(*MAY_PLAN)
def close_wave(wave_code: str) -> ResponseReturnValue:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
    return render_template("fieldwork/close.html", wave=wave, facts=facts)


@bp.post("/waves/<wave_code>/close")
@allowed(*MAY_PLAN)
def close_wave_now(wave_code: str) -> ResponseReturnValue:
    """Close the wave, part ballots from codes, and overwrite what that freed."""
    now = clock.now()
    with db.begin() as session:
        found = queries.find_wave(session, wave_code)
        state.close_wave(session, found.id, now=now)
        audit.record(session, current_account(), "wave.closed", wave_code, now=now)
    unlinking.vacuum(db.current_database())
    flash("Đợt khảo sát đã đóng.")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


def _offer(form: WaveForm) -> None:
    with db.read() as session:
        form.questionnaire_id.offer(queries.questionnaire_choices(session))
        form.rule_set_id.offer(queries.rule_set_choices(session))


def _draft(form: WaveForm) -> WaveDraft:
    return WaveDraft(
        code=form.code.data,
        name=form.name.data,
        questionnaire_id=form.questionnaire_id.data,
        rule_set_id=form.rule_set_id.data,
        period_start=form.period_start.data,
        period_end=form.period_end.data,
        levels=tuple(form.levels.data or ()),
    )


def _new_page(form: WaveForm, reasons: tuple[str, ...] = ()) -> str:
    return render_template("fieldwork/new_wave.html", form=form, reasons=reasons)


def _offices_page(
    wave_code: str, reasons: tuple[str, ...] = (), chosen: list[int] | None = None
) -> str:
    words = folded(request.args.get("q", "")).split()
    level = request.args.get("level", "")
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        possible = state.candidates(session, wave)
    return render_template(
        "fieldwork/wave_offices.html",
        wave=wave,
        offices=[
            office
            for office in possible
            if all(word in office.search_name for word in words)
            and level in ("", office.level)
        ],
        possible=len(possible),
        chosen={o.id for o in wave.offices} if chosen is None else set(chosen),
        reasons=reasons,
        levels=LEVELS,
    )


def _open_page(wave_code: str, form: OpenForm, reasons: tuple[str, ...] = ()) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
    return render_template(
        "fieldwork/open.html",
        wave=wave,
        facts=facts,
        form=form,
        reasons=reasons,
        by_plan=opening_problems(facts),
        by_posters=opening_problems(facts, posters_only=True),
    )
