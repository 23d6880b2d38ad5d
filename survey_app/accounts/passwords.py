"""Passwords: made once, kept only as argon2 hashes, compared in the same time
whether or not the account exists."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey_app.codes import SYMBOLS
from survey_app.formats import nfc

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    return _hasher.hash(nfc(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without an account it takes as long to say no."""
    try:
        _hasher.verify(password_hash or _nobody(), nfc(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def one_time() -> tuple[str, str]:
    """A random password to hand over, 80 bits, easy to read out, and its hash."""
    symbols = "".join(secrets.choice(SYMBOLS) for _ in range(16))
    password = "-".join(symbols[at : at + 4] for at in range(0, 16, 4))
    return password, hashed(password)


def weakness(password: str, username: str) -> str | None:
    """Why a new password is not good enough, as a word, or None when it is."""
    if len(password) < SHORTEST:
        return "short"
    if username.casefold() in password.casefold():
        return "has_username"
    if len(set(password)) < 5:
        return "monotonous"
    return None


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe())
