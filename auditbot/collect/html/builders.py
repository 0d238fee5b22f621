"""What site builders have in common, from the tables in ``auditbot/data/web/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rendition:
    """How a builder names the sizes of one picture."""

    smaller: re.Pattern[str]
    """What the whole address of a smaller one looks like."""
    larger: tuple[str, ...]
    """Where larger ones may lie, largest first, as replacements for ``smaller``."""


@dataclass(frozen=True, slots=True)
class PictureAttributes:
    """Where pages keep addresses of pictures, from the table ``auditbot/data/web/pictures.toml``."""

    full: tuple[str, ...]
    """Attributes that hold the largest rendition."""
    lazy: tuple[str, ...]
    """Attributes that hold what an image shows later."""
    srcset: tuple[str, ...]
    """Attributes that hold renditions with their sizes."""
    background: tuple[str, ...]
    """Attributes that hold what an element is painted with."""
    smaller: re.Pattern[str]
    """Found in names of attributes that hold a smaller rendition."""
    picture: frozenset[str]
    """Fields of data that hold a picture, in lower case."""
    no_address: frozenset[str]
    """Attributes that hold no address."""


@cache
def picture_attributes() -> PictureAttributes:
    """Return the table."""
    table = tomllib.loads(files("auditbot.data").joinpath("web/pictures.toml").read_text("utf-8"))
    return PictureAttributes(
        full=tuple(table["full"]),
        lazy=tuple(table["lazy"]),
        srcset=tuple(table["srcset"]),
        background=tuple(table["background"]),
        smaller=re.compile("|".join(table["smaller"]), re.IGNORECASE),
        picture=frozenset(table["picture"]),
        no_address=frozenset(table["no_address"]),
    )


@dataclass(frozen=True, slots=True)
class Builders:
    """The table, joined over all builders: pages do not always say which of them made them."""

    tools: re.Pattern[str]
    """Found in addresses that are tools of a builder and never a page."""
    lists: str
    """Selectors of one post in a list."""
    titles: str
    """Selectors of a headline."""
    dates: str
    """Selectors of a date."""
    bodies: str
    """Selectors of a post's words."""
    renditions: tuple[Rendition, ...]
    """All rules for pictures."""


@cache
def builders() -> Builders:
    """Return the table."""
    table = tomllib.loads(files("auditbot.data").joinpath("web/builders.toml").read_text("utf-8"))["builder"]

    def joined(name: str) -> list[str]:
        return list(dict.fromkeys(each for builder in table for each in builder.get(name, [])))

    rules = [rule for builder in table for rule in builder.get("renditions", [])]
    return Builders(
        tools=re.compile("|".join(joined("tools")), re.IGNORECASE),
        lists=", ".join(joined("lists")),
        titles=", ".join(joined("titles")),
        dates=", ".join(joined("dates")),
        bodies=", ".join(joined("bodies")),
        renditions=tuple(Rendition(re.compile(rule["from"]), tuple(rule["to"])) for rule in rules),
    )


def is_tool(url: str) -> bool:
    """True if an address is a tool of the site's own software, and never a page of the school."""
    return bool(builders().tools.search(url.partition("://")[2]))


def larger_by_builder(url: str) -> list[str]:
    """Return where a larger rendition of a picture may lie by its builder's rule, largest first."""
    found: dict[str, None] = {}
    for rule in builders().renditions:
        if match := rule.smaller.fullmatch(url):
            found.update(dict.fromkeys(match.expand(larger) for larger in rule.larger))
    return [address for address in found if address != url]


def stem_by_builder(url: str) -> str:
    """Return what all sizes of one picture share by its builder's rule; the address itself where no rule applies."""
    for rule in builders().renditions:
        if match := rule.smaller.fullmatch(url):
            return match.expand(rule.larger[-1])
    return url
