"""Owns the package of the year-end acceptance (正文四·3), and its two signatures.

Equal contents give equal packages, byte for byte: nothing in one tells when it was made. A person
signs the digest they were shown, and only while the year still tells what the package tells.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from courts import database_clock
from courts.acceptances.selectors.acceptance import YearAcceptance, year_acceptance
from courts.acceptances.selectors.papers import court_paper, table_paper
from courts.closings.services.closing import held_year
from courts.files.lists import Cell, csv_of, number
from courts.frame import events
from courts.frame.refusals import ReturnError, StaleError, StateError
from courts.models import Acceptance, QualityYear, Snapshot, User
from courts.papers.pdf import pdf_of
from courts.papers.word import word_of
from courts.permissions import is_another, may_make_acceptance, may_sign_acceptance
from courts.years.closings import forget_closings

# The papers are the court's own: in Chinese whoever makes them.
LANGUAGE = "zh-hans"
HASHES = "SHA256SUMS"
# The earliest moment that a zip can tell; nothing of a package says when it was made.
EARLIEST = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3


@dataclass(frozen=True, slots=True)
class Package:
    """An archive, and the digest of the list of hashes in it."""

    archive: bytes
    digest: str
    content_sha256: str


@dataclass(frozen=True, slots=True)
class PackageProgress:
    """How far a package is: the file that is done, and how many of how many."""

    name: str
    done: int
    of: int


def make_package(
    year: QualityYear, told: Callable[[PackageProgress], None] = lambda progress: None
) -> Package:
    """The package of a year as it stands; `told` hears of each file. Seconds for nine courts."""
    steps = package_steps(year)
    while True:
        try:
            told(next(steps))
        except StopIteration as end:
            package: Package = end.value
            return package


def package_steps(year: QualityYear) -> Generator[PackageProgress, None, Package]:
    """Make the package step by step; the generator returns it."""
    page = current_content(year)
    files: dict[str, bytes] = {}
    makers = list(_files(year, page))
    for place, (name, make) in enumerate(makers, 1):
        with override(LANGUAGE):
            files[name] = make()
        yield PackageProgress(name, place, len(makers))
    listed = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files[HASHES] = listed.encode()
    return Package(_archive(files), sha256(files[HASHES]).hexdigest(), page.sha256)


def current_content(year: QualityYear) -> YearAcceptance:
    """What the papers would tell now, in their own language."""
    forget_closings(year)
    with override(LANGUAGE):
        return year_acceptance(year)


@transaction.atomic
def keep_package(*, user: User, year: QualityYear, package: Package) -> Acceptance:
    """Put a package up for signing, in place of one that waits for signatures.

    `ReturnError` while December is not published, or when the accepted package already tells
    all this; `StaleError` if the year tells something else by now. Raises `PermissionDenied`.
    """
    if not may_make_acceptance(user, year):
        raise PermissionDenied(_("只有管理部门和领导小组可以生成验收材料。"))
    year = held_year(year)
    page = current_content(year)
    for reason in page.missing:
        raise ReturnError(reason)
    if page.sha256 != package.content_sha256:
        raise StaleError(_("生成期间数据有变动，请重新生成。"))
    rows = Acceptance.objects.filter(quality_year=year)
    if rows.filter(second_by__isnull=False, content_sha256=page.sha256).exists():
        raise StateError(_("本年度已经验收，材料没有变化。"))
    for old in rows.filter(second_by__isnull=True, withdrawn_at__isnull=True).defer("archive"):
        old.withdrawn_at = database_clock.now()
        old.save(update_fields=["withdrawn_at"])
        _record("withdraw_acceptance", old, user)
    acceptance = Acceptance(
        quality_year=year,
        number=rows.count() + 1,
        content_sha256=package.content_sha256,
        digest=package.digest,
        archive=package.archive,
        made_by=user,
        made_at=database_clock.now(),
        is_demo=page.is_demo,
    )
    acceptance.full_clean()
    acceptance.save()
    _record("make_acceptance", acceptance, user)
    return acceptance


@transaction.atomic
def sign(*, user: User, year: QualityYear, digest: str) -> Acceptance:
    """Sign the package of that digest, as the first or the second of the leading group.

    `StateError` for one's own second signature or a package that waits no longer; `StaleError` if
    the year tells something else by now. Raises `PermissionDenied`.
    """
    if not may_sign_acceptance(user, year):
        raise PermissionDenied(_("只有领导小组成员可以签署年终验收。"))
    year = held_year(year)
    rows = Acceptance.objects.filter(quality_year=year, second_by__isnull=True)
    held = rows.filter(withdrawn_at__isnull=True).defer("archive").first()
    if held is None or held.digest != digest:
        raise StateError(_("这份验收材料已经签署完毕或被新的取代，请查看最新材料。"))
    if held.first_by_id is not None and not is_another(held.first_by_id, user):
        raise StateError(_("您已经签署，须由领导小组另一人签署。"))
    if current_content(year).sha256 != held.content_sha256:
        raise StaleError(_("材料生成以后数据有变动，不能签署；请重新生成验收材料。"))
    now = database_clock.now()
    if held.first_by_id is None:
        held.first_by, held.first_at = user, now
        held.save(update_fields=["first_by", "first_at"])
    else:
        held.second_by, held.second_at = user, now
        held.save(update_fields=["second_by", "second_at"])
    _record("sign_acceptance", held, user)
    return held


def archive_of(year: QualityYear, number: int) -> bytes | None:
    """The bytes of one package as they were signed. One query."""
    row = Acceptance.objects.filter(quality_year=year, number=number).only("archive").first()
    return None if row is None else bytes(row.archive)


def latest_accepted(year: QualityYear) -> Acceptance | None:
    """The last package with both signatures. One query."""
    rows = Acceptance.objects.filter(quality_year=year, second_by__isnull=False)
    return rows.order_by("-number").first()


def _files(year: QualityYear, page: YearAcceptance) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The files of a package: name, and how each is made."""
    fonts = str(getattr(settings, "DOCUMENT_FONTS", "") or "")
    for place, court in enumerate(page.courts, 1):
        name = f"courts/{place:02d}-{court.code}"
        yield f"{name}.pdf", lambda court=court: pdf_of(court_paper(page, court), fonts)  # type: ignore[misc]
        yield f"{name}.docx", lambda court=court: word_of(court_paper(page, court))  # type: ignore[misc]
        yield f"{name}.json", lambda court=court: _json(asdict(court))  # type: ignore[misc]
    yield "table.pdf", lambda: pdf_of(table_paper(page), fonts)
    yield "table.docx", lambda: word_of(table_paper(page))
    yield "table.csv", lambda: _table(page)
    texts = Snapshot.objects.filter(quality_year=year, sha256__in=page.snapshots)
    for row in texts.order_by("month", "number"):
        yield f"snapshots/{row.month:02d}-{row.number}.json", lambda row=row: row.text.encode()  # type: ignore[misc]


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _table(page: YearAcceptance) -> bytes:
    """The table as CSV."""
    heads = [*([_("总分")] if page.has_total else []), *([_("名次")] if page.has_ranks else [])]
    lines: list[Sequence[Cell]] = [("court", _("法院"), *page.side_labels, *heads, _("暂定"))]
    for court in page.courts:
        points = list(map(number, court.halves))
        if page.has_total:
            points.append(number(court.total))
        if page.has_ranks:
            points.append(court.rank if court.is_ranked else None)
        lines.append((court.code, court.name, *points, int(court.is_provisional)))
    return csv_of(lines, "\n")


def _archive(files: dict[str, bytes]) -> bytes:
    """A zip that depends on names and contents alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr, entry.create_system = READABLE, UNIX
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _record(action: str, acceptance: Acceptance, user: User) -> None:
    events.record(
        action=action,
        year=acceptance.quality_year,
        actor=user,
        data={"number": acceptance.number, "digest": acceptance.digest},
    )
