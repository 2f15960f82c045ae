"""Owns the field of a file that somebody brings: its size, and refusals that name it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courts.files.plain import FileError
from courts.files.reading import fault_sentence
from courts.files.sheets import complaint

MEGABYTE, KILOBYTE = 1024 * 1024, 1024


class BroughtFileField(forms.FileField):
    """A file of at most `most_bytes` bytes, refused by its size before anybody reads it."""

    def __init__(self, *, most_bytes: int, **options: Any) -> None:
        self.most_bytes = most_bytes
        options.setdefault("error_messages", {"required": gettext_lazy("请选择文件。")})
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        name, size = file.name or "", file.size or 0
        if not size:
            raise ValidationError(complaint(name, fault_sentence(FileError("empty"))))
        if size > self.most_bytes:
            raise ValidationError(complaint(name, self._too_big()))
        return file

    def _too_big(self) -> str:
        if self.most_bytes < MEGABYTE:
            return _("文件超过%(most)s KB。") % {"most": self.most_bytes // KILOBYTE}
        return fault_sentence(FileError("too_big", most=self.most_bytes))
