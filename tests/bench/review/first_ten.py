"""``python -m tests.bench.review.first_ten [WORKSPACE]``: what a newcomer reads and presses for her first ten findings.

Real Chromium, real keys, on the made-up school after a real audit, which takes some minutes; or on a copy of a
workspace that was audited already. Words are what can be seen at 1280 × 800: with bar, banner and every list that was
opened, but without the single letters of the keys.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from auditbot.collect.browser.launch import candidates
from auditbot.settings import Workspace

CARDS = 10
SCREEN = (1280, 800)
WORDS_A_MINUTE = 200
"""How fast an adult reads unknown matter on a screen, at the slow end."""
THOUGHT_SECONDS = 103
"""What the newcomers of 30 November 2026 thought about their ten, beyond reading."""
SEEN = """() => {
  const found = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const node = walk.currentNode, holder = node.parentElement
    if (!node.data.trim() || holder.closest('script, style, kbd, .unseen, .skip')) continue
    if (!holder.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const within = box => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    if ([...range.getClientRects()].some(box => box.width > 1 && box.height > 1 && within(box))) found.push(node.data)
  }
  return found.join(' ')
}"""


@dataclass(frozen=True, slots=True)
class Card:
    """One finding as it was decided."""

    question: str
    """Its heading."""
    words: int
    """Words that were seen until it was decided."""
    keys: tuple[str, ...]
    """What was pressed."""
    text: str
    """The words themselves, of the first screen."""


def seen_words(page: Page) -> list[str]:
    """Return the words that can be seen on the screen, in the order of the document."""
    return [word for word in str(page.evaluate(SEEN)).split() if re.search(r"\w", word)]


def keys_for(question: str, letters: str) -> tuple[str, ...]:
    """Return what a sensible lead presses at this question: what is grave is told first, what is asked is answered."""
    if letters.startswith("r"):
        return ("r", "1", "y") if "y" in letters else ("r", "1", "r")
    return ("y",)


def first_ten(page: Page) -> list[Card]:
    """Decide ten findings by keyboard and return what was read and pressed for each."""
    decided: list[Card] = []
    case = ""
    while len(decided) < CARDS or page.url.split("?")[0] == case:
        case = page.url.split("?")[0]
        question, told = page.locator("h1").inner_text(), seen_words(page)
        bar = page.locator(".bar [data-key]:visible")
        letters = "".join(str(one.get_attribute("data-key")) for one in bar.all())
        words, before = len(told), told
        keys = keys_for(question, letters)
        for at, key in enumerate(keys):
            if at < len(keys) - 1:
                page.keyboard.press(key)
                now = seen_words(page)
                words, before = words + max(0, len(now) - len(before)), now
                continue
            with page.expect_navigation():
                page.keyboard.press(key)
        decided.append(Card(question, words, keys, " ".join(told)))
    return decided


def main() -> None:
    """Audit the made-up school, unless a workspace is given, and print the table."""
    with tempfile.TemporaryDirectory(prefix="auditbot-bench-first-ten-") as place:
        folder = Path(place) / "school"
        if len(sys.argv) > 1:
            shutil.copytree(sys.argv[1], folder)
            for old in folder.glob("data/decisions.db*"):
                old.unlink()
        else:
            program = [sys.executable, "-m", "auditbot"]
            subprocess.run([*program, "init", "--demo", str(folder)], check=True)
            subprocess.run([*program, "--workspace", str(folder), "audit"], check=False)
        measure(Workspace(folder))


def measure(workspace: Workspace) -> None:
    """Serve a workspace, decide ten findings and print what it took."""
    from auditbot.review.site.app import set_up

    set_up(workspace, hosts=("localhost", "127.0.0.1"))
    from auditbot.review.people.manage import add_person
    from auditbot.review.people.models import new_slip
    from tests.bench.review.readers import serving

    person, problem = add_person("lead", "Safeguarding lead", "lead")
    assert person is not None, problem
    code = new_slip(person, timedelta(minutes=5), of_this_computer=True)
    with serving(workspace) as (port, _pid), sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=next((one.path for one in candidates("") if one.path), None), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
        page.goto(f"http://127.0.0.1:{port}/open/{code}")
        today = len(seen_words(page))
        with page.expect_navigation():
            page.keyboard.press("d")
        cards = first_ten(page)
        browser.close()
    _print(cards, today)


def _print(cards: list[Card], today: int) -> None:
    print(f"Today: {today} words, 1 keystroke")
    for number, card in enumerate(cards, 1):
        print(f"{number:3} {card.words:4} words  {' '.join(card.keys):7} {card.question}\n      {card.text}")
    words, keys = sum(card.words for card in cards), sum(len(card.keys) for card in cards)
    seconds = 60 * words / WORDS_A_MINUTE + THOUGHT_SECONDS
    print(
        f"{len(cards)} cards, {words} words, {keys} keystrokes: {seconds / 60:.1f} minutes at {WORDS_A_MINUTE} words a "
        f"minute and {THOUGHT_SECONDS} s of thought"
    )


if __name__ == "__main__":
    main()
