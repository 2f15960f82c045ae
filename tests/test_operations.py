"""docs/operations.md word for word: its commands exist, and its Linux part leads to a login.

By night the part for Linux is run as it is written, in an empty folder, by a plain user, from the
wheelhouse alone. With every change its commands are read: each program, file, command and option
has to be there. The part for Windows is read, and its wheelhouse is looked through; nobody runs it
here. Units, timers and tasks are read by `tests/courts/upkeep/test_housekeeping.py`.
"""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from tests import documents

BASE = Path(settings.BASE_DIR)
TEXT = documents.read("operations.md")
LINUX = "Without containers, on Linux"
MANAGE = re.compile(r"manage\.py ([a-z_]+)((?: +[^\s`|;&>]+)*)")
PATIENCE = 300


def linux() -> list[str]:
    """What the account of the server types on Linux, block by block."""
    return documents.blocks(documents.section(TEXT, LINUX), "sh")


def faults(text: str) -> list[str]:
    """Commands and options of manage.py in a text that are not there."""
    known = get_commands()
    found = []
    for name, rest in MANAGE.findall(text):
        if name not in known:
            found.append(name)
            continue
        app = known[name]
        command = load_command_class(app, name)
        parser = command.create_parser("manage.py", name)
        options = {option for action in parser._actions for option in action.option_strings}
        given = [part.split("=")[0] for part in shlex.split(rest) if part.startswith("--")]
        found += [f"{name} {option}" for option in given if option.rstrip(".,") not in options]
    return found


def test_every_command_and_option_is_there() -> None:
    named = {name for name, _rest in MANAGE.findall(TEXT)}
    assert named > {"migrate", "setup_year", "createsuperuser", "backup", "restore", "housekeeping"}
    assert faults(TEXT) == []
    assert faults("manage.py backup DIR --keep 3 --kept 4; manage.py back_up") == [
        "backup --kept",
        "back_up",
    ]


def test_every_file_that_is_named_is_there() -> None:
    places = re.findall(r"\b(?:docs|requirements|wheelhouse)[/\\][\w/\\.*-]+", TEXT)
    named = {place.replace("\\", "/").rstrip("./") for place in places}
    assert len(named) > 8
    makefile = (BASE / "Makefile").read_text("utf-8")
    for place in named:
        if place.startswith("wheelhouse/"):
            assert f"--dest {place}" in makefile
        else:
            assert list(BASE.glob(place)), place


def test_services_start_what_is_installed_where_it_is_installed() -> None:
    blocks = linux()
    assert len(blocks) == 3
    started = blocks[-1].strip().removeprefix(".venv/bin/")
    service = (BASE / "docs/deploy/qualityyear.service").read_text("utf-8")
    assert f"ExecStart=/opt/qualityyear/.venv/bin/{started}\n" in service
    for unit in (BASE / "docs/deploy").glob("*.service"):
        text = unit.read_text("utf-8")
        assert "WorkingDirectory=/opt/qualityyear\n" in text
        assert "User=qualityyear\n" in text
    task = (BASE / "docs/deploy/server.xml").read_text("utf-8")
    assert "waitress-serve.exe" in task
    assert "--threads=32 qualityyear.wsgi:application" in task


def test_what_is_shipped_runs_commands_that_are_there() -> None:
    """Units and tasks: the document's commands, and a backup every day into its folder."""
    shipped = {file.name: file.read_text("utf-8") for file in (BASE / "docs/deploy").iterdir()}
    called = {name: MANAGE.findall(text) for name, text in shipped.items() if "manage.py" in text}
    assert len(called) == 4
    for name in called:
        assert faults(shipped[name].replace("<", " <")) == [], name
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    tasks = {name: ET.fromstring(text) for name, text in shipped.items() if name.endswith(".xml")}
    assert len(tasks) == 3
    for name, task in tasks.items():
        assert rf"docs\deploy\{name}" in TEXT
        assert task.findtext(".//t:WorkingDirectory", "", space) == r"C:\qualityyear"
        assert task.findtext(".//t:Command", "", space).startswith(r"C:\qualityyear\.venv\Scripts")
        # The account that the document lets into the folder.
        assert task.findtext(".//t:UserId", "", space) == "S-1-5-20"
    assert tasks["backup.xml"].findtext(".//t:DaysInterval", "", space) == "1"
    assert "OnCalendar=*-*-* 02:30:00\n" in shipped["qualityyear-backup.timer"]
    unit = shipped["qualityyear-backup.service"]
    (folder,) = re.findall(r"manage\.py backup (\S+) --keep 14\n", unit)
    assert f"manage.py backup {folder} --keep 14\n" in TEXT
    assert f"install -d -o qualityyear -m 700 {folder}\n" in TEXT
    assert folder in unit.partition("ReadWritePaths=")[2].split()
    (there,) = re.findall(r"backup (\S+) --keep 14<", shipped["backup.xml"])
    # What holds everything is open to nobody else on the machine.
    for place in (there, r"C:\qualityyear"):
        assert f"icacls {place} /inheritance:r /grant:r " in TEXT
    assert "chmod 700 /opt/qualityyear\n" in TEXT


