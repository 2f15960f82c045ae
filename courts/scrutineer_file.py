"""Owns handing out `scrutineer.html`: one file that works offline, made from the ballot's scripts.

There is no second implementation: the scripts that the pages load are put into one
(`ballot_scripts`), and run there by the file's page and its worker. The same sources and
catalogues give the same bytes, so two people can compare the hash of what they were given.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from courts.ballot_scripts import FEATURES, PROTOCOL, STATIC, WORKER, name_of, shared, wrapped

PAGE, STYLE = "ballot-offline.js", "ballot-offline.css"
LANGUAGES = ("zh-hans", "ko", "en")


def texts() -> dict[str, str]:
    """What the file says, in the language that is active; `%s` stands for a name or number."""
    return {
        "title": _("监票人离线文件：核对公示板、开票"),
        "about": _("这个文件不联网，也不向任何地方发送数据。断开网络也能用。"),
        "step-board": _("第一步：选择公示板"),
        "choose-board": _("从投票页面下载的board.json"),
        "checking": _("正在重算整个公示板，请不要关闭页面……"),
        "good-closed": _("公示板校验通过，还没有开票。请看第二步。"),
        "good-tallied": _("公示板校验通过，合计与密文一致。"),
        "bad-json": _("没有通过：这不是原样的board.json。请重新下载，不要用别的软件另存。"),
        "bad-manifest": _("没有通过：公告书不合规定。不要开票，请告诉办公室。"),
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
        "compare-about": _(
            "指纹要与会议纪要或公告栏上的逐组比对，不要只看这台电脑。名单里的人应当都真的投过票。"
        ),
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
        "step-open": _("第三步：凭密钥卡开票"),
        "open-about": _(
            "每位监票人各做一次，只能为同一个截止结果做。密钥不离开这个页面，也不保存。"
        ),
        "print-seen": _("指纹与纸上公布的一致"),
        "kappa-said": _("已与其他监票人念出截止校验值，一致"),
        "who": _("您是哪位监票人"),
        "card": _("密钥卡存成的文件（key-card.txt），没有就在下面输入"),
        "digits": _("密钥（64位，可带空格）"),
        "check": _("校验码（8位）"),
        "open": _("生成开票文件"),
        "opening": _("正在计算……"),
        "made": _("开票文件已做好。请存下来，在投票页面的“开票”里交上去。"),
        "save": _("存下开票文件"),
        "need-print": _("请先与纸上公布的指纹比对，一致才能开票。"),
        "need-kappa": _("请先与其他监票人念出截止校验值，一致才能开票。"),
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
        "failed": _("没有成功。请关闭后重新打开这个文件，再试一次。"),
    }


def joined() -> str:
    """All scripts in one, which runs as the file's page, or without a document as its worker."""
    for_auditors = ", ".join(f"{file[7:-3]}: {name_of(file)}" for file in PROTOCOL)
    return (
        f'"use strict";\n{shared((*PROTOCOL, FEATURES, "ballot-helper.js"))}'
        f"const page = {wrapped(PAGE)};\nconst worker = {wrapped(WORKER)};\n"
        # The protocol by name, so that its functions can be tried from the console.
        f"globalThis.QB2 = Object.freeze({{ {for_auditors} }});\n"
        '(typeof document === "undefined" ? worker : page)();\n'
    )


def _source(text: str) -> str:
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


@cache
def source() -> bytes:
    """The file as it is served."""
    script, style = joined(), (STATIC / STYLE).read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    unsupported = {}
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = texts()
            unsupported[language] = _(
                "这个浏览器不能重算公示板。请换用Chrome、Edge、360极速或奇安信浏览器（内核86以上），"
                "或Firefox 102以上，或换一台电脑。"
            )
    context = {
        "policy": mark_safe(policy),  # noqa: S308  our own
        "style": mark_safe(style),  # noqa: S308  our own
        "script": mark_safe(script),  # noqa: S308  our own
        "title": said[LANGUAGES[0]]["title"],
        "texts": said,
        "unsupported": unsupported,
    }
    return render_to_string("courts/ballots/scrutineer.html", context).encode()


@cache
def sha256() -> str:
    """Its hash, in hex."""
    return hashlib.sha256(source()).hexdigest()
