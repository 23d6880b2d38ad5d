"""Pages on the quality of a frame and on who answered of those asked."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from survey_app import db
from survey_app.accounts.access import allowed, current_account
from survey_app.fieldwork import downloads, frame_quality, queries, response_rates
from survey_app.fieldwork.access import MAY_PLAN, MAY_SEE
from survey_app.fieldwork.addresses import is_demonstration
from survey_app.fieldwork.blueprint import bp
from survey_app.fieldwork.reserve_words import OUTCOMES
from survey_app.fieldwork.response_rates import OF_INTERVIEWERS, RATES, SELECTIONS
from survey_app.formats import percent

OUTCOME_WORDS = OUTCOMES | {"withdrawn": "Đã rút lại phiếu"}
INTERVIEW_WORDS = {
    "completed": "Xong",
    "broken_off": "Không thành",
    "other": "Quá giờ, không rõ",
}


@bp.get("/waves/<wave_code>/frame")
@allowed(*MAY_SEE)
def frame(wave_code: str) -> ResponseReturnValue:
    """What may be wrong with the frame, and how it covers offices and months."""
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        found = frame_quality.quality(session, wave)
    return render_template(
        "fieldwork/frame.html",
        wave=wave,
        quality=found,
        offices=list(dict.fromkeys(cell[0] for cell in found.cells)),
        words=frame_quality.WORDS,
        advice=frame_quality.ADVICE,
        may_plan=current_account().role in MAY_PLAN,
    )


@bp.get("/waves/<wave_code>/rates")
@allowed(*MAY_SEE)
def rates(wave_code: str) -> ResponseReturnValue:
    """Outcomes and rates by office, one table for each way of asking."""
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        tables = {
            words: response_rates.by_office(session, wave, selection)
            for selection, words in SELECTIONS.items()
        }
        people = response_rates.by_interviewer(session, wave)
    return render_template(
        "fieldwork/rates.html",
        wave=wave,
        tables={words: rows for words, rows in tables.items() if rows},
        people=people,
        columns=RATES,
        outcomes=OUTCOME_WORDS,
        of_interviews=INTERVIEW_WORDS,
        interview_columns=OF_INTERVIEWERS,
    )


@bp.get("/waves/<wave_code>/rates.<kind>")
@allowed(*MAY_SEE)
def rates_file(wave_code: str, kind: str) -> ResponseReturnValue:
    """The same rows as a file, outcomes and all rates."""
    if kind not in ("csv", "xlsx"):
        abort(404)
    words = list(OUTCOME_WORDS)
    with db.read() as session:
        wave = queries.find_wave(session, wave_code)
        rows: list[list[object]] = [
            [
                text,
                row.code,
                row.name,
                *(row.outcomes.get(word, 0) for word in words),
                *(
                    percent(share, 2) if share is not None else ""
                    for share in (getattr(row.rates, key) for key, _ in RATES)
                ),
            ]
            for selection, text in SELECTIONS.items()
            for row in response_rates.by_office(session, wave, selection)
        ]
    heading: list[object] = ["Cách chọn", "Mã", "Đơn vị", *OUTCOME_WORDS.values()]
    sheet = [[*heading, *(title for _, title in RATES)], *rows]
    name, simulated = f"ty-le-{wave.code}", wave.simulated or is_demonstration()
    if kind == "csv":
        first: list[list[object]] = [["DỮ LIỆU MÔ PHỎNG"]] if simulated else []
        return downloads.attachment(
            downloads.csv_bytes([*first, *sheet]), f"{name}.csv"
        )
    title = "MÔ PHỎNG – Tỷ lệ" if simulated else "Tỷ lệ"
    return downloads.attachment(downloads.xlsx_bytes({title: sheet}), f"{name}.xlsx")
