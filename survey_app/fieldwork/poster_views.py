"""Pages of posters, and the start page of a counter's officer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db, qr
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.fieldwork import posters as operations
from survey_app.fieldwork import queries
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN, OWN_COUNTER
from survey_app.fieldwork.addresses import site
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.code_views import own_counter, watermark
from survey_app.fieldwork.words import WAVE_STATUSES
from survey_app.formats import number


@bp.get("/waves/<wave_code>/posters")
@allowed(*MAY_PLAN)
def posters(wave_code: str) -> ResponseReturnValue:
    """Every counter of the wave, and whether a poster hangs there."""
    search = request.args.get("q", "")
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        counters = operations.counters(session, wave, search=search)
    return render_template(
        "fieldwork/posters.html",
        wave=wave,
        counters=counters,
        search=search,
        missing=sum(counter.code is None for counter in counters),
    )


@bp.post("/waves/<wave_code>/posters")
@allowed(*MAY_PLAN)
def create_posters(wave_code: str) -> ResponseReturnValue:
    """Make posters for the counters named, or for all that have none."""
    now, named = clock.now(), request.form.getlist("counter", type=int)
    with db.begin() as session:
        wave = queries.find_wave(session, wave_code)
        new = operations.create(session, wave.id, named or None, now=now)
        detail = {"posters": new}
        audit.record(
            session, current_account(), "posters.created", wave_code, detail, now=now
        )
    flash(f"Đã lập {number(new)} áp phích mới.")
    return redirect(url_for(".posters", wave_code=wave_code), code=303)


@bp.get("/waves/<wave_code>/posters/<int:poster_id>/revoke")
@allowed(*MAY_PLAN)
def revoke_poster(wave_code: str, poster_id: int) -> ResponseReturnValue:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        found = operations.hanging(session, wave, poster_id)
    return render_template("fieldwork/revoke.html", wave=wave, poster=found)


@bp.post("/waves/<wave_code>/posters/<int:poster_id>/revoke")
@allowed(*MAY_PLAN)
def revoke_poster_now(wave_code: str, poster_id: int) -> ResponseReturnValue:
    """From now on this code opens nothing."""
    now = clock.now()
    with db.begin() as session:
        wave = queries.find_wave(session, wave_code)
        poster = operations.revoke(session, wave.id, poster_id, now=now)
        detail = {"poster": poster.id, "counter": poster.counter_id}
        audit.record(
            session, current_account(), "poster.revoked", wave_code, detail, now=now
        )
    flash("Đã thu hồi mã áp phích. Vui lòng gỡ tờ cũ khỏi quầy.")
    return redirect(url_for(".posters", wave_code=wave_code), code=303)


@bp.get("/waves/<wave_code>/posters/print")
@allowed(*MAY_PLAN, *OWN_COUNTER)
def print_posters(wave_code: str) -> ResponseReturnValue:
    """One A4 page per counter, ready for the printer."""
    printed_site = site()
    counter = own_counter() or request.args.get("counter", type=int)
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        hung = operations.to_print(
            session, wave, search=request.args.get("q", ""), counter_id=counter
        )
    return render_template(
        "fieldwork/print_posters.html",
        wave=wave,
        posters=[(poster, printed_site.poster(poster.code or "")) for poster in hung],
        site=printed_site,
        watermark=watermark(wave),
        qr=qr.of_poster,
    )


@bp.get("/counter")
@allowed(*OWN_COUNTER)
def counter() -> ResponseReturnValue:
    """The waves in which the officer's counter takes part."""
    account = current_account()
    with db.read() as session:
        taking_part = [
            (wave, found[0], state.facts(session, wave).has_draw)
            for wave in queries.waves_in_fieldwork(session)
            if (found := operations.counters(session, wave, counter_id=own_counter()))
        ]
    return render_template(
        "fieldwork/counter.html",
        counter=account.counter,
        waves=taking_part,
        statuses=WAVE_STATUSES,
    )
