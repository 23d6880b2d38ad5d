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
    "offices.imported": "Nhập đơn vị",
    "wave.created": "Lập đợt khảo sát",
    "wave.offices": "Chọn đơn vị của đợt",
    "wave.opened": "Mở đợt khảo sát",
    "wave.closed": "Đóng đợt khảo sát",
    "wave.frozen": "Chốt bộ số liệu",
    "frame.imported": "Nhập hồ sơ vào khung mẫu",
    "frame.cleared": "Xóa khung mẫu",
    "plan.frozen": "Chốt kế hoạch chọn mẫu",
    "codes.handed_out": "Phát mã phiếu",
    "code.reissued": "Cấp lại mã phiếu",
    "posters.created": "Lập áp phích",
    "poster.revoked": "Thu hồi áp phích",
    "demonstration.built": "Tạo bản trình diễn",
    "questionnaire.published": "Công bố mẫu phiếu",
    "translation.published": "Công bố bản dịch",
    "criteria.joined": "Ghép hai tiêu chí",
    "criteria.parted": "Bỏ ghép hai tiêu chí",
}
