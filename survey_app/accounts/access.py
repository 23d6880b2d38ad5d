"""Who may open which page: one decorator on every staff view, nothing else.

``tests/survey_app/accounts`` holds the table of address × role that walks every
route, so a view without a decorator is a failing test and not an open door.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from survey_app.errors import NotAllowed
from survey_app.models import Account, Role

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

EVERYONE_SIGNED_IN = tuple(Role)

# All that a handed-over password opens: choosing one's own, or leaving.
WITH_ONE_TIME = ("accounts.own", "accounts.change_password", "accounts.sign_out")


def allowed(
    *roles: Role,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only these roles in; others are told so, strangers are asked to sign in."""

    def decorate(
        view: Callable[P, ResponseReturnValue],
    ) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return redirect(url_for("accounts.sign_in", next=_here()), code=303)
            account = current_account()
            if account.one_time_until and request.endpoint not in WITH_ONE_TIME:
                return redirect(url_for("accounts.own"), code=303)
            if account.role not in roles:
                raise NotAllowed
            return view(*args, **kwargs)

        guarded.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a page that needs no account, so that the lack of one is a decision."""
    view.allowed_roles = None  # type: ignore[attr-defined]
    return view


def current_account() -> Account:
    """The account signed in; only for views behind ``allowed``."""
    return cast(Account, current_user._get_current_object().account)


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
