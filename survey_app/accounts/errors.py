"""What can go wrong with accounts, and what to do about it."""

from __future__ import annotations

from survey_app.errors import NotFound, SurveyError


class AccountUnknown(NotFound):
    message = "Không có tài khoản này. Vui lòng chọn lại trong danh sách tài khoản."


class UsernameTaken(SurveyError):
    status = 422
    message = "Tên đăng nhập này đã có người dùng. Vui lòng chọn tên khác."


class LastAdministrator(SurveyError):
    status = 409
    message = (
        "Đây là người quản trị cuối cùng đang hoạt động."
        " Hãy thêm một người quản trị khác trước."
    )


class OwnAccount(SurveyError):
    status = 409
    message = (
        "Ông/Bà không tự khóa, đổi vai trò hoặc cấp lại mật khẩu cho chính mình được."
        " Hãy đổi mật khẩu ở trang cá nhân, hoặc nhờ một người quản trị khác."
    )
