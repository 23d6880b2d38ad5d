"""From the database to weighted columns: the way shared by freezing and preview."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app.errors import Refused
from survey_app.models import Wave, WaveStatus
from survey_app.results import tables
from survey_app.results.agreement import contradictions
from survey_app.results.gathering import Gathered, gather
from survey_app.results.strata import Weighting, weigh


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a wave holds, found to agree, and who stands for whom."""

    gathered: Gathered
    questionnaire: Questionnaire
    weighting: Weighting

    def tables(self, wave: Wave, rng: np.random.Generator) -> tables.Tables:
        return tables.build(
            self.gathered,
            self.weighting,
            self.questionnaire,
            wave_code=wave.code,
            rng=rng,
        )


def prepare(session: Session, wave: Wave) -> Prepared:
    """Gather and weigh a wave.

    Raises
    ------
    Refused
        With everything in the wave that does not fit together.
    """
    gathered = gather(session, wave)
    questionnaire = questionnaires.parse(gathered.questionnaire.text)
    still_open = wave.status is WaveStatus.OPEN
    if reasons := contradictions(gathered, questionnaire, still_open=still_open):
        raise Refused(*reasons)
    return Prepared(gathered, questionnaire, weigh(gathered))
