"""Who reads rule sets and who enters new ones."""

from __future__ import annotations

from survey_app.models import Role

MAY_USE = (Role.ADMINISTRATOR, Role.ANALYST)
