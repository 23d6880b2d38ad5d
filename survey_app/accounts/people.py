"""The administrator's pages: who has an account, and handing over passwords."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app import clock, db
from survey_app.accounts import operations, passwords, queries, roles
from survey_app.accounts.access import allowed, current_account
from survey_app.accounts.blueprint import bp
from survey_app.accounts.errors import AccountUnknown, UsernameTaken
from survey_app.accounts.forms import NOT_TIED, NewPersonForm, PersonForm, complain
from survey_app.models import Account, Role


@bp.get("/people")
@allowed(Role.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """All accounts, searched and sorted by the address."""
    wanted = queries.PeopleFilter(
        q=request.args.get("q", ""),
        role=request.args.get("role", ""),
        state=request.args.get("state", ""),
        sort=request.args.get("sort", "name"),
    )
    with db.read() as session:
        found = queries.people(session, wanted)
    return render_template(
        "accounts/people.html", people=found, wanted=wanted, roles=roles.NAMES
    )


@bp.get("/people/new")
@allowed(Role.ADMINISTRATOR)
def new_person() -> ResponseReturnValue:
    form = NewPersonForm(office=NOT_TIED, counter=NOT_TIED)
    with db.read() as session:
        _offer(form, session)
    return render_template("accounts/new_person.html", form=form)


@bp.post("/people/new")
@allowed(Role.ADMINISTRATOR)
def add_person() -> ResponseReturnValue:
    """Make the account and show its one-time password, this once."""
    form = NewPersonForm()
    with db.read() as session:
        _offer(form, session)
    if not form.accepted():
        return render_template("accounts/new_person.html", form=form), 422
    password, password_hash = passwords.one_time()
    try:
        with db.begin() as session:
            account = operations.add(
                session,
                current_account(),
                username=form.username.data,
                name=form.name.data,
                role=Role(form.role.data),
                password_hash=password_hash,
                office_id=form.office_id,
                counter_id=form.counter_id,
                now=clock.now(),
            )
    except UsernameTaken as taken:
        complain(form.username, taken.message)
        return render_template("accounts/new_person.html", form=form), 422
    return _hand_over(account, password)


@bp.get("/people/<int:account_id>")
@allowed(Role.ADMINISTRATOR)
def person(account_id: int) -> ResponseReturnValue:
    with db.read() as session:
        account = _fetch(session, account_id)
        form = PersonForm(
            name=account.name,
            role=account.role.value,
            office=str(account.office_id or NOT_TIED),
            counter=str(account.counter_id or NOT_TIED),
        )
        _offer(form, session, account)
    return _person_page(account, form)


@bp.post("/people/<int:account_id>")
@allowed(Role.ADMINISTRATOR)
def edit_person(account_id: int) -> ResponseReturnValue:
    """Correct a name, give another role or another place."""
    form = PersonForm()
    with db.read() as session:
        account = _fetch(session, account_id)
        _offer(form, session, account)
    if not form.accepted():
        return _person_page(account, form), 422
    with db.begin() as session:
        operations.edit(
            session,
            current_account(),
            account_id,
            name=form.name.data,
            role=Role(form.role.data),
            office_id=form.office_id,
            counter_id=form.counter_id,
            now=clock.now(),
        )
    flash("Đã lưu tài khoản.")
    return redirect(url_for(".person", account_id=account_id), code=303)


@bp.post("/people/<int:account_id>/password")
@allowed(Role.ADMINISTRATOR)
def reset_password(account_id: int) -> ResponseReturnValue:
    """Give a new one-time password, shown this once, and end all sessions."""
    password, password_hash = passwords.one_time()
    with db.begin() as session:
        account = operations.reset_password(
            session,
            current_account(),
            account_id,
            password_hash=password_hash,
            now=clock.now(),
        )
    return _hand_over(account, password)


@bp.post("/people/<int:account_id>/close")
@allowed(Role.ADMINISTRATOR)
def close_account(account_id: int) -> ResponseReturnValue:
    return _set_active(account_id, False, "Đã khóa tài khoản.")


@bp.post("/people/<int:account_id>/open")
@allowed(Role.ADMINISTRATOR)
def open_account(account_id: int) -> ResponseReturnValue:
    return _set_active(account_id, True, "Đã mở lại tài khoản.")


def _set_active(account_id: int, active: bool, said: str) -> ResponseReturnValue:
    with db.begin() as session:
        operations.set_active(
            session, current_account(), account_id, active, now=clock.now()
        )
    flash(said)
    return redirect(url_for(".person", account_id=account_id), code=303)


def _fetch(session: Session, account_id: int) -> Account:
    account = queries.account(session, account_id)
    if account is None:
        raise AccountUnknown
    return account


def _offer(form: PersonForm, session: Session, account: Account | None = None) -> None:
    """The offices and counters of today, and the one the account already has."""
    today = clock.vietnam_day(clock.now())
    offices = dict(queries.office_choices(session, today))
    counters = dict(queries.counter_choices(session, today))
    if account and account.office:
        offices.setdefault(account.office.id, account.office.name)
    if account and account.counter:
        counters.setdefault(account.counter.id, queries.place(account))
    form.offer(list(offices.items()), list(counters.items()))


def _person_page(account: Account, form: PersonForm) -> str:
    return render_template(
        "accounts/person.html",
        form=form,
        account=account,
        place=queries.place(account),
        role=roles.NAMES[account.role],
        is_own=account.id == current_account().id,
        expired=bool(account.one_time_until and account.one_time_until <= clock.now()),
    )


def _hand_over(account: Account, password: str) -> str:
    return render_template(
        "accounts/hand_over.html", account=account, password=password
    )
