"""The OpenAPI document says what real requests and answers look like, no less."""

import re

import pytest

from survey_app.api.problems import TITLES
from survey_app.api.transaction_views import RATE
from tests.survey_app.api.conftest import ADDRESS, TRANSACTION


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").json


def misfits(value, schema, document, at=""):
    """What of a value the schema does not allow: the part of JSON Schema we use."""
    if ref := schema.get("$ref"):
        name = ref.rpartition("/")[2]
        return misfits(value, document["components"]["schemas"][name], document, at)
    if choices := schema.get("oneOf"):
        fitting = [c for c in choices if not misfits(value, c, document, at)]
        return [] if len(fitting) == 1 else [f"{at}: {len(fitting)} of oneOf"]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if _kind(value) not in kinds:
        return [f"{at}: {_kind(value)} is not {kinds}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: not in enum")
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1e9):
            found.append(f"{at}: length")
        if schema.get("format") == "date" and not re.fullmatch(r"[\d-]{10}", value):
            found.append(f"{at}: date")
    if isinstance(value, list):
        for place, item in enumerate(value):
            found += misfits(item, schema["items"], document, f"{at}/{place}")
        if len(value) > schema.get("maxItems", 1e9):
            found.append(f"{at}: too many")
    if isinstance(value, dict):
        members = schema["properties"]
        found += [f"{at}/{n}: missing" for n in schema["required"] if n not in value]
        found += [f"{at}/{name}: unknown" for name in value if name not in members]
        for name in value.keys() & members.keys():
            found += misfits(value[name], members[name], document, f"{at}/{name}")
    return found


def _kind(value):
    kinds = {dict: "object", list: "array", str: "string", int: "integer"}
    return "null" if value is None else kinds[type(value)]


def request_schema(document):
    body = document["paths"][ADDRESS]["post"]["requestBody"]
    return body["content"]["application/json"]["schema"]


BATCH = {"transactions": [TRANSACTION, TRANSACTION | {"counter": "2"}]}
WRONG = TRANSACTION | {"field": "", "name": "Nguyễn Văn A"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (TRANSACTION, 201),
        (TRANSACTION | {"dossier_code": "H01.30-260301-0001"}, 201),
        (TRANSACTION | {"dossier_code": None}, 201),
        (TRANSACTION | {"office": "30307", "shop": None, "counter": None}, 200),
        (BATCH, 201),
        (WRONG, 422),
        ({"transactions": []}, 400),
    ],
)
def test_real_answers_are_as_the_document_says(software, document, body, status):
    reply = software().send(body)

    said = document["paths"][ADDRESS]["post"]["responses"][str(status)]
    assert reply.status_code == status
    schema = said["content"][reply.mimetype]["schema"]
    assert misfits(reply.json, schema, document) == []


@pytest.mark.parametrize("body", [TRANSACTION, BATCH])
def test_what_is_accepted_fits_the_document(document, body):
    assert misfits(body, request_schema(document), document) == []


@pytest.mark.parametrize(
    "members",
    [
        {"field": ""},
        {"channel": "pigeon"},
        {"office": 7},
        {"name": "Nguyễn Văn A"},
        {"received_on": "27/02/2026"},
        {"field": "x" * 201},
    ],
)
def test_what_is_refused_does_not_fit_the_document(software, document, members):
    body = TRANSACTION | members

    assert misfits(body, request_schema(document), document)
    assert software().send(body).status_code == 422


def test_every_status_that_can_come_is_in_the_document(document):
    said = set(document["paths"][ADDRESS]["post"]["responses"])

    assert {str(status) for status in TITLES} - said == {"403", "404"}


def test_the_document_names_its_version_and_where_to_send(document):
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "https://khaosat.example.gov.vn"}]


def test_every_reference_in_the_document_leads_somewhere(document):
    text = str(document)
    named = set(re.findall(r"#/components/schemas/(\w+)", text))

    assert named == set(document["components"]["schemas"]) - set()


def test_the_page_for_people_tells_what_to_send_and_how_often(client):
    page = client.get("/api/v1/").text

    assert "Idempotency-Key" in page
    assert f"{RATE.split('/')[0]} yêu cầu một phút" in page
    assert "/api/v1/openapi.json" in page
    assert all(name in page for name in TRANSACTION)
