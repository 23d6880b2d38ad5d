"""Pages that bring finished transactions into the frame of a wave."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.fieldwork import downloads, mappings, queries, transactions
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.forms import TransactionsForm
from survey_app.fieldwork.problems import RowsRefused
from survey_app.fieldwork.transaction_columns import COLUMNS, EXAMPLES
from survey_app.formats import number
from survey_app.tables import FileRefused


@bp.get("/waves/<wave_code>/transactions")
@allowed(*MAY_PLAN)
def transactions_of(wave_code: str) -> ResponseReturnValue:
    return _page(wave_code, TransactionsForm())


@bp.post("/waves/<wave_code>/transactions")
@allowed(*MAY_PLAN)
def add_transactions(wave_code: str) -> ResponseReturnValue:
    """Import all rows, or by choice the good ones; else list every bad one."""
    form, now = TransactionsForm(), clock.now()
    if not form.validate_on_submit():
        return _page(wave_code, form), 422
    try:
        with db.read() as session:
            wave = queries.find_wave(session, wave_code)
            file = form.file.data.stream
            columns = mappings.columns(session, _mapping())
            found = transactions.check(session, wave, file, now=now, columns=columns)
        if found.findings and form.bad_rows.data != "skip":
            raise RowsRefused(found.header, found.findings)
        _store(wave.id, wave_code, found)
    except FileRefused as refused:
        return _page(wave_code, form, refused), 422
    if found.findings:
        return _page(wave_code, form, RowsRefused(found.header, found.findings), found)
    if found.blocks:
        return _page(wave_code, form, stored=found)
    flash(f"Đã nhập {number(len(found.finished))} hồ sơ vào khung mẫu.")
    return redirect(url_for(".wave", wave_code=wave_code), code=303)


@bp.post("/waves/<wave_code>/transactions/clear")
@allowed(*MAY_PLAN)
def clear_transactions(wave_code: str) -> ResponseReturnValue:
    """Take everything out of the frame, to begin again."""
    now = clock.now()
    with db.begin() as session:
        wave = queries.find_wave(session, wave_code)
        size = transactions.clear(session, wave.id)
        detail = {"transactions": size}
        audit.record(
            session, current_account(), "frame.cleared", wave_code, detail, now=now
        )
    flash(f"Đã xóa {number(size)} hồ sơ khỏi khung mẫu.")
    return redirect(url_for(".transactions_of", wave_code=wave_code), code=303)


@bp.get("/transactions/template.<kind>")
@allowed(*MAY_PLAN)
def transaction_template(kind: str) -> ResponseReturnValue:
    if kind not in ("csv", "xlsx"):
        abort(404)
    return downloads.template("mau-ho-so", kind, COLUMNS, EXAMPLES)


def _mapping() -> int | None:
    """The saved match of headings that is asked for, if any."""
    return request.values.get("mapping", type=int)


def _store(wave_id: int, wave_code: str, found: transactions.Checked) -> None:
    now = clock.now()
    with db.begin() as session:
        transactions.store(session, wave_id, found.finished)
        detail = {"rows": len(found.finished), "left_out": found.findings.bad_rows}
        audit.record(
            session, current_account(), "frame.imported", wave_code, detail, now=now
        )


def _page(
    wave_code: str,
    form: TransactionsForm,
    refused: FileRefused | None = None,
    stored: transactions.Checked | None = None,
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
        lock = transactions.frame_lock(session, wave)
        kept = mappings.saved(session)
    return render_template(
        "fieldwork/transactions.html",
        wave=wave,
        facts=facts,
        lock=lock,
        form=form,
        columns=COLUMNS,
        mappings=kept,
        mapping=_mapping(),
        refused=refused,
        stored=stored,
    )
