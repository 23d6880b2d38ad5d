"""Which office, shop or counter a code meant on a day. Never by the code alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.models import Counter, Office, OneStopShop

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a code for some time; ``owner`` is the office or shop it is of."""

    id: int
    name: str
    owner: int | None
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """All codes with their days, to look up many rows of a file."""

    offices: Mapping[str, tuple[Entry, ...]]
    shops: Mapping[str, tuple[Entry, ...]]
    counters: Mapping[tuple[int, str], tuple[Entry, ...]]
    shops_of: Mapping[int, tuple[Entry, ...]]

    def office(self, code: str, day: date) -> Entry | None:
        return _on(self.offices.get(code, ()), day)

    def shop(self, code: str, day: date) -> Entry | None:
        return _on(self.shops.get(code, ()), day)

    def only_shop(self, office: int, day: date) -> Entry | None:
        """The shop of an office that has just one on that day."""
        found = [s for s in self.shops_of.get(office, ()) if s.is_valid_on(day)]
        return found[0] if len(found) == 1 else None

    def counter(self, shop: int, code: str, day: date) -> Entry | None:
        return _on(self.counters.get((shop, code), ()), day)


def office_on(session: Session, code: str, day: date) -> Office | None:
    """The office that had this code on this day."""
    return session.scalar(
        select(Office).where(
            Office.code == code,
            Office.valid_from <= day,
            or_(Office.valid_to.is_(None), Office.valid_to >= day),
        )
    )


def directory(session: Session) -> Directory:
    """Read all codes at once."""
    offices = _grouped(
        (office.code, _entry(office, None))
        for office in session.scalars(select(Office))
    )
    shops = list(session.scalars(select(OneStopShop)))
    counters = session.scalars(select(Counter))
    return Directory(
        offices=offices,
        shops=_grouped((s.code, _entry(s, s.office_id)) for s in shops),
        counters=_grouped(
            ((c.shop_id, c.code), _entry(c, c.shop_id)) for c in counters
        ),
        shops_of=_grouped((s.office_id, _entry(s, s.office_id)) for s in shops),
    )


def _on(entries: tuple[Entry, ...], day: date) -> Entry | None:
    return next((entry for entry in entries if entry.is_valid_on(day)), None)


def _entry(row: Office | OneStopShop | Counter, owner: int | None) -> Entry:
    return Entry(row.id, row.name, owner, row.valid_from, row.valid_to)


def _grouped(pairs: Iterable[tuple[K, Entry]]) -> dict[K, tuple[Entry, ...]]:
    found: dict[K, tuple[Entry, ...]] = {}
    for key, entry in pairs:
        found[key] = (*found.get(key, ()), entry)
    return found
