"""Enter a rule set with its citation: always a new version, never a change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from analysis import rules
from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.rule_sets import operations, queries, words
from survey_app.rule_sets.access import MAY_USE
from survey_app.rule_sets.blueprint import bp
from survey_app.rule_sets.fields import BAND_ROWS, CLASS_ROWS, typed_from
from survey_app.rule_sets.writing import Written, write


@bp.get("/<rule_set_id>/new-version")
@allowed(*MAY_USE)
def new_version(rule_set_id: str) -> ResponseReturnValue:
    """The form, filled with the rules to begin from."""
    with db.read() as session:
        base = queries.find(session, rule_set_id)
    return _page(base, Written(typed_from(base.text)))


@bp.post("/<rule_set_id>/new-version")
@allowed(*MAY_USE)
def save_version(rule_set_id: str) -> ResponseReturnValue:
    """Publish what was entered, or show every fault with all that was typed."""
    now = clock.now()
    with db.read() as session:
        base = queries.find(session, rule_set_id)
    written = write(request.form, base.text)
    if written.faults:
        return _page(base, written), 422
    rule_set = rules.parse(written.text)
    detail = {"title": rule_set.title, "from": base.id, "citation": rule_set.citation}
    try:
        with db.begin() as session:
            operations.publish(session, rule_set, written.text, now=now)
            audit.record(
                session,
                current_account(),
                "rule_set.published",
                rule_set.id,
                detail,
                now=now,
            )
    except Refused as refused:
        return _page(base, written.with_fault("id", refused.message)), 422
    flash(f"Đã lưu bộ quy tắc “{rule_set.id}”. Từ nay bộ này không sửa được nữa.")
    return redirect(url_for(".rule_set", rule_set_id=rule_set.id), code=303)


def _page(base: queries.Published, written: Written) -> str:
    return render_template(
        "rule_sets/new_version.html",
        base=base,
        table=base.rule_set.point_table,
        typed=written.typed,
        faults=written.faults,
        faults_of=written.faults_of,
        words=words,
        band_rows=range(BAND_ROWS),
        class_rows=range(CLASS_ROWS),
    )
