"""Tests of backups: verified by being restored, whole or not there, brought back as they were."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from courts.frame.refusals import BackupError
from courts.models import Draft, QualityYear
from courts.upkeep.selectors.fingerprints import differences, fingerprint
from courts.upkeep.services import backups, copies
from courts.upkeep.services.backups import back_up, backups_in, restore
from tests import postgres
from tests.pages import account, give, the_year

# All of it in few tests: each backup is restored by a process of its own, which takes seconds.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year(transactional_db: None) -> QualityYear:
    """The year with a month of figures, so that there is something to score."""
    made = the_year()
    give(made, ("yanji", "2019-05", "first_instance_closed", 3000))
    return made


def draft(text: str, using: str = "default") -> None:
    user = account(text, None)
    Draft.objects.using(using).create(
        user_id=user.pk, thing="/x/", field="x", text=text, at=timezone.now()
    )


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[None]:
    """Let the test's own database be one that may be replaced: a copy of it."""
    database = connections.databases["default"]
    name = database["NAME"]
    if connection.vendor == "sqlite":
        file = tmp_path / "own.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        copy.close()
        other = str(file)
    else:
        other = f"qy_own_{os.getpid()}"
        connection.close()
        quoted = connection.ops.quote_name(name)
        copies.in_maintenance([f"CREATE DATABASE {other} TEMPLATE {quoted}"])
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = other
    yield
    connection.close()
    database["NAME"] = connection.settings_dict["NAME"] = name
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [other + "%"])
            left = [found for (found,) in cursor.fetchall()]
        copies.in_maintenance([f"DROP DATABASE {one} WITH (FORCE)" for one in left])


