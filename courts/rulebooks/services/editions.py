"""Owns drafting editions of a rulebook, and putting them in force by a second person.

A draft may hold any text; only what the strict loader takes can be proposed. A proposal is put in
force, from a month on, by somebody who wrote none of it. What is in force is never written again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

import scoring
from courts import database_clock
from courts.files.sheets import SourceFile
from courts.frame import events
from courts.frame.refusals import RuleError
from courts.models import QualityYear, RulebookEdition, User
from courts.permissions import may_enact, may_write_edition, may_write_editions
from courts.rulebooks.services.edition_archives import files_of, storable
from courts.years.late_acts import propose_instead
from courts.years.late_inputs import LateKind
from courts.years.month_locks import MonthClosedError, check_open_from
from courts.years.selectors.years import rulebook_in
from courts.years.services.sides import keep_sides
from courts.years.voiding import real_input
from scoring import texts
from scoring.loader import digest
from scoring.loader import files_of as rulebook_files
from scoring.schema import Rulebook
from scoring.texts import Path as ValuePath
from scoring.texts import Value

State = RulebookEdition.State

LONGEST_SUMMARY = 500
LONGEST_TITLE = 200
LONGEST_CODE = 64
FIRST_MONTH, LAST_MONTH = 1, 12


# --- Drafting --------------------------------------------------------------------------------


@transaction.atomic
def copy_edition(*, user: User, edition: RulebookEdition, summary: str) -> RulebookEdition:
    """A draft with the text of an edition of the same prefecture.

    Raises `PermissionDenied`.
    """
    if not may_write_edition(user, edition):
        raise PermissionDenied(_("只有审判管理办公室可以起草规则。"))
    return _drafted(user, edition.sources, summary, "copy_edition", based_on=edition)


@transaction.atomic
def copy_bundled(*, user: User, code: str, summary: str) -> RulebookEdition:
    """A draft with the text of a rulebook that comes with the project.

    Raises `RuleError`.
    """
    known = {path.name: path for path in bundled()}
    if code not in known:
        raise RuleError(_("没有这套随系统提供的规则。"))
    sources = {file.name: file.read_bytes().decode() for file in sorted(known[code].glob("*.toml"))}
    return _drafted(user, sources, summary, "copy_edition")


@transaction.atomic
def import_edition(*, user: User, file: SourceFile, summary: str) -> RulebookEdition:
    """A draft with the files of an archive, byte for byte."""
    return _drafted(user, files_of(file), summary, "import_edition")


def bundled() -> list[Path]:
    """The folders of the rulebooks that come with the project."""
    return sorted(path for path in scoring.BUNDLED.iterdir() if path.is_dir())


def _drafted(
    user: User,
    sources: Mapping[str, str],
    summary: str,
    action: str,
    based_on: RulebookEdition | None = None,
) -> RulebookEdition:
    if not may_write_editions(user) or user.court is None:
        raise PermissionDenied(_("只有审判管理办公室可以起草规则。"))
    edition = RulebookEdition(
        court=user.court.root, author=user, summary=_stated(summary), based_on=based_on
    )
    _put(edition, sources)
    edition.full_clean()
    edition.save()
    edition.writers.add(user)
    _record(action, user, edition, edition.summary)
    return edition


@transaction.atomic
def edit_values(
    *,
    user: User,
    edition: RulebookEdition,
    seen_version: int,
    file: str,
    values: Mapping[ValuePath, Value],
) -> int:
    """Put values where others stood; how many differ from what was there.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    text = held.sources.get(file, "")
    there = {place.path: place.value for place in texts.places(text)}
    if not values.keys() <= there.keys():
        raise RuleError(_("文件里已经没有其中的某一项，请重新打开后再改。"))
    changed = {path: value for path, value in values.items() if there[path] != value}
    for path, value in changed.items():
        text = texts.with_value(text, path, value)
    if changed:
        write_sources(user, held, {**held.sources, file: text})
    return len(changed)


@transaction.atomic
def edit_text(
    *, user: User, edition: RulebookEdition, seen_version: int, file: str, text: str
) -> None:
    """Put a whole file in place of the old one. Lines end as they did before.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    if file not in rulebook_files(held.sources):
        raise RuleError(_("规则里没有这个文件。"))
    lines = text.replace("\r\n", "\n")
    if "\r\n" in held.sources.get(file, ""):
        lines = lines.replace("\n", "\r\n")
    if lines != held.sources.get(file):
        write_sources(user, held, {**held.sources, file: storable(lines)})


@transaction.atomic
def replace_files(
    *, user: User, edition: RulebookEdition, seen_version: int, file: SourceFile
) -> None:
    """Put the files of an archive in place of all of the draft's."""
    held = held_draft(user, edition, seen_version)
    sources = files_of(file)
    if sources != held.sources:
        write_sources(user, held, sources)


