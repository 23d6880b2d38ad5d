"""The words a printed form needs besides its questions, by language.

English and Khmer are our own and, like the translations, not reviewed.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.models import PaperState, SpoiledReason

VIETNAMESE: Mapping[str, str] = {
    "serial": "Số phiếu",
    "specimen": "BẢN MẪU – không dùng để thu phiếu",
    "simulated": "DỮ LIỆU MÔ PHỎNG – không phải khảo sát thật",
    "office": "Cơ quan được đánh giá",
    "how": "Xin đánh dấu X vào ô đúng với ý Ông/Bà. Nếu đánh nhầm, xin khoanh tròn ô"
    " đánh nhầm rồi đánh dấu ô khác. Con số nhỏ cạnh ô dành cho người nhập phiếu.",
    "optional": "không bắt buộc",
    "several": "Có thể đánh dấu nhiều ô.",
    "specify": "ghi rõ",
    "number": "Ghi số",
    "date": "Ngày / tháng / năm",
    "jump": "chuyển sang câu {n}",
    "jump_end": "chuyển đến phần cuối phiếu",
    "chosen": "Chọn {answers}: {jump}",
    "only_if": "Chỉ trả lời nếu ở câu {n} Ông/Bà chọn {answers}.",
    "or": " hoặc ",
    "consent": "Đồng ý tham gia",
    "agree": "Tôi đã đọc và đồng ý gửi các câu trả lời này",
    "assisted": "Có người đọc hoặc viết giúp tôi (không bắt buộc)",
    "code": "Mã phiếu, nếu Ông/Bà được phát mã (không bắt buộc)",
    "thanks": "Xin cảm ơn Ông/Bà!",
    "keep": "Phần Ông/Bà giữ lại",
    "receipt": "Mã biên nhận",
    "withdraw": "Sau khi phiếu được nhập và trước khi số liệu được chốt, Ông/Bà có thể"
    " rút phiếu bằng mã này tại {site}.",
    "page": "Trang",
}

ENGLISH: Mapping[str, str] = {
    "serial": "Form no.",
    "specimen": "SPECIMEN – not for collecting answers",
    "simulated": "SIMULATED DATA – not a real survey",
    "office": "Office judged",
    "how": "Please mark X in the box that fits. If you marked a wrong box, circle it"
    " and mark another. The small number beside a box is for data entry.",
    "optional": "optional",
    "several": "Mark all that apply.",
    "specify": "please specify",
    "number": "Number",
    "date": "Day / month / year",
    "jump": "go to question {n}",
    "jump_end": "go to the end of the form",
    "chosen": "If {answers}: {jump}",
    "only_if": "Only if you chose {answers} at question {n}.",
    "or": " or ",
    "consent": "Consent",
    "agree": "I have read this and agree to send these answers",
    "assisted": "Somebody read or wrote for me (optional)",
    "code": "Code, if you were given one (optional)",
    "thanks": "Thank you!",
    "keep": "Please keep this part",
    "receipt": "Receipt",
    "withdraw": "Once the form is entered and until the figures are closed, you may"
    " withdraw it with this code at {site}.",
    "page": "Page",
}

KHMER: Mapping[str, str] = {
    "serial": "លេខប័ណ្ណ",
    "specimen": "គំរូ – មិនប្រើសម្រាប់ប្រមូលចម្លើយ",
    "simulated": "ទិន្នន័យសាកល្បង – មិនមែនការស្ទង់មតិពិត",
    "office": "ស្ថាប័នដែលត្រូវវាយតម្លៃ",
    "how": "សូមគូសសញ្ញា X ក្នុងប្រអប់ដែលត្រូវនឹងការគិតរបស់លោកអ្នក។ បើគូសច្រឡំ"
    " សូមគូសរង្វង់ប្រអប់ដែលច្រឡំ រួចគូសប្រអប់ផ្សេង។ លេខតូចជាប់ប្រអប់សម្រាប់អ្នកបញ្ចូលទិន្នន័យ។",
    "optional": "មិនតម្រូវ",
    "several": "អាចគូសប្រអប់ច្រើន។",
    "specify": "សូមបញ្ជាក់",
    "number": "សរសេរលេខ",
    "date": "ថ្ងៃ / ខែ / ឆ្នាំ",
    "jump": "សូមទៅសំណួរទី {n}",
    "jump_end": "សូមទៅផ្នែកចុងក្រោយនៃប័ណ្ណ",
    "chosen": "បើជ្រើសរើស {answers}៖ {jump}",
    "only_if": "ឆ្លើយតែបើនៅសំណួរទី {n} លោកអ្នកជ្រើសរើស {answers}។",
    "or": " ឬ ",
    "consent": "ការយល់ព្រម",
    "agree": "ខ្ញុំបានអាន និងយល់ព្រមផ្ញើចម្លើយទាំងនេះ",
    "assisted": "មានអ្នកអាន ឬសរសេរជួយខ្ញុំ (មិនតម្រូវ)",
    "code": "លេខកូដប័ណ្ណ បើលោកអ្នកបានទទួល (មិនតម្រូវ)",
    "thanks": "សូមអរគុណលោកអ្នក!",
    "keep": "ផ្នែកដែលលោកអ្នករក្សាទុក",
    "receipt": "លេខបង្កាន់ដៃ",
    "withdraw": "ក្រោយពេលបញ្ចូលប័ណ្ណ និងមុនពេលបិទតួលេខ លោកអ្នកអាចដកប័ណ្ណវិញដោយប្រើលេខនេះ នៅ {site}។",
    "page": "ទំព័រ",
}

PRINTED = {"vi": VIETNAMESE, "en": ENGLISH, "km": KHMER}

STATES = {
    PaperState.ISSUED: "Đang ở ngoài",
    PaperState.RETURNED: "Đã thu về",
    PaperState.SPOILED: "Hỏng",
    PaperState.LOST: "Mất",
}

REASONS = {
    SpoiledReason.NO_CONSENT: "Không đánh dấu đồng ý",
    SpoiledReason.BLANK: "Để trắng",
    SpoiledReason.UNREADABLE: "Không đọc được",
    SpoiledReason.CODE_USED: "Mã phiếu đã dùng cho phiếu khác",
    SpoiledReason.DAMAGED: "Rách, bẩn hoặc in hỏng",
}


def printed(language: str) -> Mapping[str, str]:
    """The words in a language; Vietnamese where nobody has written any."""
    return PRINTED.get(language, VIETNAMESE)
