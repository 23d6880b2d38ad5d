"""Downloads: tables for spreadsheets, and the frozen files for analysts."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from analysis.results import OfficeReport
from survey_app.accounts.access import allowed
from survey_app.errors import NotFound
from survey_app.models import Role
from survey_app.results import downloads, reading, sheets
from survey_app.results.blueprint import bp
from survey_app.results.queries import MAY_FREEZE, OVERSEERS, Shown
from survey_app.results.views import must_be_own, shown_here
from survey_app.results.words import LIVE, SIMULATED

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@bp.get("/<wave_code>/offices.csv")
@allowed(*OVERSEERS)
def offices_csv(wave_code: str) -> ResponseReturnValue:
    """The table of all offices."""
    shown = shown_here(wave_code)
    table = sheets.scorecard(shown.results.report)
    return _file(shown, downloads.csv_file(table, _notices(shown)), "don-vi.csv", CSV)


@bp.get("/<wave_code>/offices.xlsx")
@allowed(*OVERSEERS)
def offices_xlsx(wave_code: str) -> ResponseReturnValue:
    """Every table of a wave, one sheet each."""
    shown = shown_here(wave_code)
    report = shown.results.report
    book = downloads.workbook(
        [
            sheets.scorecard(report),
            sheets.figures(report.offices),
            sheets.levels(report.offices),
            sheets.posters(report, report.offices),
            sheets.provenance(report),
        ],
        _notices(shown),
    )
    return _file(shown, book, "ket-qua.xlsx", XLSX)


@bp.get("/<wave_code>/offices/<office_code>/figures.csv")
@allowed(*OVERSEERS, Role.LEADER)
def office_csv(wave_code: str, office_code: str) -> ResponseReturnValue:
    """Index, factors and criteria of one office."""
    shown = shown_here(wave_code)
    must_be_own(shown, office_code)
    table = sheets.figures([_office(shown, office_code)])
    content = downloads.csv_file(table, _notices(shown))
    return _file(shown, content, f"{office_code}.csv", CSV)


@bp.get("/<wave_code>/offices/<office_code>/figures.xlsx")
@allowed(*OVERSEERS, Role.LEADER)
def office_xlsx(wave_code: str, office_code: str) -> ResponseReturnValue:
    """Every table of one office, one sheet each."""
    shown = shown_here(wave_code)
    must_be_own(shown, office_code)
    report, only = shown.results.report, [_office(shown, office_code)]
    book = downloads.workbook(
        [
            sheets.figures(only),
            sheets.levels(only),
            sheets.posters(report, only),
            sheets.provenance(report),
        ],
        _notices(shown),
    )
    return _file(shown, book, f"{office_code}.xlsx", XLSX)


@bp.get("/<wave_code>/frozen.zip")
@allowed(*MAY_FREEZE)
def frozen_zip(wave_code: str) -> ResponseReturnValue:
    """The frozen files themselves."""
    shown = shown_here(wave_code)
    if shown.version is None:
        raise NotFound
    folder = reading.frozen_root() / shown.version.folder
    content = downloads.archive(folder, simulated=shown.wave.simulated)
    return _file(shown, content, "bo-so-lieu.zip", ZIP)


def _notices(shown: Shown) -> list[str]:
    notices = []
    if shown.wave.simulated:
        notices.append(f"{SIMULATED} – không phải kết quả khảo sát thật")
    if shown.version is None:
        notices.append(f"{LIVE} – đợt khảo sát chưa chốt")
    return notices


def _office(shown: Shown, code: str) -> OfficeReport:
    try:
        return shown.results.report.office(code)
    except KeyError:
        raise NotFound from None


def _file(shown: Shown, content: bytes, name: str, kind: str) -> Response:
    version = f"v{shown.version.number}" if shown.version else "tam"
    response = Response(content, content_type=kind)
    response.headers.set(
        "Content-Disposition",
        "attachment",
        filename=f"{shown.wave.code}-{version}-{name}",
    )
    return response
