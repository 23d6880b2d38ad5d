"""Posters and tents as files: each page is read as a phone would read it."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import select

from survey_app import db
from survey_app.fieldwork import dispatch, posters
from survey_app.fieldwork.addresses import Site
from survey_app.fieldwork.commands import wave as wave_command
from survey_app.models import AuditEntry, Poster, Wave

PAGE = "/fieldwork/waves/2026-Q1/posters"
SITE = Site("https://khaosat.example.gov.vn")

rasteriser = pytest.mark.skipif(
    shutil.which("pdftoppm") is None and os.environ.get("CI") != "true",
    reason="needs pdftoppm of poppler-utils",
)


def pages(content, folder, *, dots=60):
    """A PDF as pictures of its pages."""
    (folder / "x.pdf").write_bytes(content)
    subprocess.run(
        ["pdftoppm", "-r", str(dots), "-png", folder / "x.pdf", folder / "x"],
        check=True,
    )
    return [Image.open(path).convert("L") for path in sorted(folder.glob("x-*.png"))]


def read(page):
    return [code.text for code in zxingcpp.read_barcodes(page)]


def codes(*, live=True):
    with db.read() as session:
        hung = Poster.revoked_at.is_(None) if live else Poster.revoked_at.is_not(None)
        return set(session.scalars(select(Poster.code).where(hung)))


@rasteriser
def test_every_counter_gets_a_poster_and_a_tent_that_can_be_scanned(
    make_wave, planner, tmp_path
):
    make_wave(hung=True)

    found = [read(page) for page in pages(planner.get(f"{PAGE}.pdf").data, tmp_path)]

    assert [len(texts) for texts in found] == [1, 2] * 4
    assert Counter(text for texts in found for text in texts) == Counter(
        {SITE.poster(code).url: 3 for code in codes()}
    )


@rasteriser
def test_the_instruction_is_one_page(make_wave, tmp_path):
    wave = make_wave(hung=True)
    with db.read() as session:
        wave = session.get_one(Wave, wave.id)
        hung = posters.to_print(session, wave)
    wave.name = "Khảo sát mức độ hài lòng của người dân, tổ chức " * 3

    content = dispatch.instruction(dispatch.Dispatch(wave, hung, SITE, "MÔ PHỎNG"))

    assert len(pages(content, tmp_path)) == 1


def test_an_office_gets_a_file_of_its_own(make_wave, planner):
    make_wave(hung=True)

    archive = zipfile.ZipFile(io.BytesIO(planner.get(f"{PAGE}.zip").data))

    assert archive.namelist() == [
        "00-huong-dan.pdf",
        "30307-phuong-long-xuyen.pdf",
        "30316-phuong-chau-doc.pdf",
        "STP-so-tu-phap.pdf",
    ]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())


def test_one_office_can_be_asked_for(make_wave, planner):
    make_wave(hung=True)

    archive = zipfile.ZipFile(io.BytesIO(planner.get(f"{PAGE}.zip?q=long").data))

    assert len(archive.namelist()) == 2


def test_without_posters_there_is_nothing_to_send(make_wave, planner):
    make_wave()

    reply = planner.get(f"{PAGE}.pdf")

    assert reply.status_code == 409
    assert "Vui lòng lập áp phích trước" in reply.text


def test_too_many_for_a_request_are_sent_to_the_command(
    make_wave, planner, monkeypatch
):
    from survey_app.fieldwork import dispatch_views

    make_wave(hung=True)
    monkeypatch.setattr(dispatch_views, "MOST_IN_A_REQUEST", 3)

    reply = planner.get(f"{PAGE}.pdf")

    assert reply.status_code == 409
    assert "sipas wave posters 2026-Q1 --out" in reply.text


def test_the_command_writes_every_file(make_wave, app, tmp_path, monkeypatch):
    make_wave(hung=True)
    monkeypatch.setattr(
        "survey_app.fieldwork.dispatch_commands.create_app", lambda: app
    )
    out = tmp_path / "gửi đi"

    told = CliRunner().invoke(
        wave_command, ["posters", "2026-Q1", "--out", str(out)], catch_exceptions=False
    )

    assert told.exit_code == 0
    assert "4 quầy, 4 tệp" in told.output
    assert len(list(out.glob("*.pdf"))) == 4


def test_rotating_gives_every_counter_another_code(make_wave, planner):
    make_wave(hung=True)
    before = codes()

    reply = planner.post(f"{PAGE}/rotate")

    assert reply.status_code == 303
    assert len(codes()) == 4
    assert codes(live=False) == before
    with db.read() as session:
        assert "posters.rotated" in set(session.scalars(select(AuditEntry.action)))


def test_an_old_code_opens_nothing_and_the_new_one_does(make_wave, planner, client):
    make_wave(hung=True, opened=True)
    (old, *_) = codes()
    planner.post(f"{PAGE}/rotate")
    (new, *_) = codes()

    assert client.get(f"/Q/{old}").status_code == 410
    assert client.get(f"/Q/{new}").status_code == 200


def test_posters_of_this_period_are_left_alone(make_wave, planner):
    make_wave(hung=True)
    before = codes()

    reply = planner.post(f"{PAGE}/rotate", data={"before": "2026-03-02"})

    assert reply.status_code == 422
    assert "Không có áp phích nào lập trước ngày này" in reply.text
    assert codes() == before


def test_a_wrong_day_is_told_and_kept(make_wave, planner):
    make_wave(hung=True)

    reply = planner.post(f"{PAGE}/rotate", data={"before": "hôm qua"})

    assert reply.status_code == 422
    assert "không phải là ngày" in reply.text
    assert re.search(r'name="before" value="hôm qua"', reply.text)
