"""Results: freezing a wave, and the pages, tables and files made from it."""

from survey_app.results import download_views, freeze_views, method_views, views
from survey_app.results.blueprint import bp

__all__ = ["bp", "download_views", "freeze_views", "method_views", "views"]
