"""Owns the application's name; never connects signals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CourtsConfig(AppConfig):
    """The courts of the prefecture and their quality year."""

    name = "courts"
    label = "courts"
    verbose_name = _("审判执行质量年")
