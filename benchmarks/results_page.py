"""Server work for the page of all offices: 17 departments and 102 communes.

    python -m benchmarks.results_page

Cold is the first request after the imports: files are verified, read and every figure
computed. Warm is every request after that.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from survey_app import clock, create_app, db, upgrade
from survey_app.accounts.identity import SignedIn
from survey_app.models import Account, Role, Wave
from survey_app.results import reading
from survey_app.results.freezing import freeze_wave
from tests.survey_app.results.building import Judged, build_wave

DEPARTMENTS, COMMUNES, BALLOTS = 17, 102, 100
PAGE = "/results/2021-ts/"
BY_INDEX = "?sort=-index&level=xa&q=xa"
XLSX = "offices.xlsx"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"INSTANCE": str(Path(folder) / "instance"), "TESTING": True})
        with app.app_context():
            _fill()
            client = _analyst(app)
            _measure(client)
            db.current_database().engine.dispose()


def _fill() -> None:
    now = clock.now()
    upgrade.migrate(db.current_database().engine)
    with db.begin() as session:
        upgrade.publish_shipped(session, now=now)
    offices = [
        Judged(f"S{n}", f"Sở số {n}", 400, 160, BALLOTS) for n in range(DEPARTMENTS)
    ] + [
        Judged(f"X{n}", f"Xã số {n}", 400, 160, BALLOTS, level="xa")
        for n in range(COMMUNES)
    ]
    with db.begin() as session:
        wave = build_wave(
            session, offices, now=now, code="2021-ts", questionnaire_id="sipas_2640"
        )
    begun = time.perf_counter()
    with db.begin() as session:
        freeze_wave(
            session,
            session.get_one(Wave, wave.id),
            now=now,
            folder_root=reading.frozen_root(),
            seed=1,
        )
    print(f"freezing {len(offices) * BALLOTS} ballots: {_ms(begun)}")


def _analyst(app: Flask) -> FlaskClient:
    with db.begin() as session:
        account = Account(
            role=Role.ANALYST,
            username="analyst",
            name="Phân tích",
            password_hash="none",
            created_at=clock.now(),
        )
        session.add(account)
        session.flush()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = SignedIn(account).get_id()
    return client


def _measure(client: FlaskClient) -> None:
    import polars  # noqa: F401  # the bar counts from after the imports
    import scipy.stats  # noqa: F401

    from analysis import reports  # noqa: F401

    client.get("/results/")
    begun = time.perf_counter()
    reply = client.get(PAGE)
    assert reply.status_code == 200
    offices = DEPARTMENTS + COMMUNES
    print(f"all {offices} offices, cold: {_ms(begun)}, {len(reply.data)} bytes")
    print(f"all {offices} offices, warm: {_median(lambda: client.get(PAGE))}")
    print(f"sorted and filtered, warm: {_median(lambda: client.get(PAGE + BY_INDEX))}")
    print(f"one office, warm: {_median(lambda: client.get(PAGE + 'offices/S1/'))}")
    print(f"all tables as XLSX: {_median(lambda: client.get(PAGE + XLSX), 3)}")
    print(f"list of waves: {_median(lambda: client.get('/results/'))}")


def _median(work: Callable[[], object], times: int = 20) -> str:
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return f"{statistics.median(spent) * 1000:.0f} ms (median of {times})"


def _ms(begun: float) -> str:
    return f"{(time.perf_counter() - begun) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
