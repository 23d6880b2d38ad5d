"""What happens to accounts in the database.

Each function takes a session and never commits it, and writes the audit log. Passwords
come in hashed: hashing is slow on purpose, and nothing slow happens while writing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.accounts import audit
from survey_app.accounts.errors import (
    AccountUnknown,
    LastAdministrator,
    OwnAccount,
    UsernameTaken,
)
from survey_app.formats import nfc
from survey_app.models import Account, Role

ONE_TIME_DAYS = 7


def username_of(typed: str) -> str:
    """A user name as stored: what was typed, without case and outer blanks."""
    return nfc(typed).strip().casefold()


def find_for_sign_in(session: Session, typed: str) -> Account | None:
    """The active account of a user name, however its case was typed."""
    return session.scalar(
        select(Account).where(Account.username == username_of(typed), Account.active)
    )


def note_sign_in(session: Session, account: Account, *, now: datetime) -> None:
    session.execute(
        update(Account).where(Account.id == account.id).values(last_sign_in_at=now)
    )
    audit.record(session, account, "account.signed_in", account.username, now=now)


def add(
    session: Session,
    by: Account | None,
    *,
    username: str,
    name: str,
    role: Role,
    password_hash: str,
    office_id: int | None = None,
    counter_id: int | None = None,
    now: datetime,
) -> Account:
    """Make an account with a one-time password for its person.

    Raises
    ------
    UsernameTaken
        If somebody has that user name, active or not.
    """
    account = Account(
        username=username_of(username),
        name=" ".join(nfc(name).split()),
        role=role,
        office_id=office_id,
        counter_id=counter_id,
        password_hash=password_hash,
        one_time_until=now + timedelta(days=ONE_TIME_DAYS),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as clash:
        taken = select(Account.id).where(Account.username == account.username)
        if session.scalar(taken) is None:
            raise
        raise UsernameTaken from clash
    detail = {"role": role, "office": office_id, "counter": counter_id}
    audit.record(session, by, "account.added", account.username, detail, now=now)
    return account


def change_own_password(
    session: Session, account_id: int, *, password_hash: str, now: datetime
) -> Account:
    """Give an account the password its person chose, and end its other sessions."""
    account = fetch(session, account_id)
    account.password_hash = password_hash
    account.one_time_until = None
    account.session_version += 1
    audit.record(
        session, account, "account.password_changed", account.username, now=now
    )
    return account


def end_sessions(session: Session, account_id: int, *, now: datetime) -> Account:
    """Sign an account out of every browser it is signed in with."""
    account = fetch(session, account_id)
    account.session_version += 1
    audit.record(session, account, "account.sessions_ended", account.username, now=now)
    return account


def reset_password(
    session: Session,
    by: Account | None,
    account_id: int,
    *,
    password_hash: str,
    now: datetime,
) -> Account:
    """Replace a lost password by a one-time one, and end all sessions."""
    account = _fetch_other(session, by, account_id)
    account.password_hash = password_hash
    account.one_time_until = now + timedelta(days=ONE_TIME_DAYS)
    account.session_version += 1
    audit.record(session, by, "account.password_reset", account.username, now=now)
    return account


def set_active(
    session: Session,
    by: Account | None,
    account_id: int,
    active: bool,
    *,
    now: datetime,
) -> Account:
    """Close an account, or open it again; what it did stays in the log."""
    account = _fetch_other(session, by, account_id)
    if account.active == active:
        return account
    if not active:
        _keep_one_administrator(session, account)
    account.active = active
    account.session_version += 1
    action = "account.activated" if active else "account.deactivated"
    audit.record(session, by, action, account.username, now=now)
    return account


def edit(
    session: Session,
    by: Account | None,
    account_id: int,
    *,
    name: str,
    role: Role,
    office_id: int | None,
    counter_id: int | None,
    now: datetime,
) -> Account:
    """Correct a name or give another role; open sessions follow at once."""
    account = fetch(session, account_id)
    if role != account.role:
        account = _fetch_other(session, by, account_id)
        if account.active:
            _keep_one_administrator(session, account)
    before = _tied(account)
    account.name = " ".join(nfc(name).split())
    account.role = role
    account.office_id, account.counter_id = office_id, counter_id
    detail = {"before": before, "after": _tied(account)}
    audit.record(session, by, "account.edited", account.username, detail, now=now)
    return account


def fetch(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise AccountUnknown
    return account


def _fetch_other(session: Session, by: Account | None, account_id: int) -> Account:
    if by is not None and by.id == account_id:
        raise OwnAccount
    return fetch(session, account_id)


def _keep_one_administrator(session: Session, leaving: Account) -> None:
    """Refuse to lose the last one; two at once queue at the rows they both lock."""
    if leaving.role != Role.ADMINISTRATOR:
        return
    in_charge = session.scalars(
        select(Account.id)
        .where(Account.role == Role.ADMINISTRATOR, Account.active)
        .order_by(Account.id)
        .with_for_update()
    ).all()
    if set(in_charge) <= {leaving.id}:
        raise LastAdministrator


def _tied(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role,
        "office": account.office_id,
        "counter": account.counter_id,
    }


def nobody_yet(session: Session) -> bool:
    """Whether the program has no account at all, so that the first may be made."""
    return session.scalar(select(func.count(Account.id))) == 0
