"""Owns writing lines of registers: opening, filling, moving on, and that somebody looked.

Every act is one version of its line, with who, when, from which state to which and what changed.
What is personal stands in the line and in the payload of its changes, nowhere else: no event, no
log. Whoever's turn it is in a state fills his or her fields and moves the line on.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.attachments import GivenFile, kind_of
from courts.frame import events
from courts.frame.listing import enumerated
from courts.frame.refusals import ReturnError, StaleError
from courts.models import (
    Court,
    QualityYear,
    RegisterChangePayload,
    RegisterDraw,
    RegisterFile,
    RegisterLine,
    RegisterLineChange,
    RegisterLineView,
    RegisterTally,
    User,
)
from courts.registers.selectors.described import Described
from courts.registers.selectors.lines import EMPTY, keepers_of, values_of
from scoring.registers import Register, month_of

ACTION = "register_line"
IMPORTED = "register_import"
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody filled in: values by field (None empties one), and files."""

    values: Values
    files: Mapping[str, GivenFile]
    note: str = ""


def digest_of(salt: str, personal: Values) -> str:
    """The salted digest of what is personal: it proves what stood there and tells nothing of it."""
    text = json.dumps(personal, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(bytes.fromhex(salt), text.encode(), sha256).hexdigest()


def identity_of(register: Register, values: Values) -> str:
    """A digest of the fields by which no line stands there twice; empty while one is missing."""
    parts = [str(values.get(code) or "").strip() for code in register.identity]
    return sha256("\n".join(parts).encode()).hexdigest() if all(parts) else ""


def missing_of(register: Register, values: Values, state: str) -> list[str]:
    """The labels of the fields that a line in this state lacks."""
    language = get_language() or ""
    return [
        one.label.get(language) for one in register.needed(state) if values.get(one.code) in EMPTY
    ]


@transaction.atomic
def open_line(
    *, user: User, year: QualityYear, described: Described, court: Court, given: Given
) -> RegisterLine:
    """Write a new line; `ReturnError` where something is missing or it stands there already.

    Raises `PermissionDenied`.
    """
    keepers = keepers_of(user, year, described, court)
    if not keepers & {str(one) for one in described.register.opened_by}:
        raise PermissionDenied(
            _("您的账号不能在这本台账里登记这家法院的记录。如果您的工作需要，请联系系统管理员。")
        )
    rows = write_lines(
        year=year,
        described=described,
        lines=[(court, {**given.values, **_digests(given.files)})],
        user=user,
        at=database_clock.now(),
    )
    _store_files(rows[0], given.files, user)
    events.record(
        action=ACTION,
        year=year,
        actor=user,
        data={
            "register": described.code,
            "court": court.code,
            "line": rows[0].number,
            "version": 1,
            "from": "",
            "to": rows[0].state,
            "fields": sorted(code for code, value in given.values.items() if value is not None),
        },
    )
    return rows[0]


@transaction.atomic
def write_lines(
    *,
    year: QualityYear,
    described: Described,
    lines: Iterable[tuple[Court, Values]],
    user: User | None,
    at: datetime,
    draw: RegisterDraw | None = None,
    is_made: bool = False,
    states: Iterable[str] = (),
) -> list[RegisterLine]:
    """Write new lines with their first version, in a handful of queries, however many.

    `states` are those that made-up lines are in, one each; all others begin in the first. Who
    writes new lines of a year at the same time waits, so that no number is taken twice.

    Raises `ReturnError`.
    """
    QualityYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    register, given = described.register, list(lines)
    in_states = list(states) or [register.first.code] * len(given)
    last = dict(
        RegisterLine.objects.filter(quality_year=year, register=described.code)
        .order_by()
        .values_list("court")
        .annotate(last=Max("number"))
    )
    rows = []
    for (court, values), state in zip(given, in_states, strict=True):
        last[court.pk] = last.get(court.pk, 0) + 1
        kept = {code: value for code, value in values.items() if value not in EMPTY}
        lacking = missing_of(register, kept, state) if draw is None and not is_made else []
        if lacking:
            raise ReturnError(
                _("还没有填：%(fields)s。请填好后再提交。") % {"fields": enumerated(lacking)}
            )
        row = RegisterLine(
            quality_year=year,
            register=described.code,
            court=court,
            number=last[court.pk],
            salt=secrets.token_hex(32),
            draw=draw,
            is_made=is_made,
            opened_by=user,
            opened_at=at,
        )
        _fill(row, register, kept, state, at, year)
        rows.append(row)
    try:
        with transaction.atomic():
            RegisterLine.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ReturnError(
            _("台账里已有同样的记录，没有写入。请在台账里查找，核对是否重复登记。")
        ) from error
    _tally(rows, register, year)
    changes = [
        RegisterLineChange(
            line=row,
            version=1,
            by=user,
            at=at,
            to_state=row.state,
            fields=sorted(values_of(row)),
            digest=row.digest,
        )
        for row in rows
    ]
    RegisterLineChange.objects.bulk_create(changes)
    if not is_made:
        RegisterChangePayload.objects.bulk_create(
            [
                RegisterChangePayload(change=change, after=values_of(row))
                for change, row in zip(changes, rows, strict=True)
            ]
        )
    return rows


@transaction.atomic
def change_line(
    *,
    user: User,
    described: Described,
    line: RegisterLine,
    seen: int,
    given: Given,
    to_state: str = "",
) -> RegisterLine:
    """Fill fields of a line and, if a state is named, move it on; one version.

    `StaleError` when somebody changed it since; `ReturnError` where something is missing, where
    the state does not follow, or where nothing was changed.

    Raises `PermissionDenied`.
    """
    register, year = described.register, line.quality_year
    row = RegisterLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    row.court, row.quality_year = line.court, year
    keepers = keepers_of(user, year, described, line.court)
    state = register.state.get(row.state)
    # Whoever had the turn when the page was opened hears what happened, not that it is another's.
    if keepers and row.version != seen:
        raise StaleError(_("这一条刚被别人改过，请看过新内容再办。"))
    if state is None or not keepers & {str(one) for one in state.by}:
        raise PermissionDenied(_("这一环节不由您办理。请刷新页面后再试。"))
    if row.erased_at is not None:
        raise ReturnError(_("这一条已按规定清除，不能再改。"))
    if to_state and to_state not in state.following:
        raise ReturnError(_("不能从这个环节转到那里。请刷新页面后再试。"))
    own = {one.code for one in register.fields if keepers & {str(keeper) for keeper in one.by}}
    asked = {**given.values, **_digests(given.files)}
    if asked.keys() - own:
        raise PermissionDenied(_("有的栏目不由您填写。请刷新页面，只填能填的栏目。"))
    before = values_of(row)
    after = {code: value for code, value in {**before, **asked}.items() if value not in EMPTY}
    changed = sorted(
        code for code in before.keys() | after.keys() if before.get(code) != after.get(code)
    )
    if not changed and not to_state:
        raise ReturnError(_("没有改动。请先改动再保存。"))
    order = list(register.state)
    if to_state and order.index(to_state) < order.index(row.state) and not given.note.strip():
        raise ReturnError(_("退回须写明原因。"))
    target = to_state or row.state
    lacking = missing_of(register, after, target)
    if lacking:
        raise ReturnError(
            _("还没有填：%(fields)s。请填好后再提交。") % {"fields": enumerated(lacking)}
        )
    now, from_state = database_clock.now(), row.state
    _fill(row, register, after, target, now, year, is_new=bool(to_state))
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ReturnError(
            _("台账里已有同样的记录，没有写入。请在台账里查找，核对是否重复登记。")
        ) from error
    _store_files(row, given.files, user)
    _tally([row], register, year)
    change = RegisterLineChange.objects.create(
        line=row,
        version=row.version,
        by=user,
        at=now,
        from_state=from_state,
        to_state=row.state,
        fields=changed,
        digest=row.digest,
    )
    RegisterChangePayload.objects.create(
        change=change,
        before={code: before.get(code) for code in changed},
        after={code: after.get(code) for code in changed},
        note=given.note.strip(),
    )
    events.record(
        action=ACTION,
        year=year,
        actor=user,
        data={
            "register": described.code,
            "court": line.court.code,
            "line": row.number,
            "version": row.version,
            "from": from_state,
            "to": row.state,
            "fields": changed,
        },
    )
    return row


def _fill(
    row: RegisterLine,
    register: Register,
    values: Values,
    state: str,
    at: datetime,
    year: QualityYear,
    *,
    is_new: bool = True,
) -> None:
    """Set a row from its values and state; the deadline runs from when it came into the state."""
    fields = register.field
    row.personal = {
        code: v for code, v in values.items() if code in fields and fields[code].personal
    }
    row.values = {code: v for code, v in values.items() if code not in row.personal}
    row.state = state
    row.month = month_of(values.get(register.month_from), year.year) or None
    row.identity = identity_of(register, values)
    row.digest = digest_of(row.salt, row.personal)
    if is_new:
        days = register.state[state].days
        row.due_on = timezone.localdate(at) + timedelta(days=days) if days else None


def _tally(rows: Iterable[RegisterLine], register: Register, year: QualityYear) -> None:
    """Write anew what lines count towards."""
    listed = list(rows)
    if any(row.version > 1 for row in listed):
        RegisterTally.objects.filter(line__in=listed).delete()
    seconds = {one.metric for one in register.counts if one.second}
    RegisterTally.objects.bulk_create(
        [
            RegisterTally(
                line=row,
                quality_year=year,
                register=row.register,
                court_id=row.court_id,
                metric=metric,
                month=month,
                is_second=metric in seconds,
            )
            for row in listed
            for metric, month in register.counted(values_of(row), row.state, year.year).items()
        ]
    )


def _digests(files: Mapping[str, GivenFile]) -> dict[str, object]:
    return {code: sha256(one.content).hexdigest() for code, one in files.items()}


def _store_files(row: RegisterLine, files: Mapping[str, GivenFile], user: User) -> None:
    for code, file in files.items():
        kind = kind_of(file.content)
        RegisterFile.objects.update_or_create(
            line=row,
            field=code,
            defaults={
                "name": file.name[-200:],
                "kind": kind,
                "content": file.content,
                "size": len(file.content),
                "sha256": sha256(file.content).hexdigest(),
                "by": user,
                "at": database_clock.now(),
            },
        )


def looked(
    *,
    user: User,
    year: QualityYear,
    register: str,
    way: str,
    line: RegisterLine | None = None,
    lines: int = 1,
) -> None:
    """Write down that somebody saw what is personal."""
    RegisterLineView.objects.create(
        quality_year=year,
        register=register,
        line=line,
        way=way,
        lines=lines,
        by=user,
        at=database_clock.now(),
    )
