"""Slips given with the result: which counters, the counter's screen, the watch kept."""

from __future__ import annotations

from survey_app.hand_over import plan_views, screen_views, slip_views, watch_views
from survey_app.hand_over.blueprint import bp

__all__ = ["bp", "plan_views", "screen_views", "slip_views", "watch_views"]
