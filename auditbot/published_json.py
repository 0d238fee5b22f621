"""``auditbot posts --json``: what was seen, one JSON object a line."""

from __future__ import annotations

from typing import Any

from auditbot.model import Comment, PhotoUse, Post
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
        "documents": [{"url": document.url, "sha256": document.sha256} for document in post.documents],
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
