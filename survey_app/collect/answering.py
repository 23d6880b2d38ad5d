"""From the scanned code to the thanks page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from questionnaires import Problem
from survey_app import clock, codes, db, settings
from survey_app.accounts.access import public
from survey_app.collect import (
    ballots,
    nonces,
    openings,
    operations,
    pages,
    receipts,
)
from survey_app.collect.ballots import Ballot
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import BallotWithdrawn, CodeUsed, ReceiptUnknown
from survey_app.collect.library import Edition, library
from survey_app.collect.nonces import Nonce
from survey_app.collect.openings import Opening
from survey_app.collect.pacing import BALLOTS_PER_MINUTE, pace

Find = Callable[[Session, str], Opening]


@bp.get("/P/<typed>")
@bp.get("/p/<typed>")
@public
def slip(typed: str) -> ResponseReturnValue:
    """The questionnaire behind the code of a slip."""
    return _show(openings.slip_code(typed), openings.of_slip)


@bp.post("/P/<typed>")
@bp.post("/p/<typed>")
@public
def send_slip(typed: str) -> ResponseReturnValue:
    """Keep the ballot and spend the slip's code."""
    return _submit(openings.slip_code(typed), openings.of_slip)


@bp.get("/Q/<typed>")
@bp.get("/q/<typed>")
@public
def poster(typed: str) -> ResponseReturnValue:
    """The questionnaire behind the code of a poster."""
    return _show(openings.poster_code(typed), openings.of_poster)


@bp.post("/Q/<typed>")
@bp.post("/q/<typed>")
@public
def send_poster(typed: str) -> ResponseReturnValue:
    """Keep a ballot that came by a poster."""
    return _submit(openings.poster_code(typed), openings.of_poster)


@bp.get("/cam-on/<typed>")
@public
def thanks(typed: str) -> ResponseReturnValue:
    """The receipt; it is shown only while the ballot is really there."""
    try:
        receipt = receipts.read(typed)
    except codes.Mistyped:
        raise ReceiptUnknown from None
    with db.read() as session:
        found = operations.find(session, receipt)
    if found.withdrawn:
        raise BallotWithdrawn
    return pages.page(
        "thanks.html", receipt=receipts.grouped(receipt), is_simulated=found.simulated
    )


def _show(code: str, find: Find) -> ResponseReturnValue:
    now = clock.now()
    with db.read() as session:
        opening = find(session, code)
        opening.must_be_open(nonce=None, now=now)
        editions = library().editions(session, opening.place.questionnaire_id, now=now)
    page = pages.fresh_page(editions.of(pages.language()), opening.place)
    return pages.packed(page, _sealed(nonces.fresh(now), code))


def _submit(code: str, find: Find) -> ResponseReturnValue:
    """Same ballot again: thanks again. Else check the code, then the answers."""
    now = clock.now()
    pace().count(code, at_most=BALLOTS_PER_MINUTE, now=now)
    key = settings.keys().code
    nonce = nonces.read(request.form.get(ballots.NONCE, ""), key=key, code=code)
    with db.read() as session:
        opening = find(session, code)
        editions = library().editions(session, opening.place.questionnaire_id, now=now)
        # A slip that is not spent has no ballot, so there is none to look for.
        may_be_again = opening.spent or opening.is_poster
        earlier = operations.kept(session, nonce) if may_be_again else None

    fields = dict(request.form.lists())
    if wanted := request.form.get(ballots.CHANGE_LANGUAGE):
        opening.must_be_open(nonce=nonce, now=now)
        nonce = nonce or nonces.fresh(now)
        return _again(editions.of(wanted), opening, fields, _sealed(nonce, code))
    edition = editions.of(pages.language())
    ballot, problems = ballots.read(edition.questionnaire, fields)
    if nonce is not None and earlier is not None:
        earlier.must_be(ballot.fingerprint(nonce.id, key) if ballot else None)
        return _to_thanks(nonce, edition)
    opening.must_be_open(nonce=nonce, now=now)
    if ballot is not None and nonce is not None and not nonce.is_expired(now):
        _keep(opening, nonce, ballot, now)
        return _to_thanks(nonce, edition)

    is_late = nonce is None or nonce.is_expired(now)
    if nonce is None or is_late:
        nonce = nonces.renewed(nonce, now)
    return _again(
        edition, opening, fields, _sealed(nonce, code), problems, is_late=is_late
    )


def _again(
    edition: Edition,
    opening: Opening,
    fields: ballots.Fields,
    nonce: str,
    problems: list[Problem] | None = None,
    *,
    is_late: bool = False,
) -> ResponseReturnValue:
    """The page with everything kept: to be put right, or only in another language."""
    html = pages.returned_page(
        edition,
        opening.place,
        fields,
        nonce=nonce,
        problems=problems or [],
        was_open_too_long=is_late,
    )
    return html, 422 if problems or is_late else 200


def _keep(opening: Opening, nonce: Nonce, ballot: Ballot, now: datetime) -> None:
    """Store the ballot, unless the very same one arrived at the same moment."""
    fingerprint = ballot.fingerprint(nonce.id, settings.keys().code)
    try:
        with db.begin() as session:
            operations.keep(
                session, opening, nonce, ballot, fingerprint=fingerprint, now=now
            )
    except (CodeUsed, IntegrityError):
        with db.read() as session:
            earlier = operations.kept(session, nonce)
        if earlier is None:
            raise
        earlier.must_be(fingerprint)


def _sealed(nonce: Nonce, code: str) -> str:
    return nonces.seal(nonce, key=settings.keys().code, code=code)


def _to_thanks(nonce: Nonce, edition: Edition) -> ResponseReturnValue:
    path = f"/cam-on/{receipts.receipt(nonce.id)}"
    return redirect(pages.in_language(path, edition.language.code), code=303)
