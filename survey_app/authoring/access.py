"""Who reads questionnaires and who publishes them, in one place."""

from __future__ import annotations

from survey_app.models import Role

MAY_SEE = (Role.ADMINISTRATOR, Role.PLANNER, Role.ANALYST, Role.SUPERVISOR)
MAY_PUBLISH = (Role.PLANNER,)
