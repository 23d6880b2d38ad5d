"""The web application: the one package that knows Flask, the database and the time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(given: Mapping[str, Any] | None = None) -> Flask:
    """Make an application from ``SIPAS_*`` variables, or from the settings given."""
    # Imported here, so that a command that needs no pages starts without them.
    from flask import Flask
    from flask_wtf import CSRFProtect

    from survey_app import (
        accounts,
        api,
        authoring,
        collect,
        db,
        errors,
        fieldwork,
        formats,
        hand_over,
        headers,
        health,
        paper,
        results,
        rule_sets,
        settings,
    )

    app = Flask(__name__)
    settings.init_app(app, given or {})
    csrf = CSRFProtect(app)
    db.init_app(app)
    errors.init_app(app)
    formats.init_app(app)
    headers.init_app(app)
    accounts.init_app(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(collect.bp)
    csrf.exempt(collect.bp)  # citizens carry no cookie, so nothing can be forged
    app.register_blueprint(accounts.bp)
    app.register_blueprint(fieldwork.bp)
    app.register_blueprint(hand_over.bp)
    app.register_blueprint(api.bp)
    csrf.exempt(api.bp)  # its callers carry a key and no cookie is read
    app.register_blueprint(api.key_bp)
    app.register_blueprint(results.bp)
    app.register_blueprint(rule_sets.bp)
    app.register_blueprint(authoring.bp)
    app.register_blueprint(paper.bp)
    return app
