"""Waves in memory: a small form, and ballots as lists of levels by office."""

import numpy as np
import pytest

import questionnaires
from analysis import rules
from analysis.responses import FrozenSet

FORM = """
id = "form"
title = "Phiếu thử"
language = "vi"
audience = "citizen"

[source]
decision = "thử"
status = "memory"

[consent]
version = "1"
text = "Tôi đồng ý."

[special]
na = "Không áp dụng"
dk = "Không biết"

[scale.five]
labels = ["Rất tệ", "Tệ", "Bình thường", "Hài lòng", "Rất hài lòng"]
satisfied_from = 4

[[factor]]
id = "access"
title = "Tiếp cận"
[[factor.criterion]]
id = "signage"
text = "Biển chỉ dẫn"
scale = "five"
[[factor.criterion]]
id = "seating"
text = "Chỗ ngồi"
scale = "five"
not_applicable = true
dont_know = true

[[factor]]
id = "result"
title = "Kết quả"
[[factor.criterion]]
id = "correct"
text = "Kết quả đúng"
scale = "five"
"""

RULES = """
id = "test"
title = "Test"
version = "1"
status = "draft"
citation = "none"
[index]
factor_rule = "pooled"
index_rule = "mean_of_factors"
[rollup]
field_to_office = "transactions"
office_to_province = "transactions"
[selection]
counted = ["from_list", "at_hand_over"]
[points]
rule = "proportional"
full_marks = 24
"""

ITEMS = ("signage", "seating", "correct")


@pytest.fixture(scope="session")
def form():
    return questionnaires.parse(FORM)


@pytest.fixture(scope="session")
def rule_text():
    return RULES


@pytest.fixture(scope="session")
def rule_set():
    return rules.parse(RULES)


@pytest.fixture(scope="session")
def make_wave():
    """Builds a frozen set from groups of ballots."""
    return _make_wave


def _make_wave(*groups, offices=None):
    """Each group: office, levels (r, 3), frame, issued, and column overrides."""
    columns = {
        name: []
        for name in (
            "selection",
            "office",
            "service_field",
            "stratum",
            "response_class",
            "psu",
            "variance_stratum",
            "frame_size",
            "weight",
        )
    }
    answers = [[] for _ in ITEMS]
    dispositions, frame = [], []
    person = 0
    for number, group in enumerate(groups):
        levels = np.asarray(group["levels"]).reshape(-1, len(ITEMS))
        r, n = len(levels), group["frame"]
        issued = group.get("issued", r)
        name = group.get("stratum", f"s{number}")
        row = {
            "selection": group.get("selection", "from_list"),
            "office": group["office"],
            "service_field": group.get("field", "land"),
            "stratum": name,
            "response_class": group.get("response_class", name),
            "variance_stratum": name,
            "frame_size": n,
            "weight": group.get("weight", n / max(r, 1)),
        }
        for k in range(r):
            for key, value in row.items():
                columns[key].append(value)
            columns["psu"].append(group["psu"][k] if "psu" in group else person)
            person += 1
        for j, column in enumerate(answers):
            column.extend(levels[:, j].tolist())
        if row["selection"] != "open":
            key = (name, row["response_class"], row["selection"])
            dispositions += [(*key, "completed", r), (*key, "not_returned", issued - r)]
            frame.append((name, row["office"], row["service_field"], "", "", n))
    codes = offices or list(dict.fromkeys(group["office"] for group in groups))
    return FrozenSet.from_columns(
        manifest={
            "wave": {"id": "w1", "name": "Đợt thử", "simulated": True},
            "questionnaire": {"id": "form", "sha256": "abc"},
            "rule_set": {"id": "test"},
            "offices": [{"code": c, "name": c, "level": "commune"} for c in codes],
        },
        responses=columns | {f"q_{i}": a for i, a in zip(ITEMS, answers, strict=True)},
        dispositions=dict(
            zip(
                ("stratum", "response_class", "selection", "outcome", "count"),
                zip(*dispositions, strict=True),
                strict=True,
            )
        )
        if dispositions
        else {
            k: []
            for k in ("stratum", "response_class", "selection", "outcome", "count")
        },
        frame=dict(
            zip(
                (
                    "stratum",
                    "office",
                    "service_field",
                    "month",
                    "channel",
                    "frame_size",
                ),
                zip(*frame, strict=True),
                strict=True,
            )
        )
        if frame
        else {
            k: []
            for k in (
                "stratum",
                "office",
                "service_field",
                "month",
                "channel",
                "frame_size",
            )
        },
    )
