"""Every printed code reads back as its address, large and small."""

import pytest
import zxingcpp
from PIL import Image

from survey_app import qr
from survey_app.codes import POSTER_LENGTH, SLIP_LENGTH, random_code
from survey_app.fieldwork.addresses import Site

SITE = Site("https://khaosat.angiang.gov.vn")


def picture(text, level, pixels):
    modules = qr.matrix(text, level)
    image = Image.new("1", (len(modules), len(modules)), 1)
    image.putdata([0 if dark else 1 for row in modules for dark in row])
    return image.convert("L").resize((pixels, pixels), Image.Resampling.BILINEAR)


@pytest.mark.parametrize("pixels", [90, 120, 400])
@pytest.mark.parametrize("level", qr.Level)
def test_a_code_reads_back_as_its_address(level, pixels):
    length = SLIP_LENGTH if level is qr.Level.SLIP else POSTER_LENGTH
    for _ in range(20):
        code = random_code(length)
        address = SITE.slip(code) if level is qr.Level.SLIP else SITE.poster(code)

        (found,) = zxingcpp.read_barcodes(picture(address.url, level, pixels))

        assert found.text == address.url


def test_an_address_in_upper_case_needs_only_29_modules():
    address = SITE.slip("A" * SLIP_LENGTH)

    for level in qr.Level:
        assert len(qr.matrix(address.url, level)) - 2 * qr.QUIET_ZONE == 29


def test_posters_bear_more_dirt_than_slips():
    assert "Q" in zxing_level(qr.Level.POSTER)
    assert "M" in zxing_level(qr.Level.SLIP)


def zxing_level(level):
    text = SITE.poster("A" * POSTER_LENGTH).url
    return str(zxingcpp.read_barcodes(picture(text, level, 400))[0].ec_level)


def test_the_drawing_shows_the_same_modules():
    text = SITE.poster("7K3MQX2T").url
    path = qr.svg(text, qr.Level.POSTER, label="x").split('fill="#000" d="')[1]
    drawn = {
        (int(x) + i, int(y))
        for x, y, width in (
            run.replace("h", " ").split("v")[0].split()
            for run in path.split('"')[0].strip("Mz").split("zM")
        )
        for i in range(int(width))
    }

    modules = qr.matrix(text, qr.Level.POSTER)

    assert drawn == {
        (x, y) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark
    }


def test_the_drawing_says_in_words_what_it_is():
    assert 'aria-label="Mã &lt;A&gt;"' in qr.of_poster("X", "Mã <A>")


@pytest.mark.parametrize(
    ("url", "printed", "typed"),
    [
        ("https://ks.gov.vn", "HTTPS://KS.GOV.VN/P/ABC", "ks.gov.vn"),
        ("https://KS.gov.vn/", "HTTPS://KS.GOV.VN/P/ABC", "ks.gov.vn"),
        (
            "https://ks.gov.vn/sipas/",
            "HTTPS://KS.GOV.VN/sipas/P/ABC",
            "ks.gov.vn/sipas",
        ),
        ("http://127.0.0.1:5000/", "HTTP://127.0.0.1:5000/P/ABC", "127.0.0.1:5000"),
    ],
)
def test_what_is_printed_is_upper_case_and_what_is_typed_is_short(url, printed, typed):
    address = Site(url).slip("ABC")

    assert (address.url, address.site) == (printed, typed)
