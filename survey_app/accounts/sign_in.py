"""Coming in, the first page inside, and leaving."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from survey_app import clock, db
from survey_app.accounts import operations, passwords, roles
from survey_app.accounts.access import (
    EVERYONE_SIGNED_IN,
    allowed,
    current_account,
    public,
)
from survey_app.accounts.blueprint import bp
from survey_app.accounts.forms import SignInForm
from survey_app.accounts.identity import limiter, remember
from survey_app.models import Account

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã khóa."
EXPIRED = (
    "Mật khẩu dùng một lần đã hết hạn."
    " Vui lòng đề nghị người quản trị cấp mật khẩu mới."
)


def _failed(response: Response) -> bool:
    return response.status_code == 422


def _name_typed() -> str:
    return "name:" + operations.username_of(request.form.get("username", ""))


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The page to sign in on; who is signed in goes straight on."""
    if current_user.is_authenticated:
        return redirect(_destination(), code=303)
    return _page(SignInForm())


@bp.post("/sign-in")
@public
@limiter.limit("10/minute", deduct_when=_failed)
@limiter.limit("30/hour", key_func=_name_typed, deduct_when=_failed)
def submit_sign_in() -> ResponseReturnValue:
    """Let a person in who knows the password, and say nothing to others."""
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    account, problem = _recognised(form.username.data, form.password.data)
    if account is None or problem:
        return _page(form, problem), 422
    with db.begin() as session:
        operations.note_sign_in(session, account, now=clock.now())
    remember(account)
    return redirect(_destination(), code=303)


@bp.get("/")
@allowed(*EVERYONE_SIGNED_IN)
def start() -> ResponseReturnValue:
    """What this account can do here."""
    role = current_account().role
    return render_template(
        "accounts/start.html", role=roles.NAMES[role], purpose=roles.PURPOSES[role]
    )


@bp.post("/sign-out")
@allowed(*EVERYONE_SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    logout_user()
    flash("Đã đăng xuất.")
    return redirect(url_for("accounts.sign_in"), code=303)


def own_path(target: str) -> str | None:
    """A path on this site to go on to, or None for anything that leads elsewhere."""
    parts = urlsplit(target)
    odd = "\\" in target or any(ord(symbol) <= 32 for symbol in target)
    if odd or parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    return None if target.startswith("//") else target


def _recognised(username: str, password: str) -> tuple[Account | None, str]:
    with db.read() as session:
        account = operations.find_for_sign_in(session, username)
    known = passwords.matches(account.password_hash if account else None, password)
    if account is None or not known:
        return None, WRONG
    if account.one_time_until and account.one_time_until <= clock.now():
        return None, EXPIRED
    return account, ""


def _destination() -> str:
    return own_path(request.args.get("next", "")) or url_for("accounts.start")


def _page(form: SignInForm, problem: str = "") -> str:
    return render_template("accounts/sign_in.html", form=form, problem=problem)
