"""Owns the people and returns that the tests of monthly returns share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group

from courts.figures.selectors.findings import FindingKind, findings
from courts.models import Court, Figure, MonthlyReturn, QualityYear, User
from courts.returns.services.returns import CellEntry, save_cells, submit
from courts.reviews.services.reviews import verify
from courts.years.selectors.slots import Slot
from scoring.facts import Month
from scoring.schema import Side

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAY = Month(2019, 5)

# A month of Yanji that nothing speaks against: 5/12 of 2018 where annex 3 has it.
CLEAN_LITIGATION = {
    "appeal_revised": 69,
    "appeal_remanded": 25,
    "retrial_revised": 8,
    "retrial_remanded": 2,
    "retrial_directed": 1,
    "retrial_decided": 12,
    "retrial_escalated": 1,
    "retrial_designated": 0,
    "appeals_filed": 452,
    "retrial_petitions_received": 49,
    "retrial_petitions_closed": 47,
    "first_instance_closed": 3000,
    "effective_judgments": 2500,
}


def slot_of(
    year: QualityYear, court: str = "yanji", month: Month = MAY, side: Side = Side.LITIGATION
) -> Slot:
    return Slot(year, Court.objects.select_related("parent").get(code=court), month, side)


def row_of(slot: Slot) -> MonthlyReturn:
    """The row of a return that must have one."""
    row = slot.row()
    assert row is not None
    return row


def shanghai(day: str, clock: str = "12:00:00") -> datetime:
    """A moment where the courts are."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


def fill(user: User, slot: Slot, figures: Mapping[str, int | str | None]) -> None:
    """Type these figures over whatever is there."""
    row = slot.row()
    seen = dict(row.figures.values_list("metric", "version")) if row else {}
    cells = [CellEntry(metric, value, seen.get(metric, 0)) for metric, value in figures.items()]
    results = save_cells(user=user, slot=slot, cells=cells)
    assert {result.status for result in results} <= {"saved", "unchanged"}


def version_of(slot: Slot) -> int:
    row = slot.row()
    return row.version if row else 0


def hand_in(user: User, slot: Slot) -> None:
    """Submit with a reason for everything that wants one."""
    found = findings(slot)
    submit(
        user=user,
        slot=slot,
        seen_version=version_of(slot),
        reasons={f.key: "已核对" for f in found if f.kind is not FindingKind.BLANK},
        blank_reasons={f.metrics[0]: "系统无此数" for f in found if f.kind is FindingKind.BLANK},
        replies=dict.fromkeys(remarks_of(slot), "已改正"),
    )


def remarks_of(slot: Slot) -> list[int]:
    """The keys of every remark on the return."""
    row = slot.row()
    return (
        [] if row is None else list(row.comments.filter(kind="remark").values_list("pk", flat=True))
    )


def bring_to(state: str, slot: Slot, people: Mapping[str, User]) -> MonthlyReturn:
    """A clean litigation return of the slot in the state, by the ordinary way."""
    from courts.reviews.services.reviews import begin, send_back

    fill(people["desk"], slot, CLEAN_LITIGATION)
    if state != "entering":
        hand_in(people["desk"], slot)
    if state == "returned":
        send_back(
            user=people["office"],
            slot=slot,
            seen_version=version_of(slot),
            remarks={"appeals_filed": "请核对"},
        )
    if state == "begun":
        begin(user=people["office2"], slot=slot, seen_version=version_of(slot))
    if state in ("verified", "published"):
        verify(user=people["office2"], slot=slot, seen_version=version_of(slot))
    if state == "published":
        MonthlyReturn.objects.filter(**slot.fields).update(state="published")
    row = row_of(slot)
    assert row.state == ("submitted" if state == "begun" else state)
    return row


def values_of(slot: Slot) -> dict[str, int | None]:
    return dict(
        Figure.objects.filter(
            **{f"monthly_return__{name}": value for name, value in slot.fields.items()}
        ).values_list("metric", "value")
    )


@pytest.fixture
def people(year: QualityYear, elsewhere: QualityYear) -> dict[str, User]:
    """Everybody who might try something with a return of Yanji's litigation desk."""
    accounts: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
        "desk": ("yanji", ("litigation",), {}),
        "desk2": ("yanji", ("litigation",), {}),
        "other side": ("yanji", ("enforcement",), {}),
        "other court": ("tumen", ("litigation",), {}),
        "office": ("yanbian", ("office",), {}),
        "office2": ("yanbian", ("office",), {}),
        "centre": ("yanbian", ("centre",), {}),
        "leader": ("yanbian", ("leader",), {}),
        "party": ("yanbian", ("party",), {}),
        "admin": ("yanbian", ("admin",), {}),
        "admin in an office": ("yanbian", ("admin", "office"), {}),
        "admin at the desk": ("yanji", ("admin", "litigation"), {}),
        "superuser": ("yanbian", (), {"is_superuser": True, "is_staff": True}),
        "superuser in an office": ("yanbian", ("office",), {"is_superuser": True}),
        "superuser at the desk": ("yanji", ("litigation",), {"is_superuser": True}),
        "idle": ("yanji", ("litigation",), {"is_active": False}),
        "nobody": ("yanji", (), {}),
        "far office": ("tonghua", ("office",), {}),
        "far desk": ("meihekou", ("litigation",), {}),
    }
    # In bulk: nearly every test wants them, and nobody logs in.
    courts = {court.code: court for court in Court.objects.select_related("parent")}
    groups = {group.name: group for group in Group.objects.all()}
    made = {
        name: User(username=name, name=name, court=courts[court], **fields)
        for name, (court, _roles, fields) in accounts.items()
    }
    User.objects.bulk_create(made.values())
    User.groups.through.objects.bulk_create(
        User.groups.through(user=made[name], group=groups[role])
        for name, (_court, roles, _fields) in accounts.items()
        for role in roles
    )
    return made
