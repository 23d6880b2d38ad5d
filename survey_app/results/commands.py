"""Figures of a frozen set on the command line; no database is needed for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from analysis.responses import read
from analysis.results import Figure, OfficeReport, Reason, WaveReport
from survey_app.errors import Refused
from survey_app.formats import MISSING, number, percent
from survey_app.results import words
from survey_app.results.manifest import verify_folder
from survey_app.results.reading import results_of

# Nobody has decided how to count: that is a refusal. Too few answers is a finding.
UNDECIDED = (Reason.ROLLUP_UNSET, Reason.POINTS_UNSET, Reason.NO_OVERALL_QUESTION)

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("frozen", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="In dưới dạng JSON.")
def index(frozen: Path, as_json: bool) -> None:
    """Chỉ số hài lòng của từng đơn vị trong một bộ số liệu đã chốt."""
    report = _report(frozen)
    header = ("Mã", "Đơn vị", "Chỉ số", "Khoảng", "SE", "n", "N", "Trả lời", "Lưu ý")
    rows = [
        (
            *(office.code, office.name, _value(office.index)),
            *(_interval(office.index), _std_error(office.index)),
            *(number(office.index.n), number(office.frame_size)),
            *(percent(office.response_rate, 1), _notes(office.index)),
        )
        for office in report.offices
    ]
    province = report.province.index
    rows.append(
        (
            *("", "Chung", _value(province), _interval(province)),
            *(_std_error(province), number(province.n), "", "", _notes(province)),
        )
    )
    _print(report, header, rows, as_json)
    _refuse(office.index.reason for office in report.offices)


@click.command()
@click.argument("frozen", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="In dưới dạng JSON.")
def score(frozen: Path, as_json: bool) -> None:
    """Điểm SIPAS của từng đơn vị, theo bộ quy tắc trong bộ số liệu đã chốt."""
    report = _report(frozen)
    header = ("Mã", "Đơn vị", "Điểm", "Khoảng", "Tối đa", "Chỉ số", "n", "Lưu ý")
    rows = [_scored(office) for office in report.offices]
    _print(report, header, rows, as_json)
    _refuse(
        reason
        for office in report.offices
        for reason in (office.points.reason, office.index.reason)
    )


def _report(folder: Path) -> WaveReport:
    if problems := verify_folder(folder):
        raise Refused(*problems)
    return results_of(read(folder)).report


def _scored(office: OfficeReport) -> tuple[str, ...]:
    points = office.points
    ends = f"{number(points.low, 2)} – {number(points.high, 2)}"
    notes = [words.flag(flag).short for flag in points.flags]
    if points.reason:
        notes.insert(0, words.reason(points.reason).short)
    return (
        office.code,
        office.name,
        number(points.awarded, 2),
        MISSING if points.awarded is None else ends,
        number(points.full_marks),
        _value(office.index),
        number(office.index.n),
        "; ".join(notes),
    )


def _value(figure: Figure) -> str:
    return percent(figure.value)


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return MISSING
    return f"{number(figure.low * 100, 1)} – {number(figure.high * 100, 1)}"


def _std_error(figure: Figure) -> str:
    return number(None if figure.std_error is None else figure.std_error * 100, 2)


def _notes(figure: Figure) -> str:
    notes = [words.flag(flag).short for flag in figure.flags]
    if figure.reason:
        notes.insert(0, words.reason(figure.reason).short)
    return "; ".join(notes)


def _print(
    report: WaveReport,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    as_json: bool,
) -> None:
    if as_json:
        notice = {"notice": words.SIMULATED} if report.header.simulated else {}
        content: dict[str, Any] = {**notice, **asdict(report)}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=str))
        return
    if report.header.simulated:
        click.echo(f"{words.SIMULATED} – không phải kết quả khảo sát thật")
    about = report.header
    click.echo(f"{about.wave_name} ({about.wave_id}), phiên bản {about.version}")
    status = words.RULE_STATUSES[about.rule_status]
    click.echo(f"Bộ quy tắc: {about.rule_title} – {status}\n")
    _table(header, rows)
    for ballots in report.open_ballots:
        share = percent(ballots.share, 1)
        click.echo(
            f"Áp phích, {ballots.name}: {share} của {ballots.n} phiếu"
            f" ({words.NOT_REPRESENTATIVE})"
        )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; figures to the right."""
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    left = (0, 1, len(header) - 1)
    for line in lines:
        cells = [
            text.ljust(width) if place in left else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def _refuse(reasons: Iterable[str | None]) -> None:
    """End with 1 where the rule set leaves open what a figure needs."""
    found = [reason for reason in dict.fromkeys(reasons) if reason in UNDECIDED]
    for reason in found:
        click.echo(words.reason(reason).full, err=True)
    if found:
        sys.exit(1)
