"""What the judge says in a sentence, with the remedy: Vietnamese and English."""

from __future__ import annotations

import re

from questionnaires.model import Problem
from questionnaires.xlsform_messages import NOTICES, REFUSALS

SENTENCES: dict[str, tuple[str, str]] = {
    "too_large": (
        "Tệp quá lớn ({detail}). Xin chia thành nhiều phiếu ngắn hơn.",
        "The file is too large ({detail}). Split it into shorter forms.",
    ),
    "not_toml": (
        "Tệp không đọc được theo cú pháp TOML: {detail}. Xin sửa dòng được nêu.",
        "The file is not valid TOML: {detail}. Mend the line it names.",
    ),
    "missing": (
        "Thiếu mục “{detail}”. Xin bổ sung.",
        "“{detail}” is missing. Add it.",
    ),
    "unknown_key": (
        "Mục “{detail}” không có trong quy cách. Xin kiểm tra chính tả hoặc xóa đi.",
        "“{detail}” is not a key of this table. Check its spelling or remove it.",
    ),
    "wrong_kind": (
        "Giá trị không đúng kiểu ({detail}). Xin ghi lại theo kiểu được nêu.",
        "The value is of the wrong kind ({detail}). Write it as the kind named.",
    ),
    "unknown_audience": (
        "Đối tượng “{detail}” không hợp lệ. Xin chọn citizen hoặc staff.",
        "“{detail}” is no audience. Choose citizen or staff.",
    ),
    "unknown_status": (
        "Tình trạng “{detail}” không hợp lệ. Xin chọn seen, partial hoặc memory.",
        "“{detail}” is no status. Choose seen, partial or memory.",
    ),
    "unknown_reference": (
        "Nguồn “{detail}” chưa được giải thích. Xin bổ sung vào bảng [reference].",
        "The source “{detail}” is not explained. Add it under [reference].",
    ),
    "no_questions": (
        "Phiếu không có câu hỏi nào. Xin thêm ít nhất một câu.",
        "The form asks nothing. Add at least one question.",
    ),
    "bad_id": (
        "Mã “{detail}” không hợp lệ: dùng chữ thường không dấu, chữ số và dấu gạch "
        "dưới đơn, bắt đầu bằng chữ, dài không quá 32 ký tự.",
        "The id “{detail}” is not valid: use lower-case letters a to z, digits and "
        "single underscores, a letter first, 32 characters at most.",
    ),
    "reserved_id": (
        "Mã “{detail}” được dành riêng cho hệ thống. Xin đặt mã khác.",
        "The id “{detail}” is reserved. Choose another.",
    ),
    "duplicate_id": (
        "Mã “{detail}” đã dùng ở chỗ khác trong phiếu. Xin đặt mã khác.",
        "The id “{detail}” is used elsewhere in the form. Choose another.",
    ),
    "unknown_scale": (
        "Thang đo “{detail}” chưa được định nghĩa. Xin thêm bảng [scale.{detail}].",
        "The scale “{detail}” is not defined. Add a table [scale.{detail}].",
    ),
    "unused_scale": (
        "Thang đo này không được câu nào dùng. Xin xóa hoặc dùng đến nó.",
        "No question uses this scale. Remove it or use it.",
    ),
    "wrong_number_of_levels": (
        "Thang đo có {detail} mức. Xin dùng từ 3 đến 11 mức.",
        "The scale has {detail} levels. Use 3 to 11.",
    ),
    "unbalanced_scale": (
        "Thang đo lệch ({detail}): số mức hài lòng phải bằng số mức không hài lòng. "
        "Xin sửa nhãn hoặc satisfied_from.",
        "The scale leans to one side ({detail}): as many levels must be dissatisfied "
        "as satisfied. Mend the labels or satisfied_from.",
    ),
    "scale_out_of_order": (
        "Mức “{detail}” đứng sai chỗ: xin xếp từ mức kém hài lòng nhất trở lên.",
        "The level “{detail}” is out of order: list the least satisfied first.",
    ),
    "repeated_label": (
        "Nhãn “{detail}” xuất hiện hai lần. Xin phân biệt hai nhãn.",
        "The label “{detail}” stands twice. Make the two differ.",
    ),
    "unknown_kind": (
        "Kiểu câu hỏi “{detail}” không hợp lệ. Xin chọn single, multiple, number, date "
        "hoặc text.",
        "“{detail}” is no kind of question. Choose single, multiple, number, date or "
        "text.",
    ),
    "key_not_for_kind": (
        "Mục này không dùng cho kiểu câu hỏi đó ({detail}). Xin xóa đi.",
        "This key does not belong to the kind of question ({detail}). Remove it.",
    ),
    "no_max_length": (
        "Câu trả lời bằng chữ cần độ dài tối đa. Xin ghi max_length trong khoảng "
        "{detail}.",
        "An answer in words needs a greatest length. Give max_length within {detail}.",
    ),
    "wrong_bound": (
        "Giới hạn không hợp lệ ({detail}). Xin ghi số nguyên cho câu số, ngày cho câu "
        "ngày.",
        "The bound is not possible ({detail}). Give whole numbers for a number, days "
        "for a date.",
    ),
    "empty_range": (
        "Giá trị nhỏ nhất lớn hơn giá trị lớn nhất ({detail}). Xin sửa lại.",
        "The minimum is above the maximum ({detail}). Mend one of them.",
    ),
    "no_special_label": (
        "Câu hỏi cho phép “{detail}” nhưng bảng [special] chưa có nhãn. Xin bổ sung.",
        "The question allows “{detail}”, but [special] has no label for it. Add one.",
    ),
    "unknown_choice": (
        "Danh sách phương án “{detail}” chưa được định nghĩa. Xin thêm "
        "[[choice.{detail}]].",
        "The list of options “{detail}” is not defined. Add [[choice.{detail}]].",
    ),
    "unused_choice": (
        "Danh sách phương án này không được câu nào dùng. Xin xóa hoặc dùng đến nó.",
        "No question uses this list of options. Remove it or use it.",
    ),
    "two_lists": (
        "Câu hỏi vừa có phương án riêng vừa dùng danh sách “{detail}”. Xin bỏ một.",
        "The question has options of its own and the list “{detail}”. Drop one.",
    ),
    "too_few_options": (
        "Câu hỏi lựa chọn cần ít nhất hai phương án. Xin bổ sung.",
        "A question of choice needs two options at least. Add them.",
    ),
    "exclusive_alone": (
        "Phương án “{detail}” ghi exclusive nhưng câu hỏi chỉ chọn một. Xin xóa đi.",
        "The option “{detail}” is exclusive, but only one can be chosen. Remove it.",
    ),
    "bad_code": (
        "Mã số của phương án phải từ 1 đến 99 ({detail}). Xin sửa lại.",
        "The code of an option must be 1 to 99 ({detail}). Change it.",
    ),
    "duplicate_option": (
        "Hai phương án có cùng mã “{detail}”. Xin đặt mã khác.",
        "Two options have the id “{detail}”. Change one.",
    ),
    "duplicate_code": (
        "Hai phương án có cùng mã số {detail}. Xin đổi một mã số.",
        "Two options have the code {detail}. Change one.",
    ),
    "two_specify": (
        "Chỉ một phương án được có ô ghi rõ. Xin bỏ bớt specify.",
        "Only one option may ask to be specified. Drop the other.",
    ),
    "overlapping_bands": (
        "Hai khoảng chồng lên nhau ({detail}). Xin sửa để mỗi số chỉ thuộc một khoảng.",
        "Two bands overlap ({detail}). Change them so that each number is in one.",
    ),
    "gap_between_bands": (
        "Giữa hai khoảng còn bỏ sót số ({detail}). Xin nối liền hai khoảng.",
        "Numbers are left out between two bands ({detail}). Let them touch.",
    ),
    "html": (
        "Lời văn có thẻ HTML ({detail}). Xin chỉ dùng chữ thường.",
        "The text holds HTML ({detail}). Use plain text only.",
    ),
    "straight_quote": (
        "Lời văn có dấu nháy thẳng: {detail}. Xin dùng “ ” hoặc ’.",
        "The text has straight quotes: {detail}. Use “ ” or ’.",
    ),
    "stray_blank": (
        "Lời văn có khoảng trắng thừa: {detail}. Xin xóa đi.",
        "The text has stray blanks: {detail}. Remove them.",
    ),
    "strange_character": (
        "Lời văn có ký tự không in được ({detail}). Xin gõ lại đoạn này.",
        "The text holds a character that does not print ({detail}). Type it anew.",
    ),
    "long_text": (
        "Lời văn quá dài ({detail} ký tự). Xin viết ngắn lại để dễ đọc.",
        "The text is too long to read with ease ({detail} characters). Shorten it.",
    ),
    "repeated_question": (
        "Câu hỏi này trùng lời với câu “{detail}”. Xin sửa cho khác nhau.",
        "This question reads the same as “{detail}”. Make the two differ.",
    ),
    "bad_placeholder": (
        "Chỗ điền “{detail}” không hợp lệ. Xin dùng {{office}}, {{procedure}} hoặc "
        "{{answer:mã|lời thay}}.",
        "“{detail}” is no placeholder. Use {{office}}, {{procedure}} or "
        "{{answer:id|words instead}}.",
    ),
    "placeholder_too_early": (
        "Chỗ điền dùng câu “{detail}”, nhưng câu đó được hỏi sau. Xin đổi thứ tự.",
        "The placeholder takes “{detail}”, which is asked later. Change the order.",
    ),
    "placeholder_without_fallback": (
        "Chỗ điền câu trả lời “{detail}” cần lời thay khi còn trống. Xin viết "
        "{{answer:{detail}|lời thay}}.",
        "The placeholder for “{detail}” needs words to stand in for a missing answer. "
        "Write {{answer:{detail}|words instead}}.",
    ),
    "bad_rule": (
        'Điều kiện không đọc được ({detail}). Xin viết dạng ["==", {{answer = '
        '"mã"}}, "phương án"].',
        'The rule cannot be read ({detail}). Write it as ["==", {{answer = "id"}}, '
        '"option"].',
    ),
    "unknown_operator": (
        "Phép so sánh “{detail}” không có trong quy cách. Xin dùng một phép có trong "
        "tài liệu.",
        "“{detail}” is no operator. Use one of the documented list.",
    ),
    "wrong_operands": (
        "Hai vế của điều kiện không so sánh được với nhau ({detail}). Xin sửa lại.",
        "The operands do not go together ({detail}). Mend the rule.",
    ),
    "unknown_answer": (
        "Không có câu hỏi nào mang mã “{detail}”. Xin kiểm tra mã.",
        "No question has the id “{detail}”. Check the id.",
    ),
    "later_answer": (
        "Điều kiện dùng câu “{detail}”, mà câu đó đứng sau. Xin đổi thứ tự câu hỏi.",
        "The rule looks at “{detail}”, which comes later. Change the order.",
    ),
    "loop": (
        "Câu này và câu “{detail}” chờ lẫn nhau. Xin bỏ một trong hai điều kiện.",
        "This question and “{detail}” wait for each other. Drop one of the rules.",
    ),
    "shuffled_rule": (
        "Điều kiện dùng câu “{detail}” của cùng yếu tố, mà yếu tố này hỏi theo thứ tự "
        "ngẫu nhiên. Xin bỏ shuffle hoặc bỏ điều kiện.",
        "The rule looks at “{detail}” of the same factor, which is asked in random "
        "order. Drop shuffle or the rule.",
    ),
    "not_an_option": (
        "Điều kiện so với phương án không có ({detail}). Xin kiểm tra mã phương án.",
        "The rule compares with an option that does not exist ({detail}). Check it.",
    ),
    "unreachable_question": (
        "Không câu trả lời nào dẫn đến câu hỏi này. Xin sửa điều kiện.",
        "No answers lead to this question. Mend its rule.",
    ),
    "unreachable_check": (
        "Phép kiểm tra này không bao giờ xảy ra. Xin sửa điều kiện.",
        "This check can never speak up. Mend its rule.",
    ),
    "unequal_effort": (
        "Số bước phụ thuộc vào mức hài lòng ở câu “{detail}”. Xin hỏi mọi người như "
        "nhau, khen hay chê đều cùng số bước.",
        "The number of steps depends on the level chosen at “{detail}”. Ask everybody "
        "alike, whatever the level.",
    ),
    "wrong_questionnaire": (
        "Bản dịch này thuộc phiếu “{detail}”. Xin chọn đúng phiếu.",
        "This translation belongs to the form “{detail}”. Choose the right form.",
    ),
    "missing_translation": (
        "Chưa dịch: “{detail}”. Xin bổ sung.",
        "Not translated: “{detail}”. Add it.",
    ),
    "unknown_text": (
        "Phiếu không có lời văn này. Xin kiểm tra khóa hoặc xóa đi.",
        "The form has no such text. Check its key or remove it.",
    ),
    "placeholders_differ": (
        "Các chỗ điền khác với bản gốc: “{detail}”. Xin giữ nguyên các chỗ điền.",
        "The placeholders differ from the original: “{detail}”. Keep them as they are.",
    ),
    "published_form_changed": (
        "Phiếu “{detail}” đã công bố, không sửa được nữa. Xin công bố với mã mới.",
        "The form “{detail}” is published and cannot change. Publish under a new id.",
    ),
    "criterion_changed": (
        "Lời tiêu chí khác với phiếu đã công bố theo cùng quyết định (“{detail}”). Xin "
        "giữ nguyên lời hoặc nêu quyết định mới.",
        "The criterion differs from the one published under the same decision "
        "(“{detail}”). Keep its wording or name the new decision.",
    ),
    "code_changed_meaning": (
        "Mã số đã mang nghĩa khác trong phiếu trước ({detail}). Xin dùng mã mới.",
        "The code had another meaning in an earlier form ({detail}). Use a new code.",
    ),
}


def sentence(problem: Problem, language: str = "vi") -> str:
    """What is wrong with a definition or a workbook and what puts it right."""
    vietnamese, english = (SENTENCES | REFUSALS | NOTICES)[problem.code]
    template = english if language == "en" else vietnamese
    return template.format(detail=problem.detail)


def spoken_place(problem: Problem, language: str = "vi") -> str:
    """Where it is, for people: "trang tính survey, dòng 5", "a1 (dòng 40)"."""
    where, line = problem.where, problem.line
    if language == "en":
        return f"{where} (line {line})" if line else where
    where = re.sub(r"^(\w+), row (\d+)$", r"trang tính \1, dòng \2", where)
    return f"{where} (dòng {line})" if line else where
