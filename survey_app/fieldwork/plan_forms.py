"""What a plan is asked for, filled from the address so that a preview can be sent."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from survey_app.fieldwork.forms import MISSING, Percent, WholeNumber
from survey_app.fieldwork.planning import (
    DRAW_BY,
    SHARING,
    SIZE_BY,
    STRATA_BY,
    DrawBy,
    Sharing,
    SizeBy,
    SizeWish,
    StrataBy,
)
from survey_app.fieldwork.plans import AIM, EXCLUSION_RULES
from survey_app.form_fields import OneOf
from survey_app.formats import nfc

FREEZING = ("seed", "reason", "aim", "exclusion_rules")
MOST = 10_000_000_000


def _tidy(text: str | None) -> str:
    return nfc(text or "").strip()


def _between(low: float, high: float, sentence: str) -> list[Any]:
    return [Optional(), NumberRange(low, high, sentence)]


class PlanForm(FlaskForm):  # type: ignore[misc]
    """What the sample shall be, and what is fixed together with it."""

    size_by = RadioField(
        "Cách định cỡ mẫu",
        choices=[SelectChoice(by.value, text) for by, text in SIZE_BY.items()],
        default=SizeBy.TOTAL.value,
    )
    total = WholeNumber("Tổng số phiếu")
    budget = WholeNumber(
        "Kinh phí thu phiếu (đồng)", _between(1, MOST, "phải từ 1 trở lên.")
    )
    cost = WholeNumber(
        "Chi phí một phiếu (đồng)", _between(1, MOST, "phải từ 1 trở lên.")
    )
    cost_commune = WholeNumber(
        "Chi phí một phiếu ở cấp xã (đồng)", _between(1, MOST, "phải từ 1 trở lên.")
    )
    margin = Percent(
        "Sai số cho phép e (%)",
        [InputRequired(MISSING), NumberRange(0.1, 50, "phải từ 0,1 đến 50.")],
        default=5,
    )
    sharing = OneOf(
        "Cách phân bổ",
        SHARING.items(),
        default=Sharing.PROPORTIONAL.value,
    )
    at_least = WholeNumber(
        "Tối thiểu mỗi đơn vị",
        [InputRequired(MISSING), NumberRange(0, 100_000, "phải từ 0 trở lên.")],
        default=30,
    )
    at_most = WholeNumber(
        "Tối đa mỗi đơn vị", _between(1, 1_000_000, "phải từ 1 trở lên.")
    )
    strata = OneOf("Tầng", STRATA_BY.items(), default=StrataBy.OFFICE.value)
    draw = OneOf("Cách chọn trong tầng", DRAW_BY.items(), default=DrawBy.SIMPLE.value)
    reserve = Percent(
        "Dự phòng (% của mẫu)", _between(0, 200, "phải từ 0 đến 200."), default=0
    )
    attempts = WholeNumber(
        "Số lần liên hệ trước khi thay thế",
        _between(1, 20, "phải từ 1 đến 20."),
        default=3,
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
    eligibility = Percent(
        "Tỷ lệ hồ sơ đúng đối tượng (%)",
        _between(1, 100, "phải từ 1 đến 100."),
        default=100,
    )
    deff = Percent(
        "Hiệu ứng thiết kế (deff)", _between(0.1, 20, "phải từ 0,1 đến 20."), default=1
    )
    gain = Percent(
        "Hệ số K của đợt trước",
        [InputRequired(MISSING), NumberRange(1, 50, "phải từ 1 đến 50.")],
        default=1,
    )
    aim = StringField(
        "Mục đích của đợt khảo sát", [Length(max=500)], filters=[_tidy], default=AIM
    )
    exclusion_rules = TextAreaField(
        "Quy tắc loại phiếu, mỗi dòng một quy tắc",
        [Length(max=3000)],
        filters=[_tidy],
        default="\n".join(EXCLUSION_RULES),
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
        """Whether only what is fixed at the end, if anything, is wrong."""
        return not set(self.errors) - set(FREEZING)

    def asked(self) -> dict[str, str]:
        """The fields that decide the size, as the address carries them."""
        pairs = {}
        for field in self:
            if field.short_name not in (*FREEZING, "csrf_token"):
                value = field.raw_data[0] if field.raw_data else field.data
                pairs[field.short_name] = "" if value is None else _written(value)
        return pairs

    def rules(self) -> tuple[str, ...]:
        """The exclusion rules, one a line."""
        lines = (line.strip() for line in (self.exclusion_rules.data or "").split("\n"))
        return tuple(line for line in lines if line)

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
            sharing=Sharing(self.sharing.data),
            at_most=self.at_most.data,
            budget=self.budget.data,
            cost=self.cost.data or 0,
            cost_commune=self.cost_commune.data,
            deff=float(self.deff.data),
            eligibility=float(self.eligibility.data) / 100,
            reserve=float(self.reserve.data) / 100,
            strata=StrataBy(self.strata.data),
            draw=DrawBy(self.draw.data),
            attempts=self.attempts.data,
        )


def _written(value: object) -> str:
    return f"{value:g}".replace(".", ",") if isinstance(value, float) else str(value)
