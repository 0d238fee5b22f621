"""axe-core over the pages of a school with thousands of findings, wide and light, narrow and dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from auditbot.collect.browser.launch import candidates

LOOKS = ((1280, 887, "light"), (320, 640, "dark"))


def accessible(served: Callable[[str], str]) -> None:
    """Print what axe finds and what scrolls sideways; ``served`` gives the address of a page."""
    from auditbot.review.casebook.served_workspace import served_workspace  # needs the settings
    from auditbot.review.people.models import Person, new_slip

    view = served_workspace().view()
    cases = {case.kind: case.id for case in reversed((*view.tally.today, *view.tally.backlog))}
    paths = [f"/f/{name}" for name in cases.values()]
    paths += [
        "/",
        "/decide?queue=backlog",
        "/asked",
        "/posts",
        "/posts?year=1",
        "/pupils",
        "/figures",
    ]
    code = new_slip(Person.objects.get(handle="lead"), timedelta(minutes=5), of_this_computer=True)
    problems: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=next((one.path for one in candidates("") if one.path), None), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(served(f"/open/{code}"))
        for path in paths:
            page.goto(served(path))
            for width, height, scheme in LOOKS:
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                found = Axe().run(page).response["violations"]
                problems += [f"{path} {width} {scheme}: {one['id']}" for one in found]
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    problems.append(f"{path} {width} {scheme}: scrolls sideways")
        browser.close()
    print(f"axe on {len(paths)} pages in {len(LOOKS)} looks: {len(problems)} problems", flush=True)
    for problem in problems:
        print(f"  {problem}")
