"""Owns reading the text of a form that is to be kept as a draft, and the mark that says whose.

A form that keeps drafts carries a signed mark of the account it was drawn for. Its text can so be
kept for that account, and for nobody else, even when the form arrives after the session ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.http import QueryDict

from courts.models.drafts import LONGEST_DRAFT, LONGEST_FIELD, LONGEST_THING

MARK, FORM, THING = "_draft", "_form", "_thing"
# How long a page may lie open and its text still be kept.
LONGEST_OPEN = timedelta(days=7)
MOST_FIELDS = 200
# What a form carries besides what a person typed.
NOT_TEXT = frozenset(
    {"csrfmiddlewaretoken", "version", "seen", "act", "office", "grant", "stands", "pick"}
)
_SIGNER = signing.TimestampSigner(salt="courts.drafts")


@dataclass(frozen=True, slots=True)
class GivenDraft:
    """Text by field, of the account with the key `user_pk`, for the address `thing`."""

    user_pk: int
    thing: str
    texts: Mapping[str, str]


def mark_of(user_pk: int) -> str:
    """The mark for the forms of a page drawn for an account."""
    return _SIGNER.sign(str(user_pk))


def read_draft(data: QueryDict, address: str) -> GivenDraft | None:
    """The draft in a sent form; None when it carries no mark of ours, or an old one."""
    try:
        user_pk = int(_SIGNER.unsign(data.get(MARK, ""), max_age=LONGEST_OPEN))
    except (signing.BadSignature, ValueError):
        return None
    thing = data.get(THING, address)
    if not thing.startswith("/") or len(thing) > LONGEST_THING:
        return None
    form = data.get(FORM, "")
    texts = {
        field_name(form, name): text.replace("\x00", "").strip()[:LONGEST_DRAFT]
        for name, text in data.items()
        if name not in NOT_TEXT and not name.startswith("_") and isinstance(text, str)
    }
    known = [(name, text) for name, text in texts.items() if len(name) <= LONGEST_FIELD]
    return GivenDraft(user_pk, thing, dict(known[:MOST_FIELDS]))


def field_name(form: str, name: str) -> str:
    """The field of a draft: with the name of its form where an address takes several."""
    return f"{form}:{name}" if form else name
