"""Sizes by formula alone, for questions that come before there is a frame."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange, Optional

from sampling import size, size_difference
from sampling.size import Fieldwork, Precision, SampleSize
from sampling.size_difference import Pair, PairSize
from survey_app.fieldwork.forms import MISSING, Percent, WholeNumber


def _percent(low: float, high: float) -> list[object]:
    sentence = f"phải từ {low:g} đến {high:g}.".replace(",", "")
    return [InputRequired(MISSING), NumberRange(low, high, sentence)]


class CalculatorForm(FlaskForm):  # type: ignore[misc]
    frame_size = WholeNumber(
        "Số hồ sơ N",
        [Optional(), NumberRange(1, 10**9, "phải từ 1 trở lên.")],
    )
    margin = Percent("Sai số cho phép e (%)", _percent(0.1, 50), default=5)
    n = WholeNumber(
        "Số phiếu có thể phát",
        [InputRequired(MISSING), NumberRange(1, 10**9, "phải từ 1 trở lên.")],
        default=100,
    )
    expected = Percent("Tỷ lệ hài lòng dự kiến (%)", _percent(1, 99), default=85)
    gain = Percent("Hệ số K của chỉ số", _percent(1, 50), default=1)
    deff = Percent("Hiệu ứng thiết kế (deff)", _percent(0.1, 20), default=1)
    response = Percent("Tỷ lệ trả lời dự kiến (%)", _percent(1, 100), default=100)
    eligibility = Percent(
        "Tỷ lệ hồ sơ đúng đối tượng (%)", _percent(1, 100), default=100
    )
    first = Percent("Tỷ lệ thứ nhất (%)", _percent(1, 99), default=80)
    second = Percent("Tỷ lệ thứ hai (%)", _percent(1, 99), default=85)
    power = Percent("Khả năng phát hiện mong muốn (%)", _percent(50, 99), default=80)


@dataclass(frozen=True, slots=True)
class Computed:
    """Both ways round, for a criterion and for the index; and a difference."""

    criterion: SampleSize
    index: SampleSize
    slovin: int | None
    criterion_of_n: Precision
    index_of_n: Precision
    difference: PairSize
    power_of_n: float
    detectable: float


def computed(form: CalculatorForm) -> Computed:
    """All answers to a form.

    Raises
    ------
    WishImpossible
        If the numbers do not go together, such as more forms than dossiers, or
        two shares that are the same.
    """
    p, e = _share(form.expected), _share(form.margin)
    gain, N = float(form.gain.data), form.frame_size.data
    fieldwork = Fieldwork(
        N or inf, float(form.deff.data), _share(form.response), _share(form.eligibility)
    )
    n = form.n.data
    pair = Pair(fieldwork, fieldwork)
    first, second = _share(form.first), _share(form.second)
    spread = size_difference.shares_spread(first, second, both=None, pair=pair)
    return Computed(
        criterion=size.for_share(e, p=p, fieldwork=fieldwork),
        index=size.for_index(e, p=p, gain=gain, fieldwork=fieldwork),
        slovin=size.slovin(N, e) if N else None,
        criterion_of_n=size.margin_of_share(n, p=p, fieldwork=fieldwork),
        index_of_n=size.margin_of_index(n, p=p, gain=gain, fieldwork=fieldwork),
        difference=size_difference.for_shares(
            first, second, pair=pair, power=_share(form.power)
        ),
        power_of_n=size_difference.power_of_difference(
            first - second, spread, n, n, pair=pair
        ),
        detectable=size_difference.detectable(
            spread, n, n, pair=pair, power=_share(form.power)
        ),
    )


def _share(field: Percent) -> float:
    return float(field.data) / 100
