"""Owns how a change against the year before is worded, by what it is compared with.

Only the same months are 同比. A change is told by its verb, never by a sign as well.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from courts.bulletins.selectors.prose.sums import SumBasis

SUM_UP = {
    SumBasis.SAME: _("同比增加%(change)s%(unit)s、上升%(percent)s%%（上年同期%(before)s%(unit)s）"),
    SumBasis.PRORATED: _("与%(year)s年全年按月折算数（%(before)s%(unit)s）相比上升%(percent)s%%"),
    SumBasis.ANNUAL: _("与%(year)s年全年数（%(before)s%(unit)s）相比上升%(percent)s%%"),
    SumBasis.MIXED: _("与%(year)s年可比数（%(before)s%(unit)s）相比上升%(percent)s%%"),
}
SUM_DOWN = {
    SumBasis.SAME: _("同比减少%(change)s%(unit)s、下降%(percent)s%%（上年同期%(before)s%(unit)s）"),
    SumBasis.PRORATED: _("与%(year)s年全年按月折算数（%(before)s%(unit)s）相比下降%(percent)s%%"),
    SumBasis.ANNUAL: _("与%(year)s年全年数（%(before)s%(unit)s）相比下降%(percent)s%%"),
    SumBasis.MIXED: _("与%(year)s年可比数（%(before)s%(unit)s）相比下降%(percent)s%%"),
}
LEVEL = {
    SumBasis.SAME: _("同比持平（上年同期%(before)s%(unit)s）"),
    SumBasis.PRORATED: _("与%(year)s年全年按月折算数（%(before)s%(unit)s）持平"),
    SumBasis.ANNUAL: _("与%(year)s年全年数（%(before)s%(unit)s）持平"),
    SumBasis.MIXED: _("与%(year)s年可比数（%(before)s%(unit)s）持平"),
}
# Less than half a hundredth of a percent.
NEARLY = {
    SumBasis.PRORATED: _("与%(year)s年全年按月折算数（%(before)s%(unit)s）基本持平"),
    SumBasis.ANNUAL: _("与%(year)s年全年数（%(before)s%(unit)s）基本持平"),
    SumBasis.MIXED: _("与%(year)s年可比数（%(before)s%(unit)s）基本持平"),
}
FEW_MORE = _("同比增加%(change)s%(unit)s（上年同期%(before)s%(unit)s）")
FEW_LESS = _("同比减少%(change)s%(unit)s（上年同期%(before)s%(unit)s）")
RATE_UP = {
    SumBasis.SAME: _("同比上升%(change)s个百分点（上年同期%(before)s）"),
    SumBasis.ANNUAL: _("与%(year)s年全年（%(before)s）相比上升%(change)s个百分点"),
}
RATE_DOWN = {
    SumBasis.SAME: _("同比下降%(change)s个百分点（上年同期%(before)s）"),
    SumBasis.ANNUAL: _("与%(year)s年全年（%(before)s）相比下降%(change)s个百分点"),
}
RATE_LEVEL = {
    SumBasis.SAME: _("同比持平（上年同期%(before)s）"),
    SumBasis.ANNUAL: _("与%(year)s年全年（%(before)s）持平"),
}
DAYS_UP = {
    SumBasis.SAME: _("同比延长%(change)s天（上年同期%(before)s）"),
    SumBasis.ANNUAL: _("与%(year)s年全年（%(before)s）相比延长%(change)s天"),
}
DAYS_DOWN = {
    SumBasis.SAME: _("同比缩短%(change)s天（上年同期%(before)s）"),
    SumBasis.ANNUAL: _("与%(year)s年全年（%(before)s）相比缩短%(change)s天"),
}
