"""People who work with the program: signing in, roles, passwords, the audit log."""

from __future__ import annotations

from survey_app.accounts import audit, audit_pages, own, people, sign_in
from survey_app.accounts.blueprint import bp
from survey_app.accounts.identity import init_app

__all__ = ["audit", "audit_pages", "bp", "init_app", "own", "people", "sign_in"]
