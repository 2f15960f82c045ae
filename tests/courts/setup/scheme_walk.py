"""Owns the walk by which a scheme is set up and run for a month, through its pages alone.

`Walk` acts as the people of a made-up prefecture: a founder brings in courts, an administrator
makes the accounts, offices and desks do the rest. Every page that it opens is kept, so that a test
may look for words that belong to another scheme.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courts.models import (
    Bulletin,
    Court,
    MonthlyReturn,
    Motion,
    QualityYear,
    RulebookEdition,
    Snapshot,
    User,
)
from courts.motions.services.motions import trial
from courts.permissions import roles_of_side
from courts.years.selectors.years import courts_of, find_year, rulebook_of
from scoring.facts import Month
from scoring.schema import Rulebook
from tests.pages import account, client_of

PASSWORD = "Hetao-2019-qiu"
OWN_PASSWORD = "Qiu-2019-hetao"


def page(name: str, *arguments: object) -> str:
    return reverse(f"courts:{name}", args=arguments)


def zipped(folder: Path, changes: Mapping[str, str]) -> bytes:
    """The files of a rulebook as an archive, with some texts of `rulebook.toml` changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for file in sorted(folder.glob("*.toml")):
            text = file.read_text("utf-8")
            if file.name == "rulebook.toml":
                for old, new in changes.items():
                    assert text.count(old) == 1, old
                    text = text.replace(old, new)
            packed.writestr(file.name, text)
    return buffer.getvalue()


