"""Turning a draft into events: its files first, then the post, then what of it was not checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from auditbot.collect.files import GONE, NoPhoto, why_code
from auditbot.collect.html.written_dates import written_date
from auditbot.collect.net.fetch import FetchFailed
from auditbot.collect.post.embeds import take_videos
from auditbot.collect.post.links import Link, PhotoRef
from auditbot.collect.post.photos import has_words
from auditbot.collect.post.post import Draft
from auditbot.collect.visit import Visit
from auditbot.model import CollectEvent, DocumentUse, FetchedFile, NotChecked, PhotoUse, Post, Why
from auditbot.sentences import say


def publish(draft: Draft, visit: Visit) -> Iterator[CollectEvent]:
    """Yield FetchedFile for each new file of a post, NotChecked for each that could not be had, then the Post."""
    photos: list[PhotoUse] = []
    missed: list[NotChecked] = []
    for number, ref in enumerate(draft.photos, 1):
        inside = f"{draft.url}{'&' if '#' in draft.url else '#'}data-{number}"
        use, failed = _use_of(ref, inside, visit, draft.url)
        yield from visit.files.new()
        photos += [use] if use else []
        missed += [failed] if failed else []
    documents: list[DocumentUse] = []
    for link in draft.documents:
        sha256 = None
        try:
            sha256 = visit.files.take(link.url, "pdf", draft.url).sha256
        except (FetchFailed, NoPhoto) as failure:
            if isinstance(failure, FetchFailed) and failure.status in GONE:
                visit.dead_documents.setdefault(link.url, failure.status)
            else:
                missed.append(
                    visit.missed(link.url, "document", visit.why_not(link.url, failure), why=why_code(failure))
                )
        yield from visit.files.new()
        documents.append(DocumentUse(link.url, sha256, link.title))
    for found in take_videos(draft.url, draft.videos, visit):
        yield from visit.files.new()
        if isinstance(found, DocumentUse):
            documents.append(found)
        else:
            missed.append(found)
    for film in draft.films:
        said = say("Films and embedded pages are not looked into: %(film)s", film=film)
        missed.append(visit.missed(draft.url, "video", said, why=Why.EMBED))
    yield from missed
    yield Post(
        account=visit.job.account,
        url=draft.url,
        title=draft.title,
        text=draft.text,
        author=draft.author,
        published_at=draft.published_at,
        photos=_once(photos),
        comments=draft.comments,
        documents=tuple(documents),
        words=draft.words,
        noindex=draft.noindex,
    )


def _use_of(ref: PhotoRef, inside: str, visit: Visit, page: str) -> tuple[PhotoUse | None, NotChecked | None]:
    """Take a photo; return how the post uses it, if it shows or says something, and why it could not be had."""
    address = ref.candidates[0] if ref.candidates else inside
    taken = None if ref.is_drawing else _take_photo(ref, inside, visit, page)
    if isinstance(taken, FetchedFile):
        behind = bool(ref.shown) and taken.url not in ref.shown
        return PhotoUse(taken.url, taken.sha256, ref.alt, ref.caption, ref.found_in, behind), None
    use = PhotoUse(address, None, ref.alt, ref.caption, ref.found_in)
    if taken is None:
        # It shows nobody; its words are published all the same.
        return (use if ref.alt or ref.caption or has_words(address) else None), None
    if taken.status in GONE:
        # What is not there shows nobody: said once for the whole account.
        visit.dead_pictures.setdefault(address, taken.status)
        return use, None
    return use, visit.missed(address, "photo", visit.why_not(address, taken), why=why_code(taken))


def _once(photos: list[PhotoUse]) -> tuple[PhotoUse, ...]:
    """Join several showings of one photo, unless each has words of its own."""
    kept: list[PhotoUse] = []
    for photo in photos:
        for place, known in enumerate(kept):
            same = (photo.sha256 or photo.url) == (known.sha256 or known.url)
            if same and photo.alt in ("", known.alt) and photo.caption in ("", known.caption):
                break
            if same and known.alt in ("", photo.alt) and known.caption in ("", photo.caption):
                kept[place] = replace(known, alt=photo.alt, caption=photo.caption)
                break
        else:
            kept.append(photo)
    return tuple(kept)


def _take_photo(ref: PhotoRef, data_url: str, visit: Visit, page: str) -> FetchedFile | FetchFailed | None:
    """Take the largest rendition that the server has; None for what is no photo."""
    if ref.data:
        try:
            return visit.files.take_data(data_url, ref.data)
        except FetchFailed as failure:
            return failure
        except NoPhoto:
            return None
    failures = [FetchFailed("unreachable", say("The photo has no address."))]
    is_drawing = False
    for candidate in ref.candidates:
        try:
            return visit.files.take(candidate, "photo", page)
        except FetchFailed as failure:
            failures.append(failure)
        except NoPhoto:
            is_drawing = True
    if is_drawing:
        return None
    # That one rendition is not there says nothing of another that could not be had.
    return next((failure for failure in failures[:0:-1] if failure.status not in GONE), failures[-1])


def document_draft(link: Link, zone: ZoneInfo) -> Draft:
    """Return a post for a document that is linked as if it were a page: its day is that of the link's words or name."""
    name = unquote(urlsplit(link.url).path).rpartition("/")[2].rpartition(".")[0]
    moment = written_date(link.title, zone) or written_date(re.sub(r"[_+]+", " ", name), zone)
    return Draft(link.url, link.title, "", "", moment, (), (), documents=(link,))
