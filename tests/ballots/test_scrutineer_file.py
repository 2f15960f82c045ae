"""Tests of scrutineer.html and booth.html: the same bytes from every build, asking nobody."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from courts.ballots import booth_file, scripts, scrutineer_file

MADE = {"scrutineer.html": scrutineer_file.FILE, "booth.html": booth_file.FILE}
PRINT = (
    "import django; django.setup(); from django.utils.translation import activate; "
    "activate({language!r}); from courts.ballots import booth_file, scrutineer_file; "
    "print(scrutineer_file.FILE.sha256, booth_file.FILE.sha256)"
)


class Reader(HTMLParser):
    """Collects what a browser would run, style by and load."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = ""
        self.found: dict[str, list[str]] = {"script": [], "style": [], "policy": [], "load": []}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        self.found["load"] += [
            name for name in ("src", "href", "action", "style") if name in fields
        ]
        self.found["load"] += [name for name in fields if name.startswith("on")]
        if fields.get("http-equiv") == "Content-Security-Policy":
            self.found["policy"].append(fields["content"] or "")
        self.inside = tag if fields.get("type") != "application/json" else ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside in {"script", "style"}:
            self.found[self.inside].append(data)


def test_every_build_gives_the_published_hash() -> None:
    """What changes the ballot's scripts or a text changes it; the commands write them anew."""
    for name, made in MADE.items():
        golden = Path(__file__).with_name(f"{name}.sha256").read_text("ascii")
        assert golden == f"{made.sha256}  {name}\n"
    for seed, language in (("1", "ko"), ("2", "en")):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "DJANGO_SETTINGS_MODULE": "qualityyear.settings",
        }
        done = subprocess.run(
            [sys.executable, "-c", PRINT.format(language=language)],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == [made.sha256 for made in MADE.values()]


@pytest.mark.parametrize("name", MADE)
def test_only_its_own_script_runs_and_nothing_is_asked_for(name: str) -> None:
    reader = Reader()
    text = MADE[name].source.decode()
    reader.feed(text)
    hashes = {
        kind: b64encode(sha256("".join(reader.found[kind]).encode()).digest()).decode()
        for kind in ("script", "style")
    }
    policy = (
        f"default-src 'none'; script-src 'sha256-{hashes['script']}'; "
        f"style-src 'sha256-{hashes['style']}'; worker-src blob:; base-uri 'none'; "
        "form-action 'none'"
    )
    assert reader.found["policy"] == [policy]
    assert reader.found["load"] == []
    asking = r"\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|eval)\b"
    assert not re.search(asking, text)
    assert not re.search(r"https?:|url\(|innerHTML|document\.write", text)


@pytest.mark.parametrize(
    ("command", "name"), [("scrutineer_file", "scrutineer.html"), ("booth_file", "booth.html")]
)
def test_a_release_writes_both_and_their_hashes(command: str, name: str, tmp_path: Path) -> None:
    call_command(command, tmp_path / name)
    assert (tmp_path / name).read_bytes() == MADE[name].source
    line = (tmp_path / f"{name}.sha256").read_text("ascii")
    assert line == f"{MADE[name].sha256}  {name}\n"
    with pytest.raises(CommandError):
        call_command(command, tmp_path / "nowhere" / name)


def test_what_is_no_plain_module_is_not_joined(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(scripts, "STATIC", tmp_path)
    for bad in ('import "./other.js";\n', "export default 1;\n", 'const x = "</script>";\n'):
        (tmp_path / "ballot-bytes.js").write_text(bad, "utf-8")
        with pytest.raises(ValueError, match="can be joined"):
            scrutineer_file.FILE.script()
