"""Writes data.csv: a made-up wave, seed 20260301. Run once, from this folder."""

import csv

import numpy as np

rng = np.random.default_rng(20260301)
ITEMS = ("signage", "seating", "steps", "fees", "correct", "general")
STRATA = [  # office, field, frame, issued, responded
    ("A", "land", 300, 40, 31),
    ("A", "justice", 120, 24, 18),
    ("A", "trade", 45, 22, 17),
    ("B", "land", 80, 60, 33),
    ("B", "justice", 25, 25, 22),
    ("C", "land", 60, 60, 36),
    ("D", "land", 500, 50, 42),
    ("D", "trade", 700, 60, 38),
    ("E", "justice", 90, 30, 18),
    ("E", "land", 40, 24, 18),
    ("F", "land", 150, 45, 30),
    ("F", "justice", 33, 33, 33),
]
rows = []
for office, field, frame, issued, responded in STRATA:
    level = rng.normal(0.9, 0.35)
    for _ in range(responded):
        person = rng.normal(0, 0.8)
        latent = (
            level
            + person
            + rng.normal(0, 0.7, len(ITEMS))
            + [0, -0.4, 0.2, -0.1, 0.3, 0.2]
        )
        levels = np.digitize(latent, [-1.5, -0.7, 0.1, 1.1]) + 1
        levels[1] = -1 if rng.random() < 0.15 else levels[1]
        levels[3] = -2 if rng.random() < (0.3 if office == "B" else 0.03) else levels[3]
        levels[4] = -3 if rng.random() < 0.02 else levels[4]
        rows.append(
            [
                office,
                field,
                f"{office}.{field}",
                frame,
                issued,
                repr(frame / responded),
                *levels,
            ]
        )
with open("data.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["office", "field", "stratum", "frame_size", "issued", "weight", *ITEMS]
    )
    writer.writerows(rows)
