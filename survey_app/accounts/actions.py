"""What the words of the audit log mean to a reader."""

from __future__ import annotations

NAMES = {
    "account.signed_in": "Đăng nhập",
    "account.added": "Thêm tài khoản",
    "account.edited": "Sửa tài khoản",
    "account.password_changed": "Tự đổi mật khẩu",
    "account.password_reset": "Cấp mật khẩu một lần",
    "account.sessions_ended": "Đăng xuất mọi nơi khác",
    "account.activated": "Mở lại tài khoản",
    "account.deactivated": "Khóa tài khoản",
}
