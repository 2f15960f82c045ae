"""Draws the pictures of the manual from a demo year, so that they show the pages as they are.

    python -m tests.manual_pictures [NAME …]

Makes a database of its own in a temporary folder, starts a server on it, signs in as each desk and
writes static/courts/help/pictures/<language>/<name>.png, small and with a palette. Without names
it draws all. `tests/courts/help/test_pictures.py` holds that the manual shows exactly these.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, FloatRect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static/courts/help/pictures"
# Folders of pictures, and what a browser asks for.
LANGUAGES = {"zh": "zh-CN", "ko": "ko", "en": "en"}
WIDTH, HEIGHT = 960, 560
COLOURS = 32
YEAR = "yanbian-2019"
PASSWORD = "quality-year"


class Shot(NamedTuple):
    """A page, and who looks at it; `height` is how much of it is shown, in pixels."""

    username: str
    path: str
    height: int = HEIGHT


SHOTS: Mapping[str, Shot] = {
    "ranking": Shot("leader1", f"/{YEAR}/2019-12/"),
    "scorecard": Shot("leader1", f"/{YEAR}/2019-12/yanji/"),
    "dashboard": Shot("leader1", f"/{YEAR}/dashboard/"),
    "entry": Shot("yanji-litigation", f"/{YEAR}/returns/yanji/2019-12/litigation/"),
    "desk": Shot("office", f"/{YEAR}/desk/"),
    "closing": Shot("office", f"/{YEAR}/2019-12/close/"),
    "ballots": Shot("office", f"/{YEAR}/ballots/"),
    "accounts": Shot("admin", "/accounts/"),
}


def main(names: Sequence[str]) -> None:
    """Draw the pictures of these names, or all."""
    unknown = set(names) - set(SHOTS)
    if unknown:
        sys.exit(f"no such picture: {sorted(unknown)}; known: {sorted(SHOTS)}")
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        draw(browser, address, names or list(SHOTS))
        browser.close()


def draw(browser: Browser, address: str, names: Sequence[str]) -> None:
    """Each picture in each language, every account signed in once a language."""
    for language, locale in LANGUAGES.items():
        for username in dict.fromkeys(SHOTS[name].username for name in names):
            context = browser.new_context(
                base_url=address,
                locale=locale,
                viewport={"width": WIDTH, "height": HEIGHT},
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto("/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
            for name in names:
                shot = SHOTS[name]
                if shot.username != username:
                    continue
                page.goto(shot.path)
                page.wait_for_load_state("networkidle")
                clip = FloatRect(x=0.0, y=0.0, width=float(WIDTH), height=float(shot.height))
                path = FOLDER / language / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(small(page.screenshot(clip=clip)))
                sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size}\n")
            context.close()


@contextmanager
def demo_server(folder: Path) -> Iterator[str]:
    """A server on a demo year of its own; yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}"}
    manage = [sys.executable, str(ROOT / "manage.py")]
    for command in (
        ["compile_catalogues"],
        ["migrate", "--verbosity", "0"],
        ["setup_year", YEAR],
        ["demo"],
    ):
        subprocess.run([*manage, *command], env=env, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen(
        [*manage, "runserver", f"127.0.0.1:{port}", "--noreload"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(60):
            try:
                urlopen(f"{address}/login/", timeout=30).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()


def small(png: bytes) -> bytes:
    """The same picture with a palette of its most frequent colours."""
    pixels = _pixels(png)
    flat = pixels.reshape(-1, 3) & 0xF8
    found, which, counts = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    palette = found[np.argsort(-counts)[:COLOURS]]
    apart = (found[:, None, :].astype(int) - palette[None, :, :].astype(int)) ** 2
    places = apart.sum(axis=2).argmin(axis=1)[which.ravel()].astype(np.uint8)
    # White stays white: the low bits that were dropped come back in proportion.
    palette = (palette.astype(int) * 255 // 0xF8).astype(np.uint8)
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in places.reshape(height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def _pixels(png: bytes) -> np.ndarray:
    """Red, green and blue of a screenshot, which is a PNG of 8 bits with or without alpha."""
    place, data, head = 8, b"", b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        head = body if kind == b"IHDR" else head
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", head[:10])
    if depth != 8 or colour not in {2, 6}:
        raise ValueError("not a screenshot of a browser")
    size = 4 if colour == 6 else 3
    raw = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * size)
    rows = np.zeros((height, width, size), np.uint8)
    above = np.zeros((width, size), np.uint8)
    for number, line in enumerate(raw):
        rows[number] = above = _unfiltered(int(line[0]), line[1:].reshape(width, size), above)
    return rows[:, :, :3]


def _unfiltered(way: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    """A line of pixels out of its differences from the left and from above."""
    if way == 0:
        return line.copy()
    if way == 2:
        return line + above
    if way == 1:
        return np.cumsum(line, axis=0, dtype=np.uint8)
    found = np.zeros_like(line)
    left = np.zeros(line.shape[1], int)
    corner = np.zeros(line.shape[1], int)
    for place, (one, up) in enumerate(zip(line.astype(int), above.astype(int), strict=True)):
        guess = (left + up) // 2 if way == 3 else _nearest(left, up, corner)
        left, corner = (one + guess) & 0xFF, up
        found[place] = left
    return found


def _nearest(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    guess = left + up - corner
    by_left, by_up, by_corner = (abs(guess - one) for one in (left, up, corner))
    return np.where(
        (by_left <= by_up) & (by_left <= by_corner), left, np.where(by_up <= by_corner, up, corner)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
