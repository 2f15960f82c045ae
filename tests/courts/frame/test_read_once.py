"""What a page reads twice is read once, and forgotten with its answer; after a POST all is new."""

from __future__ import annotations

from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from courts.frame.read_once import ReadsOnce, read_once


def test_a_page_reads_once_and_forgets() -> None:
    read: list[str] = []

    def reads(key: str) -> str:
        read.append(key)
        return key

    def asks(request: HttpRequest) -> HttpResponse:
        for key in ("years", "years", "courts"):
            assert read_once(key, partial(reads, key)) == key
        return HttpResponse()

    def answers(method: str) -> list[str]:
        read.clear()
        ReadsOnce(asks)(RequestFactory().generic(method, "/"))
        return list(read)

    assert answers("GET") == ["years", "courts"]
    # Another page reads anew, and so does whoever may have written.
    assert answers("GET") == ["years", "courts"]
    assert answers("POST") == ["years", "years", "courts"]
    read.clear()
    asks(RequestFactory().get("/"))
    assert read == ["years", "years", "courts"]


def test_what_failed_leaves_nothing_behind() -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        assert read_once("years", lambda: 1) == 1
        raise ValueError("nothing")

    with pytest.raises(ValueError, match="nothing"):
        ReadsOnce(fails)(RequestFactory().get("/"))
    assert read_once("years", lambda: 2) == 2


def test_nothing_may_be_an_answer() -> None:
    found = iter([None, 1])

    def asks(request: HttpRequest) -> HttpResponse:
        assert [read_once("a", lambda: next(found)) for _time in range(2)] == [None, None]
        return HttpResponse()

    ReadsOnce(asks)(RequestFactory().get("/"))
