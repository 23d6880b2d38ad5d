"""The first page of the site: type a code, or go and sign in."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from survey_app import codes, db
from survey_app.accounts.access import public
from survey_app.collect import openings, pages
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import CodeMistyped, CodeUnknown
from survey_app.collect.wording import spoken
from survey_app.languages import name_of


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """What this is, and the box to type a code."""
    return _page()


@bp.post("/")
@public
def open_code() -> ResponseReturnValue:
    """Go to the questionnaire of a typed code, or say what is wrong with it."""
    typed = request.form.get("ma", "").strip()
    try:
        address = pages.in_language(_address_of(typed), pages.language())
    except (CodeMistyped, CodeUnknown) as mishap:
        return _page(422, typed=typed, mishap=pages.said(mishap))
    return redirect(address, code=303)


@bp.get("/static/collect-<digest>.js")
@public
def script(digest: str) -> ResponseReturnValue:
    """The one script of the citizen pages, to be kept for good by its name."""
    if digest != pages.script_digest():
        abort(404)
    response = Response(pages.script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _page(status: int = 200, **values: str) -> ResponseReturnValue:
    names = {code: name_of(code) for code in spoken()}
    return pages.page("front.html", status, languages=names, **values)


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
