"""Commands for accounts and the audit log, given on the server itself."""

from __future__ import annotations

import json

import click

from survey_app import clock, create_app, db
from survey_app.accounts import audit as log
from survey_app.accounts import operations, passwords, queries, roles
from survey_app.errors import Refused
from survey_app.models import Account, Role


@click.group()
def user() -> None:
    """Tài khoản."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Họ và tên.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.ADMINISTRATOR.value,
    show_default=True,
    help="Vai trò.",
)
@click.option("--office", help="Mã đơn vị, cho lãnh đạo đơn vị (leader).")
@click.option("--counter", help="MÃ_MỘT_CỬA/MÃ_QUẦY, cho công chức tại quầy.")
def add(
    username: str, name: str, role: str, office: str | None, counter: str | None
) -> None:
    """Thêm một tài khoản và in mật khẩu dùng một lần."""
    now = clock.now()
    password, password_hash = passwords.one_time()
    with create_app().app_context(), db.begin() as session:
        account = operations.add(
            session,
            None,
            username=username,
            name=name,
            role=Role(role),
            password_hash=password_hash,
            office_id=queries.office_id(session, office, clock.vietnam_day(now)),
            counter_id=queries.counter_id(session, counter, clock.vietnam_day(now)),
            now=now,
        )
    _hand_over(account, password)


@user.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Cấp mật khẩu dùng một lần mới, khi không còn ai đăng nhập được."""
    password, password_hash = passwords.one_time()
    with create_app().app_context(), db.begin() as session:
        found = operations.find_for_sign_in(session, username)
        if found is None:
            raise Refused(f"Không có tài khoản đang hoạt động tên {username}.")
        account = operations.reset_password(
            session, None, found.id, password_hash=password_hash, now=clock.now()
        )
    _hand_over(account, password)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def list_users(as_json: bool) -> None:
    """Liệt kê các tài khoản."""
    with create_app().app_context(), db.read() as session:
        people = queries.people(session, queries.PeopleFilter())
    if as_json:
        rows = [
            {"username": p.username, "name": p.name, "role": p.role, "active": p.active}
            for p in people
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for person in people:
        role = roles.NAMES[person.role]
        closed = "" if person.active else " (đã khóa)"
        click.echo(f"{person.username:<24} {role:<24} {person.name}{closed}")


@click.group()
def audit() -> None:
    """Nhật ký."""


@audit.command("verify")
@click.option("--head", help="Mã băm cuối đã ghi lại trước đây: phải còn trong chuỗi.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def verify(head: str | None, as_json: bool) -> None:
    """Tính lại toàn bộ chuỗi nhật ký; báo lỗi nếu có mục bị sửa, xóa hoặc chèn."""
    with create_app().app_context(), db.read() as session:
        chain = log.verify(session)
        head_kept = head is None or queries.has_audit_hash(session, head)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "entries": chain.entries,
                    "head": chain.head,
                    "broken_at": chain.broken_at,
                    "head_kept": head_kept,
                }
            )
        )
    else:
        click.echo(f"{chain.entries} mục, mã băm cuối {chain.head}")
    reasons = []
    if chain.broken_at is not None:
        reasons.append(f"Chuỗi nhật ký bị đứt tại mục số {chain.broken_at}.")
    if not head_kept:
        reasons.append(f"Không còn mục có mã băm {head}: phần cuối đã bị cắt bỏ.")
    if reasons:
        raise Refused(*reasons)


def _hand_over(account: Account, password: str) -> None:
    click.echo(f"Tài khoản:            {account.username}")
    click.echo(f"Mật khẩu một lần:     {password}")
    click.echo(
        f"Dùng được trong {operations.ONE_TIME_DAYS} ngày; khi đăng nhập lần đầu"
        " phải chọn mật khẩu riêng."
    )
