"""Reports ready for pages: computed once from a frozen set, then kept in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

import questionnaires
from analysis import rules
from analysis.design import DesignRefused
from analysis.responses import FrozenSet, FrozenSetRefused, read
from analysis.results import WaveReport
from analysis.rules import RuleSetRejected
from questionnaires import Questionnaire
from survey_app.errors import Refused
from survey_app.models import Wave
from survey_app.results import words
from survey_app.results.manifest import verify_folder
from survey_app.results.preview import preview

PREVIEW_LASTS = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """The report of a wave with what is needed to explain it."""

    report: WaveReport
    questionnaire: Questionnaire
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Preview:
    """Results as they stood at a moment."""

    results: Results
    made_at: datetime


def frozen_root() -> Path:
    """The folder that holds the frozen sets of this instance."""
    return Path(current_app.config["INSTANCE"]) / "frozen"


@lru_cache(maxsize=32)
def from_folder(folder: Path, manifest_sha256: str) -> Results:
    """The results of a frozen set, computed when first asked for.

    The hash is the key: the same hash is the same files, so nothing goes stale.

    Raises
    ------
    Refused
        If the files are not those that were frozen.
    """
    if problems := verify_folder(folder, manifest_sha256):
        raise Refused(
            "Bộ số liệu không còn nguyên vẹn nên không dùng được.",
            *problems,
            "Vui lòng khôi phục thư mục này từ bản sao lưu.",
        )
    return results_of(read(folder))


def results_of(frozen: FrozenSet) -> Results:
    """Everything printed about a set, by the form and the rules inside it.

    Raises
    ------
    Refused
        If the rules do not fit the form, or ballots contradict the frame.
    """
    from analysis.reports import wave_report

    questionnaire = questionnaires.parse(frozen.manifest["questionnaire"]["text"])
    try:
        rule_set = rules.parse(frozen.manifest["rule_set"]["text"])
        report = wave_report(frozen, questionnaire, rule_set)
    except RuleSetRejected as rejected:
        raise Refused(*map(words.rule_problem, rejected.problems)) from rejected
    except (DesignRefused, FrozenSetRefused) as refused:
        raise Refused(
            "Số phiếu và khung hồ sơ của bộ số liệu mâu thuẫn nhau.", *refused.problems
        ) from refused
    return Results(report, questionnaire, frozen.manifest)


def live(session: Session, wave: Wave, *, now: datetime) -> Preview:
    """Figures of a wave that is not frozen, renewed once a minute and not oftener.

    A figure that moved with every ballot would tell what the last one said.
    """
    kept: dict[int, Preview] = current_app.extensions.setdefault("previews", {})
    found = kept.get(wave.id)
    if found is None or not now - PREVIEW_LASTS < found.made_at <= now:
        found = kept[wave.id] = Preview(results_of(preview(session, wave)), now)
    return found
