"""The page on which administrators give out and take back keys."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts.access import allowed, current_account
from survey_app.api import keys
from survey_app.api.blueprint import key_bp
from survey_app.errors import Refused
from survey_app.fieldwork import queries
from survey_app.models import Role


@key_bp.get("/")
@allowed(Role.ADMINISTRATOR)
def api_keys() -> ResponseReturnValue:
    return _page()


@key_bp.post("/")
@allowed(Role.ADMINISTRATOR)
def make_key() -> ResponseReturnValue:
    """A new key, shown on this answer and never again."""
    form, now = request.form, clock.now()
    try:
        with db.begin() as session:
            key, text = keys.make(
                session,
                current_account(),
                name=form.get("name", ""),
                wave_code=form.get("wave", ""),
                office_code=form.get("office", "").strip(),
                now=now,
            )
    except Refused as refused:
        return _page(refused.reasons), 422
    return render_template("api/made.html", key=key, text=text, wave=form["wave"])


@key_bp.post("/<int:key_id>/revoke")
@allowed(Role.ADMINISTRATOR)
def revoke_key(key_id: int) -> ResponseReturnValue:
    now = clock.now()
    with db.begin() as session:
        key = keys.revoke(session, current_account(), key_id, now=now)
    flash(f"Đã thu hồi khóa của {key.name}.")
    return redirect(url_for(".api_keys"), code=303)


def _page(reasons: tuple[str, ...] = ()) -> str:
    with db.read() as session:
        made = keys.all_keys(session)
        waves = queries.waves_in_fieldwork(session)
    return render_template(
        "api/keys.html", keys=made, waves=waves, typed=request.form, reasons=reasons
    )
