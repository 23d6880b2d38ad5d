"""What the pages for citizens say, in the languages they can be read in.

One file a language lies in ``words``; a test holds that all say the same things.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ORIGINAL = "vi"
_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The sentences of one language by key; ``reviewed`` by somebody fluent in it."""

    language: str
    reviewed: bool
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        text = self.texts[key]
        return text.format(**values) if values else text

    def find(self, key: str) -> str | None:
        return self.texts.get(key)

    def below(self, start: str) -> dict[str, str]:
        """All sentences whose key begins with a word, without that word."""
        start = f"{start}."
        return {
            key.removeprefix(start): text
            for key, text in self.texts.items()
            if key.startswith(start)
        }


def words(language: str) -> Words:
    """The sentences in a language; in Vietnamese where there are none."""
    return _read(language if language in spoken() else ORIGINAL)


@cache
def spoken() -> tuple[str, ...]:
    """The languages there are sentences in, the original first."""
    others = sorted(path.stem for path in _FOLDER.glob("*.toml"))
    return (ORIGINAL, *(code for code in others if code != ORIGINAL))


@cache
def _read(language: str) -> Words:
    source = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(source.pop("language"), source.pop("reviewed"), dict(_flat(source)))


def _flat(table: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value
