"""The forms with which offices and their places are kept up."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)

from survey_app.fieldwork.office_editing import OfficeWords
from survey_app.fieldwork.office_file import CODE
from survey_app.fieldwork.words import LEVELS, SOURCE_STATUSES
from survey_app.form_fields import OneOf
from survey_app.formats import nfc

MISSING = "chưa ghi."
NO_DAY = "không phải ngày; ghi dạng 2026-12-31."


def _tidy(text: str | None) -> str:
    return " ".join(nfc(text or "").split())


class Day(DateField):  # type: ignore[misc]
    """A day, told in Vietnamese when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([v for v in valuelist if v.strip()])
        except ValueError as error:
            raise ValueError(NO_DAY) from error


class OfficeWordsForm(FlaskForm):  # type: ignore[misc]
    """What is said of an office."""

    name = StringField("Tên đơn vị", [DataRequired(MISSING), Length(max=250)], [_tidy])
    level = OneOf("Cấp", LEVELS.items())
    kind = StringField("Loại (sở, phường, xã…)", [Length(max=250)], [_tidy])
    parent_code = StringField("Mã đơn vị cấp trên", [Length(max=24)], [_tidy])
    source = StringField("Nguồn (văn bản)", [Length(max=250)], [_tidy])
    source_status = OneOf(
        "Mức kiểm chứng", [("", "Tự khai"), *SOURCE_STATUSES.items()], default=""
    )
    note = StringField("Ghi chú", [Length(max=250)], [_tidy])

    def words(self) -> OfficeWords:
        """What was typed; only after validation."""
        return OfficeWords(
            name=self.name.data,
            level=self.level.data,
            kind=self.kind.data,
            parent_code=self.parent_code.data or None,
            source=self.source.data,
            source_status=self.source_status.data,
            note=self.note.data,
        )


class NewOfficeForm(OfficeWordsForm):
    code = StringField("Mã đơn vị", [DataRequired(MISSING)], [_tidy])
    since = Day("Hiệu lực từ ngày", [InputRequired(MISSING)])

    def validate_code(self, field: Any) -> None:
        if field.data and not CODE.fullmatch(field.data):
            raise ValidationError(
                "chỉ gồm chữ không dấu, số, dấu chấm, gạch; tối đa 24 ký tự."
            )


class EndForm(FlaskForm):  # type: ignore[misc]
    last_day = Day("Ngày cuối cùng còn hiệu lực", [Optional()])
