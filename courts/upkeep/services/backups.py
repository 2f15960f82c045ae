"""Owns backups: written beside and renamed, verified by being restored, kept by number.

A backup is a folder `qualityyear-DATE-TIMEZ` (UTC) with the copy and `manifest.json`: when, by
which version, the editions, the SHA-256 of the copy and the fingerprint of what was in it. A folder
of that name is whole: it was restored into a scratch database and found the same.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from courts import database_clock
from courts.frame.listing import enumerated
from courts.frame.refusals import BackupError
from courts.upkeep.selectors.fingerprints import differences, fingerprint
from courts.upkeep.services import copies

NAMED = re.compile(r"qualityyear-\d{8}-\d{6}Z")
PART = ".part"
MANIFEST = "manifest.json"
# What a run that was killed left behind goes with a later one.
PARTS_KEPT_FOR = timedelta(days=1)


def back_up(*, folder: Path, keep: int | None = None, now: datetime | None = None) -> Path:
    """Make a backup in the folder, and delete all but the newest `keep` of them afterwards.

    `BackupError` in words when it could not be made or is not the same; then nothing is deleted.
    """
    moment = (now or database_clock.now()).astimezone(UTC)
    copies.check_tools()
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, moment)
    final = folder / f"qualityyear-{moment:%Y%m%d-%H%M%SZ}"
    if final.exists():
        raise BackupError(_("备份 %(name)s 已经存在。请换一个名称。") % {"name": final.name})
    part = folder / f"{final.name}{PART}"
    # A dump holds names and ballots: nobody else on the machine may read it.
    part.mkdir(mode=0o700)
    try:
        file = part / copies.FILE_NAMES[connection.vendor]
        with copies.snapshot() as name:
            taken = fingerprint()
            copies.copy_to(file, name)
        file.chmod(0o600)
        _refuse_different(taken, _restored(file, part))
        manifest = {
            "at": moment.isoformat(),
            "file": file.name,
            "sha256": _digest(file),
            "fingerprint": taken,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (part / MANIFEST).write_text(text + "\n", "utf-8")
        for written in (file, part / MANIFEST, part):
            _to_disk(written)
        part.rename(final)
        _to_disk(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    if keep is not None:
        for outdated in backups_in(folder)[:-keep]:
            shutil.rmtree(outdated)
    return final


def restore(*, backup: Path, is_replacing: bool, now: datetime | None = None) -> str:
    """Make a backup the database; the name under which the one before stays, if it does.

    It is verified once more before anything is touched. `BackupError` when it is not whole, of
    another kind of database, or when there is data already and nobody said to replace it.
    """
    manifest = _manifest(backup)
    file = backup / str(manifest["file"])
    taken = manifest["fingerprint"]
    if taken["kind"] != connection.vendor:
        raise BackupError(_("备份来自另一种数据库：%(kind)s。") % {"kind": taken["kind"]})
    if not file.exists() or _digest(file) != manifest["sha256"]:
        raise BackupError(_("备份文件不完整或被改动过。请换一份完好的备份。"))
    if connection.introspection.table_names() and not is_replacing:
        raise BackupError(_("数据库里已有数据；确要替换请加 --replace。"))
    copies.check_tools()
    work = Path(connection.settings_dict["NAME"]).absolute().parent
    if connection.vendor != "sqlite":
        work = backup
    _refuse_different(taken, _restored(file, work))
    moment = (now or database_clock.now()).astimezone(UTC)
    return copies.put_in_place(file, f"{moment:%Y%m%d%H%M%S}")


def backups_in(folder: Path) -> list[Path]:
    """The whole backups of a folder, the oldest first."""
    return sorted(found for found in folder.iterdir() if NAMED.fullmatch(found.name))


def _restored(file: Path, work: Path) -> Mapping[str, Any]:
    """The fingerprint that another process finds in the restored copy."""
    with copies.scratch(file, work) as variables:
        found: dict[str, Any] = _read(copies.manage(variables, "fingerprint"))
    return found


def _refuse_different(taken: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    names = differences(dict(taken), dict(found))
    if names:
        text = _("恢复出来的数据与原来不同：%(names)s。")
        raise BackupError(text % {"names": enumerated(names)})


def _manifest(backup: Path) -> Mapping[str, Any]:
    try:
        return _read((backup / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(
            _("%(name)s 不是一份完整的备份。请换一份完好的备份。") % {"name": backup.name}
        ) from error


def _read(text: str) -> dict[str, Any]:
    # Written by this module or its own command, not by anybody outside.
    found: dict[str, Any] = json.loads(text)
    return found


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        digest = sha256()
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _to_disk(path: Path) -> None:
    """Have the operating system write a file or folder out; Windows knows no folders here."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(folder: Path, now: datetime) -> None:
    for part in folder.glob(f"qualityyear-*{PART}"):
        if datetime.fromtimestamp(part.stat().st_mtime, UTC) < now - PARTS_KEPT_FOR:
            shutil.rmtree(part, ignore_errors=True)
