"""Tabs that a script fills when they are opened, and choices in them that each answer draws anew."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.little_server import Asked, LittleServer
from tests.browser.small_site import CollectSite, article

_YEARS = {"2026": ["robins", "wrens"], "2025": ["owls"], "2024": ["larks", "finches"]}
_FILL = (
    "const panel = document.getElementById('news'); const fill = (url) => { const asked = new XMLHttpRequest(); "
    "asked.open('GET', url); asked.onload = () => { panel.innerHTML = asked.responseText; const years = "
    "panel.querySelector('select'); years.onchange = () => fill('/part?year=' + years.value); }; asked.send(); };"
    "document.querySelectorAll('.tabs a').forEach((tab) => { tab.onclick = (event) => { event.preventDefault(); for "
    "(const each of document.querySelectorAll('.panel')) each.style.display = 'none'; "
    "document.querySelector(tab.getAttribute('href')).style.display = 'block'; if (tab.hash === '#news') "
    "fill('/part?year=2026'); }; });"
)
_PANELS = {
    "hidden": "<div class='panel' id='news' style='display:none'></div>",
    "empty": "<div class='panel' id='news'></div>",
}


@pytest.mark.parametrize("kind", _PANELS)
def test_a_tab_that_a_script_fills_is_read_with_all_its_choices(
    kind: str, site: LittleServer, collect: CollectSite
) -> None:
    def part(asked: Asked) -> str:
        year = parse_qs(urlsplit(asked.path).query)["year"][0]
        options = "".join(f"<option{' selected' if each == year else ''}>{each}</option>" for each in _YEARS)
        links = "".join(f"<p><a href='/{name}'>What the {name} did at the pond</a></p>" for name in _YEARS[year])
        return f"<label>Year <select>{options}</select></label>{links}"

    tabs = "<ul class='tabs'><li><a href='#about'>About</a></li><li><a href='#news'>Blog of our class</a></li></ul>"
    site.routes |= {
        "/": "<main><p>Welcome.</p><a href='/class'>Our class</a></main>",
        "/part": part,
        "/class": f"<h1>Our class</h1>{tabs}<div class='panel' id='about'><p>PE is on Monday.</p></div>{_PANELS[kind]}"
        f"<script>{_FILL}</script>",
    }
    names = [name for several in _YEARS.values() for name in several]
    site.routes |= {f"/{name}": article(name, f"<p>Words of the {name}.</p>") for name in names}
    found = collect(page_timeout_seconds=30.0)
    assert {f"/{name}" for name in names} <= set(found.posts)
