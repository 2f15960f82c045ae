"""Owns what the pages of editions show: the list, one edition, its differences; never writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import scoring
from courts.frame.listing import fault_text
from courts.frame.remembered import remembered_rows
from courts.models import Court, Event, QualityYear, RulebookEdition, User
from courts.permissions import (
    Account,
    in_office,
    may_enact,
    may_view_edition,
    may_view_editions,
    may_write_edition,
    may_write_editions,
)
from courts.rulebooks.selectors.edition_words import ChangedLine, changed_lines, told
from courts.years.selectors.years import edition_title, rulebook_in
from scoring import texts
from scoring.loader import files_of

State = RulebookEdition.State


class NoEditionError(LookupError):
    """The address names no edition that the account may read."""


@dataclass(frozen=True, slots=True)
class FaultLine:
    """One thing the loader has against a draft, in the active language."""

    file: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act on an edition; `changes` are the values that it changed, in words."""

    at: datetime
    by: str
    what: str
    reason: str
    changes: tuple[ChangedLine, ...]


@dataclass(frozen=True, slots=True)
class EditionPage:
    """One edition: what is wrong with it, what can be done with it, what happened to it."""

    edition: RulebookEdition
    faults: tuple[FaultLine, ...]
    year: QualityYear | None
    earlier: RulebookEdition | None
    acts: tuple[ActLine, ...]
    may_write: bool
    may_copy: bool
    may_enact: bool

    @property
    def is_draft(self) -> bool:
        return self.edition.state == State.DRAFT

    @property
    def is_proposed(self) -> bool:
        return self.edition.state == State.PROPOSED

    @property
    def files(self) -> tuple[str, ...]:
        return files_of(self.edition.sources)


@dataclass(frozen=True, slots=True)
class EditionDifferencesPage:
    """Two editions side by side: by key, and line by line."""

    edition: RulebookEdition
    against: RulebookEdition | None
    others: tuple[RulebookEdition, ...]
    lines: tuple[ChangedLine, ...]
    unified: str


def editions_of(user: Account) -> QuerySet[RulebookEdition]:
    """The editions of the account's prefecture that it may read, the newest first."""
    if not isinstance(user, User) or not may_view_editions(user) or user.court is None:
        return RulebookEdition.objects.none()
    found = RulebookEdition.objects.filter(court=user.court.root.pk).select_related(
        "court", "quality_year", "author", "enacted_by", "proposed_by"
    )
    probe = RulebookEdition(court=user.court.root, state=State.DRAFT)
    if not may_view_edition(user, probe):
        found = found.filter(state__in=RulebookEdition.ENACTED)
    return found.order_by("-created_at", "-pk")


def find_edition(user: Account, pk: int) -> RulebookEdition:
    """The edition of an address; `NoEditionError` when the account may not read it."""
    found = editions_of(user).filter(pk=pk).first()
    if found is None:
        raise NoEditionError(_("没有这个规则版本，或者它不属于您所在的地区。请从列表里重新打开。"))
    return found


def faults_of(edition: RulebookEdition) -> tuple[FaultLine, ...]:
    """What the strict loader has against the text, in the active language."""
    try:
        rulebook_in(edition)
    except scoring.RulebookError as error:
        return tuple(FaultLine(fault.file, fault.key, fault_text(fault)) for fault in error.faults)
    return ()


def edition_page(user: Account, edition: RulebookEdition) -> EditionPage:
    """One edition. Five queries at most."""
    year = year_of_edition(edition)
    writers = frozenset(edition.writers.values_list("pk", flat=True))
    return EditionPage(
        edition=edition,
        faults=faults_of(edition) if edition.state == State.DRAFT else (),
        year=year,
        earlier=earlier_than(edition, year),
        acts=_acts(edition),
        may_write=may_write_edition(user, edition),
        may_copy=may_write_editions(user),
        may_enact=may_enact(user, edition, writers),
    )


def year_of_edition(edition: RulebookEdition) -> QualityYear | None:
    """The year an edition governs or, as a draft, would govern; None when it is not set up."""
    years = QualityYear.objects.select_related("edition", "court")
    if edition.quality_year_id is not None:
        return years.get(pk=edition.quality_year_id)
    return years.filter(code=edition.code, court=edition.court_id).first()


def earlier_than(edition: RulebookEdition, year: QualityYear | None) -> RulebookEdition | None:
    """What an edition is compared with: the one it would replace, or the one it was copied from."""
    if edition.state not in RulebookEdition.ENACTED and year is not None:
        return year.edition
    return edition.based_on


