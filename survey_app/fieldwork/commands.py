"""Commands of fieldwork: bringing in files, sampling, and the states of a wave."""

from __future__ import annotations

from survey_app.fieldwork.dispatch_commands import posters
from survey_app.fieldwork.import_commands import import_
from survey_app.fieldwork.sample_commands import sample
from survey_app.fieldwork.wave_commands import wave

wave.add_command(posters)

__all__ = ["import_", "sample", "wave"]
