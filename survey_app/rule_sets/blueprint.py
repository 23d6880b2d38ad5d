from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rule_sets", __name__, url_prefix="/rule-sets")
