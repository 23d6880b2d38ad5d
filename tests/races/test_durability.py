"""The server is killed while citizens send; no ballot that was thanked for is lost.

The long version, fifty ballots a second for half a minute, is a benchmark.
"""

import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.survey_app.collect.serving import Server

BALLOTS = 60
KILLED_AFTER = 25
PHONES = 6


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A phone that reads the first answer only: 303 is the acknowledgement."""

    def redirect_request(self, *_):
        return None


phone = urllib.request.build_opener(NoRedirect)


def post(address, fields):
    """The status of the answer, or None when there was none."""
    body = urllib.parse.urlencode(fields).encode()
    try:
        with phone.open(address, body, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except OSError:
        return None


def test_every_ballot_thanked_for_is_there_exactly_once_after_a_kill(tmp_path):
    with Server(tmp_path) as server:
        fieldwork = server.prepared()
        ballots = dict.fromkeys(fieldwork.slips(BALLOTS))
        url = server.start()
        for code in ballots:
            with phone.open(f"{url}/P/{code}", timeout=20) as page:
                ballots[code] = fieldwork.filled(page.read().decode("utf-8"))

        thanked, gate = [], threading.Lock()

        def send(code):
            status = post(f"{url}/P/{code}", ballots[code])
            with gate:
                if status == 303:
                    thanked.append(code)
                if len(thanked) == KILLED_AFTER:
                    server.kill()

        with ThreadPoolExecutor(PHONES) as phones:
            list(phones.map(send, ballots))
        kept = {response.id for response in fieldwork.responses()}

        assert KILLED_AFTER <= len(thanked) <= len(kept) < BALLOTS

        url = server.start()
        again = {code: post(f"{url}/P/{code}", ballots[code]) for code in ballots}

    assert set(again.values()) == {303}
    responses = fieldwork.responses()
    assert len(responses) == BALLOTS
    assert kept <= {response.id for response in responses}
    assert all(invitation.spent for invitation in fieldwork.invitations())
    fieldwork.close()
