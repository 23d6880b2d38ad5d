"""What the judge of rule sets says in a sentence, with the remedy, in two languages."""

from __future__ import annotations

import re

from analysis.rule_set import Problem

PROBLEMS: dict[str, tuple[str, str]] = {
    "too_large": (
        "Tệp quá dài ({detail} ký tự). Xin bỏ bớt phần không phải quy tắc.",
        "The file is too long ({detail} characters). Remove what is no rule.",
    ),
    "not_toml": (
        "Tệp không đọc được theo cú pháp TOML: {detail}. Xin sửa dòng được nêu.",
        "The file is not valid TOML: {detail}. Mend the line it names.",
    ),
    "missing": (
        "Thiếu mục này. Xin bổ sung.",
        "This is missing. Add it.",
    ),
    "empty": (
        "Mục này còn trống. Xin điền vào.",
        "This is empty. Fill it in.",
    ),
    "unknown_key": (
        "Mục này không có trong quy cách. Xin kiểm tra chính tả hoặc xóa đi.",
        "This is not a key of the table. Check its spelling or remove it.",
    ),
    "wrong_type": (
        "Giá trị không đúng kiểu ({detail}). Xin ghi lại đúng kiểu của mục này.",
        "The value is of the wrong kind ({detail}). Write it as this key needs it.",
    ),
    "not_a_number": (
        "“{detail}” không dùng làm số được. Xin ghi một số thông thường.",
        "“{detail}” cannot be used as a number. Write an ordinary number.",
    ),
    "bad_id": (
        "Mã “{detail}” không hợp lệ: xin dùng chữ thường không dấu, chữ số và dấu gạch"
        " dưới, bắt đầu bằng chữ, dài không quá 32 ký tự.",
        "The id “{detail}” is not valid: use lower-case letters a to z, digits and"
        " underscores, a letter first, 32 characters at most.",
    ),
    "not_one_of": (
        "Giá trị không có trong danh sách. Xin chọn một trong: {detail}.",
        "The value is not on the list. Choose one of: {detail}.",
    ),
    "out_of_range": (
        "Số nằm ngoài khoảng cho phép. Xin ghi số trong khoảng {detail}.",
        "The number is out of range. Write one within {detail}.",
    ),
    "not_above_zero": (
        "Số điểm là {detail}. Xin ghi số lớn hơn 0.",
        "The points are {detail}. Write a number above 0.",
    ),
    "negative": (
        "Số này âm. Xin ghi số từ 0 trở lên.",
        "This number is negative. Write 0 or more.",
    ),
    "all_zero": (
        "Mọi trọng số đều bằng 0. Xin cho ít nhất một mục trọng số lớn hơn 0.",
        "All weights are 0. Give at least one of them more than 0.",
    ),
    "twice": (
        "Giá trị này đã có ở trên. Xin bỏ một chỗ hoặc đổi cho khác nhau.",
        "This value is there already. Remove one or make them differ.",
    ),
    "ends_before_it_begins": (
        "Ngày hết hiệu lực đứng trước ngày có hiệu lực. Xin sửa một trong hai ngày.",
        "It ends before it begins. Mend one of the two days.",
    ),
    "ladder_lowered": (
        "Ngưỡng số phiếu chỉ được nâng lên, không được hạ xuống. Xin ghi số trong"
        " khoảng {detail}.",
        "Thresholds of answers may be raised, never lowered. Write one within"
        " {detail}.",
    ),
    "ladder_falls": (
        "Ngưỡng đủ căn cứ thấp hơn ngưỡng nêu số ({detail}). Xin nâng ngưỡng đủ căn"
        " cứ.",
        "The full threshold is below that of a figure ({detail}). Raise the former.",
    ),
    "shares_and_fixed_go_together": (
        "Tỷ trọng cố định và cách gộp “fixed” phải đi cùng nhau. Xin thêm phần còn"
        " thiếu hoặc bỏ cả hai.",
        "Fixed shares and the rule “fixed” go together. Add the other or drop both.",
    ),
    "must_sum_to_1": (
        "Các tỷ trọng cộng lại được {detail}. Xin sửa để tổng bằng 1.",
        "The shares add to {detail}. Mend them to add to 1.",
    ),
    "lambda_needs_two": (
        "Hệ số lambda chỉ có nghĩa khi tính cả hai nguồn phiếu. Xin bỏ lambda hoặc thêm"
        " nguồn thứ hai.",
        "Lambda means something only when two selections count. Drop it or add the"
        " second selection.",
    ),
    "blend_not_computed": (
        "Chương trình không trộn hai nguồn phiếu thành một chỉ số (lambda = {detail})."
        " Xin để lambda bằng 1: mỗi đơn vị tính theo nguồn đứng trước mà đơn vị có"
        " phiếu.",
        "Two selections are not blended into one index (lambda = {detail}). Leave"
        " lambda at 1: each office is judged by the first selection it has ballots of.",
    ),
    "no_bands": (
        "Bảng bậc điểm chưa có bậc nào. Xin ghi các bậc phủ kín từ 0 đến 100.",
        "The stepped table has no band. Write bands that cover 0 to 100.",
    ),
    "band_is_empty": (
        "Bậc {detail} không chứa giá trị nào. Xin ghi đầu dưới nhỏ hơn đầu trên.",
        "The band {detail} is empty. Write a lower end below the upper end.",
    ),
    "bands_do_not_begin_at_0": (
        "Bậc đầu bắt đầu từ {detail}. Xin cho bậc đầu bắt đầu từ 0 và gồm cả 0.",
        "The first band begins at {detail}. Let it begin at 0 and hold it.",
    ),
    "bands_do_not_end_at_100": (
        "Bậc cuối kết thúc ở {detail}. Xin cho bậc cuối đến 100 và gồm cả 100.",
        "The last band ends at {detail}. Let it end at 100 and hold it.",
    ),
    "bands_do_not_meet": (
        "Hai bậc liền nhau không khít ({detail}). Xin xếp từ thấp lên cao, cuối bậc"
        " trước là đầu bậc sau.",
        "Two bands do not meet ({detail}). Order them from the lowest; each begins"
        " where the one before ends.",
    ),
    "end_in_both_bands": (
        "Giá trị {detail} thuộc cả hai bậc. Xin chọn một bậc gồm giá trị này.",
        "The value {detail} belongs to both bands. Let one of them hold it.",
    ),
    "end_in_no_band": (
        "Giá trị {detail} không thuộc bậc nào. Xin chọn một bậc gồm giá trị này.",
        "The value {detail} belongs to no band. Let one of them hold it.",
    ),
    "points_do_not_rise": (
        "Điểm không tăng theo bậc ({detail}). Xin cho bậc cao hơn nhiều điểm hơn.",
        "Points do not rise with the bands ({detail}). Give the higher band more.",
    ),
    "full_marks_and_part_differ": (
        "Điểm tối đa của cách tính và điểm của phần SIPAS khác nhau ({detail}). Xin sửa"
        " cho bằng nhau.",
        "Full marks of the rule and points of the SIPAS part differ ({detail})."
        " Make them equal.",
    ),
    "parts_do_not_sum": (
        "Các phần cộng lại không bằng tổng điểm ({detail}). Xin sửa điểm của các phần.",
        "The parts do not add to the total ({detail}). Mend their points.",
    ),
    "domains_do_not_sum": (
        "Các lĩnh vực cộng lại không bằng tổng điểm ({detail}). Xin sửa điểm của các"
        " lĩnh vực.",
        "The domains do not add to the total ({detail}). Mend their points.",
    ),
    "numbers_do_not_count_on": (
        "Số thứ tự lĩnh vực không liên tục. Xin đánh số lĩnh vực này là {detail}.",
        "Domains are not numbered one after another. Number this one {detail}.",
    ),
    "unknown_part": (
        "Không có phần nào mang mã “{detail}”. Xin dùng mã của một phần đã nêu.",
        "No part has the id “{detail}”. Use the id of a part of this table.",
    ),
    "domain_and_part_differ": (
        "Lĩnh vực dành riêng cho một phần nhưng khác điểm với phần đó ({detail}). Xin"
        " sửa cho bằng nhau.",
        "A domain belongs to one part but has other points ({detail}). Make them"
        " equal.",
    ),
    "split_on_other_part": (
        "Lĩnh vực này thuộc riêng phần “{detail}”. Xin bỏ điểm khảo sát cán bộ ở đây.",
        "This domain belongs to the part “{detail}”. Remove its staff points.",
    ),
    "split_above_domain": (
        "Điểm khảo sát cán bộ lớn hơn điểm của lĩnh vực ({detail}). Xin giảm xuống.",
        "Staff points exceed those of the domain ({detail}). Lower them.",
    ),
    "split_incomplete": (
        "Lĩnh vực này chưa có điểm khảo sát cán bộ trong khi lĩnh vực khác đã có. Xin"
        " điền đủ (ghi 0 nếu không có) hoặc để trống tất cả.",
        "This domain has no staff points while others have. Fill in all of them"
        " (0 where there are none) or leave all open.",
    ),
    "split_does_not_sum": (
        "Điểm khảo sát cán bộ của các lĩnh vực cộng lại không bằng điểm của phần này"
        " ({detail}). Xin sửa cách chia.",
        "Staff points of the domains do not add to those of the part ({detail})."
        " Mend the split.",
    ),
    "source_of_nothing": (
        "Nguồn dẫn nói về “{detail}” nhưng tệp không có mục đó. Xin sửa đường dẫn.",
        "A source is given for “{detail}”, which is not in the file. Mend the path.",
    ),
    "unknown_id": (
        "Mẫu phiếu không có mã này. Xin bỏ trọng số của mã này.",
        "The form has no such id. Remove its weight.",
    ),
    "missing_id": (
        "Mẫu phiếu có mã này nhưng chưa có trọng số. Xin bổ sung.",
        "The form has this id and no weight for it. Add one.",
    ),
    "no_overall_question": (
        "Mẫu phiếu “{detail}” không có câu hỏi hài lòng chung. Xin chọn cách tính"
        " khác.",
        "The form “{detail}” has no overall question. Choose another index rule.",
    ),
}

