"""Owns making one HTML file that works offline, from scripts and texts of the ballot.

There is no second implementation: the scripts that the pages load are put into one
(`ballot_scripts`), and run there by the file's page and its worker. The same sources and
catalogues give the same bytes, so two people can compare the hash of what they were given.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from courts.ballots.scripts import (
    FEATURES,
    PROTOCOL,
    STATIC,
    WORKER,
    name_of,
    shared,
    wrapped,
)

LANGUAGES = ("zh-hans", "ko", "en")
STYLE = "ballot-offline.css"


@dataclass(frozen=True)
class OfflineFile:
    """What one file is made of.

    `modules` are the scripts that its page needs beside the protocol, in the order in which they
    need each other; `page` is the last of them. `texts` and `unsupported` give what the file says
    in the language that is active; `%s` in a text stands for a name or a number.
    """

    template: str
    modules: Sequence[str]
    page: str
    texts: Callable[[], dict[str, str]]
    unsupported: Callable[[], str]

    def script(self) -> str:
        """All scripts in one, which runs as the page, or without a document as its worker."""
        for_auditors = ", ".join(f"{file[7:-3]}: {name_of(file)}" for file in PROTOCOL)
        return (
            f'"use strict";\n{shared((*PROTOCOL, FEATURES))}'
            # Read in the page alone: they look at the document when they start.
            f"const page = () => {{\n{shared(self.modules)}({wrapped(self.page)})();\n}};\n"
            f"const worker = {wrapped(WORKER)};\n"
            # The protocol by name, so that its functions can be tried from the console.
            f"globalThis.QB2 = Object.freeze({{ {for_auditors} }});\n"
            '(typeof document === "undefined" ? worker : page)();\n'
        )

    @cached_property
    def source(self) -> bytes:
        """The file as it is served, to the byte."""
        script, style = self.script(), (STATIC / STYLE).read_text("utf-8")
        policy = (
            f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
            "worker-src blob:; base-uri 'none'; form-action 'none'"
        )
        unsupported, said = {}, {}
        for language in LANGUAGES:
            with override(language):
                said[language] = self.texts()
                unsupported[language] = self.unsupported()
        context = {
            "policy": mark_safe(policy),  # noqa: S308  our own
            "style": mark_safe(style),  # noqa: S308  our own
            "script": mark_safe(script),  # noqa: S308  our own
            "title": said[LANGUAGES[0]]["title"],
            "texts": said,
            "unsupported": unsupported,
        }
        return render_to_string(self.template, context).encode()

    @cached_property
    def sha256(self) -> str:
        """Its hash, in hex."""
        return hashlib.sha256(self.source).hexdigest()


def _source(text: str) -> str:
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
