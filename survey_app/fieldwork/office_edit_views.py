"""Pages that add, edit, end and merge offices; each act leaves a trace."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import downloads, office_editing, office_export, queries
from survey_app.fieldwork.access import MAY_LIST_OFFICES
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.office_forms import EndForm, NewOfficeForm, OfficeWordsForm
from survey_app.fieldwork.queries import OfficeFilter
from survey_app.formats import day
from survey_app.models import Office


@bp.get("/offices/new")
@allowed(*MAY_LIST_OFFICES)
def new_office() -> ResponseReturnValue:
    return _page("Thêm một đơn vị", NewOfficeForm())


@bp.post("/offices/new")
@allowed(*MAY_LIST_OFFICES)
def add_office() -> ResponseReturnValue:
    """A new office with one place and one counter."""
    form, now, title = NewOfficeForm(), clock.now(), "Thêm một đơn vị"
    if not form.validate_on_submit():
        return _page(title, form), 422
    try:
        with db.begin() as session:
            code, since = form.code.data, form.since.data
            made = office_editing.add(session, code, form.words(), valid_from=since)
            detail = {"since": since, "name": made.name}
            audit.record(
                session, current_account(), "office.added", code, detail, now=now
            )
    except Refused as refused:
        return _page(title, form, reasons=refused.reasons), 422
    flash(f"Đã thêm {made.name}.")
    return redirect(url_for(".office", office_id=made.id), code=303)


@bp.get("/offices/<int:office_id>/edit")
@allowed(*MAY_LIST_OFFICES)
def edit_office(office_id: int) -> ResponseReturnValue:
    with db.read() as session:
        office = office_editing.fetch(session, office_id)
    return _page(f"Sửa {office.name}", OfficeWordsForm(obj=office), office)


@bp.post("/offices/<int:office_id>/edit")
@allowed(*MAY_LIST_OFFICES)
def save_office(office_id: int) -> ResponseReturnValue:
    """Other words for the same office; the log keeps what they were."""
    form, now = OfficeWordsForm(), clock.now()
    with db.read() as session:
        office = office_editing.fetch(session, office_id)
    title = f"Sửa {office.name}"
    if not form.validate_on_submit():
        return _page(title, form, office), 422
    try:
        with db.begin() as session:
            there = office_editing.fetch(session, office_id)
            changed = office_editing.edit(session, there, form.words())
            if changed:
                audit.record(
                    session,
                    current_account(),
                    "office.edited",
                    office.code,
                    changed,
                    now=now,
                )
    except Refused as refused:
        return _page(title, form, office, refused.reasons), 422
    flash("Đã lưu." if changed else "Không có gì thay đổi.")
    return redirect(url_for(".office", office_id=office_id), code=303)


@bp.get("/offices/<int:office_id>/end")
@allowed(*MAY_LIST_OFFICES)
def end_office(office_id: int) -> ResponseReturnValue:
    with db.read() as session:
        office = office_editing.fetch(session, office_id)
    return _end_page(office, EndForm(last_day=office.valid_to))


@bp.post("/offices/<int:office_id>/end")
@allowed(*MAY_LIST_OFFICES)
def end_office_now(office_id: int) -> ResponseReturnValue:
    """A last day for an office and its places, or none any more."""
    form, now = EndForm(), clock.now()
    with db.read() as session:
        office = office_editing.fetch(session, office_id)
    if not form.validate_on_submit():
        return _end_page(office, form), 422
    try:
        with db.begin() as session:
            there = office_editing.fetch(session, office_id)
            office_editing.close(session, there, form.last_day.data)
            detail = {"last_day": form.last_day.data}
            audit.record(
                session, current_account(), "office.ended", office.code, detail, now=now
            )
    except Refused as refused:
        return _end_page(office, form, refused.reasons), 422
    until = form.last_day.data
    flash(f"Kết thúc ngày {day(until)}." if until else "Đơn vị tiếp tục hoạt động.")
    return redirect(url_for(".office", office_id=office_id), code=303)


@bp.get("/offices/merge")
@allowed(*MAY_LIST_OFFICES)
def merge_offices() -> ResponseReturnValue:
    return _merge_page(NewOfficeForm(), request.args.getlist("office", type=int))


@bp.post("/offices/merge")
@allowed(*MAY_LIST_OFFICES)
def merge_offices_now() -> ResponseReturnValue:
    """One office in the place of those ticked."""
    form, now = NewOfficeForm(), clock.now()
    ticked = list(dict.fromkeys(request.form.getlist("office", type=int)))
    if not form.validate_on_submit():
        return _merge_page(form, ticked), 422
    try:
        with db.begin() as session:
            before = [office_editing.fetch(session, key) for key in ticked]
            code, since = form.code.data, form.since.data
            made = office_editing.merge(
                session, before, code, form.words(), since=since
            )
            detail = {"since": since, "predecessors": [o.code for o in before]}
            audit.record(
                session, current_account(), "offices.merged", code, detail, now=now
            )
    except Refused as refused:
        return _merge_page(form, ticked, refused.reasons), 422
    flash(f"Đã lập {made.name} từ {len(before)} đơn vị.")
    return redirect(url_for(".office", office_id=made.id), code=303)


@bp.get("/offices/export.<kind>")
@allowed(*MAY_LIST_OFFICES)
def export_offices(kind: str) -> ResponseReturnValue:
    """Every office in the columns of the import, to be edited and brought back."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    with db.read() as session:
        rows = office_export.sheet(session)
    if kind == "csv":
        return downloads.attachment(downloads.csv_bytes(rows), "don-vi.csv")
    return downloads.attachment(downloads.xlsx_bytes({"Dữ liệu": rows}), "don-vi.xlsx")


def _page(
    title: str,
    form: OfficeWordsForm,
    office: Office | None = None,
    reasons: Sequence[str] = (),
) -> str:
    return render_template(
        "fieldwork/office_form.html",
        title=title,
        form=form,
        office=office,
        reasons=reasons,
    )


def _end_page(office: Office, form: EndForm, reasons: Sequence[str] = ()) -> str:
    return render_template(
        "fieldwork/office_end.html", office=office, form=form, reasons=reasons
    )


def _merge_page(
    form: NewOfficeForm, ticked: Sequence[int], reasons: Sequence[str] = ()
) -> str:
    """The offices found by the search, those ticked always among them."""
    q = request.args.get("q", "")
    with db.read() as session:
        everyone = queries.offices(session, OfficeFilter(on=None))
        found = {o.id for o in queries.offices(session, OfficeFilter(q=q, on=None))}
    return render_template(
        "fieldwork/office_merge.html",
        form=form,
        ticked=set(ticked),
        offices=[
            o
            for o in everyone
            if o.id in ticked or (o.id in found and o.valid_to is None)
        ],
        q=q,
        reasons=reasons,
    )