NOTICES: dict[str, tuple[str, str]] = {
    "stated_criteria_differ": (
        "Lời văn quyết định và bảng của chính quyết định nêu số tiêu chí khác nhau"
        " ({detail}). Xin đối chiếu bản gốc; cách tính điểm không bị ảnh hưởng.",
        "The prose of the decision and its own table give different numbers of"
        " criteria ({detail}). Compare the original; no points depend on it.",
    ),
    "stated_components_differ": (
        "Lời văn quyết định và bảng của chính quyết định nêu số tiêu chí thành phần"
        " khác nhau ({detail}). Xin đối chiếu bản gốc; cách tính điểm không bị ảnh"
        " hưởng.",
        "The prose of the decision and its own table give different numbers of"
        " components ({detail}). Compare the original; no points depend on it.",
    ),
}

UNDECIDED: dict[str, tuple[str, str]] = {
    "no_rollup": (
        "Chưa quy định cách gộp nên chưa tính chỉ số chung. Xin nhập cách gộp.",
        "It is not decided how parts are rolled up, so no index is given. Enter it.",
    ),
    "no_points_rule": (
        "Chưa quy định cách quy đổi chỉ số thành điểm nên chưa tính điểm SIPAS. Xin"
        " nhập cách quy đổi.",
        "It is not decided how the index becomes points, so no SIPAS points are given."
        " Enter the rule.",
    ),
    "no_scorecard": (
        "Chưa có bảng điểm của quyết định nên chỉ tính được chỉ số. Xin bắt đầu từ một"
        " bộ quy tắc có bảng điểm.",
        "There is no table of points, so only the index can be given. Begin from a"
        " rule set that has one.",
    ),
    "no_split": (
        "Chưa chia {detail} điểm khảo sát cán bộ cho các lĩnh vực nên chưa tính điểm"
        " phần này. Xin nhập cách chia.",
        "The {detail} points of the staff survey are not split over the domains, so"
        " none are given. Enter the split.",
    ),
    "no_classes": (
        "Chưa quy định mức xếp loại nên không xếp loại đơn vị. Xin nhập các mức.",
        "No classes are decided, so offices are not classed. Enter them.",
    ),
    "no_rule_for_absent_parts": (
        "Chưa quy định cách tính khi đơn vị không có một phần điểm nên chưa tính tổng"
        " cho đơn vị đó. Xin chọn quy về 100 hoặc bỏ phần đó.",
        "It is not decided what happens to an office without one of the parts, so it"
        " has no total. Choose to rescale or to leave the part out.",
    ),
}

