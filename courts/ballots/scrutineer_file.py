"""Owns handing out `scrutineer.html`: what a scrutineer does offline, from the key to the opening.

It also recounts boards and looks into spoiled ballots, for whoever wants to.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from courts.ballots.offline_file import OfflineFile

MODULES = (
    "ballot-helper.js",
    "ballot-kept.js",
    "ballot-prints.js",
    "ballot-file.js",
    "ballot-gate.js",
    "ballot-marks.js",
    "ballot-offline-keys.js",
    "ballot-offline-board.js",
    "ballot-offline-spoiled.js",
)


def _texts_of_keys() -> dict[str, str]:
    return {
        "tasks-title": _("您要做什么"),
        "to-keys": _("制作密钥"),
        "to-rehearse": _("演练"),
        "to-board": _("核对公示板、开票"),
        "to-spoiled": _("检查一张作废的选票"),
        "keys-title": _("制作密钥"),
        "keys-about": _(
            "请先断开网络。照投票页面“密钥与演练”上写的，输入轮次编号和姓名，一个字也不能差。"
        ),
        "make-id": _("轮次编号"),
        "make-name": _("姓名"),
        "make": _("制作密钥"),
        "make-missing": _("请输入轮次编号和姓名。"),
        "make-done": _("密钥已做好，只显示这一次。请看下面。"),
        "card-title": _("密钥卡"),
        "card-check-label": _("校验码："),
        "card-kappa": _("开票时抄上截止校验值："),
        "card-step-copy": _("抄在卡上或打印一张，装进信封封好。谁拿到它，谁就是您。"),
        "card-step-save": _("也可以把密钥卡存在只归您保管的U盘上，免得开票时输入。"),
        "card-step-hand-in": _("存下公钥文件key.json，在“密钥与演练”里交上去。它不是密钥。"),
        "print": _("打印"),
        "save-card": _("存下密钥卡"),
        "save-key": _("存下公钥文件"),
        "working": _("正在计算……"),
        "rehearse-title": _("演练"),
        "choose-request": _("从“密钥与演练”取来的演练文件（rehearsal-request.json）"),
        "manifest-file": _("没有读懂这个文件，请选择从投票页面存下的文件。"),
        "rehearse-go": _("已读入。请核对下面各项，再凭密钥卡演练。"),
        "rehearse-compare": _(
            "名册、监票人、最少票数不对，就不要演练，告诉办公室。请把上面的指纹抄下来，"
            "几位监票人抄的一样，再写上公告栏；不要照网页写。"
        ),
        "roll": _("参评人名册"),
        "least": _("至少几票才有效"),
        "trustees": _("监票人"),
        "nonce": _("演练口令（64位）"),
        "nonce-short": _("演练口令应为64位，请重新取演练文件。"),
        "answer": _("做出答复文件"),
        "rehearse-done": _("密钥卡对得上，是%s的。请存下答复文件，在“密钥与演练”里交上去。"),
        "save-answer": _("存下答复文件"),
    }


def _texts_of_spoiled() -> dict[str, str]:
    return {
        "check-title": _("检查一张作废的选票"),
        "check-about": _(
            "参评人把一张加密好的选票作废，是要看电脑有没有照他的分数加密。请选择两个文件。"
        ),
        "choose-manifest": _("公告书（manifest.json）或投票文件"),
        "choose-spoiled": _("检查文件（spoiled-1a2b3c4d.json之类）"),
        "spoiled-next": _("公告书已读入，请再选择检查文件。"),
        "spoiled-manifest": _("请再选择公告书。"),
        "spoiled-file": _("没有读懂这个文件，请选择投票页面存下的检查文件。"),
        "spoiled-round": _("检查文件不是这轮投票的，请检查是否拿错。"),
        "spoiled-bad": _(
            "不成立：这张选票里不是文件所说的分数。不要在那台电脑上投票，告诉监票人。"
        ),
        "spoiled-good": _("成立：这张选票里就是下面的分数。"),
        "spoiled-compare": _(
            "复核码和分数要与投票时显示的完全一样。不一样，就不要在那台电脑上投票，告诉监票人。"
        ),
        "tracker": _("复核码"),
        "score": _("分数"),
    }


def _texts_of_opening() -> dict[str, str]:
    return {
        "step-open": _("第三步：凭密钥卡开票"),
        "open-about": _(
            "每位监票人各做一次，只能为同一个截止结果做。密钥不离开这个页面，也不保存。"
        ),
        "who": _("您是哪位监票人"),
        "kappa-in": _("照签过名的截止公示表输入截止校验值（64位，可带空格）"),
        "kappa-short": _("还没有输完，应为64位。"),
        "kappa-same": _("与公示表一致。"),
        "kappa-other": _(
            "与公示表不一致：这不是参评人签名认可的那份公示板，或者抄错了。"
            "核对清楚以前不要开票，告诉其他监票人。"
        ),
        "voter-about": _(
            "请任选一位投了票的人（不是您自己），当面看着本人纸上的回执输入复核码。不要用别人转给您的。"
        ),
        "voter": _("您问的是哪一位"),
        "voter-tracker": _("这位参评人的复核码（64位，可带空格）"),
        "voter-name": _("请选择您问的是哪一位，不能是您自己。"),
        "voter-own": _("这是您自己的复核码，请问另一位参评人。"),
        "voter-short": _("还没有输完，应为64位。"),
        "voter-none": _(
            "这份公示板上没有这位参评人的选票：公示板是假的，或者抄错了。"
            "核对清楚以前不要开票，告诉其他监票人。"
        ),
        "voter-there": _("在公示板上，已计入。"),
        "trackers": _("全部复核码"),
        "signed": _("截止公示表上有几个人签名"),
        "no-objection": _("表上没有书面异议"),
        "signed-missing": _("请填签名人数，并确认没有书面异议。"),
        "signed-few": _("签名的人不够，不能开票。至少要签名的人数："),
        "signed-many": _("签名比计入的选票还多，请再数一遍。"),
        "write-kappa": _(
            "先把截止校验值抄在密钥卡上，再输入密钥。"
            "卡上已经写着另一个校验值，就不要开票，告诉其他监票人。"
        ),
        "card": _("密钥卡存成的文件（key-card.txt），没有就在下面输入"),
        "digits": _("密钥（64位，可带空格）"),
        "check": _("校验码（8位）"),
        "open": _("生成开票文件"),
        "made": _("开票文件已做好。请存下来，在投票页面的“开票”里交上去。"),
        "save": _("存下开票文件"),
        "need-name": _("请选择您是哪位监票人。"),
        "card-read": _("密钥卡已读入。"),
        "card-file": _("没有读懂这个文件：密钥卡文件有四行，依次是轮次、姓名、密钥、校验码。"),
        "card-round": _("这是另一轮投票（%s）的密钥卡，请检查是否拿错。"),
        "card-of": _("这是%s的密钥卡，请检查是否拿错。"),
        "card-length": _("密钥应为64位，请检查是否漏抄或多抄。"),
        "card-digits": _("密钥里只能有0至9和a至f，请检查抄写。"),
        "card-check": _("校验码不对：有一位抄错了，请逐组核对。"),
        "card-other": _("这不是这轮投票的密钥卡，请检查是否拿错。"),
        "again": _("这台电脑已经为另一个截止结果开过票，只能开一次。不要继续，请告诉其他监票人。"),
    }


def texts() -> dict[str, str]:
    """What the file says, in the language that is active; `%s` stands for a name or number."""
    return {
        "title": _("监票人离线文件：密钥、核对、开票"),
        "about": _("这个文件不联网，也不向任何地方发送数据。断开网络也能用。"),
        **_texts_of_keys(),
        "step-board": _("第一步：选择公示板"),
        "choose-board": _("从投票页面下载的board.json"),
        "checking": _("正在重算整个公示板，请不要关闭页面……"),
        "good-closed": _("公示板校验通过，还没有开票。请看第二步。"),
        "good-tallied": _("公示板校验通过，合计与密文一致。"),
        "bad-json": _("没有通过：这不是原样的board.json。请重新下载，不要用别的软件另存。"),
        "bad-manifest": _("没有通过：公告书不合规定。不要继续，请告诉办公室。"),
        "bad-key": _("没有通过：监票人的公钥证明不成立。不要开票，请告诉办公室。"),
        "bad-chain": _("没有通过：投票记录的链断了或被改过。不要开票，请告诉办公室。"),
        "bad-board": _("没有通过：选票、名单与投票记录对不上。不要开票，请告诉办公室。"),
        "bad-ballot": _("没有通过：有选票的证明不成立，或内容被改过。不要开票，请告诉办公室。"),
        "bad-shape": _("没有通过：有内容缺少、多余或写法不对。不要开票，请告诉办公室。"),
        "bad-partial": _("没有通过：监票人的开票部分不成立。结果不能采用，请告诉办公室。"),
        "bad-sum": _("没有通过：合计不是这些选票的合计。结果不能采用，请告诉办公室。"),
        "step-compare": _("第二步：与纸上公布的比对"),
        "round": _("投票轮次"),
        "fingerprint": _("指纹"),
        "kappa": _("截止校验值"),
        "counted": _("计入票数 / 名册人数"),
        "names": _("已投票的人"),
        "compare-about": _("公示板要自己从投票页面取，不用别人给的。指纹要与公告栏上的逐组比对。"),
        "print-in": _("照纸上输入指纹，由电脑再比一遍（可不填）"),
        "print-short": _("还没有输完，应为64位。"),
        "print-same": _("一致。"),
        "print-other": _("不一致：这不是那一轮的公示板，或抄错了。核对清楚以前不要开票。"),
        "find": _("查找复核码，或回执上的链头（可不填）"),
        "found-counted": _("在公示板上，已计入。"),
        "found-replaced": _("在投票记录里，后来改投了，以后一张为准。"),
        "found-head": _("链头在投票记录里。"),
        "found-none": _("公示板上没有。请检查抄写；确实没有，就提出异议。"),
        "target": _("评分对象"),
        "sum": _("合计"),
        "mean": _("平均分"),
        **_texts_of_opening(),
        **_texts_of_spoiled(),
        "failed": _("没有成功。请关闭后重新打开这个文件，再试一次。"),
    }


def unsupported() -> str:
    """What the file says where a browser is too old, in the language that is active."""
    return _(
        "这个浏览器不能重算公示板。请换用Chrome、Edge、360极速或奇安信浏览器（内核86以上），"
        "或Firefox 102以上，或换一台电脑。"
    )


FILE = OfflineFile(
    "courts/ballots/scrutineer.html", MODULES, "ballot-offline.js", texts, unsupported
)
