"""The page that says how a figure was made, so that anyone can check it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from analysis import rules
from analysis.undecided import undecided
from survey_app.accounts.access import allowed, current_account
from survey_app.models import Role
from survey_app.results import words
from survey_app.results.blueprint import bp
from survey_app.results.method import method_of
from survey_app.results.queries import OVERSEERS
from survey_app.results.views import shown_here


@bp.get("/<wave_code>/method")
@allowed(*OVERSEERS, Role.LEADER)
def method(wave_code: str) -> ResponseReturnValue:
    """How the figures of a wave were made."""
    shown = shown_here(wave_code)
    own = shown.wave.own_office if current_account().role is Role.LEADER else None
    manifest = shown.results.manifest
    rule_set = rules.parse(manifest["rule_set"]["text"])
    return render_template(
        "results/method.html",
        shown=shown,
        report=shown.results.report,
        manifest=manifest,
        rule_set=rule_set,
        undecided=[words.told(problem) for problem in undecided(rule_set)],
        notices=[words.told(problem) for problem in rules.notices(rule_set)],
        method=method_of(shown.results, only_office=own),
        is_leader=own is not None,
    )
