"""Fuzzed files through every way in: each is answered in words, and nothing is written of it.

Files of the cases and each way's own table are broken in their bytes, in what is packed in them
and in their cells (`mutations`), under names that are broken too. A file that a way still takes
waits for a person: no figure, target, cap, court, edition or line is there that was not before.
The control reads the same files without the child that stands between them and the server.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from courts.files.plain import FileError
from courts.files.reading import tables_of
from courts.models import (
    AppraisalTarget,
    Cap,
    Court,
    Figure,
    QualityYear,
    RegisterLine,
    RulebookEdition,
    WordTemplate,
)
from courts.systems.services.tokens import TokenValues, make_token
from tests.courts.files import made_files
from tests.courts.files.test_every_way import CAPS, COURTS, FIGURES, TARGETS
from tests.courts.files.test_files import FILES
from tests.courts.files.test_hostile_server import WAYS, YEAR, Way
from tests.hold.mutations import mutated
from tests.hold.scale import SCALE, SEED, chance, many
from tests.pages import account, client_of

pytestmark = pytest.mark.django_db

FUZZED = many(10_000, 16)
# Tests of their own, so that all processes of a run have their part of the longest trial.
SHARES = 5 if SCALE >= 1 else 1
OF_CONTROL = many(1_000, 15)
RETURN = f"{YEAR}/returns/dunhua/2019-12/litigation"
TABLES = (AppraisalTarget, Cap, Court, Figure, RegisterLine, RulebookEdition, WordTemplate)
OWN = {"extracts": FIGURES, "targets": TARGETS, "caps": CAPS, "courts": COURTS, "figures": FIGURES}
MORE = {
    "base": Way(f"{YEAR}/base/give/", "office", beside={"upload": "1", "source": "x"}),
    "register": Way(f"{YEAR}/registers/overturned/import/", "office"),
    "supplement": Way(f"{YEAR}/supplements/", "office", beside={"summary": "x", "reason": "x"}),
}
COMMANDS = {
    "import_figures": ("--year", "yanbian-2019"),
    "import_targets": ("--year", "yanbian-2019"),
    "import_extract": ("--year", "yanbian-2019", "--source", "x"),
}
PASTE = "paste"
# Files that stay apart: too large to be read thousands of times.
LARGE = 200_000

Send = Callable[[str, bytes], str]


@pytest.fixture
def ways(year: QualityYear, tmp_path: Path) -> dict[str, Send]:
    """Every way in, as what brings a file there and says what came of it."""
    people = {
        "desk": account("desk", "dunhua", "litigation"),
        "office": account("office", "yanbian", "office", is_staff=True),
        "admin": account("admin", "yanbian", "admin", is_staff=True),
    }
    clients = {who: client_of(user) for who, user in people.items()}
    values = TokenValues(
        court=Court.objects.get(code="yanbian"),
        name="case system",
        sees="prefecture",
        reads=True,
        reads_current=False,
        sends="litigation",
        per_minute=600,
        expires_on=timezone.localdate() + timedelta(days=30),
    )
    secret = make_token(user=people["admin"], values=values)[1]

    def page(way: Way) -> Send:
        beside = {key: text.format(year=year.pk) for key, text in way.beside.items()}

        def send(name: str, content: bytes) -> str:
            file = SimpleUploadedFile(name, content)
            return said(clients[way.who].post(way.address, {**beside, way.named: file}))

        return send

    def api(name: str, content: bytes) -> str:
        ending = name.rpartition(".")[2]
        address = WAYS["api"].address.format(name=f"x.{ending}" if ending.isalnum() else "x.csv")
        client = Client(headers={"authorization": f"Bearer {secret}"})
        return said(client.put(address, content, content_type="text/csv"))

    def paste(_name: str, content: bytes) -> str:
        text = content[:20_000].decode("utf-8", "replace")
        sent = {"text": text, "metric": "appeals_filed", "court": "", "column": "", "answers": {}}
        address = f"{RETURN}/paste/"
        return said(clients["desk"].post(address, sent, content_type="application/json"))

    def command(called: str) -> Send:
        def run(_name: str, content: bytes) -> str:
            path = tmp_path / "x.csv"
            path.write_bytes(content)
            try:
                call_command(called, str(path), *COMMANDS[called], stdout=io.StringIO())
            except CommandError:
                return "refused"
            return "taken"

        return run

    found: dict[str, Send] = {name: page(way) for name, way in (WAYS | MORE).items()}
    found |= {name: command(name) for name in COMMANDS}
    return found | {"api": api, PASTE: paste}


def said(response: Any) -> str:
    """What a page says of a file; a fault is none of that."""
    assert response.status_code in {200, 201, 202, 302, 400, 409, 413, 415, 422}, (
        response.status_code,
        response.content[:300],
    )
    return "taken" if response.status_code in {201, 202, 302} else "answered"


def files_for(way: str) -> Mapping[str, bytes]:
    """Good files to break: those of the cases, and the way's own table in every kind."""
    found = {path.name: path.read_bytes() for path in sorted(FILES.iterdir())}
    table = OWN.get(way, FIGURES)
    found |= {f"own-{name}": make(table) for name, make in made_files.READ.items()}
    return {name: content for name, content in found.items() if 0 < len(content) < LARGE}


def counted() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


def brought(ways: Mapping[str, Send], folder: Path, share: int) -> Iterator[tuple[str, str]]:
    """Bring each file of chance by the next way; the way, and what came of it."""
    draw = chance(f"files {share}")
    names = sorted(ways)
    files = {name: files_for(name) for name in names}
    before = counted()
    for number in range(FUZZED // SHARES):
        way = names[number % len(names)]
        name, content = mutated(draw, files[way], sorted(files[way]))
        with transaction.atomic():
            try:
                answer = ways[way](name, content)
            except Exception as error:
                keep = folder / f"fuzzed-{number}"
                keep.write_bytes(content)
                raise AssertionError(f"{way} {name!r} ({keep}): {error!r}") from error
            # A command writes what it takes, being told to by who runs it.
            if way not in COMMANDS:
                assert counted() == before, (way, name, number)
            transaction.set_rollback(True)
        yield way, answer


@pytest.mark.parametrize("share", range(SHARES))
def test_fuzzed_files_are_answered(
    ways: dict[str, Send], tmp_path: Path, share: int, record_property: Any
) -> None:
    found = Counter(brought(ways, tmp_path, share))
    assert {way for way, _answer in found} == set(ways)
    answers = Counter(answer for _way, answer in found.elements())
    brought_in = f"{answers.total()} of {FUZZED} fuzzed files by {len(ways)} ways"
    told = f"{brought_in}: {dict(answers)}, 0 faults, 0 written"
    record_property("hold", f"seed {SEED}: {told}")


def test_without_the_child_files_are_faults(record_property: Any) -> None:
    """The control: the library alone, as pages would call it; the same files by the child."""
    draw = chance("control of files")
    files = {n: f for n, f in files_for("extracts").items() if n.endswith(".xlsx")}
    faults: Counter[str] = Counter()
    for _number in range(OF_CONTROL):
        _name, content = mutated(draw, files, sorted(files))
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            _rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
        except Exception as error:  # noqa: BLE001  whatever it is, a page would end in it
            faults[type(error).__name__] += 1
            # Whoever asks for a table gets one or is told why not.
            with suppress(FileError):
                tables_of("x.xlsx", content)
    assert faults
    told = f"{faults.total()} of {OF_CONTROL} files end in {dict(faults)}"
    record_property("hold", f"control, no child between: {told}")
