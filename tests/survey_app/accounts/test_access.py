"""Who gets in where: the table of address × role, walked over every route there is.

A view that is not in the table, or whose decorator says something else, fails here.
"""

import pytest

from survey_app import create_app
from survey_app.models import Role

LETTERS = dict(zip("APNSLCI", Role, strict=True))

# A administrator, P planner, N analyst, S supervisor, L leader, C counter officer,
# I interviewer; a dot is a door that stays shut.
TABLE = """
accounts.add_person               A......
accounts.audit_log                A......
accounts.change_password          APNSLCI
accounts.check_audit_log          A......
accounts.close_account            A......
accounts.edit_person              A......
accounts.end_sessions             APNSLCI
accounts.export_audit_log         A......
accounts.new_person               A......
accounts.open_account             A......
accounts.own                      APNSLCI
accounts.people                   A......
accounts.person                   A......
accounts.reset_password           A......
accounts.sign_in                  public
accounts.sign_out                 APNSLCI
accounts.start                    APNSLCI
accounts.submit_sign_in           public
collect.find_ballot               public
collect.front                     public
collect.open_code                 public
collect.poster                    public
collect.script                    public
collect.send_poster               public
collect.send_slip                 public
collect.slip                      public
collect.thanks                    public
collect.withdraw                  public
collect.withdrawal                public
collect.withdrawn                 public
fieldwork.add_offices             AP.....
fieldwork.add_shipped_offices     AP.....
fieldwork.add_transactions        .P.....
fieldwork.choose_wave_offices     .P.....
fieldwork.clear_transactions      .P.....
fieldwork.close_wave              .P.....
fieldwork.close_wave_now          .P.....
fieldwork.counter                 .....C.
fieldwork.create_posters          .P.....
fieldwork.create_wave             .P.....
fieldwork.freeze_plan             .P.....
fieldwork.hand_out                .P...C.
fieldwork.hand_out_now            .P...C.
fieldwork.new_offices             AP.....
fieldwork.new_wave                .P.....
fieldwork.office                  APNS...
fieldwork.office_template         AP.....
fieldwork.offices                 APNS...
fieldwork.open_wave               .P.....
fieldwork.open_wave_now           .P.....
fieldwork.plan                    .P.....
fieldwork.plan_document           APNS...
fieldwork.posters                 .P.....
fieldwork.print_posters           .P...C.
fieldwork.reissue                 .P...C.
fieldwork.reissue_now             .P...C.
fieldwork.revoke_poster           .P.....
fieldwork.revoke_poster_now       .P.....
fieldwork.transaction_template    .P.....
fieldwork.transactions_of         .P.....
fieldwork.wave                    APNS...
fieldwork.wave_offices            .P.....
fieldwork.waves                   APNS...
health.alive                      public
health.ready                      public
results.freeze                    A.N....
results.freeze_now                A.N....
results.frozen_zip                A.N....
results.method                    APNSL..
results.office                    APNSL..
results.office_csv                APNSL..
results.office_xlsx               APNSL..
results.offices                   APNS...
results.offices_csv               APNS...
results.offices_xlsx              APNS...
results.overview                  APNSL..
static                            public
"""

MAY = {
    endpoint: None if who == "public" else {LETTERS[c] for c in who if c != "."}
    for endpoint, who in map(str.split, TABLE.strip().splitlines())
}
STRANGER = "stranger"


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    app = create_app({"INSTANCE": str(tmp_path_factory.mktemp("instance"))})
    return list(app.url_map.iter_rules())


@pytest.fixture
def address(app):
    """An address of a route, with something in the place of each variable."""

    def address(rule):
        values = {
            name: 1 if "Integer" in type(converter).__name__ else "x"
            for name, converter in rule._converters.items()
        }
        return app.url_map.bind("localhost").build(rule.endpoint, values)

    return address


def test_every_route_is_in_the_table_and_the_table_names_no_other(rules):
    assert {rule.endpoint for rule in rules} == set(MAY)


def test_every_view_says_who_may_see_it_and_says_what_the_table_says(app):
    said = {
        endpoint: getattr(view, "allowed_roles", "nothing")
        for endpoint, view in app.view_functions.items()
        if endpoint != "static"  # Flask's own, with nothing in it but style and script
    }

    assert said == {endpoint: MAY[endpoint] for endpoint in said}


def test_collecting_ballots_needs_no_account_and_everything_else_does():
    public = {endpoint for endpoint, who in MAY.items() if who is None}

    assert {endpoint for endpoint in public if not endpoint.startswith("collect.")} == {
        "accounts.sign_in",
        "accounts.submit_sign_in",
        "health.alive",
        "health.ready",
        "static",
    }


@pytest.mark.parametrize("who", [*Role, STRANGER])
def test_each_door_opens_for_those_the_table_names_and_for_nobody_else(
    app, signed_in, rules, address, who
):
    client = app.test_client() if who is STRANGER else signed_in(who)
    surprises = []
    for rule in sorted(rules, key=lambda rule: rule.endpoint):
        if rule.endpoint in ("accounts.sign_out", "accounts.end_sessions"):
            continue  # would end the session that walks
        method = "GET" if "GET" in rule.methods else "POST"
        reply = client.open(address(rule), method=method)
        if _outcome(reply) != _expected(rule.endpoint, who):
            surprises.append(f"{method} {rule.endpoint}: {reply.status}")

    assert surprises == []


def _expected(endpoint, who):
    may = MAY[endpoint]
    if may is None or who in may:
        return "in"
    return "sign in first" if who is STRANGER else "forbidden"


def _outcome(reply):
    """In: the view itself answered, be it to say that nothing is there."""
    if reply.status_code == 403:
        return "forbidden"
    if reply.status_code == 303 and reply.location.startswith("/accounts/sign-in?"):
        return "sign in first"
    return "in" if reply.status_code in (200, 303, 404, 409, 422, 503) else "broken"
