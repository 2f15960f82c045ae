"""Owns the field that takes several files that go with something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from courts.files.attachments import MOST_BYTES, GivenFile


class ManyFiles(forms.ClearableFileInput):
    """The browser's own field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; one that is too large is refused before it is read."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(FilesField, self).clean(one, initial) for one in data or []]
        for file in files:
            if file.size > MOST_BYTES:
                values = {"name": file.name, "most": MOST_BYTES // 1024 // 1024}
                text = _("%(name)s：附件超过%(most)s MB，请压缩或拆分。")
                raise forms.ValidationError(text % values)
        return files


def read_files(files: Iterable[Any]) -> list[GivenFile]:
    """The files of the field, read."""
    return [GivenFile(one.name, one.read()) for one in files]
