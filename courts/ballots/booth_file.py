"""Owns handing out `booth.html`, in which a voter marks and seals on a computer without a network.

What it makes is a sealed ballot to send from the booth, or a spoiled one to look into.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.ballots.offline_file import OfflineFile

MODULES = (
    "ballot-helper.js",
    "ballot-prints.js",
    "ballot-file.js",
    "ballot-marks.js",
    "ballot-vote.js",
)


def texts() -> dict[str, str]:
    """What the file says, in the language that is active; `%s` stands for a name or number."""
    return {
        "title": _("离线投票文件：打分、加密"),
        "about": _("这个文件不联网，也不向任何地方发送数据。断开网络也能用。"),
        "step-paper": _("第一步：选择投票文件"),
        "choose-paper": _("从投票页面存下的voting.json，或公告书manifest.json"),
        "slot": _("票位（32位，公告书里不写是谁的，所以要您输入）"),
        "slot-missing": _("这是公告书，请再输入您的票位。"),
        "slot-short": _("票位应为32位，请检查是否漏抄或多抄。"),
        "slot-other": _("公告书里没有这个票位，请检查是否拿错文件。"),
        "go-on": _("继续"),
        "manifest-file": _("没有读懂这个文件，请选择从投票页面存下的文件。"),
        "paper-bad": _("公告书不合规定，不能用它投票，请告诉监票人。"),
        "working": _("正在计算……"),
        "recognise-title": _("第二步：从公告栏认出指纹"),
        "recognise-about": _(
            "请看公告栏或会议纪要上监票人公布的指纹，按下面与它完全一样的那一个。"
            "四个的头尾都一样，要看中间。"
        ),
        "recognise-none": _("都不一致"),
        "recognise-again": _("看错了，再比对一次"),
        "picked-other": _(
            "您按的与这个页面收到的不一样。如果是照公告栏按的，就是服务器给您的不对："
            "不要继续，马上告诉监票人。如果只是按错了，请再比对一次。"
        ),
        "picked-none": _("与公告栏不一致，就是服务器给您的不对。不要继续，马上告诉监票人。"),
        "roll": _("参评人名册"),
        "least": _("至少几票才有效"),
        "few": _(
            "少于5票或不到名册三分之二：票数这样少时，几个人把自己的分数合起来，就能推出别人的。"
        ),
        "trustees": _("监票人"),
        "both": _("同时也投票的监票人："),
        "step-marks": _("第三步：打分"),
        "most": _("满分"),
        "unit": _("每档"),
        "marks-about": _("填好一个按回车键，到下一个；全部填完后再看一遍，然后加密。"),
        "missing": _("还有法院没有打分，或分数不在允许的档次："),
        "wrong": _("这个分数不在允许的档次里，请改一改。"),
        "look-over": _("最后看一遍"),
        "look-title": _("请最后看一遍，这就是您要投的分数"),
        "target": _("评分对象"),
        "score": _("分数"),
        "seal": _("加密"),
        "back": _("回去修改"),
        "sealing": _("正在加密……"),
        "sending": _("正在存下……"),
        "sealed-title": _("第四步：记下复核码，存下选票"),
        "sealed-about": _("选票已经加密。请把复核码抄在纸上或打印，截止后凭它核对。"),
        "print": _("打印"),
        "choice-title": _("存下，还是检查"),
        "challenge-about": _(
            "按“检查”，这张选票就作废、不会投出，"
            "您可以在另一台电脑上看到它里面是不是您打的分数。"
            "电脑事先不知道您会投出还是检查，所以每一张都只能老实加密。"
        ),
        "give": _("做成选票文件"),
        "spoil": _("检查这张选票，不投它"),
        "spoiled-title": _("这张选票已作废，供您检查"),
        "spoiled-step-save": _("存下检查文件。里面有这张作废选票的分数，查完请删除。"),
        "spoiled-step-open": _(
            "换一台电脑，用scrutineer.html的“检查一张作废的选票”打开它，或运行verify.py。"
        ),
        "spoiled-step-compare": _(
            "那里显示的复核码和分数，应当与下面的完全一样。"
            "不一样，就不要在这台电脑上投票，告诉监票人。"
        ),
        "save-spoiled": _("存下检查文件"),
        "vote-again": _("再加密一张，去投票"),
        "nothing-sealed": _("这张选票已经不在了，请重新打开这个文件，重新打分。"),
        "done-title": _("第五步：把选票文件拷回去投出"),
        "done-about": _(
            "还没有投出：请存下选票文件，在投票页面的“改在不联网的电脑上打分、加密”里交上去。"
            "那里显示的复核码，应当与这里的一样。"
        ),
        "save-ballot": _("存下选票文件"),
        "failed": _("没有成功。请关闭后重新打开这个文件，再试一次。"),
    }


def unsupported() -> str:
    """What the file says where a browser is too old, in the language that is active."""
    return _(
        "这个浏览器不能加密选票。请换用Chrome、Edge、360极速或奇安信浏览器（内核86以上），"
        "或Firefox 102以上，或换一台电脑。"
    )


FILE = OfflineFile(
    "courts/ballots/booth_file.html", MODULES, "ballot-offline-booth.js", texts, unsupported
)
