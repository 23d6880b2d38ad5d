"""What each role is called and what it is for, as people read it."""

from __future__ import annotations

from survey_app.models import Role

NAMES = {
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.PLANNER: "Lập kế hoạch khảo sát",
    Role.ANALYST: "Phân tích số liệu",
    Role.SUPERVISOR: "Giám sát thực địa",
    Role.LEADER: "Lãnh đạo đơn vị",
    Role.COUNTER_OFFICER: "Công chức tại quầy",
    Role.INTERVIEWER: "Điều tra viên",
}

PURPOSES = {
    Role.ADMINISTRATOR: "Quản lý tài khoản, đơn vị và nhật ký; xem được mọi phần.",
    Role.PLANNER: "Lập đợt khảo sát, nhập hồ sơ, chọn mẫu, in mã, mở và đóng đợt.",
    Role.ANALYST: "Chốt bộ số liệu, xem kết quả của mọi đơn vị và cách tính.",
    Role.SUPERVISOR: "Theo dõi tiến độ thực địa và xem kết quả.",
    Role.LEADER: "Xem kết quả của đơn vị mình.",
    Role.COUNTER_OFFICER: "In áp phích và phiếu của quầy mình.",
    Role.INTERVIEWER: "Phỏng vấn trực tiếp người dân.",
}
