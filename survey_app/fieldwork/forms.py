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
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from survey_app.fieldwork.planning import SIZE_BY, SizeBy, SizeWish
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
        given = [valuelist[0].replace(",", ".").replace("%", "").strip()]
        try:
            super().process_formdata(given if valuelist and given[0] else [])
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


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What the sample shall be; filled from the address, so a preview can be sent."""

    size_by = RadioField(
        "Cách định cỡ mẫu",
        choices=_choices((by.value, text) for by, text in SIZE_BY.items()),
        default=SizeBy.TOTAL.value,
    )
    total = WholeNumber("Tổng số phiếu")
    at_least = WholeNumber(
        "Tối thiểu mỗi đơn vị",
        [InputRequired(MISSING), NumberRange(0, 100_000, "phải từ 0 trở lên.")],
        default=30,
    )
    margin = Percent(
        "Sai số cho phép e (%)",
        [InputRequired(MISSING), NumberRange(0.1, 50, "phải từ 0,1 đến 50.")],
        default=5,
    )
    expected = Percent(
        "Tỷ lệ hài lòng dự kiến (%)",
        [InputRequired(MISSING), NumberRange(1, 99, "phải từ 1 đến 99.")],
        default=50,
    )
    response = Percent(
        "Tỷ lệ trả lời dự kiến (%)",
        [InputRequired(MISSING), NumberRange(1, 100, "phải từ 1 đến 100.")],
        default=100,
    )
    gain = Percent(
        "Hệ số K của đợt trước",
        [InputRequired(MISSING), NumberRange(1, 50, "phải từ 1 đến 50.")],
        default=1,
    )
    seed = WholeNumber(
        "Số khởi tạo (seed)",
        [Optional(), NumberRange(0, 2**53 - 1, "phải là số nguyên không âm.")],
    )
    reason = StringField(
        "Lý do chốt lại", [Length(max=500)], filters=[_tidy], default=""
    )

    def validate_total(self, field: Any) -> None:
        if field.errors or self.size_by.data != SizeBy.TOTAL:
            return
        if field.data is None:
            raise ValidationError(MISSING)
        if field.data < 1:
            raise ValidationError("phải từ 1 trở lên.")

    def size_is_valid(self) -> bool:
        """Whether only seed or reason, if anything, is wrong."""
        return not set(self.errors) - {"seed", "reason"}

    def wish(self) -> SizeWish:
        """The wish in shares from 0 to 1; only after validation."""
        return SizeWish(
            by=SizeBy(self.size_by.data),
            total=self.total.data,
            at_least=self.at_least.data,
            margin_of_error=float(self.margin.data) / 100,
            expected_share=float(self.expected.data) / 100,
            response=float(self.response.data) / 100,
            gain=float(self.gain.data),
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
