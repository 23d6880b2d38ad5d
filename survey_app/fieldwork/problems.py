"""What is wrong with a file, row by row, and the rows given back to be mended."""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from survey_app.formats import spreadsheet_safe
from survey_app.tables import FileRefused, Row

KEPT = 5_000  # problems listed; all are counted


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One cell that cannot stand: where, what it says, why not."""

    number: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Findings:
    """Problems of a whole file: the first few thousand kept, every one counted."""

    problems: list[RowProblem] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    bad_rows: int = 0

    def __bool__(self) -> bool:
        return self.bad_rows > 0

    @property
    def more(self) -> int:
        """Bad rows that are counted but not listed."""
        return self.bad_rows - len(self.rows)

    def add(self, row: Row, problems: Sequence[RowProblem]) -> None:
        if row.number not in self.rows:
            self.bad_rows += 1
            if len(self.rows) == KEPT:
                return
            self.rows[row.number] = row
        self.problems += problems


class RowsRefused(FileRefused):
    """A file with rows that cannot be imported, all of them listed."""

    title = "Tệp có dòng chưa đúng"

    def __init__(self, header: Row, findings: Findings) -> None:
        listed = [
            f"Dòng {p.number}, cột “{p.column}”: {p.value or '(trống)'} – {p.reason}."
            for p in findings.problems
        ]
        if findings.more:
            listed.append(f"Và {findings.more} dòng sai khác.")
        super().__init__(*listed)
        self.header = header
        self.findings = findings

    @property
    def download(self) -> str:
        """The bad rows as an address that holds them, so that no server keeps them."""
        text = bad_rows_csv(self.header, self.findings).encode("utf-8")
        return "data:text/csv;charset=utf-8;base64," + b64encode(text).decode("ascii")


def bad_rows_csv(header: Row, findings: Findings) -> str:
    """The bad rows as they came, with number and reasons, for a spreadsheet."""
    reasons: dict[int, list[str]] = {number: [] for number in findings.rows}
    for problem in findings.problems:
        reasons[problem.number].append(f"{problem.column}: {problem.reason}")
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Dòng", "Lý do", *map(spreadsheet_safe, header.cells)])
    for number, row in findings.rows.items():
        cells = map(spreadsheet_safe, row.cells)
        writer.writerow([number, "; ".join(reasons[number]), *cells])
    return out.getvalue()
