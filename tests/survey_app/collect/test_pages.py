"""What is true of every citizen page: no cookie, few bytes, a strict policy."""

import base64
import gzip
import hashlib
import re
from html.parser import HTMLParser

import pytest

from survey_app.collect import pages
from survey_app.collect.packing import PackedPage
from tests.survey_app.collect.making import nonce_in


@pytest.fixture
def visited(client, fieldwork):
    """One page of every kind, by name."""
    slip, poster = f"/P/{fieldwork.slip()}", f"/Q/{fieldwork.poster()}"
    fields = fieldwork.opened(client, slip)
    kept = client.post(poster, data=fieldwork.opened(client, poster))
    receipt = kept.location.rpartition("/")[2]
    return {
        "front": client.get("/"),
        "front, mistyped": client.post("/", data={"ma": "7K3M9"}),
        "slip": client.get(slip),
        "slip, returned": client.post(slip, data={"so-phieu": fields["so-phieu"]}),
        "poster": client.get(poster),
        "thanks": client.get(kept.location),
        "withdrawal": client.get("/rut-phieu"),
        "withdrawal, mistyped": client.post("/rut-phieu", data={"bien-nhan": "1"}),
        "withdrawal, asked": client.post("/rut-phieu", data={"bien-nhan": receipt}),
        "withdrawn": client.get("/rut-phieu/xong"),
        "unknown code": client.get("/P/0000000000"),
        "mistyped code": client.get("/P/1234"),
    }


def test_no_page_sets_a_cookie_or_may_be_stored(visited):
    for name, page in visited.items():
        assert "Set-Cookie" not in page.headers, name
        assert page.headers["Cache-Control"] == "no-store", name


def test_the_policy_allows_the_style_by_its_hash_and_nothing_else_inline(visited):
    for name, page in visited.items():
        style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

        assert f"style-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?! src)|style=|\son\w+=", page.text), name


def test_every_page_has_what_readers_of_pages_need(visited):
    for name, page in visited.items():
        checked = _Check(page.text)

        assert checked.count["h1"] == 1, name
        assert checked.title, name
        assert checked.lang == "vi", name
        assert len(checked.ids) == len(set(checked.ids)), name
        assert checked.unlabelled() == [], name
        assert checked.described <= set(checked.ids), name
        assert {a[1:] for a in checked.links if a.startswith("#")} <= set(checked.ids)


def test_a_page_with_mistakes_says_so_in_its_title(visited):
    for name in ("front, mistyped", "slip, returned", "withdrawal, mistyped"):
        assert "<title>Cần xem lại:" in visited[name].text


def test_questions_stand_each_in_a_fieldset_with_its_legend(visited, fieldwork):
    page = visited["slip"].text

    for question in fieldwork.questionnaire.questions:
        fieldset = re.search(
            rf'<fieldset id="cau-{question.id}"[^>]*>\s*<legend>\d+\. (.*?)</legend>',
            page,
        )
        assert question.text in fieldset[1]


@pytest.mark.parametrize("questionnaire", ["sipas_2640", "sipas_1001_service"])
def test_the_first_page_fits_the_first_flight_of_packets(
    client, fieldwork, questionnaire
):
    fieldwork.change_wave(questionnaire_id=questionnaire)
    reply = client.get(
        f"/P/{fieldwork.slip()}", headers={"Accept-Encoding": "gzip, br"}
    )

    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.data) <= 14_000
    assert "</html>" in gzip.decompress(reply.data).decode("utf-8")


def test_the_first_page_calls_for_nothing_but_the_script(visited):
    called = re.findall(r'(?:src|href)="([^"#]+)"', visited["slip"].text)

    assert sorted(called) == [
        "/",
        f"/static/collect-{pages.script_digest()}.js",
        "data:,",
    ]


