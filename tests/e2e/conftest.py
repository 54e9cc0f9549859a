"""Fixtures of the journeys through the running platform in a real browser.

- ``platform``: one platform for the whole session, started by the commands behind ``make up``.
- ``alice``: a new person for each test. ``person(name)`` makes another.
- ``new_page(…)``: a page in a browser profile of its own; ``page`` is one of them.

Every page must end without an uncaught error. A failed test leaves a picture of each page in the
folder that ATELIER_E2E_PICTURES names (by default beside pytest's temporary files).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import expect as playwright_expect

from tests.e2e.running import Person, Platform, running_platform

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30_000  # ms: two slow cores share all of this

NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(600))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    with running_platform() as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_running(platform: Platform) -> Iterator[None]:
    yield
    platform.stop_everything()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.fail("No chromium on the PATH: `apt-get install chromium`.")
    playwright_expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def person(platform: Platform) -> Callable[[str], Person]:
    def make(name: str) -> Person:
        return platform.add_person(f"{name}-{secrets.token_hex(3)}")

    return make


@pytest.fixture
def alice(person: Callable[[str], Person]) -> Person:
    return person("alice")


@pytest.fixture
def new_page(
    browser: Browser,
    platform: Platform,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[NewPage]:
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> Page:
        settings = {"base_url": platform.url, "locale": "en-GB", "timezone_id": "Europe/Paris"}
        context = browser.new_context(**{**settings, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        # JupyterLab's own troubles on the content host are not ours.
        context.on(
            "weberror",
            lambda error: (
                errors.append(str(error.error))
                if error.page and error.page.url.startswith(platform.url)
                else None
            ),
        )
        return context.new_page()

    yield make
    if request.node.stash.get(_FAILED, True):
        _picture(contexts, request.node.name, tmp_path_factory.getbasetemp())
    for context in contexts:
        context.close()
    assert errors == []


def _picture(contexts: list[BrowserContext], name: str, default: Path) -> None:
    folder = Path(os.environ.get("ATELIER_E2E_PICTURES") or default / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(p for context in contexts for p in context.pages):
        file = folder / f"{re.sub(r'[^a-z0-9]+', '-', name)}-{number}.png"
        page.screenshot(path=file)
        print(f"{page.url} looked like {file}")


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()
