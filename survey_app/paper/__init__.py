"""Paper: numbered copies, printed, given out, typed in twice and accounted for."""

from __future__ import annotations

from survey_app.paper import entry_views, settling_views, views
from survey_app.paper.blueprint import bp

__all__ = ["bp", "entry_views", "settling_views", "views"]
