"""Write tables as the text of a definition file, the way people would write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(table: Mapping[str, Any]) -> str:
    """TOML of a table: its values first, then the tables inside it."""
    return "\n".join(_lines(table, "")).strip() + "\n"


def _lines(table: Mapping[str, Any], path: str) -> Iterator[str]:
    inner = {}
    for key, value in table.items():
        if isinstance(value, Mapping) or _is_tables(value):
            inner[key] = value
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in inner.items():
        header = f"{path}.{_key(key)}" if path else _key(key)
        if isinstance(value, Mapping):
            if not value or not all(_is_tables(x) for x in value.values()):
                yield f"\n[{header}]"
            yield from _lines(value, header)
        else:
            for part in value:
                yield f"\n[[{header}]]"
                yield from _lines(part, header)


def _is_tables(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, Mapping) and "answer" not in part for part in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case str():
            return _string(value)
        case Mapping():
            pairs = (f"{_key(k)} = {_value(v)}" for k, v in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case _:
            return "[" + ", ".join(_value(part) for part in value) + "]"


def _string(text: str) -> str:
    """A basic string, over several lines where the text has several."""
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if "\n" not in text:
        return quoted
    return '"""\n' + quoted[1:-1].replace("\\n", "\n") + '"""'
