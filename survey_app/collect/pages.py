"""The pages that citizens see: small, without cookies, and ready before they are asked.

A questionnaire's page is rendered once for each place it is about and kept
compressed; only the nonce differs from phone to phone.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Response, current_app, render_template, request
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

import questionnaires
from questionnaires import Questionnaire
from survey_app.collect import ballots, conditions
from survey_app.collect.openings import Place
from survey_app.collect.packing import PackedPage
from survey_app.collect.remarks import Remark
from survey_app.models import Definition

GAP = "{nonce}"
PAGES_KEPT = 2000
_PACKAGE = Path(__file__).parent.parent


class Library:
    """Questionnaires and pages that are ready; published ones never change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._questionnaires: dict[str, Questionnaire] = {}
        self._pages: dict[Place, PackedPage] = {}

    def questionnaire(self, session: Session, id_: str) -> Questionnaire:
        found = self._questionnaires.get(id_)
        if found is None:
            text = session.scalars(
                select(Definition.text).where(Definition.id == id_)
            ).one()
            found = self._questionnaires[id_] = questionnaires.parse(text)
        return found

    def page(self, questionnaire: Questionnaire, place: Place) -> PackedPage:
        found = self._pages.get(place)
        if found is None:
            html = questionnaire_page(questionnaire, place)
            before, _, after = html.rpartition(GAP)
            found = PackedPage.of(before, after)
            with self._lock:
                if len(self._pages) >= PAGES_KEPT:
                    self._pages.clear()
                self._pages[place] = found
        return found


def library() -> Library:
    found: Library = current_app.extensions["collect"]
    return found


def questionnaire_page(
    questionnaire: Questionnaire,
    place: Place,
    *,
    nonce: str = GAP,
    chosen: Mapping[str, Sequence[str]] | None = None,
    remarks: Sequence[Remark] = (),
    was_open_too_long: bool = False,
) -> str:
    """The form, fresh or returned with everything chosen and what to put right."""
    numbers = {q.id: number for number, q in enumerate(questionnaire.questions, 1)}
    return render_template(
        "collect/questionnaire.html",
        questionnaire=questionnaire,
        place=place,
        numbers=numbers,
        leads=conditions.leads(questionnaire, numbers),
        nonce=nonce,
        chosen={} if chosen is None else chosen,
        is_returned=chosen is not None,
        remarks=remarks,
        remark_of={remark.where: remark for remark in reversed(remarks)},
        confirming={remark.confirm for remark in remarks},
        was_open_too_long=was_open_too_long,
        names=ballots,
        **frame(),
    )


def page(template: str, status: int = 200, /, **values: Any) -> tuple[str, int]:
    """Any other page for citizens."""
    return render_template(f"collect/{template}", **values, **frame()), status


def packed(page: PackedPage, nonce: str) -> Response:
    """A ready page as a reply, compressed for every phone that reads gzip."""
    if _reads_gzip():
        response = Response(page.filled(nonce), mimetype="text/html")
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(page.filled_plain(nonce), mimetype="text/html")
    return response


def finish(response: Response) -> Response:
    """The headers of every citizen page, and gzip for those not compressed yet."""
    headers = response.headers
    if response.mimetype != "text/html":
        return response
    headers["X-Sipas"] = "1"  # tells the script that it was really we who answered
    headers["Content-Security-Policy"] = policy()
    headers["Vary"] = "Accept-Encoding"
    if "Content-Encoding" not in headers and _reads_gzip():
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        headers["Content-Encoding"] = "gzip"
    return response


def frame() -> dict[str, Any]:
    """What the frame of every page needs."""
    return {"style": Markup(style()), "script": f"/static/collect-{script_digest()}.js"}


@cache
def style() -> str:
    """The style sheet that stands in the page, without comments and line breaks."""
    text = (_PACKAGE / "templates/collect/citizen.css").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", r"\1", text).strip()


@cache
def policy() -> str:
    """Only our own style sheet, by its hash, our own script and our own forms."""
    digest = b64encode(hashlib.sha256(style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self';"
        " img-src data:; connect-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    )


@cache
def script() -> bytes:
    return (_PACKAGE / "static/collect.js").read_bytes()


@cache
def script_digest() -> str:
    """The script's name holds its hash, so that phones may keep it for ever."""
    return hashlib.sha256(script()).hexdigest()[:12]


def _reads_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")
