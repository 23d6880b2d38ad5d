"""The first page of the site: type a code, or go and sign in."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from survey_app import codes, db
from survey_app.accounts.access import public
from survey_app.collect import openings, pages
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import CodeMistyped, CodeUnknown


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """What this is, and the box to type a code."""
    return pages.page("front.html")


@bp.post("/")
@public
def open_code() -> ResponseReturnValue:
    """Go to the questionnaire of a typed code, or say what is wrong with it."""
    typed = request.form.get("ma", "").strip()
    try:
        return redirect(_address_of(typed), code=303)
    except (CodeMistyped, CodeUnknown) as mishap:
        return pages.page("front.html", 422, typed=typed, mishap=mishap)


@bp.get("/static/collect-<digest>.js")
@public
def script(digest: str) -> ResponseReturnValue:
    """The one script of the citizen pages, to be kept for good by its name."""
    if digest != pages.script_digest():
        abort(404)
    response = Response(pages.script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _address_of(typed: str) -> str:
    """The address of a code that is there; a whole address may be typed too."""
    last = typed.rstrip("/").rpartition("/")[2]
    with db.read() as session:
        try:
            code = codes.normalise(last, length=codes.POSTER_LENGTH)
        except codes.Mistyped:
            code = openings.slip_code(last)
            openings.of_slip(session, code)
            return f"/P/{code}"
        openings.of_poster(session, code)
        return f"/Q/{code}"
