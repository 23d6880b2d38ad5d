"""``sipas wave freeze``: freezing on the command line."""

from __future__ import annotations

import json

import click

from survey_app import clock, create_app, db
from survey_app.results import queries
from survey_app.results.freezing import forget_old_copies, freeze_wave
from survey_app.results.reading import frozen_root


@click.command()
@click.argument("code")
@click.option("--reason", default="", help="Lý do; bắt buộc từ phiên bản thứ hai.")
@click.option(
    "--confirm-open-pages",
    is_flag=True,
    help="Chấp nhận bỏ phiếu của các trang người dân đã mở trước khi đóng.",
)
@click.option("--json", "as_json", is_flag=True, help="In dưới dạng JSON.")
def freeze(code: str, reason: str, confirm_open_pages: bool, as_json: bool) -> None:
    """Chốt bộ số liệu của một đợt đã đóng; chưa chốt được thì nêu mọi lý do."""
    with create_app().app_context():
        root = frozen_root()
        with db.begin() as session:
            frozen = freeze_wave(
                session,
                queries.find_wave(session, code),
                now=clock.now(),
                folder_root=root,
                reason=reason,
                confirm_open_pages=confirm_open_pages,
            )
        forget_old_copies(db.current_database())
    folder = str(root / f"{code}-v{frozen.version}")
    if as_json:
        made = {
            "folder": folder,
            "version": frozen.version,
            "manifest_sha256": frozen.manifest_sha256,
        }
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        click.echo(f"Đã chốt bộ số liệu: {folder}")
