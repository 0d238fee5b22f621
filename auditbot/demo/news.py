"""The made-up news of the demo school, read from ``posts.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal

Show = Literal["plain", "srcset", "lazy", "picture", "thumbnail", "background", "gallery"]


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    """A photo as one post shows it."""

    file: str
    """Name of the largest rendition as the post names it, below /media/."""
    alt: str
    """Alternative text."""
    caption: str
    """Caption; empty for none."""
    show: Show
    """How the page shows it."""
    width: int = 1200
    """Width of the largest rendition in pixels."""


@dataclass(frozen=True, slots=True)
class DemoComment:
    """A comment and the replies to it."""

    number: int
    """Place on the page, from 1, replies counted where they stand."""
    author: str
    """Shown name."""
    date: str
    """When, ISO 8601 with zone."""
    text: str
    """What it says."""
    photo: str = ""
    """Name of a photo in it; empty for none."""
    alt: str = ""
    """Alternative text of that photo."""
    replies: tuple[DemoComment, ...] = ()
    """Replies, oldest first."""

    @property
    def day(self) -> str:
        """The date as people write it."""
        return _day(self.date)


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A document that a post links to."""

    file: str
    """File name, below /documents/."""
    title: str
    """Words of the link."""


@dataclass(frozen=True, slots=True)
class DemoFilm:
    """A film that a post plays."""

    file: str
    """File name, below /films/."""
    title: str
    """What the player is called."""
    captions: str
    """File name of its captions, below /films/."""


@dataclass(frozen=True, slots=True)
class DemoPost:
    """One news post."""

    slug: str
    """Last part of its address."""
    date: str
    """When it was published, ISO 8601 with zone."""
    title: str
    """Headline."""
    author: str
    """Byline."""
    topic: str
    """A class, or "Whole school"."""
    paragraphs: tuple[str, ...]
    """Body."""
    photos: tuple[DemoPhoto, ...]
    """Photos in page order."""
    comments: tuple[DemoComment, ...]
    """Comments in page order."""
    documents: tuple[DemoDocument, ...]
    """Linked documents."""
    films: tuple[DemoFilm, ...]
    """Films it plays."""

    @property
    def path(self) -> str:
        """Its address below the site's root."""
        return f"/news/{self.date[:4]}/{self.date[5:7]}/{self.slug}/"

    @property
    def day(self) -> str:
        """The date as people write it."""
        return _day(self.date)

    @property
    def mail_date(self) -> str:
        """The date as feeds write it."""
        return datetime.fromisoformat(self.date).strftime("%a, %d %b %Y %H:%M:%S %z")

    @property
    def summary(self) -> str:
        """The first sentence, for cards and the feed."""
        first, stop, _ = self.paragraphs[0].partition(". ")
        return first + stop.strip()


def read_posts() -> tuple[DemoPost, ...]:
    """Return all posts, newest first."""
    document = tomllib.loads(files("auditbot.demo").joinpath("posts.toml").read_text("utf-8"))
    return tuple(sorted(map(_post, document["post"]), key=lambda post: post.date, reverse=True))


def _post(entry: dict[str, Any]) -> DemoPost:
    comments: list[DemoComment] = []
    number = 1
    for item in entry.get("comment", []):
        comments.append(_comment(item, number))
        number += 1 + len(comments[-1].replies)
    return DemoPost(
        slug=entry["slug"],
        date=entry["date"],
        title=entry["title"],
        author=entry["author"],
        topic=entry["topic"],
        paragraphs=tuple(part.strip() for part in entry["body"].strip().split("\n\n")),
        photos=tuple(DemoPhoto(**photo) for photo in entry.get("photo", [])),
        comments=tuple(comments),
        documents=tuple(DemoDocument(**document) for document in entry.get("document", [])),
        films=tuple(DemoFilm(**film) for film in entry.get("film", [])),
    )


def _comment(entry: dict[str, Any], number: int) -> DemoComment:
    replies = tuple(_comment(reply, number + 1 + place) for place, reply in enumerate(entry.get("reply", [])))
    return DemoComment(
        number=number,
        author=entry["author"],
        date=entry["date"],
        text=entry["text"],
        photo=entry.get("photo", ""),
        alt=entry.get("alt", ""),
        replies=replies,
    )


def _day(date: str) -> str:
    moment = datetime.fromisoformat(date)
    return f"{moment.day} {moment:%B %Y}"
