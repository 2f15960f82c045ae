"""Owns having a Word template tried out, and files made with it, in a child process.

What a template's words do is not trusted: they run with limits, away from the server, its secrets
and its database. The sentences of faults stand here.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _

from courts.files.children import answer_of
from courts.files.plain import FileError
from courts.files.reading import fault_sentence
from courts.frame.listing import enumerated
from courts.papers.child import CHECK, MAKE, request
from courts.papers.document import Document, as_json
from courts.papers.template_parts import BOUNDS
from courts.papers.trial_documents import trial_documents
from courts.papers.word import word_of

MOST_BYTES = BOUNDS.most_bytes
_CHILD = ["-m", "courts.papers.child"]


class FileUnmadeError(Exception):
    """A file could not be made with the office's template."""


def faults_of(template: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Every fault of an uploaded template, as codes; none when it may be used."""
    if len(template) > MOST_BYTES:
        return [("too_big", {"most": MOST_BYTES})]
    head, _made = _asked(CHECK, template)
    return [(code, found) for code, found in head["faults"]]


def word_by(template: bytes, document: Document) -> bytes:
    """The document as .docx by a template that passed its trial. `FileUnmadeError`."""
    head, made = _asked(MAKE, template, as_json(document))
    if head["faults"] or not made:
        raise FileUnmadeError(_("用现行模板生成Word文件失败，请改用系统自带的模板。"))
    return made


def _asked(task: str, template: bytes, document: str = "") -> tuple[dict[str, Any], bytes]:
    try:
        said = answer_of(_CHILD, request(task, template, document), BOUNDS.seconds)
    except FileError as fault:
        return {"faults": [[fault.code, fault.found]]}, b""
    head, _newline, made = (said or b"").partition(b"\n")
    try:
        return json.loads(head), made
    except ValueError:
        return {"faults": [["too_much", {}]]}, b""


def sentence(code: str, found: dict[str, Any]) -> str:
    """A fault and what to do about it, in the reader's language."""
    field = str(found.get("field", ""))
    sentences = {
        "not_word": _("不是Word文档（.docx）；请用 WPS 或 Word 另存为 .docx 后再传。"),
        "twice": _("压缩包里有两个同名部件，拒绝读取；请用 WPS 或 Word 另存为 .docx 后再传。"),
        "macro": _("文件带有宏，不能作模板；请另存为不带宏的 .docx。"),
        "link": _("模板链接到外部（%(target)s），请删除该链接或图片链接。")
        % {"target": found.get("target", "")},
        "embedded": _("模板嵌入了其他文件或对象（%(kind)s），请删除。")
        % {"kind": found.get("kind", "")},
        "field_code": _("模板有域代码“%(field)s”，只允许页码和页数，请删除。") % {"field": field},
        "unopenable": _("用这个模板生成的文件打不开（%(detail)s）。")
        % {"detail": found.get("detail", "")},
        "styles": _("模板缺少样式：%(names)s。请在系统自带的模板上修改，保留全部样式。")
        % {"names": enumerated(found.get("names", []))},
        "syntax": _("花括号里的写法有误（%(detail)s），在“%(near)s”附近。")
        % {"detail": found.get("detail", ""), "near": found.get("near", "")},
        "unsafe": _("花括号里的写法不允许（%(detail)s）。") % {"detail": found.get("detail", "")},
        "unknown": _("没有字段“%(field)s”，请改正或删除。") % {"field": field},
        "lacking": _("缺少字段“%(field)s”，请补上。") % {"field": field},
        "misplaced": _("字段“%(field)s”放的位置不对：成段的字段写作“{{p 字段 }}”，单独成一段。")
        % {"field": field},
        "nested": _("生成的文件结构有误（%(element)s），Word打不开；请检查成段的字段是否单独成段。")
        % {"element": found.get("element", "")},
        "lost": _("试排时字段“%(field)s”的数字没有印出来，请检查条件和循环。") % {"field": field},
        "added": _("试排时多出数字%(number)s，请检查是否重复印了字段。")
        % {"number": found.get("number", "")},
        "altered": _("试排时有文字与原文不一致，请去掉改动文字的写法。"),
        "too_much": _("试排用的时间或内存太多，请简化模板。"),
    }
    return sentences.get(code) or fault_sentence(FileError(code, **found))


def trial_file(template: bytes | None) -> bytes:
    """A trial document by a template, None for the built-in one. `FileUnmadeError`."""
    document, _fields = trial_documents()[0]
    return word_of(document) if template is None else word_by(template, document)
