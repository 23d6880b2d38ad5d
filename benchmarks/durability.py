"""Fifty ballots a second for half a minute; the server is killed midway.

    python -m benchmarks.durability [--seconds 30] [--per-second 50]

Each phone opens its page, answers, and sends the same ballot again until it is thanked
for, as the script of the page does. Halfway the server gets SIGKILL and is started
again. Then the database is counted: every ballot that was thanked for exactly once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from benchmarks.phones import Phone, body_of, nonce_in
from survey_app.collect import receipts
from tests.survey_app.collect.making import complete
from tests.survey_app.collect.serving import Server

AT_ONCE = 60
PATIENCE = 60


@dataclass(slots=True)
class Site:
    """The address moves when the server is started again."""

    url: str


@dataclass(frozen=True, slots=True)
class Thanked:
    receipt: str
    at: float
    seconds: float
    sendings: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--per-second", type=int, default=50)
    arguments = parser.parse_args()
    count = arguments.seconds * arguments.per_second
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        fieldwork = server.prepared()
        codes, fields = fieldwork.slips(count), complete(fieldwork.questionnaire)
        site = Site(server.start())
        began = time.monotonic()
        outage: list[float] = []

        def kill_midway() -> None:
            time.sleep(arguments.seconds / 2)
            outage.append(time.monotonic())
            server.kill()
            site.url = server.start()
            outage.append(time.monotonic())

        killer = threading.Thread(target=kill_midway)
        killer.start()

        def answer(number: int) -> Thanked:
            time.sleep(max(0, began + number / arguments.per_second - time.monotonic()))
            return _answer(site, codes[number], fields)

        with ThreadPoolExecutor(AT_ONCE) as phones:
            thanked = list(phones.map(answer, range(count)))
        killer.join()
        took = time.monotonic() - began
        kept = [response.id for response in fieldwork.responses()]
        spent = sum(invitation.spent for invitation in fieldwork.invitations())
        fieldwork.close()
    _report(thanked, kept, spent, outage, took)


def _answer(site: Site, code: str, fields: dict[str, str]) -> Thanked:
    """One person: open, answer, send until thanked."""
    began = time.monotonic()
    body, sendings = b"", 0
    while time.monotonic() < began + PATIENCE:
        try:
            with Phone(site.url) as phone:
                if not body:
                    body = body_of(fields, nonce_in(phone.get(f"/P/{code}")))
                sendings += 1
                receipt = phone.post_for_receipt(f"/P/{code}", body)
            now = time.monotonic()
            return Thanked(receipt, now, now - began, sendings)
        except (OSError, ValueError):
            time.sleep(0.2)
    raise RuntimeError(f"not thanked within {PATIENCE} s")


def _report(
    thanked: list[Thanked],
    kept: list[UUID],
    spent: int,
    outage: list[float],
    took: float,
) -> None:
    found = [receipts.receipt(id_) for id_ in kept]
    promised = {one.receipt for one in thanked}
    before = [one for one in thanked if one.at < outage[0]]
    away = outage[1] - outage[0]
    usual = [
        one.seconds
        for one in thanked
        if one.at < outage[0] or one.at - one.seconds > outage[1]
    ]
    percentiles = statistics.quantiles(usual, n=100)
    print(f"thanked for {len(thanked)} in {took:.1f} s, {len(before)} before the kill")
    print(f"server away for {away:.1f} s, sent again {_again(thanked)} times")
    print(f"thanked for and lost           {len(promised - set(found)):6d}   must be 0")
    print(
        f"kept twice                     {len(found) - len(set(found)):6d}   must be 0"
    )
    print(f"kept without thanks            {len(set(found) - promised):6d}   must be 0")
    print(f"codes spent / ballots kept     {spent / len(kept):6.2f}   must be 1")
    print(
        f"open and send while it ran, ms: median {percentiles[49] * 1000:.0f},"
        f" p99 {percentiles[98] * 1000:.0f}"
    )


def _again(thanked: list[Thanked]) -> int:
    return sum(one.sendings - 1 for one in thanked)


if __name__ == "__main__":
    main()
