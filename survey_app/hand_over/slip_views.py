"""The slip of a turn, for a receipt printer or on A6."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from survey_app import clock, db, qr
from survey_app.accounts.access import allowed
from survey_app.errors import Refused
from survey_app.fieldwork import queries
from survey_app.fieldwork.access import OWN_COUNTER
from survey_app.fieldwork.addresses import site
from survey_app.fieldwork.code_views import watermark
from survey_app.hand_over import counters, turns
from survey_app.hand_over.blueprint import bp
from survey_app.hand_over.screen_views import last_turn, own_counter
from survey_app.hand_over.words import PAPERS

_PAPER = "counter_paper"


class SlipForgotten(Refused):
    """A slip can be printed again on its own day only."""

    title = "Không in lại được"


@bp.get("/<wave_code>/slips/<uuid:turn_id>")
@allowed(*OWN_COUNTER)
def slip(wave_code: str, turn_id: UUID) -> ResponseReturnValue:
    """The slip on its paper; the browser's print dialog opens over it."""
    printed_site, now = site(), clock.now().timestamp()
    paper = request.args.get("paper") or cookie.get(_PAPER)
    cookie[_PAPER] = paper = paper if paper in PAPERS else "80"
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        turn = turns.find(session, wave, own_counter(), turn_id)
        code = turns.code_of(session, turn)
        counter = counters.place(session, turn.counter_id)
    if code is None:
        raise SlipForgotten("Lượt này không có phiếu, hoặc phiếu đã qua ngày phát.")
    last = last_turn(wave_code)
    is_last = last is not None and last.id == turn.id
    return render_template(
        "hand_over/slip.html",
        wave=wave,
        turn=turn,
        counter=counter,
        address=printed_site.slip(code),
        paper=paper,
        papers=PAPERS,
        watermark=watermark(wave),
        undoable=is_last and last and last.may_be_undone(now) and not turn.printed,
        qr=qr.of_slip,
    )


@bp.post("/<wave_code>/slips/<uuid:turn_id>/printed")
@allowed(*OWN_COUNTER)
def printed(wave_code: str, turn_id: UUID) -> ResponseReturnValue:
    """The slip went to the printer: the next citizen."""
    with db.begin() as session:
        wave = queries.find_wave(session, wave_code)
        turn = turns.find(session, wave, own_counter(), turn_id)
        turns.note_printed(session, turn)
    return redirect(url_for(".screen", wave_code=wave_code), code=303)
