"""Owns what a year's paper is set to, and what stands in the form before anybody set it."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from courts.models import PaperSettings, QualityYear
from courts.permissions import Role
from courts.years.selectors.supplements import supplement_of

FIELDS = tuple(
    field.name
    for field in PaperSettings._meta.concrete_fields
    if field.name not in ("id", "quality_year", "version")
)


def paper_of(year: QualityYear) -> PaperSettings | None:
    """The settings of the year; None before anybody set them. One query."""
    return PaperSettings.objects.filter(quality_year=year).first()


def shown_values(year: QualityYear) -> tuple[int, dict[str, Any]]:
    """The version and the values that the form begins with."""
    held = paper_of(year)
    if held is not None:
        return held.version, {name: getattr(held, name) for name in FIELDS}
    row = PaperSettings(quality_year=year)
    values = {name: getattr(row, name) for name in FIELDS}
    return 0, values | proposed_values(year)


def proposed_values(year: QualityYear) -> dict[str, Any]:
    """What the names of the court and of its office suggest."""
    court = year.court
    found: dict[str, Any] = {}
    with translation.override("zh-hans"):
        found |= {
            "letterhead": _("%(court)s文件") % {"court": court.name},
            "signature": court.name,
            "printed_by": _("%(court)s办公室") % {"court": court.name},
            "series": _("审判执行质量通报"),
            "issued_by": str(Role.OFFICE.label),
            "addressee": _("各基层法院，本院各部门："),
        }
    with translation.override("ko"):
        name = court.name_ko or court.name
        found |= {
            "letterhead_ko": _("%(court)s文件") % {"court": name},
            "signature_ko": name,
            "printed_by_ko": _("%(court)s办公室") % {"court": name},
            "series_ko": _("审判执行质量通报"),
            "issued_by_ko": str(Role.OFFICE.label),
            "addressee_ko": _("各基层法院，本院各部门："),
            "korean_line": bool(court.name_ko),
        }
    said = supplement_of(year, "bulletin")
    if said is not None:
        found["addressee"] = said.bulletin.addressee.get("zh")
        found["addressee_ko"] = said.bulletin.addressee.get("ko")
    return found
