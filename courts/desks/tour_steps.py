"""Owns the tour of a first sign-in: five sentences for each role, each with its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from courts.permissions import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class TourStep:
    """One sentence. `area` is the entry of the menu that it is about, `part` one of the manual.

    Without either it is about the role's first page itself.
    """

    text: StrOrPromise
    area: str = ""
    part: str = ""
    view: str = ""


_HELP = TourStep(
    _("不明白的地方，点右上角的“帮助”：打开的就是讲那个页面的一节。这个引导也可以在那里再看一遍。"),
    area="help",
    view="courts:help",
)
_DESK = (
    TourStep(_("这里是本院的月度报表：先看“等待您办理”，本期的报表就在下面。")),
    TourStep(
        _("打开报表逐格填写，每格自动保存；填完按 Ctrl+Enter 核对并提交。"),
        part="court-desk#filling-in-as-in-a-spreadsheet",
    ),
    TourStep(
        _("提交以后由管理部门核实；核实了还是退回了，“消息提醒”会告诉您。"),
        area="notices",
        view="courts:notices",
    ),
    TourStep(
        _("在“排名与得分”里点本院的名字，看每一分是怎么算的。"),
        area="ranking",
    ),
    _HELP,
)
_OFFICE = (
    TourStep(_("工作台列出各年度等您办理的事，从上往下办即可。")),
    TourStep(
        _("点“核实”：没有问题的报表一次办完，有问题的逐张看、连同意见退回。"),
        area="reviews",
    ),
    TourStep(
        _("会改变得分的事项，一人提出，另一人确认；等您确认的，工作台上有。"),
        part="office#what-takes-two-people",
    ),
    TourStep(_("一个月的数据核实好，就关账，再在“通报”里起草。"), area="bulletins"),
    _HELP,
)
STEPS: Mapping[str, tuple[TourStep, ...]] = {
    Role.LITIGATION: _DESK,
    Role.ENFORCEMENT: _DESK,
    Role.OFFICE: _OFFICE,
    Role.CENTRE: _OFFICE,
    Role.LEADER: (
        TourStep(_("这里列出等您办理的事，例如投票；没有要办的事，也会写明。")),
        TourStep(
            _("“看板”把一个月的全地区放在一页，“先看这些”按轻重列出要过问的法院。"),
            area="dashboard",
        ),
        TourStep(_("在排名里点法院的名字看得分表，每一项都能点开看怎么算的。"), area="ranking"),
        TourStep(_("无记名投票开始以后，在“无记名投票”里投票、核对自己的票。"), area="ballots"),
        _HELP,
    ),
    Role.PARTY: (
        TourStep(_("有单独评分申请等院党组决定时，登录后直接看到；没有要办的事，也会写明。")),
        TourStep(
            _("决定以前可以先试一个分数，看哪些法院的总分和名次会变。"),
            area="cases",
            part="leader#special-cases-party-group",
        ),
        TourStep(
            _("“看板”把一个月的全地区放在一页，“先看这些”按轻重列出要过问的法院。"),
            area="dashboard",
        ),
        TourStep(_("在排名里点法院的名字看得分表，每一项都能点开看怎么算的。"), area="ranking"),
        _HELP,
    ),
    Role.SCRUTINEER: (
        TourStep(_("轮到监票人的一步，登录后列在这里；没有要办的事，也会写明。")),
        TourStep(_("各轮投票和它们的公示表，都在“无记名投票”里。"), area="ballots"),
        TourStep(
            _("制作密钥、演练、开票，都用不联网的离线文件做；步骤在手册里。"),
            part="ballot#scrutineers",
        ),
        TourStep(
            _("系统保护不到的地方，手册里逐条写明，投票开始以前请看一遍。"),
            part="ballot#what-is-not-protected",
        ),
        _HELP,
    ),
    Role.ADMIN: (
        TourStep(_("“准备工作”列出从空的系统到第一个月还差哪些事；全部完成以后自己消失。")),
        TourStep(
            _("在“账号与权限”里从名单建立账号，打印密码条，当面交给本人。"),
            view="courts:accounts",
        ),
        TourStep(
            _("您建的账号要由另一人确认，所以请先建两位系统管理员。"),
            part="administrator#a-second-person-confirms-an-account",
        ),
        TourStep(
            _("法院、质量年和操作记录在“后台管理”里；每处改动都有历史。"),
            view="admin:index",
        ),
        _HELP,
    ),
}
NUMBER_OF_STEPS = 5
# The pages that roles begin on: where the strip stands whatever its step.
FIRST_PAGES: Mapping[str, frozenset[str]] = {
    Role.LITIGATION: frozenset({"courts:returns"}),
    Role.ENFORCEMENT: frozenset({"courts:returns"}),
    Role.OFFICE: frozenset({"courts:desk"}),
    Role.CENTRE: frozenset({"courts:desk"}),
    Role.LEADER: frozenset({"courts:home"}),
    Role.PARTY: frozenset({"courts:home", "courts:cases"}),
    Role.SCRUTINEER: frozenset({"courts:home"}),
    Role.ADMIN: frozenset({"courts:home"}),
}
