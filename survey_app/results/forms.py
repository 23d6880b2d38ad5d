from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from survey_app.formats import nfc


class FreezeForm(FlaskForm):  # type: ignore[misc]
    """Why there is another version, and what is given up by not waiting."""

    reason = TextAreaField(
        "Lý do chốt phiên bản này",
        filters=[lambda text: nfc(text).strip() if text else ""],
        validators=[Length(max=1000, message="Xin viết không quá 1.000 ký tự.")],
    )
    confirm_open_pages = BooleanField(
        "Chốt ngay và chấp nhận bỏ những phiếu gửi sau lúc này"
    )
