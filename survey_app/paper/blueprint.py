from __future__ import annotations

from flask import Blueprint

bp = Blueprint("paper", __name__, url_prefix="/paper")