def differences_page(
    user: Account, edition: RulebookEdition, against: int | None
) -> EditionDifferencesPage:
    """The edition against another that the account may read, or against the one before it."""
    others = tuple(editions_of(user).exclude(pk=edition.pk))
    if against is None:
        before = earlier_than(edition, year_of_edition(edition))
    else:
        before = next((one for one in others if one.pk == against), None)
        if before is None:
            raise NoEditionError(
                _("没有这个规则版本，或者它不属于您所在的地区。请从列表里重新打开。")
            )
    sources = before.sources if before else {}
    return EditionDifferencesPage(
        edition=edition,
        against=before,
        others=others,
        lines=changed_lines(sources, edition.sources) if before else (),
        unified=texts.unified(sources, edition.sources) if before else "",
    )


@dataclass(frozen=True, slots=True)
class CourtChoice:
    """A court that may take part in a year."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NewYear:
    """What setting up a year begins with: its edition, and the courts of the prefecture."""

    edition: RulebookEdition
    year: int
    baseline_year: int
    title: str
    prefecture: str
    courts: tuple[CourtChoice, ...]
    may_set_up: bool


def new_year(user: Account, edition: RulebookEdition) -> NewYear:
    """The year that a proposal would begin. Three queries."""
    rulebook = rulebook_in(edition)
    root = edition.court
    if root is None:
        raise NoEditionError(_("这个版本不属于任何地区。"))
    language = get_language() or ""
    writers = frozenset(edition.writers.values_list("pk", flat=True))
    return NewYear(
        edition=edition,
        year=rulebook.year,
        baseline_year=rulebook.baseline_year,
        title=rulebook.title.get(language),
        prefecture=_named(root, language),
        courts=tuple(
            CourtChoice(court.code, _named(court, language)) for court in Court.objects.under(root)
        ),
        may_set_up=may_enact(user, edition, writers),
    )


def _named(court: Court, language: str) -> str:
    return court.full_name(language)


def _acts(edition: RulebookEdition) -> tuple[ActLine, ...]:
    """What happened to the edition, the last first. One query."""
    names = {
        "copy_edition": _("复制为草案"),
        "import_edition": _("由文件导入为草案"),
        "edit_edition": _("修改"),
        "propose_edition": _("提交，待他人生效"),
        "send_back_edition": _("退回"),
        "enact_edition": _("确认生效"),
        "set_up_year": _("据此设立质量年"),
    }
    found: Iterable[Event] = (
        Event.objects.filter(data__edition=edition.pk, action__in=names)
        .select_related("actor")
        .order_by("-at", "-pk")
    )
    return tuple(
        ActLine(
            at=event.at,
            by=str(event.actor or ""),
            what=names[event.action],
            reason=event.reason,
            changes=told(
                (texts.Difference(*change) for change in event.data.get("changes", ())),
                edition.sources,
            ),
        )
        for event in found
    )


def proposals_for(user: Account) -> tuple[RulebookEdition, ...]:
    """The proposals that wait for this account, to put them in force. Two queries."""
    if not isinstance(user, User) or user.court is None or not in_office(user):
        return ()
    root = user.court.root.pk

    def write() -> QuerySet[RulebookEdition]:
        found = editions_of(user).filter(state=State.PROPOSED)
        return found.prefetch_related("writers")

    return tuple(
        one
        for one in remembered_rows(("proposed editions", root), write)
        if may_enact(user, one, frozenset(writer.pk for writer in one.writers.all()))
    )


def search_editions(user: Account, words: str, state: str) -> QuerySet[RulebookEdition]:
    """The editions the account may read, narrowed by words of code or title and by state."""
    found = editions_of(user)
    if words:
        found = found.filter(Q(code__icontains=words) | Q(title__icontains=words))
    if state in State.values:
        found = found.filter(state=state)
    return found


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A state by which the list of editions can be narrowed."""

    value: str
    label: str
    is_current: bool


def state_choices(current: str) -> tuple[StateChoice, ...]:
    """The states to narrow a list by."""
    return tuple(
        StateChoice(state.value, str(state.label), state.value == current) for state in State
    )


def copy_choices(user: Account) -> list[tuple[str, str]]:
    """What a draft may begin with: the prefecture's own editions, then what comes along."""
    own = [
        (str(one.pk), f"{edition_title(one)} · {one} · {one.get_state_display()}")
        for one in editions_of(user)
    ]
    found = [
        (f"bundled:{path.name}", _("随系统提供：%(code)s") % {"code": path.name})
        for path in sorted(scoring.BUNDLED.iterdir())
        if path.is_dir()
    ]
    return own + found
