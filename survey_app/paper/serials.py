"""The number on a paper copy: six digits and a check digit, ``000123-0``.

One mistyped digit, or two swapped neighbours, is found before any search.
"""

from __future__ import annotations

import re


class Mistyped(ValueError):
    """Not the number of any copy: too short, or its check digit does not fit."""


def printed(serial: int) -> str:
    """The number as it stands on the copy."""
    return f"{serial:06d}-{_check_digit(str(serial))}"


def scanned(serial: int) -> str:
    """The number as its QR code holds it: digits only, so the code stays small."""
    return printed(serial).replace("-", "")


def read(typed: str) -> int:
    """The copy a person means, whatever blanks, dashes or zeros are typed or not.

    Raises
    ------
    Mistyped
    """
    digits = re.sub(r"[\s.-]", "", typed)
    if not re.fullmatch(r"[0-9]{2,12}", digits):
        raise Mistyped
    serial, check = digits[:-1].lstrip("0"), digits[-1]
    if not serial or _check_digit(serial) != check:
        raise Mistyped
    return int(serial)


def _check_digit(digits: str) -> str:
    """Luhn's check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return str(-total % 10)
