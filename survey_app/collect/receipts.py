"""The receipt on the thanks page: twelve symbols that find one ballot again.

It is the beginning of the ballot's random number, so that nothing more is stored and
the primary key finds it. Only the person who was shown it can withdraw the ballot.
"""

from __future__ import annotations

from uuid import UUID

from survey_app import codes

LENGTH = 12
_SYMBOLS = LENGTH - 1  # the last one is the check symbol


def receipt(response_id: UUID) -> str:
    """The receipt of a ballot: 55 random bits of its number and a check symbol.

    A UUIDv4 begins with 48 random bits, then the version, which says nothing, then
    random bits again, of which the first seven are used.
    """
    number = response_id.int
    bits = (number >> 80) << 7 | (number >> 69) & 0x7F
    symbols = "".join(
        codes.SYMBOLS[bits >> 5 * place & 31] for place in reversed(range(_SYMBOLS))
    )
    return symbols + codes.check_symbol(symbols)


def read(typed: str) -> str:
    """The receipt a person meant, typed in any case and with any gaps.

    Raises
    ------
    codes.Mistyped
    """
    return codes.normalise(typed, length=LENGTH)


def ids_of(receipt: str) -> tuple[UUID, UUID]:
    """The lowest and the highest ballot number that a receipt can stand for."""
    bits = 0
    for symbol in receipt[:_SYMBOLS]:
        bits = bits << 5 | codes.SYMBOLS.index(symbol)
    lowest = (bits >> 7) << 80 | 4 << 76 | (bits & 0x7F) << 69
    return UUID(int=lowest), UUID(int=lowest | (1 << 69) - 1)


def grouped(receipt: str) -> str:
    """As shown for writing down: ``7K3M-9QX2-TA4B``."""
    return "-".join(receipt[start : start + 4] for start in range(0, LENGTH, 4))
