"""Owns the answers of the API as plain data, in the shapes that its description names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from courts.closings.selectors.readable import (
    Group,
    MonthContent,
    NotReadableError,
    ReadableMonth,
    means,
    month_content,
    readable_months,
)
from courts.models import ApiToken, Bulletin, BulletinFile, QualityYear, SentExtract
from courts.permissions import Extent, extent_of, own_code
from courts.years.acceptances import accepted_years
from courts.years.court_changes import changes_among
from courts.years.selectors.slots import NoSlotError
from courts.years.selectors.slots import find_month as month_of_text
from courts.years.selectors.years import courts_of, with_changes

__all__ = [
    "NotReadableError",
    "bulletins",
    "courts",
    "figures",
    "find_month",
    "find_year",
    "months",
    "scorecards",
    "sent",
    "years",
]

LONGEST_CODE = 64
PERIODS = ("current", "baseline_month", "baseline_annual")
ITEM_KEYS = ("item", "status", "points", "max_points", "value", "exact", "unit", "target", "steps")


def years(token: ApiToken) -> list[dict[str, Any]]:
    """The quality years of the token's prefecture. Two queries."""
    rows = list(
        QualityYear.objects.filter(court=token.court.root)
        .select_related("court", "edition")
        .order_by("-year")
    )
    accepted = accepted_years(rows)
    return [
        {
            "code": row.code,
            "year": row.year,
            "court": row.court.code,
            "edition": row.edition.code,
            "edition_sha256": row.edition.sha256,
            "accepted": row.pk in accepted,
        }
        for row in rows
    ]


def find_year(token: ApiToken, code: str) -> QualityYear:
    """The year of that code in the token's prefecture. `NotReadableError`. One query."""
    rows = with_changes(QualityYear.objects.filter(court=token.court.root, code=code))
    year = rows.select_related("court", "edition").first()
    if year is None or extent_of(token, year) is Extent.NONE:
        text = _("没有质量年“%(code)s”，或者它不属于您所在的地区。请从首页重新打开。")
        raise NotReadableError(text % {"code": code[:LONGEST_CODE]})
    return year


def find_month(token: ApiToken, year: QualityYear, text: str) -> MonthContent:
    """What the token reads of a month such as 2019-12. `NotReadableError`."""
    try:
        month = month_of_text(year, text)
    except NoSlotError as error:
        raise NotReadableError(str(error)) from error
    return month_content(token, year, month)


def courts(year: QualityYear) -> list[dict[str, Any]]:
    """The courts of the year, when each is assessed and which names it had. One query, or two."""
    listed = courts_of(year)
    changes = changes_among(year, listed)
    return [
        {
            "code": court.code,
            "order": court.order,
            "level": court.level.value,
            "short_name": court.short_name,
            "name": court.name,
            "name_ko": court.name_ko,
            "name_en": court.name_en,
            "months": [str(month) for month in changes.months_of(court.pk, year.year)],
            "former_names": [
                {
                    "before": str(month),
                    "short_name": short_name,
                    "name": name,
                    "name_ko": name_ko,
                    "name_en": name_en,
                }
                for month, (short_name, name, name_ko, name_en) in changes.former_names(court.pk)
            ],
        }
        for court in listed
    ]


def months(token: ApiToken, year: QualityYear) -> list[dict[str, Any]]:
    """The months that the token may read, in order."""
    return [_month(one) for one in readable_months(token, year)]


def scorecards(token: ApiToken, content: MonthContent) -> dict[str, Any]:
    """The points of a month, with the aggregates of who sees the own court only."""
    return {
        **_month(content.month),
        "courts": [_scorecard(court) for court in content.courts],
        "aggregates": [_mean_points(content, group) for group in _told(content)],
    }


def figures(token: ApiToken, content: MonthContent) -> dict[str, Any]:
    """The figures of a month, with sums for who sees the own court only."""
    return {
        **_month(content.month),
        "courts": [
            {"court": court["code"], **{period: court["facts"][period] for period in PERIODS}}
            for court in content.courts
        ],
        "aggregates": [
            {"of": group.name, "courts": len(group.courts), "current": _sums(group.courts)}
            for group in _told(content)
        ],
    }


def bulletins(token: ApiToken, year: QualityYear) -> list[dict[str, Any]]:
    """The issues that were published, with the hashes of the files for this reader. Two queries."""
    scope = "" if extent_of(token, year) is Extent.ALL else own_code(token)
    rows = Bulletin.objects.filter(quality_year=year, published_at__isnull=False).filter(
        Q(state=Bulletin.State.PUBLISHED) | Q(state=Bulletin.State.WITHDRAWN)
    )
    rows = rows.select_related("snapshot", "restates").order_by("published_at", "pk")
    files = Prefetch("files", BulletinFile.objects.defer("content"))
    listed = rows.prefetch_related(files).defer("prose", "settings", "snapshot__text")
    return [
        {
            "number": _number(row),
            "title": row.title,
            "month": f"{year.year:04d}-{row.month:02d}",
            "sides": sorted(row.sides),
            "state": row.state,
            "dated_on": row.dated_on,
            "published_at": row.published_at,
            "snapshot": row.snapshot.sha256,
            "restates": None if row.restates is None else _number(row.restates),
            "files": [
                {"kind": file.kind, "language": file.language, "sha256": file.sha256}
                for file in row.files.all()
                if file.scope == scope
            ],
        }
        for row in listed
    ]


def sent(row: SentExtract, warnings: Iterable[str]) -> dict[str, Any]:
    """A file that waits."""
    return {
        "id": row.pk,
        "name": row.name,
        "state": row.state,
        "sha256": row.sha256,
        "figures": row.figures,
        "sent_at": row.sent_at,
        "warnings": list(warnings),
    }


def _month(one: ReadableMonth) -> dict[str, Any]:
    return {
        "month": str(one.month),
        "published": list(one.published),
        "sides": list(one.sides),
        "snapshots": list(one.snapshots),
        "restated": one.is_restated,
        "demo": one.is_demo,
    }


def _scorecard(court: Mapping[str, Any]) -> dict[str, Any]:
    score = court["score"]
    return {
        "court": court["code"],
        "level": court["level"],
        "total": score["total"],
        "rank": score["rank"],
        "provisional": court["provisional"],
        "halves": score["halves"],
        "items": [{key: item[key] for key in ITEM_KEYS} for item in score["items"]],
    }


def _told(content: MonthContent) -> list[Group]:
    """The courts that aggregates are over, or nothing."""
    return [] if content.group is None else [content.group]


def _mean_points(content: MonthContent, group: Group) -> dict[str, Any]:
    told = means(content)
    return {
        "of": group.name,
        "courts": len(group.courts),
        "total": told["total"],
        "halves": {side: text for side in content.month.sides if (text := told[side]) is not None},
    }


def _sums(courts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The sums of those figures that every one of the courts has reported."""
    rows = [court["facts"]["current"] for court in courts]
    known = [{code for code, value in row.items() if value is not None} for row in rows]
    shared = set.intersection(*known)
    return {code: sum(row[code] for row in rows) for code in rows[0] if code in shared}


def _number(row: Bulletin) -> str:
    return "" if row.number is None else f"{row.number_year}-{row.number}"
