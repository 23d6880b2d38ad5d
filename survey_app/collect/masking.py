"""No log of this program holds a code or a receipt, whoever writes it.

Codes travel in addresses, and servers like to write addresses down. Every log record
of the process is made by one factory; here it strikes the codes out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

_CODE = re.compile(r"(/(?:[PQS]|cam-on)/)[0-9a-z%._~-]+", re.IGNORECASE)


def masked(text: str) -> str:
    """The text with ``/P/7K3M9QX2TA`` as ``/P/***``."""
    return _CODE.sub(r"\1***", text)


def install() -> None:
    """Mask the records of every logger from now on; once is enough."""
    make = logging.getLogRecordFactory()
    if getattr(make, "masks_codes", False):
        return

    def make_masked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg = _masked(record.msg)
        if isinstance(record.args, Mapping):
            record.args = {name: _masked(v) for name, v in record.args.items()}
        elif record.args:
            record.args = tuple(_masked(value) for value in record.args)
        return record

    make_masked.masks_codes = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_masked)


def _masked(value: object) -> object:
    return masked(value) if isinstance(value, str) else value
