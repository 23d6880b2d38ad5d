"""Properties are checked without a clock: a busy machine is no reason to fail."""

from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")
