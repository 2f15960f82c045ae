"""Owns answers that grow while long work is done: a line for every step, then the outcome.

The page is written whole with two marks in it, and sent in pieces. It works without a script.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language, override

# Where the finished steps stand in their page, and what came of them.
STEPS, OUTCOME = "<!-- steps -->", "<!-- outcome -->"

# A step: its name, how many are done, of how many. The generator returns the outcome in words.
Steps = Generator[tuple[str, int, int], None, str]


def growing(
    request: HttpRequest, template: str, context: dict[str, object], steps: Steps
) -> StreamingHttpResponse:
    """The page of a template that has both marks, growing with the steps.

    Whatever may refuse the request is asked before: the answer has begun when the steps run.
    """
    page = render_to_string(template, context, request)
    return StreamingHttpResponse(_pieces(page, steps, get_language() or ""))


def _pieces(page: str, steps: Steps, language: str) -> Iterator[str]:
    head, _mark, rest = page.partition(STEPS)
    middle, _mark, tail = rest.partition(OUTCOME)
    yield head
    outcome = ""
    while True:
        # The request's language is over when the answer is sent.
        with override(language):
            try:
                name, done, of = next(steps)
            except StopIteration as end:
                outcome = str(end.value)
                break
        yield format_html("<li>{} <span>{}/{}</span></li>\n", name, done, of)
    yield middle
    yield format_html('<p class="notice" role="status">{}</p>', outcome)
    yield tail
