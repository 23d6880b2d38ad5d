"""Taking a ballot back with the receipt, until the figures are frozen."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from survey_app import clock, codes, db
from survey_app.accounts.access import public
from survey_app.collect import operations, pages, receipts
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import (
    BallotWithdrawn,
    ReceiptMistyped,
    ReceiptUnknown,
    WithdrawalTooLate,
)
from survey_app.collect.pacing import RECEIPTS_PER_MINUTE, pace
from survey_app.models import WaveStatus


@bp.get("/rut-phieu")
@public
def withdrawal() -> ResponseReturnValue:
    """Ask for the receipt."""
    return pages.page("withdrawal.html")


@bp.post("/rut-phieu")
@public
def find_ballot() -> ResponseReturnValue:
    """Show which ballot it is, and ask once more."""
    typed = request.form.get("bien-nhan", "").strip()
    try:
        receipt = _receipt(typed)
        with db.read() as session:
            found = operations.find(session, receipt)
    except (ReceiptMistyped, ReceiptUnknown) as mishap:
        said = pages.said(mishap)
        return pages.page("withdrawal.html", 422, typed=typed, mishap=said)
    if found.withdrawn:
        raise BallotWithdrawn
    if found.wave_status is WaveStatus.FROZEN:
        raise WithdrawalTooLate
    return pages.page("withdrawal_confirm.html", receipt=receipt, found=found)


@bp.post("/rut-phieu/dong-y")
@public
def withdraw() -> ResponseReturnValue:
    """Erase the answers."""
    receipt = _receipt(request.form.get("bien-nhan", ""))
    with db.begin() as session:
        operations.withdraw(session, receipt)
    return redirect(pages.in_language("/rut-phieu/xong", pages.language()), code=303)


@bp.get("/rut-phieu/xong")
@public
def withdrawn() -> ResponseReturnValue:
    return pages.page("withdrawn.html")


def _receipt(typed: str) -> str:
    pace().count("receipts", at_most=RECEIPTS_PER_MINUTE, now=clock.now())
    try:
        return receipts.read(typed)
    except codes.Mistyped:
        raise ReceiptMistyped from None
