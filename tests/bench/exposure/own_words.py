"""The site's own words on small accounts: children who are taken for one, and own words that are taken for a child.

    python -m tests.bench.exposure.own_words

Draws accounts of five posts and more: the school and a class stand on many pages, each of 23 children on some, five of
them under a forename that no list holds. Prints both errors for shares of pages and for least numbers of pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import numpy as np

from auditbot.exposure.names import own_words
from auditbot.exposure.names.names_beside import names_beside
from auditbot.exposure.names.own_words import Knowledge
from auditbot.model import Post

ACCOUNTS = 60
SIZES = (5, 6, 8, 12, 20, 40)
SHARES, LEAST = (0.1, 0.2, 0.3), (2, 3, 4, 5)
USUAL = (
    "Amelia", "Oliver", "Isla", "Noah", "Freya", "Harry", "Maya", "Arlo", "Zain", "Muhammad", "Poppy", "Finley", "Esme",
    "Jaxon", "Ava", "Leo", "Ibrahim", "Imogen", "Otis", "Ruby", "Theo", "Elsie", "Kiran", "Anaya",
)  # fmt: skip
"""Forenames that readers know."""
RARE = ["Quentilla", "Zylowen", "Tavishka", "Oluwabrim", "Jadzinek", "Maelorn", "Brisabel", "Kefrin"]
"""Forenames that no list holds."""
SCHOOLS = ["Larkmere", "Brindlecombe", "Thornvale", "Ottershaw", "Wrenfold", "Ashgarth"]
"""What schools are called: words that no list of places holds, but for one."""
CLASSES = ["Amber", "Robin", "Elgar", "Darwin", "Rowan", "Kestrel", "Olivia", "Matisse"]
"""What classes are called."""


@dataclass(frozen=True)
class Account:
    """One account's posts, and who and what is called in them."""

    posts: tuple[Post, ...]
    """The posts."""
    children: frozenset[str]
    """Forenames in them."""
    own: frozenset[str]
    """Words of the school and the class in them."""


def drawn(size: int, rng: np.random.Generator) -> Account:
    """Draw an account of so many posts."""
    school, room = str(rng.choice(SCHOOLS)), str(rng.choice(CLASSES))
    pupils = [str(name) for name in (*rng.choice(USUAL, 18, replace=False), *rng.choice(RARE, 5, replace=False))]
    often = 1 / np.arange(1, len(pupils) + 1)
    order = [pupils[n] for n in rng.permutation(len(pupils))]
    posts, children, own = [], set(), set()
    for number in range(size):
        sentences = ["We had a good week and thank everybody who came."]
        if rng.random() < 0.55:
            bare = rng.random() < 0.5
            sentences.append(f"All of {school} sang." if bare else f"We sang at {school} Infant School.")
            own.add(school)
        if rng.random() < 0.3:
            sentences.append(f"Well done to {room} Class for their song.")
            own.add(room)
        for name in rng.choice(order, int(rng.integers(0, 3)), replace=False, p=often / often.sum()):
            sentences.append(f"Here is {name} with a certificate.")
            children.add(str(name))
        posts.append(Post("website", f"https://school.example/{number}/", "", " ".join(sentences)))
    return Account(tuple(posts), frozenset(children), frozenset(own))


def told(word: str, known: Knowledge) -> bool:
    """Whether a word is taken for a child's name beside a photo."""
    found = names_beside(
        Post("website", "https://school.example/1/", "", ""), alt=f"Here is {word} in the sun", caption="",
        address="https://school.example/a.jpg", in_picture=(), alone=False, known=known,
    )  # fmt: skip
    return bool(found.names)


def errors(size: int, share: float, least: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield of each account its children, those lost, its own words, and those taken for a child."""
    rng = np.random.default_rng(size)
    with mock.patch.multiple(own_words, SHARE=share, FEWEST=least):
        for _ in range(ACCOUNTS):
            account = drawn(size, rng)
            known = Knowledge.of(account.posts)
            lost = sum(not told(name, known) for name in account.children)
            taken = sum(told(word, known) for word in account.own)
            yield len(account.children), lost, len(account.own), taken


def main() -> None:
    """Print both errors, in hundredths."""
    print(f"{ACCOUNTS} accounts of each size; children lost / own words taken for a child, in hundredths")
    print(f"{'share':>6}{'least':>6}" + "".join(f"{size:>12}" for size in SIZES))
    for share in SHARES:
        for least in LEAST:
            row = ""
            for size in SIZES:
                children, lost, own, taken = (sum(part) for part in zip(*errors(size, share, least), strict=True))
                row += f"{100 * lost / children:>6.1f} /{100 * taken / max(1, own):>4.0f}"
            print(f"{share:>6}{least:>6}{row}", flush=True)


if __name__ == "__main__":
    main()
