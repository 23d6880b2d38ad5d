"""Forty phones send their ballots byte by byte; how long do the others wait?

    python -m benchmarks.slow_phones [--seconds 5]

``sipas serve`` as shipped. Four quick phones open pages all the time, once alone and
once while forty slow ones take about four seconds each for one ballot.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.phones import Phone, body_of, nonce_in
from tests.survey_app.collect.making import complete
from tests.survey_app.collect.serving import Server

SLOW, QUICK = 40, 4
PIECES, PAUSE = 40, 0.1
BAR_MS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        fieldwork = server.prepared()
        url, fields = server.start(), complete(fieldwork.questionnaire)
        slips = fieldwork.slips(1000)
        alone = quick(url, slips[0], seconds)
        stop = threading.Event()
        slow = [
            threading.Thread(target=_dribble, args=(url, slips[n::SLOW], fields, stop))
            for n in range(SLOW)
        ]
        for thread in slow:
            thread.start()
        time.sleep(1)
        beside = quick(url, slips[0], seconds)
        stop.set()
        for thread in slow:
            thread.join()
        kept = len(fieldwork.responses())
        fieldwork.close()
    one, other = _p99(alone), _p99(beside)
    print(f"alone            {len(alone) / seconds:6.0f} pages/s, p99 {one:6.1f} ms")
    rate = len(beside) / seconds
    print(f"beside {SLOW} slow   {rate:6.0f} pages/s, p99 {other:6.1f} ms")
    print(f"bar {BAR_MS} ms, beside/alone {other / one:.2f}")
    print(f"slow ballots kept meanwhile: {kept}")


def quick(url: str, code: str, seconds: float) -> list[float]:
    """Milliseconds of every page that the quick phones opened."""
    waits: list[float] = []

    def ask() -> None:
        with Phone(url) as phone:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                began = time.perf_counter()
                phone.get(f"/P/{code}")
                waits.append((time.perf_counter() - began) * 1000)
                time.sleep(0.01)

    phones = [threading.Thread(target=ask) for _ in range(QUICK)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join()
    return waits


def _dribble(
    url: str, codes: list[str], fields: dict[str, str], stop: threading.Event
) -> None:
    for code in codes:
        if stop.is_set():
            return
        with Phone(url) as phone:
            body = body_of(fields, nonce_in(phone.get(f"/P/{code}")))
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            head = (
                f"POST /P/{code} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            connection.sendall(head.encode())
            step = -(-len(body) // PIECES)
            for start in range(0, len(body), step):
                connection.sendall(body[start : start + step])
                time.sleep(PAUSE)
            while connection.recv(65536):
                pass


def _p99(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[98]


if __name__ == "__main__":
    main()
