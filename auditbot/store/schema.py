"""The tables, as migrations: a file of any earlier version is brought up to date when it is opened."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("auditbot")


@MIGRATIONS()
def m001_published_examined_audited(db: Database) -> None:
    """Make the first set of tables."""
    _make_published(db)
    _make_examined(db)
    _make_audits(db)


@MIGRATIONS()
def m002_deletions(db: Database) -> None:
    """Make the record of whose face data was deleted, when and why."""
    db.table("deletions").create(
        {"id": int, "person_id": str, "what": str, "at": str, "why": str},
        pk="id", not_null={"person_id", "what", "at", "why"}, strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m003_matching_context(db: Database) -> None:
    """Note what else was known when a photo was matched, and make the record of faces that a person confirmed."""
    db.table("photos").add_column("matched_with", str, not_null_default="")
    db.table("confirmations").create(
        {"id": int, "finding": str, "person_id": str, "sha256": str, "confirmed_by": str, "at": str},
        pk="id", not_null={"finding", "person_id", "sha256", "confirmed_by", "at"}, strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m004_deletions_scrubbed(db: Database) -> None:
    """Note whether what was deleted has left the file's freed pages and its log too."""
    db.table("deletions").add_column("scrubbed", int, not_null_default=0)


@MIGRATIONS()
def m005_photo_metadata(db: Database) -> None:
    """Make room for what a photo's metadata gives away."""
    db.table("photos").add_column("has_position", int, not_null_default=0)
    db.table("photos").add_column("has_serial_number", int, not_null_default=0)
    db.table("photo_metadata_words").create(
        {"sha256": str, "place": int, "field": str, "text": str},
        pk=("sha256", "place"), foreign_keys=[("sha256", "photos", "sha256")], strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m006_documents_examined_with(db: Database) -> None:
    """Note what a document was examined with, so that a newer reader looks again."""
    db.table("documents").add_column("examined_with", str, not_null_default="")


@MIGRATIONS()
def m007_archives(db: Database) -> None:
    """Make the record of downloads that were imported, and of what came from each."""
    db.table("archives").create(
        {"id": int, "account": str, "platform": str, "parts": str, "sha256": str, "as_of": str, "imported_at": str,
         "finished": int, "posts": int, "photos": int, "notes": str},
        pk="id", not_null={"account", "platform", "parts", "as_of"}, strict=True,
    )  # fmt: skip
    db.table("archive_posts").create(
        {"account": str, "url": str, "archive": int},
        pk=("account", "url"), foreign_keys=[("archive", "archives", "id")], strict=True,
    )  # fmt: skip
    db.table("archive_files").create(
        {"account": str, "url": str, "archive": int, "member": str, "sha256": str},
        pk=("account", "url"), foreign_keys=[("archive", "archives", "id")], strict=True,
    )  # fmt: skip
    db.table("archive_files").create_index(["sha256"])


@MIGRATIONS()
def m008_linked_accounts(db: Database) -> None:
    """Make the record of social media accounts that the school's pages lead to."""
    db.table("linked_accounts").create(
        {"account": str, "url": str, "service": str, "found_on": str, "seen_at": str},
        pk=("account", "url"), not_null={"account", "url", "service", "found_on", "seen_at"}, strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m009_named_aside(db: Database) -> None:
    """Tell what makes an audit incomplete from what is only named."""
    db.table("not_checked").add_column("aside", int, not_null_default=0)


@MIGRATIONS()
def m010_proof_of_removal(db: Database) -> None:
    """Make room for what a page and a file's own address answer once something is no longer shown."""
    db.table("posts").add_column("gone_checked_at", str)
    for column in ("file_url", "removal", "missing_since", "missing_audit"):
        db.table("findings").add_column(column, str)
    db.table("file_answers").create(
        {"url": str, "gone": int, "answer": str, "asked_at": str},
        pk="url", not_null={"answer", "asked_at"}, strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m011_films(db: Database) -> None:
    """Tell films and their captions from documents, and note how long a film lasts."""
    db.table("document_uses").add_column("kind", str, not_null_default="document")
    db.table("documents").add_column("seconds", float, not_null_default=0.0)


@MIGRATIONS()
def m012_answers(db: Database) -> None:
    """Make room for what sites answered: to go on after a cut, and to ask only whether it has changed."""
    db.table("answers").create(
        {"audit": str, "account": str, "kind": str, "url": str, "at": str, "answered_url": str, "status": int,
         "headers": str, "base": str, "body": bytes},
        pk=("audit", "account", "kind", "url"), not_null={"at", "answered_url", "status", "headers", "base", "body"},
        strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m013_addresses_and_words(db: Database) -> None:
    """Make room for the ledger of a site's addresses, for words beside a post's body, and for reasons as codes."""
    db.table("addresses").create(
        {"account": str, "url": str, "audit": str, "became": str, "same_as": str},
        pk=("account", "url"), not_null={"audit", "became", "same_as"}, strict=True,
    )  # fmt: skip
    db.table("post_words").create(
        {"post": int, "place": int, "kind": str, "text": str},
        pk=("post", "place"), foreign_keys=[("post", "posts", "id")], strict=True,
    )  # fmt: skip
    db.table("not_checked").add_column("why", str, not_null_default="other")


@MIGRATIONS()
def m014_detail(db: Database) -> None:
    """Make room for how much of a face a picture carries, and what else its file and its page give away."""
    db.table("faces").add_column("detail", float, not_null_default=0.0)
    db.table("faces").add_column("turn", float, not_null_default=0.0)
    db.table("faces").add_column("cover", str, not_null_default="")
    db.table("photos").add_column("has_time", int, not_null_default=0)
    db.table("photos").add_column("has_device", int, not_null_default=0)
    db.table("photo_uses").add_column("is_behind", int, not_null_default=0)
    db.table("posts").add_column("noindex", int, not_null_default=0)


@MIGRATIONS()
def m015_read_texts(db: Database) -> None:
    """Make room for what the "please read" rules found in a text, by a hash of the text and of the rules."""
    db.table("read_texts").create({"key": bytes, "found": bytes}, pk="key", not_null={"found"}, strict=True)


@MIGRATIONS()
def m016_exposure(db: Database) -> None:
    """Make room for how exposed each account's photos were, night by night."""
    db.table("exposure_counts").create(
        {"audit": str, "account": str, "at": str, "posts": int, "with_photos": int, "photos": int, "clear": int,
         "recognisable": int, "hard": int, "lowest": int, "named_alone": int, "named_together": int, "larger": int,
         "placed": int, "half": int, "exposure": float},
        pk=("audit", "account"), not_null={"at"}, strict=True,
    )  # fmt: skip
    db.table("exposure_months").create(
        {"account": str, "year": int, "month": int, "grade": str, "posts": int},
        pk=("account", "year", "month", "grade"), strict=True,
    )  # fmt: skip


@MIGRATIONS()
def m017_what_counts_rest_on(db: Database) -> None:
    """Note by a hash what the counts of a night rest on, so that the next night need not count the same again."""
    db.table("exposure_counts").add_column("rests_on", str, not_null_default="")


def _make_published(db: Database) -> None:
    db.table("posts").create(
        {
            "id": int, "account": str, "url": str, "title": str, "text": str, "author": str, "published_at": str,
            "last_reached_at": str, "changed_at": str, "gone_at": str, "gone_proof": str,
        },
        pk="id", not_null={"account", "url"}, strict=True,
    )  # fmt: skip
    db.table("posts").create_index(["account", "url"], unique=True)
    part_of_post = [("post", "posts", "id")]
    db.table("comments").create(
        {"post": int, "place": int, "author": str, "text": str, "published_at": str, "url": str},
        pk=("post", "place"), foreign_keys=part_of_post, strict=True,
    )  # fmt: skip
    db.table("photo_uses").create(
        {"post": int, "place": int, "url": str, "sha256": str, "alt": str, "caption": str, "found_in": str},
        pk=("post", "place"), foreign_keys=part_of_post, strict=True,
    )  # fmt: skip
    db.table("photo_uses").create_index(["sha256"])
    db.table("document_uses").create(
        {"post": int, "place": int, "url": str, "sha256": str, "title": str},
        pk=("post", "place"), foreign_keys=part_of_post, strict=True,
    )  # fmt: skip
    db.table("files").create(
        {"url": str, "sha256": str, "etag": str, "last_modified": str}, pk="url", not_null={"sha256"}, strict=True
    )


def _make_examined(db: Database) -> None:
    db.table("photos").create(
        {"sha256": str, "width": int, "height": int, "not_examined": str, "examined_with": str},
        pk="sha256", strict=True,
    )  # fmt: skip
    db.table("faces").create(
        {"sha256": str, "place": int, "x": float, "y": float, "width": float, "height": float,
         "confidence": float, "outcome": str, "likely": int},
        pk=("sha256", "place"), foreign_keys=[("sha256", "photos", "sha256")], strict=True,
    )  # fmt: skip
    db.table("candidates").create(
        {"sha256": str, "face": int, "rank": int, "person_id": str, "score": float},
        pk=("sha256", "face", "rank"), foreign_keys=[("sha256", "photos", "sha256")], strict=True,
    )  # fmt: skip
    db.table("candidates").create_index(["person_id"])
    db.table("words").create(
        {"sha256": str, "place": int, "text": str, "x": float, "y": float, "width": float, "height": float,
         "score": float},
        pk=("sha256", "place"), foreign_keys=[("sha256", "photos", "sha256")], strict=True,
    )  # fmt: skip
    db.table("documents").create({"sha256": str, "not_examined": str}, pk="sha256", strict=True)
    part_of_document = [("sha256", "documents", "sha256")]
    db.table("document_pages").create(
        {"sha256": str, "page": int, "text": str}, pk=("sha256", "page"), foreign_keys=part_of_document, strict=True
    )
    db.table("document_pictures").create(
        {"sha256": str, "place": int, "page": int, "picture": str},
        pk=("sha256", "place"), foreign_keys=part_of_document, strict=True,
    )  # fmt: skip


def _make_audits(db: Database) -> None:
    db.table("audits").create(
        {"id": str, "started_at": str, "finished_at": str, "ended_at": str, "reported_at": str,
         "request": str, "complete": int, "versions": str,
         "posts_without_finding": int},
        pk="id", strict=True,
    )  # fmt: skip
    part_of_audit = [("audit", "audits", "id")]
    db.table("coverage").create(
        {"audit": str, "account": str, "status": str, "posts": int, "photos": int, "reason": str,
         "visit_started_at": str, "visited_at": str},
        pk=("audit", "account"), foreign_keys=part_of_audit, strict=True,
    )  # fmt: skip
    db.table("not_checked").create(
        {"id": int, "audit": str, "stage": str, "account": str, "url": str, "what": str, "reason": str},
        pk="id", foreign_keys=part_of_audit, strict=True,
    )  # fmt: skip
    db.table("findings").create(
        {"id": str, "finding": str, "account": str, "post_url": str, "first_seen": str, "first_audit": str,
         "last_seen": str, "back_audit": str, "gone_at": str, "gone_audit": str, "proof": str},
        pk="id", strict=True,
    )  # fmt: skip
