"""The forms of the account pages."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from survey_app.accounts.passwords import LONGEST, SHORTEST

WEAKNESSES = {
    "short": f"Mật khẩu mới cần có ít nhất {SHORTEST} ký tự.",
    "has_username": "Mật khẩu mới không được chứa tên đăng nhập.",
    "monotonous": "Mật khẩu mới cần có ít nhất 5 ký tự khác nhau.",
}


class SignInForm(FlaskForm):  # type: ignore[misc]
    username = StringField(
        "Tên đăng nhập",
        [InputRequired("Vui lòng nhập tên đăng nhập."), Length(max=LONGEST)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Mật khẩu",
        [InputRequired("Vui lòng nhập mật khẩu."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField(
        "Mật khẩu đang dùng",
        [InputRequired("Vui lòng nhập mật khẩu đang dùng."), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        "Mật khẩu mới",
        [
            InputRequired("Vui lòng nhập mật khẩu mới."),
            Length(max=LONGEST, message=f"Mật khẩu dài nhất {LONGEST} ký tự."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Nhập lại mật khẩu mới",
        [InputRequired("Vui lòng nhập lại mật khẩu mới."), Length(max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )
