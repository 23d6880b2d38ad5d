"""The counter's own screen: one tap for every result handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app import clock, db
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotFound, Refused
from survey_app.fieldwork import queries
from survey_app.fieldwork.access import OWN_COUNTER
from survey_app.fieldwork.transaction_file import dossier_code
from survey_app.fieldwork.words import CHANNELS
from survey_app.hand_over import counters, shifts, turns
from survey_app.hand_over.blueprint import bp
from survey_app.hand_over.words import HALVES
from survey_app.models import HandOver, HandOverCounter, Wave

REMEMBERED = "at_counter"
UNDO_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Last:
    """The last turn of this browser; only its signed cookie knows the minute."""

    wave: str
    id: UUID
    number: int
    at: float
    has_slip: bool
    field: str
    channel: str

    def may_be_undone(self, now: float) -> bool:
        return 0 <= now - self.at <= UNDO_SECONDS


@bp.get("/")
@allowed(*OWN_COUNTER)
def counter() -> ResponseReturnValue:
    """The screen of the only wave, or a choice, or why there is none."""
    with db.read() as session:
        waves = counters.open_waves(session, own_counter())
    if len(waves) == 1:
        return redirect(url_for(".screen", wave_code=waves[0].code), code=303)
    return render_template("hand_over/counter.html", waves=waves)


@bp.get("/<wave_code>")
@allowed(*OWN_COUNTER)
def screen(wave_code: str) -> ResponseReturnValue:
    return _screen_page(wave_code)


@bp.post("/<wave_code>/turns")
@allowed(*OWN_COUNTER)
def finish(wave_code: str) -> ResponseReturnValue:
    """Register one transaction, and show its slip when it gets one."""
    now = clock.now()
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            planned = counters.planned(session, wave, own_counter())
            handed = _handed(session, planned)
            turn = turns.register(session, planned, handed, now=now)
    except Refused as refused:
        return _screen_page(wave_code, refused.reasons), 422
    cookie[REMEMBERED] = {
        "wave": wave_code,
        "id": turn.id.hex,
        "number": turn.number,
        "at": now.timestamp(),
        "has_slip": turn.has_slip,
        "field": handed.service_field,
        "channel": handed.channel,
    }
    if turn.has_slip:
        return redirect(
            url_for(".slip", wave_code=wave_code, turn_id=turn.id), code=303
        )
    return redirect(url_for(".screen", wave_code=wave_code), code=303)


@bp.post("/<wave_code>/undo")
@allowed(*OWN_COUNTER)
def undo(wave_code: str) -> ResponseReturnValue:
    """Take back the last tap of this browser, within its minute."""
    last, now = last_turn(wave_code), clock.now().timestamp()
    try:
        if last is None or not last.may_be_undone(now):
            raise Refused("Chỉ hoàn tác được lượt cuối, trong vòng một phút.")
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            turn = turns.find(session, wave, own_counter(), last.id)
            turns.undo(session, turn, last.number)
    except (Refused, NotFound) as refused:
        reasons = getattr(refused, "reasons", ("Lượt này không còn.",))
        return _screen_page(wave_code, reasons), 409
    cookie[REMEMBERED] = {**cookie[REMEMBERED], "at": 0}
    flash("Đã hoàn tác lượt vừa rồi.")
    return redirect(url_for(".screen", wave_code=wave_code), code=303)


def own_counter() -> int:
    """The counter of the officer signed in."""
    counter_id = current_account().counter_id
    if counter_id is None:
        raise NotFound
    return counter_id


def last_turn(wave_code: str) -> Last | None:
    """What this browser did last in a wave."""
    kept: Mapping[str, Any] | None = cookie.get(REMEMBERED)
    if not kept or kept["wave"] != wave_code:
        return None
    return Last(**{**kept, "id": UUID(kept["id"])})


def _handed(session: Session, planned: HandOverCounter) -> turns.Handed:
    """What was tapped.

    Raises
    ------
    Refused
        With every reason.
    """
    form, counter = request.form, counters.place(session, planned.counter_id)
    office = counter.shop.office
    dossier = form.get("dossier", "").strip()
    problems = []
    if not counters.judges(session, planned.wave, office.id):
        problems.append("Đơn vị của quầy này không được đánh giá trong đợt.")
    if form.get("field") not in planned.fields:
        problems.append("Vui lòng chọn lĩnh vực bằng một nút bên dưới.")
    if form.get("channel") not in CHANNELS:
        problems.append("Vui lòng chọn hình thức nộp hồ sơ.")
    if dossier and dossier_code(dossier) is None:
        problems.append(
            f"Mã hồ sơ “{dossier}” không đúng dạng, ví dụ H01.30-220105-0001;"
            " có thể để trống."
        )
    try:
        turn_id = UUID(form.get("turn", ""))
    except ValueError:
        problems.append("Trang đã cũ. Vui lòng chạm lại nút lĩnh vực.")
        turn_id = uuid4()
    if problems:
        raise Refused(*problems)
    return turns.Handed(
        turn_id,
        turns.Place(office, counter.shop, counter),
        form["field"],
        form["channel"],
        dossier_code(dossier),
        account_id=current_account().id,
    )


def _screen_page(wave_code: str, reasons: tuple[str, ...] = ()) -> str:
    now = clock.now()
    with db.read() as session:
        wave: Wave = queries.find_wave(session, wave_code)
        planned = counters.planned(session, wave, own_counter())
        tally = shifts.tally(session, planned, now)
        counter = counters.place(session, planned.counter_id)
        judged = counters.judges(session, wave, counter.shop.office_id)
        last = last_turn(wave_code)
        turn = session.get(HandOver, last.id) if last else None
    return render_template(
        "hand_over/screen.html",
        wave=wave,
        counter=counter,
        judged=judged,
        fields=planned.fields,
        channels=CHANNELS,
        tally=tally,
        half=HALVES[tally.half],
        last=last,
        fresh=bool(turn and last and last.may_be_undone(now.timestamp())),
        printed=bool(turn and turn.printed),
        field=request.form.get("field") or (last.field if last else ""),
        channel=request.form.get("channel") or (last.channel if last else "in_person"),
        dossier=request.form.get("dossier", ""),
        turn=uuid4(),
        reasons=reasons,
    )
