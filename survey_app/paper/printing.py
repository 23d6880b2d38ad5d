"""Paper copies as PDF: a form is laid out once, and every copy gets its own number."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app

from questionnaires import Questionnaire
from survey_app.authoring.previews import with_names
from survey_app.collect import receipts
from survey_app.paper import serials, stamping
from survey_app.paper.layout import layout

TEMPLATES = Path(__file__).parent.parent / "templates" / "paper"
WITHDRAWAL = "rut-phieu"


@dataclass(frozen=True, slots=True)
class Issued:
    """For whom copies are printed; ``site`` is where a ballot can be withdrawn."""

    office: str
    wave: str
    site: str
    is_simulated: bool = False

    @property
    def withdrawal(self) -> str:
        return f"{self.site}/{WITHDRAWAL}"


@dataclass(frozen=True, slots=True)
class Copy:
    """One numbered copy; the receipt is what its ballot will be found by."""

    serial: int
    response_id: UUID

    @property
    def stamp(self) -> stamping.Stamp:
        return stamping.Stamp(
            number=serials.printed(self.serial),
            scanned=serials.scanned(self.serial),
            receipt=receipts.grouped(receipts.receipt(self.response_id)),
        )


def specimen(questionnaire: Questionnaire) -> bytes:
    """A form to look at, without number, said to be no more than that."""
    content: bytes = _document(questionnaire, None).write_pdf()
    return content


def copies_of(
    questionnaire: Questionnaire, issued: Issued, copies: Sequence[Copy]
) -> bytes:
    """Numbered copies for one office, all in one file."""
    document = _document(questionnaire, issued)
    stamps = [copy.stamp for copy in copies]
    content: bytes = document.write_pdf(finisher=partial(_finish, stamps=stamps))
    return content


def _finish(document: Any, pdf: Any, *, stamps: Sequence[stamping.Stamp]) -> None:
    stamping.stamp(document, pdf, stamps)


def _document(questionnaire: Questionnaire, issued: Issued | None) -> Any:
    """The form laid out, with room for what is stamped."""
    from weasyprint import CSS, HTML

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    names = {"office": issued.office} if issued else {}
    shown = layout(with_names(questionnaire, **names))
    page = current_app.jinja_env.get_template("paper/form.html").render(
        layout=shown, form=shown.form, words=shown.words, issued=issued
    )
    style = CSS(string=(TEMPLATES / "form.css").read_text(encoding="utf-8"))
    return HTML(string=page, url_fetcher=_no_fetching).render(stylesheets=[style])


def _no_fetching(url: str, *args: object, **options: object) -> Any:
    """A form never loads anything from anywhere."""
    raise ValueError("paper forms fetch nothing")
