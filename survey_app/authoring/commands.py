"""``sipas questionnaire``: judge forms, bring them from Excel and back, print them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from survey_app.authoring import judging, sources
from survey_app.authoring.judging import Finding, Judged

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def questionnaire() -> None:
    """Mẫu phiếu: kiểm tra, đổi từ và sang XLSForm, in phiếu giấy."""


@questionnaire.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option(
    "--earlier",
    multiple=True,
    type=FILE,
    help="Phiếu đã công bố trước đây, ngoài các phiếu kèm theo chương trình.",
)
@click.option("--json", "as_json", is_flag=True, help="In dưới dạng JSON.")
@click.pass_context
def check(
    ctx: click.Context,
    files: Sequence[Path],
    earlier: Sequence[Path],
    as_json: bool,
) -> None:
    """Mọi lỗi của các tệp: định nghĩa (.toml), bản dịch (.toml), XLSForm (.xlsx)."""
    before = judging.shipped_definitions()
    before += [path.read_text(encoding="utf-8") for path in earlier]
    judged = _judged(files, before)
    if as_json:
        rows = [
            _row(path, found) for path, result in judged for found in result.findings
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for path, result in judged:
            _say(path, result)
    if any(result.findings for _, result in judged):
        ctx.exit(1)


@questionnaire.command("import-xlsform")
@click.argument("workbook", type=FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Thư mục nhận tệp; mặc định là thư mục hiện tại.",
)
@click.pass_context
def import_xlsform(ctx: click.Context, workbook: Path, output: Path) -> None:
    """Đổi một bảng tính XLSForm thành tệp định nghĩa, kèm các bản dịch."""
    judged = judging.judge(workbook.read_bytes(), filename=workbook.name)
    _say(workbook, judged)
    if judged.text:
        output.mkdir(parents=True, exist_ok=True)
        name = judged.questionnaire.id if judged.questionnaire else workbook.stem
        _write(output / f"{name}.toml", judged.text)
        for words in judged.translation_texts:
            _write(output / f"{name}.{judging.language_of(words)}.toml", words)
    if judged.findings:
        ctx.exit(1)


@questionnaire.command("export-xlsform")
@click.argument("source")
@click.option(
    "-o", "--output", type=NEW_FILE, help="Tệp .xlsx; mặc định theo mã phiếu."
)
@click.option(
    "--translation", "translations", multiple=True, type=FILE, help="Thêm tệp bản dịch."
)
def export_xlsform(
    source: str, output: Path | None, translations: Sequence[Path]
) -> None:
    """Đổi một phiếu (tệp .toml hoặc mã phiếu đã công bố) thành XLSForm."""
    from questionnaires.xlsform_export import export_xlsform as workbook_of

    found = sources.find(source, translations)
    path = output or Path(f"{found.questionnaire.id}.xlsx")
    path.write_bytes(workbook_of(found.questionnaire, found.translations))
    click.echo(f"Đã ghi {path}.")


def _judged(files: Sequence[Path], earlier: Sequence[str]) -> list[tuple[Path, Judged]]:
    """Every file judged; a translation against its form, given here or shipped."""
    contents = {path: path.read_bytes() for path in files}
    languages = {path: _translation(content) for path, content in contents.items()}
    results = {
        path: judging.judge(content, filename=path.name, earlier=earlier)
        for path, content in contents.items()
        if languages[path] is None
    }
    forms = {
        judged.questionnaire.id: judged.questionnaire
        for judged in (
            *(judging.judge_definition(text) for text in earlier),
            *results.values(),
        )
        if judged.questionnaire
    }
    for path, translation in languages.items():
        if translation is not None:
            form_id, text = translation
            results[path] = _judged_translation(text, form_id, forms)
    return [(path, results[path]) for path in files]


def _translation(content: bytes) -> tuple[str, str] | None:
    """The form a file translates and its text, None when it is something else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    form_id = judging.translated_form(text)
    return None if form_id is None else (form_id, text)


def _judged_translation(text: str, form_id: str, forms: dict[str, Any]) -> Judged:
    if form_id not in forms:
        return Judged(
            text,
            findings=(judging.unknown_form(form_id),),
        )
    return Judged(text, findings=judging.judge_translation(text, forms[form_id]))


def _say(path: Path, judged: Judged) -> None:
    for found in judged.findings:
        click.echo(f"{path}:{_line(found)} [{found.code}] {found.sentence}")
    for notice in judged.notices:
        click.echo(f"{path}:{_line(notice)} (lưu ý) {notice.sentence}")
    if not judged.findings:
        form = judged.questionnaire
        count = f", {len(form.questions)} câu hỏi" if form else ""
        click.echo(f"{path}: đạt{count}.")


def _line(found: Finding) -> str:
    if found.line:
        return f"{found.line}: {found.where}:" if found.where else f"{found.line}:"
    return f" {found.place}:" if found.place else ""


def _row(path: Path, found: Finding) -> dict[str, Any]:
    return {
        "file": str(path),
        "line": found.line or None,
        "where": found.where,
        "code": found.code,
        "detail": found.detail,
        "sentence": found.sentence,
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    click.echo(f"Đã ghi {path}.")
