"""What the API says of itself: to programs and to the people who write them."""

from __future__ import annotations

import json
from importlib.metadata import version

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.accounts.access import public
from survey_app.api import openapi
from survey_app.api.blueprint import bp
from survey_app.api.problems import TITLES
from survey_app.api.registering import MOST
from survey_app.api.transaction_views import RATE
from survey_app.fieldwork.words import CHANNELS


@bp.get("/openapi.json")
@public
def document() -> ResponseReturnValue:
    made = openapi.document(version("sipas"), _server())
    return Response(
        json.dumps(made, ensure_ascii=False, indent=1), content_type="application/json"
    )


@bp.get("/")
@public
def about() -> ResponseReturnValue:
    """A short page for those who connect the one-stop software."""
    return render_template(
        "api/about.html",
        server=_server(),
        channels=CHANNELS,
        most=MOST,
        rate=RATE.partition("/")[0],
        statuses=TITLES,
    )


def _server() -> str:
    return str(current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")
