"""QR codes as inline SVG: sharp at any print size, no request of their own."""

from __future__ import annotations

from enum import IntEnum

from markupsafe import Markup, escape
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

QUIET_ZONE = 4  # modules of white around the code that the standard asks for


class Level(IntEnum):
    """How much of a code may be lost: slips 15 %, posters, which get dirty, 25 %."""

    SLIP = ERROR_CORRECT_M
    POSTER = ERROR_CORRECT_Q


def matrix(text: str, level: Level) -> list[list[bool]]:
    """Dark modules by row and column, the quiet zone included."""
    code = QRCode(error_correction=level, border=QUIET_ZONE, box_size=1)
    code.add_data(text)
    code.make(fit=True)
    modules: list[list[bool]] = code.get_matrix()
    return modules


def of_slip(text: str, label: str) -> Markup:
    return svg(text, Level.SLIP, label=label)


def of_poster(text: str, label: str) -> Markup:
    return svg(text, Level.POSTER, label=label)


def svg(text: str, level: Level, *, label: str) -> Markup:
    """One ``<svg>`` with one path: black runs on white, whatever the page's colours."""
    modules = matrix(text, level)
    side = len(modules)
    runs = "".join(
        f"M{x} {y}h{width}v1h-{width}z"
        for y, row in enumerate(modules)
        for x, width in _runs(row)
    )
    return Markup(
        f'<svg class="qr" role="img" aria-label="{escape(label)}"'
        f' viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path fill="#000" d="{runs}"/></svg>'
    )


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    found, x = [], 0
    while x < len(row):
        if row[x]:
            start = x
            while x < len(row) and row[x]:
                x += 1
            found.append((start, x - start))
        x += 1
    return found
