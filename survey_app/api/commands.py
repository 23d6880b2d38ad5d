"""Keys of one-stop software by command, on the server itself."""

from __future__ import annotations

import click

from survey_app import clock, create_app, db
from survey_app.api import keys
from survey_app.fieldwork.printing import as_json, print_json, print_table
from survey_app.formats import day

COLUMNS = {
    "id": "Số",
    "name": "Tên",
    "key": "Khóa",
    "wave": "Đợt",
    "office": "Đơn vị",
    "state": "Tình trạng",
    "last_used_on": "Dùng lần cuối",
}


@click.group("api-key")
def api_key() -> None:
    """Khóa truy cập cho phần mềm một cửa."""


@api_key.command("add")
@click.argument("name")
@click.option("--wave", required=True, help="Mã đợt khảo sát.")
@click.option("--office", default="", help="Mã đơn vị; để trống: mọi đơn vị của đợt.")
@as_json
def add(name: str, wave: str, office: str, as_json: bool) -> None:
    """Tạo một khóa và in ra một lần duy nhất."""
    with create_app().app_context(), db.begin() as session:
        key, text = keys.make(
            session,
            None,
            name=name,
            wave_code=wave,
            office_code=office,
            now=clock.now(),
        )
        number = key.id
    if as_json:
        print_json({"id": number, "key": text})
        return
    click.echo(f"Khóa số {number}: {text}")
    click.echo("Khóa chỉ hiện một lần. Hãy chuyển cho phần mềm một cửa qua kênh kín.")


@api_key.command("list")
@as_json
def list_keys(as_json: bool) -> None:
    """Liệt kê các khóa, không có nội dung khóa."""
    with create_app().app_context(), db.read() as session:
        rows = [
            {
                "id": key.id,
                "name": key.name,
                "key": key.beginning + "…",
                "wave": key.wave.code,
                "office": key.office.code if key.office else None,
                "state": "đã thu hồi" if key.revoked_at else "đang dùng",
                "last_used_on": day(key.last_used_on),
            }
            for key in keys.all_keys(session)
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS)


@api_key.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Thu hồi một khóa theo số; phần mềm dùng khóa đó bị từ chối ngay."""
    with create_app().app_context(), db.begin() as session:
        key = keys.revoke(session, None, number, now=clock.now())
        name = key.name
    click.echo(f"Đã thu hồi khóa số {number} của {name}.")
