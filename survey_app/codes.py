"""Codes that people carry on paper: made, typed back, and checked.

A code is 32 symbols that nobody confuses, the last one a check symbol: one
mistyped symbol or two swapped neighbours are found before any search.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", " -._\t\n")

SLIP_LENGTH = 10
POSTER_LENGTH = 8


class Mistyped(ValueError):
    """A code of the wrong length, with a foreign symbol or a wrong check symbol."""


def normalise(typed: str, *, length: int) -> str:
    """The code a person meant: any case, O as 0, I and L as 1, blanks dropped.

    Raises
    ------
    Mistyped
        If it cannot be a code, so there is no sense in looking it up.
    """
    code = typed.upper().translate(_MISREAD)
    if len(code) != length or any(symbol not in SYMBOLS for symbol in code):
        raise Mistyped
    if check_symbol(code[:-1]) != code[-1]:
        raise Mistyped
    return code


def check_symbol(symbols: str) -> str:
    """Luhn's check symbol for an alphabet of 32 (ISO/IEC 7812-1 generalised)."""
    total = 0
    for place, symbol in enumerate(reversed(symbols)):
        value = SYMBOLS.index(symbol)
        doubled = value * 2 if place % 2 == 0 else value
        total += doubled // 32 + doubled % 32
    return SYMBOLS[-total % 32]


def slip_code(key: bytes, invitation_id: UUID, version: int) -> str:
    """The code of an invitation: a reprint gives the same, a new version another.

    Nothing needs to be kept to print it again, so nothing can leak it.
    """
    message = b"slip" + invitation_id.bytes + version.to_bytes(4, "big")
    return _from_bits(hmac.digest(key, message, "sha256"), SLIP_LENGTH - 1)


def random_code(length: int) -> str:
    return _from_bits(secrets.token_bytes(32), length - 1)


def code_hash(key: bytes, code: str) -> str:
    """What the table keeps instead of a code, shape (64,) hexadecimal."""
    return hmac.new(key, b"code" + code.encode("ascii"), hashlib.sha256).hexdigest()


def dossier_hash(key: bytes, wave_code: str, dossier: str) -> str:
    """What the table keeps instead of a dossier code; differs from wave to wave."""
    message = f"dossier\0{wave_code}\0{dossier.strip().upper()}"
    return hmac.new(key, message.encode("utf-8"), hashlib.sha256).hexdigest()


def person_hash(key: bytes, wave_code: str, person: str) -> str:
    """What the table keeps instead of a person's key; differs from wave to wave."""
    message = f"person\0{wave_code}\0{''.join(person.split()).upper()}"
    return hmac.new(key, message.encode("utf-8"), hashlib.sha256).hexdigest()


def grouped(code: str) -> str:
    """A code as printed for typing, in groups: ``7K3M9-QX2TA``."""
    half = (len(code) + 1) // 2
    return f"{code[:half]}-{code[half:]}"


def _from_bits(source: bytes, symbols: int) -> str:
    bits = int.from_bytes(source[:16], "big")
    code = "".join(SYMBOLS[bits >> 5 * place & 31] for place in range(symbols))
    return code + check_symbol(code)
