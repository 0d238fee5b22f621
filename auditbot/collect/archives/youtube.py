"""YouTube's part of a Google Takeout: the public films' titles and descriptions. Private and unlisted ones stay out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from auditbot.collect.archives.container import Archive, Found, Item, LeftOut, MemberUnreadable, possible
from auditbot.sentences import say

_NUMBER = re.compile(r"[\w-]{11}", re.ASCII)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", re.ASCII)
# Folders and headings are in the account's language; these are the words that several languages use.
_PRIVACY = ("privacy", "datenschutz", "confidentialit", "privacidad", "prywatno", "sekretess", "privacidade", "preifat")
_PUBLIC = ("public", "öffentlich", "publique", "publico", "público", "pubblico", "openbaar", "publiczny", "offentlig")
_NOT_PUBLIC = say("They are private or unlisted.")
_LANGUAGE = say(
    "Its columns are in a language that is not known, so public films could not be told from private ones. Set the "
    "Google account's language to English and ask for the download again."
)
_MAX_BYTES = 100_000_000


def is_youtube(archive: Archive) -> bool:
    """Return whether the download is a Takeout with lists of films: tables that have a column of film numbers."""
    return any(table for _, table in _lists(archive))


def _lists(archive: Archive) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield the lists of the account's films; an empty one for what may be such a list and cannot be read."""
    for name in archive.names():
        if name.lower().endswith(".csv") and "/" in name:
            try:
                text = archive.read(name, _MAX_BYTES).decode("utf-8-sig", "replace")
                rows = list(csv.DictReader(io.StringIO(text.replace("\x00", ""))))
            except (MemberUnreadable, csv.Error):
                yield name, []
                continue
            table = [{str(head): str(cell or "") for head, cell in row.items() if head} for row in rows]
            if table and len(table[0]) > 3 and _number_of(table[0]) and _is_metadata(table[0]):
                yield name, table


def _is_metadata(row: dict[str, str]) -> bool:
    """Tell the list of the account's own films from lists of films watched or liked, which have no title column."""
    heads = " ".join(row).lower()
    return any(word in heads for word in ("title", "titel", "titre", "título", "titolo", "tytuł", "teitl"))


def _number_of(row: dict[str, str]) -> str:
    first = next(iter(row.values()), "")
    return first if _NUMBER.fullmatch(first) else ""


def read_youtube(archive: Archive, _zone: ZoneInfo) -> Iterator[Found]:
    """Yield the public films."""
    yield LeftOut(
        "films and their pictures", say("Films are not looked into, and a Takeout holds no comments."), gap=True
    )
    for name, table in _lists(archive):
        if not table:
            yield LeftOut(
                "tables", say("The file inside the download is damaged."), gap=True, url=name.rpartition("/")[2]
            )
            continue
        privacy = next((head for head in table[0] if any(word in head.lower() for word in _PRIVACY)), "")
        if not privacy:
            yield LeftOut("lists of films", _LANGUAGE, gap=True, url=name.rpartition("/")[2])
            continue
        for row in table:
            number = _number_of(row)
            if not number:
                yield LeftOut("entries", say("They are of an unknown form."), gap=True)
            elif row[privacy].strip().lower() not in _PUBLIC:
                yield LeftOut("films", _NOT_PUBLIC)
            else:
                yield _film(number, row)


def _film(number: str, row: dict[str, str]) -> Item:
    return Item(
        url=f"https://www.youtube.com/watch?v={number}",
        title=_cell(row, ("title", "titel", "titre", "título", "titolo", "tytuł", "teitl")),
        text=_cell(row, ("description", "beschreibung", "descripci", "descri", "opis", "beskrivning", "beschrijving")),
        published_at=_published(row),
    )


def _cell(row: dict[str, str], heads: tuple[str, ...]) -> str:
    named = [(head.lower(), cell) for head, cell in row.items() if any(word in head.lower() for word in heads)]
    # Some tables have the same thing in other languages after the original.
    originals = [cell for head, cell in named if "original" in head and "language" not in head]
    plain = [cell for head, cell in named if "language" not in head]
    return (originals or plain or [""])[0].strip()


def _published(row: dict[str, str]) -> datetime | None:
    """Return the latest of the row's times: a film is made before it is published."""
    moments: list[str] = []
    for head, cell in row.items():
        if _STAMP.match(cell) and "publish" in head.lower():
            moments.insert(0, cell)
        elif _STAMP.match(cell):
            moments.append(cell)
    for stamp in moments:
        try:
            moment = datetime.fromisoformat(stamp.strip().replace(" UTC", "+00:00"))
        except ValueError:
            continue
        return possible(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return None
