"""Pages that show what is published: the list, one rule set, two side by side."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app import db
from survey_app.accounts.access import allowed
from survey_app.rule_sets import queries, words
from survey_app.rule_sets.access import MAY_USE
from survey_app.rule_sets.blueprint import bp
from survey_app.rule_sets.differences import differences


@bp.get("/")
@allowed(*MAY_USE)
def rule_sets() -> ResponseReturnValue:
    """Every published rule set, searched and sorted by the address."""
    search, sort = request.args.get("q", ""), request.args.get("sort", "")
    with db.read() as session:
        found = queries.published(session, search=search, sort=sort)
    return render_template(
        "rule_sets/rule_sets.html",
        published=found,
        search=search,
        sort=sort,
        words=words,
    )


@bp.get("/<rule_set_id>/")
@allowed(*MAY_USE)
def rule_set(rule_set_id: str) -> ResponseReturnValue:
    """One rule set, to be read like the decision it restates."""
    with db.read() as session:
        found = queries.find(session, rule_set_id)
        others = [p for p in queries.published(session) if p.id != rule_set_id]
    return render_template(
        "rule_sets/rule_set.html",
        found=found,
        rules=found.rule_set,
        sources=found.rule_set.sources,
        others=others,
        words=words,
    )


@bp.get("/<rule_set_id>/rules.toml")
@allowed(*MAY_USE)
def text(rule_set_id: str) -> ResponseReturnValue:
    """The published text, byte for byte."""
    with db.read() as session:
        found = queries.find(session, rule_set_id)
    reply = Response(
        found.text.encode("utf-8"), content_type="application/toml; charset=utf-8"
    )
    filename = f"{rule_set_id}.toml"
    reply.headers.set("Content-Disposition", "attachment", filename=filename)
    return reply


@bp.get("/<before_id>/compare/<after_id>")
@allowed(*MAY_USE)
def comparison(before_id: str, after_id: str) -> ResponseReturnValue:
    """Every rule in which two versions differ."""
    with db.read() as session:
        before = queries.find(session, before_id)
        after = queries.find(session, after_id)
    return render_template(
        "rule_sets/comparison.html",
        before=before,
        after=after,
        differences=differences(before.text, after.text),
    )
