"""Owns which passwords anybody who knows the house would try first: its names, and nothing else."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courts.models import Court

# Names of the application, of its roles and of what everybody here does all day.
WORDS = (
    *("quality", "year", "qualityyear", "zhiliangnian", "court", "fayuan", "admin", "password"),
    *("office", "leader", "litigation", "enforcement", "shenpan", "zhixing", "tongbao", "mima"),
    *(
        "审判",
        "执行",
        "质量年",
        "法院",
        "中院",
        "密码",
        "管理员",
        "通报",
        "考核",
        "법원",
        "재판",
        "집행",
    ),
)
_BETWEEN = re.compile(r"[\W\d_]+")


class KnownWordsValidator:
    """Refuses a password made of the house's own words, names of courts, digits and signs alone."""

    def validate(self, password: str, user: Any = None) -> None:
        """`ValidationError` when nothing of it is left without these words."""
        left = _BETWEEN.sub("", password.lower())
        for word in sorted({*WORDS, *_names()}, key=len, reverse=True):
            left = left.replace(word, "")
        if not left:
            raise ValidationError(self.get_help_text(), code="password_of_known_words")

    def get_help_text(self) -> str:
        """What is asked for, beside the field."""
        return _("密码不能只由本系统、法院的名称和数字组成。")


def _names() -> set[str]:
    rows = Court.objects.values_list("code", "short_name", "name", "name_ko", "name_en")
    names = {_BETWEEN.sub("", name.lower()) for row in rows for name in row}
    return names - {""}
