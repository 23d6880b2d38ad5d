"""What codes of the analysis say to people: one table of sentences for each."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.results import Flag, Reason
from analysis.rule_messages import sentence, spoken_place
from analysis.rule_set import Problem
from survey_app.fieldwork.words import LEVELS, WAVE_STATUSES
from survey_app.models import Selection

__all__ = ["WAVE_STATUSES"]

SIMULATED = "DỮ LIỆU MÔ PHỎNG"
LIVE = "Số liệu tạm"
NOT_REPRESENTATIVE = "không đại diện"
WITHHELD = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """A few words for a cell, and the sentence that explains them."""

    short: str
    full: str


REASONS: dict[str, Words] = {
    Reason.NO_DATA: Words(
        "chưa có dữ liệu",
        "Chưa có phiếu nào theo mẫu. Không có phiếu không có nghĩa là 0 % hay 100 %.",
    ),
    Reason.TOO_FEW: Words(
        "chưa đủ căn cứ",
        "Có ít câu trả lời hơn mức tối thiểu nên không nêu con số.",
    ),
    Reason.LEFT_DESIGN: Words(
        "chưa đủ căn cứ",
        "Dưới 2 phiếu theo mẫu nên không ước lượng được độ chính xác; đơn vị không"
        " tham gia tính chung.",
    ),
    Reason.MISSING_PART: Words(
        "thiếu thành phần",
        "Có tiêu chí hoặc yếu tố chưa đủ câu trả lời; quy tắc tính không cho phép bỏ"
        " qua nên chưa nêu chỉ số.",
    ),
    Reason.ROLLUP_UNSET: Words(
        "chưa có cách gộp",
        "Bộ quy tắc chưa quy định cách gộp nên không tính con số chung.",
    ),
    Reason.COVERAGE: Words(
        "chưa đủ bao phủ",
        "Các đơn vị có số liệu chiếm tỷ lệ hồ sơ thấp hơn mức tối thiểu của bộ quy"
        " tắc.",
    ),
    Reason.POINTS_UNSET: Words(
        "chưa có cách tính điểm",
        "Bộ quy tắc chưa quy định cách quy đổi chỉ số thành điểm.",
    ),
    Reason.NO_SPREAD: Words(
        "không có khác biệt",
        "Mọi câu trả lời giống nhau nên không tính được sai số chuẩn.",
    ),
    Reason.NO_OVERALL_QUESTION: Words(
        "không có câu hỏi chung",
        "Bộ quy tắc dùng câu hỏi hài lòng chung nhưng mẫu phiếu không có câu này.",
    ),
}

FLAGS: dict[str, Words] = {
    Flag.FEW_ANSWERS: Words(
        "ít phiếu",
        "Ít câu trả lời: con số chỉ để tham khảo, không dùng để so sánh hay chia nhỏ.",
    ),
    Flag.FEW_DEGREES_OF_FREEDOM: Words(
        "ít bậc tự do",
        "Mẫu quá nhỏ so với số tầng nên độ chính xác được biết không chắc; không so"
        " sánh, không chia nhỏ.",
    ),
    Flag.WIDE: Words(
        "khoảng rộng",
        "Khoảng tin cậy rộng: giá trị thật có thể khác xa con số này.",
    ),
    Flag.NO_SPREAD: Words(
        "trả lời giống nhau",
        "Mọi câu trả lời giống nhau: không tính được sai số chuẩn, khoảng tin cậy"
        " lấy theo mức khác biệt chung.",
    ),
    Flag.CENSUS: Words(
        "trả lời đủ",
        "Mọi hồ sơ trong khung đều có phiếu trả lời nên không có sai số chọn mẫu.",
    ),
    Flag.MUCH_MISSING: Words(
        "nhiều câu bỏ trống",
        "Trên 10 % người được hỏi không biết, từ chối hoặc bỏ trống: xem hai mức"
        " thấp nhất và cao nhất có thể.",
    ),
    Flag.RESCALED: Words(
        "tính lại trọng số",
        "Thiếu một phần nên trọng số các phần còn lại được tính lại; không so với"
        " đơn vị đủ phần.",
    ),
    Flag.UNITS_LEFT_OUT: Words(
        "có phần không tính",
        "Có lĩnh vực hoặc đơn vị không đủ số liệu để tham gia tính chung.",
    ),
    Flag.ASSUMES_RANDOM_RESPONSE: Words(
        "giả định",
        "Sai số chuẩn dựa trên giả định: trong cùng nhóm, người trả lời và người"
        " không trả lời không khác nhau có hệ thống.",
    ),
}

SELECTIONS: dict[str, str] = {
    Selection.FROM_LIST: "Chọn mẫu từ danh sách hồ sơ đã trả kết quả",
    Selection.AT_HAND_OVER: "Phát phiếu khi trả kết quả",
    Selection.OPEN: "Áp phích mở cho mọi người",
    Selection.STAFF: "Khảo sát công chức, viên chức",
}

DRAWS = {
    "simple": "ngẫu nhiên đơn giản trong từng tầng",
    "systematic": "hệ thống, khởi đầu ngẫu nhiên trong từng tầng",
    "pps_systematic": "hệ thống theo xác suất tỷ lệ với quy mô",
    "every_kth": "cứ k hồ sơ lấy một, khởi đầu ngẫu nhiên",
    "census": "toàn bộ hồ sơ",
}
FACTOR_RULES = {
    "pooled": "gộp mọi câu trả lời hợp lệ của các tiêu chí trong yếu tố",
    "mean_of_items": "trung bình của các tiêu chí trong yếu tố",
}
INDEX_RULES = {
    "pooled": "gộp mọi câu trả lời hợp lệ của tất cả tiêu chí",
    "mean_of_items": "trung bình của các tiêu chí",
    "mean_of_factors": "trung bình của các yếu tố",
    "overall_question": "lấy riêng câu hỏi hài lòng chung",
}
MISSING_PARTS = {
    "refuse": "không nêu chỉ số",
    "rescale": "tính lại trọng số của các phần còn lại và ghi rõ",
}
ROLLUPS = {
    None: "chưa quy định (không tính)",
    "transactions": "theo số hồ sơ: mọi phiếu tính theo quyền số của mình",
    "mean_of_units": "trung bình cộng của các đơn vị",
    "fixed": "theo tỷ trọng cố định trong bộ quy tắc",
}
D_POOL_ROUTES = {
    "office": "theo các tiêu chí của chính đơn vị",
    "all_offices": "theo tất cả đơn vị cùng cách chọn mẫu",
    "weights": "theo độ chênh lệch của quyền số",
}
RULE_STATUSES = {
    "in_force": "đang có hiệu lực",
    "draft": "dự thảo",
    "demonstration": "quy tắc trình diễn, không phải quy định",
}


def reason(code: str | None) -> Words:
    """Why a figure is withheld; an unknown code is a fault of the program."""
    return REASONS[code or Reason.NO_DATA]


def flag(code: str) -> Words:
    return FLAGS[code]


def level(code: str) -> str:
    """Level of administration; one that no list knows is printed as it is."""
    return LEVELS.get(code, code)


def rule_problem(problem: Problem) -> str:
    """What keeps a rule set from being used with a form."""
    return f"Bộ quy tắc không dùng được. {told(problem)}"


def told(problem: Problem) -> str:
    """What is said of a rule set, with its place."""
    return f"{spoken_place(problem.where)}: {sentence(problem)}"
