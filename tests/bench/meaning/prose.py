"""Limits for long texts of the school, by a budget of alarms on the prose of real sites.

python -m tests.bench.meaning.prose            # tell
python -m tests.bench.meaning.prose --write    # and write prose_limits.toml

Read are the sites of the split "calibrate" (``sites.toml``); no figure is told of them, and nothing of them is kept.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from auditbot.check.meaning import reader
from auditbot.check.meaning.passages import spans_of
from auditbot.check.meaning.reader import HEADS, limits
from auditbot.check.please_read.rules import LONG_TEXT, PleaseReadRules
from auditbot.check.please_read.text_kinds import TextKind
from tests.bench.please_read.real_prose import Page, kind_of_page
from tests.bench.please_read.training import chosen_pages

EACH = 300
"""Pages read."""
BUDGET = {"commercial": 0.2, "personal_campaign": 0.06, "copyright": 0.03, "discrimination": 0.08}
"""Alarms of a head in 1,000 sentences."""
OF_OTHER_HEADS = 0.04
TABLE = Path(reader.__file__).with_name("prose_limits.toml")


def pages_of(length: bool) -> list[Page]:
    """Return some pages on which the school speaks, long or short."""
    own = [page for page in chosen_pages()["school"] if kind_of_page(page) is TextKind.SPEAKING]
    random.Random(2).shuffle(own)
    return [page for page in own if (len(spans_of(page.text)) >= LONG_TEXT) is length][:EACH]


def main() -> None:
    """Count, tell and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    rules = PleaseReadRules()
    for long in (False, True):
        found = [rules.scores(page.text, kind=page.kind) for page in pages_of(long)]
        scores, count = np.vstack(found), sum(len(one) for one in found)
        print(f"{'long' if long else 'short'}: {len(found)} pages, {count} sentences")
        lines = []
        for place, head in enumerate(HEADS):
            highest = np.sort(scores[:, place])[::-1]
            allowed = round(BUDGET.get(head, OF_OTHER_HEADS) * count / 1000)
            limit = max(float(limits().school[place]), round(float(highest[allowed]) + 0.1, 2))
            told = int((highest > limits().school[place]).sum())
            print(f"  {head:<27} told {told}, with the budget {allowed} from {limit:.2f}; {highest[:6].round(1)}")
            lines.append(f"{head} = {limit:.2f}")
        if long and write:
            note = "# Scores from which a sentence of a school's long text is told; by tests/bench/meaning/prose.py."
            TABLE.write_text("\n".join([note, *lines]) + "\n", "utf-8")


if __name__ == "__main__":
    main()
