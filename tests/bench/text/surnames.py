"""Speed and figures of the surname engine: python -m tests.bench.text.surnames

Speed is given as a ratio within one run: characters a second of the engine against a loop of compiled regular
expressions over the same surnames and their usual variants (plural, without hyphens and apostrophes).
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from functools import partial

from auditbot.check.surnames import PupilName, SurnameEngine, lexicon
from auditbot.check.surnames.text import fold
from tests.unit.check.surnames.corpus import CORPUS, SCHOOLS, measure, read_school
from tests.unit.check.surnames.renaming import rename

_MEGABYTE = 1_000_000
_SAMPLE = 100_000


def _search(compiled: Sequence[re.Pattern[str]], text: str) -> list[list[re.Match[str]]]:
    return [list(one.finditer(text)) for one in compiled]


def main() -> None:
    """Print the tables."""
    print("figures on labelled posts, percent")
    for name in SCHOOLS:
        school = read_school(CORPUS / name)
        print(f"  {name:14} {measure(school)}")
        print(f"  {'  renamed':14} {measure(rename(school, 31))}")
    rng = random.Random(1)
    text = newsletter(rng, pupils(rng, 500))
    print("one newsletter of 1 MB")
    for count in (100, 250, 500, 1000):
        roster = pupils(random.Random(1), count)
        engine = SurnameEngine(roster)
        seconds = best(partial(engine.find, text, kind="newsletter"))
        print(f"  {count:5} pupils: {seconds:.2f} s")
        if count == 500:
            compiled = patterns(roster)
            looped = best(partial(_search, compiled, text[:_SAMPLE]))
            looped *= _MEGABYTE / _SAMPLE
            ratio = looped / seconds
            print(f"        a loop of {len(compiled)} regular expressions: {looped:.1f} s, {ratio:.0f} times as long")


def best(action: Callable[[], object]) -> float:
    """The shortest of three runs, in seconds of the processor, which other programs disturb less."""
    times = []
    for _ in range(3):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return min(times)


def pupils(rng: random.Random, count: int) -> list[PupilName]:
    """Pupils with names from the long lists."""
    surnames = (CORPUS / "surnames.txt").read_text(encoding="utf-8").split()
    forenames = sorted(lexicon.usual_forenames())
    chosen = rng.sample(surnames, count)
    return [
        PupilName(f"p{n}", (rng.choice(forenames).title(),), (name,), "Year 1", "") for n, name in enumerate(chosen)
    ]


def newsletter(rng: random.Random, roster: list[PupilName]) -> str:
    """A text of one million characters made of the labelled posts, with a full name in one paragraph of ten."""
    paragraphs = [
        fold(post.text).text
        for name in SCHOOLS
        for post in read_school(CORPUS / name).posts
        if post.kind in ("post", "newsletter")
    ]
    pieces: list[str] = []
    length = 0
    while length < _MEGABYTE:
        piece = rng.choice(paragraphs)
        if rng.random() < 0.1:
            pupil = rng.choice(roster)
            piece += f" Well done {pupil.forenames[0]} {pupil.surnames[0]}!"
        pieces.append(piece)
        length += len(piece) + 1
    return "\n".join(pieces)[:_MEGABYTE]


def patterns(roster: list[PupilName]) -> list[re.Pattern[str]]:
    """What a loop of regular expressions would need: every surname, its plural and its joined-up form."""
    spellings = {
        form
        for pupil in roster
        for name in pupil.surnames
        for form in (name, name + "s", re.sub("[^A-Za-z]", "", name))
    }
    return [re.compile(rf"\b{re.escape(spelling)}\b", re.IGNORECASE) for spelling in sorted(spellings)]


if __name__ == "__main__":
    main()
