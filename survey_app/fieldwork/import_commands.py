"""``sipas import``: offices and finished transactions from files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import cast

import click

from survey_app import clock, create_app, db
from survey_app.accounts import audit
from survey_app.fieldwork import transactions, waves
from survey_app.fieldwork.office_import import SHIPPED, import_offices, shipped
from survey_app.fieldwork.printing import as_json, print_json
from survey_app.fieldwork.problems import RowsRefused, bad_rows_csv
from survey_app.formats import number

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_() -> None:
    """Nhập đơn vị, hồ sơ, phiếu từ tệp."""


@import_.command("offices")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--shipped",
    "name",
    type=click.Choice(list(SHIPPED)),
    help="Bộ đơn vị kèm theo chương trình, thay cho tệp.",
)
@as_json
def offices(file: Path | None, name: str | None, as_json: bool) -> None:
    """Nhập đơn vị, Bộ phận Một cửa và quầy; một dòng sai thì không nhập gì."""
    if (file is None) == (name is None):
        raise click.UsageError("Cần đúng một trong hai: FILE hoặc --shipped.")
    now = clock.now()
    opened = file.open("rb") if file else shipped(cast(str, name))
    with create_app().app_context(), opened as source, db.begin() as session:
        done = import_offices(session, source)
        detail = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
        subject = file.name if file else str(name)
        audit.record(session, None, "offices.imported", subject, detail, now=now)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(
        f"Đơn vị: {number(done.new)} mới, {number(done.changed)} thay đổi,"
        f" {number(done.unchanged)} không đổi. Bộ phận Một cửa mới:"
        f" {number(done.shops)}. Quầy mới: {number(done.counters)}."
    )
    for notice in done.notices:
        click.echo(notice, err=True)


@import_.command("transactions")
@click.argument("file", type=FILE)
@click.option("--wave", "wave_code", required=True, help="Mã đợt khảo sát.")
@click.option(
    "--only-good-rows", is_flag=True, help="Nhập các dòng đúng, bỏ qua các dòng sai."
)
@click.option(
    "--bad-rows",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ghi các dòng sai kèm lý do vào tệp CSV này.",
)
@as_json
def import_transactions(
    file: Path,
    wave_code: str,
    only_good_rows: bool,
    bad_rows: Path | None,
    as_json: bool,
) -> None:
    """Nhập hồ sơ đã trả kết quả vào khung mẫu của một đợt."""
    now = clock.now()
    with create_app().app_context(), file.open("rb") as source:
        with db.read() as session:
            wave = waves.by_code(session, wave_code)
            found = transactions.check(session, wave, source, now=now)
        if found.findings and bad_rows:
            text = bad_rows_csv(found.header, found.findings)
            bad_rows.write_text(text, encoding="utf-8", newline="")
        if found.findings and not only_good_rows:
            raise RowsRefused(found.header, found.findings)
        frame_size = _store(wave.id, wave_code, found)
    left_out = found.findings.bad_rows
    for block in found.blocks:
        click.echo(
            f"{block.when}, {block.official}: {number(block.count)} hồ sơ cùng một"
            f" giây, dòng {block.first_line} đến {block.last_line}.",
            err=True,
        )
    if as_json:
        kept = len(found.finished)
        print_json({"rows": kept, "left_out": left_out, "frame_size": frame_size})
    else:
        click.echo(
            f"Đã nhập {number(len(found.finished))} hồ sơ, bỏ qua {number(left_out)}"
            f" dòng sai. Khung mẫu có {number(frame_size)} hồ sơ."
        )


def _store(wave_id: int, wave_code: str, found: transactions.Checked) -> int:
    now = clock.now()
    with db.begin() as session:
        transactions.store(session, wave_id, found.finished)
        detail = {"rows": len(found.finished), "left_out": found.findings.bad_rows}
        audit.record(session, None, "frame.imported", wave_code, detail, now=now)
        return transactions.frame_size(session, waves.by_code(session, wave_code))
