"""Owns what waits for a second person: one kind of open work for each kind of motion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courts.models import Motion
from courts.motions.selectors.motions import with_people
from courts.permissions import OFFICE_KINDS, may_second
from courts.years.open_work import Asked, OpenItem, kind

Kind = Motion.Kind
LABELS: dict[Kind, str | Promise] = {
    Kind.BASELINE: _("待确认的上年数据"),
    Kind.EXTRACT: _("待确认的提取数据"),
    Kind.SETTLEMENT: _("待确认的差异处理"),
    Kind.READING: _("待确认的解读"),
    Kind.TARGETS: _("待确认的目标值"),
    Kind.CAPS: _("待确认的上限"),
    Kind.SUPPLEMENT: _("待确认的附则"),
    Kind.ASSESSED: _("待确认的评定分"),
    Kind.COURTS: _("待确认的法院变动"),
}
OF_SIDE = _("负责该类数据的部门，提出人除外")
OF_RULES = _("各管理部门，提出人除外")


def _waiting(asked: Asked) -> Sequence[Motion]:
    """Every motion that waits. One query."""

    def write() -> QuerySet[Motion]:
        rows = Motion.objects.filter(quality_year__in=asked.years, state=Motion.State.WAITING)
        return with_people(rows)

    return asked.rows("motions", write)


def _register(of: Kind, order: int) -> None:
    @kind(
        f"motion_{of}",
        LABELS[of],
        whom=OF_SIDE if of in OFFICE_KINDS else OF_RULES,
        order=order,
        page="courts:motions",
        query=f"?kind={of}",
        of_court=False,
        for_offices=True,
    )
    def waiting(asked: Asked) -> Iterator[OpenItem]:
        for motion in _waiting(asked):
            if motion.kind != of:
                continue
            if asked.user is None or may_second(asked.user, motion):
                yield OpenItem(
                    view="courts:motion",
                    args=(motion.quality_year.code, motion.pk),
                    year=motion.quality_year,
                    since=motion.moved_at,
                    title=motion.get_kind_display(),
                    note=motion.reason or motion.data.get("file", ""),
                    by=str(motion.moved_by),
                )


for _place, _kind in enumerate(Kind):
    _register(_kind, 101 + _place)
