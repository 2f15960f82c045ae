"""Owns reading what a grid sends about a pasted block; the service says what the block means."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from courts.frame.forms.bodies import read_json
from courts.returns.services.blocks import MOST_SIGNS, PastedBlock

MOST_BYTES = 8 * MOST_SIGNS
MOST_ANSWERS = 100
LONGEST_ANSWER = 80


def read_block(body: bytes) -> PastedBlock:
    """The block in the body of a request; `ValidationError` when it holds something else."""
    if len(body) > MOST_BYTES:
        text = _("粘贴的内容太多（最多 %(most)s 字），请分几次粘贴。")
        raise ValidationError(text % {"most": MOST_SIGNS})
    try:
        sent = read_json(body, judged=["text"])
        answers = {_text(key): _text(answer) for key, answer in sent.get("answers", {}).items()}
        block = PastedBlock(
            text=_text(sent["text"]),
            metric=_text(sent["metric"]),
            court=_text(sent.get("court", "")),
            column=_text(sent.get("column", "")),
            answers=answers,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。")) from error
    too_long = any(len(answer) > LONGEST_ANSWER for pair in answers.items() for answer in pair)
    if len(answers) > MOST_ANSWERS or too_long:
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    return block


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
