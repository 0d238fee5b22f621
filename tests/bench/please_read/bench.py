"""What the "please read" rules find: on labelled examples, on sixty grave cases, and on the prose of real sites.

python -m tests.bench.please_read.bench                   # examples no weights were fitted to; grave cases; cost
python -m tests.bench.please_read.bench --corpus FILE     # a labelled corpus besides
python -m tests.bench.please_read.bench --prose           # alarms on real sites that no threshold was set with
python -m tests.bench.please_read.bench --prose --read 50 # and fifty of them, to be read by eye
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from auditbot.check.please_read.conduct import HEADS as HEADS_OF_STAFF
from auditbot.check.please_read.model import RULES, Vector
from auditbot.check.please_read.please_read_clauses import OF_OTHERS, OF_THE_SCHOOL
from auditbot.check.please_read.rules import PleaseReadRules
from auditbot.check.prose import sentences
from tests.bench.please_read.data import GRAVE, UNSEEN, Example, load
from tests.bench.please_read.real_prose import Page, kind_of_page, pages, sites
from tests.bench.please_read.training import LETTERS, set_with

HERE = Path(__file__).parent
STAFF = (HERE / "staff_unread.jsonl", HERE / "staff_unseen.jsonl", Path("tests/data/personal/fresh.jsonl"))
"""All were read and mended for; the first, once, on 2026-11-30 after the model had been taught."""


def said_of(rules: PleaseReadRules, example: Example) -> set[str]:
    """The rules that the product tells of a text."""
    clauses = OF_THE_SCHOOL if example.author_role in ("school", "staff") else OF_OTHERS
    found = rules.find(example.text, kind=example.kind, author_role=example.author_role)
    return {one.rule for one in found if one.rule in clauses}


def table(title: str, examples: Sequence[Example], rules: PleaseReadRules, errors: bool) -> None:
    """Print precision, recall and F1 of each rule, and how many texts without any label are told of."""
    said, truth = np.zeros((len(examples), len(RULES))), np.zeros((len(examples), len(RULES)))
    flagged: Counter[str] = Counter()
    clean: Counter[str] = Counter()
    for row, example in enumerate(examples):
        told, wanted = said_of(rules, example), {label.rule for label in example.labels}
        said[row], truth[row] = ([float(rule in one) for rule in RULES] for one in (told, wanted))
        speaker = "comments" if example.kind == "comment" else "posts"
        if not wanted:
            clean[speaker] += 1
            flagged[speaker] += bool(told & set(RULES))
        for rule in RULES:
            if errors and (rule in told) is not (rule in wanted):
                what = "false alarm" if rule in told else "missed"
                print(f"  {what:<11} {rule:<25} {example.author_role:<7} {example.text[:140]!r}")
    _print_table(title, truth, said)
    print("  " + ", ".join(f"{flagged[one]} of {clean[one]} clean {one} told of" for one in sorted(clean)))


def _print_table(title: str, truth: Vector, said: Vector) -> None:
    print(f"\n{title}: {len(truth)} texts\n  {'rule':<27} {'P':>6} {'R':>6} {'F1':>6}   found  right/said")
    f1s = []
    for number, rule in enumerate(RULES):
        right = int(np.sum((said[:, number] > 0) & (truth[:, number] > 0)))
        spoke, labelled = int(said[:, number].sum()), int(truth[:, number].sum())
        precision, recall = right / max(spoke, 1), right / max(labelled, 1)
        f1s.append(2 * right / max(spoke + labelled, 1))
        numbers = f"{100 * precision:6.1f} {100 * recall:6.1f} {100 * f1s[-1]:6.1f}"
        print(f"  {rule:<27} {numbers}   {right}/{labelled}  {right}/{spoke}")
    print(f"  macro F1 {100 * float(np.mean(f1s)):.1f}")


def staff(rules: PleaseReadRules, errors: bool) -> None:
    """Print how conduct and private news of staff are found in texts that no head was fitted to."""
    for path in STAFF:
        _print_staff(path, rules, errors)


def _print_staff(path: Path, rules: PleaseReadRules, errors: bool) -> None:
    examples = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    told = [{one.rule for one in rules.find(example["text"])} for example in examples]
    wanted = [set(example.get("kinds", [example.get("rule")])) for example in examples]
    print(
        f"\nwhat staff write ({path.name}): {len(examples)} texts\n  {'rule':<27} {'P':>6} {'R':>6}   found  right/said"
    )
    for rule in HEADS_OF_STAFF:
        right = sum(rule in said and rule in meant for said, meant in zip(told, wanted, strict=True))
        spoke, labelled = sum(rule in said for said in told), sum(rule in one for one in wanted)
        rates = f"{100 * right / max(spoke, 1):6.1f} {100 * right / max(labelled, 1):6.1f}"
        print(f"  {rule:<27} {rates}   {right}/{labelled}  {right}/{spoke}")
    for example, said, meant in zip(examples, told, wanted, strict=True):
        if errors and (said ^ meant) & set(HEADS_OF_STAFF):
            print(f"  told {sorted(said)} meant {sorted(map(str, meant))} {example['text']!r}")


def grave(rules: PleaseReadRules) -> None:
    """Print which threats and invitations to private contact are not told."""
    cases = load(GRAVE)
    lost = [case for case in cases if not {label.rule for label in case.labels} & said_of(rules, case)]
    print(f"\ngrave cases: {len(cases) - len(lost)} of {len(cases)} told")
    for case in lost:
        print(f"  lost {case.author_role:<7} {case.text!r}")


def prose(rules: PleaseReadRules, read: int) -> None:
    """Print alarms per 1,000 sentences and per 100 pages of each site for figures, and by rule."""
    told: list[tuple[Page, str, str]] = []
    totals, characters, spent = np.zeros(3), 0, 0.0
    print(f"\nsites no threshold was set with\n  {'repository':<75} pages sentences  told  /1,000  /100 pages")
    for site in sites():
        if site.split != "test":
            continue
        found, counted = [], 0
        for page in pages(site):
            counted += len(sentences(page.text))
            kind = kind_of_page(page)
            begun = time.process_time()
            for one in rules.find(page.text, kind=page.kind, author_role="school", text_kind=kind):
                found.append((page, one.rule, page.text[one.start : one.end]))
            spent += time.process_time() - begun
            characters += len(page.text)
        count = len(pages(site))
        told += found
        totals += (count, counted, len(found))
        _print_site(site.repository, count, counted, len(found))
    _print_site("all", *(int(one) for one in totals))
    print("  by rule: " + ", ".join(f"{rule} {n}" for rule, n in Counter(rule for _, rule, _ in told).most_common()))
    print(f"  {1000 * spent / max(characters, 1):.4f} s of processor time per 1,000 characters")
    for page, rule, quoted in random.Random(1).sample(told, min(read, len(told))):
        print(f"  {rule:<25} {page.path[-50:]:<50} {' '.join(quoted.split())[:220]}")


def letters(rules: PleaseReadRules, read: int) -> None:
    """Print alarms where people speak: letters to the editor of a village magazine, each read as a stranger's comment.

    Letters that thresholds were set with are left out.
    """
    told: list[tuple[Page, str, str]] = []
    own = [page for site in sites() for page in pages(site) if LETTERS.search(page.path) and len(page.text) > 60]
    random.Random(3).shuffle(own)
    found = [page for page in own if page.path not in set_with()]
    counted = sum(len(sentences(page.text)) for page in found)
    for page in found:
        for one in rules.find(page.text, kind="comment", author_role="unknown"):
            if one.rule in OF_OTHERS:
                told.append((page, one.rule, page.text[one.start : one.end]))
    pages_told, rate = len({page.path for page, _, _ in told}), 1000 * len(told) / max(counted, 1)
    print(
        f"\nletters to an editor, read as comments: {len(found)} with {counted} sentences; "
        f"{pages_told} told of, {rate:.2f} in 1,000 sentences"
    )
    print("  by rule: " + ", ".join(f"{rule} {n}" for rule, n in Counter(rule for _, rule, _ in told).most_common()))
    for page, rule, quoted in random.Random(1).sample(told, min(read, len(told))):
        print(f"  {rule:<25} {page.path[-50:]:<50} {' '.join(quoted.split())[:220]}")


def _print_site(name: str, count: int, counted: int, told: int) -> None:
    rates = f"{1000 * told / max(counted, 1):7.2f} {100 * told / max(count, 1):8.1f}"
    print(f"  {name:<75} {count:5} {counted:9} {told:5} {rates}")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="labelled JSON Lines that the weights have not seen")
    parser.add_argument("--prose", action="store_true", help="measure on real sites")
    parser.add_argument("--read", type=int, default=0, help="print so many of what is told of real sites")
    parser.add_argument("--errors", action="store_true", help="print each miss and false alarm")
    options = parser.parse_args()
    rules = PleaseReadRules()
    table("examples no weights were fitted to", load(UNSEEN), rules, options.errors)
    staff(rules, options.errors)
    grave(rules)
    if options.corpus:
        table(options.corpus.name, load(options.corpus), rules, options.errors)
    if options.prose:
        prose(rules, options.read)
        letters(rules, options.read)


if __name__ == "__main__":
    main()
