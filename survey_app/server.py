"""The server that ``sipas serve`` and the demonstration run: one process, on one port.

It takes in slow phones' requests whole before a thread is given to them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import waitress
from flask import Flask

from survey_app import access_log, db, upgrade
from survey_app.errors import Refused

THREADS = 8


def run(
    app: Flask,
    *,
    host: str,
    port: int,
    threads: int = THREADS,
    ready: Callable[[str], None],
) -> None:
    """Serve until stopped; ``ready`` is told the address.

    Raises
    ------
    Refused
        If the database needs an upgrade or the port is taken.
    """
    with app.app_context():
        if not upgrade.is_current(db.current_database().engine):
            raise Refused("Cơ sở dữ liệu chưa sẵn sàng. Hãy chạy: sipas db upgrade")
    access_log.init_app(app)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident="sipas",
            clear_untrusted_proxy_headers=app.config["PROXIES"] == 0,
        )
    except OSError as mishap:
        raise Refused(
            f"Không mở được cổng {port} trên {host}: {mishap.strerror}."
            " Hãy chọn cổng khác bằng --port."
        ) from mishap
    ready(f"http://{host}:{server.effective_port}/")
    server.run()
