"""nginx before two servers, by the file that is shipped: what it hands on, and what it holds back.

Another proxy before it speaks https, as in a court's house: the browsers here say what that one
would. They come from addresses of their own, all of them this machine's.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import xlsxwriter
from django.db import connection
from gunicorn.config import Keepalive  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar

from courts.files.sheets import MOST_BYTES
from courts.models import QualityYear
from tests.courts.returns_fixtures import CLEAN_LITIGATION
from tests.hold.databases import own_url
from tests.hold.fronts import Proxy, proxy, shipped
from tests.hold.running import Server, serving
from tests.hold.test_two_servers import TRIES, Pair, Person, a_preview
from tests.pages import account, the_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="a file is one machine's"),
]

EXTRACTS, WORKBOOK = "/yanbian-2019/extracts/", "/yanbian-2019/2019-05/workbook/"
HERE, THERE, ELSEWHERE = "127.0.0.2", "127.0.0.3", "127.0.0.4"


class From(HTTPAdapter):
    """Connections that come from this address."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, source_address=(self._address, 0), **more)


class Jar(RequestsCookieJar):
    """Cookies for https alone, sent all the same: the proxy that speaks it is thought of."""

    def set_cookie(self, cookie: Any, *given: Any, **more: Any) -> Any:
        cookie.secure = False
        return super().set_cookie(cookie, *given, **more)


class House(Pair):
    """Browsers that go to two servers by way of nginx, over another proxy's https."""

    def __init__(self, front: Proxy, servers: tuple[Server, Server]) -> None:
        super().__init__(front, front)
        self.front, self.behind = front, servers

    def person(self, address: str = HERE) -> Person:
        """Somebody at a machine with this address."""
        found = super().person()
        found.session.mount("http://", From(address))
        # What the proxy that speaks https would say, and a browser that means to be another.
        found.session.headers["X-Forwarded-Proto"] = "https"
        found.session.headers["X-Forwarded-For"] = "10.9.8.7"
        found.session.headers["Referer"] = f"https://127.0.0.1:{self.front.port}/"
        found.session.cookies = Jar()
        return found


@contextmanager
def house(folder: Path) -> Iterator[House]:
    given: dict[str, Any] = {
        "workers": 1,
        "settings_given": {
            "LOGIN_TRIES": str(TRIES),
            "HTTPS": "1",
            "BEHIND_TLS_PROXY": "1",
            "TRUSTED_PROXIES": "127.0.0.1",
        },
    }
    places = [folder / "one", folder / "other"]
    for place in places:
        place.mkdir()
    with (
        serving(own_url(), places[0], **given) as one,
        serving(own_url(), places[1], **given) as other,
        proxy(one.port, other.port) as front,
    ):
        yield House(front, (one, other))


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    made = the_year()
    account("desk", "yanji", "litigation", name="填报")
    account("office", "yanbian", "office", name="审管办")
    for name in ("leader", "leader2", "leader3", "leader4"):
        account(name, "yanbian", "leader")
    return made


def test_two_servers_are_one_behind_it(year: QualityYear, tmp_path: Path) -> None:
    with house(tmp_path) as found:
        _https_is_what_was_said(found)
        a_preview(found)
        _large(found)
        _addresses(found)
        assert found.front.answered() == {one.port for one in found.behind}
        _one_dies(found)


def _https_is_what_was_said(found: House) -> None:
    page = found.person().get(0, "/login/")
    assert (page.status_code, "; Secure" in page.headers["Set-Cookie"]) == (200, True)
    plain = requests.get(f"http://127.0.0.1:{found.front.port}/login/", allow_redirects=False)
    # The name and port that were typed go on, too.
    there = f"https://127.0.0.1:{found.front.port}/login/"
    assert (plain.status_code, plain.headers["Location"]) == (301, there)


def _large(found: House) -> None:
    """What a page takes goes through, a long answer comes back; more is refused, twice over."""
    office = found.person()
    office.sign_in(0, "office")
    page = office.get(0, EXTRACTS)

    def sent(size: int) -> requests.Response:
        file = ("五月.xlsx", padded(size), "application/octet-stream")
        return office.send(0, page, source="审判系统", files={"file": file})

    shown = sent(MOST_BYTES)
    assert (shown.status_code, "提取数据 13 项" in shown.text) == (200, True)
    # One that the product refuses unread, in its words; and one that nginx does.
    for size, words in ((MOST_BYTES + 1024**2, "32 MB"), (MOST_BYTES + 2 * 1024**2, "nginx")):
        refused = sent(size)
        assert (refused.status_code, words in refused.text) == (413, True), refused.text
    book = office.get(0, WORKBOOK)
    # Longer than what nginx keeps of an answer in its memory.
    assert len(book.content) > 64 * 1024
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None


def padded(size: int) -> bytes:
    """A table of May, with a part that cannot be made smaller, of this many bytes."""
    text = io.BytesIO()
    with xlsxwriter.Workbook(text, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows: list[tuple[object, ...]] = [("court", "month", "metric", "value")]
        rows += [("yanji", "2019-05", *one) for one in CLEAN_LITIGATION.items()]
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    short = len(with_part(text.getvalue(), b""))
    return with_part(text.getvalue(), os.urandom(size - short))


def with_part(book: bytes, part: bytes) -> bytes:
    text = io.BytesIO(book)
    with zipfile.ZipFile(text, "a") as archive:
        archive.writestr("xl/media/image1.png", part)
    return text.getvalue()


def _addresses(found: House) -> None:
    """Wrong passwords of many accounts make one address wait, whatever it says that it is."""
    guesser = found.person(THERE)
    names = ("leader", "leader2", "leader3", "desk")
    tries = [guesser.sign_in(0, name, "wrong").status_code for name in names]
    assert tries == [200, 200, 200, 429]
    guesser.session.headers["X-Forwarded-For"] = ELSEWHERE
    assert guesser.sign_in(0, "leader4").status_code == 429
    assert found.person(ELSEWHERE).sign_in(0, "leader4").status_code == 200


def _one_dies(found: House) -> None:
    """Whoever is signed in goes on at the other, reading and sending."""
    office = found.person(ELSEWHERE)
    office.sign_in(0, "office")
    page = office.get(0, EXTRACTS)
    found.behind[0].kill()
    for _look in range(4):
        assert office.get(0, EXTRACTS).status_code == 200
        answer = office.send(0, page, "/language/", language="zh-hans")
        assert answer.status_code == 200


def test_a_connection_ends_at_nginx_first() -> None:
    """At a server's end what is sent just then would be lost: nginx sends no form a second time."""
    kept = re.search(r"keepalive_timeout (\d+)s;", shipped("proxy.conf", {}))
    assert kept is not None
    assert int(kept[1]) < Keepalive.default
