"""``auditbot review`` and ``auditbot person``: the safeguarding lead's page, and who may sign in to it."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import tempfile
import threading
import webbrowser
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from auditbot.commands.common import COMPLETE, a_number, a_port, workspace_of
from auditbot.errors import AuditbotError, CertificateMissing, NoSuchPerson, PersonNotAdded, PracticeNotServed
from auditbot.machine.environment import take_secrets
from auditbot.sentences import _
from auditbot.settings import Workspace, load_settings

ROLES = ("lead", "deputy", "head", "editor", "data", "it", "governor")
SCOPES = ("counts", "cases", "health")
ONE_TIME_LINK = timedelta(minutes=5)


def run(options: argparse.Namespace) -> int:
    """Serve the page until stopped: on this computer alone, or with --serve to the school's network."""
    if options.demo:
        return _practise(options)
    return _serve(options, workspace_of(options))


def _practise(options: argparse.Namespace) -> int:
    """Open a made-up school in a folder that is removed in the end."""
    from auditbot.review.practice.made_up_school import make_practice  # noqa: PLC0415  only for this

    if options.serve:
        raise PracticeNotServed
    os.environ["AUDITBOT_KEY"] = Fernet.generate_key().decode("ascii")  # no key of this computer is made or used
    take_secrets()
    with tempfile.TemporaryDirectory(prefix="auditbot-practice-", ignore_cleanup_errors=True) as place:
        workspace = make_practice(Path(place) / "school")
        print(_("A made-up school: decide as you like, nothing of it is kept."))
        return _serve(options, workspace)


def _serve(options: argparse.Namespace, workspace: Workspace) -> int:
    from auditbot.review.site.app import application, set_up  # noqa: PLC0415  Django is loaded for the page alone
    from auditbot.review.site.serve import server  # noqa: PLC0415

    settings = load_settings(workspace).review
    host, _colon, port = settings.listen.rpartition(":") if options.serve else ("127.0.0.1", ":", str(options.port))
    certificate = Path(settings.certificate) if options.serve and settings.certificate else None
    key = Path(settings.certificate_key) if settings.certificate_key else None
    if options.serve and certificate is None and not settings.trusted_proxy:
        raise CertificateMissing
    names = tuple(settings.names) if options.serve else ()
    set_up(
        workspace,
        hosts=(*names, "127.0.0.1", "localhost") if not options.serve else names,
        origins=tuple(f"https://{name}" for name in names) + tuple(f"https://{name}:{port}" for name in names),
        secure=options.serve,
        proxy=settings.trusted_proxy if options.serve else "",
    )
    made = server(application(), host, int(port), certificate, key)
    try:
        made.prepare()
        threading.Thread(target=_read_beforehand, daemon=True).start()
        if not options.serve:
            address = f"http://127.0.0.1:{made.bind_addr[1]}/open/{_one_time_code()}"
            print(
                _(
                    "The page is open on this computer: %(address)s\nThe address works once. Ctrl-C ends the page.",
                    address=address,
                ),
                flush=True,
            )
            if not options.no_browser:
                webbrowser.open(address)
        else:
            from auditbot.review.asking.outbox import MailSender  # noqa: PLC0415

            MailSender(f"https://{names[0] if names else host}:{port}/").start()
            print(
                _("The page is served at https://%(name)s:%(port)s/", name=names[0] if names else host, port=port),
                flush=True,
            )
        made.serve()
    finally:
        made.stop()  # whatever came after its threads were begun: the program would wait for them without end
    return COMPLETE


def _read_beforehand() -> None:
    """Put together what pages show, so that the first person of the day does not wait for it."""
    from auditbot.review.casebook.served_workspace import served_workspace  # noqa: PLC0415

    with contextlib.suppress(AuditbotError):  # told on the page, to whoever opens it
        served_workspace().view()


