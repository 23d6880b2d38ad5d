"""Pages of results: the waves, all offices of a wave, one office."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from survey_app import clock, db
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import NotAllowed, NotFound
from survey_app.models import Role
from survey_app.results import queries, scorecard
from survey_app.results.blueprint import bp
from survey_app.results.queries import OVERSEERS, Shown
from survey_app.results.scorecard import Wish


@bp.get("/")
@allowed(*OVERSEERS, Role.LEADER)
def overview() -> ResponseReturnValue:
    """The waves with results."""
    account = current_account()
    with db.read() as session:
        rows = queries.waves(session, account)
    may_freeze = account.role in queries.MAY_FREEZE
    return render_template("results/overview.html", waves=rows, may_freeze=may_freeze)


@bp.get("/<wave_code>/")
@allowed(*OVERSEERS)
def offices(wave_code: str) -> ResponseReturnValue:
    """All offices of a wave side by side, without ranks."""
    shown = shown_here(wave_code)
    wish = Wish.read(request.args)
    return render_template(
        "results/offices.html",
        shown=shown,
        report=shown.results.report,
        wish=wish,
        card=scorecard.scorecard(shown.results.report, wish),
        levels=scorecard.levels(shown.results.report),
        names={o.code: o.name for o in shown.results.report.offices},
        may_take_files=current_account().role in queries.MAY_FREEZE,
    )


@bp.get("/<wave_code>/offices/<office_code>/")
@allowed(*OVERSEERS, Role.LEADER)
def office(wave_code: str, office_code: str) -> ResponseReturnValue:
    """Everything about one office."""
    shown = shown_here(wave_code)
    must_be_own(shown, office_code)
    report = shown.results.report
    try:
        found = report.office(office_code)
    except KeyError:
        raise NotFound from None
    return render_template(
        "results/office.html",
        shown=shown,
        report=report,
        office=found,
        groups=scorecard.by_factor(found, shown.results.questionnaire),
        part_flags=scorecard.part_flags(found),
        accuracy=scorecard.accuracy(report, found),
        posters=[row for row in report.open_ballots if row.code == office_code],
    )


def shown_here(wave_code: str) -> Shown:
    """The wave that the address names, in the version it asks for."""
    with db.read() as session:
        return queries.show(
            session,
            current_account(),
            wave_code,
            request.args.get("version", ""),
            now=clock.now(),
        )


def must_be_own(shown: Shown, office_code: str) -> None:
    """A leader sees one office; everyone else who gets here sees all."""
    is_leader = current_account().role is Role.LEADER
    if is_leader and shown.wave.own_office != office_code:
        raise NotAllowed
