"""``sipas questionnaire paper``: a form as PDF, to look at or numbered for a wave."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from survey_app.authoring import sources
from survey_app.authoring.commands import FILE, NEW_FILE, questionnaire
from survey_app.errors import Refused

__all__ = ["paper", "questionnaire"]


@questionnaire.command()
@click.argument("source", required=False)
@click.option("-o", "--output", type=NEW_FILE, help="Tệp .pdf; mặc định theo mã phiếu.")
@click.option("--language", default="", help="Ngôn ngữ, ví dụ km; mặc định là bản gốc.")
@click.option(
    "--translation", "translations", multiple=True, type=FILE, help="Thêm tệp bản dịch."
)
@click.option("--wave", "wave_code", help="Mã đợt: cấp phiếu có số cho đợt này.")
@click.option("--office", "office_code", help="Mã đơn vị nhận phiếu có số.")
@click.option("--copies", type=click.IntRange(min=1), help="Số phiếu có số.")
def paper(
    source: str | None,
    output: Path | None,
    language: str,
    translations: Sequence[Path],
    wave_code: str | None,
    office_code: str | None,
    copies: int | None,
) -> None:
    """In một phiếu ra PDF: bản mẫu của SOURCE, hoặc phiếu có số cho một đơn vị.

    SOURCE là tệp .toml, .xlsx hoặc mã một phiếu đã công bố. Với --wave, --office và
    --copies thì dùng phiếu của đợt, và mỗi phiếu có một số riêng phải đối chiếu.
    """
    if source and not (wave_code or office_code or copies):
        content, name = _specimen(source, language, translations)
    elif wave_code and office_code and copies and not source:
        content, name = _numbered(wave_code, office_code, language, copies)
    else:
        raise click.UsageError(
            "Ghi SOURCE để in bản mẫu, hoặc đủ --wave, --office và --copies."
        )
    path = output or Path(name)
    path.write_bytes(content)
    click.echo(f"Đã ghi {path}.")


def _specimen(
    source: str, language: str, translations: Sequence[Path]
) -> tuple[bytes, str]:
    from survey_app import create_app
    from survey_app.paper import printing

    form = sources.find(source, translations).in_language(language)
    with create_app().app_context():
        return printing.specimen(form), f"{form.id}-{form.language}.pdf"


def _numbered(
    wave_code: str, office_code: str, language: str, count: int
) -> tuple[bytes, str]:
    """Issue copies and print them; refused before anything is numbered."""
    from survey_app import clock, create_app, db, languages
    from survey_app.accounts import audit
    from survey_app.fieldwork import queries
    from survey_app.fieldwork.addresses import is_demonstration, site
    from survey_app.paper import copies, printing, serials
    from survey_app.paper.views import questionnaire_of

    now = clock.now()
    with create_app().app_context():
        if is_demonstration():
            raise Refused("Bản trình diễn chỉ in phiếu giấy từ trang web.")
        printed_site = site()
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            office = next((o for o in wave.offices if o.code == office_code), None)
            if office is None:
                raise Refused(f"Đợt {wave_code} không có đơn vị mã “{office_code}”.")
            form = questionnaire_of(session, wave)
            language = language or form.language
            made = copies.issue(
                session, wave, office.id, count=count, language=language, now=now
            )
            detail = {
                "office": office.code,
                "count": count,
                "language": language,
                "first": serials.printed(made[0].serial),
                "last": serials.printed(made[-1].serial),
            }
            audit.record(session, None, "paper.issued", wave.code, detail, now=now)
            form = languages.translated(session, form, language)
            issued = printing.Issued(
                office.name, wave.name, printed_site.shown, wave.simulated
            )
            ready = [
                printing.Copy(f.serial, f.response_id) for f in made if f.response_id
            ]
        content = printing.copies_of(form, issued, ready)
        click.echo(f"Đã cấp số {detail['first']} đến {detail['last']}.")
        return content, f"phieu-giay-{wave.code}-{office.code}.pdf"
