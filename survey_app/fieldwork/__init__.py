"""Fieldwork: offices, waves, the frame, the plan, codes and posters."""

from __future__ import annotations

from survey_app.fieldwork import (
    code_views,
    dispatch_views,
    frame_views,
    mapping_views,
    monitoring_views,
    office_account_views,
    office_edit_views,
    office_views,
    place_views,
    plan_document_views,
    plan_views,
    planning_views,
    poster_views,
    quota_views,
    reserve_views,
    transaction_views,
    wave_views,
)
from survey_app.fieldwork.blueprint import bp

__all__ = [
    "bp",
    "code_views",
    "dispatch_views",
    "frame_views",
    "mapping_views",
    "monitoring_views",
    "office_account_views",
    "office_edit_views",
    "office_views",
    "place_views",
    "plan_document_views",
    "plan_views",
    "planning_views",
    "poster_views",
    "quota_views",
    "reserve_views",
    "transaction_views",
    "wave_views",
]