SENTENCES = PROBLEMS | NOTICES | UNDECIDED

PLACES = {
    "id": "Mã",
    "title": "Tên",
    "version": "Phiên bản",
    "status": "Tình trạng",
    "citation": "Căn cứ",
    "valid_from": "Có hiệu lực từ ngày",
    "valid_to": "Hết hiệu lực sau ngày",
    "confidence": "Độ tin cậy",
    "index": "Cách tính chỉ số",
    "index.factor_rule": "Chỉ số của yếu tố",
    "index.index_rule": "Chỉ số chung",
    "index.missing_part": "Khi thiếu thành phần",
    "index.decimals": "Số lẻ của chỉ số",
    "index.item_weights": "Trọng số tiêu chí",
    "index.factor_weights": "Trọng số yếu tố",
    "rollup": "Cách gộp",
    "rollup.field_to_office": "Gộp từ lĩnh vực lên đơn vị",
    "rollup.office_to_province": "Gộp từ đơn vị lên tỉnh",
    "rollup.field_shares": "Tỷ trọng lĩnh vực",
    "rollup.office_shares": "Tỷ trọng đơn vị",
    "rollup.min_coverage": "Tỷ lệ bao phủ tối thiểu",
    "ladder": "Ngưỡng số phiếu",
    "ladder.figure_from": "Số phiếu để nêu số",
    "ladder.full_from": "Số phiếu đủ căn cứ",
    "ladder.df_from": "Bậc tự do đủ căn cứ",
    "ladder.rank_df_from": "Bậc tự do để xếp nhóm",
    "selection": "Nguồn phiếu",
    "selection.counted": "Nguồn phiếu được tính",
    "selection.lambda": "Hệ số trộn lambda",
    "points": "Quy đổi chỉ số thành điểm",
    "points.rule": "Cách quy đổi",
    "points.full_marks": "Điểm tối đa",
    "points.decimals": "Số lẻ của điểm",
    "points.band": "Bậc điểm",
    "scorecard": "Bảng điểm",
    "scorecard.total": "Tổng điểm",
    "scorecard.not_applicable": "Khi không có một phần",
    "scorecard.stated": "Số nêu trong lời văn",
    "scorecard.stated.criteria": "Số tiêu chí nêu trong lời văn",
    "scorecard.stated.components": "Số tiêu chí thành phần nêu trong lời văn",
    "scorecard.part": "Phần điểm",
    "scorecard.domain": "Lĩnh vực",
    "scorecard.class": "Mức xếp loại",
    "source": "Nguồn dẫn",
}
COLUMNS = {
    "name": "tên",
    "kind": "loại",
    "number": "số thứ tự",
    "points": "điểm",
    "criteria": "số tiêu chí",
    "components": "số tiêu chí thành phần",
    "part": "phần",
    "staff_points": "điểm khảo sát cán bộ",
    "low": "từ",
    "high": "đến",
    "closed": "gồm đầu",
    "of": "mục được dẫn",
    "text": "nội dung",
    "status": "tình trạng",
    "id": "mã",
}
_ROW = re.compile(r"(.+)\[(\d+)\](?:\.(\w+))?")


def sentence(problem: Problem, language: str = "vi") -> str:
    """What is wrong and what mends it, in Vietnamese or English ("en")."""
    said = SENTENCES[problem.code][language == "en"]
    return said.replace("{detail}", problem.detail)


def spoken_place(where: str) -> str:
    """A path of the file as people name it, e.g. “Lĩnh vực 3, điểm”."""
    if where in PLACES:
        return PLACES[where]
    if row := _ROW.fullmatch(where):
        place = f"{PLACES.get(row[1], row[1])} {int(row[2]) + 1}"
        return f"{place}, {COLUMNS.get(row[3], row[3])}" if row[3] else place
    head, _, key = where.rpartition(".")
    return f"{PLACES[head]}: {key}" if head in PLACES else where
