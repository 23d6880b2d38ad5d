from __future__ import annotations

from flask import Blueprint

bp = Blueprint("hand_over", __name__, url_prefix="/counter")
