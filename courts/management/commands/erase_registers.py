"""Erase what is personal in registers whose time is over; run once a night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from courts.models import QualityYear
from courts.registers.services.erasure import erase_year


class Command(BaseCommand):
    help = "Erase what is personal in registers whose retention is over."

    def handle(self, *args: Any, **options: Any) -> None:
        for year in QualityYear.objects.select_related("court", "edition").order_by("code"):
            for one in erase_year(year=year):
                if one.lines:
                    self.stdout.write(f"{year.code} {one.register}: {one.lines}")
