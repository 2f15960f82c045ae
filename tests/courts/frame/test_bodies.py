"""Tests of bodies that are too long: refused by what they declare, and never read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from courts.frame.views.bodies import AROUND_BYTES, FILE_BYTES, most_bytes
from courts.models import QualityYear
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db
UPLOAD = "/yanbian-2019/returns/yanji/2019-05/litigation/upload/"
IMPORT = "/yanbian-2019/registers/overturned/import/"
DEPUTIES = "/accounts/deputies/"
MEGABYTE = 1024 * 1024


class Unread:
    """A body that fails the test when it is read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def post(client: Client, path: str, length: str, **headers: str) -> Any:
    return client.request(
        **{
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": length,
            "wsgi.input": Unread(),
            **headers,
        }
    )


@pytest.mark.parametrize("path", ["/login/", UPLOAD, "/nothing/here/"])
def test_nobody_unknown_sends_more_than_a_password(year: QualityYear, path: str) -> None:
    response = post(Client(), path, str(150 * MEGABYTE))
    assert response.status_code == 413
    assert "超过这个页面的上限（64 KB）" in response.content.decode()


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (UPLOAD, 4 * MEGABYTE),
        ("/yanbian-2019/extracts/", 32 * MEGABYTE),
        ("/yanbian-2019/cases/new/", 25 * MEGABYTE),
        ("/yanbian-2019/returns/yanji/2019-05/litigation/cells/", 5 * MEGABYTE),
    ],
)
def test_each_page_has_its_limit(year: QualityYear, path: str, most: int) -> None:
    client = client_of(account("desk", "yanji", "litigation"))
    assert post(client, path, str(most + AROUND_BYTES + 1)).status_code == 413
    with pytest.raises(AssertionError, match="the body was read"):
        post(client, path, str(most + AROUND_BYTES))


@pytest.mark.parametrize(
    ("length", "headers"), [("", {"HTTP_TRANSFER_ENCODING": "chunked"}), ("-1", {}), ("٣", {})]
)
def test_a_body_that_does_not_say_how_long_it_is(
    year: QualityYear, length: str, headers: dict[str, str]
) -> None:
    response = post(client_of(account("desk", "yanji", "litigation")), UPLOAD, length, **headers)
    assert response.status_code == 411


def test_every_page_that_is_named_is_there(year: QualityYear) -> None:
    """A page that was renamed would silently fall back to the small limit."""
    addresses = (
        UPLOAD,
        "/yanbian-2019/extracts/",
        "/yanbian-2019/cases/new/",
        "/yanbian-2019/registers/overturned/new/",
        DEPUTIES,
        IMPORT,
        "/admin/courts/figure/import/",
        "/admin/courts/figure/process_import/",
    )
    assert {most_bytes(path) - AROUND_BYTES for path in addresses} == set(FILE_BYTES.values())
    assert all(
        most_bytes(path) - AROUND_BYTES > 5 * MEGABYTE or path in (UPLOAD, DEPUTIES, IMPORT)
        for path in addresses
    )
