"""Who does what in fieldwork, in one place."""

from __future__ import annotations

from survey_app.models import Role

MAY_SEE = (Role.ADMINISTRATOR, Role.PLANNER, Role.ANALYST, Role.SUPERVISOR)
MAY_PLAN = (Role.PLANNER,)
MAY_LIST_OFFICES = (Role.ADMINISTRATOR, Role.PLANNER)
OWN_COUNTER = (Role.COUNTER_OFFICER,)
