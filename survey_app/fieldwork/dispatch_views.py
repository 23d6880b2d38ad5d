"""Pages that hand out posters as files, and change the codes on the walls."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db, tables
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import dispatch, posters, queries
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN
from survey_app.fieldwork.addresses import site
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.code_views import watermark
from survey_app.formats import number

MOST_IN_A_REQUEST = 20  # counters; more take longer than a browser likes to wait


@bp.get("/waves/<wave_code>/posters.pdf")
@allowed(*MAY_PLAN)
def posters_pdf(wave_code: str) -> ResponseReturnValue:
    """Every poster and tent in one file."""
    content = dispatch.pdf(_dispatch(wave_code))
    return _file(content, "application/pdf", f"ap-phich-{wave_code}.pdf")


@bp.get("/waves/<wave_code>/posters.zip")
@allowed(*MAY_PLAN)
def posters_zip(wave_code: str) -> ResponseReturnValue:
    """One file for each office, and a page of instructions."""
    content = dispatch.zipped(_dispatch(wave_code))
    return _file(content, "application/zip", f"ap-phich-{wave_code}.zip")


@bp.get("/waves/<wave_code>/posters/rotate")
@allowed(*MAY_PLAN)
def rotate_posters(wave_code: str) -> ResponseReturnValue:
    return _rotate_page(wave_code)


@bp.post("/waves/<wave_code>/posters/rotate")
@allowed(*MAY_PLAN)
def rotate_posters_now(wave_code: str) -> ResponseReturnValue:
    """New codes on the walls; the old ones open nothing any more."""
    now, typed = clock.now(), request.form.get("before", "").strip()
    before = tables.day(typed)
    try:
        if typed and before is None:
            raise Refused(f"“{typed}” không phải là ngày; vui lòng ghi 31/12/2026.")
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            new = dispatch.rotate(session, wave.id, before=before, now=now)
            detail = {"posters": new, "before": before}
            audit.record(
                session,
                current_account(),
                "posters.rotated",
                wave_code,
                detail,
                now=now,
            )
    except Refused as refused:
        return _rotate_page(wave_code, refused.reasons), 422
    flash(f"Đã thay mã của {number(new)} áp phích. Vui lòng in và treo các tờ mới.")
    return redirect(url_for(".posters", wave_code=wave_code), code=303)


def _dispatch(wave_code: str) -> dispatch.Dispatch:
    printed_site = site()
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        hung = posters.to_print(session, wave, search=request.args.get("q", ""))
    if len(hung) > MOST_IN_A_REQUEST:
        raise Refused(
            f"{number(len(hung))} quầy là quá nhiều để làm ngay trên trang web"
            f" (nhiều nhất {MOST_IN_A_REQUEST}). Vui lòng lọc theo đơn vị, hoặc chạy"
            f" trên máy chủ: sipas wave posters {wave.code} --out THƯ_MỤC"
        )
    return dispatch.Dispatch(wave, hung, printed_site, watermark(wave))


def _file(content: bytes, kind: str, name: str) -> Response:
    reply = Response(content, content_type=kind)
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply


def _rotate_page(wave_code: str, reasons: tuple[str, ...] = ()) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        hanging = state.facts(session, wave).live_posters
    return render_template(
        "fieldwork/rotate.html",
        wave=wave,
        hanging=hanging,
        reasons=reasons,
        typed=request.form.get("before", ""),
    )
