"""What is wrong with a row of finished transactions, all of it at once."""

from datetime import date

import pytest

from survey_app import tables
from survey_app.fieldwork.directory import Directory, Entry
from survey_app.fieldwork.transaction_columns import COLUMNS
from survey_app.fieldwork.transaction_file import FrameRules, checked, dossier_code
from tests.survey_app.fieldwork.making import HEADER, as_csv, finished

START = date(2025, 7, 1)


def entry(key, name, owner=None, until=None, since=START):
    return Entry(key, name, owner, since, until)


DIRECTORY = Directory(
    offices={
        "30307": (
            entry(1, "Phường cũ", since=date(2021, 1, 1), until=date(2025, 6, 30)),
            entry(2, "Phường Long Xuyên"),
        ),
        "30316": (entry(3, "Phường Châu Đốc"),),
        "STP": (entry(4, "Sở Tư pháp"),),
    },
    shops={"STP-1": (entry(41, "Trung tâm", 4),)},
    counters={(41, "1"): (entry(411, "Quầy 1", 41),), (21, "1"): (entry(5, "Q", 21),)},
    shops_of={
        2: (entry(21, "Trung tâm", 2),),
        4: (entry(41, "Trung tâm", 4), entry(42, "Trung tâm 2", 4)),
    },
)


def rows(*given, already=(), header=None):
    rules = FrameRules(
        period_start=date(2026, 1, 1),
        period_end=date(2026, 3, 31),
        today=date(2026, 3, 2),
        offices={2, 4},
        directory=DIRECTORY,
        already=set(already),
        hashed=lambda dossier: f"#{dossier}",
        person_hashed=lambda person: f"@{len(person)}",
    )
    table = tables.read(
        as_csv(given, **({"header": header} if header else {})), COLUMNS
    )
    return list(checked(table, rules))


def problems(*given, **how):
    return [
        (p.number, p.column, p.reason)
        for *_, found in rows(*given, **how)
        for p in found
    ]


def test_a_good_row_is_kept_without_its_dossier_code():
    ((_, kept, found),) = rows(finished(1))

    assert found == []
    assert (kept.dossier_hash, kept.office_id, kept.shop_id, kept.counter_id) == (
        "#H01.30-260106-0001",
        2,
        21,
        5,
    )
    assert (kept.received_on, kept.returned_on) == (date(2026, 1, 6), date(2026, 1, 9))
    assert kept.channel == "in_person"


def test_a_key_of_a_person_is_kept_as_its_hash_only_and_may_be_left_out():
    header = (*HEADER[:-1], "Khóa người nộp")
    given = (finished(1, person="089123456789"), finished(2, person=""))

    found = [kept.person_hash for _, kept, _ in rows(*given, header=header)]

    assert found == ["@12", None]
    assert rows(finished(1))[0][1].person_hash is None


def test_english_headings_are_understood():
    header = (
        *("Dossier", "Office", "Counter", "Service field"),
        *("Received on", "Returned date", "Channel", "Person"),
    )

    assert problems(finished(1), header=header) == []


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"dossier": ""}, "Mã hồ sơ", "chưa ghi"),
        ({"dossier": "12345"}, "Mã hồ sơ", "không đúng dạng"),
        ({"office": "99999"}, "Mã đơn vị", "không có đơn vị nào mang mã này"),
        ({"office": "30316"}, "Mã đơn vị", "không thuộc đợt khảo sát này"),
        ({"office": "STP"}, "Mã Bộ phận Một cửa", "cần ghi"),
        ({"counter": "9"}, "Mã quầy", "không có quầy mang mã này"),
        ({"field": ""}, "Lĩnh vực", "chưa ghi"),
        ({"channel": "fax"}, "Hình thức nộp", "phải là một trong"),
        ({"received": "hôm qua"}, "Ngày tiếp nhận", "không phải ngày"),
        (
            {"received": "20/12/2025", "returned": "31/12/2025"},
            "Ngày trả kết quả",
            "ngoài thời kỳ",
        ),
        ({"returned": "01/04/2026"}, "Ngày trả kết quả", "ngoài thời kỳ"),
        ({"returned": "20/03/2026"}, "Ngày trả kết quả", "sau hôm nay"),
        ({"returned": "02/01/2026"}, "Ngày trả kết quả", "trước ngày tiếp nhận"),
    ],
)
def test_a_bad_cell_is_named_with_its_column_and_reason(cells, column, reason):
    ((number, found_column, found_reason),) = problems(finished(1, **cells))

    assert (number, found_column) == (2, column)
    assert reason in found_reason


def test_everything_wrong_with_a_row_is_said_at_once():
    row = finished(1, dossier="x", office="", field="", received="", channel="")

    assert [column for _, column, _ in problems(row)] == [
        "Mã hồ sơ",
        "Ngày tiếp nhận",
        "Mã đơn vị",
        "Lĩnh vực",
        "Hình thức nộp",
    ]


def test_a_dossier_twice_in_a_file_names_the_first_line():
    again = finished(1, counter="", field="Đất đai")

    assert problems(finished(1), finished(2), again) == [
        (4, "Mã hồ sơ", "trùng với dòng 2")
    ]


def test_a_dossier_already_in_the_frame_is_refused_however_it_is_typed():
    row = finished(1, dossier=" h01.30-260106-0001 ")

    assert problems(row, already={"#H01.30-260106-0001"}) == [
        (2, "Mã hồ sơ", "hồ sơ này đã được nhập vào đợt khảo sát")
    ]


def test_a_code_means_the_office_that_had_it_on_the_day_of_the_result():
    ((_, kept, _),) = rows(finished(1))

    assert kept.office_id == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H01.30-220105-0001", "H01.30-220105-0001"),
        ("h01.30-220105-0001", "H01.30-220105-0001"),
        ("000.20.30.H01-220105-0001", "000.20.30.H01-220105-0001"),
        ("H01.30-221305-0001", None),
        ("H01.30-220105-1", None),
        ("H01-220105-0001", None),
        ("'; DROP TABLE office", None),
    ],
)
def test_a_dossier_code_has_the_shape_of_the_circular(text, code):
    assert dossier_code(text) == code
