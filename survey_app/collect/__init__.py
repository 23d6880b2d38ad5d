"""Citizens answering: from the QR code on a slip or a poster to the thanks page."""

from __future__ import annotations

from flask import request
from flask.blueprints import BlueprintSetupState

from survey_app.collect import answering, front, masking, notices, pages, withdrawal
from survey_app.collect.blueprint import bp
from survey_app.collect.errors import TooLarge
from survey_app.collect.library import Library
from survey_app.collect.pacing import Pace
from survey_app.collect.wording import words

__all__ = ["answering", "bp", "front", "notices", "withdrawal"]

LONGEST_BALLOT = 64 * 1024

bp.after_request(pages.finish)


@bp.record_once
def _begin(state: BlueprintSetupState) -> None:
    """Each application has its own shelf of pages; codes vanish from all logs."""
    state.app.extensions["collect"] = Library()
    state.app.extensions["collect_pace"] = Pace()
    # A question is drawn by other features too, which have no words of their own.
    state.app.jinja_env.globals["words_for_citizens"] = words
    masking.install()


@bp.before_request
def _limit() -> None:
    if (request.content_length or 0) > LONGEST_BALLOT:
        raise TooLarge
