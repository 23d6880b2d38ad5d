"""The forms of the fieldwork pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from survey_app.fieldwork.waves import CODE, CODE_SHAPE
from survey_app.fieldwork.words import LEVELS, PROVINCE
from survey_app.form_fields import OneOf
from survey_app.formats import nfc

MISSING = "chưa ghi."
NOT_A_NUMBER = "vui lòng ghi một số."


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in pairs]


def _tidy(text: str | None) -> str:
    return nfc(text or "").strip()


class Checkboxes(SelectMultipleField):  # type: ignore[misc]
    """Any number of a list, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number, written with or without points between thousands."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip().replace(".", "") if valuelist else ""
        if not text:
            return
        if not text.lstrip("-").isdecimal():
            raise ValidationError("vui lòng ghi một số nguyên.")
        self.data = int(text)


class Percent(DecimalField):  # type: ignore[misc]
    """A percentage, with a comma or a point before the decimals."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0] if valuelist else ""
        given = text.replace(",", ".").replace("%", "").strip()
        try:
            super().process_formdata([given] if given else [])
        except ValueError as error:
            raise ValueError(NOT_A_NUMBER) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:g}".replace(".", ",") if self.data is not None else ""


class OfficesForm(FlaskForm):  # type: ignore[misc]
    file = FileField("Tệp đơn vị (.csv hoặc .xlsx)", [FileRequired("chưa chọn tệp.")])


class WaveForm(FlaskForm):  # type: ignore[misc]
    """The first page of a wave."""

    code = StringField(
        "Mã đợt", [DataRequired(MISSING), Length(max=32)], filters=[_tidy]
    )
    name = StringField(
        "Tên đợt khảo sát", [DataRequired(MISSING), Length(max=200)], filters=[_tidy]
    )
    questionnaire_id = OneOf("Mẫu phiếu")
    rule_set_id = OneOf("Cách tính điểm")
    period_start = DateField("Thời kỳ trả kết quả, từ ngày", [InputRequired(MISSING)])
    period_end = DateField("Thời kỳ trả kết quả, đến ngày", [InputRequired(MISSING)])
    levels = Checkboxes(
        "Đơn vị được đánh giá",
        choices=_choices((w, text) for w, text in LEVELS.items() if w != PROVINCE),
    )

    def validate_code(self, field: Any) -> None:
        if field.data and not CODE.fullmatch(field.data):
            raise ValidationError(CODE_SHAPE)

    def validate_period_end(self, field: Any) -> None:
        start = self.period_start.data
        if start and field.data and field.data < start:
            raise ValidationError("đứng trước ngày đầu.")


class TransactionsForm(FlaskForm):  # type: ignore[misc]
    file = FileField("Tệp hồ sơ (.csv hoặc .xlsx)", [FileRequired("chưa chọn tệp.")])
    bad_rows = RadioField(
        "Nếu có dòng sai",
        choices=_choices(
            [
                ("refuse", "Không nhập gì, liệt kê mọi dòng sai để sửa rồi nhập lại"),
                ("skip", "Nhập các dòng đúng, bỏ qua các dòng sai"),
            ]
        ),
        default="refuse",
        validate_choice=True,
    )


class OpenForm(FlaskForm):  # type: ignore[misc]
    posters_only = BooleanField(
        "Mở chỉ với áp phích, không có mẫu; tôi hiểu rằng số liệu sẽ không chính thức"
    )


class HandOutForm(FlaskForm):  # type: ignore[misc]
    file = FileField(
        "Tệp hồ sơ gốc (.csv hoặc .xlsx)", [FileRequired("chưa chọn tệp.")]
    )
    format = RadioField(
        "Nhận mã dưới dạng",
        choices=_choices(
            [
                ("print", "Trang in phiếu mã QR, bốn phiếu trên một tờ A4"),
                ("xlsx", "Tệp Excel: các dòng được chọn, kèm mã và địa chỉ"),
                ("csv", "Tệp CSV: các dòng được chọn, kèm mã và địa chỉ"),
            ]
        ),
        default="print",
    )


class ReissueForm(FlaskForm):  # type: ignore[misc]
    dossier = StringField(
        "Mã hồ sơ",
        [DataRequired(MISSING), Length(max=60)],
        filters=[_tidy],
        render_kw={"autocomplete": "off"},
    )
