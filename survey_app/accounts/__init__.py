"""People who work with the program: signing in, roles, passwords, the audit log."""

from __future__ import annotations

from flask import Blueprint, Flask

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


def init_app(app: Flask) -> None:
    """Know who is signed in."""
