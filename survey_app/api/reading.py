"""Read what the one-stop software sends: every fault found, none guessed away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.api.problems import Fault
from survey_app.fieldwork.directory import Directory, Entry
from survey_app.fieldwork.transaction_file import dossier_code
from survey_app.fieldwork.words import CHANNELS
from survey_app.formats import day as shown
from survey_app.formats import nfc
from survey_app.models import ApiKey, HandOverCounter, Wave, WaveOffice

REQUIRED = ("office", "field", "channel", "received_on", "returned_on")
OPTIONAL = ("dossier_code", "shop", "counter")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """What a transaction must meet, read once for a whole request."""

    wave: Wave
    only_office: int | None
    offices: frozenset[int]
    directory: Directory
    planned: Mapping[int, HandOverCounter]
    today: date


@dataclass(frozen=True, slots=True)
class Read:
    """One transaction understood; ``planned`` is None where no slips are given."""

    dossier: str | None
    office_id: int
    shop_id: int
    counter_id: int | None
    planned: HandOverCounter | None
    service_field: str
    channel: str


def rules_of(session: Session, key: ApiKey, directory: Directory, today: date) -> Rules:
    judged = select(WaveOffice.office_id).where(WaveOffice.wave_id == key.wave_id)
    planned = select(HandOverCounter).where(HandOverCounter.wave_id == key.wave_id)
    return Rules(
        wave=session.get_one(Wave, key.wave_id),
        only_office=key.office_id,
        offices=frozenset(session.scalars(judged)),
        directory=directory,
        planned={p.counter_id: p for p in session.scalars(planned)},
        today=today,
    )


def read(item: Any, at: str, rules: Rules) -> Read | list[Fault]:
    """One transaction of the body, or everything wrong with it."""
    if not isinstance(item, dict):
        return [Fault(at or "/", "not-an-object", "phải là một đối tượng JSON.")]
    reader = _Reader(item, at)
    reader.known_names()
    texts = {
        name: reader.text(name, name in REQUIRED)
        for name in ("office", "field", "channel", "dossier_code", "shop", "counter")
    }
    channel = reader.one_of("channel", texts["channel"])
    dossier = reader.dossier(texts["dossier_code"])
    reader.days(rules)
    office = _office(reader, texts["office"], rules)
    shop = _shop(reader, texts["shop"], office, rules)
    counter = _counter(reader, texts["counter"], shop, rules)
    if reader.faults or not (office and shop and texts["field"] and channel):
        return reader.faults
    return Read(
        dossier,
        office.id,
        shop.id,
        counter,
        rules.planned.get(counter) if counter else None,
        texts["field"],
        channel,
    )


class _Reader:
    """Reads members of one object and collects what is wrong with them."""

    def __init__(self, item: dict[str, Any], at: str) -> None:
        self.item = item
        self.at = at
        self.faults: list[Fault] = []

    def fault(self, name: str, code: str, detail: str) -> None:
        self.faults.append(Fault(f"{self.at}/{name}", code, detail))

    def known_names(self) -> None:
        for name in self.item:
            if name not in REQUIRED + OPTIONAL:
                escaped = name.replace("~", "~0").replace("/", "~1")
                self.fault(escaped, "unknown", "không có mục này.")

    def text(self, name: str, required: bool) -> str:
        """A text without blanks around it; empty when absent or wrong."""
        value = self.item.get(name)
        if value is None:
            if required:
                self.fault(name, "missing", "chưa ghi.")
            return ""
        if not isinstance(value, str):
            self.fault(name, "not-text", "phải là chuỗi ký tự.")
            return ""
        text = " ".join(nfc(value).split())
        if required and not text:
            self.fault(name, "missing", "chưa ghi.")
        if len(text) > LONGEST:
            self.fault(name, "too-long", f"dài quá {LONGEST} chữ.")
            return ""
        return text

    def one_of(self, name: str, text: str) -> str:
        if text and text not in CHANNELS:
            self.fault(name, "not-in-list", "phải là một trong: " + ", ".join(CHANNELS))
            return ""
        return text

    def dossier(self, text: str) -> str | None:
        code = dossier_code(text) if text else None
        if text and code is None:
            self.fault(
                "dossier_code", "shape", "không đúng dạng, ví dụ H01.30-220105-0001."
            )
        return code

    def days(self, rules: Rules) -> None:
        received, returned = self._day("received_on"), self._day("returned_on")
        wave, today = rules.wave, rules.today
        if returned and returned != today:
            self.fault(
                "returned_on",
                "not-today",
                f"phải là hôm nay, {shown(today)}: phiếu được trao cùng kết quả.",
            )
        elif returned and not wave.period_start <= returned <= wave.period_end:
            start, end = shown(wave.period_start), shown(wave.period_end)
            self.fault(
                "returned_on", "outside-period", f"ngoài thời kỳ {start} đến {end}."
            )
        if received and returned and received > returned:
            self.fault("received_on", "after-return", "sau ngày trả kết quả.")

    def _day(self, name: str) -> date | None:
        text = self.text(name, True)
        if not text:
            return None
        try:
            if len(text) != len("2026-03-02"):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            self.fault(name, "not-a-day", "phải là ngày dạng 2026-03-02.")
            return None


def _office(reader: _Reader, code: str, rules: Rules) -> Entry | None:
    if not code:
        return None
    office = rules.directory.office(code, rules.today)
    if office is None or office.id not in rules.offices:
        reader.fault("office", "unknown", "không có đơn vị này trong đợt khảo sát.")
        return None
    if rules.only_office not in (None, office.id):
        reader.fault("office", "not-yours", "khóa này chỉ dùng cho đơn vị khác.")
        return None
    return office


def _shop(
    reader: _Reader, code: str, office: Entry | None, rules: Rules
) -> Entry | None:
    if code:
        shop = rules.directory.shop(code, rules.today)
        if shop is None:
            reader.fault("shop", "unknown", "không có nơi tiếp nhận mang mã này.")
        return shop
    if office is None:
        return None
    shop = rules.directory.only_shop(office.id, rules.today)
    if shop is None:
        reader.fault(
            "shop", "missing", f"cần ghi, vì {office.name} không có đúng một nơi."
        )
    return shop


def _counter(
    reader: _Reader, code: str, shop: Entry | None, rules: Rules
) -> int | None:
    """The counter named, or the shop's only one that gives slips."""
    if shop is None:
        return None
    if code:
        counter = rules.directory.counter(shop.id, code, rules.today)
        if counter is None:
            reader.fault(
                "counter", "unknown", f"{shop.name} không có quầy mang mã này."
            )
        return counter.id if counter else None
    own = [
        entry.id
        for (home, _), entries in rules.directory.counters.items()
        if home == shop.id
        for entry in entries
        if entry.is_valid_on(rules.today) and entry.id in rules.planned
    ]
    if len(own) > 1:
        reader.fault("counter", "missing", f"cần ghi, vì {shop.name} có nhiều quầy.")
    return own[0] if len(own) == 1 else None
