"""What the wave before teaches about the next: how sure an index was, office by office.

Read from frozen files only, so the plan rests on figures that do not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

import questionnaires
from analysis import rules
from survey_app.models import FrozenSet, Selection, Wave


@dataclass(frozen=True, slots=True)
class LastWave:
    """The newest frozen wave before: K of its index, spread of each office's."""

    code: str
    name: str
    gain: float | None
    index: float | None
    shares: tuple[tuple[str, float], ...]

    @property
    def spreads(self) -> dict[str, float]:
        """Standard deviation of one answer; offices all satisfied are left out."""
        return {code: sqrt(p * (1 - p)) for code, p in self.shares if 0 < p < 1}


def last_wave(session: Session, wave: Wave) -> LastWave | None:
    """The wave that ended last before this one begins, if its files can be read."""
    found = session.execute(
        select(Wave.code, Wave.name, FrozenSet.folder, FrozenSet.manifest_sha256)
        .join(FrozenSet, FrozenSet.wave_id == Wave.id)
        .where(
            Wave.id != wave.id,
            Wave.period_end < wave.period_start,
            Wave.questionnaire_id == wave.questionnaire_id,
            Wave.simulated == wave.simulated,
        )
        .order_by(Wave.period_end.desc(), FrozenSet.version.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    folder = Path(current_app.config["INSTANCE"]) / "frozen" / found.folder
    return _read(found.code, found.name, folder, found.manifest_sha256)


@lru_cache(maxsize=8)
def _read(code: str, name: str, folder: Path, sha256: str) -> LastWave | None:
    from analysis.reports import wave_report
    from analysis.responses import FrozenSetRefused, read

    try:
        frozen = read(folder)
    except (FrozenSetRefused, OSError):
        return None
    report = wave_report(
        frozen,
        questionnaires.parse(frozen.manifest["questionnaire"]["text"]),
        rules.parse(frozen.manifest["rule_set"]["text"]),
    )
    worth = report.index_k.get(Selection.FROM_LIST)
    return LastWave(
        code,
        name,
        worth.value if worth else None,
        report.province.index.value,
        tuple(
            (office.code, office.index.value)
            for office in report.offices
            if office.index.value is not None
        ),
    )
