"""Owns tables that wait for their confirmation, in the database: for one account alone, for a day.

The file was read once, when it was given; what is confirmed is the table that was shown. The bytes
are kept nowhere, so any server can confirm what another one showed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.encoding import Json, tables_as_data, tables_from_data
from courts.files.sheets import SourceFile
from courts.frame.refusals import ReturnError
from courts.models import QualityYear, User, WaitingTable

A_DAY = timedelta(days=1)
Area = WaitingTable.Area


def keep(
    *,
    user: User,
    area: str,
    file: SourceFile,
    year: QualityYear | None = None,
    place: str = "",
    source: str = "",
    choices: Json = None,
) -> str:
    """Let a table wait in place of the account's earlier one; the key to call it back by.

    `ValueError` for a file that was not read whole (`courts.files.sheets.as_table`).
    """
    if file.table is None or file.fault is not None:
        raise ValueError("Only what was read of a file waits.")
    now = database_clock.now()
    with transaction.atomic():
        sweep(now)
        row, _created = WaitingTable.objects.update_or_create(
            user=user,
            area=area,
            place=place,
            defaults={
                "year": year,
                "file_name": file.name[-255:],
                "sha256": file.sha256,
                "source": source[:255],
                "table": tables_as_data(file.table),
                "choices": choices or {},
                "at": now,
            },
        )
    return _key(row)


def waiting_rows(
    *, user: User, area: str, year: QualityYear | None = None, place: str = ""
) -> QuerySet[WaitingTable]:
    """The account's table of a place, if one waits that is not too old."""
    return WaitingTable.objects.filter(
        user=user, area=area, place=place, year=year, at__gte=database_clock.now() - A_DAY
    )


def call_back(
    *, user: User, area: str, key: str, year: QualityYear | None = None
) -> tuple[SourceFile, str]:
    """The table and the source it was said to be from; it waits no longer.

    `ReturnError` when the key is somebody else's, of another year, used, replaced or too old.
    """
    with transaction.atomic():
        row = waiting_rows(user=user, area=area, year=year).select_for_update().first()
        if row is None or _key(row) != key:
            raise ReturnError(_("预览已失效，没有写入，请重新选择文件。"))
        row.delete()
    return file_of(row), row.source


def file_of(row: WaitingTable) -> SourceFile:
    """The file again, as it was read."""
    table = tables_from_data(row.table)
    return SourceFile(row.file_name, b"", table=table, digest=row.sha256, is_shown=True)


def discard(*, user: User, area: str, place: str = "") -> None:
    """Forget the account's waiting table of a place, if there is one."""
    WaitingTable.objects.filter(user=user, area=area, place=place).delete()


def sweep(now: datetime) -> int:
    """Delete what waited for a day, of any account; how many."""
    return WaitingTable.objects.filter(at__lt=now - A_DAY).delete()[0]


def _key(row: WaitingTable) -> str:
    """What a preview names its table by: another upload in its place has another."""
    return f"{row.pk}-{row.at.timestamp():.6f}"
