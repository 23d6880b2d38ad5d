"""For the one-stop software: transactions in, slips out; and the keys it needs."""

from __future__ import annotations

from survey_app.api import key_views, pages, transaction_views
from survey_app.api.blueprint import bp, key_bp

__all__ = ["bp", "key_bp", "key_views", "pages", "transaction_views"]
