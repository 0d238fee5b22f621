"""What collect produces: posts, files and how far an account was reached; and what a collector is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from auditbot.model.http_cache import AccountAnswers
from auditbot.sentences import NOTHING, Sentence

Channel = Literal["website", "social_media", "newsletter", "prospectus_display", "press", "video"]
DocumentKind = Literal["document", "video", "captions"]
WordsKind = Literal["excerpt", "tag", "category", "description"]
CoverageStatus = Literal["complete", "partial", "walled", "error"]


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment under a post."""

    author: str
    """The name the page shows for the commenter; empty if none."""
    text: str
    """The comment as plain text."""
    published_at: datetime | None = None
    """When it was written, with a zone, or None where the page does not say."""
    url: str = ""
    """The comment's own address; empty if it has none."""


@dataclass(frozen=True, slots=True)
class PhotoUse:
    """One photo as one post shows it. The same file may be used by many posts."""

    url: str
    """Address of the largest public rendition; ``data:`` pictures get the post's address with a numbered fragment."""
    sha256: str | None
    """Content hash of the file. None if it could not be had (a NotChecked says why), or if it is a drawing or an icon,
    whose words alone count."""
    alt: str = ""
    """The alternative text."""
    caption: str = ""
    """The visible caption."""
    found_in: Literal["post", "comment", "document", "video"] = "post"
    """Where in the post the photo was: the post itself, a comment, a linked document or a video's poster."""
    is_behind: bool = False
    """True if the page shows a smaller file, and this one lies behind it for whoever asks."""


@dataclass(frozen=True, slots=True)
class DocumentUse:
    """A document or a film that a post links to or plays, or a film's captions."""

    url: str
    """The document's address."""
    sha256: str | None
    """Content hash of the file, or None if it could not be had (a NotChecked says why)."""
    title: str = ""
    """The words of the link that leads to it; for a film in a player, what the player is called."""
    kind: DocumentKind = "document"
    """What it is: a document, a film ("video") or a film's captions."""


@dataclass(frozen=True, slots=True)
class PostWords:
    """Words about a post that stand beside its body."""

    kind: WordsKind
    """What they are: an excerpt, a tag, a category, or the description that search engines and services show."""
    text: str
    """The words as plain text."""


@dataclass(frozen=True, slots=True)
class Post:
    """One published item: a news post, a page, a social media post."""

    account: str
    """Name of the account in the accounts register."""
    url: str
    """The permalink, the post's identity within its account."""
    title: str
    """The headline; empty if there is none."""
    text: str
    """The body as plain text, paragraphs separated by newlines."""
    author: str = ""
    """The name the page shows as its author; empty if none."""
    published_at: datetime | None = None
    """When it was published, with a zone, or None where it cannot be told."""
    photos: tuple[PhotoUse, ...] = ()
    """The photos it shows, in page order."""
    comments: tuple[Comment, ...] = ()
    """The public comments under it, in page order."""
    documents: tuple[DocumentUse, ...] = ()
    """The documents it links to."""
    words: tuple[PostWords, ...] = ()
    """Words about it that stand in neither title nor body."""
    noindex: bool = False
    """True if its page asks search engines not to keep it, or not its pictures."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file taken on an earlier run, offered to the server as "has it changed since?"."""

    sha256: str
    """Content hash of what was taken."""
    etag: str = ""
    """The server's validator, or empty."""
    last_modified: str = ""
    """The server's Last-Modified header, or empty."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A photo or document whose bytes are in the spool, or which the server confirmed unchanged."""

    url: str
    """The address it was taken from."""
    sha256: str
    """Content hash."""
    etag: str = ""
    """The server's validator, or empty."""
    last_modified: str = ""
    """The server's Last-Modified header, or empty."""
    unchanged: bool = False
    """True if the server confirmed the known file (304): nothing was downloaded."""


@dataclass(frozen=True, slots=True)
class PostGone:
    """A post seen on an earlier run whose permalink now answers that it is gone."""

    account: str
    """Name of the account."""
    url: str
    """The permalink."""
    proof: Sentence
    """How that is known, as a sentence: "The page answers 404 Not Found."."""


@dataclass(frozen=True, slots=True)
class PostMoved:
    """A post seen on an earlier run whose permalink now leads to another post of this run: perhaps to itself."""

    account: str
    """Name of the account."""
    url: str
    """The earlier permalink."""
    now_at: str
    """The permalink of the post it leads to."""


