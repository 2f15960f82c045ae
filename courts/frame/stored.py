"""Owns writing a row whole: its own checks first, and what the database refuses said in words."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from courts.frame.refusals import ReturnError, StaleError


def store(row: models.Model) -> None:
    """Write the row after its own checks; `ReturnError` says what is wrong with it.

    `StaleError` where another row came first that only one of can be.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise ReturnError(" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise StaleError(_("已有他人先行处理，请刷新后再看。")) from error
