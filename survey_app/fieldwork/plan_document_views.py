"""The plan as a page and as a PDF to sign."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from survey_app import db
from survey_app.accounts.access import allowed
from survey_app.errors import NotFound
from survey_app.fieldwork import queries
from survey_app.fieldwork.access import MAY_SEE
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.plan_document import PlanDocument, document
from survey_app.models import Wave

STYLE = Path(__file__).parents[1] / "static" / "fieldwork-plan-print.css"


@bp.get("/waves/<wave_code>/plan/<int:version>")
@allowed(*MAY_SEE)
def plan_page(wave_code: str, version: int) -> ResponseReturnValue:
    """A sealed plan, laid out to be read."""
    wave, found = _found(wave_code, version)
    return render_template("fieldwork/plan_document.html", wave=wave, doc=found)


@bp.get("/waves/<wave_code>/plan/<int:version>.pdf")
@allowed(*MAY_SEE)
def plan_pdf(wave_code: str, version: int) -> ResponseReturnValue:
    """The same on paper, with places to sign."""
    from weasyprint import CSS, HTML

    wave, found = _found(wave_code, version)
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    page = render_template("fieldwork/plan_print.html", wave=wave, doc=found)
    style = CSS(string=STYLE.read_text(encoding="utf-8"))
    content = HTML(string=page, url_fetcher=_no_fetching).write_pdf(stylesheets=[style])
    reply = Response(content, content_type="application/pdf")
    name = f"ke-hoach-{wave.code}-v{version}.pdf"
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply


def _found(wave_code: str, version: int) -> tuple[Wave, PlanDocument]:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        frozen = [p for p in queries.plans(session, wave) if p.version == version]
        names = {office.code: office.name for office in wave.offices}
    if not frozen:
        raise NotFound
    return wave, document(frozen[0], names)


def _no_fetching(url: str, *args: object, **options: object) -> Any:
    """A plan never loads anything from anywhere."""
    raise ValueError("plans fetch nothing")
