"""What kind of text it is: a paper of the school (policy, minutes, curriculum, menu, ...), or people speaking.

In papers the rules about what people say to and of each other would only find how schools write.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources

_LONG_ENOUGH = 60
"""Words from which a text can be a paper by what it says."""
_TITLED = 25
"""Words from which a text can be a paper by what it is called."""
_READ = 12_000
"""Characters by which a text is judged."""
_NEWS = re.compile(r"\b(?:news\w*|bulletins?|weekly|gazette|diary|blog|letters?)\b")
"""What is called so is news, whatever it says."""
_SIGNS = re.compile(r"[-_+]+|%20|\.(?:pdf|docx?|odt|html?|php|aspx?)\b")


class TextKind(Enum):
    """A kind of text."""

    SPEAKING = "speaking"
    """People speak: a post, news, a letter, a comment, a caption."""
    POLICY = "policy"
    """Rules, plans, handbooks, statements the law asks for."""
    MINUTES = "minutes"
    """Minutes, agendas, accounts, reports to a meeting."""
    CURRICULUM = "curriculum"
    """What is taught."""
    MENU = "menu"
    """What there is to eat."""
    ADMISSION = "admission"
    """Who gets a place, and what it costs."""
    FORM = "form"
    """To be filled in; or a vacancy."""
    PROSPECTUS = "prospectus"
    """The school described to families."""


@dataclass(frozen=True, slots=True)
class _Signs:
    kind: TextKind
    title: re.Pattern[str]
    says: tuple[tuple[str, re.Pattern[str]], ...]
    least: int

    def told_by(self, words: str) -> float:
        """Return the share of the phrases needed that these words hold."""
        return sum(phrase in words and bool(whole.search(words)) for phrase, whole in self.says) / self.least


@cache
def _known() -> tuple[_Signs, ...]:
    source = resources.files("auditbot.data") / "words" / "text_kinds.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return tuple(
        _Signs(
            TextKind(name),
            re.compile("|".join(signs["title"])),
            tuple((phrase, _whole(phrase)) for phrase in signs["says"]),
            signs["least"],
        )
        for name, signs in data.items()
    )


def _whole(phrase: str) -> re.Pattern[str]:
    before, after = (r"\b" if phrase[0].isalnum() else "", r"\b" if phrase[-1].isalnum() else "")
    return re.compile(before + re.escape(phrase) + after)


def kind_of(text: str, *names: str) -> TextKind:
    """Return the kind of a text by its titles, file names or addresses, and by what it says.

    A short text is people speaking, whatever it is called.
    """
    words = text[:_READ].lower().replace("’", "'").split()
    length = len(words)
    if length < _TITLED:
        return TextKind.SPEAKING
    called = " / ".join(_SIGNS.sub(" ", name.lower()) for name in names)
    if _NEWS.search(called):
        return TextKind.SPEAKING
    for signs in _known():
        if called.strip() and signs.title.search(called):
            return signs.kind
    if length < _LONG_ENOUGH:
        return TextKind.SPEAKING
    beginning = " ".join(words)
    share, best = max(((signs.told_by(beginning), signs) for signs in _known()), key=lambda one: one[0])
    return best.kind if share >= 1 else TextKind.SPEAKING
