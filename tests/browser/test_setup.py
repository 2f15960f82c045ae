"""Tests of the browser itself: it opens a page, and notices what no page may do."""

from playwright.sync_api import Page


def test_opens_a_page_of_the_live_server(page: Page) -> None:
    page.goto("/healthz")
    assert page.inner_text("body") == "ok"


def test_notices_what_is_asked_for_elsewhere(page: Page, complaints: list[str]) -> None:
    page.set_content('<img src="https://example.com/x.png">')
    page.wait_for_function("document.images[0].complete")
    assert complaints == ["asked for https://example.com/x.png"]
    complaints.clear()


def test_notices_an_inline_script_and_a_broken_one(page: Page, complaints: list[str]) -> None:
    page.goto("/healthz")
    # What is heard last was done last.
    with page.context.expect_event("weberror"):
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.ran = true";
                document.body.append(script);
                setTimeout(() => { throw new Error("broken"); });
            }"""
        )
    assert page.evaluate("window.ran") is None
    assert sorted(text.split(":")[0] for text in complaints) == ["console", "script"]
    complaints.clear()
