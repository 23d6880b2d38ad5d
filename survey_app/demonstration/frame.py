"""A file of finished transactions that nobody ever made, as an office would send it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from survey_app.demonstration.people import generator
from survey_app.fieldwork.transaction_columns import TITLES
from survey_app.fieldwork.words import CHANNELS

FIELDS = {
    "so_ban_nganh": ("Đăng ký kinh doanh", "Cấp phép", "Lý lịch tư pháp"),
    "huyen": ("Đất đai", "Giấy phép xây dựng", "Đăng ký hộ kinh doanh"),
    "xa": ("Chứng thực", "Khai sinh", "Kết hôn", "Đất đai", "Bảo trợ xã hội"),
}
CHANNEL_SHARES = (0.72, 0.22, 0.06)


def transactions(
    offices: Iterable[tuple[str, str]],
    *,
    first_day: date,
    last_day: date,
    typical: int,
    seed: int,
) -> bytes:
    """CSV with a headline that says it is simulated.

    Parameters
    ----------
    offices : iterable of (code, level)
        Who finished the transactions.
    first_day, last_day : date
        Days on which results were handed over.
    typical : int
        Median number of transactions of an office; sizes differ widely.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["DỮ LIỆU MÔ PHỎNG – không phải hồ sơ thật"])
    writer.writerow(TITLES.values())
    for number, (code, level) in enumerate(offices, start=1):
        rng = generator(seed, "frame", code)
        size = max(12, int(typical * rng.lognormal(0.0, 0.7)))
        for row in _rows(number, code, level, first_day, last_day, size, rng):
            writer.writerow([row.get(column, "") for column in TITLES])
    return text.getvalue().encode("utf-8-sig")


def _rows(
    number: int,
    code: str,
    level: str,
    first_day: date,
    last_day: date,
    size: int,
    rng: np.random.Generator,
) -> Iterable[dict[str, str]]:
    fields = FIELDS[level]
    days = rng.integers(0, (last_day - first_day).days + 1, size)
    waits = rng.geometric(0.25, size)
    kinds = rng.choice(len(fields), size, p=_falling(len(fields)))
    channels = rng.choice(len(CHANNELS), size, p=CHANNEL_SHARES)
    for serial in range(size):
        returned = first_day + timedelta(days=int(days[serial]))
        received = returned - timedelta(days=int(waits[serial]))
        yield {
            "dossier": f"H01.{number:03}-{received:%y%m%d}-{serial + 1:05}",
            "office": code,
            "counter": "1",
            "field": fields[kinds[serial]],
            "received": received.isoformat(),
            "returned": returned.isoformat(),
            "channel": list(CHANNELS.values())[channels[serial]],
        }


def _falling(number: int) -> list[float]:
    weights = [1 / (place + 1) for place in range(number)]
    return [weight / sum(weights) for weight in weights]
