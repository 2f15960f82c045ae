"""Owns how many requests a server process works on at once, and who is not let wait.

A server gives every request a thread of its own (`--threads`), more than there are *places* to be
worked on; the others wait their turn here. So a few slow requests never take the last thread: the
health check needs no place and is answered at once. Whoever waits while nothing moves is told so in
words (`courts.frame.views.errors.RefuseWhenBlocked`), instead of waiting behind what is blocked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Lock
from typing import Any

# Connections to the database are as many: each place keeps one.
PLACES = 4
# After so long without a good answer a process whose processor rests is blocked.
PATIENCE_SECONDS = 3.0
# How often somebody who waits looks whether anything moves.
LOOKS = 6
# What somebody who wants to do something does of a processor at least; a blocked process does none.
LEAST_WORK = 0.02
BLOCKED = "qualityyear.blocked"
FILE_WRAPPER = "wsgi.file_wrapper"
WITHOUT_PLACE = ("/healthz",)
FAULT = 500

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Pulse:
    """When this process answered well last, and how much it had worked by then."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answered = float("-inf")
        self.begin()

    def begin(self) -> None:
        """Note the beginning of work after a rest."""
        with self._lock:
            self._at, self._worked = time.monotonic(), time.process_time()

    def beat(self) -> None:
        """Note a good answer."""
        self.begin()
        with self._lock:
            self._answered = self._at

    def has_answered_since(self, moment: float) -> bool:
        """Whether anybody got a good answer after this moment of the monotonic clock."""
        with self._lock:
            return self._answered >= moment

    def is_blocked(self, patience: float) -> bool:
        """Whether nothing was answered for so long, and nobody is computing either."""
        with self._lock:
            passed = time.monotonic() - self._at
            worked = time.process_time() - self._worked
        return passed >= patience and worked < LEAST_WORK * passed


class _Answer:
    """What a place makes of a request, handed on while it is made."""

    def __init__(self) -> None:
        self.has_begun = Event()
        self.parts: SimpleQueue[Any] = SimpleQueue()


class Places:
    """The application with places; itself one, as WSGI has it."""

    def __init__(
        self, application: Application, places: int = PLACES, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._application = application
        self._places, self._patience = places, patience
        self._pulse = Pulse()
        self._busy = 0
        self._lock = Lock()
        # Made with the first request: threads do not survive the fork of a preloading server.
        self._pool: ThreadPoolExecutor | None = None

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in WITHOUT_PLACE:
            return self._application(environ, start_response)
        # Whoever answers in pieces is read in its place, where its connection is; the server itself
        # looks for its wrapper in what it gave.
        environ = {name: value for name, value in environ.items() if name != FILE_WRAPPER}
        answer = _Answer()
        future = self._executor().submit(self._work, environ, answer, time.monotonic())
        while not answer.has_begun.wait(self._patience / LOOKS):
            if self._pulse.is_blocked(self._patience) and future.cancel():
                return self._application({**environ, BLOCKED: True}, start_response)
        return _sent(answer, start_response)

    def _executor(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._places, thread_name_prefix="place")
            return self._pool

    def _work(self, environ: dict[str, Any], answer: _Answer, asked_at: float) -> None:
        """Make the answer in this thread, whole, and hand it on part by part.

        Whoever waited long for a place, in which nobody was answered well meanwhile, would wait in
        it for the same thing once more, and is told so instead.
        """
        with self._lock:
            if not self._busy:
                self._pulse.begin()
            self._busy += 1
        has_waited = time.monotonic() - asked_at >= self._patience
        if has_waited and not self._pulse.has_answered_since(asked_at):
            environ = {**environ, BLOCKED: True}
        answer.has_begun.set()
        status: list[str] = []

        def start(line: str, headers: list[Any], failure: Any = None) -> None:
            status.append(line)
            answer.parts.put((line, headers))

        try:
            made = self._application(environ, start)
            try:
                for part in made:
                    answer.parts.put(part)
            finally:
                close = getattr(made, "close", None)
                if close is not None:
                    close()
            answer.parts.put(None)
        # The server's own thread raises it again.
        except BaseException as error:  # noqa: BLE001
            answer.parts.put(error)
        finally:
            with self._lock:
                self._busy -= 1
            if status and int(status[-1].split()[0]) < FAULT:
                self._pulse.beat()


def _sent(answer: _Answer, start_response: Start) -> Iterable[bytes]:
    first = answer.parts.get()
    if isinstance(first, BaseException):
        raise first
    start_response(*first)
    return _rest(answer)


def _rest(answer: _Answer) -> Iterator[bytes]:
    while (part := answer.parts.get()) is not None:
        if isinstance(part, BaseException):
            raise part
        yield part
