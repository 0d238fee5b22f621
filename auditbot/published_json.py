"""``auditbot posts --json``: what was seen, one JSON object a line."""

from __future__ import annotations

from typing import Any

from auditbot.model import Comment, DocumentUse, PhotoUse, Post
from auditbot.store import Store


def post_document(post: Post, store: Store) -> dict[str, Any]:
    """Return one post as the documented JSON object."""
    return {
        "account": post.account,
        "url": post.url,
        "title": post.title,
        "published_at": post.published_at.isoformat() if post.published_at else None,
        "author": post.author,
        "text": post.text,
        "comments": [_comment(comment) for comment in post.comments],
        "photos": [_photo(use, store) for use in post.photos],
        "documents": [_document(use) for use in post.documents if use.kind == "document"],
        "videos": [_video(use, store) for use in post.documents if use.kind == "video"],
        "captions": [_document(use) for use in post.documents if use.kind == "captions"],
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "author": comment.author,
        "text": comment.text,
        "published_at": comment.published_at.isoformat() if comment.published_at else None,
        "url": comment.url,
    }


def _photo(use: PhotoUse, store: Store) -> dict[str, Any]:
    facts = store.examined.photo(use.sha256) if use.sha256 else None
    return {
        "url": use.url,
        "sha256": use.sha256,
        "alt": use.alt,
        "caption": use.caption,
        "width": facts.width if facts else None,
        "height": facts.height if facts else None,
    }


def _document(use: DocumentUse) -> dict[str, Any]:
    return {"url": use.url, "sha256": use.sha256}


def _video(use: DocumentUse, store: Store) -> dict[str, Any]:
    facts = store.examined.document(use.sha256) if use.sha256 else None
    return {
        "url": use.url,
        "sha256": use.sha256,
        "title": use.title,
        "seconds": facts.seconds if facts else None,
        "moments": [picture.page for picture in facts.pictures] if facts else None,
    }