class Why(StrEnum):
    """Why something was not checked, as a code: what programs ask for, whatever the sentence says."""

    OTHER = "other"
    ALIKE = "alike"
    CHANGED_PLACE = "changed_place"
    CUT_SHORT = "cut_short"
    DEAD_DOCUMENT = "dead_document"
    DEAD_PICTURE = "dead_picture"
    DEAD_FILM = "dead_film"
    EMBED = "embed"
    EMPTY = "empty"
    FAILED = "failed"
    FAULT = "fault"
    GONE = "gone"
    KIND = "kind"
    LIMIT = "limit"
    LISTED = "listed"
    LOG_IN = "log_in"
    MEMBERS = "members"
    NAME_AND_PASSWORD = "name_and_password"
    NO_ACCESS = "no_access"
    NOT_FOUND = "not_found"
    OTHER_HOST = "other_host"
    PASSWORD = "password"
    ROBOT_CHECK = "robot_check"
    ROBOTS = "robots"
    ROOM = "room"
    SEEMS_WALLED = "seems_walled"
    SERIES = "series"
    SHORT_LIST = "short_list"
    SHUT = "shut"
    TIME = "time"
    TOOL = "tool"


class Became(StrEnum):
    """What became of an address of a site in one audit."""

    OPENED = "opened"
    UNCHANGED = "unchanged"
    SAME = "same"
    FAILED = "failed"
    WALLED = "walled"
    ELSEWHERE = "elsewhere"
    ALIKE = "alike"
    KIND = "kind"
    LIMIT = "limit"
    LISTED = "listed"
    OLD = "old"
    ROBOTS = "robots"
    SERIES = "series"
    TIME = "time"
    TOOL = "tool"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class MetAddress:
    """One address of an account's own site that an audit met."""

    url: str
    """The address."""
    became: Became
    """What became of it."""
    same_as: str = ""
    """The address of the page that it was proved to be; empty otherwise."""


@dataclass(frozen=True, slots=True)
class MetAddresses:
    """The ledger of one account: every address of its site that this audit met."""

    account: str
    """Name of the account."""
    entries: tuple[MetAddress, ...]
    """In the order they were met."""


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something that was not checked, and why. It stands at the top of every report."""

    account: str
    """Name of the account; empty if it concerns the whole audit."""
    url: str
    """Where; empty if there is no address."""
    what: str
    """What was not checked, in a few words: "photo", "page", "account", "document", "video", "register", ..."""
    reason: Sentence
    """Why, in one sentence for the safeguarding lead."""
    aside: bool = False
    """True for what is named so that it is known, without which an audit is complete all the same: what other sites
    show inside our pages, and what visitors cannot see either."""
    why: Why = Why.OTHER
    """The reason as a code."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one account was reached in one audit."""

    account: str
    """Name of the account."""
    status: CoverageStatus
    """complete, partial, walled or error."""
    posts: int
    """Posts reached in this audit."""
    photos: int
    """Photos reached in this audit."""
    reason: Sentence = NOTHING
    """Why it is not complete; empty if it is."""


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """A social media account that the school's pages lead to."""

    account: str
    """Name of the account whose pages hold the link."""
    url: str
    """Address of the social media account."""
    service: str
    """The service, for example "Facebook"."""
    found_on: str
    """One page that leads there."""


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """What the own address of a file answers that its post no longer shows."""

    url: str
    """The file's address."""
    gone: bool | None
    """True if it is gone from there, False if it still answers, None if that could not be told."""
    answer: Sentence
    """What was answered."""


CollectEvent = (
    LinkedAccount | FetchedFile | FileAnswer | Post | PostGone | PostMoved | NotChecked | MetAddresses | Coverage
)


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder of files fetched and not yet examined; each file is named by its content hash."""

    folder: Path
    """Where it is; private to this user."""

    def path(self, sha256: str) -> Path:
        """Return where the file with this content hash lies or would lie."""
        return self.folder / sha256


@dataclass(frozen=True, slots=True)
class CollectJob:
    """What a collector is told, all of it; it touches no store and no register."""

    account: str
    """Name of the account."""
    kind: str
    """Which source reads it, for example "website"."""
    url: str
    """The account's address."""
    may_be_empty: bool
    """True if having no post at all is normal for this account."""
    spool: Spool
    """Where fetched files are put."""
    known_files: dict[str, KnownFile]
    """By address: files that need not be taken again if the server confirms them unchanged."""
    known_posts: frozenset[str]
    """Permalinks seen on earlier runs and not known to be gone for good: those not met again are asked one by one."""
    since: date | None = None
    """Take only posts published on or after this day."""
    token: SecretStr | None = None
    """The school's own token for the account's interface, or None where there is none; it never shows itself."""
    token_problem: str = ""
    """Why a token that may exist could not be had, as a sentence; empty if nothing went wrong."""
    folder: Path | None = None
    """For the kind "folder": where it is."""
    read_elsewhere: frozenset[str] = frozenset()
    """Addresses of the register's other accounts and of their known posts: what of them pages embed is read there."""
    watched_files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By permalink: files findings rest on, address to content hash; asked for when the post no longer shows them."""
    most_bytes: int | None = None
    """How much its files may take of this computer's disk; None for as much as they are."""
    only_post: str = ""
    """Of a website, the permalink of the one post to look at, with its files; empty to look at everything."""
    answers: AccountAnswers | None = None
    """What the site answered before; None to ask for everything, as if for the first time, and to keep nothing."""
