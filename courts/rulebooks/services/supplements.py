"""Owns taking up a supplement of a year's rules, which changes neither edition nor points."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from courts import database_clock
from courts.files.sheets import SourceFile
from courts.frame import events
from courts.frame.listing import fault_text
from courts.frame.refusals import RuleError
from courts.models import QualityYear, TakenSupplement, User
from courts.permissions import may_take_up_supplements
from courts.rulebooks.selectors.supplements import bundled, newer
from courts.years.selectors.supplements import in_force
from courts.years.selectors.years import rulebook_of
from scoring import faults
from scoring.faults import Fault, RulebookError
from scoring.supplements import Supplement, load_supplement

ACTION = "take_up_supplement"
MOST_BYTES = 512 * 1024


class SupplementError(Exception):
    """A file that the strict loader does not take: `faults` are places and what is wrong there."""

    def __init__(self, error: RulebookError) -> None:
        super().__init__(str(error))
        self.faults = tuple((one.place, fault_text(one)) for one in error.faults)


def checked(*, year: QualityYear, file: SourceFile) -> Supplement:
    """What a file says, held against the year's rules; `RulebookError` with every fault."""
    try:
        text = file.content.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = Fault(file.name, "", faults.UNREADABLE, {"detail": str(error)})
        raise RulebookError((fault,)) from error
    return load_supplement(file.name, text, rulebook_of(year))


def readable(*, year: QualityYear, file: SourceFile) -> Supplement:
    """The same; `SupplementError` says every fault in words."""
    try:
        return checked(year=year, file=file)
    except RulebookError as error:
        raise SupplementError(error) from error


def offered(year: QualityYear, code: str) -> SourceFile:
    """The file of a supplement that comes with the year's rules and is newer than its own.

    `RuleError` when there is none such.
    """
    rulebook = rulebook_of(year)
    if code not in {one.code for one in newer(bundled(rulebook), in_force([year])[year.pk])}:
        raise RuleError(_("附则“%(code)s”没有新版本。") % {"code": code})
    said = next(one for one in bundled(rulebook) if one.code == code)
    return SourceFile(f"{code}.toml", said.text.encode())


@transaction.atomic
def take_up(
    *,
    user: User,
    year: QualityYear,
    file: SourceFile,
    reason: str,
    confirmed_by: User | None,
) -> TakenSupplement:
    """Let a supplement be in force from now on; carries out what `user` moved.

    `confirmed_by` is the second person, None only to try it out. `RuleError` for a file with
    faults, or for a version that is not higher than the one in force. Raises `PermissionDenied`.
    """
    if not may_take_up_supplements(user, year):
        raise PermissionDenied(_("只有负责解释规则的审判管理办公室可以提出采用附则。"))
    held = QualityYear.objects.select_for_update(of=("self",)).select_related("edition")
    year = held.order_by().get(pk=year.pk)
    try:
        said = checked(year=year, file=file)
    except RulebookError as error:
        text = _("附则有%(count)s处错误，不能采用。")
        raise RuleError(text % {"count": len(error.faults)}) from error
    before = in_force([year])[year.pk].get(said.code)
    if before is not None and said.version <= before.version:
        text = _("“%(code)s”第%(held)s版已经采用，新的一版版次须更高。")
        raise RuleError(text % {"code": said.code, "held": before.version})
    row = store(year=year, said=said, reason=reason, by=user, confirmed_by=confirmed_by)
    events.record(
        action=ACTION,
        year=year,
        actor=user,
        reason=reason,
        data={
            "supplement": row.code,
            "version": row.version,
            "sha256": row.sha256,
            "before": before.version if before else None,
            "before_sha256": before.sha256 if before else None,
        },
    )
    return row


def store(
    *,
    year: QualityYear,
    said: Supplement,
    reason: str = "",
    by: User | None = None,
    confirmed_by: User | None = None,
) -> TakenSupplement:
    """Store one version; `by` is None where the command sets a year up.

    Raises `RuleError`.
    """
    row = TakenSupplement(
        quality_year=year,
        code=said.code,
        kind=said.kind.value,
        version=said.version,
        title=str(said.title)[:200],
        sha256=said.sha256,
        text=said.text,
        reason=reason.strip(),
        by=by,
        at=database_clock.now(),
        confirmed_by=confirmed_by,
    )
    try:
        row.full_clean()
    except ValidationError as error:
        raise RuleError(" ".join(error.messages)) from error
    row.save()
    return row
