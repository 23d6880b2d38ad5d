"""``sipas wave posters``: files of posters for every office, however many there are."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from survey_app import create_app, db
from survey_app.fieldwork.printing import as_json, print_json


@click.command("posters")
@click.argument("wave")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Thư mục nhận các tệp; tạo mới nếu chưa có.",
)
@click.option("--office", default="", help="Chỉ các đơn vị có tên hoặc mã này.")
@as_json
def posters(wave: str, out: Path, office: str, as_json: bool) -> None:
    """Áp phích và biển để bàn: mỗi đơn vị một tệp PDF, kèm một trang hướng dẫn."""
    from survey_app.fieldwork import dispatch, waves
    from survey_app.fieldwork import posters as hanging
    from survey_app.fieldwork.addresses import site
    from survey_app.fieldwork.code_views import watermark

    app = create_app()
    with app.app_context():
        printed_site = site()
        with db.read() as session:
            found = waves.by_code(session, wave)
            hung = hanging.to_print(session, found, search=office)
        whole = dispatch.Dispatch(found, hung, printed_site, watermark(found))
        with click.progressbar(
            length=len(whole.by_office) + 1,
            label="Áp phích",
            file=sys.stderr,
        ) as bar:
            paths = dispatch.written(whole, out, lambda _: bar.update(1))
    if as_json:
        print_json({"folder": str(out), "files": [path.name for path in paths]})
    else:
        click.echo(f"{len(hung)} quầy, {len(paths)} tệp trong {out}")
