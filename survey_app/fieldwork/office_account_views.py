"""The page that makes accounts for many offices; their passwords leave it once."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts import operations, passwords
from survey_app.accounts.access import allowed, current_account
from survey_app.accounts.roles import NAMES
from survey_app.errors import Refused
from survey_app.fieldwork import downloads, office_accounts
from survey_app.fieldwork.blueprint import bp
from survey_app.models import Role

AT_ONCE = 50  # each password is hashed slowly on purpose
HEADINGS = ("Đơn vị", "Họ tên", "Vai trò", "Tên đăng nhập", "Mật khẩu dùng một lần")


@bp.get("/offices/accounts")
@allowed(Role.ADMINISTRATOR)
def office_accounts_of() -> ResponseReturnValue:
    today = clock.vietnam_day(clock.now())
    with db.read() as session:
        missing = office_accounts.wanted(session, today=today)
    return render_template(
        "fieldwork/office_accounts.html",
        missing=missing,
        names=NAMES,
        at_once=AT_ONCE,
        days=operations.ONE_TIME_DAYS,
    )


@bp.post("/offices/accounts")
@allowed(Role.ADMINISTRATOR)
def make_office_accounts() -> ResponseReturnValue:
    """Make the next accounts and hand their passwords over, this once, as a file."""
    now = clock.now()
    with db.read() as session:
        missing = office_accounts.wanted(session, today=clock.vietnam_day(now))
    if not missing:
        raise Refused("Mọi đơn vị và quầy đã có tài khoản.")
    ready = [(account, *passwords.one_time()) for account in missing[:AT_ONCE]]
    with db.begin() as session:
        for account, _, password_hash in ready:
            operations.add(
                session,
                current_account(),
                username=account.username,
                name=account.name,
                role=account.role,
                password_hash=password_hash,
                office_id=account.office_id,
                counter_id=account.counter_id,
                now=now,
            )
    rows = [
        (a.office, a.name, NAMES[a.role], a.username, password)
        for a, password, _ in ready
    ]
    book = downloads.xlsx_bytes({"Tài khoản": [HEADINGS, *rows]})
    reply = downloads.attachment(book, "tai-khoan.xlsx")
    reply.headers["Cache-Control"] = "no-store"
    return reply
