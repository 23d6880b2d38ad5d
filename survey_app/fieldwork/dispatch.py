"""Posters and table tents as PDF, to be sent out: one file, or one for each office."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app import clock, qr
from survey_app.errors import Refused
from survey_app.fieldwork import posters
from survey_app.fieldwork.addresses import Site
from survey_app.fieldwork.posters import CounterPoster
from survey_app.fieldwork.transactions import locked
from survey_app.formats import folded
from survey_app.models import Poster, Wave

STATIC = Path(__file__).parent.parent / "static"
INSTRUCTION = "00-huong-dan.pdf"


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What is to be printed for a wave, and where its codes lead."""

    wave: Wave
    posters: Sequence[CounterPoster]
    site: Site
    watermark: str | None

    @property
    def by_office(self) -> list[tuple[str, tuple[CounterPoster, ...]]]:
        """The posters of each office, under the name of its file."""
        grouped = groupby(self.posters, key=lambda p: (p.office_code, p.office))
        return [
            (f"{code}-{_plain(name)}.pdf", tuple(found))
            for (code, name), found in grouped
        ]


def pdf(dispatch: Dispatch, some: Sequence[CounterPoster] | None = None) -> bytes:
    """A poster and a tent for each counter, in the order of offices."""
    shown = dispatch.posters if some is None else some
    return _pdf(
        "fieldwork/dispatch.html",
        wave=dispatch.wave,
        posters=[(p, dispatch.site.poster(p.code or "")) for p in shown],
        watermark=dispatch.watermark,
        qr=qr.of_poster,
    )


def instruction(dispatch: Dispatch) -> bytes:
    """One page that says what an office does with its file."""
    return _pdf(
        "fieldwork/instruction.html",
        wave=dispatch.wave,
        site=dispatch.site,
        counters=len(dispatch.posters),
        offices=len(dispatch.by_office),
        watermark=dispatch.watermark,
    )


def files(dispatch: Dispatch) -> Iterator[tuple[str, bytes]]:
    """The instruction, then the file of each office, one at a time."""
    yield INSTRUCTION, instruction(dispatch)
    for name, some in dispatch.by_office:
        yield name, pdf(dispatch, some)


def zipped(dispatch: Dispatch) -> bytes:
    """All files of a dispatch in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # PDF does not get smaller by packing
        for name, content in files(dispatch):
            archive.writestr(name, content)
    return out.getvalue()


def written(
    dispatch: Dispatch, folder: Path, told: Callable[[str], None]
) -> list[Path]:
    """The files in a folder; ``told`` hears of each as soon as it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files(dispatch):
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
        told(name)
    return paths


def rotate(
    session: Session, wave_id: int, *, before: date | None = None, now: datetime
) -> int:
    """New codes for posters that hang since before a day, or for all; how many.

    The old ones open nothing from now on.

    Raises
    ------
    Refused
        If none hangs since then, or the wave is closed.
    """
    wave = locked(session, wave_id)
    hanging = session.scalars(
        select(Poster)
        .where(Poster.wave_id == wave.id, Poster.revoked_at.is_(None))
        .with_for_update()
    )
    old = [
        poster
        for poster in hanging
        if before is None or clock.vietnam_day(poster.created_at) < before
    ]
    if not old:
        raise Refused("Không có áp phích nào lập trước ngày này để thay.")
    for poster in old:
        poster.revoked_at = now
    session.flush()
    places = {p.counter_id for p in old if p.counter_id is not None}
    return posters.create(session, wave.id, places, now=now)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:60]


def _pdf(template: str, **values: object) -> bytes:
    from weasyprint import CSS, HTML

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    page = current_app.jinja_env.get_template(template).render(**values)
    styles = [
        CSS(string=(STATIC / name).read_text(encoding="utf-8"))
        for name in ("print.css", "dispatch.css")
    ]
    document = HTML(string=page, url_fetcher=_no_fetching)
    content: bytes = document.write_pdf(stylesheets=styles)
    return content


def _no_fetching(url: str, *args: object, **options: object) -> Any:
    """A poster never loads anything from anywhere."""
    raise ValueError("posters fetch nothing")
