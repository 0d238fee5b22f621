"""The browser without a network, for our own files: printing a report."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route, sync_playwright

from auditbot.collect.launch import launch
from auditbot.collect.watchdog import Watchdog, find_processes
from auditbot.errors import ReportNotPrinted
from auditbot.settings import Settings

_NO_PROXY = "http://127.0.0.1:9"


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[Chromium]:
    """A browser for our own files, with no network: its proxy refuses everything."""
    mark = f"--auditbot-mark={secrets.token_hex(8)}"
    with sync_playwright() as playwright:
        chromium = launch(playwright, settings, _NO_PROXY, mark)
        try:
            with Watchdog(find_processes(mark), 300.0):
                yield chromium
        finally:
            chromium.close()


def browser_version(settings: Settings) -> str:
    """Return the version of the browser that an audit would use. Raises BrowserMissing or BrowserUnusable."""
    with _alone(settings) as chromium:
        return chromium.version


def render_pdf(html_path: Path, pdf_path: Path, settings: Settings) -> None:
    """Print a local HTML file to PDF, with scripts off and no network; only files beside it may be read.

    Raises BrowserMissing or BrowserUnusable, ReportNotPrinted if the browser fails at it.
    """
    try:
        with _alone(settings) as chromium:
            _print(chromium, html_path.resolve(), pdf_path)
    except PlaywrightError as error:
        raise ReportNotPrinted(html_path) from error


def _print(chromium: Chromium, html_path: Path, pdf_path: Path) -> None:
    folder = html_path.parent.as_uri() + "/"
    context = chromium.new_context(java_script_enabled=False, offline=True, service_workers="block")
    page = context.new_page()

    def decide(route: Route) -> None:
        if route.request.url.startswith(folder):
            route.continue_()
        else:
            route.abort("blockedbyclient")

    page.route("**/*", decide)
    page.goto(html_path.as_uri(), wait_until="load", timeout=120_000)
    page.pdf(path=pdf_path, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
