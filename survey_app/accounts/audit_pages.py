"""The audit log as administrators read it: filtered, checked, taken away as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app import db
from survey_app.accounts import audit, queries
from survey_app.accounts.access import allowed
from survey_app.accounts.actions import NAMES
from survey_app.accounts.blueprint import bp
from survey_app.formats import spreadsheet_safe
from survey_app.models import AuditEntry, Role

COLUMNS = (
    "id",
    "at",
    "actor",
    "action",
    "subject",
    "detail",
    "previous_hash",
    "hash",
)


@bp.get("/audit")
@allowed(Role.ADMINISTRATOR)
def audit_log() -> ResponseReturnValue:
    """Entries, latest first, as far as the address asks for them."""
    wanted, problems = _wanted()
    with db.read() as session:
        entries = queries.audit_entries(session, wanted)
        actors, actions = queries.audit_words(session)
    html = render_template(
        "accounts/audit.html",
        entries=entries,
        wanted=wanted,
        problems=problems,
        actors=actors,
        actions=actions,
        names=NAMES,
        more=len(entries) == queries.PAGE_LENGTH,
    )
    return html, 422 if problems else 200


@bp.get("/audit/check")
@allowed(Role.ADMINISTRATOR)
def check_audit_log() -> ResponseReturnValue:
    """Recompute the chain and say whether it is whole."""
    with db.read() as session:
        chain = audit.verify(session)
    return render_template("accounts/audit_check.html", chain=chain)


@bp.get("/audit.csv")
@allowed(Role.ADMINISTRATOR)
def export_audit_log() -> ResponseReturnValue:
    """The entries asked for as a file that spreadsheets open as it is."""
    wanted, _ = _wanted()
    with db.read() as session:
        entries = queries.audit_entries(session, wanted, limit=None)
    return Response(
        _as_csv(entries),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=nhat-ky.csv"},
    )


def _wanted() -> tuple[queries.AuditFilter, dict[str, str]]:
    problems: dict[str, str] = {}
    before = request.args.get("before", "")
    wanted = queries.AuditFilter(
        actor=request.args.get("actor", ""),
        action=request.args.get("action", ""),
        subject=request.args.get("subject", "").strip(),
        first_day=_day("first_day", problems),
        last_day=_day("last_day", problems),
        before=int(before) if before.isdecimal() else None,
    )
    return wanted, problems


def _day(name: str, problems: dict[str, str]) -> date | None:
    typed = request.args.get(name, "")
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        problems[name] = "Vui lòng chọn một ngày có thật."
        return None


def _as_csv(entries: Sequence[AuditEntry]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    for entry in entries:
        detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
        row = [getattr(entry, column) for column in COLUMNS]
        row[COLUMNS.index("at")] = entry.at.isoformat()
        row[COLUMNS.index("detail")] = detail
        writer.writerow([spreadsheet_safe(cell) for cell in row])
    return lines.getvalue().encode("utf-8-sig")