def test_a_backup_brings_back_what_was_there(
    year: QualityYear,
    elsewhere: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "backups"
    before = fingerprint()
    assert before["scores"]
    real = copies.copy_to

    def while_others_write(file: Path, name: str) -> None:
        # Another connection commits after the checksums were taken: it belongs to the next backup.
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("INSERT INTO courts_datastamp (id, value) VALUES (777777, 'meanwhile')")
        other.close()
        real(file, name)

    monkeypatch.setattr(copies, "copy_to", while_others_write)
    call_command("backup", str(folder))
    made = Path(capsys.readouterr().out.strip())
    assert backups_in(folder) == [made]
    assert [one.name for one in folder.iterdir()] == [made.name]
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    assert manifest["fingerprint"]["version"] == settings.VERSION
    assert manifest["fingerprint"]["editions"] == {year.code: year.edition.sha256}
    assert manifest["fingerprint"]["tables"] == before["tables"]
    assert (made.stat().st_mode & 0o077, (made / manifest["file"]).stat().st_mode & 0o077) == (0, 0)

    monkeypatch.undo()
    draft("later")
    after = fingerprint()
    changed = differences(before, after)
    assert {"courts_draft", "courts_user", "courts_datastamp"} <= set(changed)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(made))
    assert fingerprint() == after
    call_command("restore", str(made), "--replace")
    assert differences(before, fingerprint()) == []
    assert "migrate" in capsys.readouterr().out

    # What was changed by a sign is not brought back, and leaves what is there alone.
    file = made / manifest["file"]
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupError, match="不完整"):
        restore(backup=made, is_replacing=True)
    manifest["fingerprint"]["kind"] = "another"
    (made / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(BackupError, match="另一种"):
        restore(backup=made, is_replacing=True)
    with pytest.raises(BackupError, match="不是一份完整的备份"):
        restore(backup=folder, is_replacing=True)
    assert differences(before, fingerprint()) == []


def test_a_backup_that_does_not_hold_is_none(
    year: QualityYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault: one row is lost on the way. Unverified, the backup would stand there as whole."""
    now = timezone.now()
    earlier = [tmp_path / f"qualityyear-2020010{day}-000000Z" for day in (1, 2, 3)]
    for one in earlier:
        one.mkdir()
    (tmp_path / "another folder").mkdir()
    abandoned = tmp_path / "qualityyear-20200104-000000Z.part"
    abandoned.mkdir()
    os.utime(abandoned, (0, 0))

    def without_a_row(_variables: Any, *_arguments: str) -> str:
        found = fingerprint()
        found["tables"]["courts_figure"][0] -= 1
        return json.dumps(found)

    monkeypatch.setattr(copies, "manage", without_a_row)
    with pytest.raises(BackupError, match="courts_figure"):
        back_up(folder=tmp_path, keep=1, now=now)
    assert backups_in(tmp_path) == earlier
    assert not list(tmp_path.glob("*.part"))

    monkeypatch.setattr(backups, "_refuse_different", lambda _taken, _found: None)
    made = back_up(folder=tmp_path, keep=2, now=now)
    assert backups_in(tmp_path) == [earlier[2], made]
    assert (tmp_path / "another folder").exists()
    with pytest.raises(BackupError, match="已经存在"):
        back_up(folder=tmp_path, now=now)


def test_a_full_disk_leaves_the_last_backup(
    year: QualityYear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = tmp_path / "qualityyear-20200101-000000Z"
    earlier.mkdir()

    def full(file: Path, _name: str) -> None:
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "copy_to", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(tmp_path), "--keep", "1")
    assert [one.name for one in tmp_path.iterdir()] == [earlier.name]
    shutil.rmtree(earlier)
    with pytest.raises(CommandError, match="--keep"):
        call_command("backup", str(tmp_path), "--keep", "0")


def test_a_missing_or_older_pg_dump_is_said(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no other program")
    copies.check_tools()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(vars(connections["default"]), "pg_version", 990000)
    with pytest.raises(BackupError, match="pg_dump 99"):
        copies.check_tools()
    # They trust the same certificate that the address names.
    known = connection.settings_dict
    over_tls = {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/provider.pem"}
    monkeypatch.setitem(known, "OPTIONS", {**known["OPTIONS"], **over_tls})
    told = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/ssl/provider.pem"}
    assert told.items() <= copies._environment().items()
    # What pg_dump sets, the next one behind the same pooler would find.
    monkeypatch.setattr(settings, "DATABASE_POOLER", True)
    with pytest.raises(BackupError, match="DIRECT_URL"):
        copies.check_tools()


def test_what_is_acknowledged_is_written_through_to_the_disk(transactional_db: None) -> None:
    """SQLite documents of WAL: only with FULL is a commit on the disk before it returns.

    The tests' own database waits for no disk, so the setting is read where a server reads it.
    """
    code = (
        "import django; django.setup(); from django.db import connection as c;"
        "k = c.cursor(); print(k.execute('PRAGMA journal_mode').fetchone()[0],"
        "k.execute('PRAGMA synchronous').fetchone()[0])"
    )
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "qualityyear.settings"}
    with tempfile.TemporaryDirectory() as folder:
        variables["DATABASE_URL"] = f"sqlite:///{folder}/x.sqlite3"
        said = subprocess.run(
            [sys.executable, "-c", code], env=variables, cwd=settings.BASE_DIR, capture_output=True
        )
    assert said.stdout.split() == [b"wal", b"2"]


@pytest.mark.nightly
def test_back_to_a_moment_with_the_files_that_are_shipped(tmp_path: Path) -> None:
    """A base backup, then good work, then harm: recovery to between has the one, not the other."""
    programs = postgres.find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    user = postgres.owner()
    prefix = ["runuser", "-u", user, "--"] if user else []
    place = Path(tempfile.mkdtemp(prefix="qy-pitr-", dir="/tmp"))
    archive, data, base = place / "archive", place / "data", place / "base"

    def run(program: str, *arguments: object) -> str:
        command = [*prefix, str(programs / program), *map(str, arguments)]
        with (place / "output").open("w+") as output:
            done = subprocess.run(command, cwd=place, stdout=output, stderr=output)
            output.seek(0)
            said = output.read()
        assert done.returncode == 0, said
        return said.strip()

    def sql(statement: str) -> str:
        return run("psql", "-h", place, "-U", "qy", "-d", "postgres", "-XAtqc", statement)

    def start(folder: Path) -> None:
        run(
            "pg_ctl", "-w", "-D", folder, "-l", place / "log", "-o",
            f"-c listen_addresses= -c unix_socket_directories={place}", "start",
        )  # fmt: skip

    def shipped(name: str) -> str:
        text = (Path(settings.BASE_DIR) / "docs" / "deploy" / name).read_text("utf-8")
        return text.replace("/archive/", f"{archive}/")

    try:
        if user:
            shutil.chown(place, user)
        archive.mkdir()
        if user:
            shutil.chown(archive, user)
        run("initdb", "-D", data, "-U", "qy", "--auth=trust", "--no-sync")
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(shipped("archiving.conf"))
        start(data)
        sql("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('before')")
        run("pg_basebackup", "-h", place, "-U", "qy", f"--pgdata={base}", "--wal-method=stream")
        sql("INSERT INTO kept VALUES ('good work')")
        moment = sql("SELECT clock_timestamp()")
        sql("SELECT pg_sleep(1)")
        sql("DELETE FROM kept")
        last = sql("SELECT pg_walfile_name(pg_current_wal_lsn())")
        sql("SELECT pg_switch_wal()")
        for _ in range(100):
            if (archive / last).exists():
                break
            sql("SELECT pg_sleep(0.2)")
        assert sql("SELECT count(*) FROM kept") == "0"
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")

        with (base / "postgresql.auto.conf").open("a") as conf:
            recovery = shipped("recovery.conf")
            conf.write(recovery.replace("2026-01-01 00:00:00+08", moment))
        (base / "recovery.signal").touch()
        if user:
            shutil.chown(base / "recovery.signal", user)
        start(base)
        for _ in range(100):
            if sql("SELECT pg_is_in_recovery()") == "f":
                break
            sql("SELECT pg_sleep(0.2)")
        assert sql("SELECT string_agg(word, ',' ORDER BY word) FROM kept") == "before,good work"
        run("pg_ctl", "-D", base, "-m", "immediate", "stop")
    finally:
        for folder in (data, base):
            if (folder / "postmaster.pid").exists():
                run("pg_ctl", "-D", folder, "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)
