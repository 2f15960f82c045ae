"""Has a file read in a child process, and says in words what is wrong with it.

The bytes are never kept: what waits for a person's confirmation is the table (`encoding`).
"""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from courts.files.child import request
from courts.files.children import answer_of
from courts.files.encoding import Json, fault_from_data, tables_from_data
from courts.files.plain import Bounds, FileError, Found, Mark

PAGE = Bounds()
CHILD = ["-m", "courts.files.child"]


def read_file(name: str, content: bytes, bounds: Bounds = PAGE, *, as_lines: bool = False) -> Json:
    """The tables of a file as plain data (`encoding.tables_as_data`); `FileError` for others.

    `as_lines`: every line of a bare text as it stands; `ended` then says what ended the reading.
    """
    if len(content) > bounds.most_bytes:
        raise FileError("too_big", most=bounds.most_bytes)
    said = answer_of(CHILD, request(name, bounds, as_lines=as_lines) + content, bounds.seconds)
    try:
        answer = json.loads(said or b"")
    except ValueError as error:
        raise FileError("too_much") from error
    if "fault" in answer:
        raise fault_from_data(answer["fault"])
    return answer


def lines_of(name: str, content: bytes, bounds: Bounds) -> tuple[Found, FileError | None]:
    """The lines of a bare text, and what ended the reading before its end. `FileError`."""
    data = read_file(name, content, bounds, as_lines=True)
    ended = data["ended"]
    return tables_from_data(data), fault_from_data(ended) if ended else None


def tables_of(name: str, content: bytes, bounds: Bounds = PAGE) -> Found:
    """The tables of a file. `FileError`."""
    return tables_from_data(read_file(name, content, bounds))


def fault_sentence(fault: FileError) -> str:
    """What the file is and the way on, in the reader's language."""
    save_as = _("请用 WPS 或 Excel 另存为 .xlsx 后再传。")
    sentences = {
        "busy": _("现在有好几份文件在读，请过一会儿再传。"),
        "empty": _("文件是空的。请检查后重新选择文件。"),
        "too_big": _("文件超过%(most)s MB。")
        % {"most": fault.found.get("most", 0) // 1024 // 1024},
        "pdf": _("这是PDF文件，不是表格；请在原系统里导出Excel表，或另存为 .xlsx 后再传。"),
        "rar": _("这是RAR压缩包；请先解压，再传里面的表格。"),
        "archive": _("这是压缩包，不是表格；请先解压，再传里面的表格。"),
        "zip_with_table": _("这是压缩包，里面有 %(inside)s；请先解压，再传这张表。")
        % {"inside": fault.found.get("inside", "")},
        "picture": _("这是图片，不是表格；请传原来的表格文件。"),
        "document": _("这是文字文档或演示文稿，不是表格；请把表格复制到 WPS 或 Excel，")
        + _("存为 .xlsx 后再传。"),
        "ofd": _("这是OFD版式文件，不是表格；请在原系统里导出Excel表后再传。"),
        "et": _("这是WPS表格文件（.et），不能直接读取；") + save_as,
        "old": _("这是旧版或特殊格式的表格，读不出内容；") + save_as,
        "encrypted": _("工作簿设了打开密码；请取消密码，另存为 .xlsx 后再传。"),
        "markup": _("这是网页文件，里面没有表格；请在原系统里重新导出，另存为 .xlsx 后再传。"),
        "mhtml": _("这是网页归档文件，里面没有找到表格；") + save_as,
        "damaged": _(
            "工作簿的一个部件（%(part)s）读不出来；请用 WPS 或 Excel 打开，另存为 .xlsx 后再传。"
        )
        % {"part": fault.found.get("part", "")},
        "entities": _("文件里有不允许的XML定义，拒绝读取；") + save_as,
        "encoding": _("认不出文字的编码；") + save_as,
        "bad_byte": _("第%(row)s行有认不出的字（编码有误）；请改正这一处，或另存为 .xlsx 后再传。")
        % {"row": fault.found.get("row", "")},
        "csv": _("这一行不是有效的CSV，请检查引号。"),
        "opaque": _("这种格式看不出公式和百分比；") + save_as,
        "rows": _("超过%(most)s行。") % {"most": fault.found.get("most", "")},
        "columns": _("第%(row)s行超过%(most)s列；请只保留要上传的列。")
        % {"row": fault.found.get("row", ""), "most": fault.found.get("most", "")},
    }
    too_much = _("文件内容太多，拒绝读取；请只保留要上传的那张表，另存为 .xlsx 后再传。")
    return sentences.get(fault.code, too_much)


def opaque_sentence(kind: str) -> str:
    """What a person has to look at in a file of a format that hides formulas and percentages."""
    text = _("这种格式（%(kind)s）看不出哪些格子是公式、哪些是百分比，请逐格核对。")
    return text % {"kind": f".{kind}"}


def mark_sentence(mark: Mark) -> str:
    """Why a cell is no value, and what to do, in the reader's language."""
    sentences = {
        "formula": _("单元格%(address)s是公式，请粘贴为数值。") % {"address": mark.address}
        if mark.address
        else _("这一格是公式，请粘贴为数值。"),
        "percent": _("单元格设了百分比格式，请改为常规格式，直接写数值。"),
        "truth": _("是逻辑值，应为文字或数字。"),
    }
    return sentences.get(mark.reason, _("是错误值或时间，应为文字或数字。"))
