"""What is written down about somebody drawn who did not answer."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from survey_app.fieldwork.forms import MISSING, WholeNumber
from survey_app.fieldwork.reserve_words import CONTACT_RESULTS
from survey_app.formats import nfc


def _tidy(text: str | None) -> str:
    return nfc(text or "").strip()


class OutcomeForm(FlaskForm):  # type: ignore[misc]
    outcome = RadioField(
        "Kết quả tiếp cận",
        [InputRequired("chưa chọn.")],
        choices=[SelectChoice(r.value, text) for r, text in CONTACT_RESULTS.items()],
    )
    attempts = WholeNumber(
        "Số lần đã liên hệ",
        [InputRequired(MISSING), NumberRange(0, 99, "phải từ 0 đến 99.")],
    )
    note = TextAreaField("Ghi chú", [Length(max=500)], filters=[_tidy], default="")


class ReplaceForm(FlaskForm):  # type: ignore[misc]
    reason = StringField("Lý do thay thế", [Length(max=500)], filters=[_tidy])
