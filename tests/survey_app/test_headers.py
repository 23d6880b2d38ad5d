"""What browsers are told, and whose word about the caller is taken."""

import pytest
from flask import request

from survey_app import create_app

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9")]
)
def test_a_callers_address_is_taken_from_a_header_only_behind_our_own_proxy(
    make_app, sqlite_url, proxies, seen
):
    app = make_app(sqlite_url, PROXIES=proxies)
    addresses = []
    app.before_request(lambda: addresses.append(request.remote_addr))

    app.test_client().get("/healthz", headers=FORWARDED)

    assert addresses == [seen]


def test_a_number_of_proxies_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="SIPAS_PROXIES"):
        create_app({"INSTANCE": str(tmp_path), "PROXIES": "nginx"})


def test_browsers_are_told_to_keep_to_this_site(client):
    headers = client.get("/accounts/sign-in").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_public_https_site_stays_on_https_and_so_do_its_cookies(make_app, sqlite_url):
    app = make_app(sqlite_url, PUBLIC_URL="https://khaosat.example.gov.vn")

    headers = app.test_client().get("/healthz").headers

    assert "max-age" in headers["Strict-Transport-Security"]
    assert app.config["SESSION_COOKIE_SECURE"]


def test_the_demonstration_on_this_machine_works_without_https(make_app, sqlite_url):
    app = make_app(sqlite_url, PUBLIC_URL="")

    assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers
    assert not app.config["SESSION_COOKIE_SECURE"]
