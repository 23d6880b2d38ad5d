"""Commands of fieldwork: bringing in files, sampling, and the states of a wave."""

from __future__ import annotations

from survey_app.fieldwork.import_commands import import_
from survey_app.fieldwork.sample_commands import sample
from survey_app.fieldwork.wave_commands import wave

__all__ = ["import_", "sample", "wave"]