@transaction.atomic
def discard(*, user: User, edition: RulebookEdition, seen_version: int) -> None:
    """Throw a draft away; the table of acts keeps that there was one.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    if RulebookEdition.objects.filter(based_on=held).exists():
        raise RuleError(_("有别的版本以它为底稿，不能删除。请先删除那些草稿。"))
    _record("discard_edition", user, held)
    held.delete()


# --- From draft to force ---------------------------------------------------------------------


@transaction.atomic
def propose(*, user: User, edition: RulebookEdition, seen_version: int) -> None:
    """Hand a draft without faults to a second person.

    Raises `RuleError`.
    """
    held = held_draft(user, edition, seen_version)
    try:
        rulebook_in(held)
    except scoring.RulebookError as error:
        text = _("规则还有%(count)s处错误，改正之后才能提交。")
        raise RuleError(text % {"count": len(error.faults)}) from error
    enacted = RulebookEdition.objects.filter(state__in=RulebookEdition.ENACTED)
    if enacted.filter(sha256=held.sha256).exists():
        raise RuleError(
            _("与已经生效的一个版本完全相同，没有可以提交的改动。请先改动，或者删除草稿。")
        )
    held.state, held.proposed_by, held.proposed_at = State.PROPOSED, user, database_clock.now()
    held.writers.add(user)
    _saved(held)
    _record("propose_edition", user, held)


@transaction.atomic
def send_back(*, user: User, edition: RulebookEdition, seen_version: int, reason: str) -> None:
    """Give a proposal back to those who draft, with a reason.

    Raises `PermissionDenied`.
    """
    held = _held(edition, seen_version)
    if not (may_write_edition(user, held) or may_enact(user, held, _writers(held))):
        raise PermissionDenied(_("只有负责解释规则的管理部门可以退回。"))
    _in_state(held, State.PROPOSED)
    reason = _stated(reason)
    held.state, held.proposed_by, held.proposed_at = State.DRAFT, None, None
    _saved(held)
    _record("send_back_edition", user, held, reason)


def put_in_force(
    *,
    user: User,
    edition: RulebookEdition,
    seen_version: int,
    seen_in_force: int,
    month: int,
) -> RulebookEdition:
    """Let a proposal govern its year from a month on; the one before keeps earlier months.

    `seen_in_force` is the key of the edition that the person saw in force: two who act at once
    cannot both be right about what they replace. `ProposedInstead` from a closed month on.
    """
    try:
        return _put_in_force(user, edition, seen_version, seen_in_force, month)
    except MonthClosedError as error:
        propose_instead(
            year=error.closed[0].year,
            kind=LateKind.EDITION,
            closed=error.closed,
            source=f"edition/{edition.pk}",
            reason=edition.summary or edition.title,
            by=user,
            data={
                "edition": edition.pk,
                "version": seen_version,
                "in_force": seen_in_force,
                "from_month": month,
            },
        )


@transaction.atomic
def _put_in_force(
    user: User, edition: RulebookEdition, seen_version: int, seen_in_force: int, month: int
) -> RulebookEdition:
    year = (
        QualityYear.objects.select_for_update(of=("self",))
        .select_related("edition")
        .order_by()
        .filter(code=edition.code, court=edition.court)
        .first()
    )
    held = enactable(user=user, edition=edition, seen_version=seen_version)
    if year is None:
        raise RuleError(_("质量年“%(code)s”还没有设立。请先设立。") % {"code": held.code})
    if year.edition_id != seen_in_force:
        raise RuleError(_("您打开之后，另一个版本已经生效；请重新查看差异和影响。"))
    if not FIRST_MONTH <= month <= LAST_MONTH:
        raise RuleError(_("起始月份应在1至12之间。"))
    _check_same_year(rulebook_in(held), rulebook_in(year.edition))
    check_open_from(year, month)
    before = RulebookEdition.objects.select_for_update(of=("self",)).get(pk=year.edition_id)
    before.state, before.quality_year = State.SUPERSEDED, year
    _saved(before)
    enact(held=held, user=user, year=year, month=month)
    if edition.court is not None:
        keep_sides(edition.court, rulebook_in(held))
    year.edition = held
    year._history_user = user  # type: ignore[attr-defined]
    year._change_reason = held.summary[:100]  # type: ignore[attr-defined]
    year.full_clean()
    year.save()
    real_input(year, by=user)
    _record("enact_edition", user, held, held.summary, year, before=before.pk, month=month)
    return held


def enactable(*, user: User, edition: RulebookEdition, seen_version: int) -> RulebookEdition:
    """A proposal, held until the transaction ends, that this person may put in force.

    Raises `PermissionDenied`.
    """
    held = _held(edition, seen_version)
    if not may_enact(user, held, _writers(held)):
        raise PermissionDenied(_("生效须由没有参与起草和提交的另一人确认。"))
    _in_state(held, State.PROPOSED)
    return held


def enact(*, held: RulebookEdition, user: User, year: QualityYear, month: int) -> None:
    """Mark a held proposal as in force; the caller holds the year and says what it replaces."""
    held.state, held.from_month, held.quality_year = State.IN_FORCE, month, year
    held.enacted_by, held.enacted_at = user, database_clock.now()
    _saved(held)


def _check_same_year(new: Rulebook, old: Rulebook) -> None:
    if (new.year, new.baseline_year) != (old.year, old.baseline_year):
        raise RuleError(_("同一质量年的各个版本，年度和基期必须相同。"))


# --- Rows ------------------------------------------------------------------------------------


def _held(edition: RulebookEdition, seen_version: int) -> RulebookEdition:
    """The row, held until the transaction ends, if it is as the person saw it."""
    held = (
        RulebookEdition.objects.select_for_update(of=("self",))
        .order_by()
        .filter(pk=edition.pk)
        .first()
    )
    if held is None:
        raise RuleError(_("这个版本已被删除。请从列表里重新打开。"))
    held.court = edition.court
    if held.version != seen_version:
        raise RuleError(_("您打开之后，这个版本又有改动；请查看最新内容后再操作。"))
    return held


def held_draft(user: User, edition: RulebookEdition, seen_version: int) -> RulebookEdition:
    """The draft, held until the transaction ends. Raises `PermissionDenied`."""
    if not may_write_edition(user, edition):
        raise PermissionDenied(_("只有审判管理办公室可以起草规则。"))
    held = _held(edition, seen_version)
    _in_state(held, State.DRAFT)
    return held


def _in_state(held: RulebookEdition, state: RulebookEdition.State) -> None:
    if held.state != state:
        text = _("这个版本现在是“%(state)s”，不能这样做。")
        raise RuleError(text % {"state": held.get_state_display()})


def write_sources(user: User, held: RulebookEdition, sources: Mapping[str, str]) -> None:
    """Save new sources of a held draft, and record what differs from the old ones."""
    found = texts.differences(held.sources, sources)
    _put(held, sources)
    held.writers.add(user)
    _saved(held)
    changes = [[one.file, one.key, one.before, one.after] for one in found]
    _record("edit_edition", user, held, changes=changes)


def _put(edition: RulebookEdition, sources: Mapping[str, str]) -> None:
    """Take over a text, with what stands of it in columns of its own."""
    edition.sources, edition.sha256 = dict(sources), digest(sources)
    head = sources.get("rulebook.toml", "")
    code, title = texts.top_value(head, "code"), texts.top_value(head, "title")
    chinese = title.get("zh") if isinstance(title, dict) else None
    edition.code = code[:LONGEST_CODE] if isinstance(code, str) and code else "?"
    is_text = isinstance(chinese, str) and chinese
    edition.title = str(chinese)[:LONGEST_TITLE] if is_text else edition.code


def _saved(held: RulebookEdition) -> None:
    held.version += 1
    try:
        held.full_clean()
    except ValidationError as error:
        raise RuleError(" ".join(error.messages)) from error
    held.save()


def _writers(held: RulebookEdition) -> frozenset[int]:
    return frozenset(held.writers.values_list("pk", flat=True))


def _stated(text: str) -> str:
    text = text.strip()
    if not text:
        raise RuleError(_("请说明原因。"))
    if len(text) > LONGEST_SUMMARY:
        raise RuleError(_("最多%(most)s字。请删减。") % {"most": LONGEST_SUMMARY})
    return text


def _record(
    action: str,
    user: User,
    edition: RulebookEdition,
    reason: str = "",
    year: QualityYear | None = None,
    **data: Any,
) -> None:
    events.record(
        action=action,
        year=year,
        actor=user,
        reason=reason,
        data={"edition": edition.pk, "code": edition.code, "sha256": edition.sha256, **data},
    )
