"""Who is signed in: a signed cookie names an account and the version of its
password, and nothing else."""

from __future__ import annotations

from flask import Flask, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, login_user
from sqlalchemy import select

from survey_app import db
from survey_app.accounts.navigation import navigation
from survey_app.accounts.queries import with_places
from survey_app.models import Account

limiter = Limiter(get_remote_address, storage_uri="memory://")


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person behind a request; templates reach the account by ``.account``."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.session_version}"


def init_app(app: Flask) -> None:
    """Know who is signed in, and slow down those who guess passwords."""
    login = LoginManager(app)
    login.session_protection = None  # phones change networks; see session_version
    login.user_loader(_load)
    limiter.init_app(app)
    app.jinja_env.globals["navigation"] = navigation


def remember(account: Account) -> None:
    """Make the rest of this browser session the account's."""
    session.clear()  # nothing from before signing in is carried over
    session.permanent = True  # ends PERMANENT_SESSION_LIFETIME after the last page
    login_user(SignedIn(account))


def _load(mark: str) -> SignedIn | None:
    key, _, version = mark.partition(".")
    if not (key.isdecimal() and version.isdecimal()):
        return None
    with db.read() as database:
        account = database.scalar(
            select(Account)
            .where(
                Account.id == int(key),
                Account.session_version == int(version),
                Account.active,
            )
            .options(*with_places())
        )
    return SignedIn(account) if account else None
