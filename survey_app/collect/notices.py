"""Every mishap of a citizen becomes a page of the same kind: what happened, what to do.

Nothing of what was sent is written to a log here.
"""

from __future__ import annotations

import logging

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from survey_app.collect import pages
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import (
    BallotDiffers,
    Busy,
    CitizenNotice,
    PageUnknown,
    Trouble,
)

log = logging.getLogger(__name__)


@bp.errorhandler(CitizenNotice)
def say(notice: CitizenNotice) -> ResponseReturnValue:
    """The page of a notice; a ballot that may be sent again is offered to be."""
    resend = request.method == "POST" and notice.retry > 0
    html, status = pages.page(
        "notice.html",
        notice.status,
        notice=notice,
        key=f"notice.{type(notice).__name__}",
        resend=list(request.form.lists()) if resend else [],
        start_anew=isinstance(notice, BallotDiffers) and "poster" in _endpoint(),
    )
    headers = {"Retry-After": str(notice.retry)} if notice.retry else {}
    return html, status, headers


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
@bp.errorhandler(TimeoutError)
def say_busy(error: Exception) -> ResponseReturnValue:
    """The database is locked or away."""
    log.warning("no database for %s: %s", _endpoint(), type(error).__name__)
    return say(Busy())


@bp.errorhandler(HTTPException)
def say_http(error: HTTPException) -> ResponseReturnValue:
    return say(PageUnknown()) if error.code == 404 else error


@bp.errorhandler(Exception)
def say_trouble(error: Exception) -> ResponseReturnValue:
    log.exception("unexpected %s in %s", type(error).__name__, _endpoint())
    return say(Trouble())


def _endpoint() -> str:
    return request.endpoint or ""