def test_two_phones_get_the_same_page_but_for_the_nonce(client, fieldwork):
    address = f"/P/{fieldwork.slip()}"
    one, other = (client.get(address).text for _ in range(2))

    assert nonce_in(one) != nonce_in(other)
    assert one.replace(nonce_in(one), "") == other.replace(nonce_in(other), "")


def test_the_page_does_not_hold_the_code(client, fieldwork):
    code = fieldwork.slip()

    assert code not in client.get(f"/P/{code}").text


def test_offices_do_not_get_each_others_page(client, fieldwork):
    land = client.get(f"/P/{fieldwork.slip(service_field='Đất đai')}").text
    justice = client.get(f"/P/{fieldwork.slip(service_field='Tư pháp')}").text

    assert "Đất đai" in land
    assert "Đất đai" not in justice


def test_a_simulated_wave_says_so_on_its_pages(client, fieldwork):
    fieldwork.change_wave(simulated=True)
    address = f"/P/{fieldwork.slip()}"
    page = client.get(address)
    reply = client.post(address, data=fieldwork.filled(page.text))

    assert "DỮ LIỆU MÔ PHỎNG" in page.text
    assert "DỮ LIỆU MÔ PHỎNG" in client.get(reply.location).text


def test_the_script_may_be_kept_for_good_under_its_name(client):
    reply = client.get(f"/static/collect-{pages.script_digest()}.js")

    assert "immutable" in reply.headers["Cache-Control"]
    assert client.get("/static/collect-000000000000.js").status_code == 404


def test_staff_files_are_still_served(client):
    with client.get("/static/staff.css") as reply:
        assert reply.status_code == 200


def test_a_filled_page_is_the_page_with_the_text_in_its_gap():
    page = PackedPage.of("trước " * 5000, " sau")

    assert gzip.decompress(page.filled("Đ")).decode() == "trước " * 5000 + "Đ sau"


def test_a_gap_takes_no_more_than_one_block():
    with pytest.raises(ValueError, match="65536 bytes"):
        PackedPage.of("", "").filled("x" * 65536)


def test_colours_are_told_apart_by_everyone():
    """Contrast of letters at least 7 : 1, of lines at least 3 : 1 (WCAG 2.2)."""
    ink, accent, soft, wrong = "#1b1f23", "#0b4a6b", "#4a5158", "#8f1414"
    used = set(re.findall(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", pages.style()))

    assert {ink, accent, soft, wrong} <= used
    for letters, ground in [
        (ink, "#fff"),
        (accent, "#fff"),
        (soft, "#fff"),
        (wrong, "#fff"),
        (ink, "#f3f5f7"),
        (accent, "#f3f5f7"),
        (ink, "#fff6e0"),
        ("#ffe94d", "#000"),
        ("#ffb3b3", "#000"),
    ]:
        assert _contrast(letters, ground) >= 7, (letters, ground)
    for line in ("#6b737b", "#b35c00"):
        assert _contrast(line, "#fff") >= 3, line


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    shares = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = [
        s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


class _Check(HTMLParser):
    """Gathers from a page what can be checked without a browser."""

    def __init__(self, html):
        super().__init__()
        self.count, self.ids, self.links = {"h1": 0}, [], []
        self.labels, self.fields, self.described = set(), [], set()
        self.title, self.lang, self._in_title, self._label_depth = "", None, False, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.described |= set(attributes.get("aria-describedby", "").split())
        if tag == "html":
            self.lang = attributes.get("lang")
        elif tag == "title":
            self._in_title = True
        elif tag == "a":
            self.links.append(attributes["href"])
        elif tag == "label":
            self._label_depth += 1
            self.labels.add(attributes.get("for"))
        elif tag in ("input", "textarea") and attributes.get("type") != "hidden":
            self.fields.append((attributes, self._label_depth > 0))

    def handle_endtag(self, tag):
        if tag == "label":
            self._label_depth -= 1
        self._in_title = False

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def unlabelled(self):
        return [
            attributes
            for attributes, is_inside in self.fields
            if not is_inside and attributes.get("id") not in self.labels
        ]
