"""How numbers, days and names look to a Vietnamese reader."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from survey_app import clock

MISSING = "–"
_ACCENT_FREE = str.maketrans("đĐ", "dD")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        percent=percent, number=number, day=day, moment=moment, month=month
    )


def percent(share: float | None, decimals: int = 2) -> str:
    """A share from 0 to 1 as ``84,05 %``; a missing one as a dash, never as zero."""
    if share is None:
        return MISSING
    return f"{number(share * 100, decimals)} %"


def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """``1.234,5``: a point between thousands, a comma before decimals."""
    if value is None:
        return MISSING
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")).replace("-", "−")


def day(value: date | None) -> str:
    return MISSING if value is None else value.strftime("%d/%m/%Y")


def month(value: date | None) -> str:
    return MISSING if value is None else value.strftime("%m/%Y")


def moment(value: datetime | None) -> str:
    if value is None:
        return MISSING
    return value.astimezone(clock.VIETNAM).strftime("%H:%M %d/%m/%Y")


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Text for searching: lower case, without tone marks, đ as d.

    >>> folded("Phường Mỹ Thới") == folded("phuong my thoi")
    True
    """
    decomposed = unicodedata.normalize("NFD", text.translate(_ACCENT_FREE))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def spreadsheet_safe(value: object) -> object:
    """A cell that no spreadsheet will run: text that begins a formula is quoted."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
