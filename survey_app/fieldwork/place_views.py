"""The page of an office's one-stop shops and counters: added, renamed, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app import clock, db, tables
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import office_editing, place_editing
from survey_app.fieldwork.access import MAY_LIST_OFFICES
from survey_app.fieldwork.blueprint import bp
from survey_app.formats import nfc
from survey_app.models import Office


@bp.get("/offices/<int:office_id>/places")
@allowed(*MAY_LIST_OFFICES)
def places(office_id: int) -> ResponseReturnValue:
    return _page(office_id)


@bp.post("/offices/<int:office_id>/shops")
@allowed(*MAY_LIST_OFFICES)
def add_shop(office_id: int) -> ResponseReturnValue:
    def act(session: Session, office: Office) -> None:
        day = _day("since") or _missing("Chưa ghi ngày bắt đầu.")
        code, name = _text("code"), _text("name")
        place_editing.add_shop(session, office, code, name, valid_from=day)

    return _done(office_id, "shop.added", act)


@bp.post("/offices/<int:office_id>/shops/<int:shop_id>/counters")
@allowed(*MAY_LIST_OFFICES)
def add_counter(office_id: int, shop_id: int) -> ResponseReturnValue:
    def act(session: Session, office: Office) -> None:
        day = _day("since") or _missing("Chưa ghi ngày bắt đầu.")
        shop = place_editing.shop_of(session, office, shop_id)
        code, name = _text("code"), _text("name")
        place_editing.add_counter(session, shop, code, name, valid_from=day)

    return _done(office_id, "counter.added", act)


@bp.post("/offices/<int:office_id>/shops/<int:shop_id>")
@allowed(*MAY_LIST_OFFICES)
def change_shop(office_id: int, shop_id: int) -> ResponseReturnValue:
    def act(session: Session, office: Office) -> None:
        shop = place_editing.shop_of(session, office, shop_id)
        place_editing.change(session, shop, _text("name"), valid_to=_day("until"))

    return _done(office_id, "shop.changed", act)


@bp.post("/offices/<int:office_id>/counters/<int:counter_id>")
@allowed(*MAY_LIST_OFFICES)
def change_counter(office_id: int, counter_id: int) -> ResponseReturnValue:
    def act(session: Session, office: Office) -> None:
        counter = place_editing.counter_of(session, office, counter_id)
        place_editing.change(session, counter, _text("name"), valid_to=_day("until"))

    return _done(office_id, "counter.changed", act)


def _done(
    office_id: int, action: str, act: Callable[[Session, Office], None]
) -> ResponseReturnValue:
    """Do it and write it down, or show the page with every reason why not."""
    now = clock.now()
    try:
        with db.begin() as session:
            office = office_editing.fetch(session, office_id)
            act(session, office)
            detail = dict(request.view_args or {}) | {
                name: _text(name) for name in ("code", "name", "since", "until")
            }
            audit.record(
                session, current_account(), action, office.code, detail, now=now
            )
    except Refused as refused:
        return _page(office_id, refused.reasons), 422
    flash("Đã lưu.")
    return redirect(url_for(".places", office_id=office_id), code=303)


def _text(name: str) -> str:
    return " ".join(nfc(request.form.get(name, "")).split())[:250]


def _day(name: str) -> date | None:
    typed = _text(name)
    found = tables.day(typed)
    if typed and found is None:
        raise Refused(f"“{typed}” không phải là ngày; vui lòng ghi 31/12/2026.")
    return found


def _missing(reason: str) -> date:
    raise Refused(reason)


def _page(office_id: int, reasons: Sequence[str] = ()) -> str:
    with db.read() as session:
        office = office_editing.fetch(session, office_id)
    return render_template(
        "fieldwork/places.html",
        office=office,
        reasons=reasons,
        typed=request.form,
        today=clock.vietnam_day(clock.now()),
    )
