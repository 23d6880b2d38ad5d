"""One line for every answer of the server, without codes, addresses or names.

What is written is the address as the program knows it, ``/P/<code>``, and not as
it was called: no log leads to a slip, a ballot or a phone.
"""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("sipas.access")


def init_app(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "(unknown)"
        took = 1000 * (time.perf_counter() - g.began)
        log.info("%s %s %s %.0f ms", request.method, rule, response.status_code, took)
        return response
