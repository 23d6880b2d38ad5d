"""Who gives paper out, who types it in, who settles what two typists read."""

from __future__ import annotations

from survey_app.models import Role

MAY_SEE = (Role.ADMINISTRATOR, Role.PLANNER, Role.ANALYST, Role.SUPERVISOR)
MAY_ISSUE = (Role.PLANNER,)
MAY_ENTER = (Role.PLANNER, Role.SUPERVISOR, Role.INTERVIEWER)
MAY_SETTLE = (Role.PLANNER, Role.SUPERVISOR)
MAY_LIST = (*MAY_SEE, Role.INTERVIEWER)
