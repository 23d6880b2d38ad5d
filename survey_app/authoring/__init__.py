"""Questionnaires as their authors meet them: judged, previewed, published, compared."""

from __future__ import annotations

from survey_app.authoring import (
    comparison_views,
    publishing_views,
    translation_views,
    views,
)
from survey_app.authoring.blueprint import bp

__all__ = [
    "bp",
    "comparison_views",
    "publishing_views",
    "translation_views",
    "views",
]
