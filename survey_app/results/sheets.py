"""Tables of figures as they leave the program, the same numbers in every format.

Percents are numbers from 0 to 100; an empty cell is a withheld figure, and the
reason stands in a cell of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from analysis.results import Figure, OfficeReport, WaveReport
from survey_app.results import words

Cell = str | int | float | None

FIGURE = (
    *("Giá trị (%)", "Sai số chuẩn (điểm %)", "Cận dưới (%)", "Cận trên (%)"),
    *("n", "n hiệu dụng", "Bậc tự do", "Thiếu (%)", "deff", "Lưu ý"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a title, the names of its columns, its rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def scorecard(report: WaveReport) -> Sheet:
    """One row per office: index, points, denominators."""
    header = (
        *("Mã", "Đơn vị", "Cấp", "Hồ sơ trong khung (N)", "Mã đã phát"),
        *("Phiếu", "Tỷ lệ trả lời (%)"),
        *(f"Chỉ số: {name}" for name in FIGURE),
        *("Điểm", "Điểm: cận dưới", "Điểm: cận trên", "Điểm tối đa"),
    )
    return Sheet("Đơn vị", header, tuple(_office(o) for o in report.offices))


def figures(offices: Iterable[OfficeReport]) -> Sheet:
    """One row per office and figure: index, factors, criteria."""
    header = ("Mã", "Đơn vị", "Loại", "Mã số liệu", "Nội dung", *FIGURE)
    rows = tuple(
        (office.code, office.name, kind, id_, text, *_figure(figure))
        for office in offices
        for kind, id_, text, figure in _figures(office)
    )
    return Sheet("Yếu tố và tiêu chí", header, rows)


def levels(offices: Iterable[OfficeReport]) -> Sheet:
    """One row per office, criterion and level."""
    header = ("Mã", "Đơn vị", "Tiêu chí", "Nội dung", "Mức", "Tên mức", "%", "Phiếu")
    rows = tuple(
        (
            *(office.code, office.name, criterion.id, criterion.text),
            *(level.level, level.label, _percent(level.share), level.n),
        )
        for office in offices
        for criterion in office.criteria
        for level in criterion.levels
    )
    return Sheet("Các mức trả lời", header, rows)


def posters(report: WaveReport, offices: Iterable[OfficeReport]) -> Sheet:
    """Ballots from posters, which are nobody's sample."""
    wanted = {office.code for office in offices}
    header = ("Mã", "Đơn vị", "Phiếu", "Hài lòng (%)", "Ghi chú")
    rows = tuple(
        (row.code, row.name, row.n, _percent(row.share), words.NOT_REPRESENTATIVE)
        for row in report.open_ballots
        if row.code in wanted
    )
    return Sheet("Áp phích", header, rows)


def provenance(report: WaveReport) -> Sheet:
    """How the figures were made, in pairs."""
    header = report.header
    pairs: list[tuple[str, Cell]] = [
        ("Đợt khảo sát", f"{header.wave_id} – {header.wave_name}"),
        ("Kỳ", f"{header.period_start} – {header.period_end}"),
        ("Phiên bản bộ số liệu", header.version if header.version else words.LIVE),
        ("Chốt lúc", header.frozen_at),
        ("Phiên bản phần mềm", header.program_version),
        ("Số gieo ngẫu nhiên", str(header.seed)),
        ("Mẫu phiếu", f"{header.questionnaire_id} – {header.questionnaire_title}"),
        ("SHA-256 của mẫu phiếu", header.questionnaire_sha256),
        ("Bộ quy tắc", f"{header.rule_id} – {header.rule_title}"),
        ("Tình trạng bộ quy tắc", words.RULE_STATUSES[header.rule_status]),
        ("Căn cứ", header.rule_citation),
        ("SHA-256 của bộ quy tắc", header.rule_sha256),
        ("Chỉ số", words.INDEX_RULES[header.index_rule]),
        ("Yếu tố", words.FACTOR_RULES[header.factor_rule]),
        ("Khi thiếu thành phần", words.MISSING_PARTS[header.missing_part]),
        ("Gộp lĩnh vực vào đơn vị", words.ROLLUPS[header.field_to_office]),
        ("Gộp đơn vị vào tỉnh", words.ROLLUPS[header.office_to_province]),
        (
            "Nguồn phiếu được tính",
            "; ".join(words.SELECTIONS[s] for s in header.counted),
        ),
        ("Độ tin cậy của khoảng", header.confidence),
    ]
    pairs += [(f"SHA-256 của {name}", sha) for name, sha in header.files.items()]
    return Sheet("Cách tính", ("Mục", "Nội dung"), tuple(pairs))


def _office(office: OfficeReport) -> tuple[Cell, ...]:
    points = office.points
    return (
        office.code,
        office.name,
        words.level(office.level),
        office.frame_size,
        office.issued,
        office.responses,
        _percent(office.response_rate),
        *_figure(office.index),
        _exact(points.awarded),
        _exact(points.low),
        _exact(points.high),
        _exact(points.full_marks),
    )


def _figures(office: OfficeReport) -> Iterator[tuple[str, str, str, Figure]]:
    yield "Chỉ số", "index", "Chỉ số hài lòng", office.index
    for factor in office.factors:
        yield "Yếu tố", factor.id, factor.title, factor.figure
    for criterion in office.criteria:
        yield "Tiêu chí", criterion.id, criterion.text, criterion.figure


def _figure(figure: Figure) -> tuple[Cell, ...]:
    notes = [words.flag(flag).short for flag in figure.flags]
    if figure.value is None:
        notes.insert(0, words.reason(figure.reason).short)
    return (
        _percent(figure.value),
        _percent(figure.std_error),
        _percent(figure.low),
        _percent(figure.high),
        figure.n,
        _rounded(figure.n_eff, 2),
        figure.df,
        _percent(figure.missing_share),
        _rounded(figure.deff, 4),
        "; ".join(notes),
    )


def _percent(share: float | None) -> float | None:
    return _rounded(None if share is None else share * 100, 4)


def _exact(points: Decimal | None) -> float | None:
    return None if points is None else float(points)


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
