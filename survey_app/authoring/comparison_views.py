"""The page that compares two forms, and where pairs of criteria are decided."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app import clock, db
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.authoring import comparisons, queries, words
from survey_app.authoring.access import MAY_PUBLISH, MAY_SEE
from survey_app.authoring.blueprint import bp
from survey_app.errors import Refused
from survey_app.formats import nfc


@bp.get("/<before_id>/compare/<after_id>")
@allowed(*MAY_SEE)
def comparison(before_id: str, after_id: str) -> ResponseReturnValue:
    """All differences, and the criteria that may share one series."""
    return _page(before_id, after_id)


@bp.post("/<before_id>/compare/<after_id>")
@allowed(*MAY_PUBLISH)
def agree(before_id: str, after_id: str) -> ResponseReturnValue:
    """Decide that two criteria make one series, and why."""
    now = clock.now()
    old, new = request.form.get("old", ""), request.form.get("new", "")
    reason = nfc(request.form.get("reason", "")).strip()
    try:
        with db.begin() as session:
            before = queries.find(session, before_id).questionnaire
            after = queries.find(session, after_id).questionnaire
            comparisons.agree(
                session, before, after, old=old, new=new, reason=reason, now=now
            )
            _record(session, "criteria.joined", before_id, after_id, old, new, reason)
    except Refused as refused:
        return _page(before_id, after_id, refused.reasons), 422
    flash("Đã ghép hai tiêu chí thành một chuỗi số liệu.")
    return redirect(_here(before_id, after_id), code=303)


@bp.post("/<before_id>/compare/<after_id>/part")
@allowed(*MAY_PUBLISH)
def part(before_id: str, after_id: str) -> ResponseReturnValue:
    """Take such a decision back."""
    old = request.form.get("old", "")
    with db.begin() as session:
        before = queries.find(session, before_id).questionnaire
        after = queries.find(session, after_id).questionnaire
        comparisons.part(session, before, after, old=old)
        _record(session, "criteria.parted", before_id, after_id, old, "", "")
    flash("Đã bỏ ghép tiêu chí.")
    return redirect(_here(before_id, after_id), code=303)


def _record(
    session: Session,
    action: str,
    before_id: str,
    after_id: str,
    old: str,
    new: str,
    reason: str,
) -> None:
    subject = f"{before_id} → {after_id}"
    detail = {"before": old, "after": new, "reason": reason}
    audit.record(session, current_account(), action, subject, detail, now=clock.now())


def _here(before_id: str, after_id: str) -> str:
    return url_for(".comparison", before_id=before_id, after_id=after_id)


def _page(before_id: str, after_id: str, reasons: Sequence[str] = ()) -> str:
    with db.read() as session:
        before = queries.find(session, before_id).questionnaire
        after = queries.find(session, after_id).questionnaire
        found = comparisons.compare(session, before, after)
    return render_template(
        "authoring/comparison.html",
        found=found,
        reasons=reasons,
        typed=request.form,
        words=words,
        may_publish=current_account().role in MAY_PUBLISH,
    )
