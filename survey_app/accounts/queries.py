"""What the account pages and commands show, read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from survey_app import clock
from survey_app.accounts import roles
from survey_app.errors import Refused
from survey_app.formats import folded
from survey_app.models import Account, AuditEntry, Counter, Office, OneStopShop, Role

SORTS = ("name", "username", "role", "last_sign_in_at")
PAGE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What was asked for in the address of the list."""

    q: str = ""
    role: str = ""
    state: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the list of accounts."""

    id: int
    username: str
    name: str
    role: Role
    place: str
    active: bool
    waiting: bool
    last_sign_in_at: datetime | None


def people(session: Session, wanted: PeopleFilter) -> list[Person]:
    """The accounts asked for; searching pays no heed to tone marks."""
    accounts = session.scalars(select(Account).options(*with_places()))
    found = [_person(account) for account in accounts]
    words = folded(wanted.q).split()
    found = [
        person
        for person in found
        if all(word in _searchable(person) for word in words)
        and wanted.role in ("", person.role)
        and wanted.state in ("", "active" if person.active else "closed")
    ]
    return sorted(found, key=lambda person: _sort_key(person, wanted.sort))


def account(session: Session, account_id: int) -> Account | None:
    return session.scalar(
        select(Account).where(Account.id == account_id).options(*with_places())
    )


def place(account: Account) -> str:
    """The office or counter an account is tied to, as people name it."""
    if account.office:
        return account.office.name
    return _counter(account.counter) if account.counter else ""


def office_choices(session: Session, today: date) -> list[tuple[int, str]]:
    offices = session.scalars(_valid(select(Office), Office, today))
    named = [(office.id, f"{office.name} ({office.code})") for office in offices]
    return sorted(named, key=lambda choice: folded(choice[1]))


def counter_choices(session: Session, today: date) -> list[tuple[int, str]]:
    query = _valid(select(Counter), Counter, today).options(
        joinedload(Counter.shop).joinedload(OneStopShop.office)
    )
    named = [(counter.id, _counter(counter)) for counter in session.scalars(query)]
    return sorted(named, key=lambda choice: folded(choice[1]))


def office_id(session: Session, code: str | None, today: date) -> int | None:
    """The office that has this code today."""
    if code is None:
        return None
    query = _valid(select(Office.id), Office, today).where(Office.code == code)
    found: int | None = session.scalar(query)
    if found is None:
        raise Refused(f"Hiện không có đơn vị mang mã {code}.")
    return found


def counter_id(session: Session, codes: str | None, today: date) -> int | None:
    """The counter named ``SHOP/COUNTER`` today."""
    if codes is None:
        return None
    shop, _, counter = codes.partition("/")
    query = _valid(select(Counter.id), Counter, today).join(OneStopShop)
    found: int | None = session.scalar(
        query.where(OneStopShop.code == shop, Counter.code == counter)
    )
    if found is None:
        raise Refused(f"Hiện không có quầy {codes} (mã Một cửa/mã quầy).")
    return found


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What was asked for in the address of the log."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None


def audit_entries(
    session: Session, wanted: AuditFilter, limit: int | None = PAGE_LENGTH
) -> Sequence[AuditEntry]:
    """Entries asked for, latest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if wanted.actor:
        query = query.where(AuditEntry.actor == wanted.actor)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.subject:
        query = query.where(
            AuditEntry.subject.contains(wanted.subject, autoescape=True)
        )
    if wanted.first_day:
        query = query.where(AuditEntry.at >= _midnight(wanted.first_day))
    if wanted.last_day:
        query = query.where(
            AuditEntry.at < _midnight(wanted.last_day + timedelta(days=1))
        )
    if wanted.before:
        query = query.where(AuditEntry.id < wanted.before)
    return session.scalars(query).all()


def audit_words(session: Session) -> tuple[list[str], list[str]]:
    """Who and what occurs in the log, for the two lists to choose from."""
    actors = session.scalars(select(AuditEntry.actor).distinct())
    actions = session.scalars(select(AuditEntry.action).distinct())
    return sorted(actors), sorted(actions)


def has_audit_hash(session: Session, value: str) -> bool:
    query = select(AuditEntry.id).where(AuditEntry.hash == value)
    return session.scalar(query) is not None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.VIETNAM)


def _valid(query: Select[Any], table: type[Any], today: date) -> Select[Any]:
    return query.where(
        table.valid_from <= today,
        or_(table.valid_to.is_(None), table.valid_to >= today),
    )


def with_places() -> tuple[Any, ...]:
    """What to load along with accounts whose office and counter will be named."""
    shop = joinedload(Account.counter).joinedload(Counter.shop)
    return joinedload(Account.office), shop.joinedload(OneStopShop.office)


def _counter(counter: Counter) -> str:
    """From the large to the small, as people search for it."""
    return f"{counter.shop.office.name}, {counter.shop.name}, {counter.name}"


def _person(account: Account) -> Person:
    return Person(
        id=account.id,
        username=account.username,
        name=account.name,
        role=account.role,
        place=place(account),
        active=account.active,
        waiting=account.one_time_until is not None,
        last_sign_in_at=account.last_sign_in_at,
    )


def _searchable(person: Person) -> str:
    return folded(f"{person.name} {person.username} {person.place}")


def _sort_key(person: Person, sort: str) -> tuple[Any, str]:
    name = folded(person.name)
    if sort == "role":
        return list(roles.NAMES).index(person.role), name
    if sort == "username":
        return person.username, name
    if sort == "last_sign_in_at":
        seen = person.last_sign_in_at
        return -(seen.timestamp() if seen else 0), name
    return name, person.username
