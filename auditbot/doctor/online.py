"""``auditbot doctor --online``: each account visited once from here, and three posts shown as an audit reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from auditbot.collect.connection_steps import Stage, Step, steps_to
from auditbot.collect.first_posts import Tried, try_account
from auditbot.doctor.line import Check, Standing
from auditbot.errors import AuditbotError
from auditbot.model import Post
from auditbot.present.excerpt import one_line
from auditbot.present.wording import amount
from auditbot.registers.accounts import Account, read_accounts
from auditbot.sentences import _, both, day_of, say
from auditbot.settings import Settings, Workspace, load_settings

POSTS_SHOWN = 3
_WORDS_SHOWN = 90
_NAMES = {
    Stage.NAME: say("Name"),
    Stage.CERTIFICATE: say("Certificate"),
    Stage.PAGE: say("Page"),
    Stage.ROBOTS: say("Robots"),
}

LocalHosts = Mapping[str, tuple[str, int]]


def check_online(workspace: Workspace, local_hosts: LocalHosts, tell: Callable[[str], None]) -> Iterator[Check]:
    """Visit each account of the register and yield what was met, step by step. ``tell`` is told what is being done.

    Raises SettingsError and the like where the workspace cannot be read.
    """
    settings = load_settings(workspace)
    accounts = read_accounts(workspace.config / "accounts.toml")
    for number, account in enumerate(accounts, 1):
        tell(
            _(
                "Visiting %(name)s (%(number)s of %(count)s); this may take some minutes.",
                name=account.name,
                number=number,
                count=len(accounts),
            )
        )
        yield from _account(account, workspace, settings, local_hosts)


def _account(account: Account, workspace: Workspace, settings: Settings, local_hosts: LocalHosts) -> Iterator[Check]:
    if account.kind == "website":
        for step in steps_to(account.url, settings, local_hosts):
            yield _line(account, step)
            if not step.passed:
                return
    try:
        tried = try_account(account, workspace, settings, local_hosts, POSTS_SHOWN)
    except AuditbotError as error:
        yield Check(_("Posts"), "missing", f"{account.name}: {error}")
        return
    yield from _posts(account, tried)


def _line(account: Account, step: Step) -> Check:
    standing: Standing = ("note" if step.doubtful else "good") if step.passed else "missing"
    return Check(_NAMES[step.stage], standing, f"{account.name}: {step.said}")


def _posts(account: Account, tried: Tried) -> Iterator[Check]:
    for post in tried.posts:
        lacks = [what for what, there in ((_("no title"), post.title), (_("no date"), post.published_at)) if not there]
        yield Check(_("Post"), "note" if lacks else "good", f"{account.name}: {as_read(post)}")
        if lacks:
            yield Check(
                _("Post"),
                "note",
                _(
                    "%(name)s: %(lacks)s could be read there. If the page shows one, tell whoever looks after "
                    "auditbot; a post without a date is judged by today's permission alone.",
                    name=account.name,
                    lacks=both(lacks),
                ),
            )
    if tried.posts:
        yield Check(_("Posts"), "good", _("%(name)s: compare the above with what a browser shows.", name=account.name))
        return
    reason = tried.coverage.reason if tried.coverage else _("Nothing came in time.")
    yield Check(
        _("Posts"),
        "missing" if not account.may_be_empty else "note",
        _("%(name)s: no post. %(reason)s", name=account.name, reason=reason),
    )


def as_read(post: Post) -> str:
    """Say what was read of a post: title, date, photos, first words, address."""
    day = day_of(post.published_at) if post.published_at else _("no date")
    words = one_line(post.text)
    first = f" “{words[:_WORDS_SHOWN].rstrip()}{'…' if len(words) > _WORDS_SHOWN else ''}”" if words else _(" No text.")
    photos = amount(len(post.photos), "photo")
    return f"“{one_line(post.title) or _('no title')}”, {day}, {photos}.{first} {post.url}"
