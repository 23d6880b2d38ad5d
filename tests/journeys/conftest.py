"""A real browser and a real server for tests that walk through pages as people do.

Without a Chromium these tests skip and say so; with ``CI=true`` they fail instead,
because a skipped journey must never look like a passed one.
"""

import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import playwright
import pytest
import waitress

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "locale": "vi-VN",
}
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "locale": "vi-VN"}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the whole run; each page below has a context of its own."""
    if missing := _missing():
        sentence = f"NO BROWSER TEST WAS RUN: {missing}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def _missing():
    """What to install before a browser can be driven, or None."""
    if CHROMIUM is None:
        return "apt-get install chromium, or set CHROMIUM"
    driver = Path(playwright.__file__).parent / "driver" / "node"
    if subprocess.run([driver, "--version"], capture_output=True).returncode:
        return "apt-get install libatomic1"  # which the driver of the browser needs
    return None


@pytest.fixture
def open_page(browser, live):
    """Opens pages that are closed, cookies and all, before any server stops."""
    with ExitStack() as contexts:

        def open_page(**options):
            context = browser.new_context(**options)
            context.set_default_timeout(10_000)
            contexts.callback(context.close)
            return context.new_page()

        yield open_page


@pytest.fixture
def phone(open_page):
    """A page as on a small phone: 360 × 640, touch."""
    return open_page(**PHONE)


@pytest.fixture
def phone_without_script(open_page):
    return open_page(**PHONE, java_script_enabled=False)


@pytest.fixture
def desktop(open_page):
    return open_page(**DESKTOP)


@pytest.fixture
def live():
    """Serves an application as ``sipas serve`` does; gives its address."""
    with ExitStack() as running:

        def live(app):
            server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
            thread = Thread(target=server.run, daemon=True)
            thread.start()

            def stop():
                server.close()
                thread.join(timeout=10)

            running.callback(stop)
            return f"http://127.0.0.1:{server.effective_port}"

        yield live


@pytest.fixture
def violations():
    """What axe finds wrong with a page, one line for each rule, none when good."""

    def violations(page):
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page).response["violations"]
        return [
            f"{rule['id']}: {rule['help']} – {node['html'][:120]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
