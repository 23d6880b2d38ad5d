"""Run the shipped server in a process of its own, to be used and killed for real."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from survey_app import clock, create_app, db, upgrade
from tests.survey_app.collect.making import Fieldwork


class Server:
    """``sipas serve`` on a free port with its own instance folder and SQLite file."""

    def __init__(self, folder, **settings):
        self.instance = Path(folder)
        self.settings = settings
        self._process = None

    def prepared(self, **wave_fields):
        """Make the database, and one open wave in it."""
        app = create_app({"INSTANCE": str(self.instance), **self.settings})
        with app.app_context():
            upgrade.migrate(db.current_database().engine)
            with db.begin() as session:
                upgrade.publish_shipped(session, now=clock.now())
        return Fieldwork(app, clock.now(), **wave_fields)

    def start(self):
        """Start and wait until it serves; the address ends without a slash."""
        environment = {"SIPAS_INSTANCE": str(self.instance)} | {
            f"SIPAS_{name}": value for name, value in self.settings.items()
        }
        command = "from survey_app.cli import main; main()"
        with (self.instance / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", command, "serve", "--port", "0"],
                env=os.environ | environment | {"PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        for line in self._process.stdout:
            if found := re.search(r"(http://[^/]+)/", line):
                return found[1]
        raise RuntimeError((self.instance / "server.log").read_text())

    def kill(self):
        """Kill without any warning, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self):
        self._end(signal.SIGTERM)

    def _end(self, how):
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process.stdout.close()
            self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
