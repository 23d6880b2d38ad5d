"""The page on which the headings of another program's file are matched to ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import mappings, queries
from survey_app.fieldwork.access import MAY_PLAN
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.mappings import Preview
from survey_app.fieldwork.transaction_columns import COLUMNS
from survey_app.formats import nfc


@bp.get("/waves/<wave_code>/transactions/columns")
@allowed(*MAY_PLAN)
def match_columns(wave_code: str) -> ResponseReturnValue:
    return _page(wave_code)


@bp.post("/waves/<wave_code>/transactions/columns")
@allowed(*MAY_PLAN)
def preview_columns(wave_code: str) -> ResponseReturnValue:
    """Show the first rows of a file; nothing of it is stored."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Refused("Chưa chọn tệp.")
        return _page(wave_code, mappings.preview(cast(BinaryIO, file.stream)))
    except Refused as refused:
        return _page(wave_code, reasons=refused.reasons), 422


@bp.post("/waves/<wave_code>/transactions/columns/save")
@allowed(*MAY_PLAN)
def save_columns(wave_code: str) -> ResponseReturnValue:
    """Keep the match under its name, ready to be chosen for the import."""
    now, name = clock.now(), nfc(request.form.get("name", "")).strip()[:100]
    chosen = {c.id: nfc(request.form.get(f"c-{c.id}", "")) for c in COLUMNS}
    headings = tuple(nfc(text) for text in request.form.getlist("heading"))
    try:
        with db.begin() as session:
            queries.find_wave(session, wave_code)
            kept = mappings.save(session, name, chosen, now=now)
            key, detail = kept.id, dict(kept.columns)
            audit.record(
                session, current_account(), "frame.columns", name, detail, now=now
            )
    except Refused as refused:
        shown = Preview(headings, (), chosen)
        return _page(wave_code, shown, refused.reasons), 422
    flash(f"Đã lưu cách ghép cột “{name}”. Bây giờ chọn lại tệp để nhập.")
    address = url_for(".transactions_of", wave_code=wave_code, mapping=key)
    return redirect(address, code=303)


def _page(
    wave_code: str, shown: Preview | None = None, reasons: Sequence[str] = ()
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        kept = mappings.saved(session)
    return render_template(
        "fieldwork/mapping.html",
        wave=wave,
        preview=shown,
        kept=kept,
        columns=COLUMNS,
        reasons=reasons,
        name=request.form.get("name", ""),
    )
