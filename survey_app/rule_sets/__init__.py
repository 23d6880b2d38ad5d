"""Rule sets as those in charge meet them: read, entered with a citation, compared."""

from __future__ import annotations

from survey_app.rule_sets import entering_views, views
from survey_app.rule_sets.blueprint import bp

__all__ = ["bp", "entering_views", "views"]
