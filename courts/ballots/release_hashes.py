"""Owns the hashes of what a browser is given: every script, style, template and offline file.

A server that is not trusted cannot vouch for itself: the list is made from a release that somebody
else keeps, and compared with what was served. A page of any address can reach the pages of the
ballot, so that all scripts and all templates are listed, and the translations that fill them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

FOLDERS = ("static", "templates", "locale")
# What is made at installation out of others of the list, or is no file of a release.
LEFT_OUT = (".mo", ".pyc", ".gz", ".br", ".swp", "~")
OFFLINE, ENDINGS = "ballots/", (".html", ".js", ".py")


@dataclass(frozen=True, slots=True)
class FileHash:
    """A file by its path in the release, or by its address where it is put together; hex."""

    path: str
    sha256: str

    @property
    def line(self) -> str:
        """As sha256sum writes it."""
        return f"{self.sha256}  {self.path}"


def release_hashes() -> tuple[FileHash, ...]:
    """All of them, by path."""
    found = [*_files(), *_made()]
    return tuple(sorted(found, key=lambda one: one.path.encode()))


def list_text() -> str:
    """The list as sha256sum writes it."""
    return "".join(f"{one.line}\n" for one in release_hashes())


def list_sha256() -> str:
    """The hash of the whole list: one number that stands for all files."""
    return hashlib.sha256(list_text().encode()).hexdigest()


def offline_files() -> tuple[FileHash, ...]:
    """What is put together of others and served under one address, offline files first of all."""
    return tuple(one for one in release_hashes() if one.path.startswith(OFFLINE))


def _files() -> Iterator[FileHash]:
    root = Path(settings.BASE_DIR)
    for folder in FOLDERS:
        for path in (root / folder).rglob("*"):
            if path.is_file() and not path.name.endswith(LEFT_OUT):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                yield FileHash(path.relative_to(root).as_posix(), digest)


def _made() -> Iterator[FileHash]:
    """Asked of the addresses themselves, so that a new offline file is listed when it is served."""
    for pattern in import_module("courts.urls").urlpatterns:
        route = str(pattern.pattern)
        if route.startswith(OFFLINE) and route.endswith(ENDINGS):
            request = HttpRequest()
            request.method = "GET"
            yield FileHash(route, hashlib.sha256(pattern.callback(request).content).hexdigest())