class Walk:
    """A prefecture with a scheme, and the browsers of its people."""

    def __init__(self, place: str, courts: Mapping[str, tuple[str, str]]) -> None:
        """`courts` are name and level by code, the one that runs the assessment first."""
        self.place, self.courts = place, courts
        self.top = next(iter(courts))
        self.clients: dict[str, Client] = {}
        self.pages: list[tuple[str, str]] = []

    # --- Looking -------------------------------------------------------------------------------

    def get(self, who: str, address: str) -> Any:
        """Open a page as somebody, and keep what it shows."""
        response = self.clients[who].get(address, follow=True)
        assert response.status_code == 200, (who, address, response.status_code)
        if "html" in response.headers["Content-Type"]:
            self.pages.append((address, response.content.decode()))
        return response

    def look(self, who: str, address: str) -> str:
        """Open a page that has only to be there; what went wrong, or nothing."""
        client = self.clients[who]
        client.raise_request_exception = False
        response = client.get(address, follow=True)
        if response.status_code != 200:
            error = (getattr(response, "exc_info", None) or (None, None))[1]
            return f"{who} {address}: {response.status_code} {error!r}"
        self.pages.append((address, response.content.decode()))
        return ""

    def post(self, who: str, address: str, data: Any, **more: Any) -> Any:
        """Send a form as somebody; errors of the form are told by the page that comes back."""
        response = self.clients[who].post(address, data, follow=True, **more)
        assert response.status_code == 200, (who, address, response.status_code)
        return response

    def words(self) -> Iterator[tuple[str, str]]:
        """What people read on every page, without its marks."""
        for address, html in self.pages:
            text = re.sub(r"(?s)<(script|style).*?</\1>", " ", html)
            yield address, re.sub(r"<[^>]+>", " ", text)

    # --- People --------------------------------------------------------------------------------

    def found(self) -> None:
        """The courts, and their first administrator."""
        founder = account(f"{self.place}-root", None, is_superuser=True, is_staff=True)
        self.clients["root"] = client_of(founder)
        lines = ["code,order,short_name,name,name_ko,level"]
        for order, (code, (name, level)) in enumerate(self.courts.items(), 1):
            lines.append(f"{code},{order},{name},{name}（全称）,,{level}")
        file = SimpleUploadedFile("courts.csv", "\n".join(lines).encode())
        preview = self.post("root", page("courts_import"), {"file": file})
        form = preview.context["brought"].waiting
        self.post("root", page("courts_import"), form.initial)
        assert set(Court.objects.values_list("code", flat=True)) >= set(self.courts)
        self.hire("admin", self.top, "admin", by="root")

    def hire(self, name: str, court: str, *roles: str, by: str = "admin") -> None:
        """Make an account on the page of accounts; its owner logs in and sets a password."""
        data = {
            "username": f"{self.place}-{name}",
            "name": name,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "court": Court.objects.get(code=court).pk,
            "roles": roles,
            "is_active": "on",
            "reason": "新设",
        }
        shown = self.post(by, reverse("admin:courts_user_add"), data)
        user = User.objects.filter(username=data["username"]).first()
        assert user is not None, shown.content.decode()
        assert set(user.groups.values_list("name", flat=True)) == set(roles)
        user.is_staff = True
        user.save()
        self.clients[name] = client_of(user)
        own = {"old_password": PASSWORD, "new_password1": OWN_PASSWORD}
        self.post(name, page("password"), own | {"new_password2": OWN_PASSWORD})
        user.refresh_from_db()
        assert not user.must_change_password

    # --- The year ------------------------------------------------------------------------------

    def open_year(self, content: bytes, code: str) -> QualityYear:
        """Draft the rules from an archive, propose them, and have another person open the year."""
        for name in ("office", "office2", "office3"):
            self.hire(name, self.top, "office")
        file = SimpleUploadedFile("rules.zip", content)
        sent = {"import": "1", "file": file, "summary": "新年度"}
        shown = self.post("office", page("edition_new"), sent)
        edition = RulebookEdition.objects.get(court__code=self.top)
        assert edition.code == code, shown.content.decode()
        for name in ("edition", "edition_files", "edition_differences"):
            self.get("office", page(name, edition.pk))
        self.post("office", page("edition_propose", edition.pk), {"version": edition.version})
        address = page("new_year", edition.pk)
        version = self.get("office2", address).context["edition"].version
        shown = self.post(
            "office2", address, {"version": version, "courts": list(self.courts), "sure": "on"}
        )
        assert QualityYear.objects.filter(code=code).exists(), shown.content.decode()
        return find_year(code)

    def staff(self, year: QualityYear) -> None:
        """Two people of each office, somebody at each desk of each court, and who leads."""
        rulebook = rulebook_of(year)
        offices = dict.fromkeys(roles_of_side(share)[1] for share in rulebook.sides)
        for role in offices:
            for number in (1, 2, 3):
                self.hire(f"{role}-{number}", self.top, role)
        desks = dict.fromkeys(roles_of_side(share)[0] for share in rulebook.sides)
        for code in self.courts:
            self.hire(f"desk-{code}", code, *desks)
        self.hire("leader", self.top, "leader")

    def of_office(self, rulebook: Rulebook, side: str, number: int) -> str:
        role = roles_of_side(next(one for one in rulebook.sides if one.side == side))[1]
        return f"{role}-{number}"

    # --- A month -------------------------------------------------------------------------------

    def hand_in(
        self, year: QualityYear, month: Month, court: str, figures: Mapping[str, str]
    ) -> None:
        """Type the figures into the grids of a court's desks, and hand them in."""
        rulebook, who = rulebook_of(year, month), f"desk-{court}"
        user = User.objects.get(username=f"{self.place}-{who}")
        for side in rulebook.share_of:
            place = (year.code, court, str(month), side.value)
            wanted = {
                metric.code: figures[metric.code]
                for metric in rulebook.metrics_of(side)
                if metric.code in figures
            }
            if not wanted:
                continue
            self.get(who, page("return", *place))
            cells = [
                {"metric": code, "value": value, "seen_version": 0}
                for code, value in wanted.items()
            ]
            answer = self.clients[who].post(
                page("return_cells", *place),
                json.dumps({"user": user.pk, "cells": cells}),
                content_type="application/json",
            )
            results = {one["metric"]: one for one in answer.json()["results"]}
            bad = {code: one for code, one in results.items() if one["status"] != "saved"}
            assert not bad, bad
            address = page("return_submit", *place)
            shown = self.get(who, address)
            sent = {"version": shown.context["page"].version}
            asked = shown.context["explain"]
            assert not asked.errors, asked.errors
            for warning in asked.warnings:
                sent[f"reason:{warning.finding.key}"] = "情况属实"
            for blank in asked.blanks:
                sent[f"blank:{blank.row.metric}"] = "本月没有"
            shown = self.post(who, address, sent)
            row = MonthlyReturn.objects.get(
                court__code=court, year=month.year, month=month.month, side=side.value
            )
            assert row.state == "submitted", shown.content.decode()

    def verify_all(self, year: QualityYear) -> None:
        """Let each office verify what was handed in."""
        for row in MonthlyReturn.objects.filter(state="submitted", court__in=_keys(year)):
            who = self.of_office(rulebook_of(year), row.side, 1)
            address = page("review", year.code, row.court.code, row.period, row.side)
            self.get(who, address)
            self.post(who, address, {"act": "verify", "version": row.version})
            row.refresh_from_db()
            assert row.state == "verified", row

    def give_base(self, year: QualityYear, rows: Mapping[str, Mapping[str, str]]) -> None:
        """Figures of the whole year before, by metric and court, confirmed by a second person."""
        rulebook = rulebook_of(year)
        for metric, values in rows.items():
            who = self.of_office(rulebook, rulebook.metrics[metric].side, 1)
            data = {"month": 12, "metric": metric, "source": "上年统计报表"}
            data |= {f"value-{court}": value for court, value in values.items()}
            self.get(who, page("base_give", year.code))
            self.post(who, page("base_give", year.code), data)
        self.confirm_motions(year)

    def assess(self, year: QualityYear, month: Month, item: str, points: Mapping[str, str]) -> None:
        """Points that an office gives, with reasons, confirmed by a second person."""
        rulebook = rulebook_of(year)
        who = self.of_office(rulebook, rulebook.item_by_code[item].side, 1)
        data: dict[str, Any] = {"item": item, "month": month.month}
        for court, text in points.items():
            data |= {f"points-{court}": text, f"reason-{court}": "台账", f"seen-{court}": 0}
        self.get(who, page("assessments", year.code))
        self.post(who, page("assessments", year.code), data)
        self.confirm_motions(year)

    def confirm_motions(self, year: QualityYear) -> None:
        """Have a second person confirm whatever waits."""
        rulebook = rulebook_of(year)
        waiting = list(Motion.objects.filter(quality_year=year, state="waiting"))
        assert waiting
        for motion in waiting:
            who = self.of_office(rulebook, next(iter(motion.sides)), 2)
            address = page("motion", year.code, motion.pk)
            self.get(who, address)
            seen = trial(motion).digest
            shown = self.post(who, address, {"act": "confirm", "seen": seen, "note": "同意"})
            motion.refresh_from_db()
            assert motion.state == "confirmed", shown.content.decode()

    def close(self, year: QualityYear, month: Month) -> Snapshot:
        """Close all sides of a month: one person of each office, the last one makes it whole."""
        rulebook = rulebook_of(year, month)
        address = page("close", year.code, month)
        sides = [side.value for side in rulebook.share_of]
        role = {roles_of_side(share)[1] for share in rulebook.sides}
        # Who is of every office closes all sides in one snapshot.
        self.hire("closer", self.top, *role)
        self.get("closer", address)
        data = {"sides": sides, "act": "close", "reason": "数据齐全"}
        shown = self.post("closer", address, data)
        snapshot = Snapshot.objects.filter(quality_year=year, month=month.month).last()
        assert snapshot is not None, shown.content.decode()
        self.get("closer", address)
        return snapshot

    def publish(self, year: QualityYear, month: Month, snapshot: Snapshot) -> Bulletin:
        """Ask no court, draft the bulletin, number it, have each office sign, and publish."""
        terms = {"consultation_days": 0, "silence": "confirms", "objection_days": 7}
        data = {**terms, "reason": "试行", "seen": 0}
        self.get("office", page("issuing_terms", year.code))
        self.post("office", page("issuing_terms", year.code), data)
        rulebook = rulebook_of(year, month)
        writer = self.of_office(rulebook, rulebook.sides[0].side, 1)
        self.get(writer, page("bulletins", year.code))
        self.post(writer, page("bulletin_draft", year.code, snapshot.pk), {})
        issue = Bulletin.objects.get(snapshot=snapshot)
        address = page("bulletin_edit", year.code, issue.pk)
        shown = self.get(writer, address)
        form = shown.context["form"]
        given = {name: form.get_initial_for_field(f, name) for name, f in form.fields.items()}
        given |= {"number": 1, "number_year": month.year + 1, "dated_on": f"{month.year + 1}-01-10"}
        given = {name: value for name, value in given.items() if value not in (None, False)}
        shown = self.post(writer, address, given)
        issue.refresh_from_db()
        assert issue.number == 1, shown.content.decode()
        address = page("bulletin_sign", year.code, issue.pk)
        for share in rulebook.sides:
            who = self.of_office(rulebook, share.side, 3)
            if share.side not in {one.side for one in issue.signatures.all()}:
                self.get(who, address)
                issue.refresh_from_db()
                shown = self.post(who, address, {"act": "sign", "seen": issue.version})
        issue.refresh_from_db()
        assert issue.state == "signed", self.get(who, address).content.decode()
        response = self.clients[who].post(address, {"act": "publish", "seen": issue.version})
        b"".join(response) if response.streaming else response.content
        issue.refresh_from_db()
        assert issue.state == "published", self.get(who, address).content.decode()
        return issue


def _keys(year: QualityYear) -> list[int]:
    return [court.pk for court in courts_of(year)]
