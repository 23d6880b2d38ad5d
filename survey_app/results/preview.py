"""Figures of a wave that is not frozen: for those who run it, never official."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from analysis.responses import FrozenSet
from survey_app.errors import Refused
from survey_app.models import Definition, Role, Wave, WaveStatus
from survey_app.results import tables
from survey_app.results.manifest import describe
from survey_app.results.preparation import prepare

CITIZEN = "citizen"
MAY_PREVIEW = (Role.ADMINISTRATOR, Role.PLANNER, Role.ANALYST)


def can_be_previewed(wave: Wave, definition: Definition) -> bool:
    """Officials rate colleagues: their answers are never looked at on the way."""
    return (
        wave.status in (WaveStatus.OPEN, WaveStatus.CLOSED)
        and definition.kind == CITIZEN
    )


def preview(session: Session, wave: Wave) -> FrozenSet:
    """The columns that freezing now would write, without a file and without an end.

    Raises
    ------
    Refused
        If the wave may not be previewed, or what it holds does not fit together.
    """
    definition = session.get_one(Definition, wave.questionnaire_id)
    if not can_be_previewed(wave, definition):
        raise Refused("Đợt này không có số liệu tạm để xem.")
    prepared = prepare(session, wave)
    # The order of rows means nothing here, so any fixed one serves.
    made = prepared.tables(wave, np.random.default_rng(0))
    return FrozenSet.from_columns(
        manifest=describe(
            wave,
            prepared,
            version=None,
            frozen_at=None,
            reason="",
            seed=None,
            files={},
        ),
        responses=tables.values(made.responses),
        dispositions=tables.values(made.dispositions),
        frame=tables.values(made.frame),
        live=True,
    )
