"""Writes data.csv: communes, then transactions, made up; seed 20260302."""

import csv

import numpy as np

rng = np.random.default_rng(20260302)
STRATA = {"lowland": (40, 8), "mountain": (25, 6), "island": (12, 4)}
FIELDS, SEXES = ("justice", "land", "trade"), ("F", "M")
rows = []
for stratum, (communes, drawn) in STRATA.items():
    for commune in range(drawn):
        finished = int(rng.integers(40, 160))
        asked = int(rng.integers(6, 13))
        mood = rng.normal(0.5, 0.5)
        for _ in range(asked):
            person = rng.normal(0, 0.7)
            field = FIELDS[int(rng.choice(3, p=[0.3, 0.5, 0.2]))]
            sex = SEXES[int(rng.integers(2))]
            wait = round(float(rng.gamma(2.0, 6.0 - mood)), 1)
            satisfied = int(
                rng.random() < 1 / (1 + np.exp(-(mood + person - 0.05 * wait + 0.6)))
            )
            late = "yes" if rng.random() < 0.2 + 0.01 * wait else "no"
            told = late if rng.random() < 0.8 else "no"
            items = np.clip(
                np.round(3.6 + mood + person + rng.normal(0, 0.8, 5)), 1, 5
            ).astype(int)
            level = int(
                np.clip(
                    np.round(3.2 + mood + person - 0.03 * wait + rng.normal(0, 0.6)),
                    1,
                    5,
                )
            )
            cells = [str(v) for v in items]
            cells[1] = "NA" if rng.random() < 0.08 else cells[1]
            rows.append(
                [
                    stratum,
                    f"{stratum[0]}{commune}",
                    communes,
                    finished,
                    repr(communes / drawn * finished / asked),
                    field,
                    sex,
                    "NA" if rng.random() < 0.05 else wait,
                    satisfied,
                    late,
                    told,
                    max(level, 2),
                    *cells,
                ]
            )
with open("data.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        [
            "stratum",
            "commune",
            "communes",
            "finished",
            "weight",
            "field",
            "sex",
            "wait",
            "satisfied",
            "late",
            "told",
            "level",
            "i1",
            "i2",
            "i3",
            "i4",
            "i5",
        ]
    )
    writer.writerows(rows)
