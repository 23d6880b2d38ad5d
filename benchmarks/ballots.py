"""Complete ballots a second: open the page, send every answer, on one server.

    python -m benchmarks.ballots [--seconds 4] [--rounds 3]

``sipas serve`` as shipped (waitress, SQLite with synchronous=FULL) takes turns with a
bare Flask application under the same server that renders 22 five-level questions by
Jinja and makes one durable INSERT of the same size. A second bare one sends a page
made beforehand. Eight phones, one process each, ask as fast as they are answered.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.phones import Phone, body_of, nonce_in
from tests.survey_app.collect.making import complete
from tests.survey_app.collect.serving import Server

PHONES = 8
EQ_RUNNER = 6.8  # complete ballots a second on a like machine
FORM = """<!doctype html><html lang="vi"><title>Phiếu</title><form method="post">
{% for question in questions %}<fieldset><legend>Câu {{ loop.index }}</legend>
{% for level in range(1, 6) %}<label><input type="radio" name="{{ question }}"
value="{{ level }}">{{ level }}</label>{% endfor %}</fieldset>{% endfor %}
<button>Gửi</button></form></html>"""
QUESTIONS = [f"q{number}" for number in range(22)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare:
        serve_bare(*arguments.bare)
        return
    found = compare(arguments.seconds, arguments.rounds)
    ours, rendered, ready = (
        statistics.median(found[name]) for name in ("ours", "rendered", "ready")
    )
    print(f"complete ballots/s                {ours:6.0f}   bar 68")
    for name, bare in (("rendered", rendered), ("ready beforehand", ready)):
        share = ours / bare
        print(f"bare Flask, page {name:<17}{bare:6.0f}   ours/bare {share:.2f}")
    print(f"against the {EQ_RUNNER} of eq-runner: x {ours / EQ_RUNNER:.0f}")


def compare(seconds: float, rounds: int) -> dict[str, list[float]]:
    """Ballots a second of each server, round by round."""
    found: dict[str, list[float]] = {"ours": [], "rendered": [], "ready": []}
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        fieldwork = server.prepared()
        fields = complete(fieldwork.questionnaire)
        codes = fieldwork.slips(int(1500 * seconds * rounds))
        share = len(codes) // rounds // PHONES
        url = server.start()
        for _ in range(rounds):
            work = []
            for _ in range(PHONES):
                work.append((url, seconds, codes[:share], fields))
                del codes[:share]
            found["ours"].append(_rate(_answer_slips, work, seconds))
            for kind in ("rendered", "ready"):
                with bare_server(Path(folder), kind) as bare_url:
                    work_bare = [(bare_url, seconds)] * PHONES
                    found[kind].append(_rate(_answer_bare, work_bare, seconds))
    return found


def _rate(phone, work, seconds: float) -> float:  # type: ignore[no-untyped-def]
    with multiprocessing.Pool(PHONES) as pool:
        return sum(pool.starmap(phone, work)) / seconds


def _answer_slips(
    url: str, seconds: float, codes: list[str], fields: dict[str, str]
) -> int:
    sent = 0
    with Phone(url) as phone:
        until = time.monotonic() + seconds
        for code in codes:
            if time.monotonic() >= until:
                break
            nonce = nonce_in(phone.get(f"/P/{code}"))
            status = phone.post(f"/P/{code}", body_of(fields, nonce))
            if status != 303:
                raise RuntimeError(f"{status} instead of 303")
            sent += 1
        else:
            raise RuntimeError("more slips are needed")
    return sent


def _answer_bare(url: str, seconds: float) -> int:
    body = body_of(dict.fromkeys(QUESTIONS, "4"), "x" * 56)
    sent = 0
    with Phone(url) as phone:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            phone.get("/")
            if phone.post("/", body) != 303:
                raise RuntimeError("not kept")
            sent += 1
    return sent


@contextmanager
def bare_server(folder: Path, kind: str) -> Iterator[str]:
    """The bare application in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.ballots", "--bare", str(folder), kind],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGTERM)
    process.wait()


def serve_bare(folder: str, kind: str) -> None:
    import waitress
    from flask import Flask, redirect, render_template_string, request

    app = Flask(__name__)
    database = sqlite3.connect(
        Path(folder) / f"bare-{uuid.uuid4().hex}.db",
        check_same_thread=False,
        isolation_level=None,
    )
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE response (id TEXT PRIMARY KEY, body TEXT)")
    writer = threading.Lock()
    with app.app_context():
        ready = render_template_string(FORM, questions=QUESTIONS)

    @app.get("/")
    def page() -> str:
        if kind == "ready":
            return ready
        return render_template_string(FORM, questions=QUESTIONS)

    @app.post("/")
    def keep():  # type: ignore[no-untyped-def]
        body = json.dumps(request.form.to_dict()).ljust(1200)
        with writer:
            database.execute(
                "INSERT INTO response VALUES (?, ?)", (uuid.uuid4().hex, body)
            )
        return redirect("/", code=303)

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
    print(f"http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
