"""The first page on a cheap phone: bytes, requests, time to the first question.

    python -m benchmarks.first_page [--loads 5]

Real Chromium, 360 × 640, processor slowed six times, 400 ms latency and 50,000 bytes a
second each way, nothing cached: a new context for each load. The first question shows
in the first frame in which the first answer has a box on the page.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.survey_app.collect.serving import Server

SLOWDOWN, LATENCY_MS, BYTES_A_SECOND = 6, 400, 50_000
BARS = {"bytes": 14_000, "requests": 1, "milliseconds": 1500}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
]
WATCH = """
(() => {
  const look = () => {
    const answer = document.querySelector("form fieldset input");
    if (answer && answer.getBoundingClientRect().height > 0) {
      window.firstQuestion = performance.now();
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True, slots=True)
class Load:
    milliseconds: float
    requests_before: int
    requests: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", type=int, default=5)
    loads_wanted = parser.parse_args().loads
    for questionnaire in ("sipas_2640", "sipas_1001_service"):
        with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
            fieldwork = server.prepared(questionnaire_id=questionnaire)
            address = f"{server.start()}/P/{fieldwork.slip()}"
            size = gzipped_bytes(address)
            loads = cold_loads(address, loads_wanted)
        milliseconds = statistics.median(load.milliseconds for load in loads)
        before = statistics.median(load.requests_before for load in loads)
        print(questionnaire)
        _line("gzipped bytes", size, BARS["bytes"])
        _line("requests before the first question", before, BARS["requests"])
        _line("requests in all", max(load.requests for load in loads), None)
        _line("first question, ms", milliseconds, BARS["milliseconds"])


def gzipped_bytes(address: str) -> int:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as reply:
        return len(reply.read())


def cold_loads(address: str, count: int) -> list[Load]:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            return [_load(browser, address) for _ in range(count)]
        finally:
            browser.close()


def _load(browser: Any, address: str) -> Load:
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    client.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    page.goto(address, wait_until="load")
    milliseconds = page.evaluate("window.firstQuestion")
    ended = page.evaluate(
        """performance.getEntriesByType("resource")
           .filter((entry) => !entry.name.startsWith("data:"))
           .map((entry) => entry.responseEnd)"""
    )
    context.close()
    before = 1 + sum(moment <= milliseconds for moment in ended)
    return Load(milliseconds, before, 1 + len(ended))


def _line(what: str, value: float, bar: int | None) -> None:
    against = "" if bar is None else f"   bar {bar:,}   share of it {value / bar:.2f}"
    print(f"  {what:<36}{value:>8,.0f}{against}")


if __name__ == "__main__":
    main()
