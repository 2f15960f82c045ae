"""Owns reading a body of JSON: bounded in depth, in UTF-8, without signs that cannot be kept."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _

from courts.frame.storable import refused_near

DEEPEST = 20
# What a 64-bit column holds; no field of ours takes more.
LARGEST = 2**63 - 1


def read_json(body: bytes, *, judged: Collection[str] = ()) -> Any:
    """What the body says; `ValidationError` in words when it cannot be read or kept.

    `judged` names keys whose texts the caller judges sign by sign itself.
    """
    wrong = ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise wrong from error
    level = [data]
    for _depth in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value, judged)]
        if not level:
            return data
    raise wrong


def body_of(request: HttpRequest) -> bytes:
    """The body of a request as it was sent; `ValidationError` for a form's."""
    try:
        return request.body
    except RawPostDataException as error:
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。")) from error


def _inside(value: Any, judged: Collection[str]) -> list[Any]:
    """What a value holds; a text or number that cannot be kept is refused."""
    if isinstance(value, dict):
        for name in value:
            _check_text(name)
        return [
            inner
            for name, inner in value.items()
            if not (name in judged and isinstance(inner, str))
        ]
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ValidationError(_("没有读懂发来的数据，请刷新页面后再试。"))
    return []


def _check_text(text: str) -> None:
    near = refused_near(text)
    if near:
        text = _("“%(near)s”处有不能保存的控制符号或无法识别的文字，请删去后再试。")
        raise ValidationError(text % {"near": near})
