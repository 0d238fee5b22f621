"""One way to read texts, of which each part of a post is asked once: what was read of it before is told again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from auditbot.check.read_before.kept_readings import ReadBefore, rules_version
from auditbot.check.read_before.parts import Part, parts_of_post
from auditbot.check.texts import PublishedText
from auditbot.model import PostFacts

Hit = TypeVar("Hit")
_NOTHING = b"[]"


class Reading(Generic[Hit]):
    """What one check finds in words, kept by a hash of the words, of the rules and of what else decides."""

    def __init__(self, before: ReadBefore, check: str, hit: type[Hit], *decides: object) -> None:
        """Keep readings of ``check`` with those of earlier audits.

        ``hit`` is what it finds: a value without words of the text. ``decides`` is all beside text and rules that
        decides what is found, of plain values in a fixed order; nothing else may.
        """
        self._before = before
        self._hits: TypeAdapter[list[tuple[int, Hit]]] = TypeAdapter(list[tuple[int, hit]])  # type: ignore[valid-type]
        about = "\0".join((check, rules_version(), repr(decides)))
        self._about = hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest()

    def of(
        self, facts: PostFacts, find: Callable[[PublishedText], Iterable[Hit]]
    ) -> Iterator[tuple[PublishedText, Hit]]:
        """Yield each hit in a post with its text, in page order; ``find`` is asked of texts that were never read so."""
        for part in parts_of_post(facts):
            for number, hit in self._found(part, find):
                yield part.texts[number], hit

    def _found(self, part: Part, find: Callable[[PublishedText], Iterable[Hit]]) -> list[tuple[int, Hit]]:
        key = hashlib.sha256(self._about + part.digest).digest()[:16]
        known = self._before.known(key)
        if known == _NOTHING:
            return []
        if known is not None:
            return self._hits.validate_json(known)
        found = [(number, hit) for number, published in enumerate(part.texts) for hit in find(published)]
        self._before.keep(key, self._hits.dump_json(found))
        return found
