"""Owns the reasons that the system itself gives for what it stores.

They are stored in Chinese, whatever language whoever acted had chosen, and are told in the
language of the page: a stored reason is one of these messages with its values filled in. What
people write is stored and told as they wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ENTERED = gettext_noop("填报")
SUBMITTED = gettext_noop("提交")
TAKEN_BACK = gettext_noop("收回提交")
VERIFIED = gettext_noop("核实报表")
UNLOCKED = gettext_noop("同意解锁")
FROM_REGISTER = gettext_noop("用台账数填入")
UPLOADED = gettext_noop("上传 %(name)s")
IMPORTED = gettext_noop("导入 %(names)s")
ON_BEHALF = gettext_noop("代报：%(reason)s")
PUBLISHED = gettext_noop("随通报公布")
REOPENING_OVER = gettext_noop("重新打开到期，恢复已核实的数据")
EDITED = gettext_noop("编辑")
SIGNED = gettext_noop("签发")
ISSUED = gettext_noop("发布")
SENT_BACK = gettext_noop("退回")
STILL_DISPUTED = gettext_noop("核对期结束时仍有异议没有解决。")
SIGNED_BEFORE = gettext_noop("签发后又有编辑")
NO_MORE_DEMO = gettext_noop("已有真实数据，演示的关账和通报作废。")
RESTATED = gettext_noop("更正：%(reason)s")
BASELINE_RESTATED = gettext_noop(
    "%(year)s年数据更正（第%(number)s号），本年度的上年基数随之改变：%(reason)s"
)
DECIDED = gettext_noop("%(meeting)s（%(on)s）：%(case)s")
HANDED_IN_LATE = gettext_noop("%(court)s补报的报表")
SET_UP = gettext_noop("设立 %(code)s：%(file)s")

# What a decision is proposed for has values alone, which are told as they are.
AUTOMATIC = (
    *(ENTERED, SUBMITTED, TAKEN_BACK, VERIFIED, UNLOCKED, FROM_REGISTER, UPLOADED, IMPORTED),
    *(ON_BEHALF, PUBLISHED, REOPENING_OVER, SIGNED_BEFORE, NO_MORE_DEMO, RESTATED),
    *(BASELINE_RESTATED, HANDED_IN_LATE, SET_UP),
    *(EDITED, SIGNED, ISSUED, SENT_BACK, STILL_DISPUTED),
)
_VALUE = re.compile(r"%\\\((\w+)\\\)s")


@dataclass(frozen=True, slots=True)
class _Form:
    template: str
    pattern: re.Pattern[str]


def reason_told(stored: str) -> str:
    """A stored reason in the language of the page, or as somebody wrote it."""
    for form in _forms():
        if found := form.pattern.fullmatch(stored):
            return _(form.template) % found.groupdict()
    return stored


@cache
def _forms() -> tuple[_Form, ...]:
    return tuple(
        _Form(one, re.compile(_VALUE.sub(r"(?P<\1>.+)", re.escape(one)), re.DOTALL))
        for one in AUTOMATIC
    )
