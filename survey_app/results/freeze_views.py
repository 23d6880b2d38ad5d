"""The page where an analyst freezes a closed wave."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.results import queries
from survey_app.results.blueprint import bp
from survey_app.results.forms import FreezeForm
from survey_app.results.freezing import (
    forget_old_copies,
    freeze_wave,
    next_version,
    pages_open_until,
)
from survey_app.results.queries import MAY_FREEZE
from survey_app.results.reading import frozen_root


@bp.get("/<wave_code>/freeze")
@allowed(*MAY_FREEZE)
def freeze(wave_code: str) -> ResponseReturnValue:
    return _page(wave_code, FreezeForm())


@bp.post("/<wave_code>/freeze")
@allowed(*MAY_FREEZE)
def freeze_now(wave_code: str) -> ResponseReturnValue:
    """Freeze, or show the page again with every reason why not."""
    form, now = FreezeForm(), clock.now()
    if not form.validate_on_submit():
        return _page(wave_code, form), 422
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            frozen = freeze_wave(
                session,
                wave,
                now=now,
                folder_root=frozen_root(),
                reason=form.reason.data or "",
                confirm_open_pages=form.confirm_open_pages.data,
                account=current_account(),
            )
    except Refused as refused:
        return _page(wave_code, form, refused.reasons), refused.status
    flash(f"Đã chốt bộ số liệu, phiên bản {frozen.version}.")
    forget_old_copies(db.current_database())
    return redirect(url_for(".offices", wave_code=wave_code), code=303)


def _page(wave_code: str, form: FreezeForm, reasons: tuple[str, ...] = ()) -> str:
    now = clock.now()
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        version = next_version(session, wave)
    until = pages_open_until(wave)
    return render_template(
        "results/freeze.html",
        wave=wave,
        form=form,
        reasons=reasons,
        version=version,
        open_until=until if until and now < until else None,
    )
