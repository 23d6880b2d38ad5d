"""A small province, a wave of it, and the files its people would upload."""

import csv
import io
import unicodedata
from datetime import date, timedelta

from survey_app import clock, db
from survey_app.fieldwork import plans, posters, transactions, waves
from survey_app.fieldwork.office_import import import_offices
from survey_app.fieldwork.planning import SizeBy, SizeWish

OFFICES = """\
Mã đơn vị,Tên đơn vị,Cấp,Hiệu lực từ ngày,Mã Bộ phận Một cửa,Tên Bộ phận Một cửa,\
Mã quầy,Tên quầy
STP,Sở Tư pháp,"Sở, ban, ngành",01/07/2025,STP-1,Trung tâm Phục vụ hành chính công,\
1,Quầy Hộ tịch
STP,Sở Tư pháp,"Sở, ban, ngành",01/07/2025,STP-1,Trung tâm Phục vụ hành chính công,\
2,Quầy Chứng thực
30307,Phường Long Xuyên,Cấp xã,01/07/2025,,,,
30316,Phường Châu Đốc,Cấp xã,01/07/2025,,,,
"""

HEADER = (
    "Mã hồ sơ",
    "Mã đơn vị",
    "Mã quầy",
    "Lĩnh vực",
    "Ngày tiếp nhận",
    "Ngày trả kết quả",
    "Hình thức nộp",
    "Họ và tên",
)


def as_csv(rows, header=HEADER, encoding="utf-8-sig", separator=","):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([header, *rows])
    return io.BytesIO(out.getvalue().encode(encoding))


def finished(number, office="30307", counter="1", **cells):
    """A row that can be imported; ``cells`` spoil it."""
    received = date(2026, 1, 5) + timedelta(days=number % 20)
    row = {
        "dossier": f"H01.30-{received:%y%m%d}-{number:04d}",
        "office": office,
        "counter": counter,
        "field": "Chứng thực",
        "received": f"{received:%d/%m/%Y}",
        "returned": f"{received + timedelta(days=3):%d/%m/%Y}",
        "channel": "Trực tiếp",
        "person": f"Nguyễn Văn {number}",
    } | cells
    return tuple(row.values())


FRAME = (
    *(finished(i) for i in range(60)),
    *(finished(i, office="30316") for i in range(60, 100)),
    *(finished(i, office="STP") for i in range(100, 110)),
    *(finished(i, office="STP", counter="2") for i in range(110, 120)),
)


TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text):
    """Text as old Vietnamese Windows wrote it: the tone as a sign of its own."""
    out = b""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = "".join(m for m in marks if m in TONES)
        rest = "".join(m for m in marks if m not in TONES)
        whole = unicodedata.normalize("NFC", rest) + tones
        out += whole.encode("cp1258")
    return out


def build_province():
    with db.begin() as session:
        import_offices(session, io.BytesIO(OFFICES.encode()))


def build_wave(code="2026-Q1", *, frame=(), total=None, hung=False, opened=False):
    """A wave as far as asked: with a frame, a plan, posters, opened."""
    now = clock.now()
    draft = waves.WaveDraft(
        code=code,
        name="Khảo sát hài lòng quý I năm 2026",
        questionnaire_id="sipas_2640",
        rule_set_id="demo_2025",
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
        levels=("so_ban_nganh", "xa"),
    )
    with db.begin() as session:
        wave = waves.create_wave(session, draft, now=now)
        if frame:
            transactions.import_transactions(session, wave, as_csv(frame), now=now)
        if total:
            wish = SizeWish(SizeBy.TOTAL, total=total, at_least=4)
            plans.freeze_plan(session, wave.id, wish, seed=7, now=now)
        if hung:
            posters.create(session, wave.id, now=now)
        if opened:
            waves.open_wave(session, wave.id, posters_only=not total, now=now)
    return wave
