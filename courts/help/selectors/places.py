"""Owns where help begins: the manual of an account's role, at the part of the page it is on."""

from __future__ import annotations

from django.urls import reverse

from courts.help.parts import ADMINISTRATION, COMMON, FILES, PAGES_OF, PARTS
from courts.permissions import Account, Role, roles


def own_pages(user: Account) -> tuple[str, ...]:
    """The pages of the manual that describe the account's work, then the common one."""
    held = roles(user)
    found = [page for role in Role if role in held for page in PAGES_OF[role]]
    return (*dict.fromkeys(found), COMMON)


def ordered_pages(user: Account) -> tuple[str, ...]:
    """All pages of the manual, the account's own first."""
    return tuple(dict.fromkeys((*own_pages(user), *FILES)))


def part_of(view_name: str, user: Account) -> str:
    """The part of the manual for a page by the name of its address, as `page#anchor`.

    Of several it is the one in the manual of the account's own role; of a page in no manual, such
    as one that there is not, nothing.
    """
    namespace, _colon, name = view_name.partition(":")
    parts = ADMINISTRATION if namespace == "admin" else PARTS.get(name, ())
    for page in own_pages(user):
        for part in parts:
            if part.partition("#")[0] == page:
                return part
    return parts[0] if parts else ""


def help_address(view_name: str, user: Account) -> str:
    """Where 帮助 leads from a page: to its part, or to the list of all."""
    part = part_of(view_name, user)
    return part_address(part) if part else reverse("courts:help")


def part_address(part: str) -> str:
    """The address of a part of the manual, written `page#anchor`."""
    page, _hash, anchor = part.partition("#")
    return f"{reverse('courts:help_page', args=[page])}#{anchor}"