def test_the_wheelhouse_is_for_both_systems_and_bound_to_the_lock_file() -> None:
    shown = subprocess.run(
        ["/usr/bin/make", "--dry-run", "wheelhouse"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.replace("\\\n", " ")
    calls = [line for line in shown.splitlines() if "pip download" in line]
    assert ["wheelhouse/linux" in calls[0], "wheelhouse/windows" in calls[1]] == [True, True]
    for call in calls:
        assert "--require-hashes" in call
        assert "--only-binary :all:" in call
        assert "-r requirements/base.txt" in call
    # Nothing that only another system needs hides behind a condition of this one.
    lock = (BASE / "requirements/base.txt").read_text("utf-8")
    assert set(re.findall(r"==\S+ ; (.*?) \\", lock)) <= {"sys_platform != 'win32'"}


# --- As it is written ------------------------------------------------------------------------


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of a plain user's with the files of this version in it, and nothing else."""
    made = Path(tempfile.mkdtemp(prefix="qy-operations-", dir="/tmp"))
    place = made / "qualityyear"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=BASE, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (BASE / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(BASE / name, place / name)
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "nobody", str(made)], check=True)
    yield place
    shutil.rmtree(made, ignore_errors=True)


def as_plain_user(*command: str) -> list[str]:
    return [*(["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []), *command]


def carried_over(folder: Path) -> None:
    """Fetch the packages as on a machine with a way out, and leave nothing but them."""
    said = as_plain_user("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
    version = subprocess.run(said, capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run(
        as_plain_user("make", "--no-print-directory", "wheelhouse", f"WHEELS_FOR={version}"),
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"}
        | {"HOME": str(folder.parent)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    shutil.rmtree(folder / ".venv")


def fetched(folder: Path, system: str) -> set[str]:
    """The packages of a system in the wheelhouse, as the lock file names them."""
    wheels = (folder / "wheelhouse" / system).iterdir()
    return {one.name.split("-")[0].lower().replace("_", "-").replace(".", "-") for one in wheels}


@pytest.mark.nightly
def test_the_linux_part_leads_to_a_working_login(folder: Path) -> None:
    """One word differs: there is no proxy. The packages are those of the wheelhouse alone."""
    carried_over(folder)
    lock = (folder / "requirements/base.txt").read_text("utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==\S+( ;)?", lock, re.MULTILINE))
    assert len(locked) > 20
    assert fetched(folder, "linux") == set(locked)
    # What a condition keeps from Windows is not there for it.
    assert fetched(folder, "windows") >= {name for name, only in locked.items() if not only}
    install, administrator, server = linux()
    install = install.replace("BEHIND_TLS_PROXY=1", "HTTPS=0")
    # No package index and no folder of wheels but the one that the document names.
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "LANG": "C.UTF-8"}
    password = "first-administrator-2026"

    def run(text: str, **more: str) -> None:
        done = subprocess.run(
            as_plain_user("sh", "-e", "-c", text),
            cwd=folder,
            env=clean | more,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]

    run(install)
    assert (folder / "settings.env").stat().st_mode & 0o077 == 0
    # Nobody types here: what it asks for comes from the environment.
    run(
        administrator.strip() + " --noinput --username first --email first@quality.example",
        DJANGO_SUPERUSER_PASSWORD=password,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        as_plain_user("sh", "-c", "exec " + server.strip().replace(":8000", f":{port}")),
        cwd=folder,
        env=clean,
    )
    try:
        for _attempt in range(PATIENCE * 10):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None
            time.sleep(0.1)
        # A machine that is busy may not know within a second at first.
        while ask(port, "GET", "/healthz").read() != b"ok":
            assert running.poll() is None
        page = ask(port, "GET", "/login/")
        cookie = page.headers["Set-Cookie"].split(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
        assert token
        form = {"csrfmiddlewaretoken": token[1], "username": "first", "password": password}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        entered = ask(port, "POST", "/login/", urllib.parse.urlencode(form), headers)
        assert entered.status == 302
        assert any("sessionid=" in one for one in entered.headers.get_all("Set-Cookie") or [])
    finally:
        running.terminate()
        running.wait()


def ask(
    port: int, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, body, headers or {})
    return connection.getresponse()
