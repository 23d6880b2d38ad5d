from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api/v1")
key_bp = Blueprint("api_keys", __name__, url_prefix="/accounts/api-keys")
