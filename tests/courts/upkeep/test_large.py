"""docs/large.md: its statements on the schema of this version, its addresses, its promises."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from courts.models import Figure, QualityYear, User
from tests import documents
from tests.courts.returns_fixtures import fill, row_of, slot_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
of_postgresql = pytest.mark.skipif(connection.vendor == "sqlite", reason="of PostgreSQL")
TEXT = documents.read("large.md")


@of_postgresql
def test_history_goes_on_in_parts(year: QualityYear, desk: User) -> None:
    slot = slot_of(year)
    fill(desk, slot, {"appeals_filed": 450})
    before = list(Figure.history.order_by("history_id").values())
    file = Path(settings.BASE_DIR) / "docs" / "deploy" / "partitions.sql"
    statements = re.sub(r"^(BEGIN|COMMIT);$", "", file.read_text("utf-8"), flags=re.MULTILINE)
    with connection.cursor() as cursor:
        # What a test has not committed, no table may be changed over.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statements)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert list(Figure.history.order_by("history_id").values()) == before
    fill(desk, slot, {"appeals_filed": 451})
    figure = Figure.objects.get(monthly_return=row_of(slot), metric="appeals_filed")
    assert list(figure.history.values_list("version", "value")) == [(2, 451), (1, 450)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text, count(*) FROM courts_historicalfigure"
                       " GROUP BY 1")  # fmt: skip
        parts = dict(cursor.fetchall())
    # By today's year; a year without a line of its own lies in the rest.
    assert sum(parts.values()) == len(before) + 1
    assert set(parts) <= {f"courts_historicalfigure_{one}" for one in ("2026", "2027", "rest")}
    for change in ("UPDATE {} SET value = 1", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.format("courts_historicalfigure"))


@of_postgresql
def test_what_a_pooler_leaves_to_the_role() -> None:
    """The statements of the page, for the role of this test, inside its transaction."""
    block = "".join(one for one in documents.blocks(TEXT, "sql") if "ALTER ROLE" in one)
    with connection.cursor() as cursor:
        cursor.execute(block.replace("qualityyear", str(connection.settings_dict["USER"])))
        cursor.execute("SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setdatabase = 0")
        said = {one for (one,) in cursor.fetchall()}
    assert said == {
        "lock_timeout=6s",
        "statement_timeout=30s",
        "idle_in_transaction_session_timeout=45s",
        "TimeZone=UTC",
        "random_page_cost=1.1",
    }


def configured(**given: str) -> dict[str, str]:
    """What the settings make of these variables: of the first database, and whether it is alone."""
    code = (
        "import json, sys; from qualityyear import settings;"
        "one = settings.DATABASES['default'];"
        "json.dump({'options': one['OPTIONS'].get('options', ''),"
        " 'ssl': one['OPTIONS'].get('sslmode', ''),"
        " 'host': one['HOST'],"
        " 'cursors': str(one.get('DISABLE_SERVER_SIDE_CURSORS')),"
        " 'names': ' '.join(settings.DATABASES)}, sys.stdout)"
    )
    known = {**os.environ, "DEBUG": "1", "QUALITYYEAR_SERVES": "1", **given}
    if not known["QUALITYYEAR_SERVES"]:
        del known["QUALITYYEAR_SERVES"]
    done = subprocess.run(
        [sys.executable, "-c", code], env=known, cwd=settings.BASE_DIR, capture_output=True
    )
    return json.loads(done.stdout) if done.returncode == 0 else {"refused": done.stderr.decode()}


def test_the_addresses_of_the_page_are_understood() -> None:
    (tls,) = re.findall(r"`DATABASE_URL=(postgres://\S+)`", TEXT)
    assert configured(DATABASE_URL=tls)["ssl"] == "verify-full"
    (path,) = re.findall(r"`(\?options=\S+)`", TEXT)
    found = configured(DATABASE_URL=f"postgres://x@y/z{path}")
    assert found["options"].startswith("-c search_path=yanbian -c lock_timeout=6000 ")
    pooled = configured(DATABASE_URL=tls, DATABASE_POOLER="1")
    assert (pooled["options"], pooled["cursors"]) == ("", "True")
    # The schema has to be the role's then: a pooler would refuse it, or drop it without a word.
    refused = configured(DATABASE_URL=f"postgres://x@y/z{path}", DATABASE_POOLER="1")
    assert "A pooler takes no options" in refused["refused"]
    ways = {"DATABASE_URL": "postgres://x@pool/z", "DATABASE_POOLER": "1"}
    straight = {"DIRECT_URL": "postgres://x@y/z", "QUALITYYEAR_SERVES": ""}
    command = configured(**ways, **straight)
    assert (command["host"], command["cursors"]) == ("y", "False")
    assert command["options"].endswith("-c idle_in_transaction_session_timeout=0")
    assert configured(**ways, **straight | {"QUALITYYEAR_SERVES": "1"})["host"] == "pool"
    assert configured(DATABASE_URL=tls)["names"] == "default"
    both = configured(DATABASE_URL=tls, REPLICA_URL="postgres://x@replica/z")
    assert both["names"] == "default replica"
    refused = configured(DATABASE_URL="sqlite:////tmp/x.sqlite3", REPLICA_URL="postgres://x@y/z")
    assert "REPLICA_URL needs PostgreSQL" in refused["refused"]