def _one_time_code() -> str:
    """Return a code that signs in whoever uses this computer, as its lead."""
    from auditbot.review.people.manage import MOST_LETTERS, add_person, may_sign_in_as  # noqa: PLC0415
    from auditbot.review.people.models import Person, new_slip  # noqa: PLC0415

    handle = "".join(letter for letter in _user().lower() if letter.isascii() and letter.isalnum()) or "lead"
    handle = handle if may_sign_in_as(handle) else f"lead.{handle}"[:MOST_LETTERS]
    person = Person.objects.filter(handle__iexact=handle).first()
    if person is None:
        person, _problem = add_person(handle, _("Safeguarding lead"), "lead")
    assert person is not None
    return new_slip(person, ONE_TIME_LINK, of_this_computer=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a system that knows no name for it
        return "lead"


def add_someone(options: argparse.Namespace) -> int:
    """Add a person and print the slip."""
    _set_up(options)
    from auditbot.review.people.manage import add_person  # noqa: PLC0415

    person, problem = add_person(
        options.name, options.called or options.name, options.role, options.email, ",".join(options.account or ())
    )
    if person is None:
        raise PersonNotAdded(problem)
    _print_slip(options, person)
    return COMPLETE


def new_slip_for(options: argparse.Namespace) -> int:
    """Print a new slip for a person, who then chooses anew how to sign in."""
    person = _person(options)
    from auditbot.review.people.manage import start_afresh  # noqa: PLC0415

    start_afresh(person)
    _print_slip(options, person)
    return COMPLETE


def _print_slip(options: argparse.Namespace, person: Any) -> None:
    from auditbot.review.people.models import SLIP_HOURS, new_slip  # noqa: PLC0415

    settings = load_settings(workspace_of(options)).review
    where = settings.names[0] if settings.names else _("(the page’s address)")
    port = settings.listen.rpartition(":")[2]
    address = f"https://{where}{'' if port == '443' else f':{port}'}/slip"
    print("----------------------------------------------------------")
    print(_("Social media audit: your way in"))
    print(_("For: %(called)s (signs in as %(handle)s)", called=person.called, handle=person.handle))
    print(_("1. Open %(address)s", address=address))
    print(_("2. Enter the code %(code)s", code=new_slip(person)))
    print(_("3. Choose how you want to sign in from then on."))
    print(_("The code works once, within %(hours)s hours. Please destroy this slip afterwards.", hours=SLIP_HOURS))
    print("----------------------------------------------------------")


def lock(options: argparse.Namespace) -> int:
    """Let a person in no more, and end their sessions."""
    person = _person(options)
    from auditbot.review.people.manage import lock_person, remove_person, unlock_person  # noqa: PLC0415

    done = {"lock": lock_person, "unlock": unlock_person, "remove": remove_person}
    done[options.action](person)
    said = {"lock": _("Locked"), "unlock": _("Let in again"), "remove": _("Removed")}
    print(f"{said[options.action]}: {options.name}")
    return COMPLETE


def list_people(options: argparse.Namespace) -> int:
    """Print everybody who may sign in."""
    _set_up(options)
    from auditbot.review.people.models import Person  # noqa: PLC0415

    locked = _("locked")
    for person in Person.objects.order_by("role", "handle"):
        print(f"{person.handle:24} {person.role:9} {locked if person.locked else ''}")
    return COMPLETE


def make_key(options: argparse.Namespace) -> int:
    """Make a key of another program and print it, this once."""
    _set_up(options)
    from auditbot.review.people.manage import new_token  # noqa: PLC0415

    days = min(max(options.days, 1), 730)
    text = new_token(options.name, options.scope, _user(), timedelta(days=days))
    print(
        _(
            "Key of %(name)s, for %(scope)s, %(days)s days:\n%(text)s",
            name=options.name,
            scope=", ".join(options.scope),
            days=days,
            text=text,
        )
    )
    print(_("It is shown now and never again. The program sends it as: Authorization: Bearer KEY"))
    return COMPLETE


def drop_key(options: argparse.Namespace) -> int:
    """End a key."""
    _set_up(options)
    from auditbot.review.people.manage import end_token  # noqa: PLC0415

    if not end_token(options.name):
        raise NoSuchPerson(options.name)
    print(_("Ended: the key of %(name)s", name=options.name))
    return COMPLETE


def _person(options: argparse.Namespace) -> Any:
    _set_up(options)
    from auditbot.review.people.manage import find_person  # noqa: PLC0415

    person = find_person(options.name)
    if person is None:
        raise NoSuchPerson(options.name)
    return person


def _set_up(options: argparse.Namespace) -> None:
    from auditbot.review.site.app import set_up  # noqa: PLC0415

    set_up(workspace_of(options))


def declare_review(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("--serve", action="store_true", help="serve it to the school's network, as [review] says")
    parser.add_argument("--port", type=a_port, default=0, help="port on this computer (default: any free one)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument("--demo", action="store_true", help="open a made-up school to practise with; nothing is kept")
    parser.set_defaults(run=run)


def declare_person(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    actions = parser.add_subparsers(required=True, metavar="ACTION", dest="action")
    new = actions.add_parser("add", help="add somebody, and print the slip for the first sign-in")
    new.add_argument("name", metavar="NAME", help="what the person signs in as, for example dsl or head.office")
    new.add_argument("--role", required=True, choices=ROLES)
    new.add_argument("--called", default="", help="how the person is shown: a role or initials, not a whole name")
    new.add_argument("--email", default="", help="the person's e-mail address at the school")
    new.add_argument("--account", action="append", help="an account that an editor looks after (repeatable)")
    new.set_defaults(run=add_someone)
    slip = actions.add_parser("slip", help="print a new slip; earlier ways to sign in end")
    slip.add_argument("name", metavar="NAME")
    slip.set_defaults(run=new_slip_for)
    for action, does in (
        ("lock", "let somebody in no more, and end their sessions"),
        ("unlock", "let somebody in again"),
        ("remove", "remove somebody; what they decided stays"),
    ):
        one = actions.add_parser(action, help=does)
        one.add_argument("name", metavar="NAME")
        one.set_defaults(run=lock)
    actions.add_parser("list", help="list everybody").set_defaults(run=list_people)
    key = actions.add_parser("key", help="make a key with which another program of the school reads /api/v1")
    key.add_argument("name", metavar="NAME", help="what the program is called")
    key.add_argument("--scope", action="append", required=True, choices=SCOPES, help="what it may read (repeatable)")
    key.add_argument("--days", type=a_number, default=365, help="after how many days it ends (default: 365)")
    key.set_defaults(run=make_key)
    end = actions.add_parser("end-key", help="end a key at once")
    end.add_argument("name", metavar="NAME")
    end.set_defaults(run=drop_key)
