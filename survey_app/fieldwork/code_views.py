"""Pages that give out slip codes; a counter's officer sees only the own counter's."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app import clock, db, qr
from survey_app.accounts import audit
from survey_app.accounts.access import allowed, current_account
from survey_app.errors import Refused
from survey_app.fieldwork import downloads, handing_out, queries
from survey_app.fieldwork import waves as state
from survey_app.fieldwork.access import MAY_PLAN, OWN_COUNTER
from survey_app.fieldwork.addresses import (
    PrintingRefused,
    Site,
    is_demonstration,
    site,
)
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.forms import HandOutForm, ReissueForm
from survey_app.fieldwork.handing_out import HandedOut, Slip
from survey_app.models import Wave

MOST_SLIPS = 1_000


@bp.get("/waves/<wave_code>/hand-out")
@allowed(*MAY_PLAN, *OWN_COUNTER)
def hand_out(wave_code: str) -> ResponseReturnValue:
    return _hand_out_page(wave_code, HandOutForm())


@bp.post("/waves/<wave_code>/hand-out")
@allowed(*MAY_PLAN, *OWN_COUNTER)
def hand_out_now(wave_code: str) -> ResponseReturnValue:
    """The drawn rows of a file with their codes, printed or as a file."""
    form, printed_site = HandOutForm(), site()
    if not form.validate_on_submit():
        return _hand_out_page(wave_code, form), 422
    try:
        wave, handed = _hand_out(wave_code, form, printed_site)
    except Refused as refused:
        return _hand_out_page(wave_code, form, refused.reasons), 422
    if form.format.data == "print":
        return slips_page(wave, handed.slips, printed_site)
    sheet, name = handed.sheet(), f"ma-phieu-{wave.code}"
    simulated = wave.simulated or is_demonstration()
    if form.format.data == "csv":
        rows = [["DỮ LIỆU MÔ PHỎNG"], *sheet] if simulated else sheet
        return downloads.attachment(downloads.csv_bytes(rows), f"{name}.csv")
    title = "MÔ PHỎNG – Mã phiếu" if simulated else "Mã phiếu"
    return downloads.attachment(downloads.xlsx_bytes({title: sheet}), f"{name}.xlsx")


@bp.get("/waves/<wave_code>/reissue")
@allowed(*MAY_PLAN, *OWN_COUNTER)
def reissue(wave_code: str) -> ResponseReturnValue:
    return _reissue_page(wave_code, ReissueForm())


@bp.post("/waves/<wave_code>/reissue")
@allowed(*MAY_PLAN, *OWN_COUNTER)
def reissue_now(wave_code: str) -> ResponseReturnValue:
    """A new slip for one dossier; the old one opens nothing any more."""
    form, printed_site, now = ReissueForm(), site(), clock.now()
    if not form.validate_on_submit():
        return _reissue_page(wave_code, form), 422
    try:
        with db.begin() as session:
            wave = queries.find_wave(session, wave_code)
            slip = handing_out.reissue(
                session,
                wave.id,
                form.dossier.data,
                site=printed_site,
                counter_id=own_counter(),
                now=now,
            )
            audit.record(
                session, current_account(), "code.reissued", wave_code, now=now
            )
    except Refused as refused:
        return _reissue_page(wave_code, form, refused.reasons), 422
    return slips_page(wave, [slip], printed_site)


def own_counter() -> int | None:
    """The only counter the account may act for; None for those who plan."""
    account = current_account()
    return account.counter_id if account.role in OWN_COUNTER else None


def slips_page(wave: Wave, slips: Sequence[Slip], printed_site: Site) -> str:
    return render_template(
        "fieldwork/slips.html",
        wave=wave,
        slips=slips,
        site=printed_site,
        watermark=watermark(wave),
        qr=qr.of_slip,
    )


def watermark(wave: Wave) -> str | None:
    """What is printed across codes that are not meant for real citizens."""
    if wave.simulated:
        return "DỮ LIỆU MÔ PHỎNG"
    return "BẢN TRÌNH DIỄN" if is_demonstration() else None


def _hand_out(
    wave_code: str, form: HandOutForm, printed_site: Site
) -> tuple[Wave, HandedOut]:
    now, counter = clock.now(), own_counter()
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        handed = handing_out.matched(
            session, wave, form.file.data.stream, site=printed_site, counter_id=counter
        )
    if form.format.data == "print" and len(handed.slips) > MOST_SLIPS:
        raise Refused(
            f"Một lần chỉ in được {MOST_SLIPS} phiếu, tệp này có {len(handed.slips)}"
            " phiếu. Vui lòng chia tệp theo đơn vị hoặc quầy."
        )
    with db.begin() as session:
        handing_out.note_issued(session, wave.id, handed, now=now)
        detail = {
            "slips": len(handed.slips),
            "as": form.format.data,
            "counter": counter,
        }
        audit.record(
            session, current_account(), "codes.handed_out", wave_code, detail, now=now
        )
    return wave, handed


def _hand_out_page(
    wave_code: str, form: HandOutForm, reasons: tuple[str, ...] = ()
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        facts = state.facts(session, wave)
    return render_template(
        "fieldwork/hand_out.html",
        wave=wave,
        facts=facts,
        form=form,
        reasons=reasons,
        cannot_print=_why_not_printed(),
        own=own_counter() is not None,
        most=MOST_SLIPS,
    )


def _reissue_page(
    wave_code: str, form: ReissueForm, reasons: tuple[str, ...] = ()
) -> str:
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
    return render_template(
        "fieldwork/reissue.html",
        wave=wave,
        form=form,
        reasons=reasons,
        cannot_print=_why_not_printed(),
        own=own_counter() is not None,
    )


def _why_not_printed() -> tuple[str, ...]:
    try:
        site()
    except PrintingRefused as refused:
        return refused.reasons
    return ()
