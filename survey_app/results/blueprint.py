from __future__ import annotations

from flask import Blueprint

from survey_app.results import words

bp = Blueprint("results", __name__, url_prefix="/results")


@bp.context_processor
def _words() -> dict[str, object]:
    """Pages turn codes of the analysis into sentences by one table."""
    return {"words": words}
