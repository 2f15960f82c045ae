"""Owns the command that recomputes the snapshot of a bulletin from its file alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from courts.frame.listing import enumerated
from courts.snapshots import SnapshotError
from courts.snapshots.canonical import MOST_BYTES
from courts.snapshots.verification import PartDifference, Unchecked, Verification, verify

LONGEST_SHOWN = 120
MOST_SHOWN = 200


class Command(BaseCommand):
    """Verify a snapshot file: its hash, and every point from its own figures and rules."""

    help = (
        "Recompute every point of a snapshot file from the figures and rules in it; no database."
        " 0: equal; 1: a difference, or no snapshot. Only --hash, published elsewhere, tells"
        " that the file is the one that was published."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file, and the published hash."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--hash", metavar="H", help="the published SHA-256, 64 hex digits")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say that it is equal, or print each difference and fail."""
        try:
            found = verify(self._content(options["file"]), options["hash"])
        except SnapshotError as error:
            text = _("不是可以核验的快照：%(reason)s。")
            raise CommandError(text % {"reason": error}) from error
        self.stdout.write(_("快照校验值（SHA-256）：%(hash)s") % {"hash": found.sha256})
        values = {
            "month": found.month,
            "courts": len(found.courts),
            "items": found.items,
            "sides": enumerated(found.sides),
        }
        text = _("%(month)s，%(sides)s：按所载规则和数据重算了%(courts)s个法院的%(items)s项得分。")
        self.stdout.write(text % values)
        for line in self._unchecked(found):
            self.stdout.write(line)
        self.stdout.write(self._authenticity(found))
        if not found.is_equal:
            for difference in found.differences[:MOST_SHOWN]:
                self.stderr.write(self._difference(difference))
            count = len(found.differences)
            if found.matches is False:
                raise CommandError(_("校验值与给出的不同，这不是所通报的那一份。"))
            raise CommandError(_("有%(count)s处与重算的结果不同。") % {"count": count})
        self.stdout.write(_("一致：每一项得分、合计和名次都与重算的结果相同。"))

    def _content(self, name: str) -> bytes:
        """The bytes of the file; one that is too long is not read to its end."""
        try:
            with Path(name).open("rb") as opened:
                return opened.read(MOST_BYTES + 1)
        except OSError as error:
            text = _("无法读取文件 %(file)s：%(reason)s。")
            raise CommandError(text % {"file": name, "reason": error.strerror}) from error

    def _unchecked(self, found: Verification) -> list[str]:
        words = {
            Unchecked.COURTS: _("未核验：文件里没有给出的法院，只有其校验值。"),
            Unchecked.RANKS: _("未核验：名次，要有全部法院的数据才能核对。"),
            Unchecked.PEERS: _("未核验：由其他法院得分得出的分数，按文件所载计入合计。"),
        }
        return [words[one] for one in found.unchecked]

    def _authenticity(self, found: Verification) -> str:
        if found.matches is None:
            return _(
                "没有给出通报公布的校验值（--hash），只能证明文件自身前后一致，不能证明它就是通报的那一份。"
            )
        if found.matches:
            return _("与给出的校验值相同；真伪只由这个校验值证明，请从通报上抄录。")
        return _("与给出的校验值不同。")

    def _difference(self, one: PartDifference) -> str:
        text = _("%(part)s %(place)s：所载 %(held)s，重算 %(found)s")
        return text % {
            "part": one.part,
            "place": one.place,
            "held": self._shown(one.held),
            "found": self._shown(one.found),
        }

    def _shown(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)[:LONGEST_SHOWN]
