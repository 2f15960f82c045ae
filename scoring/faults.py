"""What can be wrong with a rulebook, in words that name file and key.

The messages are Chinese templates with named placeholders, so that a page can show them in another
language; `gettext_noop` only marks them for the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from scoring.listing import filled


def gettext_noop(message: str) -> str:
    """Mark a text for translation and leave it as it is."""
    return message


UNREADABLE = gettext_noop("不是有效的TOML文件：%(detail)s")
NO_FILE = gettext_noop("缺少这个文件")
NO_DIRECTORY = gettext_noop("没有这个目录")
UNKNOWN_FILE = gettext_noop("不认识的文件；可以有的文件：%(known)s")
UNKNOWN_KEY = gettext_noop("不认识的键；可用的键：%(known)s")
MISSING_KEY = gettext_noop("缺少这一项")
WRONG_TYPE = gettext_noop("应为%(expected)s，实为%(found)s")
UNKNOWN_VALUE = gettext_noop("没有“%(found)s”这个值；可用的值：%(known)s")
BAD_CODE = gettext_noop("代码“%(found)s”不合格式；应如%(example)s")
REPEATED = gettext_noop("“%(code)s”重复")
EMPTY = gettext_noop("不能为空")
OUT_OF_RANGE = gettext_noop("%(found)s超出范围；应在%(low)s与%(high)s之间")
TOO_PRECISE = gettext_noop("%(found)s的小数位数过多；最多%(most)s位")
UNKNOWN_METRIC = gettext_noop("没有法院填报指标“%(code)s”")
OTHER_SIDE = gettext_noop("指标“%(code)s”属于另一类报表")
STOCK_METRIC = gettext_noop("“%(code)s”是期末数，不能与上年比降幅")
UNKNOWN_GROUP = gettext_noop("没有分组“%(code)s”；可用的分组：%(known)s")
UNKNOWN_FORMULA = gettext_noop("没有公式“%(found)s”；可用的公式：%(known)s")
UNKNOWN_ITEM = gettext_noop("没有考核项“%(code)s”")
UNKNOWN_FIELD = gettext_noop("考核项“%(item)s”的规则没有“%(field)s”；可用的：%(known)s")
SAME_FIELD = gettext_noop("解读“%(first)s”与“%(second)s”都改动考核项“%(item)s”的“%(field)s”")
BAD_DEFAULT = gettext_noop("默认值“%(found)s”不在选项之中：%(known)s")
FEW_OPTIONS = gettext_noop("一项解读至少要有两个选项")
BAD_POINTS_SUM = gettext_noop("%(level)s的分值合计为%(found)s分，应为%(expected)s分")
BAD_WEIGHTS = gettext_noop("各类权重合计为%(found)s%%，应为100%%")
BAD_BASELINE = gettext_noop("基期%(found)s应早于考核年度%(year)s")
ONE_OF = gettext_noop("“target”与“against_numerator、against_denominator”须二选一")
PEER_LEVEL = gettext_noop("均值所取的审级不得是本项适用的审级")
NO_WEIGHT = gettext_noop("加权平均须列出作权数的指标“weight”")
BESIDE_INTERVAL = gettext_noop("写了“low、high”，就不能再写这一项")
NO_ATTAINMENT = gettext_noop("按完成比例得分只用于固定的或另行录入的目标值")
BAD_INTERVAL = gettext_noop("下限%(low)s高于上限%(high)s")
SAME_ANCHORS = gettext_noop("满分值与零分值都是%(found)s，两者之间没有比例可算")
FLOOR_ABOVE = gettext_noop("最低得分%(found)s高于本项分值")
NOTHING_TO_LOSE = gettext_noop("本项分值为零，最低得分须低于零，否则无分可计")
RANKS_OR_BANDS = gettext_noop("“per_rank”（可连同“first”）与“bands”须二选一")
BAD_BANDS = gettext_noop("各档的“share”须大于零、由小到大，最后一档为100")
ABOVE_POINTS = gettext_noop("%(found)s分高于本项分值%(most)s分")
NO_WEIGHT_AT_ALL = gettext_noop("权数须大于零")
NO_CASES = gettext_noop("考核项“%(code)s”不按案件数计分，不能由它提出上限")
WEIGHTS_OF_GROUPS = gettext_noop("分组权重合计为%(found)s%%，应为100%%；写了一组，各组都要写")
ONE_BOUND = gettext_noop("“below”与“at_least”须二选一")
ONE_SUBJECT = gettext_noop("“item”与“side”须二选一")
ONE_EFFECT = gettext_noop("“most”、“times”与“not_ranked”须三选一")
NO_CONDITION = gettext_noop("不参加排名须有条件")
NO_TOTAL = gettext_noop("本规则不计总分，这里只能写类别")
NO_RANKS = gettext_noop("本规则不排名，不能写“not_ranked”")
RANKS_NO_TOTAL = gettext_noop("不计总分就不能按总分排名，应写“none”")
RESERVED = gettext_noop("“%(found)s”已有专门用途，不能作代码")
SAME_LETTERS = gettext_noop("“%(first)s”与“%(second)s”只有大小写不同")
MIXED_PERIODS = gettext_noop("“%(first)s”与“%(second)s”的期间不同，不能合在一起计算")
MIXED_UNITS = gettext_noop("“%(first)s”以元计，“%(second)s”不以元计，不能相加")
ANNUAL_OF_PERIOD = gettext_noop("按月或按季填报的指标不能与上年全年比，应去掉“annual”")
PERIOD_OF_STOCK = gettext_noop("期末数没有期间，不能写这一项")
PLACES_OF_COUNT = gettext_noop("件数没有小数，不能写这一项")

RANKED_WITHOUT_ITEMS = gettext_noop("%(level)s没有考核项，不能按它排名")

SUPPLEMENT_NAME = gettext_noop("文件应名为“%(expected)s”")
SUPPLEMENT_UNIT = gettext_noop("考核项“%(code)s”的单位应为“%(expected)s”，实为“%(found)s”")
SUPPLEMENT_OF_NOTHING = gettext_noop("至少要列出一个考核项或指标")
EVIDENCE_OF_ONE = gettext_noop("须列出台账或者指标，二者择一")
BAD_PLACES = gettext_noop("“%(found)s”里只能有%%(months)s这一处空位")
STAFF_NOT_PERSONAL = gettext_noop("人员编号须列为个人信息")
PERSONAL_SHARED = gettext_noop("个人信息不得公开")
NO_NUMBER = gettext_noop("应为数值或%(words)s，实为“%(found)s”")


class Fault(NamedTuple):
    """One fault: where it is, and what is wrong as a template with its values, tuples in a row."""

    file: str
    key: str
    template: str
    values: Mapping[str, object] = {}

    @property
    def message(self) -> str:
        """The sentence in Chinese."""
        return filled(self.template, self.values)

    @property
    def place(self) -> str:
        """File and key."""
        return f"{self.file}: {self.key}" if self.key else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class RuleFault(NamedTuple):
    """What a formula finds wrong with a rule: the field, and what is wrong with it."""

    field: str
    template: str
    values: Mapping[str, object] = {}


class RulebookError(ValueError):
    """A rulebook that cannot be used; `faults` holds everything wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
