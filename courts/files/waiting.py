"""Owns files that wait for their confirmation, in the system's temporary folder.

Only the server can read them; what is never confirmed is swept away after a day. A *ticket* names a
waiting file to the person who sent it, and to nobody else.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from django.core import signing
from django.utils.translation import gettext as _
from import_export.tmp_storages import BaseStorage

from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError
from courts.models import QualityYear, User

A_DAY = 24 * 60 * 60
SALT = "courts.waiting_files"


class UploadStorage(BaseStorage):
    """Files that wait for their confirmation, each under a name that nobody can guess."""

    PREFIX = "quality-year-upload-"
    NAME = re.compile(r"[0-9a-f]{32}\Z")

    def save(self, data: bytes) -> None:
        self.sweep()
        self.name = uuid4().hex
        descriptor = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    def read(self) -> bytes:
        return self.path.read_bytes()

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    @property
    def path(self) -> Path:
        if not self.NAME.match(self.name or ""):
            raise FileNotFoundError(self.name)
        return Path(tempfile.gettempdir()) / f"{self.PREFIX}{self.name}"

    def sweep(self) -> None:
        """Remove what was never confirmed."""
        for path in Path(tempfile.gettempdir()).glob(f"{self.PREFIX}*"):
            try:
                if path.stat().st_mtime < time.time() - A_DAY:
                    path.unlink()
            except OSError:
                # Another process was quicker, or it is somebody else's file.
                continue


def keep(*, user: User, year: QualityYear, file: SourceFile, source: str) -> str:
    """Let a file wait; the ticket to call it back by."""
    storage = UploadStorage()
    storage.save(file.content)
    return signing.dumps(
        [storage.name, file.name, file.sha256, source, user.pk, year.pk], salt=SALT
    )


def call_back(*, user: User, year: QualityYear, ticket: str) -> tuple[SourceFile, str]:
    """The file and the source it was said to be from; it waits no longer.

    `ReturnError` when the ticket is somebody else's, of another year, used or too old.
    """
    try:
        name, shown, sha256, source, *owner = signing.loads(ticket, salt=SALT, max_age=A_DAY)
        if owner != [user.pk, year.pk]:
            raise FileNotFoundError
        storage = UploadStorage(name=name)
        file = SourceFile(shown, storage.read())
        storage.remove()
        if file.sha256 != sha256:
            raise FileNotFoundError
    except (signing.BadSignature, FileNotFoundError):
        raise ReturnError(_("预览已失效，没有写入，请重新选择文件。")) from None
    return file, source
