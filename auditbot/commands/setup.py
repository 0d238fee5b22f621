"""A workspace from its beginning: ``init``, ``doctor``, ``token``, ``key``, ``import-archive`` and ``demo``."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from getpass import getpass
from pathlib import Path

from rich.console import Console

from auditbot.collect.archives.importing import Imported, import_archive
from auditbot.commands.common import COMPLETE, WRONG_USE, ProgressBars, Spoken, workspace_of
from auditbot.demo.site import demo_site
from auditbot.doctor.browsers import get_browser
from auditbot.doctor.checkup import examine_workspace, try_faces
from auditbot.doctor.integrity import check_integrity
from auditbot.doctor.line import Check
from auditbot.doctor.online import check_online
from auditbot.errors import NobodyToAsk, NotConfirmed, NoTokenNeeded, OptionWithoutUse, TokenUnusable, UnknownAccount
from auditbot.model import Spool
from auditbot.pipeline import local_hosts
from auditbot.registers.accounts import TOKEN_KINDS, Account, read_accounts, token_variable
from auditbot.registers.secrets import find_key, find_token, forget_token, keep_token, key_for_backup
from auditbot.run import one_at_a_time
from auditbot.safe_files import private_folder
from auditbot.sentences import _, say
from auditbot.service.keys import let_go, rotate
from auditbot.settings import Workspace, load_settings
from auditbot.store import Store
from auditbot.workspace import make_demo_workspace, make_workspace


def run_token(options: argparse.Namespace) -> int:
    """Do what was asked for with a token."""
    doing: Callable[[argparse.Namespace], int] = options.doing
    return doing(options)


def _set(options: argparse.Namespace) -> int:
    """Ask for a token without showing it, and keep it."""
    account = _account(options)
    keep_token(account, getpass(_("Token for %(name)s (it is not shown): ", name=account.name)))
    print(_("The token for %(name)s is kept in the keyring of this computer.", name=account.name))
    return COMPLETE


def _forget(options: argparse.Namespace) -> int:
    """Remove a token from the keyring."""
    account = _account(options)
    if forget_token(account):
        print(
            _(
                "The token for %(name)s is removed. Revoke it with the service as well if others may know it.",
                name=account.name,
            )
        )
    else:
        print(_("The keyring of this computer holds no token for %(name)s.", name=account.name))
    return COMPLETE


def _list(options: argparse.Namespace) -> int:
    """Say for each account that needs a token where one was found; never the token."""
    accounts = read_accounts(workspace_of(options).config / "accounts.toml")
    needing = [account for account in accounts if account.kind in TOKEN_KINDS]
    for account in needing:
        print(f"{account.name} ({account.kind}): {_where(account)}")
    if not needing:
        print(_("No account of the register needs a token."))
    return COMPLETE


def _where(account: Account) -> str:
    try:
        found = find_token(account)
    except TokenUnusable as error:
        return str(error)
    if found:
        return _("found in %(origin)s", origin=found.origin)
    return _(
        'none; set %(variable)s, or run: auditbot token set "%(name)s"',
        variable=token_variable(account.name),
        name=account.name,
    )


def _account(options: argparse.Namespace) -> Account:
    accounts = {account.name: account for account in read_accounts(workspace_of(options).config / "accounts.toml")}
    if options.account not in accounts:
        raise UnknownAccount(options.account, list(accounts))
    account = accounts[options.account]
    if account.kind not in TOKEN_KINDS:
        raise NoTokenNeeded(account.name, account.kind)
    return account


def declare_token(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    keep = what.add_parser("set", help="ask for an account's token and keep it")
    keep.add_argument("account", metavar="ACCOUNT")
    keep.set_defaults(run=run_token, doing=_set)
    forget = what.add_parser("forget", help="remove an account's token")
    forget.add_argument("account", metavar="ACCOUNT")
    forget.set_defaults(run=run_token, doing=_forget)
    what.add_parser("list", help="say where each token was found").set_defaults(run=run_token, doing=_list)


# ``auditbot key``: the key that face templates, notes and secrets of codes are sealed with.


def make_key(_options: argparse.Namespace) -> int:
    """Make the key, unless there is one."""
    there = bool(key_for_backup())
    find_key(make=True)
    print(_("There is a key already; it stays.") if there else _("A key was made. It is part of every backup."))
    return COMPLETE


def rotate_key(options: argparse.Namespace) -> int:
    """Put a new key in front of the old one, and seal everything of this workspace with it."""
    workspace = workspace_of(options)
    load_settings(workspace)
    done = rotate(workspace, lambda: _seal_codes(workspace))
    print(
        _(
            "Sealed with the new key: %(templates)s face templates, %(codes)s secrets of one-time codes, and "
            "the notes on decisions. Make a backup now.\nWhoever is signed in to the page signs in again; "
            "restart it.",
            templates=done.templates,
            codes=done.codes,
        )
    )
    print(
        _(
            "The old key stays behind the new one, so that other workspaces of this user can be opened. Once "
            "this was run in each of them: auditbot key drop-old"
        )
    )
    return COMPLETE


def drop_old_key(options: argparse.Namespace) -> int:
    """Keep the newest key alone."""
    workspace = workspace_of(options)
    load_settings(workspace)
    if not options.yes:
        raise NotConfirmed("key drop-old")
    if let_go(workspace, lambda: _seal_codes(workspace)):
        print(_("The newest key is kept alone. Backups made before hold the old one: make one now, and remove those."))
    else:
        print(_("The keys stand in the environment: take all but the first out there."))
    return COMPLETE


def _seal_codes(workspace: Workspace) -> int:
    """Seal the secrets of the page's one-time codes anew, if there is a page."""
    if not (workspace.data / "review.db").is_file():
        return 0
    from auditbot.review.people.seal_anew import codes_of  # noqa: PLC0415  Django is loaded for the page alone

    return codes_of(workspace)


