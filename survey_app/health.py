"""Two questions of a watchdog: is the program alive, and can it do its work."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from survey_app import db, upgrade
from survey_app.accounts.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Ready when the database answers and has the tables of this version."""
    with db.read() as session:
        session.execute(select(1))
    if not upgrade.is_current(db.current_database().engine):
        return {"status": "database needs: sipas db upgrade"}, 503
    return {"status": "ok"}
