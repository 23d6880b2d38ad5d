"""Pages of offices, their one-stop shops and counters."""

from __future__ import annotations

from io import BytesIO

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db, tables
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.fieldwork import downloads, queries
from survey_app.fieldwork.access import MAY_LIST_OFFICES, MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.forms import OfficesForm
from survey_app.fieldwork.office_columns import COLUMNS, EXAMPLES
from survey_app.fieldwork.office_import import (
    SHIPPED,
    OfficesImported,
    import_offices,
    shipped,
)
from survey_app.fieldwork.queries import OFFICE_ORDERS, OfficeFilter
from survey_app.fieldwork.words import LEVELS, SOURCE_STATUSES
from survey_app.formats import number
from survey_app.tables import FileRefused


@bp.get("/offices")
@allowed(*MAY_SEE)
def offices() -> ResponseReturnValue:
    """The list, searched and filtered by the address; without a day, those of today."""
    asked = request.args.get("on")
    today = clock.vietnam_day(clock.now())
    wanted = OfficeFilter(
        q=request.args.get("q", ""),
        level=request.args.get("level", ""),
        on=today if asked is None else tables.day(asked),
        sort=request.args.get("sort", "code"),
    )
    with db.read() as session:
        found = queries.offices(session, wanted)
        any_office = bool(found) or queries.any_office(session)
    return render_template(
        "fieldwork/offices.html",
        offices=found,
        any_office=any_office,
        wanted=wanted,
        not_a_day=bool(asked) and wanted.on is None,
        levels=LEVELS,
        orders=OFFICE_ORDERS,
    )


@bp.get("/offices/<int:office_id>")
@allowed(*MAY_SEE)
def office(office_id: int) -> ResponseReturnValue:
    with db.read() as session:
        page = queries.office_page(session, office_id)
    return render_template(
        "fieldwork/office.html", page=page, levels=LEVELS, statuses=SOURCE_STATUSES
    )


@bp.get("/offices/import")
@allowed(*MAY_LIST_OFFICES)
def new_offices() -> ResponseReturnValue:
    return _import_page(OfficesForm())


@bp.post("/offices/import")
@allowed(*MAY_LIST_OFFICES)
def add_offices() -> ResponseReturnValue:
    """Import a file, or show every reason why not."""
    form = OfficesForm()
    if not form.validate_on_submit():
        return _import_page(form), 422
    file = BytesIO(form.file.data.read())
    try:
        done = _import(file, form.file.data.filename or "")
    except FileRefused as refused:
        return _import_page(form, refused), 422
    return _told(done)


@bp.post("/offices/shipped/<name>")
@allowed(*MAY_LIST_OFFICES)
def add_shipped_offices(name: str) -> ResponseReturnValue:
    """Import the offices that come with the program."""
    with shipped(name) as file:
        return _told(_import(BytesIO(file.read()), name))


@bp.get("/offices/template.<kind>")
@allowed(*MAY_LIST_OFFICES)
def office_template(kind: str) -> ResponseReturnValue:
    if kind not in ("csv", "xlsx"):
        abort(404)
    return downloads.template("mau-don-vi", kind, COLUMNS, EXAMPLES)


def _import(file: BytesIO, name: str) -> OfficesImported:
    now = clock.now()
    with db.begin() as session:
        done = import_offices(session, file)
        audit.record(
            session,
            current_account(),
            "offices.imported",
            name,
            {"new": done.new, "changed": done.changed, "unchanged": done.unchanged},
            now=now,
        )
    return done


def _told(done: OfficesImported) -> ResponseReturnValue:
    flash(
        f"Đã nhập: {number(done.new)} đơn vị mới, {number(done.changed)} đơn vị thay"
        f" đổi, {number(done.unchanged)} đơn vị không đổi; {number(done.shops)} Bộ phận"
        f" Một cửa và {number(done.counters)} quầy mới."
    )
    for notice in done.notices[:20]:
        flash(notice)
    return redirect(url_for(".offices", on=""), code=303)


def _import_page(form: OfficesForm, refused: FileRefused | None = None) -> str:
    return render_template(
        "fieldwork/import_offices.html",
        form=form,
        columns=COLUMNS,
        refused=refused,
        shipped=SHIPPED,
    )
