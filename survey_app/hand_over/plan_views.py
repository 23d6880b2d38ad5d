"""The page on which a planner says which counters give slips with results."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import queries
from survey_app.fieldwork.access import MAY_PLAN
from survey_app.formats import number
from survey_app.hand_over import counters
from survey_app.hand_over.blueprint import bp
from survey_app.models import WaveStatus


@dataclass(frozen=True, slots=True)
class Typed:
    """What the planner sent, kept when it is refused."""

    counters: tuple[int, ...]
    every: str
    fields: str


@bp.get("/<wave_code>/plan")
@allowed(*MAY_PLAN)
def plan(wave_code: str) -> ResponseReturnValue:
    return _page(wave_code)


@bp.post("/<wave_code>/plan")
@allowed(*MAY_PLAN)
def choose(wave_code: str) -> ResponseReturnValue:
    """Fix the counters ticked, or leave them out, or show everything in the way."""
    now, typed, out = clock.now(), _typed(), request.form.get("do") == "leave_out"
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            if out:
                count = counters.leave_out(session, wave.id, typed.counters)
                detail: dict[str, object] = {"left_out": list(typed.counters)}
            else:
                every = int(typed.every) if typed.every.isdecimal() else None
                fields = counters.read_fields(typed.fields)
                count = counters.choose(
                    session, wave.id, typed.counters, every=every, fields=fields
                )
                detail = {"counters": list(typed.counters), "every": every}
            account = current_account()
            audit.record(
                session, account, "hand_over.planned", wave_code, detail, now=now
            )
    except Refused as refused:
        return _page(wave_code, typed, refused.reasons), 422
    done = "không phát phiếu khi trả kết quả" if out else "phát phiếu khi trả kết quả"
    flash(f"{number(count)} quầy {done}.")
    return redirect(url_for(".plan", wave_code=wave_code), code=303)


def _typed() -> Typed:
    form = request.form
    name = "shown" if form.get("do") == "choose_all" else "counter"
    return Typed(
        tuple(form.getlist(name, type=int)),
        form.get("every", "").strip(),
        form.get("fields", ""),
    )


def _page(
    wave_code: str, typed: Typed | None = None, reasons: tuple[str, ...] = ()
) -> str:
    search = request.args.get("q", "")
    everywhere = request.args.get("everywhere") == "1"
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        lines = counters.lines(session, wave, search=search, everywhere=everywhere)
        frame = counters.fields_of_frame(session, wave)
    return render_template(
        "hand_over/plan.html",
        wave=wave,
        lines=lines,
        chosen=sum(line.every is not None for line in lines),
        typed=typed or Typed((), "1", "\n".join(frame)),
        reasons=reasons,
        search=search,
        everywhere=everywhere,
        fixed=wave.status is not WaveStatus.DRAFT,
        most_every=counters.MOST_EVERY,
    )
