"""Owns what every test stands on: catalogues that are compiled before Django reads one."""

from django.conf import settings

from courts import catalogues


def pytest_configure() -> None:
    """Compile what changed, once a run."""
    for folder in settings.LOCALE_PATHS:
        catalogues.compile_all(folder)
