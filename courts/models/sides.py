"""Sides as data: the form of their codes, several in one column, and the roles that keep them.

Which sides there are is the edition's to say (`Rulebook.sides`). The database checks the form of a
code alone; services, and a check by night, ask the edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

# The longest code of a side, and the longest list of them with a comma between.
LONGEST_SIDE = 16
LONGEST_SIDES = 255
# The longest name of a role that keeps a side.
LONGEST_ROLE = 64
SIDE_MESSAGE = _("类别的代码不合格式。")
BOTH = "both"
# What `both` has always stood for in columns, files and addresses.
_OF_BOTH = ("litigation", "enforcement")
# What addresses and files call something that is no side.
_NO_SIDES = (BOTH, "none", "rulebook", "metrics")


def side_form(column: str = "side", *, blank: bool = False) -> Q:
    """A constraint that the column holds what may be the code of a side."""
    found = (
        ~Q(**{f"{column}__in": ["", *_NO_SIDES]})
        & Q(**{column: Lower(F(column))})
        & Q(**{column: Replace(F(column), Value(","), Value(""))})
        & Q(**{column: Replace(F(column), Value(" "), Value(""))})
    )
    return Q(**{column: ""}) | found if blank else found


def sides_form(column: str, *, blank: bool = False) -> Q:
    """A constraint that the column holds codes of sides with a comma between."""
    found = (
        ~Q(**{f"{column}__in": ["", "none", "rulebook", "metrics"]})
        & Q(**{column: Lower(F(column))})
        & Q(**{column: Replace(F(column), Value(",,"), Value(""))})
        & Q(**{column: Replace(F(column), Value(" "), Value(""))})
    )
    return Q(**{column: ""}) | found if blank else found


def joined(sides: Collection[str]) -> str:
    """Sides as one text: none empty, the two usual ones `both`, else with a comma between."""
    if frozenset(sides) == frozenset(_OF_BOTH):
        return BOTH
    return ",".join(sides)


def parted(text: str) -> tuple[str, ...]:
    """The sides of such a text."""
    if text == BOTH:
        return _OF_BOTH
    return tuple(text.split(",")) if text else ()


def naming(column: str, sides: Iterable[str]) -> Q:
    """Rows whose column of such texts names one of these sides."""
    found = Q(pk__in=[])
    for side in sides:
        found |= Q(**{column: side}) | Q(**{f"{column}__startswith": f"{side},"})
        found |= Q(**{f"{column}__endswith": f",{side}"}) | Q(
            **{f"{column}__contains": f",{side},"}
        )
        if side in _OF_BOTH:
            found |= Q(**{column: BOTH})
    return found


class SideRole(models.Model):
    """Which role enters, or looks after, a side in a prefecture; written when rules take force.

    `court` is the intermediate court. What the newest edition says holds for every year: who keeps
    a side now keeps its earlier years. `labels` are the side's names by language.
    """

    class Part(models.TextChoices):
        DESK = "desk", _("报表岗")
        OFFICE = "office", _("管理部门")

    court = models.ForeignKey(
        "courts.Court", verbose_name=_("中级法院"), on_delete=models.PROTECT, related_name="+"
    )
    side = models.CharField(_("类别"), max_length=LONGEST_SIDE)
    part = models.CharField(_("职责"), max_length=8, choices=Part)
    group = models.ForeignKey(
        Group, verbose_name=_("角色"), on_delete=models.PROTECT, related_name="side_roles"
    )
    labels = models.JSONField(_("类别名称"), default=dict)

    class Meta:
        verbose_name = _("类别的角色")
        verbose_name_plural = _("类别的角色")
        ordering = ["court", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["court", "side", "part"],
                name="side_role_once",
                violation_error_message=_("这一类别已有这种角色。"),
            ),
            models.CheckConstraint(
                condition=side_form(), name="side_role_side", violation_error_message=SIDE_MESSAGE
            ),
            models.CheckConstraint(
                condition=Q(part__in=["desk", "office"]),
                name="side_role_part",
                violation_error_message=_("没有这种职责。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.side} {self.part}"

    def label(self, language: str) -> str:
        """The side's name in a language such as `zh-hans`, else in Chinese, else its code."""
        short = language.split("-", maxsplit=1)[0].lower()
        return str(self.labels.get(short) or self.labels.get("zh", self.side))
