"""One's own page: who one is here, and choosing a password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import operations, passwords, queries, roles
from survey_app.accounts.access import EVERYONE_SIGNED_IN, allowed, current_account
from survey_app.accounts.blueprint import bp
from survey_app.accounts.forms import WEAKNESSES, PasswordForm, complain
from survey_app.accounts.identity import remember


@bp.get("/own")
@allowed(*EVERYONE_SIGNED_IN)
def own() -> ResponseReturnValue:
    return _page(PasswordForm())


@bp.post("/own")
@allowed(*EVERYONE_SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Change the password; every other browser signed in with the old one is out."""
    form = PasswordForm()
    if not _accepted(form):
        return _page(form), 422
    new = passwords.hashed(form.new.data)
    with db.begin() as session:
        account = operations.change_own_password(
            session, current_account().id, password_hash=new, now=clock.now()
        )
    remember(account)
    flash("Đã đổi mật khẩu. Những nơi khác đang đăng nhập đều đã được đăng xuất.")
    return redirect(url_for("accounts.start"), code=303)


@bp.post("/own/end-sessions")
@allowed(*EVERYONE_SIGNED_IN)
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere else, for a phone lost or a computer left open."""
    with db.begin() as session:
        account = operations.end_sessions(
            session, current_account().id, now=clock.now()
        )
    remember(account)
    flash("Đã đăng xuất ở mọi nơi khác.")
    return redirect(url_for("accounts.own"), code=303)


def _accepted(form: PasswordForm) -> bool:
    """Check all fields and find every problem, so that one answer tells them all."""
    account = current_account()
    form.validate()
    new = form.new.data or ""
    if form.current.data and not passwords.matches(
        account.password_hash, form.current.data
    ):
        complain(form.current, "Mật khẩu đang dùng không đúng.")
    if new and (weakness := passwords.weakness(new, account.username)):
        complain(form.new, WEAKNESSES[weakness])
    elif new and new == form.current.data:
        complain(form.new, "Mật khẩu mới phải khác mật khẩu đang dùng.")
    if form.again.data and new != form.again.data:
        complain(form.again, "Hai lần nhập mật khẩu mới không giống nhau.")
    return not form.errors


def _page(form: PasswordForm) -> str:
    account = current_account()
    return render_template(
        "accounts/own.html",
        form=form,
        account=account,
        place=queries.place(account),
        role=roles.NAMES[account.role],
    )
