"""Put number, QR code and receipt on copies of a form that was laid out once.

Laying out takes a second and stamping a millisecond: all copies share the drawing of
each page, and every one adds a few strokes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app import qr

POINTS = 0.75  # of a CSS pixel
NUMBER_FONT, CODE_FONT = "StampNumber", "StampCode"
FOOT = (36.9, 18.5)  # where the number stands at the foot of each page, in points


@dataclass(frozen=True, slots=True)
class Stamp:
    """What differs from copy to copy."""

    number: str
    scanned: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where the form leaves room, by page: left and top in points from above."""

    number: tuple[int, float, float]
    code: tuple[int, float, float]
    receipt: tuple[int, float, float] | None


def stamp(document: Any, pdf: Any, stamps: Sequence[Stamp]) -> None:
    """Multiply the pages of a document that is about to be written."""
    import pydyf

    height = document.pages[0].height * POINTS
    places = _places(document)
    originals = _pages(pdf)
    _add_fonts(pdf, originals[0])
    before, after = pydyf.Stream([b"q"]), pydyf.Stream([b"Q"])
    for stream in (before, after):
        pdf.add_object(stream)
    drawings = [page["Contents"] for page in originals]
    for copy, each in enumerate(stamps):
        for number, original in enumerate(originals):
            own = pydyf.Stream(
                [b"\n".join(_strokes(each, places, number, height))], compress=True
            )
            pdf.add_object(own)
            page = original if copy == 0 else pydyf.Dictionary(dict(original))
            page["Contents"] = pydyf.Array(
                [before.reference, drawings[number], after.reference, own.reference]
            )
            if copy:
                pdf.add_page(page)


def _strokes(stamp: Stamp, places: Places, page: int, height: float) -> Iterator[bytes]:
    yield _text(NUMBER_FONT, 8, FOOT[0], FOOT[1], stamp.number)
    if page == places.number[0]:
        _, x, y = places.number
        yield _text(NUMBER_FONT, 12, x + 8, height - y - 10.5, stamp.number)
    if page == places.code[0]:
        _, x, y = places.code
        yield from _code(stamp.scanned, x, height - y)
    if places.receipt and page == places.receipt[0]:
        _, x, y = places.receipt
        yield _text(CODE_FONT, 12, x, height - y - 10.5, stamp.receipt)


def _text(font: str, size: float, x: float, y: float, text: str) -> bytes:
    return f"BT /{font} {size} Tf {x:.2f} {y:.2f} Td ({text}) Tj ET".encode("ascii")


def _code(text: str, left: float, top: float, side: float = 68.0) -> Iterator[bytes]:
    """The dark modules of a QR code as filled rectangles."""
    rows = qr.matrix(text, qr.Level.SLIP)
    module = side / len(rows)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                at = left + x * module, top - (y + 1) * module
                yield "{:.3f} {:.3f} {:.3f} {:.3f} re".format(
                    *at, module, module
                ).encode("ascii")
    yield b"f"


def _places(document: Any) -> Places:
    found = {
        name: (number, anchor[0] * POINTS, anchor[1] * POINTS)
        for number, page in enumerate(document.pages)
        for name, anchor in page.anchors.items()
    }
    return Places(found["serial"], found["qr"], found.get("receipt"))


def _pages(pdf: Any) -> list[Any]:
    kids = pdf.pages["Kids"]
    return [_object(pdf, f"{number} 0 R") for number in kids[::3]]


def _object(pdf: Any, reference: str | bytes) -> Any:
    text = reference.decode("ascii") if isinstance(reference, bytes) else reference
    return pdf.objects[int(text.split()[0])]


def _add_fonts(pdf: Any, page: Any) -> None:
    """Two of the fonts that every reader and printer has: digits need no other."""
    import pydyf

    fonts = _object(pdf, _object(pdf, page["Resources"])["Font"])
    for name, base in ((NUMBER_FONT, "Helvetica-Bold"), (CODE_FONT, "Courier-Bold")):
        font = pydyf.Dictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type1",
                "BaseFont": f"/{base}",
                "Encoding": "/WinAnsiEncoding",
            }
        )
        pdf.add_object(font)
        fonts[name] = font.reference
