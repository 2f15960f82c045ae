"""Owns the browser: a real Chromium that may talk to the live server alone.

Every page fails its test when it asks for anything elsewhere, breaks the content security policy
or raises an error in a script, whatever else the test looks at.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from courts.models import User

# Playwright's loop runs in this thread, where Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    # Nothing but this machine has a name. Taking every request apart instead is slow, and
    # switches off the cache that users have.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE ::1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
LOCAL_SCHEMES = {"data", "blob", "about"}
# Generous: a page opened cold on a busy machine is late, not wrong.
TIMEOUT_MILLISECONDS = 20_000
UNTIL_NOTHING_FADES = """async () => {
    for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(fading.map((one) => one.finished));
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that `-m "not browser"` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the machine's own Chromium, started once."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if executable is None:
        reason = "Chromium is not installed"
        if os.environ.get("QY_REQUIRE_ALL"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable, args=CHROMIUM_ARGUMENTS, headless=True
        )
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return what pages did that no page may do; a test that provokes it clears the list."""
    return []


@pytest.fixture
def new_profile(
    browser: Browser, live_server, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Return what makes profiles that cannot leave the machine; fail if a page complained."""
    profiles: list[BrowserContext] = []
    # Of every test anew: some are more patient.
    expect.set_options(timeout=TIMEOUT_MILLISECONDS)

    def noted(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.hostname not in LOCAL_HOSTS:
            complaints.append(f"asked for {request.url}")

    def make(locale: str = "zh-CN") -> BrowserContext:
        profile = browser.new_context(base_url=live_server.url, locale=locale)
        profiles.append(profile)
        profile.set_default_timeout(TIMEOUT_MILLISECONDS)
        profile.on("request", noted)
        profile.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        profile.on(
            "console",
            lambda message: (
                complaints.append(f"console: {message.text}")
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        return profile

    yield make
    for profile in profiles:
        profile.close()
    assert not complaints


@pytest.fixture
def context(new_profile: Callable[..., BrowserContext]) -> BrowserContext:
    """Return a fresh profile."""
    return new_profile()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return an empty page of the fresh profile."""
    return context.new_page()


@pytest.fixture
def log_in(context: BrowserContext, live_server) -> Callable[[User], None]:
    """Return what logs a user in without going through the login page."""

    def log_in_as(user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return log_in_as


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Return what runs axe over a page, light and dark, and fails with everything it finds."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        # Nothing but the colours differs where the system wishes a dark page.
        page.emulate_media(color_scheme="dark")
        # Django's links fade from one colour into the other.
        page.evaluate(UNTIL_NOTHING_FADES)
        results = Axe().run(page, options={"runOnly": ["color-contrast"]})
        page.emulate_media(color_scheme="light")
        assert results.violations_count == 0, results.generate_report()

    return check
