"""The forms of the account pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from survey_app.accounts import roles
from survey_app.accounts.passwords import LONGEST, SHORTEST
from survey_app.form_fields import OneOf
from survey_app.models import Role

NOT_TIED = "0"

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


# Made before the fields of PersonForm, so that it comes before them in the form.
_USERNAME = StringField(
    "Tên đăng nhập",
    [
        InputRequired("Vui lòng nhập tên đăng nhập."),
        Regexp(
            r"^\s*[A-Za-z0-9][A-Za-z0-9._@-]{2,63}\s*$",
            message="Dùng 3 đến 64 chữ cái không dấu, chữ số, dấu . _ @ hoặc -.",
        ),
    ],
    render_kw={"autocomplete": "off", "autocapitalize": "none"},
)


class PersonForm(FlaskForm):  # type: ignore[misc]
    """Who a person is and what they may do; an office or a counter goes with a role."""

    name = StringField(
        "Họ và tên",
        [
            InputRequired("Vui lòng nhập họ và tên."),
            Length(max=LONGEST, message=f"Họ và tên dài nhất {LONGEST} ký tự."),
        ],
        render_kw={"autocomplete": "off"},
    )
    role = OneOf("Vai trò", [(key.value, name) for key, name in roles.NAMES.items()])
    office = OneOf("Đơn vị")
    counter = OneOf("Quầy")

    def offer(
        self, offices: Sequence[tuple[int, str]], counters: Sequence[tuple[int, str]]
    ) -> None:
        """Fill the two lists to choose from."""
        none = (NOT_TIED, "Không gắn")
        self.office.offer([none, *((str(key), name) for key, name in offices)])
        self.counter.offer([none, *((str(key), name) for key, name in counters)])

    def accepted(self) -> bool:
        """Check all fields, and that the place fits the role: all problems at once."""
        self.validate()
        role = self.role.data
        if role == Role.LEADER and self.office_id is None:
            complain(self.office, "Vui lòng chọn đơn vị của lãnh đạo này.")
        if role != Role.LEADER and self.office_id is not None:
            complain(self.office, "Chỉ lãnh đạo đơn vị mới gắn với một đơn vị.")
        if role == Role.COUNTER_OFFICER and self.counter_id is None:
            complain(self.counter, "Vui lòng chọn quầy của công chức này.")
        if role != Role.COUNTER_OFFICER and self.counter_id is not None:
            complain(self.counter, "Chỉ công chức tại quầy mới gắn với một quầy.")
        return not self.errors

    @property
    def office_id(self) -> int | None:
        return _key(self.office.data)

    @property
    def counter_id(self) -> int | None:
        return _key(self.counter.data)


class NewPersonForm(PersonForm):
    username = _USERNAME


def complain(field: object, sentence: str) -> None:
    """Add a problem that no single field could see by itself."""
    field.errors = [*field.errors, sentence]  # type: ignore[attr-defined]


def _key(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen.isdecimal() and chosen != NOT_TIED else None