def declare_key(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="make|rotate|drop-old", dest="action")
    actions.add_parser("make", help="make the key, unless there is one").set_defaults(run=make_key)
    changing = actions.add_parser("rotate", help="put a new key in front of the old one, and seal everything with it")
    changing.set_defaults(run=rotate_key)
    dropping = actions.add_parser("drop-old", help="keep the newest key alone, once every workspace is sealed with it")
    dropping.add_argument("--yes", action="store_true", help="really do it: what the old key sealed elsewhere is lost")
    dropping.set_defaults(run=drop_old_key)


# ``auditbot demo``: serve the demo school's site.


def run_demo(_options: argparse.Namespace) -> int:
    """Serve the site until stopped."""
    with demo_site() as (host, port):
        print(
            _("The demo school's site: http://%(host)s:%(port)s/   (Ctrl-C ends it)", host=host, port=port), flush=True
        )
        signal.pause() if hasattr(signal, "pause") else input()
    return COMPLETE


def declare_demo(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.set_defaults(run=run_demo)


# ``auditbot doctor``: what is missing, and how to mend it.


_MARKS = {"good": say("ok"), "note": say("note"), "missing": say("missing")}


def run_doctor(options: argparse.Namespace) -> int:
    """Look at the workspace, the sites or what is kept, and print a line for each thing as soon as it was looked at."""
    if options.get_browser:
        print(_("Browser: %(version)s", version=get_browser()))
        return COMPLETE
    workspace = workspace_of(options)
    if options.faces:
        with ProgressBars(Console(stderr=True)) as progress:
            told = try_faces(workspace, progress)
        print(*told, sep="\n")
        return COMPLETE
    if options.integrity:
        load_settings(workspace)  # or a folder that is no workspace would be called whole
        return _told(check_integrity(workspace))
    if options.online:
        with local_hosts(load_settings(workspace)) as hosts:
            return _told(check_online(workspace, hosts, lambda doing: print(doing, file=sys.stderr, flush=True)))
    return _told(examine_workspace(workspace, Spoken()))


def _told(checks: Iterator[Check]) -> int:
    """Print each line when it is known, and at the end what comes first; return the exit code."""
    told: list[Check] = []
    for check in checks:
        print(f"{_MARKS[check.standing]!s:<8}{check.name}: {check.message}", flush=True)
        told.append(check)
    first = next((check for standing in ("missing", "note") for check in told if check.standing == standing), None)
    if first:
        print("\n" + _("First of all: %(name)s. %(what)s", name=first.name, what=first.message))
    return WRONG_USE if any(check.standing == "missing" for check in told) else COMPLETE


def declare_doctor(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--get-browser", action="store_true", help="install a browser if there is none")
    which.add_argument(
        "--faces", action="store_true", help="say how sure face matching is with the school's own photos"
    )
    which.add_argument(
        "--online", action="store_true", help="visit each account once, and show three posts as they are read"
    )
    which.add_argument("--integrity", action="store_true", help="say whether all that is kept is as it was written")
    parser.set_defaults(run=run_doctor)


# ``auditbot import-archive``: a platform's own download becomes posts of an account.

_READ = say("Posts read")


def run_import_archive(options: argparse.Namespace) -> int:
    """Import a download, or only say what is in it."""
    workspace = workspace_of(options)
    settings = load_settings(workspace)
    accounts = {account.name: account for account in read_accounts(workspace.config / "accounts.toml")}
    account = accounts.get(options.account)
    if account is None:
        raise UnknownAccount(options.account, list(accounts))
    with ProgressBars(Console(stderr=True)) as progress:
        progress.start(str(_READ), None)
        if options.dry_run:
            done = import_archive(options.file, account, settings, None, lambda: progress.advance(str(_READ)))
        else:
            with one_at_a_time(workspace), Store(workspace.data / "auditbot.db") as store:
                into = store, Spool(private_folder(workspace.data / "spool"))
                done = import_archive(options.file, account, settings, into, lambda: progress.advance(str(_READ)))
        progress.finish(str(_READ))
    print(_summary(done, account.name, bool(options.dry_run)))
    return COMPLETE


def _summary(done: Imported, account: str, dry_run: bool) -> str:
    lines = [
        _(
            "A download from %(platform)s, made on %(day)s, %(time)s.",
            platform=done.platform,
            day=done.as_of.date(),
            time=format(done.as_of, "%H:%M"),
        )
    ]
    known = _(", %(known)s of them known from visits or later downloads", known=done.known) if done.known else ""
    lines.append(_("Posts: %(posts)s%(known)s. Photos: %(photos)s.", posts=done.posts, known=known, photos=done.photos))
    if done.no_longer_there:
        lines.append(
            _(
                "Posts of earlier downloads that are not in this one: %(no_longer_there)s.",
                no_longer_there=done.no_longer_there,
            )
        )
    if done.left_out:
        lines.append(_("Left out:"))
        lines += [f"  {count:>5} {found.what}: {found.reason}" for found, count in done.left_out]
    if dry_run:
        lines.append(
            _(
                "Nothing was kept: this was a trial. Run it without --dry-run to import it for %(account)s.",
                account=repr(account),
            )
        )
    else:
        lines.append(_("Now look at the posts with: auditbot audit"))
    return "\n".join(lines)


def declare_import_archive(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("file", type=Path, nargs="+", help="zip file, folder or export; all parts of one download")
    parser.add_argument("--account", required=True, help="the account, as named in config/accounts.toml")
    parser.add_argument("--dry-run", action="store_true", help="only say what is in it")
    parser.set_defaults(run=run_import_archive)


# ``auditbot init``: make a workspace for a school.


def run_init(options: argparse.Namespace) -> int:
    """Make the workspace, asking for what was not given."""
    folder = Path(options.folder)
    if options.demo:
        for name in ("school", "website", "domain", "account"):
            if getattr(options, name):
                raise OptionWithoutUse(f"--{name}", say("--demo copies the made-up school as it is"))
        make_demo_workspace(folder)
    else:
        by_hand = not (options.school and options.website)
        school = options.school or _ask(_("The school's name: "))
        website = options.website or _ask(_("Address of its website (https://...): "))
        domains = options.domain or (_ask_all(_("Further domain of the school's own web or e-mail")) if by_hand else [])
        more = options.account or (_ask_all(_("Address of another account of the school")) if by_hand else [])
        make_workspace(folder, school, website, domains=domains, more=more)
        print(_("Read first: %(path)s", path=folder / "checklist.md"))
    print(_("Workspace made in %(folder)s. Next: auditbot --workspace %(folder)s doctor", folder=folder))
    return COMPLETE


def _ask_all(question: str) -> list[str]:
    answers: list[str] = []
    with contextlib.suppress(EOFError):  # nobody there: no more
        while answer := input(_("%(question)s (Enter: no more): ", question=question)).strip():
            answers.append(answer)
    return answers


def _ask(question: str) -> str:
    answer = ""
    while not answer.strip():
        try:
            answer = input(question)
        except EOFError as error:
            raise NobodyToAsk("auditbot init FOLDER --school NAME --website https://...") from error
    return answer.strip()


def declare_init(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("folder", metavar="FOLDER")
    parser.add_argument("--school", help="the school's name")
    parser.add_argument("--website", help="address of its website")
    parser.add_argument("--domain", action="append", metavar="DOMAIN", help="a domain of the school's own (repeatable)")
    parser.add_argument(
        "--account", action="append", metavar="URL", help="a further account of the school (repeatable)"
    )
    parser.add_argument("--demo", action="store_true", help="copy the fictional demo school instead")
    parser.set_defaults(run=run_init)
