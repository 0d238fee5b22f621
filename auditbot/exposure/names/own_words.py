"""The site's own words: the school, its classes, its streets. They begin with a capital and are no child."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from auditbot.exposure.names.word_lists import WORD, fold, lists, usual
from auditbot.model import Post

SHARE, FEWEST, CALLED = 0.2, 4, 2
"""Share of the pages, least number of pages, and pages on which a word that is no usual forename is called so.

Of 60 drawn accounts each of 5, 6, 8, 12, 20 and 40 posts (`tests.bench.exposure.own_words`, 2026-11-30), 0, .4, .6,
.8, 2.0 and 1.5 in a hundred named children are taken for a word of the site's, and 51, 48, 39, 13, 2 and 2 of its own
words, where nothing else tells, for a child. With three pages .8 to 3.3 children were lost, with a share of .1 5.8."""
LONG = 5
"""Letters of a word of the site's address that may be its name."""
_SAINT = frozenset({"st", "saint", "sts"})


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one site's words."""

    own_words: frozenset[str] = field(default_factory=frozenset)
    """Its own words, folded: none of them is taken for a child's name."""

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Knowledge:
        """Count on how many pages each word has a capital, and on how many a school or a class is called so.

        A usual forename is a word of the site's only where it often is called so: "Amber House", "St Peter's".
        """
        pages: Counter[str] = Counter()
        called: Counter[str] = Counter()
        for post in posts:
            pages.update({fold(found[0]) for found in WORD.finditer(post.text) if found[0][0].isupper()})
            called.update(set(_called(post.text)))
        least = max(FEWEST, SHARE * len(posts))
        hosts = {(urlsplit(post.url).hostname or "").replace("-", "") for post in posts}
        own = {word for word, count in called.items() if count >= (least if word in usual() else CALLED)}
        for word, count in pages.items():
            named = len(word) >= LONG and any(word in host for host in hosts)
            if word not in usual() and (count >= least or named):
                own.add(word)
        return cls(frozenset(own))


def _called(text: str) -> Iterator[str]:
    """Yield the words with a capital that a class, a house or a saint's church is called by."""
    words = WORD.findall(text)
    for before, word in itertools.pairwise(words):
        if before[0].isupper() and fold(word) in lists()["rooms"]:
            yield fold(before)
        if word[0].isupper() and fold(before) in _SAINT:
            yield fold(word)
