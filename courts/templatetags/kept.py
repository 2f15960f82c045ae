"""Owns keeping what pages draw while nothing that it is drawn from changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courts import database_clock
from courts.frame.views.parts import bodies, parts

register = template.Library()


class BodyNode(template.Node):
    """Draws its block, or shows what it drew for the account at this address before."""

    def __init__(self, stamp: FilterExpression, nodelist: NodeList) -> None:
        self.stamp, self.nodelist = stamp, nodelist

    def render(self, context: template.Context) -> SafeString:
        stamp, request = self.stamp.resolve(context), context["request"]
        if not stamp:
            return self.nodelist.render(context)
        origin: Any = self.origin
        place = (request.get_full_path(), request.user.pk, get_language(), database_clock.today())
        return bodies((origin.name, stamp, *place), lambda: self.nodelist.render(context))


class PartNode(template.Node):
    """Draws its block, or shows what it drew from the same values before."""

    def __init__(self, values: Sequence[FilterExpression], nodelist: NodeList) -> None:
        self.values, self.nodelist = values, nodelist

    def render(self, context: template.Context) -> SafeString:
        origin: Any = self.origin
        values = tuple(one.resolve(context) for one in self.values)
        key = (origin.name, get_language(), *values)
        return parts(key, lambda: self.nodelist.render(context))


@register.tag
def kept_body(parser: Parser, token: Token) -> BodyNode:
    """`{% kept_body period.stamp %}…{% endkept_body %}`: drawn once a state of the data.

    Everything in it follows from the address, the account, the language, the day and what was read
    under the stamp: no secret of forms, no message, no moment, nothing of what is not stamped.
    Without a stamp it is drawn each time. One such block a template.
    """
    _name, stamp = token.split_contents()
    return BodyNode(parser.compile_filter(stamp), _block_of(parser, "endkept_body"))


@register.tag
def kept_of(parser: Parser, token: Token) -> PartNode:
    """`{% kept_of value … %}…{% endkept_of %}`: drawn once for these values and the language.

    They are all that the block is drawn from, and nobody changes them (`Hashable`). One such block
    a template.
    """
    _name, *values = token.split_contents()
    found = [parser.compile_filter(one) for one in values]
    return PartNode(found, _block_of(parser, "endkept_of"))


def _block_of(parser: Parser, end: str) -> NodeList:
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist
