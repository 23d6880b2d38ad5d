"""How often one code may be tried, without noting who tries.

Counters and mobile networks share addresses, so nothing is counted by address: only
by the code itself, in memory, for one minute.
"""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from flask import current_app

from survey_app.collect.errors import TooManyTries

# Far above what people do at one poster in a full hall: a ceiling for floods only.
BALLOTS_PER_MINUTE = 6000
# Nobody guesses 55 bits, but nobody should be let try.
RECEIPTS_PER_MINUTE = 60


class Pace:
    """Counts tries by name and minute, and forgets them when the minute is over."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._tries: dict[str, int] = {}

    def count(self, name: str, *, at_most: int, now: datetime) -> None:
        """Count one try.

        Raises
        ------
        TooManyTries
            If there were ``at_most`` already in this minute.
        """
        if not current_app.config.get("RATELIMIT_ENABLED", True):
            return
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._tries = minute, {}
            tries = self._tries.get(name, 0)
            if tries >= at_most:
                raise TooManyTries
            self._tries[name] = tries + 1


def pace() -> Pace:
    found: Pace = current_app.extensions["collect_pace"]
    return found
